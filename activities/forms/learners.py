"""How many learners took part."""

from typing import Any

from django.forms.boundfield import BoundField

from activities.codes import code_list
from activities.formats import Format
from activities.record import PHYSICIAN

from .fields import Number
from .section import Section

OTHER = "other"


class Learners(Section):
    """Physicians and others; the others by profession where the provider knows."""

    name, heading = ("learners", "Learners")
    lead = "How many took part, whether or not credit was reported for each. 0 is an answer."
    owns = ("counts",)

    def shown(self) -> dict[str, Any]:
        return {_field(category): number for category, number in self.kept.counts.items()}

    def prepare(self) -> None:
        for category, label in code_list("participant").choices():
            self.fields[_field(category)] = Number(label, "count_unreadable", asked=True, places=0, digits=12)
        if self.kept.format == Format.SERIES:
            self.fields[
                _field(PHYSICIAN)
            ].help_text = "In a series somebody counts once for each session attended."

    @property
    def physicians(self) -> BoundField:
        return self[_field(PHYSICIAN)]

    @property
    def others(self) -> BoundField:
        return self[_field(OTHER)]

    @property
    def professions(self) -> list[BoundField]:
        """The others by profession."""
        apart = (_field(PHYSICIAN), _field(OTHER))
        return [self[name] for name in self.fields if name not in apart]

    @property
    def by_profession(self) -> bool:
        return any(field.value() not in (None, "") or field.errors for field in self.professions)

    def said(self) -> dict[str, Any]:
        numbers = (
            (one.code, self.cleaned_data.get(_field(one.code))) for one in code_list("participant").codes
        )
        return {"counts": {category: int(number) for category, number in numbers if number is not None}}

    def place(self, path: str) -> BoundField | None:
        name = _field(path.partition(".")[2])
        return self[name if name in self.fields else _field(PHYSICIAN)]


def _field(category: str) -> str:
    return f"counts_{category.replace(' ', '_')}"

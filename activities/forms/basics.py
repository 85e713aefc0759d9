"""What it is, when, how it reaches its learners and where."""

from typing import Any

from django import forms

from activities.codes import code_list
from activities.formats import Delivery, Format
from activities.places import USA

from .fields import Code, Codes, Day, Text, chooser
from .section import Section


class Methods(forms.CheckboxSelectMultiple):
    """Delivery methods. A script hides those that do not fit the format; the rules say so in any case."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        fitting = [one.code for one in code_list("format").codes if str(value) in one.several("delivery")]
        option["attrs"] |= {"data-when": "format", "data-is": "|".join(["", *fitting])}
        return option


class Basics(Section):
    """The section that a draft is born from."""

    name, heading = ("basics", "Basics")
    lead = (
        "Title, format and dates make a draft. Enter activities as you plan them: all of it can still change."
    )
    owns = (
        "title", "format", "start_on", "end_on", "reviewed_on", "delivery", "city", "state", "country",
        "provider_activity_id",
    )  # fmt: skip

    title = Text("Title", asked=True, help_text="As participants, physicians and boards will read it.")
    format = Code("Format", asked=True, choices=chooser("Choose a format", Format.choices))
    start_on = Day("First day", asked=True)
    end_on = Day("Last day", asked=True, help_text="A live course of one day: leave it empty.")
    reviewed_on = Day(
        "Last review", help_text="If the material was reviewed and renewed since the first day."
    )
    delivery = Codes(
        "Delivery",
        asked=True,
        choices=Delivery.choices,
        widget=Methods,
        help_text="How it reaches its learners. Choose all that apply.",
    )
    city = Text("City", asked=True)
    country = Code(
        "Country",
        asked=True,
        choices=chooser("Choose a country", code_list("country").choices()),
        widget=forms.Select(attrs={"data-combo": ""}),
    )
    state = Code(
        "State or territory", asked=True, choices=chooser("Choose a state", code_list("state").choices())
    )
    province = Text("Province or region", help_text="Outside the United States, if you like.")
    provider_activity_id = Text(
        "Your own ID", help_text="Its ID in your own system. Each of your activities needs a different one."
    )

    def shown(self) -> dict[str, Any]:
        at_home = self.kept.country in (USA, "")
        return {name: getattr(self.kept, name) for name in self.owns} | {
            "state": self.kept.state if at_home else "",
            "province": "" if at_home else self.kept.state,
        }

    def prepare(self) -> None:
        delivery = self.fields["delivery"]
        assert isinstance(delivery, Codes)
        delivery.offer(Delivery.choices, self.kept.delivery)

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("state") and said.get("country") not in (USA, "", None):
            self.add_error(
                "state", "States are for the United States. For another country write the province instead."
            )
        return said

    def said(self) -> dict[str, Any]:
        """With the usual answers where none was given: a live course lasts a day, a state lies in the United States."""
        said = super().said()
        if said["end_on"] is None and said["format"] == Format.LIVE and "end_on" not in self.errors:
            said["end_on"] = said["start_on"]
        if said["state"] and not said["country"]:
            said["country"] = USA
        if said["country"] not in (USA, ""):
            said["state"] = self.cleaned_data.get("province", "")
        placeless = Delivery.IN_PERSON not in said["delivery"]
        if placeless and not said["city"] and not said["state"]:
            said["country"] = ""
        return said

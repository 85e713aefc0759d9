"""Who provides it, and who paid for it."""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from activities.record import Support as Supported
from activities.rules.listing import DIRECT, JOINT, MOST_PARTNERS
from activities.rules.money import MOST_SUPPORTERS
from pars.web.rows import Rows, rows_as_typed

from .credit import YES_NO, said_yes, shown_yes
from .fields import Code, Number, Text
from .section import Section


class Partner(forms.Form):
    """An organization that is not accredited and planned the activity, too."""

    name = Text("Name of the partner", asked=True)


class Supporter(forms.Form):
    """What one commercial supporter gave."""

    source = Text("Supporter", asked=True)
    amount = Number("US dollars", "support_amount", asked=True, places=0, digits=12)
    in_kind = forms.BooleanField(label="In kind", required=False)


class Support(Section):
    """Providership with its partners, commercial support with its sources."""

    name, heading = ("support", "Providership and support")
    lead = "Only you and the accreditor see amounts and supporters."
    owns = ("providership", "joint_providers", "commercial_support", "support")

    providership = Code(
        "Who provides it?",
        asked=True,
        choices=[
            (DIRECT, "Direct: you plan, carry out and evaluate it yourselves"),
            (JOINT, "Joint: together with an organization that is not accredited"),
        ],
        widget=forms.RadioSelect,
    )
    commercial_support = Code(
        "Was there commercial support?",
        asked=True,
        choices=YES_NO,
        widget=forms.RadioSelect,
        help_text="Money or things from companies whose products patients use. Advertising and exhibits are none.",
    )

    def shown(self) -> dict[str, Any]:
        return super().shown() | {"commercial_support": shown_yes(self.kept.commercial_support)}

    def lay_out(self) -> None:
        partners = [{"name": name} for name in self.kept.joint_providers]
        supporters = [vars(one) for one in self.kept.support]
        for name, form, initial, most in (
            ("joint_providers", Partner, partners, MOST_PARTNERS),
            ("support", Supporter, supporters, MOST_SUPPORTERS),
        ):
            typed = initial if self.echo is None else rows_as_typed(form, name, self.echo)
            data = self.data if self.is_bound else None
            self.rows[name] = Rows(form, name, most=most, data=data, initial=typed)

    def place(self, path: str) -> BoundField | None:
        return self["commercial_support"] if path == "support" else super().place(path)

    def said(self) -> dict[str, Any]:
        return super().said() | {
            "commercial_support": said_yes(self.cleaned_data.get("commercial_support", "")),
            "joint_providers": tuple(
                row.cleaned_data.get("name", "") for row in self.rows["joint_providers"].filled
            ),
            "support": tuple(
                Supported(
                    row.cleaned_data.get("source", ""),
                    row.cleaned_data.get("amount"),
                    row.cleaned_data.get("in_kind", False),
                )
                for row in self.rows["support"].filled
            ),
        }

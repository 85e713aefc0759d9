"""How much credit it gives."""

from typing import Any

from django import forms

from activities.codes import code_list
from activities.formats import Format
from activities.record import AMA, CreditOffered
from activities.rules.base import MOST_CREDITS
from pars.web.rows import Rows, rows_as_typed

from .fields import Code, Number, chooser
from .section import Section

YES, NO = "yes", "no"
YES_NO = [(YES, "Yes"), (NO, "No")]


def said_yes(answer: str) -> bool | None:
    """What a yes/no question was answered; None where it was not."""
    return {YES: True, NO: False}.get(answer)


def shown_yes(value: bool | None) -> str:
    return "" if value is None else YES if value else NO


class OtherCredit(forms.Form):
    """Credit of another category."""

    category = Code(
        "Category",
        asked=True,
        choices=chooser("Choose", [c for c in code_list("credit_category").choices() if c[0] != AMA]),
    )
    amount = Number("Number", "credits_unreadable", asked=True)


class Credit(Section):
    """AMA PRA Category 1 Credits; for a series those of one session, for the jointly accredited other categories."""

    name, heading = ("credit", "Credit")
    lead = "What the activity is designated for, at most."
    owns = ("credits", "credits_per_session", "other_credits", "interprofessional")

    credits = Number(
        "AMA PRA Category 1 Credits™", "credits_unreadable", asked=True, help_text="In steps of 0.25."
    )
    credits_per_session = Number(
        "Credits for one session", "credits_unreadable", help_text="What a learner earns each time, at most."
    )
    interprofessional = Code(
        "Is it interprofessional continuing education?", choices=YES_NO, widget=forms.RadioSelect
    )

    def shown(self) -> dict[str, Any]:
        return super().shown() | {"interprofessional": shown_yes(self.kept.interprofessional)}

    def prepare(self) -> None:
        if self.kept.format == Format.SERIES:
            self.fields[
                "credits"
            ].help_text = "For the whole series, in steps of 0.25: the sessions’ credits added up."
        elif not self.kept.credits_per_session:
            del self.fields["credits_per_session"]
        kept = self.kept
        self.jointly = (
            self.setting.jointly_accredited or bool(kept.other_credits) or kept.interprofessional is not None
        )
        if not self.jointly:
            del self.fields["interprofessional"]

    def lay_out(self) -> None:
        if not self.jointly:
            return
        initial = [{"category": one.category, "amount": one.amount} for one in self.kept.other_credits]
        if self.echo is not None:
            initial = rows_as_typed(OtherCredit, "other_credits", self.echo)
        self.rows["other_credits"] = Rows(
            OtherCredit,
            "other_credits",
            most=MOST_CREDITS,
            data=self.data if self.is_bound else None,
            initial=initial,
        )

    def said(self) -> dict[str, Any]:
        said = super().said()
        if self.jointly:
            said["interprofessional"] = said_yes(self.cleaned_data.get("interprofessional", ""))
            said["other_credits"] = tuple(
                CreditOffered(row.cleaned_data.get("category", ""), row.cleaned_data.get("amount"))
                for row in self.rows["other_credits"].filled
            )
        return said

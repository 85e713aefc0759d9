"""The one-credit form and what belongs to it. Shape only: values are checked as a file's row is."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.functional import cached_property

from activities.codes import code_list
from activities.models import Activity, BoardRegistration
from pars.access.models import Consent
from pars.batches.report import Finding
from pars.web.numbers import trimmed

from . import moc, rems
from .actions import Reason
from .models import Credit, Hold
from .quarters import is_nothing
from .sentences import SENTENCES
from .states import STATES

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip

NPI_HINT = (
    "The license number finds the right physician more surely. An NPI works too, but gives more errors. "
    "Leave it empty if you have neither."
)

PERSON = ("first_name", "last_name", "birthday", "state", "number")
_BOARDS = code_list("certifying_board")
POINTS = range(1, 4)  # so many types of board credit at once
BOARD_CREDIT = ("board", "member", *(f"points_{part}_{nth}" for nth in POINTS for part in ("type", "amount")))
_FIELD_OF = {"activity": "activity", "completed": "completed_on", "npi": "number", "amount": "amount"} | {
    name: name for name in (*PERSON, *rems.LABELS, "board", "member")
}


def _missing(code: str) -> dict[str, str]:
    return {"required": SENTENCES[code].text}


class MonthDay(forms.MultiWidget):
    """Two lists, month and day. There is none for the year: it is never asked for."""

    use_fieldset = True

    def __init__(self) -> None:
        months = [("", "Month"), *((f"{number:02d}", name) for number, name in enumerate(MONTHS, start=1))]
        days = [("", "Day"), *((f"{day:02d}", str(day)) for day in range(1, 32))]
        super().__init__(
            {
                "month": forms.Select(choices=months, attrs={"aria-label": "Month of birth"}),
                "day": forms.Select(choices=days, attrs={"aria-label": "Day of birth"}),
            }
        )

    def decompress(self, value: str | None) -> list[str]:
        month, _, day = (value or "").partition("/")
        return [month, day]


class MonthDayField(forms.MultiValueField):
    """ "MM/DD", or "" where one of the two is missing."""

    widget = MonthDay

    def __init__(self, **kwargs: Any) -> None:
        parts = (forms.CharField(max_length=2), forms.CharField(max_length=2))
        super().__init__(parts, **kwargs)

    def compress(self, data_list: Sequence[str]) -> str:
        return "/".join(data_list)


class RowForm(forms.Form):
    """What becomes a row, and hears what came of it."""

    def add_findings(self, findings: Iterable[Finding]) -> None:
        """Put what the row came back with beside the fields it is about."""
        for finding in findings:
            field = self.field_of(finding)
            place = field if field in self.fields else None
            if finding.message not in self.errors.get(place or NON_FIELD_ERRORS, ()):
                self.add_error(place, finding.message)

    def field_of(self, finding: Finding) -> str | None:
        return _FIELD_OF.get(finding.key)


class PersonForm(RowForm):
    """A learner, in the provider's words."""

    first_name = forms.CharField(label="First name", max_length=100, error_messages=_missing("name_missing"))
    last_name = forms.CharField(
        label="Last name",
        max_length=100,
        help_text="As it stands on the license.",
        error_messages=_missing("name_missing"),
    )
    birthday = MonthDayField(
        label="Month and day of birth",
        help_text="Never the year.",
        error_messages={"required": "Choose the month and the day of birth."},
    )
    state = forms.ChoiceField(
        label="Licensing state",
        choices=[("", "Choose a state"), *STATES.items()],
        error_messages=_missing("state_missing"),
    )
    number = forms.CharField(label="License number or NPI", max_length=40, required=False, help_text=NPI_HINT)

    def cells(self) -> dict[str, str]:
        """The row of a file that says the same, by column key."""
        return {name: self.cleaned_data[name] for name in PERSON}


def offer(chosen: forms.Field, activities: Iterable[Activity]) -> None:
    """Let one of the activities be chosen."""
    assert isinstance(chosen, forms.ChoiceField)
    chosen.choices = [
        ("", "Choose an activity"),
        *((one.activity_id, f"{one.title} ({one.activity_id})") for one in activities),
    ]


class CreditForm(PersonForm):
    """One credit. `activities` are those it may be reported for."""

    activity = forms.ChoiceField(label="Activity", error_messages={"required": "Choose the activity."})
    completed_on = forms.DateField(
        label="Completion date",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="The day the learner finished.",
        error_messages=_missing("date_missing") | {"invalid": SENTENCES["date_unreadable"].text},
    )
    amount = forms.CharField(
        label="Credits",
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "usa-input--short"}),
        help_text="What the learner earned of it, in steps of 0.25.",
        error_messages=_missing("amount_missing"),
    )
    consent = forms.ChoiceField(
        label="How did the learner consent to this report?",
        choices=Consent.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": "Say how the learner consented. Without consent a credit is not reported."
        },
    )

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, activities: Iterable[Activity], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        offered = list(activities)
        offer(self.fields["activity"], offered)
        # IDs of those that belong to a REMS, as templates/components/when.html takes them.
        self.of_rems = "|".join(one.activity_id for one in offered if one.rems_type)
        if self.of_rems:
            self.fields.update(_rems_fields())
        # The same of those that count for a certifying board.
        registered = list(BoardRegistration.objects.filter(activity__in=offered).select_related("activity"))
        self.of_boards = "|".join(sorted({one.activity.activity_id for one in registered}))
        if self.of_boards:
            self.fields.update(_board_fields(registered))
            if self.data.get("board") and is_nothing(self.data.get("amount", "")):
                # Board credit alone. A row that needs a state all the same says so itself.
                self.fields["amount"].required = self.fields["state"].required = False

    def asked_for_rems(self) -> list[forms.BoundField]:
        return [self[key] for key in rems.LABELS if key in self.fields]

    def asked_for_boards(self) -> list[forms.BoundField]:
        return [self["board"], self["member"]]

    def asked_for_points(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"points_type_{nth}"], self[f"points_amount_{nth}"]) for nth in POINTS]

    def cells(self) -> dict[str, str]:
        said = {
            "activity": self.cleaned_data["activity"],
            "completed": self.cleaned_data["completed_on"].isoformat(),
            "amount": self.cleaned_data["amount"],
        }
        told = (*rems.LABELS, "board", "member")
        return super().cells() | said | {key: text for key in told if (text := self.cleaned_data.get(key))}

    def rows(self) -> list[dict[str, str]]:
        """The rows that say it: a row has one type of board credit, so more types are rows of that alone."""
        first = self.cells()
        pairs = self._pairs()
        rows = [first | pair for pair in pairs[:1]] or [first]
        return rows + [first | {"amount": ""} | pair for pair in pairs[1:]]

    def field_of(self, finding: Finding) -> str | None:
        if finding.key in ("points_type", "points_amount"):
            return f"{finding.key}_{self._filled[finding.row - 1] if self._filled else POINTS[0]}"
        return super().field_of(finding)

    def _pairs(self) -> list[dict[str, str]]:
        said = self.cleaned_data
        return [
            {"points_type": said[f"points_type_{nth}"], "points_amount": said[f"points_amount_{nth}"]}
            for nth in self._filled
        ]

    @cached_property
    def _filled(self) -> list[int]:
        said = self.cleaned_data
        return [nth for nth in POINTS if said.get(f"points_type_{nth}") or said.get(f"points_amount_{nth}")]


def _board_fields(registered: Sequence[BoardRegistration]) -> dict[str, forms.Field]:
    """What a certifying board is told, for the boards and types that these registrations are for."""
    types: dict[str, list[str]] = {}
    for one in registered:
        types.setdefault(one.board, []).extend(one.credit_types)
    names = {board: _BOARDS.label(board) for board in sorted(types)}
    grouped = [
        (names[board], [(each, each) for each in sorted(set(types[board]))])
        for board in names
        if types[board]
    ]
    fields: dict[str, forms.Field] = {
        "board": forms.ChoiceField(
            label="Certifying board", required=False, choices=[("", "None"), *names.items()]
        ),
        "member": forms.CharField(
            label="Learner’s number with the board",
            required=False,
            max_length=moc.LONGEST_NUMBER,
            help_text="For board credit alone it stands for the license number.",
            widget=forms.TextInput(attrs={"class": "usa-input--short"}),
        ),
    }
    for nth, which in zip(POINTS, ("first", "second", "third"), strict=True):
        fields[f"points_type_{nth}"] = forms.ChoiceField(
            label=f"{which.title()} type of board credit", required=False, choices=[("", "None"), *grouped]
        )
        fields[f"points_amount_{nth}"] = forms.CharField(
            label=f"Points of the {which} type",
            required=False,
            max_length=12,
            widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "usa-input--short"}),
        )
    return fields


def _rems_fields() -> dict[str, forms.Field]:
    """What a REMS asks of a learner, as the cells of a row take it."""
    hints = {
        "local_id": "Your own number or name for the learner. A REMS needs it; boards do not see it.",
        "local_domain": "Like idd:northlake:employee, if you use one.",
        "surgical": "Does the learner perform any?",
    }
    choices: dict[str, list[tuple[str, str]]] = {
        **{key: codes.choices() for key, codes in rems.LISTS.items()},
        "practice_state": list(STATES.items()),
        "surgical": [("Yes", "Yes"), ("No", "No")],
        "regulation": [(rems.REGULATION, rems.REGULATION)],
    }
    return {
        key: forms.ChoiceField(
            label=label,
            required=False,
            choices=[("", "Not given"), *choices[key]],
            help_text=hints.get(key, ""),
        )
        if key in choices
        else forms.CharField(
            label=label, required=False, max_length=rems.LONGEST, help_text=hints.get(key, "")
        )
        for key, label in rems.LABELS.items()
    }


class ManyLearnersForm(forms.Form):
    """What is the same for the learners of one activity: a row may name another day or amount."""

    activity = CreditForm.base_fields["activity"]
    completed = forms.DateField(
        label="Completion date",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="For the rows that name none of their own.",
        error_messages={"invalid": SENTENCES["date_unreadable"].text},
    )
    amount = forms.CharField(
        label="Credits",
        max_length=12,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "usa-input--short"}),
        help_text="For the rows that name none of their own.",
    )
    consent = CreditForm.base_fields["consent"]

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, activities: Iterable[Activity], **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)
        offer(self.fields["activity"], activities)

    def cells(self) -> dict[str, str]:
        """What a row says where it says nothing itself, by column key."""
        said = self.cleaned_data
        day = said["completed"].isoformat() if said["completed"] else ""
        return {"activity": said["activity"], "completed": day, "amount": said["amount"]}


class ManyActivitiesForm(PersonForm):
    """The learner whose activities the rows name."""

    consent = CreditForm.base_fields["consent"]

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, activities: Iterable[Activity] = (), **kwargs: Any
    ) -> None:
        super().__init__(data, **kwargs)


class CorrectForm(RowForm):
    """The day and the amount a credit should have. Board credit alone needs no amount."""

    completed_on = CreditForm.base_fields["completed_on"]
    amount = CreditForm.base_fields["amount"]

    def __init__(self, data: Mapping[str, Any] | None = None, *, of: Credit) -> None:
        amount = "" if of.is_board_credit else trimmed(of.amount)
        super().__init__(data, initial={"amount": amount, "completed_on": of.completed_on})
        if of.is_board_credit:
            self.fields["amount"].required = False
            self.fields["amount"].help_text = "Leave it empty if the learner earned board credit alone."


class WithdrawForm(forms.Form):
    """Why a credit is taken back."""

    reason = forms.ChoiceField(
        label="Why?",
        choices=Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why the credit is withdrawn."},
    )


class FindLearner(forms.Form):
    """A search by name, which is posted: no name stands in an address."""

    name = forms.CharField(
        label="Learner’s last name",
        max_length=100,
        error_messages={"required": "Enter a last name, or its beginning."},
    )


class HoldForm(forms.Form):
    """What the operator wants kept, and why."""

    ORGANIZATION, ACTIVITY, CREDIT = "organization", "activity", "credit"

    what = forms.ChoiceField(
        label="What is to be kept?",
        choices=[
            (CREDIT, "One credit, by its record number"),
            (ACTIVITY, "An activity and all its credits, by its nine-digit ID"),
            (ORGANIZATION, "Everything of a provider, by its seven-digit ID"),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose what is to be kept."},
    )
    number = forms.RegexField(
        r"^[0-9]{1,18}$",
        label="Its number or ID",
        widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "usa-input--short"}),
        help_text="A credit’s record number stands on its page.",
        error_messages={
            "required": "Enter the number or ID.",
            "invalid": "Enter digits only, such as 300000001.",
        },
    )
    reason = forms.ChoiceField(
        label="Why?",
        choices=Hold.Reason.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why it is to be kept."},
    )
    reference = forms.CharField(
        label="File number",
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"class": "usa-input--short"}),
        help_text="Of whoever asks for it. A number, no name.",
    )

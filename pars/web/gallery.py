"""Example arguments for the component gallery: invented, no data of anyone."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django import forms

from . import charts
from .forms import ChoiceTable, Picker
from .listing import Heading, PageLink
from .rows import Rows

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_CREDITS = (420, 515, 610, 480, 702, 655, 390, 340, 810, 960, 745, 520)


class ExampleForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(label="Title", max_length=250, help_text="As participants see it.")
    kind = forms.ChoiceField(
        label="Format",
        choices=[("", "Choose one"), ("course", "Course"), ("series", "Series")],
    )
    starts = forms.DateField(label="First day", widget=forms.DateInput(attrs={"type": "date"}))
    credits = forms.DecimalField(
        label="Credits", max_digits=6, decimal_places=2, help_text="In quarters: 0.25 …"
    )
    place = forms.ChoiceField(
        label="Where", widget=forms.RadioSelect, choices=[("online", "Online"), ("onsite", "In person")]
    )
    boards = forms.MultipleChoiceField(
        label="Counts for certification",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[("im", "Internal Medicine"), ("peds", "Pediatrics")],
    )
    notes = forms.CharField(label="Notes", required=False, widget=forms.Textarea)
    listed = forms.BooleanField(label="Show this activity in the public finder", required=False)


class ExampleRow(forms.Form):
    """One of several under each other."""

    name = forms.CharField(label="Supporter", required=False)
    amount = forms.CharField(label="US dollars", required=False)


class LongForm(forms.Form):
    """What only long forms need."""

    topics = forms.MultipleChoiceField(
        label="Topics",
        required=False,
        choices=[(word.lower(), word) for word in ("Cardiology", "Dermatology", "Neurology", "Urology")],
        widget=Picker({"cardiology": "heart", "neurology": "brain"}),
        initial=["neurology"],
    )
    outcomes = forms.MultipleChoiceField(
        label="What was measured",
        required=False,
        choices=[
            (what, [(f"{what}-{how}", how) for how in ("Objective", "Subjective")])
            for what in ("Knowledge", "Performance")
        ],
        widget=ChoiceTable,
        initial=["Knowledge-Objective"],
    )


class _Pages:
    """A list of four pages, the second shown."""

    pages, number, capped = 4, 2, False
    previous_url = next_url = "?page=1"
    links = (
        *(PageLink(number, f"?page={number}", number == 2) for number in (1, 2, 3)),
        PageLink(4, "?page=4", False),
    )


class _Search:
    """A list that somebody has searched."""

    path, q, narrowed, carried, count = "/gallery/", "cardio", True, (), 0


def arguments() -> dict[str, Any]:
    points = list(zip(_MONTHS, _CREDITS, strict=True))
    return {
        "crumbs": [("Dashboard", "/"), ("Activities", "/gallery/")],
        "tones": ["neutral", "info", "success", "warning", "error"],
        "empty_form": ExampleForm(prefix="new"),
        "wrong_form": ExampleForm({"wrong-title": "Grand rounds", "wrong-credits": "1.333"}, prefix="wrong"),
        "headings": [
            Heading("Activity", numeric=False, hidden_label=False, url="?sort=-title", direction="ascending"),
            Heading("Ends", numeric=False, hidden_label=False, url="?sort=ends"),
            Heading("Credits", numeric=True, hidden_label=False),
        ],
        "activities": [
            {"title": "Advances in Cardiac Care", "ends": date(2026, 3, 4), "credits": Decimal("6.00")},
            {
                "title": "Opioid Stewardship Grand Rounds",
                "ends": date(2026, 6, 18),
                "credits": Decimal("1.50"),
            },
        ],
        "words": ["Month", "Category 1", "Other"],
        "plain": [["March", 610, 412], ["April", 480, 301]],
        "pages": _Pages,
        "searched": _Search,
        "facts": [
            ("Activity ID", "300000012"),
            ("Format", "Course"),
            ("Dates", "Mar 3 – Mar 4, 2026"),
            ("Place", ""),
        ],
        "tabs": [
            ("Needs a fix", "?tab=fix", True, 6),
            ("Waiting", "?tab=wait", False, 1),
            ("Landed", "?tab=landed", False, 53),
        ],
        "contents": [
            {"heading": "Basics", "url": "#forms", "state": "done"},
            {"heading": "Credit", "url": "#forms", "state": "missing", "missing": 2, "current": True},
            {"heading": "Public listing", "url": "#forms", "state": "empty"},
        ],
        "long_form": LongForm(prefix="long"),
        "rows": Rows(ExampleRow, "supporter", most=5, initial=[{"name": "Acme", "amount": "2500"}]),
        "steps": [("Choose a file", "done"), ("Check the rows", "current"), ("Report", "todo")],
        "at": datetime(2026, 3, 4, 15, 30, tzinfo=UTC),
        "bars": charts.bars("Credits reported, by month", points, unit="credits"),
        "shares": charts.stacked(
            "Rows of this file",
            [("Landed", 53), ("Waiting", 1), ("Needs a fix", 6)],
            unit="rows",
            by="Outcome",
        ),
        "line": charts.sparkline("Credits reported", points, unit="credits"),
        "groups": charts.grouped(
            "Activities without a report, by their due day",
            [
                charts.Group(
                    "Late, by days",
                    2,
                    (("Late by 8 to 30 days", "8–30", 1), ("Late by 1 to 7 days", "1–7", 3)),
                ),
                charts.Group(
                    "Due, in days", 1, (("Due in 0 to 7 days", "0–7", 4), ("Due in 8 to 14 days", "8–14", 2))
                ),
            ],
            unit="activities",
            by="When",
        ),
        "nothing": charts.bars("Credits reported, by month", []),
    }

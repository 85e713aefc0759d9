"""What a batch asks its sender: the form of the answer, and the page that shows the rows which raise the question."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render

from pars.access.doors import ActorRequest

from . import downloads
from .answers import DAY_FIRST, MONTH_FIRST
from .kinds import kind_named
from .models import Batch
from .result import sent

_HOW = {
    "open": "both ways",
    "day_first": "only with the day first",
    "month_first": "only with the month first",
}


class DatesForm(forms.Form):
    """Which comes first, month or day, in the words of one date of the file."""

    order = forms.ChoiceField(
        widget=forms.RadioSelect,
        help_text="Your answer holds for this file. It is not remembered for others.",
        error_messages={"required": "Choose what this date means."},
    )

    def __init__(self, *args: Any, question: dict[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        readings = question["readings"]
        order = self.fields["order"]
        assert isinstance(order, forms.ChoiceField)
        order.label = f"{question['example']} is"
        order.choices = [
            (MONTH_FIRST, f"{readings[MONTH_FIRST]} (the month comes first)"),
            (DAY_FIRST, f"{readings[DAY_FIRST]} (the day comes first)"),
        ]


def question_page(
    request: ActorRequest, batch: Batch, form: DatesForm | None = None, *, status: int = 200
) -> HttpResponse:
    """The question; its form only for whoever may answer."""
    may_answer = request.actor.may(kind_named(batch.kind).permission)
    context = {
        "batch": batch,
        "kind": kind_named(batch.kind),
        "sent": sent(batch),
        "headings": ("Row", "Column", "Value", "Can be read"),
        "rows": [
            (one["row"], one["heading"], one["value"], how)
            for evidence, how in _HOW.items()
            for one in batch.question[evidence]
        ],
        "answer_form": (form or DatesForm(question=batch.question)) if may_answer else None,
        "original": downloads.has_original(batch),
    }
    return render(request, "batches/question.html", context, status=status)

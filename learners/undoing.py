"""Undoing learner credit: what an upload added is withdrawn, what it changed is put back; nothing is destroyed."""

from django.db import connection
from django.urls import reverse

from pars.batches.kinds import Stretch, Undo

from .landing import statement


def _judge(stretch: Stretch) -> None:
    _run("undoable", stretch)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE undoable (row, target)")


def _take_back(stretch: Stretch) -> None:
    _run("undo", stretch)
    _run("points_back", stretch)
    # Only now: a credit that the upload withdrew may stand again where one that it added stood.
    _run("restore", stretch)


def _run(name: str, stretch: Stretch) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement(name), stretch.params())


def _url(credit_id: int) -> str:
    return reverse("credit", args=[credit_id])


UNDO = Undo(judge=_judge, take_back=_take_back, url=_url, noun=("credit", "credits"))

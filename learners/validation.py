"""Learners without credit as a batch kind: whether they will match, before the course is over. Nothing lands."""

from dataclasses import replace
from datetime import date

from pars.access.roles import Permission
from pars.batches.kinds import Checker, Kind
from pars.batches.models import Batch
from pars.batches.readers import Header, Layout

from .check import STAGING, checker
from .columns import HEADINGS, RECORD
from .landing import say_who_matches
from .sentences import PERSON_SENTENCES

PERSON = ("first_name", "last_name", "birthday", "state", "number", "npi")

# A file of credit is read as well: its other columns are of no concern.
LAYOUT = Layout(
    headings={key: HEADINGS[key] for key in PERSON},
    needed=frozenset({"first_name", "last_name", "birthday"}),
    birthday="birthday",
    record=replace(RECORD, fields={key: RECORD.fields[key] for key in PERSON}),
)


def _checker(batch: Batch, header: Header, today: date) -> Checker:
    return checker(header, today=today, consent="", person_only=True)


VALIDATION = Kind(
    name="validation",
    title="Check learners",
    layout=LAYOUT,
    sentences=PERSON_SENTENCES,
    staging=STAGING,
    checker=_checker,
    land=say_who_matches,
    permission=Permission.REPORT,
    template="check-template",
    checks_only=True,
)

"""Lands a chunk of `staged`: each row becomes a Record beside what is on record, and `actions` does the rest.

Unlike learners', an activity's rules are Python (`rules`, the same for every door), so this lands in Python, with a
number of queries that does not grow with the rows.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from activities import actions, rules
from activities.actions.keeping import today_of
from activities.models import Activity
from activities.record import Record, merged
from activities.rules import Problem
from activities.rules.problem import problem
from activities.status import Status
from activities.stored import records_of
from pars.access.actor import Actor
from pars.access.roles import OrganizationKind
from pars.access.scope import acting_as
from pars.batches.findings import Verdict, write_verdicts
from pars.batches.kinds import Found, Landing
from pars.batches.models import Batch, Outcome

from .check import CLOSE, DELETE, PUT, UPDATE_AND_CLOSE
from .columns import BOARDS, COUNT_KEYS, FIELDS, OUTCOMES, PART_FIELDS, SUPPORT, numbered
from .said import record_of
from .sentences import SENTENCES

# The same activity twice in one file is judged side by side, so its rows share a chunk.
GATHER = """
UPDATE activities_stagedactivity s SET chunk = f.chunk
FROM (
    SELECT array_agg(t.row) AS rows, min(t.chunk) AS chunk
    FROM activities_stagedactivity t
    JOIN batches_batch b ON b.id = t.batch_id
    LEFT JOIN activities_activity i ON i.activity_id = t.activity_id AND i.organization_id = b.organization_id
    LEFT JOIN activities_activity o ON t.activity_id = '' AND o.organization_id = b.organization_id
        AND o.provider_activity_id = t.own_id AND o.provider_activity_id <> ''
    WHERE t.batch_id = %(batch)s AND (t.activity_id <> '' OR t.own_id <> '')
    GROUP BY coalesce(i.activity_id, o.activity_id, nullif(t.activity_id, ''), t.own_id)
    HAVING min(t.chunk) <> max(t.chunk)
) f
WHERE s.batch_id = %(batch)s AND s.row = ANY (f.rows) AND s.chunk <> f.chunk
"""

_STAGED = "SELECT row, action, activity_id, own_id, whole, said, places FROM staged ORDER BY row"
_COLUMNS = {field_name: key for key, field_name in FIELDS.items()}
_BOARD_PARTS, _SUPPORT_PARTS = (
    {PART_FIELDS.get(part, part): part for part in parts} for parts in (BOARDS, SUPPORT)
)
_Places = Mapping[str, Sequence[int | None]]  # "support", "registrations" → the number of each one's columns
_OUTCOME_KEYS = {code: key for key, code in OUTCOMES.items()}


@dataclass
class _Row:
    """A staged row, and what becomes of it."""

    number: int
    action: str
    activity_id: str
    own_id: str
    whole: bool
    said: Mapping[str, Any]
    places: _Places
    target: Activity | None = None
    record: Record = field(default_factory=Record)
    outcome: Outcome = Outcome.FAILED
    found: list[Found] = field(default_factory=list)

    @property
    def closes(self) -> bool:
        return self.action in (CLOSE, UPDATE_AND_CLOSE)

    def wrong(self, problems: Iterable[Problem], record: Record) -> None:
        """The row does not land; each column is named once."""
        self.outcome = Outcome.FAILED
        for one in problems:
            column = _column_of(one.field, record, self.places)
            if column not in {found.column for found in self.found}:
                self.found.append(Found(self.number, column, one.value, one.code, dict(one.params)))


def land(landing: Landing) -> None:
    """Do what the rows of `staged` say; with `landing.land` False only say what would become of them."""
    with connection.cursor() as cursor:
        cursor.execute(_STAGED)
        # A raw cursor of Django's gives jsonb as text.
        rows = [
            _Row(number, action, activity_id, own_id, whole, json.loads(said), json.loads(places))
            for number, action, activity_id, own_id, whole, said, places in cursor.fetchall()
        ]
    uploader = Batch.objects.values_list("uploaded_by_id", flat=True).get(pk=landing.batch_id)
    # Matching writes credits; activities are the provider's own to write.
    provider = Actor.organization(landing.organization_id, OrganizationKind.PROVIDER, user_id=uploader)
    with acting_as(provider):
        _Act(rows, provider, landing).run()
        if not landing.land:
            transaction.set_rollback(True)
    write_verdicts(landing, SENTENCES, [_verdict(row, landing) for row in rows])


def _verdict(row: _Row, landing: Landing) -> Verdict:
    outcome = row.outcome
    if not landing.land and outcome not in (Outcome.FAILED, Outcome.UNCHANGED):
        outcome = Outcome.READY
    target = row.target.pk if row.target and landing.land and outcome != Outcome.WITHDRAWN else None
    return Verdict(row.number, outcome, target, row.found)


class _Act:
    """One chunk: finds what each row means, then does it with one call of each verb."""

    def __init__(self, rows: Sequence[_Row], by: Actor, landing: Landing) -> None:
        self.rows, self.by, self.landing = rows, by, landing
        self.today = today_of(landing.organization_id, landing.at)

    def run(self) -> None:
        self._find()
        self._refuse_twice()
        self._refuse_unknown()
        self._delete([row for row in self._standing() if row.action == DELETE])
        self._put([row for row in self._standing() if row.action != DELETE])

    def _standing(self) -> list[_Row]:
        return [row for row in self.rows if not row.found]

    def _find(self) -> None:
        """The activities that the rows' IDs name, locked until the chunk is over, and the record each row means."""
        ids = {row.activity_id for row in self.rows} - {""}
        own = {row.own_id for row in self.rows} - {""}
        known = list(
            Activity.objects.filter(organization_id=self.landing.organization_id)
            .filter(Q(activity_id__in=ids) | Q(provider_activity_id__in=own))
            .order_by("pk")
            .select_for_update(no_key=True)
        )
        by_id = {activity.activity_id: activity for activity in known}
        by_own = {activity.provider_activity_id: activity for activity in known}
        by_own.pop("", None)
        self.stored = records_of(known)
        for row in self.rows:
            row.target = by_id.get(row.activity_id) if row.activity_id else by_own.get(row.own_id)
            base = self.stored[row.target.pk] if row.target and not row.whole else None
            ids_said = {"activity_id": row.activity_id} if row.activity_id else {}
            own_said = {"provider_activity_id": row.own_id} if row.own_id else {}
            row.record = record_of({**row.said, **ids_said, **own_said}, base)

    def _refuse_twice(self) -> None:
        """The same activity in two rows would make the second a change of the first: both are asked about."""
        first: dict[tuple[str, str], _Row] = {}
        for row in self.rows:
            for name, said in (("activity_id", row.activity_id), ("provider_activity_id", row.own_id)):
                names = [(name, said)] if said else []
                if row.target:
                    names.append(("pk", str(row.target.pk)))
                for one in names:
                    other = first.setdefault(one, row)
                    if other is not row:
                        for this, that in ((row, other), (other, row)):
                            if not this.found:
                                value = this.own_id or this.activity_id
                                at = "provider_activity_id" if this.own_id else "activity_id"
                                this.wrong(
                                    [problem("own_id_twice", at, value, other=that.number)], this.record
                                )

    def _refuse_unknown(self) -> None:
        """A change, a deletion, or a closing that says nothing else, is of an activity that is there."""
        for row in self._standing():
            if row.target or row.action == PUT or (row.action == CLOSE and row.said):
                continue
            if not (row.activity_id or row.own_id):
                row.wrong([problem("own_id_missing", "provider_activity_id")], row.record)
            else:
                at = "activity_id" if row.activity_id else "provider_activity_id"
                row.wrong([problem("activity_unknown", at, row.activity_id or row.own_id)], row.record)

    def _delete(self, rows: Sequence[_Row]) -> None:
        targets = [row.target for row in rows if row.target]
        for row, done in zip(
            rows, actions.delete_many(activities=targets, by=self.by, at=self.landing.at), strict=True
        ):
            row.outcome = done.outcome
            row.wrong(done.problems, done.record) if done.problems else None

    def _put(self, rows: Sequence[_Row]) -> None:
        """Keep every record that has no problem; a row that also closes lands whole or not at all."""
        ready = [row for row in rows if not row.closes or self._may_close(row)]
        puts = actions.put(
            records=[row.record for row in ready],
            numbers=[row.number for row in ready],
            # A row of a table is complete by now; a document leaves open what it does not speak of.
            said=[frozenset(row.said) if row.whole else None for row in ready],
            by=self.by,
            at=self.landing.at,
            keyed=True,
        )
        closing = []
        for row, done in zip(ready, puts, strict=True):
            row.outcome, row.target = done.outcome, done.activity or row.target
            if done.problems:
                row.wrong(done.problems, done.record)
            elif row.closes:
                closing.append(row)
            elif done.outcome != Outcome.UNCHANGED and done.activity and not done.activity.is_complete:
                self._say_draft(row, done.record)
        self._close(closing)

    def _may_close(self, row: _Row) -> bool:
        if row.target and row.target.closed_at:
            return True  # nothing to do, unless the row says something else, which `put` refuses
        record = rules.tidied(row.record)
        if row.target and row.whole:
            record = merged(self.stored[row.target.pk], record, frozenset(row.said))
        wrong = rules.problems(record, today=self.today)
        needed = wrong or list(rules.needs(record, Status.CLOSED, today=self.today))
        if needed:
            row.wrong(needed, record)
        return not needed

    def _close(self, rows: Sequence[_Row]) -> None:
        targets = [row.target for row in rows if row.target]
        for row, done in zip(
            rows, actions.close_many(activities=targets, by=self.by, at=self.landing.at), strict=True
        ):
            if done.problems:
                row.wrong(done.problems, done.record)
            elif row.outcome == Outcome.UNCHANGED:
                row.outcome = done.outcome

    def _say_draft(self, row: _Row, record: Record) -> None:
        todo = rules.missing(record, Status.ACTIVE, today=self.today)
        row.found.append(Found(row.number, "", "", "draft", {"todo": " ".join(todo.values())}))


def _column_of(path: str, record: Record, places: _Places) -> str:
    """The key of the column that a problem's field stands in."""
    top, *rest = path.split(".")
    match top:
        case "counts":
            return COUNT_KEYS.get(rest[0] if rest else "", "count_physician")
        case "outcomes":
            measured = record.outcomes[int(rest[0])].what if rest else ""
            return _OUTCOME_KEYS.get(measured, next(iter(OUTCOMES)))
        case "rems":
            return "rems_identifier" if rest == ["identifier"] else "rems_type"
        case "registrations" | "support":
            first = "board" if top == "registrations" else "supporter"
            at, part = (int(rest[0]) if rest else 0, rest[1] if len(rest) > 1 else "")
            numbers = places.get(top, ())
            part = (_BOARD_PARTS if top == "registrations" else _SUPPORT_PARTS).get(part, first)
            return numbered(part, numbers[at] if at < len(numbers) else None)
    return _COLUMNS.get(top, top)

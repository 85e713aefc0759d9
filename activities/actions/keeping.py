"""Keeping what a provider says of its activities: one from a form, thousands from a file, by the same few queries."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from activities import dependents, rules
from activities.clock import day_of
from activities.formats import REPEATING
from activities.models import Activity
from activities.record import Record, merged
from activities.rows import enter, next_numbers, overwrite, write_apart
from activities.rules.problem import problem
from activities.status import Status
from activities.stored import APART, columns, records_of
from pars.access.actor import Actor
from pars.access.models import Organization
from pars.audit.actions import record as write_event
from pars.batches.models import Outcome

_ROUNDS = 3  # another transaction may enter the same own ID first; then ours is a change of that one
_NOTHING_APART = Record()


@dataclass(frozen=True)
class Put:
    """What became of one record: ADDED, UPDATED, UNCHANGED or, with problems, FAILED.

    `record` is tidied. `activity` is the row as it then stands; None where the record failed before one was found.
    `changed` names the fields of the record that differ from what was there.
    """

    record: Record
    outcome: Outcome
    activity: Activity | None = None
    problems: tuple[rules.Problem, ...] = ()
    changed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Instance:
    """One of an activity's repetitions: where and when. Without an own ID it gets the record's with a number."""

    start_on: date
    end_on: date
    city: str = ""
    state: str = ""
    country: str = ""
    provider_activity_id: str = ""


@dataclass(frozen=True)
class Counted:
    """How many learners of which category took part in the activity that either ID names."""

    counts: Mapping[str, int]
    activity_id: str = ""
    provider_activity_id: str = ""


def put(
    *,
    records: Sequence[Record],
    by: Actor,
    at: datetime,
    numbers: Sequence[int] | None = None,
    said: Sequence[Collection[str] | None] = (),
    keyed: bool = False,
    new: bool = False,
    known: Collection[int] = (),
) -> list[Put]:
    """Enter each record, or change the activity its IDs name; in the order given. What has problems is left as it was.

    The provider's own ID makes a record that is sent again a change or nothing, also when two send it at once. An own
    ID once given can be changed, through the activity ID, but is not taken away by leaving it empty. `numbers` are
    what the records are called in sentences (a file's rows; else 1, 2, …); with `keyed` a record without any ID fails,
    with `new` one whose own ID is taken. `said` names, for each record, the fields it speaks of; the others stay as
    they are on record (None: it speaks of all). The records at the places `known` must name what is there.
    """
    with transaction.atomic():
        keeping = _Keeping(records, by, at, numbers, said=said, keyed=keyed, new=new, known=known)
        keeping.run()
        keeping.tell()
    return keeping.puts()


def repeat(
    *, record: Record, instances: Sequence[Instance], by: Actor, at: datetime, check_only: bool = False
) -> list[Put]:
    """One activity for each instance, otherwise as the record says: all of them, or none where one has problems.

    With `check_only` none in any case: what would be entered, and its problems.
    """
    own = record.provider_activity_id.strip()
    records = [
        replace(
            record,
            activity_id="",
            start_on=one.start_on,
            end_on=one.end_on,
            city=one.city or record.city,
            state=one.state or (record.state if one.country in ("", record.country) else ""),
            country=one.country or record.country,
            provider_activity_id=one.provider_activity_id or (f"{own}-{number}" if own else ""),
        )
        for number, one in enumerate(instances, 1)
    ]
    with transaction.atomic():
        keeping = _Keeping(records, by, at, new=True)
        keeping.judge()
        if not keeping.failed and not check_only:
            keeping.run()
            keeping.tell(verb="activity.repeated")
    return keeping.puts()


def update_counts(
    *, counted: Sequence[Counted], by: Actor, at: datetime, numbers: Sequence[int] | None = None
) -> list[Put]:
    """Put learner counts on activities that are there. Categories that are not named keep their number."""
    with transaction.atomic():
        ours = Activity.objects.filter(organization_id=by.tenant)
        known = list(
            ours.filter(
                Q(activity_id__in=[one.activity_id for one in counted if one.activity_id])
                | Q(provider_activity_id__in=[one.provider_activity_id for one in counted if one.provider_activity_id])
            )
        )  # fmt: skip
        said = records_of(known)
        by_id = {one.activity_id: said[one.pk] for one in known}
        by_own = {one.provider_activity_id: said[one.pk] for one in known}
        records = []
        for one in counted:
            stored = by_id.get(one.activity_id) if one.activity_id else by_own.get(one.provider_activity_id)
            named = Record(activity_id=one.activity_id or "-", provider_activity_id=one.provider_activity_id)
            tidy = rules.tidied(Record(counts=one.counts)).counts
            records.append(replace(stored, counts={**stored.counts, **tidy}) if stored else named)
        keeping = _Keeping(records, by, at, numbers, keyed=True)
        keeping.run()
        keeping.tell(verb="activity.counted")
    return keeping.puts()


class _Keeping:
    """One call of a verb: judges every record, then writes those that passed."""

    def __init__(
        self,
        records: Sequence[Record],
        by: Actor,
        at: datetime,
        numbers: Sequence[int] | None = None,
        *,
        said: Sequence[Collection[str] | None] = (),
        keyed: bool = False,
        new: bool = False,
        known: Collection[int] = (),
    ) -> None:
        assert by.organization_id is not None  # only an organization's people may report
        self.organization_id = by.organization_id
        self.by, self.at, self.keyed, self.new = (by, at, keyed, new)
        self.today = today_of(by.organization_id, at)
        self.records = [rules.tidied(record) for record in records]
        self.numbers = numbers or range(1, len(records) + 1)
        self.said, self.known = (said or [None] * len(records), known)
        self.failed: dict[int, list[rules.Problem]] = {}
        self.targets: dict[int, Activity] = {}
        self.stored: dict[int, Record] = {}
        self.done: dict[int, tuple[Outcome, tuple[str, ...]]] = {}

    def run(self) -> None:
        """Judge and write. A record whose own ID another enters meanwhile is judged again, as a change of that."""
        if not self.records:
            return
        for _ in range(_ROUNDS):
            self.judge()
            if not self._write():
                return
        raise RuntimeError("An own ID was entered and deleted by others again and again.")

    def judge(self) -> None:
        """Find what each record means and what is wrong with it."""
        todo = [at for at in range(len(self.records)) if at not in self.done and at not in self.failed]
        self._find(todo)
        self._same_id_twice(todo)
        moving = []
        for at in todo:
            found = list(self._judged(at))
            if found:
                self.failed.setdefault(at, []).extend(found)
            elif (target := self.targets.get(at)) and self._moves(target, self.records[at]):
                moving.append(at)
        self._refuse_to_move(moving)

    def puts(self) -> list[Put]:
        """What became of each record, in their order; the rows are read once more, for what the database derives."""
        keys = {target.pk for target in self.targets.values()}
        fresh = Activity.objects.in_bulk(keys)
        puts = []
        for at, record in enumerate(self.records):
            target = self.targets.get(at)
            activity = fresh.get(target.pk) if target else None
            if at in self.failed or at not in self.done:
                puts.append(Put(record, Outcome.FAILED, activity, tuple(self.failed.get(at, ()))))
            else:
                outcome, changed = self.done[at]
                puts.append(Put(record, outcome, activity, (), changed))
        return puts

    def tell(self, *, verb: str = "") -> None:
        """One event for the act; none where nothing changed."""
        acts = [(at, *self.done[at]) for at in sorted(self.done) if self.done[at][0] != Outcome.UNCHANGED]
        if len(self.records) == 1 and not verb:
            for at, outcome, changed in acts:
                of = self.targets[at]
                if outcome == Outcome.ADDED:
                    write_event("activity.entered", by=self.by, of=of, at=self.at)
                else:
                    write_event("activity.changed", by=self.by, of=of, at=self.at, fields=" ".join(changed))
        elif acts:
            outcomes = [outcome for _, outcome, _ in acts]
            write_event(
                verb or "activity.put",
                by=self.by,
                at=self.at,
                added=outcomes.count(Outcome.ADDED),
                changed=outcomes.count(Outcome.UPDATED),
            )

    def _find(self, todo: Sequence[int]) -> None:
        """The activities that the records' IDs name, locked against other changes until the act is over."""
        ids = {self.records[at].activity_id for at in todo} - {""}
        own = {self.records[at].provider_activity_id for at in todo} - {""}
        found = list(
            Activity.objects.filter(organization_id=self.organization_id)
            .filter(Q(activity_id__in=ids) | Q(provider_activity_id__in=own))
            .order_by("pk")
            .select_for_update(no_key=True)
        )
        self.by_id = {activity.activity_id: activity for activity in found}
        self.by_own = {one.provider_activity_id: one for one in found if one.provider_activity_id}
        self.stored |= records_of(found)
        for at in todo:
            record = self.records[at]
            target = (
                self.by_id.get(record.activity_id)
                if record.activity_id
                else self.by_own.get(record.provider_activity_id)
            )
            if target:
                self.targets[at] = target
                self.records[at] = replace(
                    merged(self.stored[target.pk], record, self.said[at]),
                    activity_id=target.activity_id,
                    provider_activity_id=record.provider_activity_id or target.provider_activity_id,
                )

    def _same_id_twice(self, todo: Sequence[int]) -> None:
        """The same ID in two records would make the second a change of the first: both are asked about."""
        first: dict[tuple[str, str], int] = {}
        for at in todo:
            for field in ("activity_id", "provider_activity_id"):
                name = getattr(self.records[at], field)
                other = first.setdefault((field, name), at) if name else at
                if other != at:
                    for one, another in ((at, other), (other, at)):
                        said = problem("own_id_twice", field, name, other=self.numbers[another])
                        self.failed.setdefault(one, [said])

    def _judged(self, at: int) -> Iterable[rules.Problem]:
        record, target = (self.records[at], self.targets.get(at))
        if at in self.failed:
            return ()
        if named := self._misnamed(at, record, target):
            return (named,)
        if target and not _differing(self.stored[target.pk], record):
            return ()
        if target and target.closed_at:
            return (problem("activity_closed", "activity_id", target.activity_id),)
        # What was complete stays so: credit may be reported for it already.
        step = Status.ACTIVE if target and target.is_complete else Status.DRAFT
        wrong = rules.problems(record, today=self.today)
        return (*wrong, *rules.needs(record, step, today=self.today))

    def _misnamed(self, at: int, record: Record, target: Activity | None) -> rules.Problem | None:
        """What is wrong with the IDs, if anything."""
        own = record.provider_activity_id
        if record.activity_id and not target:
            return problem("activity_unknown", "activity_id", record.activity_id)
        if at in self.known and not target:
            return problem("activity_unknown", "provider_activity_id", own)
        holder = self.by_own.get(own)
        if holder and (self.new or (target and holder.pk != target.pk)):
            return problem("own_id_taken", "provider_activity_id", own)
        if self.keyed and not (record.activity_id or own):
            return problem("own_id_missing", "provider_activity_id")
        return None

    @staticmethod
    def _moves(target: Activity, record: Record) -> bool:
        """Whether the format goes to the other group, in which a completion counts each time, or once."""
        return (target.format in REPEATING) != (record.format in REPEATING)

    def _refuse_to_move(self, moving: Sequence[int]) -> None:
        """An activity with credits keeps its group; no credit may land while that is looked up."""
        if not moving:
            return
        keys = [self.targets[at].pk for at in moving]
        list(Activity.objects.filter(pk__in=keys).order_by("pk").select_for_update())
        fixed = dependents.hanging(keys)
        for at in moving:
            if self.targets[at].pk in fixed:
                said = problem("credits_hang_on_format", "format", self.records[at].format)
                self.failed.setdefault(at, []).append(said)

    def _write(self) -> list[int]:
        """Write what passed; the places of records that another transaction entered meanwhile."""
        todo = [at for at in range(len(self.records)) if at not in self.done and at not in self.failed]
        lost = self._add([at for at in todo if at not in self.targets])
        self._change([at for at in todo if at in self.targets and at not in self.done and at not in lost])
        return lost

    def _add(self, new: Sequence[int]) -> list[int]:
        if not new:
            return []
        numbers = dict(zip(sorted(new, key=self._own), next_numbers(len(new)), strict=True))
        rows = [
            Activity(
                organization_id=self.organization_id,
                activity_id=number,
                **columns(self.records[at]),
            )
            for at, number in numbers.items()
        ]
        enter(rows)
        landed = {
            activity.activity_id: activity
            for activity in Activity.objects.filter(activity_id__in=numbers.values())
        }
        ours = [at for at, number in numbers.items() if number in landed]
        for at in ours:
            self.targets[at] = landed[numbers[at]]
            self.records[at] = replace(self.records[at], activity_id=numbers[at])
            self.done[at] = (Outcome.ADDED, ())
        write_apart([(self.targets[at], self.records[at], _NOTHING_APART) for at in ours])
        return [at for at in new if at not in self.done]

    def _own(self, at: int) -> str:
        """In this order own IDs are entered, so that two transactions never wait for each other."""
        return self.records[at].provider_activity_id

    def _change(self, known: Sequence[int]) -> None:
        rows, apart = ([], [])
        for at in known:
            target, record = (self.targets[at], self.records[at])
            before = self.stored[target.pk]
            changed = _differing(before, record)
            self.done[at] = (Outcome.UPDATED if changed else Outcome.UNCHANGED, changed)
            if changed:
                for name, value in columns(record).items():
                    setattr(target, name, value)
                rows.append(target)
            if set(changed) & set(APART) or (record.wording != before.wording and not target.closed_at):
                apart.append((target, record, before))
        overwrite(rows)
        write_apart(apart)


def today_of(organization_id: int, at: datetime) -> date:
    """The date where the organization is."""
    zone = Organization.objects.values_list("time_zone", flat=True).get(pk=organization_id)
    return day_of(at, zone)


def _differing(before: Record, after: Record) -> tuple[str, ...]:
    """The fields that say something else. The same in other words is no change, though the words are kept."""
    return tuple(
        field.name
        for field in fields(Record)
        if field.name != "wording" and getattr(before, field.name) != getattr(after, field.name)
    )

"""For whom, about what, and what it changed: audience, tags, outcomes, commendation, REMS, state content."""

from collections.abc import Iterator

from activities.codes import CodeList, code_list
from activities.record import Record

from .base import several, short, unreadable
from .problem import Problem, hint, problem

MOST_TAGS, LONGEST_TAG = 20, 60
MOST_TOPICS, MOST_SPECIALTIES, LONGEST_TOPIC = 50, 100, 120
LONGEST_REMS_IDENTIFIER = 40


def audience(record: Record) -> Iterator[Problem]:
    yield from _known("profession_unknown", "professions", record.professions, code_list("profession"))
    yield from several("specialties", record.specialties, most=MOST_SPECIALTIES, longest=LONGEST_TOPIC)


def tags(record: Record) -> Iterator[Problem]:
    too_long = any(len(tag) > LONGEST_TAG or unreadable(tag) for tag in record.tags)
    if len(record.tags) > MOST_TAGS or too_long:
        yield problem("tags_too_many", "tags", ", ".join(record.tags), most=MOST_TAGS, longest=LONGEST_TAG)


def outcomes(record: Record) -> Iterator[Problem]:
    seen: set[str] = set()
    for place, one in enumerate(record.outcomes):
        field = f"outcomes.{place}"
        if not code_list("outcome").get(one.what):
            yield problem(
                "outcome_unknown", f"{field}.what", one.what, hint=hint(code_list("outcome"), one.what)
            )
            return
        if one.what in seen:
            yield problem("outcome_twice", f"{field}.what", one.what)
            return
        seen.add(one.what)
        yield from _known("measurement_unknown", f"{field}.how", one.how, code_list("measurement"))


def commendations(record: Record) -> Iterator[Problem]:
    yield from _known(
        "commendation_unknown", "commendations", record.commendations, code_list("commendation")
    )


def rems(record: Record) -> Iterator[Problem]:
    if record.rems is None:
        return
    said = record.rems
    if said.type and not code_list("rems").get(said.type):
        yield problem("rems_unknown", "rems.type", said.type, hint=hint(code_list("rems"), said.type))
    elif not (said.type and said.identifier):
        yield problem("rems_identifier", "rems.identifier", said.identifier)
    yield from short("rems.identifier", said.identifier, LONGEST_REMS_IDENTIFIER)


def state_topics(record: Record) -> Iterator[Problem]:
    if len(record.state_topics) > MOST_TOPICS:
        yield problem("too_many", "state_topics", most=MOST_TOPICS, number=len(record.state_topics))
        return
    for place, one in enumerate(record.state_topics):
        field = f"state_topics.{place}"
        if not (one.domain and one.topic):
            yield problem("topic_incomplete", field, one.topic or one.domain)
        yield from short(f"{field}.domain", one.domain, LONGEST_TOPIC)
        yield from short(f"{field}.topic", one.topic, LONGEST_TOPIC)


def _known(code: str, field: str, said: tuple[str, ...], known: CodeList) -> Iterator[Problem]:
    """The first value that the list does not have; one misreading makes no ten sentences."""
    for place, one in enumerate(said):
        if not known.get(one):
            yield problem(code, f"{field}.{place}", one, hint=hint(known, one))
            return

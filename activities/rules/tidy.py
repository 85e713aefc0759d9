"""A record as it is kept: blanks trimmed, and every coded value by its code where the list knows it.

What no list knows stays as it was said, for the rules to speak of.
"""

from collections.abc import Iterable
from dataclasses import replace

from activities.codes import CodeList, code_list
from activities.places import USA
from activities.record import Record, Registration


def tidied(record: Record) -> Record:
    """The record with trimmed text and canonical codes. Nothing is dropped but blanks and empty list entries."""
    country = _code(code_list("country"), record.country)
    return replace(
        record,
        title=" ".join(record.title.split()),
        format=_code(code_list("format"), record.format),
        activity_id=record.activity_id.strip(),
        provider_activity_id=record.provider_activity_id.strip(),
        delivery=_codes(code_list("delivery"), record.delivery),
        city=record.city.strip(),
        country=country,
        state=_code(code_list("state"), record.state) if country in (USA, "") else record.state.strip(),
        other_credits=tuple(
            replace(one, category=_code(code_list("credit_category"), one.category))
            for one in record.other_credits
        ),
        providership=record.providership.strip().lower(),
        joint_providers=_texts(record.joint_providers),
        description=record.description.replace("\r\n", "\n").strip(),
        tags=_texts(record.tags),
        fee=_code(code_list("fee"), record.fee),
        registration=_code(code_list("registration"), record.registration),
        url=record.url.strip(),
        professions=_codes(code_list("profession"), record.professions),
        specialties=_texts(record.specialties),
        outcomes=tuple(
            replace(
                one,
                what=_code(code_list("outcome"), one.what),
                how=_codes(code_list("measurement"), one.how),
            )
            for one in record.outcomes
        ),
        commendations=_codes(code_list("commendation"), record.commendations),
        rems=record.rems
        and replace(
            record.rems,
            type=_code(code_list("rems"), record.rems.type),
            identifier=record.rems.identifier.strip(),
        ),
        state_topics=tuple(
            replace(one, domain=one.domain.strip(), topic=one.topic.strip()) for one in record.state_topics
        ),
        registrations=tuple(_registration(one) for one in record.registrations),
        support=tuple(replace(one, source=" ".join(one.source.split())) for one in record.support),
        counts={_code(code_list("participant"), said): number for said, number in record.counts.items()},
    )


def _registration(said: Registration) -> Registration:
    board = _code(code_list("certifying_board"), said.board)
    return replace(
        said,
        board=board,
        credit_types=_codes(code_list("moc_credit_type").where(board=board), said.credit_types),
        practice_areas=_texts(said.practice_areas),
        content_areas=_texts(said.content_areas),
        internal_id=said.internal_id.strip(),
        fee=_code(code_list("fee"), said.fee),
        registration=_code(code_list("registration"), said.registration),
        url=said.url.strip(),
    )


def _code(codes: CodeList, said: str) -> str:
    found = codes.find(said) if said else None
    return found.code if found else said.strip()


def _codes(codes: CodeList, said: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(code for one in said if (code := _code(codes, one))))


def _texts(said: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for one in said if (text := " ".join(one.split()))))

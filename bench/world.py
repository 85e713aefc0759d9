"""The bench's people in the database: a registry, and one provider with its activities. Wants Django set up."""

import psycopg

from bench.cast import ACTIVITIES, FIRST_ACTIVITY, STATES, Person
from learners import birthday
from learners.names import fold
from learners.numbers import license_key
from pars.access.models import Organization
from pars.access.roles import OrganizationKind

_INCOMING = """
CREATE TEMPORARY TABLE incoming (
    id bigint, board_id bigint, state text, number text, number_key text, first_name text, last_name text,
    first_key text, last_key text, birthday bytea)
"""
_ENROLL = """
INSERT INTO learners_physician (
    id, degree, first_name, last_name, first_key, last_key, birthday, source, created_at)
SELECT id, 'MD', first_name, last_name, first_key, last_key, birthday, 'roster', now() FROM incoming;
INSERT INTO learners_license (
    physician_id, board_id, state, degree, number, number_key, first_key, last_key, status)
SELECT id, board_id, state, 'MD', number, number_key, first_key, last_key, 'active' FROM incoming;
"""


_ACTIVITIES = """
INSERT INTO activities_activity (
    organization_id, activity_id, provider_activity_id, title, description, format, delivery, start_on, end_on, city,
    state, country, credits, listed, tags, providership, created_at, updated_at)
SELECT %s, (%s + n)::text, '', 'Session ' || n, 'Measured.', 'Enduring Material', '{Online}', '2025-01-01',
    '2026-12-31', '', '', '', 16, false, '{}', 'direct', now(), now()
FROM generate_series(0, %s) n
"""


def registry(owner: psycopg.Connection[tuple[object, ...]], everyone: list[Person]) -> Organization:
    """The people as physicians with one license each, and one provider with its activities."""
    provider = Organization.objects.create(
        kind=OrganizationKind.PROVIDER, code="0009999", name="Bench Provider"
    )
    boards = {
        state: Organization.objects.create(kind=OrganizationKind.BOARD, code=f"{state}-B", name=state).pk
        for state in STATES
    }
    # COPY is refused on tables with row security, even to their owner.
    owner.execute(_INCOMING)
    with owner.cursor().copy("COPY incoming FROM STDIN") as copy:
        for number, person in enumerate(everyone, 1):
            copy.write_row(
                (
                    number,
                    boards[person.state],
                    person.state,
                    person.number,
                    license_key(person.number),
                    person.first,
                    person.last,
                    fold(person.first),
                    fold(person.last),
                    birthday.encrypt(person.month_day),
                )
            )
    owner.execute(_ENROLL)
    owner.execute("DROP TABLE incoming")
    owner.execute(_ACTIVITIES, [provider.pk, FIRST_ACTIVITY, ACTIVITIES - 1])
    # As autovacuum leaves them: statistics, and pages known to be visible to all.
    owner.execute("VACUUM (ANALYZE) learners_physician, learners_license, activities_activity")
    return provider

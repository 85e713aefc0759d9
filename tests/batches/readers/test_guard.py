"""What the guard stops by itself, before a child is told of it that would survive it anyhow."""

import struct
from pathlib import Path

import pytest

from pars.batches.readers.guard import guard
from pars.batches.readers.refusal import Refused
from tests.batches.files import awkward


def test_more_strings_announced_than_a_part_can_hold_never_reach_a_child(tmp_path: Path) -> None:
    path = awkward.counted_strings(tmp_path / "a.xlsx")

    with pytest.raises(Refused) as caught:
        guard(path, "xlsx")

    assert caught.value.code == "bomb"


def test_a_part_that_is_not_what_its_checksum_says_never_reaches_a_child(tmp_path: Path) -> None:
    path = awkward.workbook(tmp_path / "a.xlsx", [awkward.ROW])
    content = bytearray(path.read_bytes())
    struct.pack_into("<L", content, content.rindex(b"PK\x01\x02") + 16, 1)
    path.write_bytes(content)

    with pytest.raises(Refused) as caught:
        guard(path, "xlsx")

    assert caught.value.code == "damaged"


def test_a_sheet_that_reaches_too_far_is_noted_not_refused(tmp_path: Path) -> None:
    path = awkward.corner_cell(tmp_path / "a.xlsx")

    findings = guard(path, "xlsx")

    assert findings.over["xl/worksheets/sheet1.xml"].code == "too_many_columns"

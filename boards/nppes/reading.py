"""From the file's bytes to physicians, a line at a time. Most lines are somebody else's and are not even parsed."""

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from learners.names import fold
from learners.numbers import license_key, npi_is_valid
from learners.states import state_code
from pars.access.errors import DomainError

from . import layout

LONGEST_LINE = 64 * 1024
_LONGEST_NAME, _LONGEST_SUFFIX, _LONGEST_NUMBER = 100, 20, 40
_AN_INDIVIDUAL = re.compile(rb'"[0-9]{10}","1",')
_A_PHYSICIANS_CODE = re.compile(rb'"(?:' + "|".join(layout.PHYSICIANS).encode() + rb")")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f]")


class NotNppes(DomainError):
    """The file is no NPPES Data Dissemination file; the sentence says what it lacks."""


class Entry(NamedTuple):
    """A physician of the file. `degree` is "" where the credential tells none."""

    npi: str
    degree: str
    first_name: str
    middle_name: str
    last_name: str
    suffix: str
    first_key: str
    last_key: str
    licenses: tuple[tuple[str, str, str], ...]
    """(state, number as given, number as compared)."""


@dataclass(frozen=True)
class Columns:
    """Where each column that we read stands; `slots`: the fifteen of (taxonomy, license number, its state).

    `count` is how many columns there are; `npi_first` says that a line begins with the NPI and what kind it is.
    """

    count: int
    place: Mapping[str, int]
    slots: tuple[tuple[int, int, int], ...]
    npi_first: bool


def columns(line: bytes) -> Columns:
    """The columns that the first line names. Raises NotNppes."""
    names = _cells(line.removeprefix(b"\xef\xbb\xbf"))
    place = {name: at for at, name in enumerate(names)}
    missing = [name for name in layout.NEEDED if name not in place]
    if missing:
        raise NotNppes(
            f"This is no NPPES file (npidata_pfile_….csv): it lacks the column “{missing[0]}”"
            + (f" and {len(missing) - 1} more." if len(missing) > 1 else ".")
        )
    npi_first = names[:2] == [layout.NPI, layout.ENTITY]
    slots = tuple(
        (
            place[layout.TAXONOMY.format(slot)],
            place[layout.LICENSE.format(slot)],
            place[layout.LICENSE_STATE.format(slot)],
        )
        for slot in layout.SLOTS
    )
    return Columns(len(names), {name: place[name] for name in layout.NEEDED}, slots, npi_first)


def lines(file: BinaryIO) -> Iterator[bytes]:
    """The file's lines from where it stands, one for each row: a line break inside quotation marks ends none."""
    while line := file.readline(LONGEST_LINE):
        # An odd number of quotation marks: the row goes on.
        while line.count(b'"') % 2 and (more := file.readline(LONGEST_LINE)):
            line += more
            if len(line) > LONGEST_LINE:
                raise NotNppes("A row of this file never ends. Fetch the file again, and unpack it.")
        yield line


def entry(line: bytes, where: Columns) -> Entry | None:
    """The physician of a line; None where it is somebody else's, or an NPI that was given up."""
    if where.npi_first and not _AN_INDIVIDUAL.match(line):
        return None
    if not _A_PHYSICIANS_CODE.search(line):
        return None
    return _entry(_cells(line, where.count), where)


def _cells(line: bytes, count: int = 0) -> list[str]:
    text = line.decode("utf-8", "replace").rstrip("\r\n")
    if count and text[:1] == '"' == text[-1:]:
        # The whole file is quoted: this is five times as fast as the csv module, which has the last word.
        cells = text[1:-1].split('","')
        if len(cells) == count:
            return cells
    return next(csv.reader([text]), [])


def _entry(cells: list[str], where: Columns) -> Entry | None:
    if len(cells) != where.count:
        return None
    place = where.place
    npi = cells[place[layout.NPI]]
    given_up = cells[place[layout.DEACTIVATED]] and not cells[place[layout.REACTIVATED]]
    if cells[place[layout.ENTITY]] != layout.INDIVIDUAL or given_up or not npi_is_valid(npi):
        return None
    first_name = _name(cells[place[layout.FIRST_NAME]])
    last_name = _name(cells[place[layout.LAST_NAME]])
    first_key, last_key = fold(first_name), fold(last_name)
    if not last_key or not first_key:
        return None
    held, is_physician = _licenses(cells, where)
    if not is_physician:
        return None
    return Entry(
        npi=npi,
        degree=layout.degree(cells[place[layout.CREDENTIAL]]),
        first_name=first_name,
        middle_name=_name(cells[place[layout.MIDDLE_NAME]]),
        last_name=last_name,
        suffix=_name(cells[place[layout.SUFFIX]])[:_LONGEST_SUFFIX],
        first_key=first_key,
        last_key=last_key,
        licenses=held,
    )


def _licenses(cells: list[str], where: Columns) -> tuple[tuple[tuple[str, str, str], ...], bool]:
    """Licenses told beside a physician's specialty, each once, and whether there is such a specialty."""
    held: dict[tuple[str, str], tuple[str, str, str]] = {}
    is_physician = False
    for taxonomy_at, number_at, state_at in where.slots:
        taxonomy = cells[taxonomy_at]
        if not taxonomy or not taxonomy.startswith(layout.PHYSICIANS):
            continue
        is_physician = True
        number = _UNPRINTABLE.sub("", cells[number_at]).strip()
        key = license_key(number)
        state = state_code(cells[state_at]) if number else None
        if key and state and len(number) <= _LONGEST_NUMBER:
            held.setdefault((state, key), (state, number, key))
    return tuple(held.values()), is_physician


def _name(text: str) -> str:
    """As a person would write it: the file shouts."""
    text = _UNPRINTABLE.sub("", text.replace('""', '"')).strip()[:_LONGEST_NAME]
    return text.title() if text.isupper() else text

"""Reading a list from its TOML file, and refusing one that does not hold together."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from activities.codes.lists import LONGEST, SEVERAL, Code, CodeList

FOLDER = Path(__file__).parent
NAMES = tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))

_OF_A_LIST = {"title", "source", "dated", "codes", "facts", "within"}
_OF_A_CODE = {"code", "label", "aliases", "from", "until"}


class BrokenList(ValueError):
    """A list's file breaks a rule of all lists. Says which file and which rule."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__(f"{name}.toml: {what}")


@cache
def code_list(name: str) -> CodeList:
    """The list of this name, one of NAMES. KeyError for another name, BrokenList for a file with a fault."""
    if name not in NAMES:
        raise KeyError(name)
    return read(name, (FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def read(name: str, text: str) -> CodeList:
    """The list that the text of a TOML file holds. Raises BrokenList."""
    try:
        said = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BrokenList(name, str(error)) from error
    if unknown := said.keys() - _OF_A_LIST:
        raise BrokenList(name, f"unknown: {', '.join(sorted(unknown))}")
    if not (said.get("title") and said.get("source") and said.get("codes")):
        raise BrokenList(name, "a list has a title, a source and codes")
    if type(said.get("dated")) is not date:
        raise BrokenList(name, "dated is a day: 2026-01-31")
    facts = MappingProxyType(said.get("facts", {}))
    built = CodeList(
        name=name,
        title=said["title"],
        source=" ".join(said["source"].split()),
        dated=said["dated"],
        codes=tuple(_code(name, entry, facts) for entry in said["codes"]),
        facts=facts,
        within=said.get("within", ""),
    )
    if built.within and built.within not in facts:
        raise BrokenList(name, f"within names no fact: {built.within}")
    for fault in _faults(built):
        raise BrokenList(name, fault)
    return built


def _code(name: str, entry: Mapping[str, Any], facts: Mapping[str, str]) -> Code:
    stated = {key: _words(value) for key, value in entry.items() if key not in _OF_A_CODE}
    code = entry.get("code", "")
    if stated.keys() != facts.keys():
        differing = ", ".join(sorted(stated.keys() ^ facts.keys()))
        raise BrokenList(name, f"{code} does not state exactly the facts of the list: {differing}")
    return Code(
        code=code,
        label=entry.get("label", code),
        aliases=tuple(entry.get("aliases", ())),
        extra=MappingProxyType(stated),
        valid_from=entry.get("from"),
        valid_until=entry.get("until"),
    )


def _words(value: object) -> str:
    """A fact as text: true is "yes", a list is its values one after the other."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return SEVERAL.join(map(str, value)) if isinstance(value, list) else str(value)


def _faults(built: CodeList) -> Iterator[str]:
    seen: dict[tuple[str, str], Code] = {}
    for each in built.codes:
        if not each.code.strip() or not each.label.strip():
            yield f"a code and its label are not empty: {each.code or each.label!r}"
        if any(len(spelling) > LONGEST for spelling in (each.code, each.label, *each.aliases)):
            yield f"{each.code}: a spelling is longer than {LONGEST} characters, so that nobody finds it"
        if not (each.valid_from or date.min) <= (each.valid_until or date.max):
            yield f"{each.code} ends before it begins"
        group = each.extra[built.within] if built.within else ""
        for spelling in each.spellings:
            if not spelling:
                yield f"{each.code}: a spelling has neither letter nor digit"
            other = seen.setdefault((group, spelling), each)
            if other is not each:
                yield f"{other.code} and {each.code} are both written {spelling!r}"

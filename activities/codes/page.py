"""The page of all lists for readers, in Markdown: docs/codes.md, kept in step by a test."""

from collections.abc import Iterator

from activities.codes.files import NAMES, code_list
from activities.codes.lists import Code, CodeList

_OPENING = """\
# Code lists

What may stand in the coded fields of an activity. **Code** is what PARS stores and sends. Where it reads one,
it understands the label and the other spellings too: case, accents, punctuation and blanks do not matter, and `&` is
“and”.

A list's date is the day as of which its source said so. Why lists are data, and how one is changed, is in
[a decision](adr/{adr}).

Names of commercial supporters and of joint providers are free text: no list of them is published.

This page is written by `python -m activities.codes > docs/codes.md`.
"""
ADR = "0013-code-lists.md"


def page() -> str:
    """The whole text."""
    lists = [code_list(name) for name in NAMES]
    parts = [
        _OPENING.format(adr=ADR),
        "\n".join(_overview(lists)),
        *("\n".join(_section(each)) for each in lists),
    ]
    return "\n".join(f"{part.rstrip()}\n" for part in parts)


def _overview(lists: list[CodeList]) -> Iterator[str]:
    yield from _heading("list", "holds", "codes", "dated")
    for each in lists:
        yield _row(f"[`{each.name}`](#{each.name})", each.title, str(len(each.codes)), each.dated.isoformat())


def _section(shown: CodeList) -> Iterator[str]:
    yield f"## {shown.name}\n"
    yield f"{shown.title}, as of {shown.dated.isoformat()}. Source: {shown.source}\n"
    if shown.within:
        yield f"A code is unique within its {shown.within}.\n"
    if shown.facts:
        yield from (f"- `{fact}`: {meaning}" for fact, meaning in shown.facts.items())
        yield ""
    columns = _columns(shown)
    yield from _heading(*columns)
    for each in shown.codes:
        cells = _cells(each)
        yield _row(*(cells[column] for column in columns))


def _columns(shown: CodeList) -> list[str]:
    """The columns in which any code of the list has something to say."""
    told = [_cells(each) for each in shown.codes]
    return [column for column in told[0] if column == "code" or any(cells[column] for cells in told)]


def _cells(each: Code) -> dict[str, str]:
    return {
        "code": each.code,
        "reads": each.label if each.label != each.code else "",
        "also read as": ", ".join(each.aliases),
        "from": each.valid_from.isoformat() if each.valid_from else "",
        "until": each.valid_until.isoformat() if each.valid_until else "",
        **each.extra,
    }


def _heading(*columns: str) -> Iterator[str]:
    yield _row(*columns)
    yield _row(*("---" for _ in columns))


def _row(*cells: str) -> str:
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"

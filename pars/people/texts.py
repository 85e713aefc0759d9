"""The collaboration's terms: dated texts, one for providers and one for boards, as files beside this one.

A text that has been accepted is never edited: a new wording is a new file with a new date. The files know
three kinds of line, `# title`, `## heading` and `- point`; anything else is a paragraph.
"""

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent / "agreements"
_NAME = re.compile(r"(?P<edition>provider|board)-(?P<dated>\d{4}-\d{2}-\d{2})")


@dataclass(frozen=True)
class Section:
    """A heading and its points."""

    heading: str
    points: tuple[str, ...]


@dataclass(frozen=True)
class Text:
    """One edition as of one date."""

    edition: str
    dated: date
    title: str
    opening: tuple[str, ...]
    sections: tuple[Section, ...]


@cache
def all_texts() -> tuple[Text, ...]:
    """Every text there is, oldest first."""
    return tuple(sorted((_read(path) for path in FOLDER.glob("*.md")), key=lambda text: text.dated))


def current(edition: str, on: date) -> Text | None:
    """The text to accept on a day: the newest not dated after it. None for a kind that accepts nothing."""
    texts = [text for text in all_texts() if text.edition == edition and text.dated <= on]
    return texts[-1] if texts else None


def find(edition: str, dated: date) -> Text | None:
    """The text of one date, as it was accepted."""
    return next((text for text in all_texts() if (text.edition, text.dated) == (edition, dated)), None)


def _read(path: Path) -> Text:
    name = _NAME.fullmatch(path.stem)
    if name is None:
        raise ValueError(f"{path.name}: name it edition-YYYY-MM-DD.md.")
    title, opening = "", []
    sections: list[tuple[str, list[str]]] = []
    for line in filter(None, path.read_text(encoding="utf-8").splitlines()):
        match line.split(" ", 1):
            case ["#", words]:
                title = words
            case ["##", words]:
                sections.append((words, []))
            case ["-", words] if sections:
                sections[-1][1].append(words)
            case _:
                opening.append(line)
    return Text(
        edition=name["edition"],
        dated=date.fromisoformat(name["dated"]),
        title=title,
        opening=tuple(opening),
        sections=tuple(Section(heading, tuple(points)) for heading, points in sections),
    )

"""A code list in memory: looking a code up as people write it, and the part of a list that fits a day or a fact."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from types import MappingProxyType

LONGEST = 200  # characters of a text that is looked up; longer ones name no code
SEVERAL = "; "  # between the values of a fact that has several

# A guess is offered only where it is close, and clearly closer than any other: "Nigera" may be two countries.
# One letter in seven may be wrong, so that short codes are never guessed.
_CLOSE, _CLOSER_BY = 0.86, 0.05
_WRITTEN_OTHERWISE = str.maketrans({"&": " and ", "™": None, "®": None})


@lru_cache(maxsize=16_384)
def folded(text: str) -> str:
    """Letters and digits alone, without case, accents, punctuation, blanks: "Côte d’Ivoire" → "cotedivoire"."""
    plain = unicodedata.normalize("NFKD", text.translate(_WRITTEN_OTHERWISE)).casefold()
    return "".join(character for character in plain if character.isalnum())


@dataclass(frozen=True, eq=False)
class Code:
    """One entry of a list: `code` is stored and sent, `label` is read, `aliases` are what else people send for it.

    `extra` holds the facts that the list states of each of its codes. The code holds from `valid_from` to
    `valid_until`, both days included; None leaves that side open.
    """

    code: str
    label: str
    aliases: tuple[str, ...] = ()
    extra: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    valid_from: date | None = None
    valid_until: date | None = None

    def several(self, fact: str) -> tuple[str, ...]:
        """The values of a fact that may have several, in the list's order; () where it has none."""
        return tuple(self.extra[fact].split(SEVERAL)) if self.extra[fact] else ()

    def holds_on(self, day: date) -> bool:
        return (self.valid_from or day) <= day <= (self.valid_until or day)

    @property
    def spellings(self) -> frozenset[str]:
        """Everything that names this code, folded."""
        return frozenset(map(folded, (self.code, self.label, *self.aliases)))


@dataclass(frozen=True, eq=False)
class CodeList:
    """Codes in the order in which pages offer them; `dated` is the day as of which `source` said so.

    `facts` says in words what each fact in `Code.extra` means. With `within`, codes and spellings are unique
    only among codes that agree in that fact: "Patient Safety" is a credit type of several certifying boards.
    The whole list holds retired codes too; `on` leaves out what does not hold on a day.
    """

    name: str
    title: str
    source: str
    dated: date
    codes: tuple[Code, ...]
    facts: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    within: str = ""

    def choices(self) -> list[tuple[str, str]]:
        """(code, label) of each, as a form's field takes them."""
        return [(each.code, each.label) for each in self.codes]

    def get(self, code: str) -> Code | None:
        """The entry with exactly this code; None if there is none, or several (see `within`)."""
        found = [each for each in self.codes if each.code == code]
        return found[0] if len(found) == 1 else None

    def label(self, code: str) -> str:
        """How a stored code reads; as it is stored where the list does not have it."""
        found = self.get(code)
        return found.label if found else code

    def find(self, text: str) -> Code | None:
        """The code that this text names by code, label or alias, blind to case, punctuation, accents and blanks.

        None for what names no code, or several.
        """
        if len(text) > LONGEST:
            return None
        found = self._by_spelling.get(folded(text), ())
        return found[0] if len(found) == 1 else None

    def nearest(self, text: str) -> Code | None:
        """What `find` finds, or else the one code that the text misspells by a letter or so; None in doubt.

        Meant for "did you mean": a guess is offered to a person, never taken for an answer. Takes up to some ten
        milliseconds, so ask it for what a person will read, not for every row.
        """
        if found := self.find(text):
            return found
        likeness: dict[Code, float] = {}
        for close, code in self._like(folded(text[:LONGEST])):
            likeness[code] = max(close, likeness.get(code, 0))
        ranked = sorted(likeness, key=likeness.__getitem__, reverse=True)
        if not ranked or likeness[ranked[0]] < _CLOSE:
            return None
        return None if len(ranked) > 1 and _too_alike(*(likeness[code] for code in ranked[:2])) else ranked[0]

    def on(self, day: date) -> "CodeList":
        """The list as it holds on a day: of an activity, its first day."""
        return _part(self, tuple(each for each in self.codes if each.holds_on(day)))

    def where(self, **facts: str) -> "CodeList":
        """The codes of which each of these facts is, or includes, the value given. KeyError for an unknown fact."""
        return _part(
            self,
            tuple(
                each
                for each in self.codes
                if all(value in each.several(fact) for fact, value in facts.items())
            ),
        )

    @cached_property
    def _by_spelling(self) -> dict[str, tuple[Code, ...]]:
        spelled: dict[str, tuple[Code, ...]] = {}
        for each in self.codes:
            for spelling in each.spellings:
                spelled[spelling] = (*spelled.get(spelling, ()), each)
        return spelled

    def _like(self, wanted: str) -> Iterator[tuple[float, Code]]:
        """How like each code's spellings are, 0 to 1, from a little below what counts as close."""
        matcher = SequenceMatcher(None, autojunk=False)
        matcher.set_seq2(wanted)
        floor = _CLOSE - _CLOSER_BY
        for spelling, codes in self._by_spelling.items():
            matcher.set_seq1(spelling)
            # The two cheap answers are upper bounds of the dear one.
            if (
                matcher.real_quick_ratio() >= floor
                and matcher.quick_ratio() >= floor
                and (close := matcher.ratio()) >= floor
            ):
                yield from ((close, code) for code in codes)


def _too_alike(first: float, second: float) -> bool:
    return first - second < _CLOSER_BY


@lru_cache(maxsize=256)
def _part(whole: CodeList, codes: tuple[Code, ...]) -> CodeList:
    """Kept, so that a part that is asked for row after row indexes its spellings once."""
    return whole if codes == whole.codes else replace(whole, codes=codes)

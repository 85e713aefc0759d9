"""How a document said what the record keeps: whatever comes out otherwise when the record alone is written.

Each entry names a place (`at`, keys in canonical spelling), what stood there (`said`) and what the record alone would
put there (`meant`); nothing stands for a key that is not there. An entry speaks only as long as the record still means
the same at its place: a value that was changed on a page is written anew. `key` is another spelling of a place's name.
"""

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Any

from .names import Path, canonical, renamed

Entry = Mapping[str, Any]


def wording(said: dict[str, Any], meant: dict[str, Any]) -> tuple[Entry, ...]:
    """What must be kept beside the record so that `worded` and `respelled` say this document again."""
    differing = _differing(canonical(said, lists=False), meant, ())
    return (*differing, *({"at": list(path), "key": key} for path, key in renamed(said)))


def worded(meant: dict[str, Any], entries: Iterable[Entry]) -> dict[str, Any]:
    """The record's document in the words in which it was said; its keys still in canonical spelling."""
    document = deepcopy(meant)
    for entry in entries:
        parent, name = _place(document, entry["at"])
        if "key" in entry or parent is None or not _means(parent, name, entry):
            continue
        if "said" in entry:
            parent[name] = deepcopy(entry["said"])
        else:
            del parent[name]
    return document


def respelled(document: dict[str, Any], entries: Iterable[Entry]) -> dict[str, Any]:
    """The document, changed in place, with its keys spelled as they were."""
    spelled = [entry for entry in entries if "key" in entry]
    # The deepest first, as paths are in canonical spelling.
    for entry in sorted(spelled, key=lambda one: -len(one["at"])):
        parent, name = _place(document, entry["at"])
        if parent is not None and name in parent:
            parent[entry["key"]] = parent.pop(name)
    return document


def _differing(said: Any, meant: Any, path: Path) -> Iterator[Entry]:
    if isinstance(said, dict) and isinstance(meant, dict):
        for key in {**said, **meant}:
            here = {"at": [*path, key]}
            if key not in said:
                yield here | {"meant": meant[key]}
            elif key not in meant:
                yield here | {"said": said[key]}
            else:
                yield from _differing(said[key], meant[key], (*path, key))
    elif not same(said, meant):
        yield {"at": list(path), "said": said, "meant": meant}


def same(one: Any, other: Any) -> bool:
    """Whether two JSON values are the same: 1 and 1.0 are, 1 and true are not."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)


def _place(document: dict[str, Any], at: list[str]) -> tuple[dict[str, Any] | None, str]:
    """The object that holds a place, and the place's key in it; None where there is no such object."""
    parent: Any = document
    for key in at[:-1]:
        parent = parent.get(key) if isinstance(parent, dict) else None
    return (parent if isinstance(parent, dict) else None), at[-1]


def _means(parent: dict[str, Any], name: str, entry: Entry) -> bool:
    if "meant" not in entry:
        return name not in parent
    return name in parent and same(parent[name], entry["meant"])

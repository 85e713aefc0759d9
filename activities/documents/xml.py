"""The same documents as XML, the form that the draft schema says it describes: an element for each key, one to one.

Namespaces do not matter, attributes count as children, and a list is an element that stands several times. XML has no
types, so that `from_xml` takes them from the schema.
"""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, Any

from lxml import etree

from .exchange import ELEMENTS, ROOT
from .names import folded

Schema = Mapping[str, Any]

_TEXT, _NUMBER, _FLAG = ({"type": "string"}, {"type": "number"}, {"type": "boolean"})
_TEXTS = {"type": "array", "items": _TEXT}
# Keys of ours, which the draft allows and does not name (see `names.SHAPE`).
_OURS: dict[str, Schema] = {
    "CreditsPerSession": _NUMBER,
    "ContentTags": _TEXTS,
    "PracticeArea": _TEXTS,
    "ContentArea": _TEXTS,
    "Attested": _FLAG,
    "AdditionalCredits": {
        "type": "array",
        "items": {"type": "object", "properties": {"numberOfCredits": _NUMBER}},
    },
}
_FLAGS = {"true": True, "1": True, "false": False, "0": False}
_WHOLE, _DECIMAL = re.compile(r"-?[0-9]{1,15}"), re.compile(r"-?[0-9]{1,15}\.[0-9]{1,15}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def _activity() -> Schema:
    schema = json.loads((Path(__file__).parent / "schema.json").read_text(encoding="utf-8"))
    activity: Schema = schema["properties"][ROOT]["properties"][ELEMENTS]["items"]
    return activity


_ACTIVITY = _activity()


def from_xml(said: Any, schema: Schema = _ACTIVITY) -> Any:
    """One MedicalEducationMetrics as the readers give it (texts, dicts, lists) with the types of a JSON document.

    What does not fit its type stays as it is, for `read` to speak of.
    """
    match schema.get("type"):
        case "array":
            items = said if isinstance(said, list) else [] if said == "" else [said]
            return [from_xml(one, schema.get("items", {})) for one in items]
        case "object":
            return _object(said, schema.get("properties", {}))
        case "boolean":
            return _FLAGS.get(_text(said).strip().lower(), said)
        case "number" | "integer":
            return _number(said)
        case "string":
            return _text(said) or said
    return said


def write_xml(file: IO[bytes], documents: Iterable[Mapping[str, Any]]) -> int:
    """One document to a file, with these activities; how many. Keys that cannot be names of elements are left out."""
    count = 0
    with etree.xmlfile(file, encoding="utf-8") as xml:
        xml.write_declaration()
        with xml.element(ROOT):
            for count, one in enumerate(documents, 1):  # noqa: B007  the last number is the answer
                element = etree.Element(ELEMENTS)
                _fill(element, one)
                xml.write(element, pretty_print=True)
    return count


def _object(said: Any, properties: Mapping[str, Schema]) -> Any:
    if said == "":
        return {}
    if isinstance(said, list):  # two where the draft has one, like credits of two categories
        return [_object(one, properties) for one in said]
    if not isinstance(said, dict):
        return said
    known: dict[str, Schema] = {folded(key): value for key, value in (*_OURS.items(), *properties.items())}
    return {key: from_xml(value, known.get(folded(key), {})) for key, value in said.items()}


def _text(said: Any) -> str:
    """The text of an element; where it has attributes, beside them."""
    text = said.get("value", "") if isinstance(said, dict) else said
    return text if isinstance(text, str) else ""


def _number(said: Any) -> Any:
    text = _text(said).strip()
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text) if _DECIMAL.fullmatch(text) else said


def _fill(element: etree._Element, said: Mapping[str, Any]) -> None:
    for key, value in said.items():
        name = key.strip()
        if _NAME.fullmatch(name):
            for one in value if isinstance(value, list) else [value]:
                _add(element, name, one)


def _add(parent: etree._Element, name: str, said: Any) -> None:
    if said is None or isinstance(said, list):
        return
    child = etree.SubElement(parent, name)
    if isinstance(said, dict):
        _fill(child, said)
    elif isinstance(said, bool):
        child.text = "true" if said else "false"
    else:
        child.text = _NOT_IN_XML.sub("", str(said))

"""A test client that reads every page it gets as a careful reader would.

`PageClient` raises AssertionError for a page without a title or with other than one h1, for ids used twice,
inputs without a label, links without an address, pictures without words, references to ids that are not
there, and for anything that a strict content security policy would refuse.
"""

import re
from collections import Counter
from typing import Any

from django.http import HttpResponse
from django.test import Client
from lxml import html

_ADDRESSES = {"href", "src", "action", "formaction"}
_DATA = {"application/json", "application/ld+json"}
_UNLABELLED_TYPES = {"hidden", "submit", "button", "reset", "image"}


class PageClient(Client):
    """Checks every HTML answer: whole pages fully, exchanged regions (HX-Request) as far as a part can be."""

    def request(self, **request: Any) -> HttpResponse:  # type: ignore[override]
        response = super().request(**request)
        a_page = response.get("Content-Type", "").startswith("text/html")
        # A redirect and a method that is not offered have no page.
        if a_page and not 300 <= response.status_code < 400 and response.status_code != 405:
            check(response.content.decode(), whole="HTTP_HX_REQUEST" not in request)
        return response  # type: ignore[return-value]


def check(page: str, *, whole: bool = True) -> None:
    """Raise AssertionError that lists what is wrong with `page`."""
    faults = faults_in(page, whole=whole)
    assert not faults, "This page has faults:\n" + "\n".join(f"- {fault}" for fault in faults)


def faults_in(page: str, *, whole: bool = True) -> list[str]:
    """What is wrong with `page`, one sentence each."""
    tree = html.document_fromstring(page) if whole else html.fromstring(f"<div>{page}</div>")
    faults = _whole_page_faults(tree) if whole else []
    return faults + _id_faults(tree) + _label_faults(tree) + _link_faults(tree) + _policy_faults(tree)


def without_token(page: bytes) -> bytes:
    """The page without the forms' token, which is new each time."""
    return re.sub(rb'name="csrfmiddlewaretoken" value="\w+"', b"", page)


def words_of(text: str) -> str:
    """`text` without keys and tokens, whose random digits may spell anything, a year of birth too."""
    return re.sub(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Za-z0-9_-]{40,}", "", text)


def form_in(page: str) -> dict[str, list[str]]:
    """What a browser without scripts would send from the page's form, by name; no button is pressed."""
    tree: Any = html.document_fromstring(page)
    for template in tree.findall(".//template"):
        template.getparent().remove(template)
    (form,) = (form for form in tree.forms if form.method == "POST" and form.xpath("ancestor::main"))
    said: dict[str, list[str]] = {}
    for name, value in form.form_values():
        said.setdefault(name, []).append(value)
    return said


def _whole_page_faults(tree: html.HtmlElement) -> list[str]:
    faults = []
    if not tree.get("lang"):
        faults.append("The html element names no language.")
    title = (tree.findtext(".//title") or "").split("·")[0]
    if not title.strip():
        faults.append("The page has no title of its own.")
    headings = tree.findall(".//h1")
    if len(headings) != 1:
        faults.append(f"The page has {len(headings)} h1 instead of one.")
    faults += ["An h1 is empty." for heading in headings if not _words(heading)]
    return faults


def _id_faults(tree: html.HtmlElement) -> list[str]:
    ids = Counter(element.get("id") for element in tree.iter() if element.get("id"))
    faults = [f"The id {name!r} is used {count} times." for name, count in ids.items() if count > 1]
    for attribute in ("aria-labelledby", "aria-describedby", "aria-controls"):
        for element in tree.iterfind(f".//*[@{attribute}]"):
            missing = [name for name in element.get(attribute, "").split() if name not in ids]
            faults += [
                f"{_show(element)}: {attribute} names {name!r}, which is not there." for name in missing
            ]
    return faults


def _label_faults(tree: html.HtmlElement) -> list[str]:
    labelled = {label.get("for") for label in tree.iter("label") if _words(label)}
    return [
        f"{_show(field)} has no label."
        for field in tree.iter("input", "select", "textarea")
        if field.get("type") not in _UNLABELLED_TYPES
        and field.get("id") not in labelled
        and not field.get("aria-label")
        and not field.get("aria-labelledby")
        and not any(_words(label) for label in field.iterancestors("label"))
    ]


def _link_faults(tree: html.HtmlElement) -> list[str]:
    faults = [f"{_show(link)} leads nowhere." for link in tree.iter("a") if not link.get("href")]
    faults += [
        f"{_show(element)} says nothing."
        for element in tree.iter("a", "button")
        if not _words(element) and not element.get("aria-label")
    ]
    return faults + [f"{_show(image)} has no alt." for image in tree.iter("img") if image.get("alt") is None]


def _policy_faults(tree: html.HtmlElement) -> list[str]:
    faults = []
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        # A block of JSON is data, not script: the policy lets it stand.
        script = element.tag == "script" and element.get("type") not in _DATA
        if element.tag == "style" or (script and not element.get("src")):
            faults.append(f"{_show(element)} is inline.")
        for name, value in element.items():
            runs = name in _ADDRESSES and value.strip().lower().startswith("javascript:")
            if name == "style" or name.startswith("on") or runs:
                faults.append(f"{_show(element)} carries {name}.")
    return faults


def _words(element: html.HtmlElement) -> str:
    alternatives = "".join(image.get("alt") or "" for image in element.iter("img"))
    return str(element.text_content() + alternatives).strip()


def _show(element: html.HtmlElement) -> str:
    """The element's opening tag, shortened."""
    attributes = "".join(f' {name}="{value}"' for name, value in list(element.items())[:4])
    return f"<{element.tag}{attributes}>"[:120]

"""The checks themselves, on pages broken on purpose."""

import pytest

from tests.pages import faults_in

GOOD = """<!doctype html><html lang="en"><head><title>Credits · PARS</title></head><body>
<h1>Credits</h1><label for="q">Search</label><input id="q"><a href="/">Home</a></body></html>"""


def test_a_good_page_has_no_faults() -> None:
    faults = faults_in(GOOD)

    assert faults == []


@pytest.mark.parametrize(
    ("right", "wrong", "fault"),
    [
        ('<html lang="en">', "<html>", "no language"),
        ("Credits · PARS", " · PARS", "no title of its own"),
        ("<h1>Credits</h1>", "", "0 h1"),
        ("<h1>Credits</h1>", "<h1>Credits</h1><h1>Again</h1>", "2 h1"),
        ("<h1>Credits</h1>", "<h1> </h1>", "h1 is empty"),
        ('<a href="/">', '<a href="/" id="q">', "used 2 times"),
        ('<label for="q">Search</label>', "", "no label"),
        ('<a href="/">', "<a>", "leads nowhere"),
        ('<a href="/">Home</a>', '<a href="/"></a>', "says nothing"),
        ("<h1>", '<h1 style="color: red">', "carries style"),
        ("<h1>", '<h1 onclick="go()">', "carries onclick"),
        ('<a href="/">', '<a href="javascript:go()">', "carries href"),
        ("<h1>", "<script>go()</script><h1>", "is inline"),
        ("<h1>", "<style>h1{}</style><h1>", "is inline"),
        ("<h1>", '<img src="/x.svg"><h1>', "no alt"),
        ('<input id="q">', '<input id="q" aria-describedby="gone">', "not there"),
    ],
)
def test_each_fault_is_named(right: str, wrong: str, fault: str) -> None:
    page = GOOD.replace(right, wrong, 1)

    faults = faults_in(page)

    assert any(fault in sentence for sentence in faults), faults


def test_a_region_needs_no_title_but_still_labels() -> None:
    faults = faults_in('<div><input name="q"></div>', whole=False)

    assert faults == ['<input name="q"> has no label.']

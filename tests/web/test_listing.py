from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pars.web import listing as module
from pars.web.listing import Column, Listing
from pars.web.models import Mail

pytestmark = pytest.mark.django_db
COLUMNS = [
    Column("subject", "Subject", sort="subject"),
    Column("sent", "Sent", sort="sent_at"),
    Column("to", "To"),
]


@pytest.fixture(autouse=True)
def _sixty_mails() -> None:
    at = datetime(2026, 3, 4, tzinfo=UTC)
    Mail.objects.bulk_create(
        Mail(to=f"to{n}@example.org", subject=f"Subject {n:02}", body="", sent_at=at + timedelta(hours=n))
        for n in range(60)
    )


def listed(**query: str) -> Listing[Mail]:
    options: dict[str, Any] = {"search": ("subject__icontains",), "default": "-sent", "keep": ("kind",)}
    return Listing(query, Mail.objects.all(), path="/mail/", columns=COLUMNS, **options)


def test_the_default_order_and_the_first_page_come_without_asking() -> None:
    page = listed()

    assert [mail.subject for mail in page.rows][:2] == ["Subject 59", "Subject 58"]
    assert (page.first, page.last, page.total, page.pages) == (1, 25, "60", 3)


def test_a_sort_that_is_not_on_offer_is_ignored() -> None:
    page = listed(sort="to")

    assert page.rows[0].subject == "Subject 59"


def test_a_heading_sorts_and_sorts_the_other_way_the_second_time() -> None:
    page = listed(sort="subject")

    heading = page.headings[0]

    assert (heading.direction, heading.url) == ("ascending", "/mail/?sort=-subject")
    assert page.headings[2].url == ""


@pytest.mark.parametrize(
    ("asked", "shown"), [("2", 2), ("99", 3), ("0", 1), ("-1", 1), ("x", 1), ("²", 1), ("9" * 30, 1)]
)
def test_any_page_number_leads_to_a_page(asked: str, shown: int) -> None:
    page = listed(page=asked)

    assert page.number == shown
    assert page.rows


def test_links_keep_search_filter_and_order() -> None:
    page = listed(q="Subject", sort="subject", kind="open")

    assert page.next_url == "/mail/?kind=open&q=Subject&sort=subject&page=2"
    assert page.carried == [("kind", "open"), ("sort", "subject")]


def test_a_search_narrows_and_says_so() -> None:
    page = listed(q="subject 07")

    assert [mail.subject for mail in page.rows] == ["Subject 07"]
    assert page.narrowed


def test_counting_stops_at_the_cap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.Listing, "cap", 50)

    page = listed(page="9")

    assert page.count == 51
    assert (page.total, page.pages, page.number) == ("more than 50", 2, 2)


def test_a_page_takes_two_queries(django_assert_num_queries: Any) -> None:
    page = listed(q="subject")

    with django_assert_num_queries(2):
        rows, links, total = page.rows, page.links, page.total

    assert (len(rows), len(links), total) == (25, 3, "60")

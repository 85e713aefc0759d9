"""The finder's pages: for anyone, the same for everyone, and calm about whatever an address asks for."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test.utils import override_settings
from django.urls import reverse
from django.utils.timezone import now
from lxml import html

from activities.models import Activity
from pars.access.models import Organization, User
from pars.access.roles import Role
from tests.factories import a_member, a_provider, a_registration, an_activity
from tests.pages import PageClient

pytestmark = pytest.mark.django_db

SOON = now().date() + timedelta(days=30)
SignIn = Callable[[User | None], PageClient]


@pytest.fixture
def provider() -> Organization:
    return a_provider("Northlake Medical Center")


@pytest.fixture
def listed(provider: Organization) -> Callable[..., Activity]:
    def make(title: str = "Opioid Prescribing", **fields: Any) -> Activity:
        return an_activity(
            provider, **({"title": title, "listed": True, "start_on": SOON, "end_on": SOON} | fields)
        )

    return make


def read(client: PageClient, address: str, status: int = 200) -> html.HtmlElement:
    answer = client.get(address)
    assert answer.status_code == status, answer.content.decode()[-2000:]
    return html.document_fromstring(answer.content.decode())


def words(tree: html.HtmlElement, name: str) -> list[str]:
    return [" ".join(one.text_content().split()) for one in tree.find_class(name)]


def test_a_result_says_what_decides(client: PageClient, listed: Callable[..., Activity]) -> None:
    activity = listed(fee="No, it’s free")
    a_registration(activity, "ABIM")

    (card,) = words(read(client, "/find/"), "found__one")

    for said in ("Opioid Prescribing", "Northlake Medical Center", "Live Course · In-Person", "Raleigh, NC",
                 "4 AMA PRA Category 1 Credits™", "ABIM MOC", "Free"):  # fmt: skip
        assert said in card


def test_a_search_can_be_linked_to_and_every_filter_taken_off_again(
    client: PageClient, listed: Callable[..., Activity]
) -> None:
    listed()
    listed("Opioids Elsewhere", state="TX", city="Austin")
    address = "/find/?q=opioid&format=Live+Course&state=NC&sort=title"

    page = read(client, address)

    assert words(page, "found__title") == ["Opioid Prescribing"]
    assert words(page, "filter-chip") == ["Format Live Course", "State North Carolina"]
    without_state = page.find_class("filter-chip")[1].get("href")
    assert without_state == "/find/?q=opioid&format=Live+Course&sort=title"
    assert len(words(read(client, without_state), "found__title")) == 2
    assert page.xpath("//input[@name='q']/@value") == ["opioid"]
    assert page.xpath("//input[@name='sort']/@value") == ["title"]


def test_the_page_says_what_was_searched_for_instead(
    client: PageClient, listed: Callable[..., Activity]
) -> None:
    listed("Diabetes Care")

    page = read(client, "/find/?q=diabetis")

    assert "Nothing has “diabetis”. Showing what has “diabetes” instead." in page.text_content()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("q=nonsense", "Nothing has these words"),
        ("q=the", "These words stand everywhere"),
        ("state=WY", "Nothing matches all of this"),
        ("q=opioid&state=WY", "Nothing matches all of this"),
    ],
)
def test_an_empty_page_says_what_to_do(
    client: PageClient, listed: Callable[..., Activity], query: str, said: str
) -> None:
    listed()

    assert said in read(client, f"/find/?{query}").text_content()


def test_pages_keep_the_search(client: PageClient, listed: Callable[..., Activity]) -> None:
    for number in range(21):
        listed(f"Opioids {number}")

    page = read(client, "/find/?q=opioids&state=NC")

    assert "1–20 of 21 activities" in page.text_content()
    (following,) = page.xpath("//a[@rel='next']/@href")
    assert following == "/find/?q=opioids&state=NC&page=2"
    assert len(words(read(client, following), "found__title")) == 1
    assert len(words(read(client, "/find/?q=opioids&page=99999999"), "found__title")) == 1


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("q=%00", 422),
        (f"q={'x' * 10_000}", 422),
        ("format=Nothing", 422),
        ("format=%00", 422),
        ("specialty=%00", 422),
        ("since=soon", 422),
        ("since=2026-13-45", 422),
        ("since=99999-01-01", 422),
        ("since=2027-02-01&until=2027-01-01", 422),
        ("board=ABS&type=ABIM+Medical+Knowledge", 422),
        ("sort=;DROP", 422),
        ("until=0001-01-01", 200),
        ("since=9999-12-31", 200),
        ("page=-1", 200),
        ("page=%00", 200),
        ("page=²", 200),
        (f"page={'9' * 5_000}", 200),
        ("q=%25%27%22%5C%3A%2A%26%7C%21%28", 200),
        ("q=" + "(" * 200, 200),
        ("q=" + "a+-b+OR+" * 25, 200),
        ("q=%F0%9F%A9%BA+%E2%80%AE", 200),
        ("q=%ff%fe", 200),
        ("provider=%25_%5C", 200),
        ("unknown=1&q=", 200),
    ],
)
@pytest.mark.parametrize("address", ["/find/", "/find.json"])
def test_whatever_an_address_asks_for_gets_an_answer(
    client: PageClient, listed: Callable[..., Activity], address: str, query: str, status: int
) -> None:
    listed()
    if address == "/find.json" and query.startswith("page="):
        status = 422

    answer = client.get(f"{address}?{query}")

    assert answer.status_code == status
    if status == 422 and address == "/find.json":
        (error,) = json.loads(answer.content)["errors"]
        assert error["message"].endswith(".")
    elif status == 422:
        assert "Check one thing before you go on" in answer.content.decode()


def test_json_answers_the_same_question(client: PageClient, listed: Callable[..., Activity]) -> None:
    activity = listed()
    listed("Something Else")

    answer = client.get("/find.json?q=opioid&size=1").json()

    assert (answer["count"], answer["more"], answer["page"], answer["size"]) == (1, False, 1, 1)
    (result,) = answer["results"]
    assert result["id"] == activity.activity_id
    assert result["page"] == f"http://testserver/find/{activity.activity_id}/"
    assert result["starts"] == SOON.isoformat()


@pytest.mark.parametrize("query", ["size=101", "size=0", "size=x", "page=0", "page=1001"])
def test_json_refuses_a_page_beyond_its_bounds(client: PageClient, query: str) -> None:
    answer = client.get(f"/find.json?{query}")

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["parameter"] == query.partition("=")[0]


# One activity


def test_an_activity_has_a_page_with_what_search_engines_read(
    client: PageClient, listed: Callable[..., Activity]
) -> None:
    activity = listed(title="Pain </script><b>& care", specialties=["Pain Medicine"])

    page = read(client, f"/find/{activity.activity_id}/")

    facts = dict(zip(page.xpath("//main//dt/text()"), page.xpath("//main//dd/text()"), strict=False))
    assert facts["Accredited Provider"] == "Northlake Medical Center"
    assert facts["Specialties"] == "Pain Medicine"
    assert facts["Location"] == "Raleigh, NC"
    assert page.xpath("//link[@rel='canonical']/@href") == [f"http://testserver/find/{activity.activity_id}/"]
    assert page.xpath("//meta[@name='robots']/@content") == ["index, follow"]
    (data,) = page.xpath("//script[@type='application/ld+json']/text()")
    said = json.loads(data)
    assert (said["@type"], said["name"]) == ("EducationEvent", "Pain </script><b>& care")
    assert said["location"][0]["address"]["addressRegion"] == "NC"


def test_registering_is_a_plain_link_to_the_provider(
    client: PageClient, listed: Callable[..., Activity]
) -> None:
    activity = listed(url="https://cme.example.org/opioids")

    (link,) = read(client, f"/find/{activity.activity_id}/").xpath("//main//a[contains(text(), '') and @rel]")

    assert (link.get("href"), link.get("rel")) == ("https://cme.example.org/opioids", "noopener nofollow")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://cme.example.org/", "data:text/html,x"])
def test_only_the_web_is_linked_to(client: PageClient, listed: Callable[..., Activity], url: str) -> None:
    activity = listed(url=url)

    page = read(client, f"/find/{activity.activity_id}/")

    assert url not in page.xpath("//a/@href")
    assert "Register with the provider" not in page.text_content()


def test_an_activity_that_is_over_keeps_its_address(
    client: PageClient, listed: Callable[..., Activity]
) -> None:
    activity = listed(start_on=date(2025, 1, 1), end_on=date(2025, 1, 2))

    page = read(client, f"/find/{activity.activity_id}/")

    assert "This activity is over" in page.text_content()
    assert "Register with the provider" not in page.text_content()
    assert page.xpath("//meta[@name='robots']/@content") == ["noindex, follow"]
    assert client.get(f"/find/{activity.activity_id}.json").json()["over"] is True


@pytest.mark.parametrize("fields", [{"listed": False}, {"description": ""}])
def test_what_is_not_public_is_not_there_even_for_its_provider(
    client_as: SignIn, listed: Callable[..., Activity], fields: dict[str, Any]
) -> None:
    activity = listed(**fields)
    member = client_as(a_member(Organization.objects.get(pk=activity.organization_id), Role.ADMIN))

    for form in ("/", ".json"):
        assert member.get(f"/find/{activity.activity_id}{form}").status_code == 404


@pytest.mark.parametrize(
    "address", ["/find/1/", "/find/12345678a/", "/find/1234567890/", "/find/１２３４５６７８９/"]
)
def test_other_numbers_are_no_address(client: PageClient, address: str) -> None:
    assert client.get(address).status_code == 404


def test_commercial_support_and_counts_are_not_told(
    client: PageClient, listed: Callable[..., Activity]
) -> None:
    activity = listed()

    said = client.get(f"/find/{activity.activity_id}.json").json()

    assert {"support", "counts", "commercial_support", "wording"} & set(said) == set()


# For everyone


def test_a_visitor_gets_no_cookie_and_the_answer_may_be_shared(
    client: PageClient, listed: Callable[..., Activity]
) -> None:
    activity = listed()

    for address in (
        "/find/",
        "/find.json",
        f"/find/{activity.activity_id}/",
        f"/find/{activity.activity_id}.json",
    ):
        answer = client.get(address)
        assert not answer.cookies
        assert answer.headers["Cache-Control"] == "public, max-age=60"
        assert "Cookie" in answer.headers["Vary"]


def test_who_signed_in_sees_the_same_and_nothing_is_kept(
    client_as: SignIn, listed: Callable[..., Activity]
) -> None:
    activity = listed()
    stranger = client_as(a_member(a_provider(), Role.VIEWER))

    assert words(read(stranger, "/find/"), "found__title") == ["Opioid Prescribing"]
    answer = stranger.get(f"/find/{activity.activity_id}/")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"


@override_settings(ALLOWED_HOSTS=["testserver"])
def test_a_made_up_host_is_refused(client: PageClient) -> None:
    assert client.get("/find/", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    ("address", "most"),
    [("/find/", 7), ("/find/?q=opioid", 8), ("/find/?q=opioid&sort=starting", 7), ("/find/?q=zzzzqqqq", 11),
     ("/find.json?q=opioid", 8)],
)  # fmt: skip
def test_a_search_asks_the_database_as_often_whatever_it_finds(
    client: PageClient,
    listed: Callable[..., Activity],
    django_assert_max_num_queries: Any,
    address: str,
    most: int,
) -> None:
    for number in range(25):
        listed(f"Opioids {number}")

    with django_assert_max_num_queries(most):
        client.get(address)


def test_the_way_to_the_finder_stands_on_the_front_page(client: PageClient) -> None:
    page = read(client, "/")

    assert reverse("find") in page.xpath("//main//a/@href")
    assert reverse("find") in page.xpath("//header//a/@href")

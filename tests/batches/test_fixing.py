"""Fixing a row on screen: its own cells, the same check, one version more of the same row."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from lxml import html

from learners.models import Credit, Guess
from pars.access.actor import Actor
from pars.access.models import Organization, User
from pars.access.roles import Role
from pars.access.scope import acting_as
from pars.audit.models import Event
from pars.batches.models import Batch, Correction, Source
from tests.activities import rows as activities
from tests.activities.test_batch_documents import known_as, send_json
from tests.activities.test_documents import at
from tests.factories import a_board, a_member, a_physician, a_provider, an_activity
from tests.pages import PageClient, words_of
from tests.roles import as_role
from tests.uploads import a_row, as_csv, rows_to_fix, saved, see_through, send, take_in, told

pytestmark = pytest.mark.django_db

SignIn = Callable[[User | None], PageClient]
HTMX = {"HX-Request": "true"}


@pytest.fixture
def ours() -> Organization:
    return a_provider("Ours")


@pytest.fixture
def row(ours: Organization) -> dict[str, str]:
    a_physician(a_board("NC"), "2008-95323", last_name="Osei", first_name="Amara")
    return a_row(an_activity(ours).activity_id)


@pytest.fixture
def reporter(ours: Organization, client_as: SignIn) -> PageClient:
    return client_as(a_member(ours, Role.REPORTER, name="Pat Person"))


def address(batch: Batch, number: int) -> str:
    return reverse("batch-row", args=[batch.pk, number])


def page_of(response: Any) -> Any:
    return html.document_fromstring(response.content.decode())


def words(response: Any) -> str:
    return " ".join(str(page_of(response).xpath("string()")).split())


def fields(response: Any) -> dict[str, str]:
    """Label → value of every cell on the page, in the page's order."""
    page = page_of(response)
    return {
        str(label.text).strip(): page.get_element_by_id(label.get("for")).value or ""
        for label in page.xpath("//main//label[@for]")
    }


def names(response: Any) -> dict[str, str]:
    """Label → name of the field."""
    page = page_of(response)
    return {
        str(label.text).strip(): page.get_element_by_id(label.get("for")).name
        for label in page.xpath("//main//label[@for]")
    }


def save(client: PageClient, batch: Batch, number: int, *, following: bool = False, **kwargs: Any) -> Any:
    """Open the row, change the cells of these headings, save."""
    changes: dict[str, str] = kwargs.pop("changes")
    opened = client.get(address(batch, number))
    named, values = names(opened), fields(opened)
    data = {named[label]: changes.get(label, value) for label, value in values.items()}
    return client.post(address(batch, number), data | ({"next": "yes"} if following else {}), **kwargs)


def reload(batch: Batch) -> Batch:
    with acting_as(Actor.system_job("test")):
        batch.refresh_from_db()
    return batch


def credits() -> int:
    with as_role("pars_owner"):
        return Credit.objects.count()


def events(verb: str) -> int:
    with as_role("pars_owner"):
        return Event.objects.filter(verb=verb).count()


AMOUNT, COMPLETED, BIRTHDAY = ("Number of CME Credits", "Completion Date", "Date of Birth")


def test_the_wrong_cells_come_first_under_the_files_own_headings(
    ours: Organization, row: dict[str, str], reporter: PageClient
) -> None:
    batch = send(ours, row | {"amount": "many", "completed": "soon"})

    response = reporter.get(address(batch, 2))

    shown = fields(response)
    assert set(list(shown)[:2]) == {AMOUNT, COMPLETED}
    assert (shown[AMOUNT], shown[COMPLETED], shown["Last Name"]) == ("many", "soon", "Osei")
    assert "Credits are a number above 0 in steps of 0.25, like 1.5." in words(response)
    assert "The other cells of this row Add, " in words(response)
    assert events("batch.row_read") == 1


def test_a_saved_row_lands_as_a_version_of_its_earlier_one(
    ours: Organization, row: dict[str, str], reporter: PageClient
) -> None:
    batch = send(ours, row | {"amount": "many"}, options={"consent": "implied"})

    response = save(reporter, batch, 2, changes={AMOUNT: "3.5"})

    assert (response.status_code, response["Location"]) == (302, f"/uploads/{batch.pk}/#fix")
    assert (reload(batch).failed, batch.fixed) == (0, 1)
    with as_role("pars_owner"):
        credit = Credit.objects.get()
        entered = Batch.objects.get(source=Source.FORM)
        link = Correction.objects.get()
    assert (credit.amount, credit.consent, credit.batch_id) == (Decimal("3.5"), "implied", entered.pk)
    assert (link.batch_id, link.first_batch_id, link.first_number) == (entered.pk, batch.pk, 2)
    assert events("batch.row_fixed") == 1


def test_what_does_not_pass_stays_on_the_page_with_its_new_sentence(
    ours: Organization, row: dict[str, str], reporter: PageClient
) -> None:
    batch = send(ours, row | {"amount": "many"})

    response = save(reporter, batch, 2, changes={AMOUNT: "4", COMPLETED: "01/01/2031"})

    assert response.status_code == 422
    assert fields(response)[COMPLETED] == "01/01/2031"
    assert "Completion date is after today." in words(response)
    assert (reload(batch).failed, credits(), events("batch.row_fixed")) == (1, 0, 0)


def test_the_next_row_is_offered_until_none_is_left(
    ours: Organization, row: dict[str, str], reporter: PageClient
) -> None:
    batch = send(ours, row | {"amount": "many"}, row, row | {"amount": "few"})

    second = save(reporter, batch, 4, changes={AMOUNT: "4"}, following=True)
    page = reporter.get(second["Location"])
    last = save(reporter, batch, 2, changes={AMOUNT: "4"}, following=True)

    assert second["Location"] == address(batch, 2)
    assert "Row 4 was on record already" in words(page)
    assert "This is the last row of this file to fix." in words(page)
    assert last["Location"] == f"/uploads/{batch.pk}/#fix"


def test_counted_instructions_get_smaller_as_rows_are_fixed(
    ours: Organization, row: dict[str, str], reporter: PageClient
) -> None:
    batch = send(ours, row | {"amount": "many"}, row | {"amount": "few"})
    before = words(reporter.get(f"/uploads/{batch.pk}/"))

    save(reporter, batch, 2, changes={AMOUNT: "4"})

    after = words(reporter.get(f"/uploads/{batch.pk}/"))
    assert "Fix the number of credits in 2 rows" in before
    assert "Fix the number of credits in 1 row" in after
    assert "1 row is in. 1 row needs a fix." in after
    assert "1 of 2 rows to fix is in now:1 on screen" in after
    assert told(batch)["fixed_by"] == [{"batch": None, "rows": 1}]


def test_a_year_of_birth_is_neither_shown_nor_kept_nor_shown_again(
    ours: Organization, row: dict[str, str], reporter: PageClient
) -> None:
    batch = send(ours, row | {"birthday": "10/13/1980", "amount": "many"})

    opened = reporter.get(address(batch, 2))
    again = save(reporter, batch, 2, changes={BIRTHDAY: "10/13/1980"})
    saved_now = save(reporter, batch, 2, changes={BIRTHDAY: "10/13/1980", AMOUNT: "4"})

    assert fields(opened)[BIRTHDAY] == fields(again)[BIRTHDAY] == "10/13"
    assert "1980" not in words_of(opened.content.decode() + again.content.decode())
    assert saved_now.status_code == 302


def test_who_disagrees_gets_the_one_sentence_with_the_persons_cells_beside_it_and_it_counts(
    ours: Organization, row: dict[str, str], reporter: PageClient
) -> None:
    batch = send(ours, row | {"birthday": "01/02"})
    with as_role("pars_owner"):
        guesses = Guess.objects.count()

    opened = reporter.get(address(batch, 2))
    again = save(reporter, batch, 2, changes={BIRTHDAY: "03/04"})

    assert list(fields(opened))[:5] == [
        "Licensing ID or NPI",
        "First Name",
        "Last Name",
        BIRTHDAY,
        "Licensing State",
    ]
    assert "Name, birthday and number do not belong together." in words(again)
    with as_role("pars_owner"):
        assert Guess.objects.count() == guesses + 1


def test_a_column_that_the_file_lacks_can_be_filled_in(
    ours: Organization, row: dict[str, str], reporter: PageClient
) -> None:
    content = as_csv([{key: value for key, value in row.items() if key != "state"}])
    content = content.replace(b"Licensing State", b"Our remark").replace(b"10/13,,", b"10/13,Room 5,")
    batch = see_through(take_in(ours, content, "learners.csv"))

    opened = reporter.get(address(batch, 2))
    response = save(reporter, batch, 2, changes={"Licensing State": "NC"})

    assert "Our remarkRoom 5" in words(opened).replace("remark Room", "remarkRoom")
    assert (response.status_code, credits()) == (302, 1)


def test_the_second_of_two_is_told_who_was_first(
    ours: Organization, row: dict[str, str], reporter: PageClient, client_as: SignIn
) -> None:
    colleague = client_as(a_member(ours, Role.REPORTER))
    batch = send(ours, row | {"amount": "many"})
    opened = colleague.get(address(batch, 2))
    save(reporter, batch, 2, changes={AMOUNT: "4"})

    data = {names(opened)[label]: value for label, value in fields(opened).items()}
    response = colleague.post(address(batch, 2), data | {names(opened)[AMOUNT]: "2"})

    assert "This row is in" in words(response)
    assert "by Pat Person, on screen" in words(response)
    with as_role("pars_owner"):
        assert [credit.amount for credit in Credit.objects.all()] == [4]


def test_a_viewer_sees_what_is_to_fix_and_nothing_to_fix_it_with(
    ours: Organization, row: dict[str, str], reporter: PageClient, client_as: SignIn
) -> None:
    viewer = client_as(a_member(ours, Role.VIEWER))
    batch = send(ours, row | {"amount": "many"})

    theirs = viewer.get(f"/uploads/{batch.pk}/").content.decode()
    ours_page = reporter.get(f"/uploads/{batch.pk}/").content.decode()

    assert address(batch, 2) not in theirs
    assert ours_page.count(address(batch, 2)) == 2
    assert viewer.get(address(batch, 2)).status_code == 403
    assert viewer.post(address(batch, 2)).status_code == 403


def test_rows_that_are_in_and_rows_that_are_not_there_are_not_found(
    ours: Organization, row: dict[str, str], reporter: PageClient
) -> None:
    batch = send(ours, row, row | {"amount": "many"})

    assert [reporter.get(address(batch, number)).status_code for number in (1, 2, 3, 9)] == [
        404,
        404,
        200,
        404,
    ]


def test_a_check_is_not_fixed_row_by_row(
    ours: Organization, row: dict[str, str], reporter: PageClient
) -> None:
    batch = send(ours, row | {"amount": "many"}, check_only=True)

    assert address(batch, 2) not in reporter.get(f"/uploads/{batch.pk}/").content.decode()
    assert reporter.post(address(batch, 2)).status_code == 302
    with as_role("pars_owner"):
        assert not Batch.objects.filter(source=Source.FORM).exists()


def test_without_the_stored_file_the_page_leads_back(
    ours: Organization, row: dict[str, str], reporter: PageClient
) -> None:
    batch = send(ours, row | {"amount": "many"})
    with as_role("pars_owner"):
        Batch.objects.update(stored_as="")

    response = reporter.get(address(batch, 2), follow=True)

    assert response.redirect_chain[0][0] == f"/uploads/{batch.pk}/#fix"
    assert "The file itself is no longer kept" in words(response)


def test_a_row_that_failed_twice_is_fixed_in_both_files_at_once(
    ours: Organization, row: dict[str, str], reporter: PageClient
) -> None:
    first = send(ours, row | {"amount": "many"})
    second = see_through(take_in(ours, saved(rows_to_fix(first)), "to fix.xlsx"))
    assert second.failed == 1

    save(reporter, first, 2, changes={AMOUNT: "4"})

    assert (reload(first).failed, reload(second).failed) == (0, 0)
    assert reporter.get(address(second, 2)).status_code == 200


def test_htmx_gets_the_next_row_and_its_address(
    ours: Organization, row: dict[str, str], reporter: PageClient
) -> None:
    batch = send(ours, row | {"amount": "many"}, row | {"amount": "few"})

    wrong = save(reporter, batch, 2, changes={AMOUNT: "lots"}, headers=HTMX)
    following = save(reporter, batch, 2, changes={AMOUNT: "4"}, following=True, headers=HTMX)
    page = reporter.get(following["Location"], headers=HTMX)
    last = save(reporter, batch, 3, changes={AMOUNT: "4"}, following=True, headers=HTMX)

    assert wrong.status_code == 200
    assert "Credits are a number above 0" in words(wrong)
    assert page["HX-Push-Url"] == address(batch, 3)
    assert last["HX-Redirect"] == f"/uploads/{batch.pk}/#fix"


def test_an_activity_is_fixed_the_same_way(ours: Organization, reporter: PageClient) -> None:
    batch = activities.send(ours, activities.a_row("GR-1", starts="soon"))

    response = save(reporter, batch, 2, changes={"Start Date": "09/12/2026"})

    assert response.status_code == 302
    assert activities.the_record(ours).title == "Grand Rounds: Sepsis"


def test_a_record_of_a_document_is_fixed_as_a_row_of_the_template(
    ours: Organization, reporter: PageClient
) -> None:
    bad = at(known_as("C-1"), "healthcareMetadata.healthcareEducation.credits.numberOfCredits", 0.3)
    batch = send_json(ours, known_as("C-0"), bad)

    opened = reporter.get(address(batch, 2))
    response = save(reporter, batch, 2, changes={"AMA PRA Category 1 Credits": "0.5"})

    assert next(iter(fields(opened))) == "AMA PRA Category 1 Credits"
    assert response.status_code == 302
    assert activities.own_ids(ours) == ["C-0", "C-1"]

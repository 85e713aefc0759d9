import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.template.loader import render_to_string


def test_progress_asks_again_until_the_job_is_finished() -> None:
    running = render_to_string("components/progress.html", {"url": "/batches/1/", "done": 1, "total": 9})
    finished = render_to_string("components/progress.html", {"url": "/batches/1/", "finished": True})

    assert 'hx-get="/batches/1/"' in running
    assert 'href="/batches/1/"' in running
    assert "hx-get" not in finished


def test_an_error_summary_counts_and_leads_to_the_fields_of_several_forms() -> None:
    one = render_to_string("components/error_summary.html", {"lines": [("#id_city", "City: Enter it.")]})
    two = render_to_string("components/error_summary.html", {"lines": [("#a", "A"), ("", "Only words")]})

    assert "Check one thing" in one
    assert '<a href="#id_city">City: Enter it.</a>' in one
    assert "Check 2 things" in two
    assert "<li>Only words</li>" in two


def test_a_component_takes_a_body_and_nothing_else_of_the_page() -> None:
    page = Template(
        '{% load components %}{% component "card" heading=title %}<p>{{ name }}</p>{% endcomponent %}'
    )

    card = page.render(Context({"title": "Due", "name": "Osei & Co", "action": "Leaked"}))

    assert "Due" in card
    assert "<p>Osei &amp; Co</p>" in card
    assert "Leaked" not in card


def test_a_component_without_key_value_arguments_is_refused() -> None:
    with pytest.raises(TemplateSyntaxError):
        Template('{% load components %}{% component "card" heading %}{% endcomponent %}')


@pytest.mark.parametrize("tone", ["info", "success", "warning", "error"])
def test_an_alert_that_appears_is_announced(tone: str) -> None:
    alert = render_to_string("components/alert.html", {"tone": tone, "text": "Saved", "live": True})

    assert f'role="{"alert" if tone == "error" else "status"}"' in alert

import pytest
from django.template.loader import render_to_string

from pars.web import charts
from tests.pages import check

POINTS = [("Jan", 10.0), ("Feb", 40.0), ("Mar", 0.0)]


def test_bars_stand_on_the_ground_and_the_highest_fills_the_frame() -> None:
    chart = charts.bars("Credits", POINTS)

    assert [bar.y + bar.height for bar in chart.bars] == [100, 100, 100]
    assert [bar.height for bar in chart.bars] == [25, 100, 0]


def test_shares_fill_the_whole_bar() -> None:
    chart = charts.stacked("Rows", POINTS)

    assert sum(bar.width for bar in chart.bars) == pytest.approx(100)
    assert [part.share for part in chart.legend] == [20, 80, 0]


def test_a_chart_says_itself_in_a_sentence() -> None:
    chart = charts.bars("Credits", POINTS)

    assert chart.summary == "Credits: 0 in Mar; the most, 40, in Feb."


@pytest.mark.parametrize("make", [charts.bars, charts.stacked, charts.sparkline])
@pytest.mark.parametrize("points", [[], [("Jan", 0.0)], POINTS])
def test_any_numbers_draw(make: charts.Maker, points: list[charts.Point]) -> None:
    chart = make("Credits", points)

    drawn = render_to_string("components/chart.html", {"chart": chart})

    check(drawn, whole=False)
    assert all(label in drawn for label, _ in points)


def test_groups_of_bars_have_their_colours_and_sums() -> None:
    late = charts.Group("Late", 2, (("Late by 1 day", "1", 3.0),))
    due = charts.Group("Due", 1, (("Due today", "0", 1.0), ("Due tomorrow", "1", 0.0)))

    chart = charts.grouped("Waiting", [late, due])

    assert [bar.series for bar in chart.bars] == [2, 1, 1]
    assert [(part.label, part.value, part.share) for part in chart.legend] == [
        ("Late", 3, 75),
        ("Due", 1, 25),
    ]
    assert chart.summary == "Waiting: Late 3, Due 1."
    drawn = render_to_string("components/chart.html", {"chart": chart})
    check(drawn, whole=False)
    assert "<li>1</li><li>0</li><li>1</li>" in drawn

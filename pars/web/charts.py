"""Small charts as plain geometry; components/chart.html draws them as inline SVG beside a table.

Coordinates are in a box of 100 by 100 that the page stretches to its frame; text stays HTML, outside the
drawing, so that it keeps its size. Colours are classes, series 1 to 5, set in the stylesheet.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

from .numbers import counted, trimmed

Kind = Literal["bars", "stacked", "line"]
Point = tuple[str, float]


class Maker(Protocol):
    """What `bars`, `stacked` and `sparkline` have in common."""

    def __call__(self, title: str, points: Sequence[Point], *, unit: str = ..., by: str = ...) -> "Chart": ...


_GAP = 0.28  # of a bar's slot


@dataclass(frozen=True)
class Bar:
    """A filled rectangle; `tip` is what a pointer resting on it reads."""

    x: float
    y: float
    width: float
    height: float
    series: int
    tip: str


@dataclass(frozen=True)
class Group:
    """Bars of one colour. Each is (label in the table, short label under the bar, value)."""

    name: str
    series: int
    bars: tuple[tuple[str, str, float], ...]


@dataclass(frozen=True)
class Part:
    """One entry of a legend."""

    label: str
    value: float
    share: int
    series: int


@dataclass(frozen=True)
class Chart:
    """What components/chart.html draws. `columns` and `rows` are the table, `ticks` what stands under bars instead."""

    kind: Kind
    title: str
    unit: str
    columns: tuple[str, ...]
    rows: tuple[Point, ...]
    top: float
    bars: tuple[Bar, ...] = ()
    line: str = ""
    legend: tuple[Part, ...] = field(default=())
    ticks: tuple[str, ...] = ()

    @property
    def height(self) -> str:
        """How much the highest bar stands for."""
        return counted(self.top, self.unit)

    @property
    def axis(self) -> tuple[str, ...]:
        """What stands under each bar."""
        return self.ticks or tuple(label for label, _ in self.rows)

    @property
    def summary(self) -> str:
        """The picture in one sentence, for those who do not see it."""
        if not self.rows:
            return f"{self.title}: no numbers yet."
        if self.legend:
            return (
                f"{self.title}: "
                + ", ".join(f"{part.label} {trimmed(part.value)}" for part in self.legend)
                + "."
            )
        most = max(self.rows, key=lambda row: row[1])
        last = self.rows[-1]
        return f"{self.title}: {trimmed(last[1])} in {last[0]}; the most, {trimmed(most[1])}, in {most[0]}."


def bars(title: str, points: Sequence[Point], *, unit: str = "", by: str = "Month") -> Chart:
    """One bar a point, left to right, from zero. Values are not negative."""
    top = max((value for _, value in points), default=0)
    slot = 100 / max(len(points), 1)
    drawn = tuple(
        Bar(
            x=round(index * slot + slot * _GAP / 2, 2),
            y=round(100 - _scaled(value, top), 2),
            width=round(slot * (1 - _GAP), 2),
            height=_scaled(value, top),
            series=1,
            tip=f"{label}: {counted(value, unit)}",
        )
        for index, (label, value) in enumerate(points)
    )
    return Chart(
        "bars",
        title,
        unit,
        (by, unit.capitalize() or "Number"),
        tuple(points),
        top,
        bars=drawn,
    )


def grouped(title: str, groups: Sequence[Group], *, unit: str = "", by: str = "Part") -> Chart:
    """Bars in groups, left to right; the legend has each group's colour and sum."""
    points = [(label, value) for group in groups for label, _, value in group.bars]
    colours = [group.series for group in groups for _ in group.bars]
    sums = [sum(value for _, _, value in group.bars) for group in groups]
    whole = sum(sums)
    plain = bars(title, points, unit=unit, by=by)
    return replace(
        plain,
        bars=tuple(replace(bar, series=colour) for bar, colour in zip(plain.bars, colours, strict=True)),
        legend=tuple(
            Part(group.name, total, round(total / whole * 100) if whole else 0, group.series)
            for group, total in zip(groups, sums, strict=True)
        ),
        ticks=tuple(tick for group in groups for _, tick, _ in group.bars),
    )


def stacked(title: str, points: Sequence[Point], *, unit: str = "", by: str = "Part") -> Chart:
    """One bar cut into shares, with a legend: how a whole is made up."""
    whole = sum(value for _, value in points)
    drawn: list[Bar] = []
    legend: list[Part] = []
    x = 0.0
    for series, (label, value) in enumerate(points, start=1):
        width = value / whole * 100 if whole else 0
        tip = f"{label}: {counted(value, unit)}"
        drawn.append(
            Bar(
                x=round(x, 2),
                y=0,
                width=round(width, 2),
                height=100,
                series=series,
                tip=tip,
            )
        )
        legend.append(Part(label, value, round(width), series))
        x += width
    columns = (by, unit.capitalize() or "Number")
    return Chart(
        "stacked",
        title,
        unit,
        columns,
        tuple(points),
        whole,
        bars=tuple(drawn),
        legend=tuple(legend),
    )


def sparkline(title: str, points: Sequence[Point], *, unit: str = "", by: str = "Month") -> Chart:
    """A line small enough to stand in a tile."""
    top = max((value for _, value in points), default=0)
    step = 100 / max(len(points) - 1, 1)
    line = " ".join(
        f"{round(index * step, 2)},{round(96 - _scaled(value, top) * 0.92, 2)}"
        for index, (_, value) in enumerate(points)
    )
    return Chart(
        "line",
        title,
        unit,
        (by, unit.capitalize() or "Number"),
        tuple(points),
        top,
        line=line,
    )


def _scaled(value: float, top: float) -> float:
    return round(value / top * 100, 2) if top else 0.0

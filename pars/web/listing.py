"""Lists: search, sort, page, all of it in the address, so that a list can be linked to and gone back to.

    listing = Listing(
        request.GET,
        Activity.objects.visible_to(request.actor),
        path=request.path,
        columns=[
            Column("title", "Title", sort="title"),
            Column("ends", "Ends", sort="end_date"),
            Column("credits", "Credits", numeric=True),
        ],
        search=("title__icontains", "activity_id"),
        default="-ends",
    )

The template hands it to components/search.html, components/table.html (with a row template) and
components/pagination.html. One query counts, up to a cap; one fetches the page.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db.models import Model, Q, QuerySet
from django.utils.http import urlencode

M = TypeVar("M", bound=Model)

PAGE_SIZE = 25
COUNT_CAP = 10_000


@dataclass(frozen=True)
class Column:
    """A column of a list. `sort`: the field it sorts by, empty where it cannot; `numeric`: flush right."""

    key: str
    label: str
    sort: str = ""
    numeric: bool = False
    hidden_label: bool = False


@dataclass(frozen=True)
class Heading:
    """A column's head on one page: `url` sorts by it, `direction` is ascending, descending or empty."""

    label: str
    numeric: bool
    hidden_label: bool
    url: str = ""
    direction: str = ""


@dataclass(frozen=True)
class PageLink:
    """A place in the row of page numbers; without a url it stands for pages left out."""

    number: int
    url: str
    current: bool


class Pages:
    """Where one page stands among the others, for components/pagination.html.

    Who inherits says how many rows there are (`count`, up to `cap` + 1), which page was asked for, and the address of
    another page.
    """

    page_size: int = PAGE_SIZE
    cap: int = COUNT_CAP
    asked_page: str = "1"

    @property
    def count(self) -> int:
        raise NotImplementedError

    def url(self, **changes: Any) -> str:
        raise NotImplementedError

    @property
    def capped(self) -> bool:
        """More rows than are counted or paged through: narrow the search."""
        return self.count > self.cap

    @property
    def total(self) -> str:
        """The count in words a page can show: "1,204", "more than 10,000"."""
        return f"more than {self.cap:,}" if self.capped else f"{self.count:,}"

    @property
    def pages(self) -> int:
        return max(1, -(-min(self.count, self.cap) // self.page_size))

    @property
    def number(self) -> int:
        """The page shown, from 1."""
        asked = int(self.asked_page) if self.asked_page.isdecimal() and len(self.asked_page) < 9 else 1
        return min(max(asked, 1), self.pages)

    @property
    def first(self) -> int:
        return (self.number - 1) * self.page_size + 1 if self.count else 0

    @property
    def last(self) -> int:
        return min(self.number * self.page_size, self.count)

    @property
    def previous_url(self) -> str:
        return self._page_url(self.number - 1) if self.number > 1 else ""

    @property
    def next_url(self) -> str:
        return self._page_url(self.number + 1) if self.number < self.pages else ""

    @property
    def links(self) -> list[PageLink]:
        """First, last, and those around this page; gaps have no url."""
        shown = sorted(
            {1, self.number - 1, self.number, self.number + 1, self.pages} & set(range(1, self.pages + 1))
        )
        links: list[PageLink] = []
        for number in shown:
            if links and number > links[-1].number + 1:
                links.append(PageLink(number - 1, "", current=False))
            links.append(PageLink(number, self._page_url(number), number == self.number))
        return links

    def _page_url(self, number: int) -> str:
        return self.url(page=number if number > 1 else "")


class Listing(Pages, Generic[M]):
    """One page of a queryset as the address asks: `q`, `sort` (a column's key, `-` for descending), `page`.

    What an address asks for and is not on offer is ignored, never an error. Other parameters (filters) are
    the view's own: it filters the queryset and names them in `keep`; every link carries them along. `fold` is
    done to what is searched for. `enrich` adds what is costly to say of a row, for the rows of the page alone;
    `count` spares the query where the view has the number.
    """

    def __init__(
        self,
        query: Mapping[str, str],
        queryset: "QuerySet[M]",
        *,
        path: str,
        columns: Sequence[Column],
        search: Sequence[str] = (),
        default: str = "",
        keep: Sequence[str] = (),
        page_size: int = PAGE_SIZE,
        fold: Callable[[str], str] = str,
        enrich: "Callable[[QuerySet[M]], QuerySet[M]] | None" = None,
        count: int | None = None,
    ) -> None:
        self.path = path
        self._enrich = enrich
        self._known = count
        self.columns = columns
        self.page_size = page_size
        self.q = query.get("q", "").strip() if search else ""
        self.kept = {name: query[name] for name in keep if query.get(name)}
        self._default = default
        fields = {column.key: column.sort for column in columns if column.sort}
        asked = query.get("sort", "")
        self.sort = asked if asked.removeprefix("-") in fields else default
        if self.q:
            queryset = queryset.filter(matching(search, fold(self.q)))
        if self.sort:
            sign = "-" if self.sort.startswith("-") else ""
            queryset = queryset.order_by(sign + fields[self.sort.removeprefix("-")], sign + "pk")
        self._queryset = queryset
        self.asked_page = query.get("page", "1")

    @cached_property
    def count(self) -> int:
        """Rows found, counted up to one more than the cap."""
        if self._known is not None:
            return min(self._known, self.cap + 1)
        return self._queryset.order_by()[: self.cap + 1].count()

    @cached_property
    def rows(self) -> list[M]:
        first = (self.number - 1) * self.page_size
        page = self._queryset[first : first + self.page_size]
        if self._enrich is None:
            return list(page)
        return list(self._enrich(self._queryset.filter(pk__in=page.values("pk"))))

    def everything(self, most: int) -> Iterator[M]:
        """The rows of all pages in the list's order, `most` of them at the most, for a file."""
        everything = self._enrich(self._queryset) if self._enrich else self._queryset
        return everything[:most].iterator()

    @property
    def narrowed(self) -> bool:
        """A search or a filter is on: an empty list then means «nothing matches», not «nothing yet»."""
        return bool(self.q or self.kept)

    def url(self, **changes: Any) -> str:
        """This list's address with some parameters changed; the page goes back to 1 unless named."""
        sort = self.sort if self.sort != self._default else ""
        wanted = {**self.kept, "q": self.q, "sort": sort, **changes}
        query = urlencode({name: value for name, value in wanted.items() if value})
        return f"{self.path}?{query}" if query else self.path

    @property
    def headings(self) -> list[Heading]:
        return [self._heading(column) for column in self.columns]

    def _heading(self, column: Column) -> Heading:
        if not column.sort:
            return Heading(column.label, column.numeric, column.hidden_label)
        direction = {column.key: "ascending", f"-{column.key}": "descending"}.get(self.sort, "")
        other = f"-{column.key}" if direction == "ascending" else column.key
        return Heading(
            column.label,
            column.numeric,
            column.hidden_label,
            self.url(sort=other),
            direction,
        )

    @property
    def carried(self) -> list[tuple[str, str]]:
        """Parameters a search form takes along as hidden fields."""
        sort = [("sort", self.sort)] if self.sort and self.sort != self._default else []
        return [*self.kept.items(), *sort]


def matching(lookups: Sequence[str], text: str) -> Q:
    """What a list's search finds: any of the lookups. Everything, where nothing is searched for."""
    found = Q()
    for lookup in lookups if text else ():
        found |= Q((lookup, text))
    return found

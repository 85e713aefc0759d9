"""What a physician's record holds besides credit: tables whose rows go to another record when two become one.

An app registers its own in `apps.py`; a test sees that no foreign key to a physician is forgotten.
"""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Holding:
    """Rows of `table` that name a physician in `physician_id`.

    `once`: a record has at most one, and two that both have it cannot be joined, for the reason in `refusal`. `unless`
    is an SQL condition over the row `t` and the record `%(kept)s`: such a row says nothing new there and stays.
    """

    table: str
    key: str = "id"
    once: bool = False
    refusal: str = ""
    unless: str = "false"


_HOLDINGS: dict[str, Holding] = {
    holding.table: holding
    for holding in (
        Holding("learners_certification"),
        Holding(
            "learners_alias",
            unless="EXISTS (SELECT FROM learners_alias k WHERE k.physician_id = %(kept)s "
            "AND (k.last_key, k.first_key) = (t.last_key, t.first_key))",
        ),
    )
}
# Moved with versions of their own, or for each provider by its matcher: see `moves`.
BY_THEMSELVES = frozenset(
    {"learners_license", "learners_learner", "learners_credit", "learners_creditpoints", "learners_merger"}
)


def register(holding: Holding) -> None:
    """Make a holding known, once, when Django starts."""
    if holding.table in _HOLDINGS:
        raise ValueError(f"{holding.table} is registered already.")
    _HOLDINGS[holding.table] = holding


def holdings() -> Iterable[Holding]:
    return tuple(_HOLDINGS.values())

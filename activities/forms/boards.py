"""Which certifying boards it counts for (MOC, continuing certification): a card for each."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from activities.codes import code_list
from activities.formats import REPORT_WITHIN_DAYS, SELF_PACED
from activities.record import Record, Registration
from activities.rules.boards import open_boards
from pars.web.rows import as_typed

from .fields import Code, Codes, Day, Number, Text, chooser
from .listing import FEES, REGISTRATIONS, URL_HINT
from .section import Section

_PLAIN = ("points", "claim_by", "internal_id", "fee", "registration", "url", "attested")


class Card(forms.Form):
    """What one board asks for. `board` is its code, `on_record` what was registered before, if anything was."""

    points = Number(
        "Points",
        "points_unreadable",
        asked=True,
        help_text="The most that a diplomate can earn, in steps of 0.25.",
    )
    credit_types = Codes("Credit types", asked=True)
    claim_by = Day(
        "Last day to claim", asked=True, help_text="The last day on which a learner may claim these points."
    )
    attested = forms.BooleanField(
        label="We attest that it meets the requirements of this board", required=False
    )
    practice_areas = Codes("Practice areas")
    content_areas = Text(
        "Content areas", help_text="Where the board has an outline: its keywords, separated by commas."
    )
    internal_id = Text("Your ID of it with this board", help_text="Where the board asks for one.")
    fee = Code("Fee", choices=chooser("As in the public listing", FEES))
    registration = Code("Registration", choices=chooser("As in the public listing", REGISTRATIONS))
    url = Text("Web address", help_text=URL_HINT, widget=forms.TextInput(attrs={"inputmode": "url"}))

    def __init__(
        self,
        data: Mapping[str, Any] | None = None,
        *,
        board: str,
        on_record: Registration | None,
        usual: dict[str, Any],
    ) -> None:
        self.board, self.on_record = (board, on_record)
        self.label = code_list("certifying_board").label(board)
        super().__init__(data, prefix=f"board-{board}", initial=_shown(on_record) if on_record else usual)
        kept = on_record or Registration(board)
        types = code_list("moc_credit_type").where(board=board).choices()
        areas = sorted(code_list("specialty").where(boards=board).choices())
        self.fields[
            "attested"
        ].label = f"We attest that this activity meets the requirements of the {self.label}"
        self._offer("credit_types", types, kept.credit_types)
        self._offer("practice_areas", areas, kept.practice_areas)
        if len(types) == 1 and not on_record:
            self.initial = {**self.initial, "credit_types": [types[0][0]]}

    def _offer(self, name: str, choices: Sequence[tuple[str, str]], kept: Sequence[str]) -> None:
        field = self.fields[name]
        assert isinstance(field, Codes)
        field.offer(choices, kept)

    @property
    def differs(self) -> bool:
        """Something stands here that is else taken from the activity, or has to be given here."""
        return any(
            self[name].errors or self[name].value()
            for name in ("practice_areas", "fee", "registration", "url")
        )

    def as_registered(self) -> Registration:
        said = self.cleaned_data
        blank = Registration(self.board)
        return Registration(
            board=self.board,
            **{
                name: said.get(name, getattr(blank, name))
                for name in (*_PLAIN, "credit_types", "practice_areas")
            },
            content_areas=tuple(said.get("content_areas", "").split(",")),
        )


class Boards(Section):
    """One registration for each board that is chosen."""

    name, heading = ("boards", "Certifying boards")
    lead = "If it counts for maintenance or continuing certification (MOC). The board publishes what you say here."
    owns = ("registrations",)

    boards = Codes("It counts for")

    def shown(self) -> dict[str, Any]:
        return {"boards": [one.board for one in self.kept.registrations]}

    def prepare(self) -> None:
        field = self.fields["boards"]
        assert isinstance(field, Codes)
        field.offer(
            [(code, f"{label} ({code})") for code, label in open_boards(self.kept.start_on).choices()],
            [one.board for one in self.kept.registrations],
        )

    def lay_out(self) -> None:
        kept = {one.board: one for one in self.kept.registrations}
        usual = usual_answers(self.kept)
        chosen = self["boards"].value() or []
        offered = [code for code, _ in self.fields["boards"].choices]  # type: ignore[attr-defined]
        known = sorted(offered, key=lambda board: list(kept).index(board) if board in kept else len(kept))
        self.cards: dict[str, Card] = {}
        self.all_cards: list[
            tuple[str, bool, Card]
        ] = []  # a script shows those of boards that are chosen only now
        for board in known:
            data = self.data if self.is_bound and board in chosen else None
            card = Card(data, board=board, on_record=kept.get(board), usual=usual)
            if self.echo is not None and any(key.startswith(f"{card.prefix}-") for key in self.echo):
                card.initial = as_typed(card, self.echo)
            self.all_cards.append((board, board in chosen, card))
            if board in chosen:
                self.cards[board] = card

    @property
    def smaller(self) -> Iterator[forms.Form]:
        yield from self.cards.values()

    def said(self) -> dict[str, Any]:
        """What is registered already keeps its place; a board that nobody can register for is for the rules to name."""
        chosen = self.cleaned_data.get("boards", ())
        cards = [card.as_registered() for board, card in self.cards.items() if board in chosen]
        unknown = [Registration(board) for board in chosen if board not in self.cards]
        return {"registrations": (*cards, *unknown)}

    def place(self, path: str) -> BoundField | None:
        _, place, part, *_ = (*path.split("."), "", "")
        cards = list(self.cards.values())
        if place.isdecimal() and int(place) < len(cards) and part in cards[int(place)].fields:
            return cards[int(place)][part]
        return self["boards"]


def usual_answers(record: Record) -> dict[str, Any]:
    """What is most often said of a board, to begin with: as many points as credits, claimed while credit is due."""
    return {"points": record.credits, "claim_by": _claimed_by(record)}


def _claimed_by(record: Record) -> date | None:
    if record.end_on is None or record.format in SELF_PACED:
        return record.end_on
    return record.end_on + timedelta(days=REPORT_WITHIN_DAYS)


def _shown(one: Registration) -> dict[str, Any]:
    return {name: getattr(one, name) for name in (*_PLAIN, "credit_types", "practice_areas")} | {
        "content_areas": ", ".join(one.content_areas)
    }

"""What it teaches, for whom, and what it changed."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.boundfield import BoundField

from activities.codes import Code as ListedCode
from activities.codes import CodeList, code_list
from activities.record import Outcome, Rems, StateTopic
from activities.rules.base import LONGEST_DESCRIPTION
from pars.web.forms import ChoiceTable, Picker

from .credit import YES_NO, said_yes, shown_yes
from .fields import Code, Codes, Text, chooser
from .section import Section

_APART = "|"  # between the two halves of a value that stands for a pair


def _pair(one: str, other: str) -> str:
    return f"{one}{_APART}{other}"


def _halves(value: str) -> tuple[str, str]:
    one, _, other = value.partition(_APART)
    return one, other


def _found_by(topic: ListedCode) -> str:
    """What a topic of states is looked for by: other names, its domain, and the states whose rules name it."""
    states = (code_list("state").label(state) for state in topic.several("states"))
    return " ".join((*topic.aliases, topic.extra["domain"], *states))


TOPICS = {_pair(one.extra["domain"], one.code): one for one in code_list("state_topic").codes}


class Content(Section):
    """Description, audience, tags and what was measured."""

    name, heading = ("content", "Content and audience")
    lead = "What it teaches and for whom."
    owns = (
        "description", "professions", "specialties", "tags", "outcomes", "state_topics", "commendations",
        "mips", "rems",
    )  # fmt: skip

    description = Text(
        "Description",
        asked=True,
        widget=forms.Textarea(attrs={"data-count": LONGEST_DESCRIPTION}),
        help_text=f"What it teaches and for whom, up to {LONGEST_DESCRIPTION:,} characters.",
    )
    professions = Codes("Professions it is meant for")
    specialties = Codes(
        "Specialties",
        widget=Picker({one.code: " ".join(one.aliases) for one in code_list("specialty").codes}),
        help_text="Physicians find activities by them. Certifying boards take them as practice areas.",
    )
    tags = Text("Tags", help_text="Words of your own, separated by commas.")
    outcomes = Codes(
        "What was measured",
        asked=True,
        widget=ChoiceTable,
        help_text="Objectively, subjectively (by the learners’ own word), or both. Closing asks for one at least.",
    )
    state_topics = Codes(
        "Topics that states ask for",
        widget=Picker({value: _found_by(one) for value, one in TOPICS.items()}),
        help_text="Where a state’s rules name it. Search by topic or by state.",
    )
    commendations = Codes("Commendation criteria it meets")
    mips = Code(
        "Is it an improvement activity of the Merit-based Incentive Payment System (MIPS)?",
        choices=YES_NO,
        widget=forms.RadioSelect,
    )
    rems_type = Code(
        "Risk Evaluation and Mitigation Strategy (REMS)", choices=chooser("None", code_list("rems").choices())
    )
    rems_identifier = Text("REMS identifier", help_text="As the program company gave it, like EG-123456-001.")

    def shown(self) -> dict[str, Any]:
        kept = self.kept
        return {name: getattr(kept, name) for name in self.owns if name in self.base_fields} | {
            "tags": ", ".join(kept.tags),
            "outcomes": [_pair(one.what, how) for one in kept.outcomes for how in ("", *one.how)],
            "state_topics": [_pair(one.domain, one.topic) for one in kept.state_topics],
            "mips": shown_yes(kept.mips),
            "rems_type": kept.rems.type if kept.rems else "",
            "rems_identifier": kept.rems.identifier if kept.rems else "",
        }

    def prepare(self) -> None:
        kept = self.kept
        self._offer("professions", code_list("profession").choices(), kept.professions)
        self._offer("specialties", _by_name(code_list("specialty")), kept.specialties)
        self._offer("commendations", _grouped(code_list("commendation"), "category"))
        topics = [(value, one.label) for value, one in TOPICS.items()]
        kept_topics = {
            _pair(one.domain, one.topic): f"{one.topic} ({one.domain})" for one in kept.state_topics
        }
        unlisted = [(value, label) for value, label in kept_topics.items() if value not in TOPICS]
        self._offer("state_topics", [*topics, *unlisted])
        hows = code_list("measurement").choices()
        self._offer(
            "outcomes",
            [
                (label, [(_pair(code, ""), "Measured"), *((_pair(code, how), says) for how, says in hows)])
                for code, label in code_list("outcome").choices()
            ],
        )

    def _offer(self, name: str, choices: Iterable[Any], kept: Iterable[str] = ()) -> None:
        field = self.fields[name]
        assert isinstance(field, Codes)
        field.offer(choices, kept)

    def place(self, path: str) -> BoundField | None:
        if path.startswith("rems"):
            return self["rems_type" if path == "rems.type" else "rems_identifier"]
        return super().place(path)

    def said(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        outcomes: dict[str, list[str]] = {}
        for value in cleaned.get("outcomes", ()):
            what, _, how = value.partition(_APART)
            outcomes.setdefault(what, []).extend([how] if how else [])
        rems = Rems(cleaned.get("rems_type", ""), cleaned.get("rems_identifier", ""))
        return super().said() | {
            "tags": tuple(cleaned.get("tags", "").split(",")),
            "outcomes": tuple(Outcome(what, tuple(how)) for what, how in outcomes.items()),
            "state_topics": tuple(StateTopic(*_halves(value)) for value in cleaned.get("state_topics", ())),
            "mips": said_yes(cleaned.get("mips", "")),
            "rems": rems if rems.type or rems.identifier else None,
        }


def _by_name(codes: CodeList) -> list[tuple[str, str]]:
    return sorted(codes.choices(), key=lambda choice: choice[1])


def _grouped(codes: CodeList, fact: str) -> list[tuple[str, list[tuple[str, str]]]]:
    groups: dict[str, list[ListedCode]] = {}
    for one in codes.codes:
        groups.setdefault(one.extra[fact], []).append(one)
    return [
        (group, [(one.code, f"{one.label} ({one.code})") for one in members])
        for group, members in groups.items()
    ]

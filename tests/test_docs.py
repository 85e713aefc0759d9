"""The README and the guides: what they name is there, and what they must name they do."""

import ast
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import get_commands

from activities.batch.columns import LAYOUT as ACTIVITY_LAYOUT
from activities.batch.sentences import SENTENCES as ACTIVITY_SENTENCES
from boards.rosters.sentences import SENTENCES as ROSTER_SENTENCES
from learners.columns import HEADINGS, NEEDED
from learners.sentences import PERSON_SENTENCES, SENTENCES
from learners.template import COLUMNS
from pars.batches.sentences import OWN_SENTENCES

ROOT = Path(settings.BASE_DIR)
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]

_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
_CODE = re.compile(r"^```\w*\n(.*?)^```|`([^`\n]+)`", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_SECTION = re.compile(r"^### (\w+)\n\n> (.+)\n\n- Example: .+\n- What to do: .+\n", re.MULTILINE)

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))


def _prose(page: Path) -> str:
    return _FENCE.sub("", _COMMENT.sub("", page.read_text(encoding="utf-8")))


def _code(page: Path) -> str:
    """Everything that stands as code, a piece a line."""
    found = _CODE.findall(page.read_text(encoding="utf-8"))
    return "\n".join(block or inline for block, inline in found)


def _anchors(page: Path) -> set[str]:
    """Where a link into the page may lead, as the hosts of repositories name headings."""
    headings = _HEADING.findall(_prose(page))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def _part(page: str, heading: str) -> str:
    """What stands under a heading of a guide, up to the next one."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.split(r"^#+ ", text.partition(f"# {heading}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


def _leads_somewhere(link: str, page: Path) -> bool:
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    if not target.is_relative_to(ROOT) or not target.exists():
        return False
    return not anchor or anchor in _anchors(target)


@each_page
def test_every_link_within_the_project_leads_somewhere(page: Path) -> None:
    links = [link for link in _LINK.findall(_prose(page)) if "://" not in link]

    assert [link for link in links if not _leads_somewhere(link, page)] == []


@each_page
def test_every_make_target_that_is_named_exists(page: Path) -> None:
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))

    assert set(re.findall(r"\bmake ([a-z]\w*)", _code(page))) <= targets


@each_page
def test_every_management_command_that_is_named_exists(page: Path) -> None:
    assert set(re.findall(r"\bmanage\.py ([a-z]\w*)", _code(page))) <= set(get_commands())


@pytest.mark.parametrize("folder", [DOCS, DOCS / "adr"], ids=["docs", "adr"])
def test_every_page_is_on_its_folders_map(folder: Path) -> None:
    there = {page.name for page in folder.glob("*.md")} - {"README.md"}

    assert there <= set(_LINK.findall(_prose(folder / "README.md")))


def test_every_code_has_its_section_with_the_sentence_a_person_reads() -> None:
    sections = _SECTION.findall((DOCS / "issues.md").read_text(encoding="utf-8"))

    assert len(sections) == len(dict(sections))
    assert dict(sections) == {code: sentence.text for code, sentence in SENTENCES.items()}


def test_every_code_stands_under_its_level() -> None:
    _, *levels = re.split(r"^## .+$", (DOCS / "issues.md").read_text(encoding="utf-8"), flags=re.MULTILINE)

    told = [[code for code, _ in _SECTION.findall(level)] for level in levels]

    for level, codes in zip(("fix", "wait", "note"), told, strict=True):
        assert codes == [code for code, sentence in SENTENCES.items() if sentence.level == level]


def test_every_code_of_an_activity_is_told_with_its_sentence() -> None:
    page = (DOCS / "activity-issues.md").read_text(encoding="utf-8")

    told = re.findall(r"^### (\w+)\n\n> (.+)$", page, re.MULTILINE)

    assert len(told) == len(dict(told))
    assert dict(told) == {code: sentence.text for code, sentence in ACTIVITY_SENTENCES.items()}


def test_every_code_of_a_roster_is_told_with_its_sentence() -> None:
    told = re.findall(r"^\| `(\w+)` \| (.+) \|$", _part("board.md", "Send your roster"), re.MULTILINE)

    assert dict(told) == {code: sentence.text for code, sentence in ROSTER_SENTENCES.items()}


def test_every_code_of_a_check_that_says_something_else_than_of_credit_is_told() -> None:
    part = _part("cme-office.md", "Check learners before the course is over")

    told = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", part, re.MULTILINE))

    assert told == {code: one.text for code, one in PERSON_SENTENCES.items() if one != SENTENCES.get(code)}


def test_every_code_of_the_engine_is_told_with_its_sentence() -> None:
    told = re.findall(
        r"^\| `(\w+)` \| (.+) \|$", _part("issues.md", "What a row can come back with"), re.MULTILINE
    )

    assert dict(told) == {code: sentence.text for code, sentence in OWN_SENTENCES.items()}


def _refusals() -> set[str]:
    """The code of each Refused(code, …) and refuse(job, code, …) in the batch engine."""
    codes = set()
    for module in (ROOT / "pars/batches").rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                place = {"Refused": 0, "refuse": 1}.get(node.func.id, len(node.args))
                codes |= {arg.value for arg in node.args[place : place + 1] if isinstance(arg, ast.Constant)}
    return {str(code) for code in codes}


def test_every_refusal_is_told_and_no_other() -> None:
    told = re.findall(r"^\| (`.+?) \|", _part("integrator.md", "Refusals"), re.MULTILINE)

    assert set(re.findall(r"`(\w+)`", " ".join(told))) == _refusals()


def test_every_heading_of_a_learner_file_is_told() -> None:
    columns = _part("integrator.md", "Columns")

    told = re.findall(r"^\| \**([a-z_]+?)\** \| (.+) \|$", columns, re.MULTILINE)[1:]

    assert {key: tuple(headings.split("; ")) for key, headings in told} == HEADINGS
    assert set(re.findall(r"^\| \*\*(\w+)\*\*", columns, re.MULTILINE)) == NEEDED


def test_every_heading_of_an_activity_file_is_told() -> None:
    columns = _part("integrator.md", "Activities")

    told = re.findall(r"^\| \**([a-z_]+?)\** \| (.+) \|$", columns, re.MULTILINE)

    numberless = {key: names for key, names in ACTIVITY_LAYOUT.headings.items() if not key[-1].isdigit()}
    assert {key: tuple(said.split("; ")) for key, said in told if key in numberless} == numberless
    assert set(re.findall(r"^\| \*\*(\w+)\*\*", columns, re.MULTILINE)) == ACTIVITY_LAYOUT.needed


def test_the_templates_columns_are_told_in_their_order() -> None:
    columns = " ".join(_part("integrator.md", "Columns").split())

    assert ", ".join(column.heading for column in COLUMNS) in columns


def test_every_variable_that_the_settings_read_is_told_and_no_other() -> None:
    source = (ROOT / "pars/settings.py").read_text(encoding="utf-8")

    told = re.findall(r"^\| `(\w+)` \|", _part("operator.md", "Environment"), re.MULTILINE)

    assert sorted(told) == sorted(set(re.findall(r'(?:_needed|environ\.get)\("(\w+)"', source)))


def test_the_readme_names_everyone_who_can_sign_in_to_the_demo() -> None:
    world = json.loads((ROOT / "pars/demo/world.json").read_text(encoding="utf-8"))
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert re.findall(r"^\| `(\S+@\S+)`", readme, re.MULTILINE) == [user["email"] for user in world["users"]]
    assert f"`{world['password_for_everyone']}`" in readme

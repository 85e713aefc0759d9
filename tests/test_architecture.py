"""What holds everywhere, by walking everything: the rules of the house that no import contract can see."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db.models import Field

from pars.access.doors import door_of
from pars.people.acts import ACTS
from passport.models import Claim
from tests.test_access import addresses

ROOT = Path(settings.BASE_DIR)
APPS = ("pars", "providers", "activities", "learners", "boards", "passport")
LONGEST = 400  # lines of a module
VAGUE = {"utils", "util", "helpers", "helper", "common", "services", "misc", "signals"}
ROBUST_NAMES = {"pars/devstack/services.py": "PostgreSQL and the broker: services in the other sense"}

# Who may open a scope (style: Scope), and why.
OPENS_A_SCOPE = {
    "activities/batch/landing.py": "activities are the provider's to write, not the matcher's who lands batches",
    "pars/access/middleware.py": "round every view and its template",
    "activities/finder.py": "whoever asks for a public page sees what everyone sees",
    "pars/audit/tasks.py": "the sealer, a named job",
    "pars/audit/management/commands/verify_audit.py": "the verifier, a named job",
    "pars/outbox/delivery.py": "each step of a message, never round the mail server",
    "pars/batches/actions.py": "old uploads go step by step, never round the removal of a file",
    "learners/merging/actions.py": "each provider's rows move as its matcher moves them",
    "learners/tasks.py": "a task, once for each step",
    "learners/disposal.py": "each batch of records is destroyed in a transaction of its own, as a named job",
    "learners/management/commands/dispose.py": "the shell has no middleware",
    "pars/batches/engine.py": "looks for work in every organization",
    "pars/batches/job.py": "finds out whose batch it is",
    "pars/batches/scanning.py": "a step of the engine, as the batch's organization",
    "pars/batches/processing.py": "a step of the engine, as the matcher for the batch's organization",
    "pars/batches/entry.py": "one entry by form takes the engine's steps at once, as the matcher",
    "pars/batches/management/commands/upload.py": "the shell has no middleware",
    "pars/demo/world.py": "loads the demo as its owner would have entered it",
    "pars/people/actions.py": "who accepts an invitation acts as the member they become",
    "boards/nppes/importing.py": "one transaction a block, never round the reading of the file",
    "boards/rosters/absent.py": "licenses are lapsed by the board's matcher, as a roster would",
    "boards/rosters/landing.py": "an NPI that one board tells stands on the other boards' licenses too",
    "passport/actions.py": "a confirmed claim fills a birthday that the claimant may not write",
    "passport/claims.py": "a claim is compared with a registry that the claimant may not read",
}

# Functions among the actions that nobody acts through, and why.
WITHOUT_BY = {
    "learners/merging/actions.py:why_not": "a question: whether two records contradict each other",
    "learners/merging/actions.py:why_not_split": "a question: whether a merger can be undone",
    "activities/actions/keeping.py:today_of": "a question: the date where an organization is",
    "pars/batches/actions.py:stored_path": "a question: where the upload lies",
    "pars/people/actions.py:managing_roles": "a question: which roles manage people",
    "pars/people/actions.py:accept": "the invitation says who acts",
    "pars/people/actions.py:accept_as_newcomer": "the invitation says who acts; there is no account yet",
}
# Looks like a verb of the audit trail and is none: addresses and files.
NO_ACTS = {"learners.urls", "learners.xlsx", "roster.xlsx"}
POSITIONAL = {"pars/audit/actions.py:record": "a verb reads first"}


def _tracked(*patterns: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:  # an image or an archive has no repository
        pytest.skip("Not a git checkout.")
    return [path for name in listed.stdout.splitlines() if (path := ROOT / name).is_file()]


def _modules() -> Iterator[tuple[str, ast.Module]]:
    """Every module of the apps, by its path in the project; migrations left out."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if "/migrations/" not in name:
                yield name, ast.parse(path.read_text(encoding="utf-8"))


MODULES = dict(_modules())


def _calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) == name:
            yield node


def _name(node: ast.AST) -> str:
    """The last part of a dotted name."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
            yield node


def test_a_body_is_whole_before_it_is_sent() -> None:
    """A body that streams would query after the scope has closed."""
    streaming = [
        name
        for name, tree in MODULES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.Attribute | ast.alias)
        and "StreamingHttpResponse" in ast.dump(node)
    ]

    assert streaming == []


def test_every_view_names_its_door() -> None:
    without = [
        name
        for name, address in addresses().items()
        if door_of(address.callback) is None
        and not address.callback.__module__.startswith(settings.FOREIGN_VIEWS)
    ]

    assert without == []


def test_tasks_are_shared_tasks_that_stand_in_tasks_modules_and_take_ids_by_keyword() -> None:
    wrong = []

    for name, tree in MODULES.items():
        for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
            for decorator in function.decorator_list:
                called = decorator.func if isinstance(decorator, ast.Call) else decorator
                if _name(called) == "task":
                    wrong.append(f"{name}: {function.name} binds itself to one application")
                if _name(called) == "shared_task" and not (
                    name.endswith("/tasks.py") and not (function.args.args or function.args.posonlyargs)
                ):
                    wrong.append(f"{name}: {function.name}")

    assert wrong == []


def test_actions_take_everything_by_keyword_and_say_who_acts() -> None:
    wrong = []

    for name, tree in MODULES.items():
        if not name.endswith("/actions.py") and "/actions/" not in name:
            continue
        for function in _functions(tree):
            where = f"{name}:{function.name}"
            keywords = {argument.arg for argument in function.args.kwonlyargs}
            if "by" not in keywords and where not in WITHOUT_BY:
                wrong.append(f"{where} does not say who acts")
            if function.args.args and where not in POSITIONAL and where not in WITHOUT_BY:
                wrong.append(f"{where} takes arguments by position")

    assert wrong == []


def test_foreign_keys_name_classes_so_that_the_import_contracts_see_them() -> None:
    by_string = []

    for name, tree in MODULES.items():
        for kind in ("ForeignKey", "OneToOneField", "ManyToManyField"):
            for call in _calls(tree, kind):
                targets = [*call.args[:1], *(word.value for word in call.keywords if word.arg == "to")]
                by_string += [
                    f"{name}:{call.lineno}"
                    for to in targets
                    if isinstance(to, ast.Constant) and to.value != "self"
                ]

    assert by_string == []


def test_no_model_keeps_a_year_of_birth() -> None:
    fields = [
        str(field)
        for app in APPS
        for model in apps.get_models()
        if model.__module__.split(".")[0] == app
        for field in model._meta.get_fields()
        if isinstance(field, Field) and re.search(r"birth", field.name)
        if field.get_internal_type() != "BinaryField"  # encrypted month and day, nothing else
    ]

    assert fields == []


def test_a_module_fits_a_head() -> None:
    too_long = [
        f"{path.relative_to(ROOT)}: {lines}"
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        if "migrations" not in path.parts
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST
    ]

    assert too_long == []


def test_modules_are_named_for_what_they_hold() -> None:
    vague = [
        name
        for name in MODULES
        if VAGUE.intersection(Path(name).with_suffix("").parts) and name not in ROBUST_NAMES
    ]

    assert vague == []


def test_nothing_happens_behind_a_saves_back() -> None:
    """No signals: what follows from an act stands in the action."""
    signals = [
        f"{name}: {node.module}"
        for name, tree in MODULES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and "signals" in node.module.split(".")
    ]
    signals += [
        name
        for name, tree in MODULES.items()
        if any(_calls(tree, "receiver")) or "django.dispatch" in ast.dump(tree)
    ]

    assert signals == []


def test_scopes_are_opened_only_where_there_is_a_reason() -> None:
    opens = {name for name, tree in MODULES.items() if any(_calls(tree, "acting_as"))}

    assert opens == set(OPENS_A_SCOPE)


def test_only_the_scope_module_sets_row_securitys_settings() -> None:
    setting = [name for name, tree in MODULES.items() if "set_config(" in ast.unparse(tree)]

    assert setting == ["pars/access/scope.py"]


def test_every_act_that_is_recorded_has_words_for_its_readers() -> None:
    families = {verb.partition(".")[0] for verb in ACTS}
    said = [node.value for _, tree in _modules() for node in ast.walk(tree) if isinstance(node, ast.Constant)]
    verbs = {one for one in said if isinstance(one, str) and re.fullmatch(r"[a-z]+\.[a-z_]+", one)}
    recorded = {
        call.args[0].value
        for _, tree in _modules()
        for call in _calls(tree, "record")
        if call.args and isinstance(call.args[0], ast.Constant)
    }
    made_of_states = {f"claim.{status}" for status in Claim.Status} | {"mail.given_up", "mail.unknown"}

    named = {verb for verb in verbs if verb.partition(".")[0] in families} - NO_ACTS

    assert named | recorded | made_of_states == set(ACTS)
    assert len(set(ACTS.values())) == len(ACTS)


def test_templates_write_numbers_by_the_one_rule_and_name_icons_that_exist() -> None:
    sprite = (ROOT / "node_modules/@uswds/uswds/dist/img/sprite.svg").read_text(encoding="utf-8")
    faults = []
    for path in _tracked("templates/**.html", "pars/*/templates/**.html"):
        text = path.read_text(encoding="utf-8")
        numbers = re.findall(r"{{ [\w.]*\.(?:amount|credits|points|credits_per_session)\b[^.}]*}}", text)
        icons = re.findall(r'(?:icon|icon\.html" with name)="(\w+)"', text)
        faults += [
            f"{path.name}: {one}" for one in numbers if not re.search(r"\|(amount|intcomma|pluralize)\b", one)
        ]
        faults += [f"{path.name}: icon {name}" for name in icons if f'id="{name}"' not in sprite]

    assert faults == []


def test_the_exceptions_named_here_still_exist() -> None:
    functions = {f"{name}:{one.name}" for name, tree in MODULES.items() for one in _functions(tree)}

    assert set(WITHOUT_BY) | set(POSITIONAL) <= functions
    assert set(ROBUST_NAMES) <= set(MODULES)


def test_the_project_stands_on_its_own() -> None:
    """No path of one machine."""
    outside = re.compile(r"/home/\w|/root/|/Users/\w|[A-Z]:\\Users")
    named = []

    for path in _tracked():
        if path == Path(__file__) or path.name == "package-lock.json":
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # pictures, workbooks
        named += [
            f"{path.relative_to(ROOT)}:{number}"
            for number, line in enumerate(text.splitlines(), 1)
            if outside.search(line)
        ]

    assert named == []

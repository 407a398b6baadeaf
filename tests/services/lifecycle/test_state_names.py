"""No code compares a state or a level with a name: what it has to know of them stands in the rules.

States are those of forms/workflow.toml, levels of offices those of forms/levels.toml.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from kcdesk import paths
from kcdesk.formdef.loading.loader import load

PACKAGE = paths.forms().parent / "kcdesk"
MIGRATIONS = "migrations.py"  # tell what once was
LOWEST = "formdef/model.py"  # holds the name of the lowest level, the owner of every field that names none
METHODS = "documents/layouts/bounded_templates.py"  # lists methods of texts, of which one is called «lower»
FOLDERS = "demo/demo_command.py"  # compares names of folders, of which one is called «province»
# A word beside a name that shows that something else is asked: «refused» is also a result of a package,
# «conditional» also a conclusion of a visit, «done» also a choice of a list.
NO_STATE = {"chips", "command", "conclusion", "result", "status", "wanted"}


def state_names() -> frozenset[str]:
    forms = load()
    return frozenset(state.name for kind in forms.kinds for state in forms.workflow(kind).states)


class StateComparisons(ast.NodeVisitor):
    """Finds `x == "draft"`, `x in ("draft",)`, `match x`, `{"draft": …}[x]` and `{"state": "draft"}`."""

    def __init__(self, names: frozenset[str], tree: ast.Module) -> None:
        self.names = names
        self.lines: list[int] = []
        self.constants = {
            target.id: node.value
            for node in tree.body
            if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None
            for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
            if isinstance(target, ast.Name)
        }
        self.visit(tree)

    def visit_Compare(self, node: ast.Compare) -> None:
        sides = [node.left, *node.comparators]
        for index, side in enumerate(sides):
            if self._names_state(side) and not self._means_other(*sides[:index], *sides[index + 1 :]):
                self.lines.append(node.lineno)
        self.generic_visit(node)

    def visit_Match(self, node: ast.Match) -> None:
        patterns = [part for case in node.cases for part in ast.walk(case.pattern)]
        values = [part.value for part in patterns if isinstance(part, ast.MatchValue)]
        if any(map(self._names_state, values)) and not self._means_other(node.subject):
            self.lines.append(node.lineno)
        self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        self._looked_up(node.value, node.slice)
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("get", "pop", "setdefault") and node.args:
            self._looked_up(node.func.value, node.args[0])
        if any(word.arg == "state" and self._names_state(word.value) for word in node.keywords):
            self.lines.append(node.lineno)
        self.generic_visit(node)

    def visit_Dict(self, node: ast.Dict) -> None:
        """`where={"state": "draft"}`."""
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and key.value == "state" and self._names_state(value):
                self.lines.append(node.lineno)
        self.generic_visit(node)

    def _looked_up(self, table: ast.expr, key: ast.expr) -> None:
        """A dict whose keys are all names of states, asked with what is no name itself."""
        table = self._resolved(table)
        keys = [entry for entry in table.keys if entry is not None] if isinstance(table, ast.Dict) else []
        named = bool(keys) and all(map(self._names_state, keys)) and not isinstance(key, ast.Constant)
        if named and not self._means_other(key):
            self.lines.append(key.lineno)

    def _names_state(self, node: ast.expr) -> bool:
        """Whether it is, or holds, a name of a state: a text, a list of texts, or a constant of the module."""
        node = self._resolved(node.value if isinstance(node, ast.Starred) else node)
        if isinstance(node, ast.Constant):
            return node.value in self.names
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("frozenset", "set"):
            return any(map(self._names_state, node.args))
        return isinstance(node, ast.Tuple | ast.List | ast.Set) and any(map(self._names_state, node.elts))

    def _resolved(self, node: ast.expr) -> ast.expr:
        return self.constants.get(node.id, node) if isinstance(node, ast.Name) else node

    def _means_other(self, *nodes: ast.expr) -> bool:
        return any(word in NO_STATE for node in nodes for word in words(node))


def words(node: ast.expr) -> Iterator[str]:
    """The words of every name, attribute and text in an expression."""
    for part in ast.walk(node):
        name = part.id if isinstance(part, ast.Name) else part.attr if isinstance(part, ast.Attribute) else ""
        name = part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else name
        yield from name.lower().split("_")


def comparisons(source: str, names: frozenset[str]) -> list[int]:
    is_named = any(f'"{name}"' in source for name in names)  # to parse every module takes two seconds
    return StateComparisons(names, parsed(source)).lines if is_named else []


@cache
def parsed(source: str) -> ast.Module:
    """The tree of a module; two tests look at every module."""
    return ast.parse(source)


def test_no_code_compares_a_state_with_a_name() -> None:
    names = state_names()
    files = [file for file in sorted(PACKAGE.rglob("*.py")) if file.name != MIGRATIONS]
    assert PACKAGE / "ui" / "votes" / "vote_page.py" in files
    named = [
        f"{file.relative_to(PACKAGE)}:{line}"
        for file in files
        for line in comparisons(Path(file).read_text(encoding="utf-8"), names)
    ]
    assert not named


def test_no_code_compares_a_level_with_a_name() -> None:
    names = frozenset(load().levels.names)
    assert {"lower", "province", "region", "nation"} <= names
    assert comparisons('if unit.level == "province": pass', names)
    assert comparisons('if field.owner in ("lower", "province"): pass', names)
    assert comparisons('LEVELS = {"lower": "a", "province": "b"}\nlabel = LEVELS[unit.level]', names)
    named = {
        file.relative_to(PACKAGE).as_posix()
        for file in sorted(PACKAGE.rglob("*.py"))
        if file.name != MIGRATIONS and comparisons(file.read_text(encoding="utf-8"), names)
    }
    assert named == {LOWEST, FOLDERS, METHODS}


@pytest.mark.parametrize(
    "source",
    [
        'if record.state == "draft": pass',
        'if "draft" != record.data.get("state"): pass',
        'states = {line.state for line in lines}\nif "scored" in states: pass',
        'if line.state in ("scored", "certified"): pass',
        'if line.state in (*("scored", "certified"), *OTHERS): pass',
        'OPEN = frozenset(("draft", "open"))\nif row["state"] not in OPEN: pass',
        'kept = record.state\nif kept == "contracted": pass',
        'match record.state:\n    case "draft": pass',
        'match record.state:\n    case "final" | "sent": pass',
        'label = {"draft": "a", "final": "b"}[record.state]',
        'TONES = {"draft": "a"}\ntone = TONES.get(line.state, "")',
        'rows = page("proposal", where={"state": "draft"})',
        'rows = page("proposal", state="draft")',
    ],
)
def test_every_way_to_name_a_state_is_seen(source: str) -> None:
    assert comparisons(source, state_names())


@pytest.mark.parametrize(
    "source",
    [
        'if visit.value("conclusion") == "accepted": pass',
        'if line.status != "refused": pass',
        'if workflow.is_marked(state, "decided"): pass',
        'step = workflow.step("score")\nif record.state in step.from_states: pass',
        "if record.state == workflow.initial: pass",
        'counts = {"refused": 1}\ntold = counts["refused"]',
    ],
)
def test_what_is_no_state_may_have_its_name(source: str) -> None:
    assert not comparisons(source, state_names())

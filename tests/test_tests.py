"""The rules of this suite, read from its own files."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

FOLDER = Path(__file__).parent
# Underscored names that other libraries document: of named tuples and of `os`.
_DOCUMENTED = {"_replace", "_asdict", "_fields", "_exit"}
# Calls of pytest and its plugins that fail by themselves.
_FAIL_BY_THEMSELVES = {"raises", "waitSignal", "waitUntil", "assertNotEmitted"}


@pytest.fixture(scope="module")
def modules() -> dict[str, ast.Module]:
    """The syntax tree of every file: read for these tests only, not wherever tests are collected."""
    return {path.relative_to(FOLDER).as_posix(): ast.parse(path.read_text("utf-8")) for path in FOLDER.rglob("*.py")}


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def _called(function: ast.AST) -> set[str]:
    """The bare names of everything that a function calls."""
    calls = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
    return {call.id if isinstance(call, ast.Name) else getattr(call, "attr", "") for call in calls}


def _asserts_itself(function: ast.FunctionDef) -> bool:
    models = any(argument.arg == "qtmodeltester" for argument in function.args.args)
    return models or any(isinstance(node, ast.Assert) for node in ast.walk(function))


def _asserts(function: ast.FunctionDef, helpers: set[str]) -> bool:
    return _asserts_itself(function) or bool(_called(function) & (_FAIL_BY_THEMSELVES | helpers))


def _asserting_helpers(modules: dict[str, ast.Module]) -> set[str]:
    """Names of functions of the suite of which every definition asserts, by itself or through another one."""
    calls: dict[str, list[set[str]]] = {}  # what those call that do not assert themselves
    for function in (function for tree in modules.values() for function in _functions(tree)):
        if not function.name.startswith("test_"):
            calls.setdefault(function.name, []).extend([] if _asserts_itself(function) else [_called(function)])
    helpers: set[str] = set()
    while True:
        more = {
            name for name, same in calls.items() if all(called & (_FAIL_BY_THEMSELVES | helpers) for called in same)
        }
        if more == helpers:
            return helpers
        helpers = more


def _without_assertion(tree: ast.AST, helpers: set[str]) -> list[str]:
    tests = (function for function in _functions(tree) if function.name.startswith("test_"))
    return [test.name for test in tests if not _asserts(test, helpers)]


def test_every_test_asserts(modules):
    helpers = _asserting_helpers(modules)
    silent = {name: _without_assertion(tree, helpers) for name, tree in modules.items()}
    assert {name: tests for name, tests in silent.items() if tests} == {}


@pytest.mark.parametrize(
    ("body", "is_silent"),
    [("work()", True), ("assert work()", False), ("with pytest.raises(E): work()", False), ("check(1)", False)],
)
def test_a_silent_test_is_noticed(body, is_silent):
    tree = ast.parse(f"def test_it():\n    {body}")
    assert bool(_without_assertion(tree, {"check"})) is is_silent


# -- what is private ---------------------------------------------------------------------------------------------------


def _private(tree: ast.AST) -> list[str]:
    """Underscored attributes of anything but `self`, also by `getattr`, and underscored names that are imported."""
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner, names = node.value, [node.attr]
        elif isinstance(node, ast.ImportFrom):
            owner, names = ast.Name(node.module or ""), [alias.name for alias in node.names]
        elif _is_named_access(node):
            owner, names = node.args[0], [str(getattr(node.args[1], "value", ""))]
        else:
            continue
        private = [name for name in names if _is_private(name)]
        if private and (whose := ast.unparse(owner)) not in ("self", "cls"):
            found += [f"{whose}.{name}" for name in private]
    return found


def _is_named_access(node: ast.AST) -> bool:
    called = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
    return called in ("getattr", "setattr") and len(node.args) > 1


def _is_private(name: str) -> bool:
    return name.startswith("_") and not name.startswith("__") and name not in _DOCUMENTED


def test_nothing_private_of_others_is_touched(modules):
    touched = {name: _private(tree) for name, tree in modules.items()}
    assert {name: found for name, found in touched.items() if found} == {}


@pytest.mark.parametrize(
    ("line", "touched"),
    [
        ("store._connection.close()", ["store._connection"]),
        ("from kcdesk.text import _fold", ["kcdesk.text._fold"]),
        ('getattr(page, "_form")', ["page._form"]),
        ("self._form", []),
        ("usage._replace(free=1)", []),
        ("page.__class__", []),
    ],
)
def test_what_is_private_is_noticed(line, touched):
    assert _private(ast.parse(line)) == touched


# -- the page of the tests ---------------------------------------------------------------------------------------------


def _texts_without_encoding(tree: ast.AST) -> list[int]:
    """The lines that read or write a text file in the encoding of the system, which is another one on Windows."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)]
    places = {"read_text": 1, "write_text": 2}  # arguments, with the encoding
    return [
        call.lineno
        for call in calls
        if len(call.args) < places.get(call.func.attr, 0) and not any(one.arg == "encoding" for one in call.keywords)
    ]


def test_every_text_file_has_its_encoding(modules):
    loose = {name: _texts_without_encoding(tree) for name, tree in modules.items()}
    assert {name: lines for name, lines in loose.items() if lines} == {}
    assert _texts_without_encoding(ast.parse("path.write_text('a')\npath.read_text()\npath.read_text('utf-8')")) == [
        1,
        2,
    ]


def test_the_page_of_the_tests_names_every_folder():
    page = (FOLDER / "README.md").read_text("utf-8")
    folders = [path for path in FOLDER.rglob("*") if path.is_dir() and path.name != "__pycache__"]
    shown = [path for path in folders if any(path.glob("*.py"))]
    tops = [path.name for path in shown if path.parent == FOLDER]
    rooms = [path.name for path in shown if path.parent.parent == FOLDER]
    assert [name for name in tops if f"| `{name}/` |" not in page] == []
    assert [name for name in rooms if f"`{name}`" not in page] == []

"""Names of the code: nouns of the field, one word for one thing, none that a newcomer has to guess."""

import ast
from collections import defaultdict
from pathlib import Path

import pytest

import kcdesk

ROOT = Path(kcdesk.__file__).parent
MODULES = sorted(path for path in ROOT.rglob("*.py") if not path.stem.startswith("__"))
SAY_NOTHING = {"said", "told", "found", "one"}


def _defined(tree):
    """Every name that a module gives to a variable, a parameter, a function or a class, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id, node.lineno
        elif isinstance(node, ast.arg):
            yield node.arg, node.lineno
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name, node.lineno


@pytest.fixture(scope="module")
def defined():
    """By module the names that it defines, with their lines, and the classes and functions at its top."""
    trees = ((path, ast.parse(path.read_text(encoding="utf-8"))) for path in MODULES)
    return {
        path: (list(_defined(tree)), [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)])
        for path, tree in trees
    }


def _public(defined, kind):
    """The modules that define each public name of this kind of statement at their top."""
    places = defaultdict(list)
    for path, (_names, nodes) in defined.items():
        for node in nodes:
            if isinstance(node, kind) and not node.name.startswith("_"):
                places[node.name].append(path.relative_to(ROOT).as_posix())
    return places


def test_no_name_says_nothing(defined):
    vague = [
        f"{path.relative_to(ROOT)}:{line} {name}"
        for path, (names, _nodes) in defined.items()
        for name, line in names
        if SAY_NOTHING & set(name.strip("_").lower().split("_"))
    ]
    assert vague == []


def test_no_two_modules_differ_by_singular_and_plural():
    stems = {path.stem for path in MODULES}
    assert [stem for stem in sorted(stems) if f"{stem}s" in stems] == []


def test_no_two_modules_define_a_class_of_the_same_name(defined):
    assert {name: places for name, places in _public(defined, ast.ClassDef).items() if len(places) > 1} == {}


def test_a_function_name_stands_in_few_modules(defined):
    same_contract = {"load", "add_commands", "obstacles"}  # each module answers the same question for its subject
    many = {name: places for name, places in _public(defined, ast.FunctionDef).items() if len(places) > 3}
    assert many.keys() - same_contract == set()


def test_no_module_is_longer_than_four_hundred_lines():
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    assert {path.as_posix(): length for path, length in lengths.items() if length > 400} == {}


def test_no_folder_holds_many_more_than_fifteen_modules():
    crowded = {}
    for folder in {path.parent for path in MODULES} - {ROOT / "ui" / "form" / "editors"}:
        number = sum(path.parent == folder for path in MODULES)
        if number > 17:
            crowded[folder.relative_to(ROOT).as_posix()] = number
    assert crowded == {}

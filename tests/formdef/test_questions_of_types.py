"""What a field is, is asked of its type (`type_of(field).is_date`): only formdef compares the names of types."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import kcdesk
from kcdesk.formdef.types.base import FieldType
from kcdesk.formdef.types.registry import TYPES

ROOT = Path(kcdesk.__file__).parent
MODULES = sorted(path for path in ROOT.rglob("*.py") if path.relative_to(ROOT).parts[0] != "formdef")
OTHERS = {"office"}  # objects whose `type` is no field's: the encrypted file as msoffcrypto reads it


def _is_type(node: ast.AST) -> bool:
    """`field.type`, `self.column(0).type`; not `event.type()`, `office.type`."""
    named = isinstance(node, ast.Attribute) and node.attr == "type"
    return named and not (isinstance(node.value, ast.Name) and node.value.id in OTHERS)


def _are_names(node: ast.AST) -> bool:
    """A text, a collection of texts, or a constant of the module."""
    if isinstance(node, ast.Name | ast.Attribute):
        return (node.id if isinstance(node, ast.Name) else node.attr).lstrip("_").isupper()
    return any(isinstance(part, ast.Constant) and isinstance(part.value, str) for part in ast.walk(node))


def _kept(tree: ast.AST) -> set[str]:
    """The names that keep the type of a field: `kind = field.type`."""
    assigned = (node for node in ast.walk(tree) if isinstance(node, ast.Assign) and _is_type(node.value))
    return {target.id for node in assigned for target in node.targets if isinstance(target, ast.Name)}


def comparisons(source: str) -> Iterator[int]:
    """The lines that compare the type of a field with the name of one."""
    if ".type" not in source:  # to parse every module takes two seconds
        return
    tree = ast.parse(source)
    kept = _kept(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            sides = (node.left, *node.comparators)
            typed = [side for side in sides if _is_type(side) or (isinstance(side, ast.Name) and side.id in kept)]
            if typed and any(_are_names(side) for side in sides if side not in typed):
                yield node.lineno
        elif isinstance(node, ast.Match) and _is_type(node.subject):
            yield node.lineno


@pytest.mark.parametrize(
    "source",
    [
        'field.type == "date"',
        '"date" != column.type',
        'self.fields[-1].type in ("reference", "references")',
        "column.type not in _NUMBERS",
        "field.type in search.REFERENCES",
        'kind = field.type\nkind == "files"',
        'match field.type:\n    case "date":\n        pass',
    ],
)
def test_a_comparison_is_seen(source):
    assert list(comparisons(source))


@pytest.mark.parametrize(
    "source",
    [
        "event.type() == QEvent.Type.KeyPress",
        'office.type == "agile"',
        "before.type == after.type",
        "_WIDTHS.get(field.type, 0)",
        'field.name == "type"',
    ],
)
def test_what_compares_something_else_is_let_through(source):
    assert not list(comparisons(source))


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_module_outside_formdef_compares_the_names_of_types(module):
    assert list(comparisons(module.read_text(encoding="utf-8"))) == []


def test_every_question_is_answered_with_yes_by_some_type_and_with_no_by_another():
    questions = [name for name, kind in FieldType.__annotations__.items() if kind == "ClassVar[bool]"]
    assert questions
    for question in questions:
        assert {getattr(type_, question) for type_ in TYPES.values()} == {True, False}, question


@pytest.mark.parametrize(
    ("type_", "stored", "named"),
    [
        ("reference", "abc", ["abc"]),
        ("references", ["abc", "def"], ["abc", "def"]),
        ("reference", None, []),
        ("references", None, []),
        ("text", "abc", []),
        ("choices", ["abc"], []),
    ],
)
def test_what_a_value_names(type_, stored, named):
    assert list(TYPES[type_].named_records(stored)) == named

"""Values: what `runtime/frozen.Value` promises, and that what never changes is written as one."""

import ast
import copy
import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import kcdesk
from kcdesk.runtime.frozen import (
    AbstractValue,
    Value,
    asdict,
    astuple,
    differing_fields,
    field,
    is_value,
    names,
    replace,
)

ROOT = Path(kcdesk.__file__).parent


class Pair(NamedTuple):
    left: object
    right: object


class Part(Value):
    name: str
    share: int = 1


class Whole(Value, kw_only=True, dict=True):
    title: str
    parts: tuple[Part, ...] = ()
    by_name: Mapping[str, Part] = field(default_factory=dict)
    pair: Pair | None = None

    @cached_property
    def total(self) -> int:
        return sum(part.share for part in self.parts)


class Size(Value, order=True):
    width: int


class Drawn(AbstractValue):
    name: str


@dataclass
class Changing:
    name: str


WHOLE = Whole(title="Cả", parts=(Part("một"), Part("hai", 2)), by_name={"một": Part("một")}, pair=Pair(Part("ba"), 3))


@pytest.mark.parametrize("name", ["name", "unknown"])
def test_a_value_cannot_be_changed(name: str) -> None:
    with pytest.raises(AttributeError):
        setattr(Part("một"), name, "hai")
    with pytest.raises((AttributeError, TypeError)):
        object.__setattr__(Part("một"), name, "hai")


def test_values_are_equal_and_hashed_by_class_and_fields() -> None:
    assert Part("một") == Part("một", 1) != Part("một", 2)
    assert {Part("một"), Part("một")} == {Part("một", 1)}
    assert Part("một") != Changing("một")
    assert Size(1) < Size(2)
    with pytest.raises(TypeError):
        _ = Part("một") < Part("hai")  # type: ignore[operator]


def test_a_wrong_name_is_an_error() -> None:
    with pytest.raises(TypeError):
        Part("một", length=3)  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        replace(Part("một"), length=3)  # type: ignore[call-arg]
    with pytest.raises(TypeError):
        Whole("Cả")  # type: ignore[misc]


def test_a_copy_has_other_fields_and_works_out_anew() -> None:
    assert WHOLE.total == 3
    assert replace(WHOLE, parts=()).total == 0
    assert replace(Changing("một"), name="hai") == Changing("hai")


@pytest.mark.parametrize("made", [lambda value: pickle.loads(pickle.dumps(value)), copy.copy, copy.deepcopy])
def test_a_value_goes_to_another_process_and_back(made: Any) -> None:
    assert made(WHOLE) == WHOLE


def test_dictionaries_stand_for_the_values_within() -> None:
    assert asdict(WHOLE) == {
        "title": "Cả",
        "parts": ({"name": "một", "share": 1}, {"name": "hai", "share": 2}),
        "by_name": {"một": {"name": "một", "share": 1}},
        "pair": Pair({"name": "ba", "share": 1}, 3),
    }
    assert astuple(Part("một")) == ("một", 1)


def test_fields_are_known_by_name_and_by_default() -> None:
    assert names(Whole) == names(WHOLE) == ("title", "parts", "by_name", "pair")
    assert [item.name for item in differing_fields(Whole(title="Cả", pair=Pair(1, 2)))] == ["title", "pair"]
    assert is_value(Whole)
    assert not any(map(is_value, (WHOLE, Changing, "Whole", tuple[Part, ...])))


def test_what_is_abstract_is_not_made() -> None:
    from kcdesk.documents.layouts.specs import BlockSpec

    with pytest.raises(TypeError, match="abstract"):
        BlockSpec()  # type: ignore[abstract]
    assert Drawn("một").name == "một"


def test_what_never_changes_is_no_data_class() -> None:
    frozen = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in sorted(ROOT.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef) and any(map(_is_frozen, node.decorator_list))
    ]
    assert frozen == []


def _is_frozen(decorator: ast.expr) -> bool:
    return isinstance(decorator, ast.Call) and any(keyword.arg == "frozen" for keyword in decorator.keywords)

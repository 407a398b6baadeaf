"""Conditions are plain comparisons; a missing value equals nothing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from kcdesk.formdef.conditions import COMPARISONS, holds
from tests.formdef.test_type_laws import JSON

VALUES: dict[str, Any] = {
    "activity": "machinery",
    "workers": 50,
    "share": "46.7",
    "on": "2026-03-05",
    "new": False,
    "sectors": ["a", "b"],
    "rows": [],
    "word": "máy",
    "huge": "Infinity",
}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({}, True),
        ({"activity": "machinery"}, True),
        ({"activity": "brand"}, False),
        ({"activity": ("brand", "machinery")}, True),
        ({"activity": ["brand"]}, False),
        ({"activity": "machinery", "workers": 49}, False),
        ({"activity": {"is": "machinery"}}, True),
        ({"activity": {"is_not": "brand"}}, True),
        ({"activity": {"is_not": ["brand", "machinery"]}}, False),
        ({"nothing": "x"}, False),
        ({"nothing": {"is_not": "x"}}, True),
        ({"workers": {"at_least": 50}}, True),
        ({"workers": {"above": 50}}, False),
        ({"workers": {"at_most": 50, "at_least": 10}}, True),
        ({"workers": {"below": 50}}, False),
        ({"nothing": {"at_least": 0}}, False),
        ({"share": {"above": 9}}, True),
        ({"share": {"below": "46.75"}}, True),
        ({"on": {"at_least": "2026-03-05"}}, True),
        ({"on": {"below": "2026-03-05"}}, False),
        ({"activity": {"at_least": 1}}, False),
        ({"new": False}, True),
        ({"new": 0}, False),
        ({"workers": True}, False),
        ({"new": {"at_least": 0}}, False),
        ({"new": {"filled": True}}, True),
        ({"rows": {"filled": True}}, False),
        ({"nothing": {"filled": False}}, True),
        ({"sectors": {"contains": "b"}}, True),
        ({"sectors": {"contains": "c"}}, False),
        ({"activity": {"contains": "machinery"}}, False),
        ({"sectors": {"contains": ["c", "b"]}}, True),
        ({"sectors": {"within": ["a", "b", "c"]}}, True),
        ({"sectors": {"within": ["a", "c"]}}, False),
        ({"rows": {"within": ["a"]}}, False),
        ({"activity": {"within": ["machinery"]}}, False),
        ({"sectors": {"not_within": ["a", "c"]}}, True),
        ({"sectors": {"not_within": ["a", "b"]}}, False),
        ({"workers": {"at_least": 51}}, False),
        ({"workers": {"at_most": 49}}, False),
        ({"workers": {"above": 49}}, True),
        ({"workers": {"below": 51}}, True),
        ({"workers": {"at_least": True}}, False),
        ({"on": {"above": "2026-03-04"}}, True),
        ({"on": {"at_most": "2026-03-04"}}, False),
        ({"word": {"below": 1}}, False),
        ({"huge": {"above": 1}}, False),
        ({"huge": {"at_least": "Infinity"}}, False),
        ({"filled": {"filled": False}}, True),
    ],
)
def test_conditions(condition: dict[str, Any], expected: bool) -> None:
    assert holds(condition, VALUES) is expected


@pytest.mark.parametrize("word", COMPARISONS)
@given(value=JSON, wanted=JSON)
def test_any_value_can_be_compared(word: str, value: Any, wanted: Any) -> None:
    assert holds({"x": {word: wanted}}, {"x": value}) in (True, False)

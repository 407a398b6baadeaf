"""Laws that hold for every field type and any value."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kcdesk.formdef.loading.loader import Forms
from kcdesk.formdef.model import Field
from kcdesk.formdef.types.base import ValueProblem
from kcdesk.formdef.types.registry import TYPES
from kcdesk.formdef.values import is_blank
from tests.formdef.test_types import CHOICES, FILE, ID, field

SAMPLES_OF_TABLE = (
    Field(name="name", type="text", label="Tên"),
    Field(name="value", type="money", label="Giá trị", unit="đồng"),
    Field(name="on", type="date", label="Ngày"),
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)

few = settings(max_examples=30)  # for each of the types
row = st.fixed_dictionaries(
    {}, optional={"name": st.text(), "value": st.integers(-(10**14), 10**14), "on": st.dates(date(1900, 1, 1))}
)

# What an officer, a file or a cell may bring; whatever is taken must survive every way round.
RAW: dict[str, st.SearchStrategy[Any]] = {
    "text": st.text(),
    "unit": st.text(),
    "paragraph": st.text(),
    "choice": st.sampled_from([choice.value for choice in CHOICES]),
    "choices": st.lists(st.sampled_from([choice.value for choice in CHOICES])),
    "integer": st.integers(-(10**15) + 1, 10**15 - 1),
    "money": st.integers(-(10**15) + 1, 10**15 - 1),
    "decimal": st.floats(-1e14, 1e14),
    "percent": st.floats(-1e12, 1e12),
    "date": st.dates(date(1900, 1, 1), date(2199, 12, 31)),
    "time": st.times().map(lambda moment: time(moment.hour, moment.minute)),
    "year": st.integers(1900, 2199),
    "yes_no": st.booleans(),
    "phone": st.from_regex(r"0[35789][0-9]{8}|024[0-9]{8}|0262[0-9]{7}|1[89]00[0-9]{4}", fullmatch=True),
    "email": st.emails(),
    "tax_code": st.from_regex(r"[0-9]{10}(-[0-9]{3})?", fullmatch=True),
    "citizen_id": st.from_regex(r"0[0-9]{2}[0-3][0-9]{8}|[0-9]{9}", fullmatch=True),
    "place": st.fixed_dictionaries(
        {}, optional=dict.fromkeys(("commune", "old_commune"), st.from_regex("[0-9]{5}", fullmatch=True))
    ),
    "reference": st.uuids().map(str) | st.just(ID),
    "table_row": st.just(ID),
    "row_name": st.text(),
    "references": st.lists(st.uuids().map(str)),
    "files": st.lists(st.builds(lambda n, s: FILE | {"id": str(n), "caption": s}, st.integers(), st.text())),
    "table": st.lists(row, max_size=4),
    "checklist": st.lists(row, max_size=4),
}


def its_field(type_: str) -> Field:
    more = {"columns": SAMPLES_OF_TABLE, "row": "line"} if type_ in ("table", "checklist") else {}
    return field(type_, **more)


def test_every_type_has_its_sample() -> None:
    assert RAW.keys() == TYPES.keys()


@pytest.mark.parametrize("type_", TYPES)
@few
@given(data=st.data())
def test_what_is_taken_survives_editor_cell_and_json(type_: str, data: st.DataObject) -> None:
    kind, of = TYPES[type_], its_field(type_)
    try:
        stored = kind.parse(data.draw(RAW[type_]), of)
    except ValueProblem:
        return
    if stored is None:
        return
    assert not is_blank(stored)
    assert kind.wrong(stored, of) == ""
    assert kind.parse(kind.edit_text(stored, of), of) == stored
    assert kind.from_cell(kind.cell(stored, of), of) == stored
    for shown in (kind.text(stored, of), kind.paper(stored, of), kind.search_text(stored, of)):
        assert isinstance(shown, str)


@pytest.mark.parametrize("type_", TYPES)
@few
@given(value=JSON)
def test_any_json_value_is_judged_and_shown_without_failing(type_: str, value: Any) -> None:
    kind, of = TYPES[type_], its_field(type_)
    assert isinstance(kind.wrong(value, of), str)
    assert isinstance(kind.text(value, of), str)
    assert isinstance(kind.paper(value, of), str)
    assert isinstance(kind.edit_text(value, of), str)
    assert isinstance(kind.search_text(value, of), str)
    kind.cell(value, of)


@pytest.mark.parametrize("type_", TYPES)
@few
@given(value=JSON)
def test_parsing_gives_a_sound_value_or_a_sentence(type_: str, value: Any) -> None:
    kind, of = TYPES[type_], its_field(type_)
    try:
        stored = kind.parse(value, of)
    except ValueProblem as problem:
        sentence = problem.message
    else:
        sentence = "."
        assert stored is None or kind.wrong(stored, of) == ""
    assert sentence.endswith(".")


@given(code=st.integers(0, 10**9 - 1))
def test_an_unknown_place_is_still_shown(forms: Forms, code: int) -> None:
    stored = {"commune": f"{code % 10**5:05}", "old_commune": ""}
    assert TYPES["place"].text(stored, its_field("place"), forms)

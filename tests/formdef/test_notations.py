"""The table of notations at the type of a field, which alone reads values; the doors are in `tests/journeys`."""

from __future__ import annotations

import re
from datetime import time
from typing import Any

import pytest

from kcdesk.formdef.types.base import ValueProblem
from kcdesk.formdef.types.registry import TYPES, type_of
from kcdesk.formdef.values import Percentage
from tests.notation_table import KINDS, REFUSED, TODAY, NativeCell, field_of, native_cells, notations


@pytest.fixture(autouse=True)
def the_day_of_the_table(monkeypatch: pytest.MonkeyPatch) -> None:
    """The dates of the table are read on its day."""
    monkeypatch.setattr("kcdesk.formdef.types.date_types.today", lambda: TODAY)


def read(kind: str, raw: object) -> tuple[Any, str]:
    """The stored value and "", or REFUSED and the sentence."""
    field = field_of(kind)
    try:
        return type_of(field).from_cell(raw, field), ""
    except ValueProblem as problem:
        return REFUSED, problem.message


def test_the_table_is_long_enough_and_of_every_kind() -> None:
    rows = list(notations())
    assert len(rows) >= 150
    assert len({(row.kind, row.text) for row in rows}) == len(rows)
    assert {row.kind for row in rows} == set(KINDS)
    assert set(KINDS) <= TYPES.keys()


def test_every_notation_has_its_one_reading() -> None:
    wrong = {row.name: got for row in notations() if (got := read(row.kind, row.text))[0] != row.reading}
    assert not wrong


def test_a_question_shows_each_meaning_in_a_notation_that_is_read() -> None:
    asked = [row for row in notations() if row.meanings]
    assert len(asked) >= 15
    for row in asked:
        sentence = read(row.kind, row.text)[1]
        values = [read(row.kind, meaning)[0] for meaning in row.meanings]
        shown = re.findall("«([^»]*)»", sentence)
        assert [words.removesuffix(" đồng") for words in shown] == list(row.meanings), (row.name, sentence)
        assert REFUSED not in values, row.name
        assert len(set(values)) == len(values), row.name


def test_a_refusal_is_a_sentence() -> None:
    for row in notations():
        if row.reading is REFUSED:
            sentence = read(row.kind, row.text)[1]
            assert sentence.endswith("."), row.name
            assert sentence[0].isupper() or sentence.startswith("“"), row.name


def native(cell: NativeCell) -> object:
    """The cell as a reader of workbooks hands it over."""
    return Percentage(cell.native) if "%" in cell.format else cell.native


def test_every_cell_without_text_has_its_one_reading_in_each_kind_of_field() -> None:
    cells = [cell for cell in native_cells() if not cell.type]
    wrong = {
        (kind, cell.native, cell.format): got
        for cell in cells
        for kind in (*KINDS, "text", "paragraph", "unit")
        if (got := read(kind, native(cell))[0]) != cell.reading("text" if kind in ("paragraph", "unit") else kind)
    }
    assert not wrong


def test_a_percentage_without_its_sign_in_the_cell_is_asked_about() -> None:
    value, sentence = read("percent", 0.5)
    assert value is REFUSED
    assert "«0,5%»" in sentence
    assert "«50%»" in sentence


def test_what_a_spreadsheet_made_of_a_text_is_told_by_what_it_is() -> None:
    for raw, words in ((TODAY, "thành ngày (05/3/2026)"), (time(8, 30), "thành giờ (08:30)"), (True, "TRUE")):
        assert words in read("text", raw)[1]

"""One value, one meaning: every notation of the table, and generated ones, at every door."""

from __future__ import annotations

from typing import Any

import pytest

from kcdesk import paths
from kcdesk.exchange.workbook.cells import from_xml
from kcdesk.formdef.types.base import ValueProblem
from kcdesk.formdef.types.registry import type_of
from tests.examples import one_of
from tests.journeys.notation_doors import TEXTS, CommandDoor, WindowDoors, WorkbookDoors, trial_forms
from tests.journeys.written_values import values
from tests.notation_table import REFUSED, TODAY, field_of, native_cells, notations
from tests.services.exchange_support import Offices


@pytest.fixture(scope="module")
def trial(tmp_path_factory):
    """The shipped forms with a field of every kind."""
    return trial_forms(tmp_path_factory.mktemp("trial") / "forms")


@pytest.fixture(autouse=True)
def the_day_of_the_table(monkeypatch, trial):
    """The dates of the table are read on its day, and the command line reads the trial forms."""
    monkeypatch.setattr("kcdesk.formdef.types.date_types.today", lambda: TODAY)
    monkeypatch.setattr(paths, "forms", lambda: trial.folder)


@pytest.fixture
def trial_offices(tmp_path, trial):
    """Offices with the trial forms."""
    made = Offices(tmp_path, trial)
    yield made
    made.close()


@pytest.fixture
def window(qtbot, trial):
    """The window with a form of every kind."""
    doors = WindowDoors(trial)
    qtbot.addWidget(doors.view)
    qtbot.waitExposed(doors.view)
    return doors


def wrong(rows, values, expected) -> dict[str, Any]:
    """What differs, by kind and text."""
    assert len(values) == len(rows)
    return {
        f"{kind} {text!a}": value
        for (kind, text), value, right in zip(rows, values, expected, strict=True)
        if value != right
    }


PART = 1_000  # generated values that share a package
TABLE = list(notations())
ROWS = [(row.kind, row.text) for row in TABLE]
READINGS = [row.reading for row in TABLE]


def test_the_table_typed_and_pasted_in_fields(window):
    typed = [(row, reading) for row, reading in zip(ROWS, READINGS, strict=True) if row[0] != "yes_no"]  # two buttons
    rows, readings = [row for row, _ in typed], [reading for _, reading in typed]
    assert not wrong(rows, window.typed(rows), readings)
    assert not wrong(rows, window.pasted(rows), readings)


def test_the_table_typed_and_pasted_in_cells(window):
    assert not wrong(ROWS, window.typed_in_cells(ROWS), READINGS)
    assert not wrong(ROWS, window.pasted_in_cells(ROWS), READINGS)


def test_the_table_on_the_command_line(tmp_path):
    assert not given_on_the_command_line(CommandDoor(tmp_path / "cli"), ROWS, READINGS)


def test_the_table_in_workbooks_that_come_back(trial_offices):
    package, decisions = WorkbookDoors(trial_offices).returned(ROWS)
    assert not wrong(ROWS, package, READINGS)
    assert not wrong(ROWS, decisions, READINGS)


def test_cells_without_text_in_workbooks_that_come_back(trial_offices):
    rows = [(kind, cell) for cell in native_cells() for kind in TEXTS]
    expected = [cell.reading(kind) for kind, cell in rows]
    package, decisions = WorkbookDoors(trial_offices).returned(rows)
    assert not wrong(rows, package, expected)
    assert not wrong(rows, decisions, expected)


def test_the_table_in_a_cell_of_any_spreadsheet():
    assert not wrong(ROWS, [converted(kind, from_xml(text)) for kind, text in ROWS], READINGS)


def converted(kind, cell):
    """What the type of a field makes of a cell."""
    try:
        return type_of(field_of(kind)).from_cell(cell, field_of(kind))
    except ValueProblem:
        return REFUSED


def test_generated_values_have_one_meaning_at_every_door(window, trial_offices, tmp_path, number_of_values):
    """Values written in generated notations: no door reads one otherwise than all others."""
    command, workbooks = CommandDoor(tmp_path / "cli"), WorkbookDoors(trial_offices)
    for seed, size in chunks_of(number_of_values):
        drawn = values(seed, size)
        rows, readings = [(kind, text) for kind, text, _ in drawn], [reading for _, _, reading in drawn]
        typed = [place for place, (kind, _) in enumerate(rows) if kind != "yes_no"]
        fields, right = [rows[place] for place in typed], [readings[place] for place in typed]
        package, decisions = workbooks.returned(rows)
        doors = {
            "typed": wrong(fields, window.typed(fields), right),
            "pasted": wrong(fields, window.pasted(fields), right),
            "typed in cells": wrong(rows, window.typed_in_cells(rows), readings),
            "pasted in cells": wrong(sorted(rows), window.pasted_in_cells(sorted(rows)), sorted_readings(drawn)),
            "command line": given_on_the_command_line(command, rows, readings),
            "package": wrong(rows, package, readings),
            "decisions": wrong(rows, decisions, readings),
            "any cell": wrong(rows, [converted(kind, from_xml(text)) for kind, text in rows], readings),
        }
        assert not any(doors.values()), (seed, doors)


def chunks_of(count):
    """Seeds and sizes of the parts of a long run."""
    return [(start, min(PART, count - start)) for start in range(0, count, PART)]


def sorted_readings(drawn):
    """The readings in the order of kinds and texts: a block is pasted into one column."""
    return [reading for _, _, reading in sorted(drawn, key=lambda value: value[:2])]


def given_on_the_command_line(command, rows, readings):
    """What the command line reads otherwise; what should be refused is given singly."""
    differing = {}
    for refused in (False, True):
        places = [place for place, reading in enumerate(readings) if (reading is REFUSED) == refused]
        places = one_of(4, places) if refused else places  # each is a call of its own
        given, right = [rows[place] for place in places], [readings[place] for place in places]
        differing |= wrong(given, (command.set_singly if refused else command.set_together)(given), right)
    return differing

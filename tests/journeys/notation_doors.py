"""The doors through which a written value comes in: the window, the command line, workbooks that come back.

Each door takes pairs of a kind of field and a text, and gives what is stored, REFUSED for what is refused. The forms
are the shipped ones; the proposal has, besides, a field, a field of the province and a column of every kind.
"""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import redirect_stdout
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from kcdesk import paths
from kcdesk.cli.program import main
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.loader import load
from kcdesk.formdef.model import Form, Section
from kcdesk.formdef.new_record import new_record
from kcdesk.services.handover.packages import decision_workbooks, edited_workbooks
from kcdesk.services.workspace import Workspace
from kcdesk.ui.form.form_view import FormView
from kcdesk.ui.form.table_editor import TableEditor
from tests.notation_table import KINDS, REFUSED, NativeCell
from tests.services.exchange_support import Offices
from tests.services.samples import new
from tests.ui.form_support import MemoryHost, forms_of, type_text

Written = tuple[str, str]  # kind of field, text
SHEET = "Đề án"
TEXTS = (*KINDS, "text")  # also what a cell makes of a field of words
_UNITS = {"integer": "người", "money": "đồng"}


def trial_forms(folder: Path) -> Forms:
    """The shipped forms with the fields of every kind, in a new folder."""
    shutil.copytree(paths.forms(), folder)
    section = '\n[[section]]\nid = "notations"\nlabel = "Cách viết"\n'
    for kind in TEXTS:
        section += _field("section.field", f"own_{kind}", kind)
        section += _field("section.field", f"their_{kind}", kind) + 'owner = "province"\n'
    section += _field("section.field", "lines", "table") + 'row = "line"\n'
    section += "".join(_field("section.field.column", kind, kind) for kind in TEXTS)
    with (folder / "proposal.toml").open("a", encoding="utf-8") as file:
        file.write(section)
    return load(folder)


def _field(table: str, name: str, kind: str) -> str:
    unit = f'unit = "{_UNITS[kind]}"\n' if kind in _UNITS else ""
    return f'\n[[{table}]]\nname = "{name}"\ntype = "{kind}"\nlabel = "Ô {name}"\n{unit}'


class WindowDoors:
    """The form of one record in a window: its fields and the cells of its table, by keys and by the clipboard."""

    def __init__(self, forms: Forms) -> None:
        section = next(part for part in forms.current("proposal").sections if part.id == "notations")
        shown = Form(
            id="trial",
            version=1,
            label="Thử",
            plural="Thử",
            effective_from=date(2020, 1, 1),
            title=("own_text",),
            sections=(Section(id="notations", label="Cách viết", fields=section.fields),),
        )
        own = forms_of(shown)
        self.record = new_record(own, "trial", "t1", date(2026, 3, 5))
        self.view = FormView(MemoryHost(own))
        self.view.resize(1200, 800)
        self.view.set_record(self.record, own.workflow("trial"), "lower")
        self.view.show()
        self.view.activateWindow()

    def typed(self, rows: Iterable[Written]) -> list[Any]:
        """Type each text key by key into the field of its kind and press Enter."""
        return [self._entered(kind, lambda text=text: type_text(text)) for kind, text in rows]

    def pasted(self, rows: Iterable[Written]) -> list[Any]:
        """Paste each text into the field of its kind and press Enter."""
        return [self._entered(kind, lambda text=text: _paste(text)) for kind, text in rows]

    def _entered(self, kind: str, enter: Callable[[], None]) -> Any:
        name = f"own_{kind}"
        editor = self.view.editor(name)
        self.record.set(name, None)
        editor.set_value(None)
        self.view.focus_path(name)
        enter()
        _press(Qt.Key.Key_Return)
        return REFUSED if editor.unread else self.record.value(name)

    def typed_in_cells(self, rows: Iterable[Written]) -> list[Any]:
        """Type each text key by key into a cell of the table and press Enter."""
        table = self._table(begun=True)
        values = []
        for kind, text in rows:
            place = table.model.index(0, [column.name for column in table.model.columns].index(kind))
            table.model.write(place, None)
            table.view.setFocus()
            table.view.setCurrentIndex(place)
            type_text(text)
            _press(Qt.Key.Key_Return)
            values.append(_cell(table, 0, kind))
        return values

    def pasted_in_cells(self, rows: Iterable[Written]) -> list[Any]:
        """Paste the texts of each kind as one block of a spreadsheet, from the first row on."""
        values: list[Any] = []
        for kind, group in groupby(rows, lambda row: row[0]):
            texts = [text for _, text in group]
            table = self._table(begun=False)
            block = io.StringIO()
            csv.writer(block, dialect="excel-tab", lineterminator="\n").writerows([[text] for text in texts])
            QApplication.clipboard().setText(block.getvalue())
            table.view.setCurrentIndex(table.model.index(0, [c.name for c in table.model.columns].index(kind)))
            table.view.paste()
            values += [_cell(table, number, kind) for number in range(len(texts))]
        return values

    def _table(self, *, begun: bool) -> TableEditor:
        """The table: empty, or with one row that was begun."""
        editor = self.view.editor("lines")
        assert isinstance(editor, TableEditor)
        self.record.set("lines", [{"id": "r0", "position": 1.0, "text": "Dòng"}] if begun else None)
        editor.set_value(None)
        return editor


def _cell(table: TableEditor, row: int, kind: str) -> Any:
    """What a cell stores; REFUSED if it holds a text that cannot be read."""
    column = [field.name for field in table.model.columns].index(kind)
    index = table.model.index(row, column)
    return REFUSED if table.model.typed(index) is not None else table.model.stored(index)


def _paste(text: str) -> None:
    QApplication.clipboard().setText(text)
    _press(Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def _press(key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(QApplication.focusWidget(), QKeyEvent(kind, key, held))


class CommandDoor:
    """The command line: `set`, several fields in one call where all are readable."""

    def __init__(self, store: Path) -> None:
        self.store = store
        made = ("--unit", "Trung tâm mẫu", "--code", "TT", "--level", "lower", "--province", "Cần Thơ")
        assert main(["--store", str(store), "init", *made, "--officer", "Cán bộ", "--practice"]) == 0
        self.id = self._run("add", "proposal", "title=Cách viết")[1]["id"]

    def set_together(self, rows: Iterable[Written]) -> list[Any]:
        """Set rows that should be readable, one of each kind in a call."""
        rows = list(rows)
        values: list[Any] = [REFUSED] * len(rows)
        for places in _one_of_each_kind(rows):
            code, _ = self._run("set", self.id, *(f"own_{rows[place][0]}={rows[place][1]}" for place in places))
            shown = self._run("show", self.id)[1]["data"] if code == 0 else {}
            for place in places:
                values[place] = shown.get(f"own_{rows[place][0]}", REFUSED)
        return values

    def set_singly(self, rows: Iterable[Written]) -> list[Any]:
        """Set rows of which each may be refused."""
        values = []
        for kind, text in rows:
            code, answer = self._run("set", self.id, f"own_{kind}={text}")
            assert code in (0, 1)
            assert code == 0 or answer["error"]["message"].endswith("."), (kind, text)
            values.append(REFUSED if code else self._run("show", self.id)[1]["data"].get(f"own_{kind}"))
        return values

    def _run(self, *arguments: str) -> tuple[int, Any]:
        out = io.StringIO()
        with redirect_stdout(out):
            code = main(["--store", str(self.store), "--json", *arguments])
        return code, json.loads(out.getvalue())


def _one_of_each_kind(rows: Sequence[Written]) -> Iterator[list[int]]:
    """The places of the rows, in lists that hold each kind at most once."""
    waiting: dict[str, list[int]] = {}
    for place, (kind, _) in enumerate(rows):
        waiting.setdefault(kind, []).append(place)
    while any(waiting.values()):
        yield [places.pop() for places in waiting.values() if places]


class WorkbookDoors:
    """A unit that sent a package of blank dossiers: the cells of the package and of its decision workbook come back."""

    def __init__(self, offices: Offices) -> None:
        self._offices = offices

    def returned(self, rows: Sequence[tuple[str, Any]]) -> tuple[list[Any], list[Any]]:
        """Put each value, a text or a native cell, into a cell of both workbooks; what the store keeps of each."""
        chunks = list(_one_of_each_kind(rows))
        unit = self._offices.make("TT")
        ids = [new(unit, "proposal", title=f"Đề án {n}") for n in range(len(chunks))]
        path, package = self._offices.export(unit)
        cells = {(ids[n], rows[place][0]): rows[place][1] for n, chunk in enumerate(chunks) for place in chunk}
        edited = self._offices.path()
        _fill(path, edited, {(id_, f"own_{kind}"): value for (id_, kind), value in cells.items()})
        edited_workbooks.read_edits(unit, edited, accept=True)
        decided, filled = self._offices.path(), self._offices.path()
        decision_workbooks.make_decision_workbook(unit, package, decided)
        _fill(decided, filled, {(id_, f"their_{kind}"): value for (id_, kind), value in cells.items()})
        decision_workbooks.read_decisions(unit, filled, accept=True)
        return self._kept(unit, rows, chunks, ids, "own"), self._kept(unit, rows, chunks, ids, "their")

    def _kept(
        self, unit: Workspace, rows: Sequence[tuple[str, Any]], chunks: list[list[int]], ids: list[str], whose: str
    ) -> list[Any]:
        values: list[Any] = [REFUSED] * len(rows)
        for id_, chunk in zip(ids, chunks, strict=True):
            data = unit.store.get(id_).data
            for place in chunk:
                values[place] = data.get(f"{whose}_{rows[place][0]}", REFUSED)
        return values


def _fill(path: Path, target: Path, cells: dict[tuple[str, str], Any]) -> None:
    """Write cells of the sheet of proposals, by record and name of the column, as a spreadsheet saves them.

    A column that no dossier fills is not in the workbook; it is put there with its machine name.
    """
    book = load_workbook(path)
    page = book[SHEET]
    columns = {cell.value: cell.column for cell in page[2]}
    rows = {row[columns["id"] - 1].value: number for number, row in enumerate(page.iter_rows(min_row=3), start=3)}
    for (id_, name), value in cells.items():
        if name not in columns:
            columns[name] = page.max_column + 1
            page.cell(2, columns[name]).value = name
        cell = page.cell(rows[id_], columns[name])
        if isinstance(value, NativeCell):
            cell.value, cell.number_format = value.native, value.format
        else:
            cell.value, cell.data_type = value, "s"
    book.save(target)

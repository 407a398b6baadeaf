"""«Dòng»: the rows of a spreadsheet by what becomes of them, and the cells of the current one to be corrected."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from kcdesk.formdef.types.base import ValueProblem
from kcdesk.services.intake.cell_answers import SheetAnswers, typed_answer
from kcdesk.services.workspace import Workspace
from kcdesk.sheets.matching.column_reader import CellReading
from kcdesk.ui.intake.sheet_lines import ROW_HEADS, STATUSES, SheetLines
from kcdesk.ui.toolkit.count_chips import CountChips
from kcdesk.ui.toolkit.fitting.flow_row import FlowRow
from kcdesk.ui.toolkit.fitting.steady_choice import SteadyChoice
from kcdesk.ui.toolkit.lines_table import LinesTable
from kcdesk.ui.toolkit.theme import FIELD_GAP, Theme, labelled, set_tone

_CELL_LETTERS = 30
_VALUE_DIGITS = 55


class RowPanel(QWidget):
    """The rows; `answered` when a cell was corrected, `opened` when the record of a row is wanted."""

    answered = Signal()
    opened = Signal(str)

    def __init__(self, workspace: Workspace, theme: Theme, answers: SheetAnswers) -> None:
        super().__init__()
        self._workspace, self._answers = workspace, answers
        self._lines: SheetLines | None = None
        self._cells: Sequence[CellReading] = ()
        self.chips = CountChips("sheet.show")
        self.table = LinesTable("sheet.rows", ROW_HEADS, 3, theme)
        self.table.setAccessibleName("Các dòng của bảng và kết quả")
        self.words = labelled(role="muted", wrap=True)
        self.cell = SteadyChoice()
        self.cell.setObjectName("sheet.cell")
        self.cell.setAccessibleName("Ô của dòng đang chọn")
        self.cell.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.cell.setMinimumContentsLength(_CELL_LETTERS)
        self.value = QLineEdit()
        self.value.setObjectName("sheet.corrected")
        self.value.setAccessibleName("Giá trị sửa cho ô đang chọn của dòng")
        self.value.setMinimumWidth(self.value.fontMetrics().horizontalAdvance("0" * _VALUE_DIGITS))
        self.write = QPushButton("&Sửa ô này")
        self.write.setObjectName("sheet.correct")
        self.write.setToolTip("Ghi giá trị này thay cho giá trị đọc từ bảng (Enter ở ô gõ)")
        self.chips.chosen.connect(lambda _name: self._show_rows())
        self.table.moved.connect(self._show_row)
        self.table.chosen.connect(self.opened)
        self.cell.activated.connect(lambda _place: self._show_cell())
        self.value.returnPressed.connect(self._correct)
        self.write.clicked.connect(self._correct)
        self._lay_out()

    def show_lines(self, lines: SheetLines) -> None:
        """Show the rows as they are judged now."""
        self._lines = lines
        counts = lines.counts()
        options = [(name, label, counts[name]) for name, (label, _tone) in STATUSES.items()]
        self.chips.show_options([("all", "Tất cả", sum(counts.values())), *options], self.chips.value or "all")
        self._show_rows()

    def _show_rows(self) -> None:
        if self._lines:
            chosen = self.chips.value
            self.table.show_lines(self._lines.rows("" if chosen == "all" else chosen))
            self._show_row(self.table.key())

    def _show_row(self, key: str) -> None:
        """Show what every cell of a row was read as."""
        wanted = self.cell.currentData()
        self.words.setText(self._lines.row_in_words(key) if self._lines and key else "")
        set_tone(self.words, "")
        cells = self._lines.cells_of(key) if self._lines and key else ()
        self._cells = [cell for cell in cells if cell.target is not None]
        with QSignalBlocker(self.cell):
            self.cell.clear()
            for cell in self._cells:
                self.cell.addItem(f"{cell.place} · {cell.target.label if cell.target else ''}", cell.place)
            letters = "".join(filter(str.isalpha, wanted or ""))
            same = [at for at, cell in enumerate(self._cells) if letters and cell.place.rstrip("0123456789") == letters]
            self.cell.setCurrentIndex(same[0] if same else 0)
        self._show_cell()

    def _show_cell(self) -> None:
        cell = self._current()
        self.value.setText(self._lines.answer_text(cell) if self._lines and cell else "")
        for widget in (self.cell, self.value, self.write):
            widget.setEnabled(cell is not None)

    def _current(self) -> CellReading | None:
        place = self.cell.currentIndex()
        return self._cells[place] if 0 <= place < len(self._cells) else None

    def _correct(self) -> None:
        cell = self._current()
        if cell is None or cell.target is None:
            return
        try:
            answer = typed_answer(self._workspace.forms, cell.target, self.value.text())
        except ValueProblem as problem:
            self.words.setText(problem.message)
            set_tone(self.words, "wrong")
            self.value.setFocus()
            return
        self._answers.cells[cell.place] = answer
        self.table.setFocus()
        self.answered.emit()

    def _lay_out(self) -> None:
        row = FlowRow(FIELD_GAP)
        words = QLabel("Ô của &dòng:")
        words.setBuddy(self.cell)
        for widget in (words, self.cell, self.value, self.write):
            row.add(widget)
        inner = QVBoxLayout(self)
        inner.setContentsMargins(0, FIELD_GAP, 0, 0)
        inner.setSpacing(FIELD_GAP)
        inner.addWidget(self.chips)
        inner.addWidget(self.table, 1)
        inner.addWidget(self.words)
        inner.addWidget(row)

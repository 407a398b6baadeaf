"""«Cần trả lời»: the cells of a spreadsheet that are doubtful or refused, with what the officer answers."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from kcdesk.formdef.types.base import ValueProblem
from kcdesk.services.intake.cell_answers import CellAnswer, SheetAnswers, typed_answer
from kcdesk.services.workspace import Workspace
from kcdesk.ui.intake.sheet_lines import QUESTION_HEADS, SheetLines
from kcdesk.ui.toolkit.fitting.flow_row import FlowRow
from kcdesk.ui.toolkit.lines_table import LinesTable
from kcdesk.ui.toolkit.theme import FIELD_GAP, Theme, labelled, set_tone


class QuestionPanel(QWidget):
    """A table of questions; below it the answer to the current one. `answered` after each answer."""

    answered = Signal()

    def __init__(self, workspace: Workspace, theme: Theme, answers: SheetAnswers) -> None:
        super().__init__()
        self._workspace, self._answers = workspace, answers
        self._lines: SheetLines | None = None
        self.table = LinesTable("sheet.questions", QUESTION_HEADS, 4, theme)
        self.table.setAccessibleName("Các ô cần trả lời")
        self.whole = labelled(wrap=True)
        self.value = QLineEdit()
        self.value.setObjectName("sheet.value")
        self.value.setAccessibleName("Giá trị ghi cho ô đang chọn")
        self.value.setPlaceholderText("Giá trị ghi vào hồ sơ")
        self.take = _button("sheet.take", "&Nhận cách hiểu", "Nhận giá trị gợi ý (Enter ở dòng)")
        self.write = _button("sheet.write", "&Ghi giá trị này", "Ghi giá trị đã gõ (Enter ở ô gõ)")
        self.leave = _button("sheet.leave", "Để t&rống", "Không nhận gì cho ô này")
        self.checked = _button("sheet.checked", "Lưu bảng &tô màu…", "Ghi bản sao của bảng, tô màu và ghi lý do từng ô")
        self.take_all = _button("sheet.take_all", "Nhận mọi cách &hiểu", "Nhận mọi gợi ý còn lại")
        self.table.moved.connect(self._show_current)
        self.table.chosen.connect(lambda _key: self._take_or_type())
        self.value.returnPressed.connect(self._write)
        self.take.clicked.connect(self._take)
        self.write.clicked.connect(self._write)
        self.leave.clicked.connect(self._leave)
        self.take_all.clicked.connect(self._take_all)
        self._lay_out()

    def show_lines(self, lines: SheetLines) -> None:
        """Show the questions as they stand now."""
        self._lines = lines
        self.table.show_lines(lines.questions())
        self._show_current(self.table.key())

    def _lay_out(self) -> None:
        row = FlowRow(FIELD_GAP)
        words = QLabel("G&iá trị:")
        words.setBuddy(self.value)
        self.value.setMinimumWidth(self.value.fontMetrics().horizontalAdvance("0" * 36))
        for widget in (words, self.value, self.write, self.take, self.leave):
            row.add(widget)
        for widget in (self.checked, self.take_all):
            row.add_right(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, FIELD_GAP, 0, 0)
        column.setSpacing(FIELD_GAP)
        column.addWidget(self.table, 1)
        column.addWidget(self.whole)
        column.addWidget(row)

    def _show_current(self, key: str) -> None:
        lines = self._lines
        cell = lines.cell(key) if lines else None
        is_join = bool(lines and lines.join_row(key))
        has_value = bool(cell and cell.target and cell.reading.value is not None)
        line = next((line for line in self.table.lines_model.lines if line.key == key), None)
        self.whole.setText(f"{line.cells[0]}: {line.cells[4]}" if line else "Không có ô nào cần trả lời.")
        set_tone(self.whole, "")
        self.value.setText(lines.suggested(key) if lines and cell else "")
        self.value.setEnabled(cell is not None and cell.target is not None)
        self.write.setEnabled(self.value.isEnabled())
        self.take.setEnabled(has_value or is_join or bool(lines and lines.area(key)))
        self.leave.setEnabled(self.value.isEnabled() or is_join)
        self.take_all.setEnabled(bool(self._open_suggestions()))

    def _open_suggestions(self) -> list[str]:
        """The keys of the lines whose suggestion was not taken yet."""
        keys = [line.key for line in self.table.lines_model.lines if not line.cells[5]]
        return [
            key
            for key in keys
            if self._lines
            and not self._lines.join_row(key)
            and (cell := self._lines.cell(key))
            and cell.is_asked
            and cell.reading.value is not None
        ]

    def _take_or_type(self) -> None:
        """Enter on a line: take what is suggested, else type."""
        if self.take.isEnabled():
            self._take()
        elif self.value.isEnabled():
            self.value.setFocus()

    def _take(self) -> None:
        if self._lines and (row := self._lines.join_row(self.table.key())):
            self._answers.joins.add(row)
            self.answered.emit()
        elif self._lines and (area := self._lines.area(self.table.key())):
            self._answers.seen.add(area)
            self.answered.emit()
        else:
            self._answer(CellAnswer("taken"))

    def _leave(self) -> None:
        if self._lines and (row := self._lines.join_row(self.table.key())):
            self._answers.refused_joins.add(row)
            self.answered.emit()
        else:
            self._answer(CellAnswer("empty"))

    def _take_all(self) -> None:
        for key in self._open_suggestions():
            self._answers.cells[key] = CellAnswer("taken")
        self.answered.emit()

    def _write(self) -> None:
        cell = self._lines.cell(self.table.key()) if self._lines else None
        if cell is None or cell.target is None:
            return
        if cell.is_asked and self._lines and self.value.text() == self._lines.suggested(self.table.key()):
            self._take()
            return
        try:
            answer = typed_answer(self._workspace.forms, cell.target, self.value.text())
        except ValueProblem as problem:
            self.whole.setText(problem.message)
            set_tone(self.whole, "wrong")
            self.value.setFocus()
            return
        self._answer(answer)

    def _answer(self, answer: CellAnswer) -> None:
        key = self.table.key()
        if self._lines and self._lines.cell(key):
            self._answers.cells[key.partition(" ")[0]] = answer
            self.table.setFocus()
            self.answered.emit()


def _button(name: str, label: str, words: str) -> QPushButton:
    button = QPushButton(label)
    button.setObjectName(name)
    button.setToolTip(words)
    return button

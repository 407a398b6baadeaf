"""What an officer chooses for a whole spreadsheet: its sheet, the rows of its heading, whether hidden rows count."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit, QPushButton

from kcdesk.formdef.model import Field
from kcdesk.formdef.types.base import ValueProblem
from kcdesk.services.intake.sheet_loading import LoadedSheet
from kcdesk.services.workspace import Workspace
from kcdesk.ui.form.editors.search_input import SearchInput
from kcdesk.ui.intake.receiving_records import NEW, ReceivingRecords
from kcdesk.ui.toolkit.fitting.flow_row import FlowRow
from kcdesk.ui.toolkit.fitting.steady_choice import SteadyChoice
from kcdesk.ui.toolkit.theme import FIELD_GAP

_RECORD_LETTERS = 44


class SheetChoices(FlowRow):
    """One row of inputs; `changed` when the sheet has to be read again."""

    changed = Signal()
    unknown = Signal(str)  # what was typed names no record: the sentence

    def __init__(self, workspace: Workspace, kind: str) -> None:
        super().__init__(FIELD_GAP)
        self._found = ""  # the rows of the heading that the program has found, as they are written
        self.sheet = SteadyChoice()
        self.sheet.setObjectName("sheet.name")
        self.sheet.setAccessibleName("Trang của bảng tính")
        self.headings = QLineEdit()
        self.headings.setObjectName("sheet.headings")
        self.headings.setAccessibleName("Các dòng tiêu đề")
        self.headings.setToolTip("Số của các dòng tiêu đề, ví dụ 6-8; sửa khi chương trình tìm sai")
        self.headings.setMaximumWidth(self.headings.fontMetrics().horizontalAdvance("0" * 14))
        self.hidden = QCheckBox("Lấy cả dòng, cột bị ẩn")
        self.hidden.setObjectName("sheet.hidden")
        for label, box in (("&Trang:", self.sheet), ("&Dòng tiêu đề:", self.headings)):
            words = QLabel(label)
            words.setBuddy(box)
            self.add(words)
            self.add(box)
        self.again = QPushButton("Đọc lại")
        self.again.setObjectName("sheet.again")
        self.again.clicked.connect(lambda: self.changed.emit())
        self.add(self.again)
        self.add(self.hidden)
        self._records, self._chosen = ReceivingRecords(workspace, kind), NEW
        receiving = Field(name="into", type="reference", label="Hồ sơ nhận các dòng này", target=kind)
        self.into = SearchInput(receiving, workspace.forms, self._records)
        self.into.setObjectName("sheet.into")
        self.into.setAccessibleName(receiving.label)
        self.into.setMinimumWidth(self.into.fontMetrics().horizontalAdvance("0" * _RECORD_LETTERS))
        self.into_words = QLabel("Dòng của &hồ sơ:")
        self.into_words.setBuddy(self.into)
        self.add(self.into_words)
        self.add(self.into)
        self.into.left.connect(self._choose_record)
        self.sheet.activated.connect(lambda _place: self._choose_sheet())
        self.headings.returnPressed.connect(lambda: self.changed.emit())
        self.hidden.clicked.connect(lambda _on: self.changed.emit())

    def show_loaded(self, loaded: LoadedSheet) -> None:
        """Show what a sheet was read by."""
        with QSignalBlocker(self.sheet):
            self.sheet.clear()
            for sheet in loaded.book.sheets:
                self.sheet.addItem(f"{sheet.name} (ẩn)" if sheet.is_hidden else sheet.name, sheet.name)
            self.sheet.setCurrentIndex(self.sheet.findData(loaded.layout.sheet.name))
        rows = loaded.layout.blocks[0].rows
        self.headings.setText(f"{rows[0]}-{rows[-1]}" if len(rows) > 1 else str(rows[0]))
        self._found = self.headings.text()
        self.hidden.setVisible(bool(loaded.layout.hidden or loaded.layout.sheet.hidden_columns))

    @property
    def record(self) -> str:
        """The id of the record whose table the rows fill; "" for a new one."""
        return self._chosen

    def offer_records(self, shared: str, chosen: str) -> None:
        """Offer the records whose table the rows may fill; `shared`: what a new one is called."""
        self._records.new_title, self._chosen = shared, chosen
        self.into.show_value(chosen)
        for widget in (self.into_words, self.into):
            widget.setVisible(bool(shared or chosen))

    def chosen_headings(self) -> Sequence[int]:
        """The rows of the heading that were typed; () for those that the program has found."""
        typed = self.headings.text().strip()
        if not typed or typed == self._found:
            return ()
        numbers = [int(part) for part in typed.replace(",", "-").replace("–", "-").split("-") if part.strip().isdigit()]
        return tuple(range(min(numbers), max(numbers) + 1)) if numbers and max(numbers) - min(numbers) < 10 else ()

    def _choose_record(self) -> None:
        """Take the record that was chosen or typed in full; a text that names none is said, and not kept."""
        try:
            record = str(self.into.stored() or NEW)
        except ValueProblem as problem:
            self.into.show_value(self._chosen)  # what is shown is where the rows go
            self.unknown.emit(str(problem))
            return
        if record != self._chosen:
            self._chosen = record
            self.changed.emit()

    def _choose_sheet(self) -> None:
        self.headings.clear()
        self.changed.emit()

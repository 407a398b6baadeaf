"""«Danh mục địa bàn ưu tiên»: the communes of a province's list, typed or read from Excel, checked and signed."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from kcdesk import notations, text
from kcdesk.errors import UserError
from kcdesk.formdef.regulations.areas import area_kinds
from kcdesk.runtime.frozen import replace
from kcdesk.services.rulebook import area_drafts
from kcdesk.services.rulebook.area_drafts import AreaDraft, AreaRow
from kcdesk.ui.settings.entering.signing_dialog import Sign, SigningDialog
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.help_key import show_refusal
from kcdesk.ui.toolkit.decision_button import push_button
from kcdesk.ui.toolkit.lines_table import LinesTable, TableLine
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled
from kcdesk.ui.toolkit.wrapped_list import WrappedList

_SIZE = (1040, 640)  # pixels
_HEADS = ("Dòng", "Cần sửa", "Xã, phường", "Địa bàn")
_LINES = {  # object name: label, hint
    "document": ("Văn bản công bố", "QĐ 2167/QĐ-UBND ngày 23/6/2026 của UBND tỉnh"),
    "first": ("Áp dụng từ ngày", "23/6/2026"),
    "last": ("Đến hết ngày", "để trống: cho đến khi có danh mục khác"),
}
_ABOUT = (
    "Xã, phường nào thuộc địa bàn ưu tiên vào ngày nào: thứ tự ưu tiên, hệ số và điều kiện của đề án theo danh mục này,"
    " không theo ô đánh dấu trong hồ sơ. Bảng Excel có hai cột: xã, phường (tên hoặc mã) và địa bàn. Tệp đã ký gửi các"
    " đơn vị như mọi quy định."
)


class AreaDialog(SigningDialog):
    """Collects the communes of a list, beginning with the list in force."""

    help_topic = "areas"

    def __init__(self, context: Context, sign: Sign, parent: QWidget | None = None) -> None:
        super().__init__(context, "areas", sign, parent)
        self._rows: list[AreaRow] = []
        self.setWindowTitle("Danh mục địa bàn ưu tiên")
        self.begin_size(*_SIZE)
        self.lines = {name: _line(name) for name in _LINES}
        self.covers = WrappedList()
        self.covers.setObjectName("areas.covers")
        self.covers.setAccessibleName("Danh mục xác định các địa bàn")
        self.commune, self.kind = QLineEdit(), QComboBox()
        self.commune.setObjectName("areas.commune")
        self.commune.setAccessibleName("Xã, phường: tên hoặc mã")
        self.commune.setPlaceholderText("tên hoặc mã xã, phường")
        self.kind.setObjectName("areas.kind")
        self.kind.setAccessibleName("Địa bàn")
        for choice in area_kinds(context.workspace.forms):
            item = QListWidgetItem(choice.label, self.covers)
            item.setData(Qt.ItemDataRole.UserRole, choice.value)
            item.setCheckState(Qt.CheckState.Unchecked)
            self.kind.addItem(choice.label, choice.value)
        self.table = LinesTable("areas.rows", _HEADS, 2, context.theme)
        self.table.setAccessibleName("Xã, phường của danh mục")
        self.remove_button = push_button("Bỏ dòng đang chọn", "areas.remove", self.remove)
        self.refused_button = push_button("Bỏ các dòng chưa nhận được", "areas.remove_refused", self.remove_refused)
        self.table.moved.connect(lambda key: self.remove_button.setEnabled(bool(key)))
        self.summary = labelled(role="strong", wrap=True)
        self.summary.setObjectName("areas.summary")
        self._lay_out()
        self._begin()

    def take_file(self) -> None:
        """Choose a workbook and show its rows in place of those in the table."""
        try:
            first = self._day()  # without it no file can be read, and none is asked for
            path = self._context.messages.open_file("Nhập danh mục", "Bảng tính Excel (*.xlsx)", purpose="rules")
            if path is None:
                return
            self._rows = area_drafts.rows_in_file(self._context.workspace, path, first)
        except UserError as error:
            show_refusal(self.problem, error)
            return
        self.problem.setText("")
        self._show()

    def add(self) -> None:
        """Add the typed commune."""
        cells = [[self.commune.text(), str(self.kind.currentData())]]
        try:
            (row,) = area_drafts.rows_of(self._context.workspace, cells, self._day())
        except UserError as error:
            show_refusal(self.problem, error)
            return
        self.problem.setText(row.problem)
        self.commune.setFocus()  # to be put right, or for the next one
        if row.problem:
            return
        last = max((row.number for row in self._rows), default=0)  # those of a workbook are its own, with gaps
        self._rows.append(replace(row, number=last + 1))
        self.commune.clear()
        self._show()

    def remove(self) -> None:
        """Take the selected row out of the list."""
        self._rows = [row for row in self._rows if str(row.number) != self.table.key()]
        self._show()

    def remove_refused(self) -> None:
        """Take all rows out that could not be read."""
        self._rows = [row for row in self._rows if not row.problem]
        self._show()

    # -- inside --------------------------------------------------------------------------------------------------

    def _files(self) -> dict[str, str]:
        return area_drafts.area_file(self._context.workspace, self._draft())

    def _note(self) -> str:
        return f"Danh mục địa bàn ưu tiên: {len(self._rows)} xã, phường theo {self.lines['document'].text().strip()}"

    def _begin(self) -> None:
        """Show the list of the province that is in force, to be corrected."""
        draft = area_drafts.present_draft(self._context.workspace)
        if draft is not None:
            self.lines["document"].setText(draft.document)
            self.lines["first"].setText(text.format_date(draft.first))
            self.lines["last"].setText(text.format_date(draft.last) if draft.last else "")
            self._rows = list(draft.rows)
            self._check(draft.covers)
        self._show()

    def _show(self) -> None:
        self._check({row.kind for row in self._rows if row.kind})
        labels = {choice.value: choice.label for choice in area_kinds(self._context.workspace.forms)}
        self.table.show_lines([_table_line(row, labels) for row in self._rows])
        self.remove_button.setEnabled(bool(self.table.key()))
        refused = sum(bool(row.problem) for row in self._rows)
        self.refused_button.setEnabled(refused > 0)
        ready = f"{text.format_integer(len(self._rows) - refused)} xã, phường nhận được"
        self.summary.setText(f"{ready}; {refused} dòng chưa nhận được, xem «Cần sửa»." if refused else f"{ready}.")

    def _check(self, kinds: set[str] | tuple[str, ...]) -> None:
        for item in self._items():
            if item.data(Qt.ItemDataRole.UserRole) in kinds:
                item.setCheckState(Qt.CheckState.Checked)

    def _items(self) -> list[QListWidgetItem]:
        return [self.covers.item(place) for place in range(self.covers.count())]

    def _day(self) -> date:
        day = self._read("first")
        if day is None:
            self.lines["first"].setFocus()
            raise UserError("Hãy ghi «Áp dụng từ ngày» trước: từ ngày ấy suy ra xã cũ hay xã mới.", code="bad_list")
        return day

    def _read(self, name: str) -> date | None:
        written = self.lines[name].text().strip()
        if not written:
            return None
        try:
            return notations.parse_date(written)
        except ValueError as error:
            self.lines[name].setFocus()
            raise UserError(str(error), code="bad_list", field=name) from None

    def _draft(self) -> AreaDraft:
        checked = (item for item in self._items() if item.checkState() == Qt.CheckState.Checked)
        return AreaDraft(
            document=self.lines["document"].text(),
            first=self._day(),
            last=self._read("last"),
            covers=tuple(item.data(Qt.ItemDataRole.UserRole) for item in checked),
            rows=tuple(self._rows),
        )

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setSpacing(FIELD_GAP)
        for name, (label, _hint) in _LINES.items():
            form.addRow(label, self.lines[name])
        form.addRow("Danh mục xác định", self.covers)
        self.covers.setMaximumHeight(self.covers.sizeHintForRow(0) * 5)
        single = QHBoxLayout()
        single.addWidget(self.commune, 2)
        single.addWidget(self.kind, 3)
        single.addWidget(push_button("Thêm xã", "areas.add", self.add))
        several = QHBoxLayout()
        several.addWidget(push_button("Nhập từ Excel…", "areas.file", self.take_file))
        several.addWidget(self.remove_button)
        several.addWidget(self.refused_button)
        several.addStretch(1)
        for button in (self.preview_button, self.cancel_button, self.sign_button):
            several.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        column.addWidget(labelled(_ABOUT, "help", wrap=True))
        column.addLayout(form)
        column.addLayout(single)
        column.addWidget(self.summary)
        column.addWidget(self.table, 1)
        column.addWidget(self.problem)
        column.addLayout(several)


def _table_line(row: AreaRow, labels: dict[str, str]) -> TableLine:
    cells = (str(row.number), row.problem, row.name or row.commune, labels.get(row.kind, row.area))
    return TableLine(str(row.number), cells, {1: "wrong"} if row.problem else {}, {1: row.problem})


def _line(name: str) -> QLineEdit:
    label, hint = _LINES[name]
    line = QLineEdit()
    line.setObjectName(f"areas.{name}")
    line.setAccessibleName(label)
    line.setPlaceholderText(hint)
    return line

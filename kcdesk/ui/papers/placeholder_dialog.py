"""«Chèn trường»: the placeholders of a paper with their values; Enter copies the chosen one for Word."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialogButtonBox, QLineEdit, QVBoxLayout, QWidget

from kcdesk.services.papers.own_forms import taking, values
from kcdesk.services.papers.own_forms.placeholders import Placeholder
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.toolkit.lines_table import LinesTable, TableLine
from kcdesk.ui.toolkit.theme import GROUP_GAP, SECTION_GAP, labelled

_COLUMNS = ("Nội dung", "Chỗ điền", "Giá trị", "Thuộc")
_INTO_WORD = "Sang Word, đặt con trỏ vào chỗ cần điền rồi bấm Ctrl+V."
_HOW = (
    "Gõ để tìm, có dấu hoặc không. Enter chép chỗ điền; sang Word dán bằng Ctrl+V."
    " Chỗ điền ghi «dòng tự lặp» làm cho dòng bảng chứa nó lặp lại. Muốn một dòng, một đoạn chỉ in khi có giá trị,"
    " viết thêm chi_khi. vào trước tên, ví dụ {{ chi_khi.de_an.ten }}."
)


class PlaceholderDialog(Dialog):
    """Lists the placeholders of a paper; `record` gives the values of one dossier in place of samples."""

    help_topic = "word_forms"

    def __init__(self, context: Context, paper: str, record: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self._paper = context, paper
        layout = context.workspace.layouts[paper]
        self.setWindowTitle(f"Chèn trường: {layout.label}")
        self.begin_size(1000, 620)
        self._offered = taking.fields_offered(context.workspace, paper)
        self._values = self._known_values(record)
        self.search = QLineEdit()
        self.search.setObjectName("placeholders.search")
        self.search.setAccessibleName("Tìm chỗ điền")
        self.search.setPlaceholderText("Tìm chỗ điền")
        self.search.textChanged.connect(self._show)
        self.table = LinesTable("placeholders.table", _COLUMNS, 0, context.theme)
        self.table.setAccessibleName("Các chỗ điền")
        self.table.chosen.connect(self._copy)
        self.table.moved.connect(self._show_whole)
        self.note = labelled(_HOW, "muted", wrap=True)
        self.note.setObjectName("placeholders.note")
        box = QDialogButtonBox()
        copy = box.addButton("Chép chỗ điền", QDialogButtonBox.ButtonRole.ActionRole)
        copy.setObjectName("placeholders.copy")
        copy.clicked.connect(self._copy_current)
        copy.setDefault(True)  # so does Enter in the search
        copy.setProperty("role", "main")
        box.addButton("Đóng", QDialogButtonBox.ButtonRole.RejectRole)
        box.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(SECTION_GAP, SECTION_GAP, SECTION_GAP, SECTION_GAP)
        column.setSpacing(GROUP_GAP)
        for part in (self.search, self.table, self.note, box):
            column.addWidget(part, 1 if part is self.table else 0)
        self._show("")
        self.search.setFocus()

    def _known_values(self, record: str) -> dict[str, str]:
        workspace = self._context.workspace
        if not record:
            return {}
        return taking.values_on_paper(workspace, workspace.store.record(record), self._paper, self._offered)

    def _show(self, typed: str) -> None:
        """List what fits the typed words, the plain values before the ways to write them."""
        self.table.show_lines([self._line(item) for item in taking.fitting(self._offered, typed)])
        if self.table.lines_model.lines:
            self.table.selectRow(0)
        self.note.setText(_HOW)

    def _line(self, item: Placeholder) -> TableLine:
        shown = self._values.get(item.name, "") or values.sample_of(item)
        label = f"{item.label} (dòng tự lặp)" if item.repeats else item.label
        return TableLine(item.name, (label, item.tag, shown, item.group))

    def _show_whole(self, name: str) -> None:
        """Show the selected placeholder in full: its row may cut it."""
        line = next((line for line in self.table.lines_model.lines if line.key == name), None)
        self.note.setText(": ".join(map(str, (line.cells[1], line.cells[0], line.cells[2]))) if line else _HOW)

    def _copy_current(self) -> None:
        if key := self.table.key():
            self._copy(key)
        else:
            self.note.setText("Hãy chọn một dòng trong bảng rồi chép.")

    def _copy(self, name: str) -> None:
        tag = f"{{{{ {name} }}}}"
        QGuiApplication.clipboard().setText(tag)
        copied = f"Đã chép {tag}."
        again = self.note.text().startswith(copied)  # else nobody sees that the button worked
        self.note.setText(f"{'Đã chép lại' if again else 'Đã chép'} {tag}. {_INTO_WORD}")

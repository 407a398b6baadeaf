"""Dialogs of a vote: choose the products that take part, and the numbers of the certificates."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from kcdesk import notations, text
from kcdesk.services.votes.boards import Board, Candidate
from kcdesk.services.workspace import Workspace
from kcdesk.ui.papers.ticked.sheet_reading_dialog import SheetReadingDialog
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.shell.help_key import show_refusal
from kcdesk.ui.shell.page import PageCommand
from kcdesk.ui.toolkit import ticked_lists
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.tables import TitledTable
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled


def sheet_commands(context: Context, page: QWidget, print_sheets: Callable[[], object]) -> dict[str, PageCommand]:
    """The commands of a vote for score sheets: print them, and read those that were filled in by hand."""
    return {
        "print": PageCommand("In phiếu chấm…", print_sheets),
        "read_sheet": PageCommand("Đọc phiếu ghi tay…", lambda: SheetReadingDialog(context, "", page).exec()),
    }


_SIZE = (860, 480)
_EDITS = QAbstractItemView.EditTrigger.AnyKeyPressed | QAbstractItemView.EditTrigger.DoubleClicked


class RegisterDialog(Dialog):
    """Lists the products that are not in the vote yet; those with complete papers are ticked.

    With `asks_certificates`, number and day of the certificate of the level below are typed in the last column.
    """

    help_topic = "vote_board"

    def __init__(
        self, products: Sequence[Candidate], parent: QWidget | None = None, *, asks_certificates: bool = False
    ) -> None:
        super().__init__(parent)
        self._asks = asks_certificates
        self.setWindowTitle("Đăng ký sản phẩm dự bình chọn")
        self.begin_size(*_SIZE)
        self.model = QStandardItemModel(self)
        more = ("Giấy CN cấp dưới: số, ngày",) if asks_certificates else ()
        self.model.setHorizontalHeaderLabels(("Chọn", "Sản phẩm", "Nhóm", "Hồ sơ", *more))
        self.table = TitledTable(1)
        self.table.setObjectName("register.products")
        self.table.setAccessibleName("Các sản phẩm")
        self.table.setModel(self.model)
        for product in products:
            self.model.appendRow(_row(product, asks_certificates))
        if asks_certificates:
            self.table.setEditTriggers(_EDITS)
        self.summary = labelled(role="muted", wrap=True)
        self._act = _main("Đăng ký", self.accept)
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        column.addWidget(self.summary)
        column.addWidget(self.table, 1)
        column.addLayout(_buttons(self, self._act))
        QShortcut(QKeySequence("Space"), self.table, self.toggle, context=Qt.ShortcutContext.WidgetShortcut)
        self.model.itemChanged.connect(lambda _item: self._show_count())
        self._show_count()

    def showEvent(self, event: QShowEvent) -> None:
        """Fit the columns: their widths are known only when the table is visible."""
        super().showEvent(event)
        self.table.fit_columns()
        self.table.setCurrentIndex(self.model.index(0, 0))
        self.table.setFocus()

    def toggle(self) -> None:
        """Tick or untick the current line (space bar)."""
        ticked_lists.toggle(self.table)

    def ticked(self) -> list[str]:
        """Return the ids of the products to register."""
        return ticked_lists.ticked(self.model)

    def certificates(self) -> dict[str, str]:
        """Return the certificates of the level below, by product."""
        if not self._asks:
            return {}
        rows = range(self.model.rowCount())
        return {self.model.item(row, 0).data(ticked_lists.ID): self.model.item(row, 4).text().strip() for row in rows}

    def _show_count(self) -> None:
        count, ticked = self.model.rowCount(), len(self.ticked())
        of_all = f"{text.format_integer(ticked)} trong {text.format_integer(count)}"
        sentence = f"Đã chọn {of_all} sản phẩm; phím cách để chọn hoặc bỏ chọn."
        nothing = "Mọi sản phẩm trong sổ đều đã đăng ký. Thêm sản phẩm mới ở «Sổ hồ sơ», «Sản phẩm tiêu biểu»."
        lacking = sum(not self.certificates().get(id_) for id_ in self.ticked()) if self._asks else 0
        if lacking:
            sentence += f" Còn {lacking} sản phẩm chưa ghi giấy chứng nhận cấp dưới, chốt điểm sẽ cần."
        self.summary.setText(sentence if count else nothing)
        self._act.setEnabled(bool(ticked))


class CertifyDialog(Dialog):
    """Asks for the first number and the day; shows in advance what will happen."""

    help_topic = "vote_board"

    def __init__(self, workspace: Workspace, board: Board, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Cấp giấy chứng nhận")
        keep_size(self, least_width=520)
        scored = [line for line in board.lines if line.awaits_result]
        passing = sum(line.passes for line in scored)
        self._number = QLineEdit("01/GCN")
        self._number.setObjectName("certify.number")
        self._on = QLineEdit(text.format_date(workspace.today()))
        self._on.setObjectName("certify.on")
        self.problem = labelled(role="problem", wrap=True)
        form = QFormLayout()
        form.setSpacing(FIELD_GAP)
        form.addRow("Số giấy chứng nhận đầu tiên", self._number)
        form.addRow("Ngày cấp", self._on)
        sentence = (
            f"{passing} sản phẩm đạt mức tối thiểu được cấp giấy chứng nhận, đánh số tiếp từ số đầu tiên theo thứ hạng."
        )
        if declined := len(scored) - passing:
            sentence += f" {declined} sản phẩm chưa đạt chuyển sang «Không được công nhận»."
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        column.setSpacing(GROUP_GAP)
        column.addWidget(labelled(sentence, wrap=True))
        column.addLayout(form)
        column.addWidget(self.problem)
        column.addLayout(_buttons(self, _main("Cấp giấy chứng nhận", self._try)))

    def number(self) -> str:
        """Return the first number as typed."""
        return self._number.text()

    def on(self) -> date:
        """Return the day; call only after the dialog is accepted."""
        return notations.parse_date(self._on.text())

    def _try(self) -> None:
        try:
            self.on()
        except ValueError as error:
            show_refusal(self.problem, error)
        else:
            self.accept()


def _row(product: Candidate, asks_certificates: bool) -> list[QStandardItem]:
    words = ["", product.name, product.group, "Đủ" if product.is_complete else "Chưa chốt"]
    items = [QStandardItem(word) for word in [*words, *([product.certificate] if asks_certificates else [])]]
    for item in items[:4]:
        item.setEditable(False)
    items[0].setCheckable(True)
    items[0].setCheckState(Qt.CheckState.Checked if product.is_complete else Qt.CheckState.Unchecked)
    items[0].setData(product.id, ticked_lists.ID)
    items[0].setData(product.name, Qt.ItemDataRole.AccessibleTextRole)
    for item in items[1:]:
        item.setToolTip(item.text())
    return items


def _main(label: str, run: Callable[[], None]) -> QPushButton:
    button = QPushButton(label)
    button.setProperty("role", "main")
    button.setDefault(True)
    button.clicked.connect(lambda: run())
    return button


def _buttons(dialog: QDialog, main: QPushButton) -> QHBoxLayout:
    keep = QPushButton("Thôi")
    keep.setAutoDefault(False)
    keep.clicked.connect(dialog.reject)
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(keep)
    row.addWidget(main)
    return row

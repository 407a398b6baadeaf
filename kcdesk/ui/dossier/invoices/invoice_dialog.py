"""«Lấy từ hóa đơn»: what an invoice says, its signature, what to look at, and the rows to agree to one by one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from kcdesk.formdef.record import Record
from kcdesk.formdef.types.registry import type_of
from kcdesk.services.invoices import comparing, taking_in
from kcdesk.services.invoices.invoice import ALTERED, WHOLE, Invoice
from kcdesk.services.invoices.offered_rows import VOUCHER, OfferedRow
from kcdesk.services.invoices.opened_files import OpenedFile
from kcdesk.services.invoices.sums import amount_words
from kcdesk.services.invoices.taking_in import ReadInvoice
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled, set_tone
from kcdesk.ui.toolkit.wrapped_list import WrappedList

_KEY = Qt.ItemDataRole.UserRole
_SIZE = (860, 620)
_CONTRACTED = {"quantity": "contracted_quantity", "value": "contracted_value"}
# What every row takes from the head of the invoice, which stands above the rows.
_OF_HEAD = frozenset(
    {"invoice", "invoiced_on", "number", "issued_on", "dated", "seller", "seller_tax_code", "signature"}
)


class InvoiceDialog(Dialog):
    """Nothing is ticked at first, and nothing is written before «Ghi các dòng đã chọn» or «Chỉ giữ tệp»."""

    help_topic = "invoices"

    def __init__(
        self, context: Context, record_id: str, files: Sequence[OpenedFile], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context, self._record_id, self._files = context, record_id, files
        self._record: Record = taking_in.taking_record(context.workspace, record_id)
        self.written = ""  # the path of the first row that was taken in, or of the files
        self.setWindowTitle("Lấy từ hóa đơn")
        self.setObjectName("invoice")
        self.begin_size(*_SIZE)
        self.choice = QComboBox()
        self.choice.setObjectName("invoice.choice")
        self.choice.setAccessibleName("Hóa đơn trong tệp")
        self.choice.addItems([_name(file) for file in files])
        self.choice.setVisible(len(files) > 1)
        self.title = labelled("", "strong", wrap=True)
        self.signature = labelled("", wrap=True)
        self.signature.setObjectName("invoice.signature")
        self.findings = labelled("", "problem", wrap=True)
        self.findings.setObjectName("invoice.findings")
        self.lines = WrappedList()
        self.lines.setObjectName("invoice.lines")
        self.lines.setAccessibleName("Các dòng hóa đơn đề nghị ghi vào hồ sơ")
        self.with_tax = QCheckBox("Giá trị máy móc ghi cả thuế")
        self.with_tax.setObjectName("invoice.with_tax")
        self.all = _button("Chọn tất cả", "invoice.all")
        self.keep = _button("Chỉ giữ tệp", "invoice.keep")
        self.take = _button("Ghi các dòng đã chọn", "invoice.take")
        self._lay_out()
        self._connect()
        self._show_invoice()

    def _lay_out(self) -> None:
        self.take.setProperty("role", "main")
        self.take.setDefault(True)
        self._buttons = QHBoxLayout()
        self._buttons.addWidget(self.all)
        self._buttons.addWidget(self.with_tax)
        self._buttons.addStretch(1)
        cancel = _button("Thôi", "invoice.cancel")
        cancel.clicked.connect(self.reject)
        for button in (cancel, self.keep, self.take):
            self._buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        for widget in (self.choice, self.title, self.signature, self.findings):
            column.addWidget(widget)
        self._hint = labelled(
            "Chọn từng dòng đồng ý ghi vào hồ sơ; ô đang ghi khác được nêu bên cạnh. Mỗi dòng còn ghi số, ngày hóa "
            "đơn, bên bán, mã số thuế và chữ ký nêu trên.",
            "muted",
            wrap=True,
        )
        column.addWidget(self._hint)
        column.addWidget(self.lines, 1)
        column.addStretch(0)  # below the words of a file without rows
        column.addLayout(self._buttons)

    def _connect(self) -> None:
        self.choice.currentIndexChanged.connect(lambda _place: self._show_invoice())
        self.with_tax.toggled.connect(lambda _on: self._show_invoice(self.ticked()))
        self.lines.itemChanged.connect(lambda _item: self._allow())
        self.lines.itemActivated.connect(_turn)
        self.all.clicked.connect(self._tick_all)
        self.keep.clicked.connect(lambda: self._take([]))
        self.take.clicked.connect(lambda: self._take(self.ticked()))

    # -- showing -------------------------------------------------------------------------------------------------

    def ticked(self) -> list[str]:
        """Return the keys of the ticked rows."""
        items = [self.lines.item(place) for place in range(self.lines.count())]
        return [item.data(_KEY) for item in items if item.checkState() == Qt.CheckState.Checked]

    def _show_invoice(self, ticked: Collection[str] = ()) -> None:
        """Hold the chosen invoice against the dossier; only the rows with the keys `ticked` are ticked."""
        read = self._read = self._beside(self._files[self.choice.currentIndex()])
        invoice = read.invoice
        self.title.setText(_title(invoice) if invoice else f"Tệp PDF «{read.file.name}»")
        self.signature.setText(comparing.signature_words(invoice) if invoice else "")
        self.signature.setVisible(invoice is not None)
        state = invoice.signature_state if invoice else ""
        set_tone(self.signature, "good" if state == WHOLE else "wrong" if state == ALTERED else "waiting")
        sentence = self.signature.text()
        self.findings.setText("\n".join(f"– {each.message}" for each in read.findings if each.message != sentence))
        self.findings.setVisible(bool(self.findings.text()))
        self._show_rows(read.rows, ticked)

    def _beside(self, file: OpenedFile) -> ReadInvoice:
        workspace, with_tax = self._context.workspace, self.with_tax.isChecked()
        (read,) = taking_in.beside(workspace, [file], self._record_id, with_tax=with_tax)
        return read

    def _show_rows(self, rows: Sequence[OfferedRow], ticked: Collection[str]) -> None:
        self.lines.clear()
        for row in rows:
            item = QListWidgetItem(self._row_text(row))
            item.setData(_KEY, row.key)
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if row.key in ticked else Qt.CheckState.Unchecked)
            self.lines.addItem(item)
        for widget in (self.lines, self.all, self._hint, self.take):
            widget.setVisible(bool(rows))
        self.with_tax.setVisible(any(row.key != VOUCHER for row in rows))
        self._allow()

    def _row_text(self, row: OfferedRow) -> str:
        """What the row says, with what stands there and in the contract, in as many lines."""
        place = "Chứng từ" if row.key == VOUCHER else f"Dòng {row.key}"
        where = f"vào dòng «{self._shown_name(row)}»" if row.row else "thành dòng mới"
        if not row.changes:
            return f"{place}: {row.title} – {where}\nHồ sơ đã ghi đúng như vậy."
        shown = [name for name in row.changes if name not in _OF_HEAD or row.present.get(name) not in (None, "")]
        cells = [self._cell(row, name, row.changes[name]) for name in shown]
        return (
            f"{place}: {row.title} – {where}\n{'; '.join(cells) or 'Chỉ ghi thêm số, ngày hóa đơn, bên bán, chữ ký.'}"
        )

    def _shown_name(self, row: OfferedRow) -> str:
        names = (row.present.get(name) for name in ("name", "contracted_name", "number"))
        return str(next((name for name in names if name), "đã có"))

    def _cell(self, row: OfferedRow, name: str, value: Any) -> str:
        notes = []
        if row.present.get(name) not in (None, ""):
            notes.append(f"đang ghi {self._text(row, name, row.present[name])}")
        if (contracted := row.contracted.get(_CONTRACTED.get(name, ""))) is not None:
            notes.append(f"hợp đồng {self._text(row, name, contracted)}")
        beside = f" ({'; '.join(notes)})" if notes else ""
        column = self._record.field(row.table).column(name)
        return f"{column.short_label or column.label}: {self._text(row, name, value)}{beside}"

    def _text(self, row: OfferedRow, name: str, value: Any) -> str:
        column = self._record.field(row.table).column(name)
        return type_of(column).text(value, column, self._record.lookups)

    # -- deciding ------------------------------------------------------------------------------------------------

    def _allow(self) -> None:
        self.take.setEnabled(bool(self.ticked()))

    def _tick_all(self) -> None:
        for place in range(self.lines.count()):
            self.lines.item(place).setCheckState(Qt.CheckState.Checked)

    def _take(self, keys: Sequence[str]) -> None:
        read, workspace = self._read, self._context.workspace
        changes = self._context.act(lambda: taking_in.take_in(workspace, self._record_id, read, keys))
        if changes is None:
            return
        self.written = next((_path(row) for row in read.rows if row.key in keys), taking_in.FILES)
        self._context.messages.notice(f"{changes.action}.")
        if len(self._files) > 1:
            self._show_invoice()  # the file has others
        else:
            self.accept()


def _button(text: str, name: str) -> QPushButton:
    button = QPushButton(text)
    button.setObjectName(name)
    button.setAutoDefault(False)
    return button


def _path(row: OfferedRow) -> str:
    """The path of the first cell that a row writes; of a new row the table."""
    return f"{row.table}/{row.row}/{next(iter(row.changes), '')}" if row.row else row.table


def _turn(item: QListWidgetItem) -> None:
    """Tick or untick a line by Enter or a double click."""
    is_on = item.checkState() == Qt.CheckState.Checked
    item.setCheckState(Qt.CheckState.Unchecked if is_on else Qt.CheckState.Checked)


def _name(file: OpenedFile) -> str:
    return f"{file.invoice.identity.written} – {file.invoice.seller.name}" if file.invoice else file.name


def _title(invoice: Invoice) -> str:
    label = f"{invoice.label[0].upper()}{invoice.label[1:]}"
    total = "" if invoice.total is None else f"; tổng thanh toán {amount_words(invoice.total)}"
    tax = "" if invoice.tax is None else f", trong đó thuế {amount_words(invoice.tax)}"
    currency = f" {invoice.currency or 'VND'}" if total else ""
    return f"{label}. Bên bán: {invoice.seller.name}, mã số thuế {invoice.seller.tax_code}{total}{tax}{currency}."

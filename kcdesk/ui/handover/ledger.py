"""The ledger of packages as a table: sent, received, receipts; missing and undone ones are marked."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from kcdesk.services.handover.collecting import periods
from kcdesk.services.handover.receipts import standing
from kcdesk.services.handover.trust import partners
from kcdesk.text import format_integer
from kcdesk.ui.handover.package_names import RECEIPT, package_type
from kcdesk.ui.handover.receiving import enclosed_dialog
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.kept_views import keep_view, kept_view
from kcdesk.ui.toolkit import wording
from kcdesk.ui.toolkit.count_chips import CountChips
from kcdesk.ui.toolkit.fitting.flow_row import FlowRow
from kcdesk.ui.toolkit.lines_table import LinesTable, TableLine
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.theme import FIELD_GAP, labelled

_VIEW = "ledger"
_COLUMNS = ("Thời điểm", "Chiều", "Đơn vị", "Kỳ", "Loại", "Số hồ sơ", "Ghi chú")
_LABELS = (("all", "Tất cả"), ("out", "Gửi đi"), ("in", "Nhận về"), ("receipt", "Biên nhận"))
_DIRECTIONS = {"out": "Gửi đi", "in": "Nhận về"}
_NOTES = 6
_LEAST_TABLE = 160  # pixels: a heading and three lines


class Ledger(QWidget):
    """Shows every package; the buttons above act on the selected one.

    Signals:
        undo_requested: undo the receiving of a package.
        answer_requested: write the receipt of a package.
        paper_requested: print the hand-over record of a package.
        enclosed_requested: show the files enclosed with a receipt.
    """

    undo_requested = Signal(str)
    answer_requested = Signal(str)
    paper_requested = Signal(str)
    enclosed_requested = Signal(str)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self._packages: dict[str, dict[str, Any]] = {}
        self._spared = ""  # the package whose paper is offered elsewhere
        self.chips = CountChips("ledger.show")
        self.chips.chosen.connect(self._choose)
        self.table = LinesTable("handover.ledger", _COLUMNS, 2, context.theme, right=(5,))
        self.table.setAccessibleName("Sổ bàn giao")
        self.table.moved.connect(lambda _key: self._show_choice())
        self.table.chosen.connect(self._open)
        self._empty = labelled("Chưa gửi, chưa nhận gói nào.", "muted")
        self._undo = self._button("Hoàn tác việc nhận", "ledger.undo", self.undo_requested)
        self._answer = self._button("Viết biên nhận…", "ledger.answer", self.answer_requested)
        self._paper = self._button("In biên bản giao nhận…", "ledger.paper", self.paper_requested)
        self._enclosed = self._button("", "ledger.enclosed", self.enclosed_requested)
        self._lay_out()

    def load(self) -> None:
        """Read the ledger again."""
        packages = standing.packages(self._context.workspace)
        self._packages = {line["package"]: line for line in packages}
        names = {partner["unit"]: partner["name"] for partner in partners.known_partners(self._context.workspace)}
        for line in packages:
            line["name"] = names.get(line["partner"], line["partner"])
        numbers = {name: sum(_is(name, line) for line in packages) for name, _ in _LABELS}
        options = [(name, label, numbers[name]) for name, label in _LABELS]
        self.chips.show_options(options, self.chips.value or self._kept_choice())
        self._show_rows()

    def _kept_choice(self) -> str:
        """Return which packages were shown in the last session; all, if there are none of those any more."""
        kept = kept_view(self._context.settings, _VIEW).get("show")
        return str(kept) if any(_is(str(kept), line) for line in self._packages.values()) else "all"

    def _choose(self, name: str) -> None:
        keep_view(self._context.settings, _VIEW, {"show": name} if name != "all" else {})
        self._show_rows()

    def spare_paper(self, package: str) -> None:
        """Do not offer the paper of this package, because it is offered above the ledger; "" for none."""
        self._spared = package
        self._show_choice()

    def chosen(self) -> dict[str, Any] | None:
        """Return the selected package, None for none."""
        return self._packages.get(self.table.key())

    # -- inside --------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        head = FlowRow()
        head.add(labelled("Sổ bàn giao", "section"))
        head.add(self.chips)
        for button in (self._enclosed, self._undo, self._answer, self._paper):
            head.add_right(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(FIELD_GAP)
        column.addWidget(head)
        column.addWidget(self._empty)
        keep_size(self.table, least_height=_LEAST_TABLE)
        column.addWidget(self.table, 1)
        column.addStretch(0)

    def _button(self, label: str, name: str, signal: Any) -> QPushButton:
        button = QPushButton(label)
        button.setObjectName(name)
        button.clicked.connect(lambda: signal.emit(self.table.key()))
        return button

    def _show_rows(self) -> None:
        lines = [_line(line) for line in self._packages.values() if _is(self.chips.value, line)]
        self.table.show_lines(lines)
        self.table.setVisible(bool(lines))
        self._empty.setVisible(not lines)
        self._show_choice()

    def _show_choice(self) -> None:
        line = self.chosen()
        came = line is not None and line["direction"] == "in" and not line["undone"]
        files = line["enclosed"] if line is not None and came and line["answers"] else []
        self._enclosed.setText(enclosed_dialog.label(len(files)))
        self._enclosed.setVisible(bool(files))
        self._undo.setVisible(came)
        self._answer.setVisible(came and self._wants_answer())
        self._paper.setVisible(line is not None and not line["undone"] and line["package"] != self._spared)

    def _wants_answer(self) -> bool:
        line = self.chosen()
        own = self._context.workspace.identity.unit.code
        return line is not None and not line["answers"] and line["partner"] != own

    def _open(self, package: str) -> None:
        """Do what comes next for a package (Enter)."""
        line = self._packages[package]
        if line["direction"] == "in" and not line["undone"] and self._wants_answer():
            self.answer_requested.emit(package)
        elif not line["undone"]:
            self.paper_requested.emit(package)


def _is(name: str, line: dict[str, Any]) -> bool:
    is_receipt = line["type"] == RECEIPT
    return name == "all" or (is_receipt if name == "receipt" else line["direction"] == name and not is_receipt)


def _line(line: dict[str, Any]) -> TableLine:
    notes = "; ".join(line["notes"])
    cells = (
        wording.moment(line["at"]),
        _DIRECTIONS[line["direction"]],
        line["name"],
        periods.name(line["period"]),
        package_type(line["type"]),
        format_integer(line["records"]),
        notes or line["file"],
    )
    tones = {_NOTES: "neutral" if line["undone"] else "wrong"} if notes else {}
    return TableLine(line["package"], cells, tones, {_NOTES: f"Mã gói: {line['package']}"})

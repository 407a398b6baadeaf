"""«Bảng rà soát đề án»: the proposals of a plan year by their chance of completion, with obstacle and way out."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from kcdesk.services.records import changing
from kcdesk.services.warnings import review_table
from kcdesk.services.warnings.review_table import ReviewLine
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.toolkit.decision_button import push_button
from kcdesk.ui.toolkit.lines_table import LinesTable, TableLine
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled

_SIZE = (1180, 620)  # pixels
_HEADS = ("Đề án", "Được duyệt", "Giải ngân", "Khả năng hoàn thành", "Khó khăn, vướng mắc", "Hướng tháo gỡ")
_CHANCE = 3
_TONES = ("wrong", "wrong", "waiting")  # of the first places; what comes after has none
_FILES = {  # by object name: label, ending, filter of the file dialog
    "pdf": ("Ghi PDF…", ".pdf", "PDF (*.pdf)"),
    "docx": ("Ghi Word…", ".docx", "Word (*.docx)"),
    "xlsx": ("Ghi Excel…", ".xlsx", "Bảng tính Excel (*.xlsx)"),
}
_ABOUT = (
    "Mỗi dòng là một đề án đã được duyệt của kế hoạch năm, khó hoàn thành nhất đứng trước. «Gợi ý» là theo cảnh báo của"
    " chương trình; ghi khó khăn của đề án thì bảng lấy theo cán bộ. Theo TB 504/TB-CN (chưa đối chiếu)."
)


class ReviewDialog(Dialog):
    """Shows the table and writes it; Enter opens the proposal, a button the difficulty that speaks of it."""

    help_topic = "warnings"
    open_requested = Signal(str)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._lines: dict[str, ReviewLine] = {}
        self.setWindowTitle("Bảng rà soát đề án")
        self.begin_size(*_SIZE)
        self.year = QComboBox()
        self.year.setObjectName("review.year")
        self.year.setAccessibleName("Kế hoạch năm")
        for year in review_table.years(context.workspace):
            self.year.addItem(f"Kế hoạch năm {year}", year)
        self.year.currentIndexChanged.connect(lambda _index: self.load())
        self.total = labelled(role="section", wrap=True)
        self.total.setObjectName("review.total")
        self.table = LinesTable("review", _HEADS, 0, context.theme, right=(1, 2), whole={1, 2})
        self.table.setAccessibleName("Đề án theo khả năng hoàn thành")
        self.table.chosen.connect(self._open)
        self.table.moved.connect(lambda _key: self._describe())
        self.detail = labelled(role="help", wrap=True)
        self.detail.setObjectName("review.detail")
        self._lay_out()
        self.load()

    def load(self) -> None:
        """Read the table of the chosen year."""
        year = self.year.currentData()
        lines = review_table.review_lines(self._context.workspace, year) if year else []
        self._lines = {line.id: line for line in lines}
        self.table.show_lines([_table_line(line) for line in lines])
        self.total.setText(review_table.total_text(lines))
        self._describe()

    def write(self, kind: str) -> None:
        """Ask for a file and write the table into it, as `pdf`, `docx` or `xlsx`."""
        label, ending, filters = _FILES[kind]
        year = self.year.currentData()
        name = f"Rà soát đề án {year}{ending}"
        path = self._context.messages.save_file(label.rstrip("…"), name, filters, purpose="lists") if year else None
        if path is None:
            return
        if self._context.attempt(lambda: self._written(kind, year, path)) is not None:
            self._context.messages.written(path)

    def note(self) -> None:
        """Open the difficulty of the selected proposal; it is begun if there is none."""
        line = self._lines.get(self.table.key())
        if line is None:
            return
        workspace = self._context.workspace
        values = {"proposal": line.id}
        opened = line.difficulty or self._context.attempt(
            lambda: changing.begin(workspace, review_table.DIFFICULTY, values)
        )
        if opened:
            self._open(opened)

    # -- inside --------------------------------------------------------------------------------------------------

    def _written(self, kind: str, year: int, path: Path) -> bool:
        workspace, lines = self._context.workspace, list(self._lines.values())
        acts: dict[str, Callable[[], None]] = {
            "pdf": lambda: review_table.print_review(workspace, year, lines, pdf=path),
            "docx": lambda: review_table.print_review(workspace, year, lines, docx=path),
            "xlsx": lambda: review_table.write_workbook(workspace, year, lines, path),
        }
        acts[kind]()
        return True

    def _open(self, key: str) -> None:
        self.open_requested.emit(key)
        self.accept()

    def _describe(self) -> None:
        line = self._lines.get(self.table.key())
        if line is None:
            self.detail.setText("")
            return
        parts = (
            f"{line.title}: {_chance(line)}.",
            line.obstacle,
            line.way_out and f"Hướng tháo gỡ: {line.way_out}",
        )
        self.detail.setText(" ".join(filter(None, parts)))

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.addWidget(push_button("Ghi khó khăn, hướng tháo gỡ…", "review.note", self.note))
        buttons.addStretch(1)
        for kind, (label, _ending, _filters) in _FILES.items():
            buttons.addWidget(push_button(label, f"review.{kind}", partial(self.write, kind)))
        close = push_button("Đóng", "review.close", self.reject)
        close.setDefault(True)  # each file and each difficulty is asked for by its own button
        buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        column.addWidget(labelled(_ABOUT, "help", wrap=True))
        column.addWidget(self.year)
        column.addWidget(self.total)
        column.addWidget(self.table, 1)
        column.addWidget(self.detail)
        column.addLayout(buttons)


def _chance(line: ReviewLine) -> str:
    """The chance and what it rests on, if an officer has not said it."""
    return f"{line.chance} ({line.basis})" if line.basis else line.chance


def _table_line(line: ReviewLine) -> TableLine:
    cells = (line.title, line.support, line.share, _chance(line), line.obstacle, line.way_out)
    tones = {_CHANCE: _TONES[line.place]} if line.place < len(_TONES) else {}
    return TableLine(line.id, cells, tones, {0: line.title, 4: line.obstacle, 5: line.way_out})

"""The order of a year plan at a glance: who asks for what, where the budget ends, why a row stands where it does."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from kcdesk.services.plans import ranking
from kcdesk.services.plans.ranking import RankLine
from kcdesk.text import format_integer
from kcdesk.ui.toolkit.lines_table import LinesTable, TableLine
from kcdesk.ui.toolkit.sizes import scaled
from kcdesk.ui.toolkit.theme import FIELD_GAP, Theme, labelled

_COLUMNS = ("TT", "Đề án", "Đơn vị", "Đơn vị thụ hưởng", "Mã", "Trạng thái", "Hỗ trợ", "Còn lại", "Vì sao xếp như vậy")
_TITLE, _CODE, _STATE, _MONEY = 1, 4, 5, (6, 7)
_HEIGHT = 232  # pixels: the heading and about six rows; more are scrolled
_LEAST_HEIGHT = 136  # pixels: three rows, in a low window
_CUT = "cut"  # the key of the line at which the budget ends
_MOVES = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}  # with Alt


class _RankTable(LinesTable):
    """As high as six rows, where the window has room for them."""

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), scaled(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), scaled(_LEAST_HEIGHT))


class PlanBoard(QFrame):
    """The rows of a plan with the line at which the budget ends; rows below it are grey.

    Signals:
        opened: open the proposal; carries its id.
        unnamed: the row to be opened names no proposal of this store; carries the row.
        moved: move the row by so many places; carries the row and the difference.
        left_out: leave the row out of this year's plan; carries the row.
        widened: the rows take the whole page, or leave it again; carries which.
    """

    opened = Signal(str)
    unnamed = Signal(str)
    moved = Signal(str, int)
    left_out = Signal(str)
    widened = Signal(bool)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("plan.board")
        self._ranked: dict[str, RankLine] = {}
        self.summary = labelled(role="help", wrap=True)
        self.summary.setObjectName("plan.summary")
        self.blocked = labelled(tone="wrong", wrap=True)
        self.blocked.setObjectName("plan.blocked")
        self.table = _RankTable("plan.rows", _COLUMNS, _TITLE, theme, right=_MONEY, whole=(_STATE,))
        self.table.setAccessibleName("Thứ tự các đề án của kế hoạch")
        self.table.setTextElideMode(Qt.TextElideMode.ElideMiddle)  # offices and owners begin alike and end differently
        self.table.chosen.connect(self._open_row)
        self._move = self._button("reorder", "Chuyển dòng… (Alt+↑↓)", lambda: self._on_row(self.moved, 0))
        self._leave = self._button("leave_out", "Không đưa vào…", lambda: self._on_row(self.left_out))
        self._open = self._button("open", "Mở đề án", lambda: self._on_row(self.table.chosen))
        self.wide = self._button("wide", "", lambda: None)
        self.wide.setCheckable(True)
        self.wide.toggled.connect(self._widen)
        self._widen(False)
        self.table.installEventFilter(self)
        self._lay_out()

    def show_plan(self, ranked: Sequence[RankLine], cut: str, summary: str, blocked: str, *, is_open: bool) -> None:
        """Show the rows; `cut` is the sentence of the line at which the budget ends."""
        self._ranked = {line.row: line for line in ranked}
        lines = [_row(line) for line in ranked]
        place = ranking.cut_after(list(ranked))
        if cut:
            end = len(lines) if place is None else place
            lines.insert(end, TableLine(_CUT, ("", cut, *[""] * (len(_COLUMNS) - 2)), strong=True))
        self.table.setColumnHidden(_CODE, not any(line.cells[_CODE] for line in lines))
        self.table.show_lines(lines)
        self.table.setVisible(bool(ranked))
        self.summary.setText(summary)
        self.blocked.setText(blocked)
        self.blocked.setVisible(bool(blocked))
        for button in (self._move, self._leave):
            button.setVisible(is_open and bool(ranked))
        for button in (self._open, self.wide):
            button.setVisible(bool(ranked))
        if not ranked:
            self.wide.setChecked(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move the current row with Alt and the arrows; give the rows the whole page with F11."""
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_F11:
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()  # here the key is about these rows, not about a table of the form
            elif event.type() == QEvent.Type.KeyPress:
                self.wide.toggle()
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            places = _MOVES.get(Qt.Key(event.key()), 0)
            if places and event.modifiers() == Qt.KeyboardModifier.AltModifier:
                self._on_row(self.moved, places)
                return True
        return super().eventFilter(watched, event)

    def row(self) -> str:
        """Return the current row; "" on the cut line."""
        return self.table.key() if self.table.key() in self._ranked else ""

    def texts(self) -> list[str]:
        """Return the titles from top to bottom, the cut line among them."""
        return [str(line.cells[_TITLE]) for line in self.table.lines_model.lines]

    # -- inside --------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(FIELD_GAP // 2)
        head = QHBoxLayout()
        head.addWidget(self.summary, 1)
        for button in (self._move, self._leave, self._open, self.wide):
            head.addWidget(button)
        column.addLayout(head)
        column.addWidget(self.blocked)
        column.addWidget(self.table)

    def _button(self, name: str, label: str, act: object) -> QPushButton:
        button = QPushButton(label)
        button.setObjectName(f"plan.{name}")
        button.setProperty("role", "quiet")
        button.clicked.connect(act)
        return button

    def _widen(self, is_wide: bool) -> None:
        self.wide.setText("Thu lại (F11)" if is_wide else "Mở rộng (F11)")
        self.widened.emit(is_wide)

    def _open_row(self, row: str) -> None:
        if row not in self._ranked:
            return
        if proposal := self._ranked[row].proposal:
            self.opened.emit(proposal)
        else:
            self.unnamed.emit(row)

    def _on_row(self, signal: object, *more: object) -> None:
        if self.row():
            signal.emit(self.row(), *more)  # type: ignore[attr-defined]  # a bound signal has no public type


def _row(line: RankLine) -> TableLine:
    remaining = "" if line.remaining is None else format_integer(line.remaining)
    cells = (
        str(line.number),
        line.title,
        line.unit,
        line.beneficiaries,
        line.code,
        line.state,
        format_integer(line.support),
        remaining,
        line.why,
    )
    tones = {} if line.fits else dict.fromkeys(range(len(_COLUMNS)), "neutral")
    tips = {5: line.blocked} if line.blocked else {}
    return TableLine(line.row, cells, tones | ({5: "wrong"} if line.blocked else {}), tips)

"""Beside a dossier: where it stands between the offices, why it was returned, and its conflicts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from kcdesk.services.handover.collecting import periods
from kcdesk.services.handover.packages import conflicts
from kcdesk.services.handover.receipts.standing import Handover
from kcdesk.services.workspace import Workspace
from kcdesk.ui.handover.receipt_page import ReceiptPage
from kcdesk.ui.toolkit import wording
from kcdesk.ui.toolkit.fitting.whole_or_scrolled import WholeOrScrolled
from kcdesk.ui.toolkit.sizes import keep_cut, keep_size
from kcdesk.ui.toolkit.theme import FIELD_GAP, labelled

TONES = {
    "none": "neutral",
    "handed_over": "neutral",
    "received": "good",
    "returned": "wrong",
    "approved": "good",
    "rejected": "wrong",
    "changed": "waiting",
    "taken_in": "waiting",
    "answered": "neutral",
}
_SHOWN = 4  # reasons shown; the rest is counted

ReturnReasons = Sequence[tuple[str, str, str]]  # path, label of the field, sentence


class HandoverBox(QFrame):
    """A quiet line, with more lines when the officer must act.

    Signals:
        field_chosen: go to a returned field; carries its path.
        conflicts_chosen: show the conflicts.
        local_plan_chosen: move the proposal to the local plan.
        page_chosen: show the receipt that answers the dossier; carries what builds the page.
    """

    field_chosen = Signal(str)
    conflicts_chosen = Signal()
    local_plan_chosen = Signal()
    page_chosen = Signal(object)

    def __init__(self, width: int, record: str) -> None:
        super().__init__()
        self.setObjectName("handover_state")
        self._record = record
        self.setProperty("role", "card")
        keep_size(self, fixed_width=width)
        self._width = width
        column = QVBoxLayout(self)
        column.setContentsMargins(FIELD_GAP, FIELD_GAP, FIELD_GAP, FIELD_GAP)
        self._whole = WholeOrScrolled()
        column.addWidget(self._whole)
        self._texts: list[str] = []

    def show_state(self, state: Handover, reasons: ReturnReasons, disagreements: int, *, may_move: bool) -> None:
        """Show where the dossier stands."""
        self._texts = []
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self._label(f"Bàn giao: {state.label.lower()}", "strong", TONES[state.standing]))
        if state.standing != "none":
            column.addWidget(self._label(_where(state), "muted"))
        if state.claim:
            column.addWidget(self._label(state.claim, "", "waiting"))
        self._add_receipts(column, state)
        if state.former:
            column.addWidget(self._label(state.former, "muted"))
        for path, label, sentence in reasons[:_SHOWN]:
            column.addWidget(self._label(f"{label}: {sentence}" if label else sentence, "", "wrong"))
            if path:
                self._link(column, f"Đến mục «{label}»", partial(self.field_chosen.emit, path), path)
        if len(reasons) > _SHOWN:
            column.addWidget(self._label(f"… và {len(reasons) - _SHOWN} lý do khác.", "muted"))
        if disagreements:
            text = f"{disagreements} chỗ cần xem"
            self._link(column, text, self.conflicts_chosen.emit, "conflicts")
        if may_move:
            self._link(column, "Chuyển sang kế hoạch địa phương", self.local_plan_chosen.emit, "local_plan")
        self._whole.show_body(body)

    def _add_receipts(self, column: QVBoxLayout, state: Handover) -> None:
        """Lead to the receipt that answers the dossier, and to the one that hands on what an office above decided."""
        if state.standing in ("taken_in", "answered"):
            text = "Xem, sửa quyết định đã gửi…" if state.standing == "answered" else "Trả lời trong biên nhận…"
            self._link(column, text, partial(self._show_receipt, state.package), "receipt")
        if state.owed:
            column.addWidget(self._label("Cấp trên đã trả lời, đơn vị gửi hồ sơ chưa được báo.", "", "waiting"))
            self._link(column, "Viết biên nhận báo đơn vị…", partial(self._show_receipt, state.owed), "owed")

    def text(self) -> str:
        """Return all texts, one per line."""
        return "\n".join(self._texts)

    def _show_receipt(self, package: str) -> None:
        self.page_chosen.emit(lambda context: ReceiptPage(context, package, self._record))

    def _label(self, text: str, role: str, tone: str = "") -> QWidget:
        self._texts.append(text)
        return labelled(text, role, tone, wrap=True)

    def _link(self, column: QVBoxLayout, text: str, act: Callable[[], None], name: str) -> None:
        self._texts.append(text)
        button = QPushButton()
        button.setObjectName(f"handover_state.{name}")
        button.setProperty("role", "quiet")
        button.setToolTip(text)
        button.setAccessibleName(text)
        keep_cut(button, text, self._width - 5 * FIELD_GAP)
        button.clicked.connect(lambda: act())
        column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)


def shown_reasons(workspace: Workspace, record_id: str, state: Handover, *, is_open: bool) -> ReturnReasons:
    """Return why a dossier came back, with the labels of the fields; nothing once it was put right and closed."""
    known = () if state.standing == "changed" and not is_open else state.reasons
    return [(path, conflicts.label_of(workspace, record_id, path), sentence) for path, sentence in known]


def _where(state: Handover) -> str:
    """Return which package, to or from which office, and when."""
    from_elsewhere = state.standing in ("taken_in", "answered")
    side = "từ" if from_elsewhere else "gửi"
    return f"Gói {periods.in_sentence(state.period)} {side} {state.receiver}, {wording.day(state.at)}"

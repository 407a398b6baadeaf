"""The records of «Cần xem» that a unit has sent for another one: who, what, side by side; decided one by one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from kcdesk.services.handover.packages.foreign_records import ForeignRecord
from kcdesk.ui.toolkit import wording
from kcdesk.ui.toolkit.decision_button import push_button
from kcdesk.ui.toolkit.fitting.up_down_scroll import UpDownScroll
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled

_SHOWN = 4  # records at a time
_FIELDS = 30  # of a record
_EMPTY = "(trống)"
_ABOUT = "Chưa đồng ý thì chưa hồ sơ nào có hiệu lực. Mỗi hồ sơ quyết định riêng; đồng ý rồi vẫn hoàn tác được."


class ForeignLines(UpDownScroll):
    """A card for each record that waits; the signals carry its key."""

    accepted = Signal(str)
    refused = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("foreign")
        self.setAccessibleName("Hồ sơ của đơn vị khác chờ đồng ý")

    def show_records(self, records: Sequence[ForeignRecord]) -> None:
        """Replace the cards; hidden when nothing waits."""
        self.setVisible(bool(records))
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, GROUP_GAP, 0)
        column.setSpacing(FIELD_GAP)
        column.addWidget(labelled(f"Hồ sơ của đơn vị khác chờ đồng ý: {len(records)}", "section", wrap=True))
        column.addWidget(labelled(_ABOUT, "muted", wrap=True))
        for number, record in enumerate(records[:_SHOWN]):
            column.addWidget(self._card(number, record))
        if len(records) > _SHOWN:
            more = f"… và {len(records) - _SHOWN} hồ sơ khác, hiện ra khi xong các hồ sơ trên."
            column.addWidget(labelled(more, "muted", wrap=True))
        column.addStretch(1)
        self.setWidget(content)

    def _card(self, number: int, record: ForeignRecord) -> QFrame:
        card = QFrame()
        card.setProperty("role", "card")
        column = QVBoxLayout(card)
        column.setContentsMargins(GROUP_GAP, FIELD_GAP, GROUP_GAP, FIELD_GAP)
        column.setSpacing(FIELD_GAP)
        column.addWidget(labelled(_headline(record), "strong", wrap=True))
        if record.obstacle:
            column.addWidget(labelled(record.obstacle, "", "wrong", wrap=True))
        column.addLayout(_sides(record))
        buttons = QHBoxLayout()
        accept = push_button("Nhận hồ sơ này", f"foreign.accept.{number}", lambda: self.accepted.emit(record.key))
        accept.setAccessibleName(f"Nhận hồ sơ này: {record.title}")
        accept.setEnabled(not record.obstacle)
        refuse = push_button("Không nhận", f"foreign.refuse.{number}", lambda: self.refused.emit(record.key))
        refuse.setAccessibleName(f"Không nhận: {record.title}")
        for button in (accept, refuse):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column.addLayout(buttons)
        return card


def _headline(record: ForeignRecord) -> str:
    what = "thêm một hồ sơ" if record.is_new else "muốn sửa một hồ sơ"
    return (
        f"{record.sender_name} {what} của {record.owner_name or 'đơn vị khác'}: {record.kind_label.lower()} "
        f"«{record.title}», nhận ngày {wording.day(record.at)}."
    )


def _sides(record: ForeignRecord) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(GROUP_GAP)
    grid.setVerticalSpacing(FIELD_GAP // 2)
    for place, heading in enumerate(("Mục", "Đang có ở đây", f"{record.sender_name} gửi")):
        grid.addWidget(labelled(heading, "muted", wrap=True), 0, place)
        grid.setColumnStretch(place, 1 if place == 0 else 2)
    for row, change in enumerate(record.changes[:_FIELDS], start=1):
        for place, text in enumerate((change.label, change.ours or _EMPTY, change.theirs or _EMPTY)):
            grid.addWidget(labelled(text, "" if place == 0 else "strong" if place == 2 else "", wrap=True), row, place)
    if len(record.changes) > _FIELDS:
        rest = f"… và {len(record.changes) - _FIELDS} mục khác."
        grid.addWidget(labelled(rest, "muted", wrap=True), _FIELDS + 1, 0, 1, 3)
    return grid

"""How often copies are made, and which stick gets one at close: two choices above the list of copies."""

from __future__ import annotations

from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from kcdesk import moments
from kcdesk.services.maintenance import automatic_copies, outside_copies
from kcdesk.text import format_date
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.outside_backup import choose_stick
from kcdesk.ui.toolkit.decision_button import push_button
from kcdesk.ui.toolkit.fitting.flow_row import FlowRow
from kcdesk.ui.toolkit.theme import FIELD_GAP, labelled

_NEVER = "Không tự sao lưu"


class CopyChoices(QWidget):
    """Each choice takes effect at once."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.interval = QComboBox()
        self.interval.setObjectName("copies.interval")
        self.interval.setAccessibleName("Tự sao lưu khi có thay đổi")
        for number in automatic_copies.offered_minutes():
            self.interval.addItem(f"Mỗi {number} phút nếu có thay đổi", number)
        self.interval.addItem(_NEVER, 0)
        self.interval.activated.connect(lambda _place: self._keep_interval())
        self.stick = labelled(wrap=True)
        self.stick.setObjectName("copies.stick")
        self.chooser = push_button("Thẻ nhớ khi đóng…", "copies.choose_stick", self.choose)
        self.forgetter = push_button("Thôi không sao ra thẻ", "copies.forget_stick", self.forget)
        row = FlowRow(FIELD_GAP)
        for widget in (self.interval, self.chooser, self.forgetter):
            row.add(widget)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(FIELD_GAP)
        column.addWidget(row)
        column.addWidget(self.stick)

    def show_choices(self) -> None:
        """Show what is chosen, and how old the newest copy outside this machine is."""
        workspace = self._context.workspace
        self.interval.setCurrentIndex(self.interval.findData(automatic_copies.minutes(workspace)))
        chosen, there = outside_copies.chosen(workspace), outside_copies.present(workspace)
        outside = outside_copies.latest_outside(workspace)
        newest = f"Bản mới nhất ngoài máy này: {format_date(moments.day(outside))}." if outside else ""
        place = f"Khi đóng chương trình, sao lưu ra {there or chosen.place}" if chosen else "Chưa chọn thẻ nhớ"
        away = " (hiện chưa cắm)" if chosen and there is None else ""
        self.stick.setText(f"{place}{away}. {newest or 'Ngoài máy này chưa có bản nào.'}")
        self.forgetter.setVisible(chosen is not None)

    def choose(self) -> None:
        """Choose the stick, which gets a copy whenever the program is closed and it is there."""
        if choose_stick(self._context) is not None:
            self.show_choices()

    def forget(self) -> None:
        """Make no more copies at close; those on the stick stay."""
        outside_copies.forget_stick(self._context.workspace)
        self.show_choices()

    def _keep_interval(self) -> None:
        automatic_copies.set_minutes(self._context.workspace, self.interval.currentData())

"""The most urgent deadlines on the overview, with a button that shows all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout

from kcdesk import text
from kcdesk.services.deadlines import listing as deadline_listing
from kcdesk.ui.toolkit.fitting.cut_button import CutButton
from kcdesk.ui.toolkit.qt import empty
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled

if TYPE_CHECKING:
    from kcdesk.services.deadlines.listing import Due, Listing

_SHOWN = 4
_LEFT_WIDTH = 104  # of «quá 9999 ngày» in strong letters
_DAY_WIDTH = 88
_LEAST_HEIGHT = 24


class DueBox(QFrame):
    """The most urgent deadlines; hidden when nothing is due.

    Signals:
        chosen: open the dossier or task of a line; carries its id.
        paper_wanted: show the paper of a line without a dossier; carries the `Due`.
        all_wanted: show the whole list.
    """

    chosen = Signal(str)
    paper_wanted = Signal(object)
    all_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("overview.due")
        self.heading = labelled("Thời hạn", "section")
        self.doubt = labelled(role="problem", wrap=True)
        self.all = QPushButton("Xem tất cả (Alt+0)")
        self.all.setProperty("role", "quiet")
        self.all.clicked.connect(self.all_wanted)
        top = QHBoxLayout()
        top.addWidget(self.heading)
        top.addStretch(1)
        top.addWidget(self.all)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(FIELD_GAP // 2)
        column.addLayout(top)
        column.addWidget(self.doubt)
        column.addLayout(self._lines)
        self.hide()

    def show_listing(self, listing: Listing) -> None:
        """Show the number of deadlines and the first of them."""
        self.heading.setText(_counted(listing))
        self.doubt.setText(listing.doubt)
        self.doubt.setVisible(bool(listing.doubt))
        empty(self._lines)
        for due in (listing.pressing or listing.long_late or listing.later)[:_SHOWN]:
            self._lines.addWidget(self._line(due, listing))
        self.setVisible(bool(listing.every or listing.doubt))

    def _line(self, due: Due, listing: Listing) -> QFrame:
        line = QFrame()
        keep_size(line, least_height=_LEAST_HEIGHT)  # else a low window lays the lines over each other
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GROUP_GAP)
        tone = "wrong" if due.day < listing.on else "waiting" if due.day == listing.on else ""
        left = labelled(deadline_listing.days_left(due, listing.on), "strong", tone)
        keep_size(left, fixed_width=_LEFT_WIDTH)
        day = labelled(text.format_date(due.day), "muted")
        keep_size(day, fixed_width=_DAY_WIDTH)
        row.addWidget(day)
        row.addWidget(left)
        row.addWidget(self._what(due), 1, Qt.AlignmentFlag.AlignLeft)
        return line

    def _what(self, due: Due) -> QPushButton:
        label = " · ".join(filter(None, (due.what, due.title)))
        button = CutButton(label)
        button.setProperty("role", "quiet")
        button.setAccessibleName(label)
        button.setToolTip(f"{label}\nCăn cứ: {due.source}")
        button.clicked.connect(lambda: self._open(due))
        return button

    def _open(self, due: Due) -> None:
        if dossier := due.id or due.task:
            self.chosen.emit(dossier)
        elif due.papers:
            self.paper_wanted.emit(due)
        else:
            self.all_wanted.emit()


def _counted(listing: Listing) -> str:
    late, soon = len(listing.late), len(listing.today) + len(listing.week)
    counts = [f"{late} quá hạn"] if late else []
    counts += [f"{soon} trong tuần này"] if soon else []
    counts += [f"quá hạn lâu: {listing.long_late_count}"] if listing.long_late else []
    counts += [f"{len(listing.later)} sắp tới"] if listing.later else []
    return f"Thời hạn: {', '.join(counts)}" if counts else "Thời hạn"

"""The lines of the list of deadlines and the sentences about them."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QStandardItem

from kcdesk import text
from kcdesk.services.deadlines import listing as deadline_listing
from kcdesk.services.deadlines.due_owners import DueOwner
from kcdesk.services.deadlines.listing import Due, Listing
from kcdesk.services.law import governing
from kcdesk.services.workspace import Workspace
from kcdesk.ui.shell.context import Context

KEY = Qt.ItemDataRole.UserRole  # of a line: the key of its deadline


def summary(listing: Listing) -> str:
    """Return «2 việc quá hạn, 1 việc hôm nay, 3 việc trong tuần này»."""
    counted = (("quá hạn", listing.late), ("hôm nay", listing.today), ("trong tuần này", listing.week))
    counts = [f"{len(dues)} việc {words}" for words, dues in counted if dues]
    counts += [f"quá hạn lâu: {listing.long_late_count}"] if listing.long_late else []
    if counts:
        return text.upper_first(", ".join(counts)) + "."
    if not listing.later:
        return "Không có việc nào đến hạn."
    first = listing.later[0].day
    number = sum(due.day == first for due in listing.later)
    return f"Không có việc nào đến hạn trong tuần này; gần nhất: {number} việc ngày {text.format_date(first)}."


def described(workspace: Workspace, due: Due) -> str:
    """Return the details of a deadline in two or three lines."""
    moved = f" Đã hoãn từ {text.format_date(due.first_day)}." if due.first_day and due.first_day != due.day else ""
    dossier = f"\nHồ sơ: {due.title}" if due.title else ""
    basis, day = deadline_listing.basis(workspace, due), governing.rule_of(workspace, "deadline")
    return f"{due.what}.{moved}{dossier}\nCăn cứ: {basis}\n{day}".rstrip()


def heading_row(label: str, ink: QBrush) -> list[QStandardItem]:
    """Return a heading row, which the keyboard skips."""
    item = QStandardItem(label)
    font = item.font()
    font.setBold(True)
    item.setFont(font)
    item.setForeground(ink)
    item.setFlags(Qt.ItemFlag.NoItemFlags)
    return [item]


def due_row(context: Context, due: Due, owner: DueOwner, on: date, tone: str) -> list[QStandardItem]:
    words = (
        text.format_date(due.day),
        deadline_listing.days_left(due, on),
        due.what,
        due.title,
        owner.unit_name,
        owner.officer_name,
        deadline_listing.basis(context.workspace, due),
    )
    items = [QStandardItem(word) for word in words]
    items[0].setData(due.key, KEY)
    whole = described(context.workspace, due)
    for item in items:
        item.setToolTip(whole)
    if tone:
        items[1].setForeground(QColor(context.theme.colours.tone(tone)))
    return items


def keys_hint(keys: str) -> str:
    return "phím cách" if keys == "Space" else keys

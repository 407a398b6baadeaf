"""The calendar that opens below a date field."""

from __future__ import annotations

from PySide6.QtCore import QDate, QLocale, QPoint, Qt, Signal
from PySide6.QtGui import QTextCharFormat
from PySide6.QtWidgets import QCalendarWidget, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from kcdesk.notations import parse_date

_SIZE = (440, 280)  # pixels; the names of the days fit


class CalendarPopup(QFrame):
    """A month to choose a day from; `picked` carries an ISO date."""

    picked = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.setObjectName("popup")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.month = QCalendarWidget()
        self.month.setLocale(QLocale(QLocale.Language.Vietnamese))
        self.month.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self.month.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        self.month.setMinimumSize(*_SIZE)
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            self.month.setWeekdayTextFormat(day, QTextCharFormat())  # Qt's own red is unreadable on a dark background
        self.month.activated.connect(self._pick)
        self.month.clicked.connect(self._pick)
        today = QPushButton("Hôm nay")
        today.setProperty("role", "quiet")
        today.clicked.connect(lambda: self._pick(QDate.currentDate()))
        foot = QHBoxLayout()
        foot.addWidget(today)
        foot.addStretch()
        column = QVBoxLayout(self)
        column.addWidget(self.month)
        column.addLayout(foot)

    def open_under(self, field: QWidget, typed: str) -> None:
        """Show the month of the typed date, or the current month, and focus the calendar."""
        try:
            day = parse_date(typed)
            self.month.setSelectedDate(QDate(day.year, day.month, day.day))
        except ValueError:
            self.month.setSelectedDate(QDate.currentDate())
        self.adjustSize()
        self.move(_inside_screen(field, self))
        self.show()
        self.month.setFocus(Qt.FocusReason.PopupFocusReason)

    def _pick(self, day: QDate) -> None:
        self.picked.emit(day.toString(Qt.DateFormat.ISODate))
        self.close()


def _inside_screen(field: QWidget, popup: QWidget) -> QPoint:
    """Return a position below the field, or above it when there is no room on the screen."""
    below = field.mapToGlobal(QPoint(0, field.height()))
    screen = field.screen().availableGeometry()
    if below.y() + popup.height() > screen.bottom():
        below = field.mapToGlobal(QPoint(0, -popup.height()))
    return QPoint(min(below.x(), screen.right() - popup.width()), below.y())

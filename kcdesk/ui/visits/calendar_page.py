"""The calendar of visits: a month, the tasks of each day, and a printable sheet per day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from PySide6.QtCore import QDate, QLocale, QRect, Qt
from PySide6.QtGui import QPainter, QTextCharFormat
from PySide6.QtWidgets import (
    QCalendarWidget,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QToolButton,
    QVBoxLayout,
)

from kcdesk import text
from kcdesk.services.records.changing import Changes
from kcdesk.services.visits import day_sheet, visits
from kcdesk.services.visits.visits import CalendarEntry
from kcdesk.ui.dossier.list_page import ListPage
from kcdesk.ui.papers.sheet_dialog import SheetDialog
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.page import Page, PageCommand
from kcdesk.ui.toolkit.fitting.page_scroll import PageScroll
from kcdesk.ui.toolkit.icons import set_icon
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, PAGE_MARGIN, Theme, labelled
from kcdesk.ui.toolkit.wrapped_list import WrappedList

_MONTH_SIZE = (420, 320)  # pixels
_DOT = 6
_TONES = {"planned": "waiting", "visited": "good", "remedy": "wrong", "revisit": "neutral"}
_ID = Qt.ItemDataRole.UserRole
_DAY = Qt.ItemDataRole.UserRole + 1
Days = Mapping[date, Sequence[CalendarEntry]]


class AcceptancesPage(ListPage):
    """The list of acceptances, with a command that opens the calendar."""

    def _lay_out(self) -> None:
        super()._lay_out()
        self.calendar_button = QPushButton("Lịch nghiệm thu")
        self.calendar_button.setToolTip("Nghiệm thu, kiểm tra, hạn khắc phục theo ngày (Alt+9)")
        set_icon(self.calendar_button, "calendar")
        self.calendar_button.clicked.connect(self.show_calendar)
        self.top.addWidget(self.calendar_button)

    def commands(self) -> Mapping[str, PageCommand]:
        """Return the list's commands and the calendar."""
        return {**super().commands(), "calendar": PageCommand("Lịch nghiệm thu", self.show_calendar)}

    def show_calendar(self) -> None:
        """Open the calendar over the list."""
        self.page_requested.emit(VisitsPage)


class VisitsPage(Page):
    """A month on the left, its days with tasks on the right."""

    help_topic = "calendar"
    title = "Lịch nghiệm thu, kiểm tra"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._days: Days = {}
        self.month = MonthView(context.theme)
        self.today_button = QPushButton("Hôm nay")
        self.today_button.setProperty("role", "quiet")
        self.today_button.clicked.connect(lambda: self.show_day(self.context.workspace.today()))
        self.month.currentPageChanged.connect(lambda _year, _month: self._load())
        self.month.selectionChanged.connect(self._go_to_day)
        self.lines = WrappedList()
        self.month.activated.connect(lambda _day: self.lines.setFocus())
        self.lines.setObjectName("visits.lines")
        self.lines.setAccessibleName("Việc trong tháng")
        self.lines.itemActivated.connect(self._open)
        self.summary = labelled("", "muted", wrap=True)
        self._lay_out()
        self.show_day(context.workspace.today())

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(FIELD_GAP)
        left.addWidget(self.month)
        left.addWidget(self.today_button, 0, Qt.AlignmentFlag.AlignLeft)
        left.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(FIELD_GAP)
        right.addWidget(self.summary)
        right.addWidget(self.lines, 1)
        row = QHBoxLayout()
        row.setSpacing(GROUP_GAP)
        row.addLayout(left)
        row.addLayout(right, 1)
        page = PageScroll()
        page.column.setContentsMargins(PAGE_MARGIN, 0, PAGE_MARGIN, GROUP_GAP)
        page.column.addLayout(row)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(page)

    # -- called by the window --------------------------------------------------------------------------------------

    def main_action(self) -> PageCommand | None:
        """Return printing the sheet of the selected day, if it has tasks."""
        if not self._days.get(self.day):
            return None
        return PageCommand(f"In phiếu ngày {text.format_date(self.day)}", lambda: self.preview_dialog().exec())

    def commands(self) -> Mapping[str, PageCommand]:
        """Return printing under its usual shortcut."""
        action = self.main_action()
        return {"print": action} if action else {}

    def on_show(self) -> None:
        """Update the page and take the focus."""
        self._load()
        self.month.setFocus()

    def refresh(self, _changes: Changes, _initiator: object) -> None:
        """Update: a visit may have been moved to another day."""
        if self.isVisible():
            self._load()

    # -- days ----------------------------------------------------------------------------------------------------

    @property
    def day(self) -> date:
        """Return the selected day."""
        return _date(self.month.selectedDate())

    def show_day(self, day: date) -> None:
        """Select a day of any month."""
        self.month.setSelectedDate(QDate(day.year, day.month, day.day))
        self._load()

    def preview_dialog(self) -> SheetDialog:
        """Return the preview of the selected day's sheet."""
        workspace, day = self.context.workspace, self.day
        name = f"Phiếu ngày {day:%d-%m-%Y}"
        return SheetDialog(
            self.context, day_sheet.LAYOUT, lambda path: day_sheet.print_day(workspace, day, path), name, self
        )

    def _load(self) -> None:
        first = date(self.month.yearShown(), self.month.monthShown(), 1)
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        self._days = visits.calendar(self.context.workspace, first, last)
        self.month.show_days(self._days)
        self.lines.clear()
        for day, entries in self._days.items():
            self.lines.addItem(_heading(day))
            for entry in entries:
                self.lines.addItem(_line(day, entry, self.context.theme))
        count = sum(map(len, self._days.values()))
        self.summary.setText(
            f"{count} việc trong tháng {first:%m/%Y}."
            if count
            else f"Tháng {first:%m/%Y} chưa có việc nào. Ghi «Ngày dự kiến» trong biên bản để xếp lịch."
        )
        self._go_to_day()

    def _go_to_day(self) -> None:
        """Scroll to the lines of the selected day."""
        for row in range(self.lines.count()):
            item = self.lines.item(row)
            if item.data(_DAY) == self.day and item.data(_ID):
                self.lines.setCurrentItem(item)
                self.lines.scrollToItem(self.lines.item(row - 1), QListWidget.ScrollHint.PositionAtTop)
                break
        today, month = self.context.workspace.today(), (self.month.yearShown(), self.month.monthShown())
        self.today_button.setEnabled(self.day != today or month != (today.year, today.month))
        self.title_changed.emit()

    def _open(self, item: QListWidgetItem) -> None:
        if item.data(_ID):
            self.open_requested.emit(item.data(_ID))


class MonthView(QCalendarWidget):
    """A month; each day has one dot per task."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._days: Days = {}
        self.setObjectName("visits.month")
        keep_size(self, least_width=_MONTH_SIZE[0], least_height=_MONTH_SIZE[1])
        self.setLocale(QLocale(QLocale.Language.Vietnamese))
        self.setFirstDayOfWeek(Qt.DayOfWeek.Monday)
        self.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        for day in (Qt.DayOfWeek.Saturday, Qt.DayOfWeek.Sunday):
            self.setWeekdayTextFormat(day, QTextCharFormat())  # Qt's own red is unreadable on a dark background
        for name, arrow in (("prev", "chevron-left"), ("next", "chevron-right")):
            button = self.findChild(QToolButton, f"qt_calendar_{name}month")
            assert button is not None, "Qt's calendar has this button"
            set_icon(button, arrow)
            button.setAutoRaise(True)

    def show_days(self, days: Days) -> None:
        """Set the tasks of each day."""
        self._days = days
        self.updateCells()

    def paintCell(self, painter: QPainter, rect: QRect, day: QDate) -> None:
        """Draw the day, with dots below its number in the colours of the tasks."""
        super().paintCell(painter, rect, day)
        entries = self._days.get(_date(day), ())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        most = max(1, rect.width() // (2 * _DOT) - 1)
        for place, entry in enumerate(entries[:most]):
            painter.setBrush(self._theme.colours.tone(_TONES[entry.what]))
            painter.drawEllipse(rect.left() + _DOT + 2 * _DOT * place, rect.bottom() - _DOT - 3, _DOT, _DOT)
        painter.restore()


def _date(day: QDate) -> date:
    return date(day.year(), day.month(), day.day())


def _heading(day: date) -> QListWidgetItem:
    item = QListWidgetItem(day_sheet.day_name(day))
    font = item.font()
    font.setBold(True)
    item.setFont(font)
    item.setFlags(Qt.ItemFlag.ItemIsEnabled)
    item.setData(_DAY, day)
    return item


def _line(day: date, entry: CalendarEntry, theme: Theme) -> QListWidgetItem:
    item = QListWidgetItem(f"{entry.label} · {entry.title}")
    item.setForeground(theme.colours.tone(_TONES[entry.what]))
    item.setData(_DAY, day)
    item.setData(_ID, entry.id)
    return item

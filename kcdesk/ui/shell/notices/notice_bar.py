"""The bar that shows one message of the window: in the status bar, else over the lower edge of the page."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QWidget,
)

from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.shell.help_key import show_problem
from kcdesk.ui.shell.messages import UNDO_SECONDS, Messages, Notice
from kcdesk.ui.toolkit.decision_button import DecisionButton
from kcdesk.ui.toolkit.icons import icon, set_icon
from kcdesk.ui.toolkit.qt import application
from kcdesk.ui.toolkit.sizes import scaled
from kcdesk.ui.toolkit.theme import GROUP_GAP, ICON_SIZE, Theme, labelled

_WIDTH = 720
_LINE = 28  # pixels that the label above a field and the sentence below it need
_ICONS = {"good": "circle-check", "wrong": "triangle-alert"}


class NoticeBar(QFrame):
    """Shows one message where it covers nothing that is needed and moves nothing below the hand.

    A message of one line stands over `strip`, the part of the status bar that names the office. A longer one stands
    over the lower edge of `host`; if it stays, the page becomes shorter by it, so that its last lines can be seen.

    It stands higher where it would cover what has the keyboard.

    `help_wanted`: the officer wants to read what a problem means; carries its topic.
    """

    help_wanted = Signal(str)

    def __init__(self, host: QWidget, messages: Messages, theme: Theme, strip: QWidget) -> None:
        super().__init__(host.window())
        column, line = host.layout(), strip.parentWidget()
        assert column is not None, "the page stands in a column"
        assert line is not None, "the office is named in the status bar"
        self._window, self._host, self._column, self._line, self._strip = host.window(), host, column, line, strip
        self._edge = column.contentsMargins().bottom()  # below the page while nothing is said
        self.setObjectName("notice")
        self._theme = theme
        self._mark = QLabel()
        self._text = labelled(wrap=True)
        self._act = DecisionButton()
        self._act.setProperty("role", "quiet")
        self._act.decided.connect(self._run)
        self._other = QPushButton()
        self._other.setObjectName("notice.other")
        self._other.setProperty("role", "quiet")
        self._other.clicked.connect(self._run_other)
        self._help = QPushButton("Xem hướng dẫn (F1)")
        self._help.setObjectName("notice.help")
        self._help.setProperty("role", "quiet")
        self._help.clicked.connect(lambda: self.help_wanted.emit(self.topic()))
        self._close = QToolButton()
        self._close.setToolTip("Đóng thông báo (Esc)")
        self._close.setAccessibleName("Đóng thông báo")
        set_icon(self._close, "x")
        self._close.clicked.connect(self.hide)
        self._lay_out()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.hide)
        self._soon = QTimer(self, singleShot=True, interval=0)  # when the page has scrolled to what has the keyboard
        self._soon.timeout.connect(self._place)
        self._notice: Notice | None = None
        host.installEventFilter(self)
        application().focusChanged.connect(self._follow_keyboard)
        strip.installEventFilter(self)
        messages.shown.connect(self.show_notice)
        self.hide()

    def _lay_out(self) -> None:
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(GROUP_GAP, 8, 8, 8)
        self._row.addWidget(self._mark)
        self._row.addWidget(self._text, 1)
        self._row.addWidget(self._act)
        self._row.addWidget(self._other)
        self._row.addWidget(self._help)
        self._row.addWidget(self._close)

    def show_notice(self, notice: Notice) -> None:
        """Show a message in place of the current one; a problem also in the dialog that covers the bar."""
        front = QApplication.activeModalWidget()
        if notice.tone == "wrong" and isinstance(front, Dialog):
            front.show_problem(notice.text, notice.topic)
        self._notice = notice
        colour = self._theme.colours.tone(notice.tone).name()
        self._mark.setPixmap(icon(_ICONS.get(notice.tone, "info"), colour).pixmap(ICON_SIZE))
        if not self.isVisible():
            self._text.clear()
        if notice.tone == "wrong":
            show_problem(self._text, notice.text, "")  # says that it came again
        else:
            self._text.setText(notice.text)
        self._act.setText(notice.act_label)
        self._act.subject = notice.text
        self._act.setVisible(notice.act is not None)
        self._other.setText(notice.other_label)
        self._other.setVisible(notice.other is not None)
        self._help.setVisible(notice.tone == "wrong")
        self._place()
        self.show()
        self.raise_()
        self._announce(notice)
        self._timer.start(notice.seconds * 1000) if notice.seconds else self._timer.stop()

    def _announce(self, notice: Notice) -> None:
        """Let a screen reader say the message, at once if it is a problem."""
        from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent  # 160 names that a start needs not

        self.setAccessibleName("Lỗi" if notice.tone == "wrong" else "Thông báo")
        self.setAccessibleDescription(notice.text)
        event = QAccessibleAnnouncementEvent(self, notice.text)
        politeness = QAccessible.AnnouncementPoliteness
        event.setPoliteness(politeness.Assertive if notice.tone == "wrong" else politeness.Polite)
        QAccessible.updateAccessibility(event)

    def text(self) -> str:
        """Return the text shown, "" when nothing is."""
        return self._text.text() if self.isVisible() else ""

    def is_wrong(self) -> bool:
        """Return whether a problem is shown."""
        return self.isVisible() and self._notice is not None and self._notice.tone == "wrong"

    def topic(self) -> str:
        """Return the topic that explains the message; "" for that of the page in front."""
        return self._notice.topic if self._notice is not None else ""

    def remaining(self) -> int:
        """Return the milliseconds until the message closes by itself; -1 when it stays."""
        return self._timer.remainingTime()

    def can_act(self) -> bool:
        """Return whether the message has a button."""
        return self._act.isVisible()

    def act(self) -> None:
        """Press the button: "Hoàn tác", "Thử lại"."""
        self._act.click()

    def leave_page(self) -> None:
        """Remove an error when another page comes to the front: it was about something there."""
        if self._notice is not None and self._notice.tone == "wrong":
            self.hide()

    def look_again(self) -> None:
        """Remove an error after a change that succeeded, unless its reason stays or it still offers to try again."""
        notice = self._notice
        if notice is None or notice.tone != "wrong" or notice.act is not None:
            return
        if notice.mended is None or notice.mended():
            self.hide()

    def forget_undo(self) -> None:
        """Remove "Hoàn tác" after another change: it would undo that change instead."""
        if self._notice is not None and self._notice.seconds == UNDO_SECONDS:
            self.hide()

    def _run(self) -> None:
        notice = self._notice
        self.hide()
        if notice is not None and notice.act is not None:
            notice.act()

    def _run_other(self) -> None:
        """Do the second thing; the message stays, since the first may be wanted as well."""
        if self._notice is not None and self._notice.other is not None:
            self._notice.other()

    def hideEvent(self, event: QHideEvent) -> None:
        """Forget a message that is closed: what it would look at again may be gone."""
        super().hideEvent(event)
        if self.isHidden() and not event.spontaneous():
            self._notice = None
            self._make_room(0)

    def _place(self) -> None:
        strip = self._strip
        self._set_slim(True)
        if self._width_of_line() <= strip.width():
            corner = self._line.mapTo(self._window, QPoint(strip.x(), 0))
            self.setFixedWidth(strip.width())
            self.setGeometry(QRect(corner, QSize(strip.width(), self._line.height())))
            self._make_room(0)
            return
        self._set_slim(False)
        host = self._host
        width = min(scaled(_WIDTH), host.width() - 2 * GROUP_GAP)
        self.setFixedWidth(width)
        height = max(self._row.heightForWidth(width), self.sizeHint().height())
        bar = QRect((host.width() - width) // 2, host.height() - height - GROUP_GAP, width, height)
        stays = self._notice is not None and not self._notice.seconds
        if self._make_room(height + 2 * GROUP_GAP if stays else 0):
            self._soon.start()  # what has the keyboard may be higher then
        focused = QApplication.focusWidget()
        if focused is None or not self.isAncestorOf(focused):  # else it would run away from its own button
            higher = _above(bar, _working_place(host, focused))
            self.setGeometry(higher.translated(host.mapTo(self._window, QPoint())))

    def _follow_keyboard(self, _old: QWidget | None, _new: QWidget | None) -> None:
        if self.isVisible():
            self._soon.start()

    def _set_slim(self, slim: bool) -> None:
        self._row.setContentsMargins(GROUP_GAP, *((0, 4, 0) if slim else (8, 8, 8)))

    def _width_of_line(self) -> int:
        """The pixels that the message needs in one line, with its buttons."""
        buttons = [button for button in (self._act, self._other, self._help) if not button.isHidden()]
        beside = [self._mark, *buttons, self._close]
        widths = [self._text.fontMetrics().horizontalAdvance(self._text.text()) + GROUP_GAP]
        widths += [each.sizeHint().width() for each in beside]
        margins = self._row.contentsMargins()
        return sum(widths) + self._row.spacing() * (len(widths) - 1) + margins.left() + margins.right()

    def _make_room(self, height: int) -> bool:
        """Keep the lower edge of the page free for so many pixels; return whether that changes the page."""
        margins = self._column.contentsMargins()
        if margins.bottom() == self._edge + height:
            return False
        margins.setBottom(self._edge + height)
        self._column.setContentsMargins(margins)
        return True

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay in place when the page or the status bar is resized."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close the message on Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)


def _working_place(host: QWidget, widget: QWidget | None) -> QRect:
    """Return where the officer types or chooses, in the coordinates of `host`; empty if that is not inside it."""
    if widget is None or not host.isAncestorOf(widget):
        return QRect()
    place = widget.rect()
    if isinstance(widget, QAbstractItemView):
        place = widget.visualRect(widget.currentIndex())
        widget = widget.viewport()
    elif isinstance(widget, QPlainTextEdit):
        place = widget.cursorRect()
        widget = widget.viewport()
    is_page = place.height() > host.height() // 3  # the page itself: nothing in it is being worked on
    return QRect() if is_page else place.translated(widget.mapTo(host, QPoint()))


def _above(bar: QRect, place: QRect) -> QRect:
    """Return the bar, moved above a place that it would cover together with the lines around it, if there is room."""
    line = scaled(_LINE)
    if place.isEmpty() or not bar.intersects(place.adjusted(0, -line, 0, line)):
        return bar
    higher = bar.translated(0, place.top() - line - bar.bottom())
    return higher if higher.top() >= 0 else bar

"""All messages and questions to the officer: notices, problems, choices, file pickers.

Notices and problems are emitted as a signal and shown by one bar (`NoticeBar`); only a choice that cannot
be undone opens a dialog, and its buttons are verbs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QDesktopServices, QHideEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QWidget,
)

from kcdesk import handbook
from kcdesk.errors import KcdeskError, KnownError
from kcdesk.ui.shell.file_places import FilePlaces, FilePurpose
from kcdesk.ui.shell.questions import ChoiceQuestion, TextKind, TextQuestion
from kcdesk.ui.toolkit.decision_button import DecisionButton
from kcdesk.ui.toolkit.icons import icon, set_icon
from kcdesk.ui.toolkit.qt import application
from kcdesk.ui.toolkit.sizes import scaled
from kcdesk.ui.toolkit.theme import GROUP_GAP, ICON_SIZE, Theme, labelled

T = TypeVar("T")

UNDO_SECONDS = 10
NOTICE_SECONDS = 4
_WIDTH = 720
_LINE = 28  # pixels that the label above a field and the sentence below it need
_ICONS = {"good": "circle-check", "wrong": "triangle-alert"}


@dataclass(frozen=True, slots=True)
class Notice:
    """One message for the officer; with `seconds` 0 it stays until it is closed."""

    text: str
    tone: str = "good"
    act_label: str = ""
    act: Callable[[], object] | None = None
    other_label: str = ""
    other: Callable[[], object] | None = None  # a second thing to do, such as opening the folder of a file
    seconds: int = NOTICE_SECONDS
    topic: str = ""  # of the handbook, for a problem; "" for that of the page in front
    mended: Callable[[], bool] | None = None  # whether the reason of a problem is gone, asked after every change


class Messages(QObject):
    """Opens dialogs over the active window; `folders` is where file pickers of each purpose begin, and is kept true."""

    shown = Signal(object)

    def __init__(self, folders: dict[str, str] | None = None) -> None:
        super().__init__()
        self._places = FilePlaces({} if folders is None else folders)

    def notice(self, text: str, undo: Callable[[], object] | None = None) -> None:
        """Report a finished action; with `undo`, offer "Hoàn tác" for ten seconds."""
        if undo is None:
            self.shown.emit(Notice(text))
        else:
            self.shown.emit(Notice(text, "neutral", "Hoàn tác", undo, seconds=UNDO_SECONDS))

    def problem(
        self,
        text: str,
        hint: str = "",
        retry: Callable[[], None] | None = None,
        mended: Callable[[], bool] | None = None,
        topic: str = "",
    ) -> None:
        """Report a problem and what to do about it, with "Thử lại" where a retry may help; F1 explains it by `topic`.

        It stays until it is closed, its page is left, or a change succeeds; with `mended`, until that is true.
        """
        again, sentence = "Thử lại" if retry else "", f"{text} {hint}".strip()
        self.shown.emit(Notice(sentence, "wrong", again, retry, seconds=0, topic=topic, mended=mended))

    def offer(self, text: str, label: str, act: Callable[[], object]) -> None:
        """Report something that is ready, with a button that goes there; it stays until it is closed."""
        self.shown.emit(Notice(text, "neutral", label, act, seconds=0))

    def written(self, path: Path) -> None:
        """Report a file that was written, with buttons that open it or its folder; it stays until it is closed."""
        folder = path.parent
        self.shown.emit(
            Notice(
                f"Đã ghi {path.name} vào {folder.name or folder}.",
                act_label="Mở tệp",
                act=lambda: open_outside(path),
                other_label="Mở thư mục",
                other=lambda: open_outside(folder),
                seconds=0,
            )
        )

    def error(self, error: KcdeskError, retry: Callable[[], None] | None = None) -> None:
        """Show a refusal; a retry is offered for errors of the environment (disk, network)."""
        again = retry if isinstance(error, KnownError) else None
        self.problem(error.message, error.hint, again, topic=handbook.topic_of(error))

    def guarded(self, act: Callable[[], T]) -> T | None:
        """Return the result of `act`; on a refusal show the message and return None."""
        try:
            return act()
        except KcdeskError as error:
            self.error(error)
            return None

    def ask(self, question: str, detail: str, act_label: str, keep_label: str, *, keep_first: bool = True) -> bool:
        """Ask whether to act, with verbs as buttons; True when the officer chooses to act.

        `keep_first`: Enter keeps things as they are, because the act cannot be undone or reaches other offices.
        """
        window = QApplication.activeWindow()
        return bool(ChoiceQuestion(question, detail, act_label, keep_label, window, keep_first=keep_first).exec())

    def ask_text(
        self,
        title: str,
        label: str,
        act_label: str,
        keep_label: str,
        *,
        kind: TextKind = "lines",
        detail: str = "",
        problem: str = "",
    ) -> str:
        """Ask for a text that an action needs (a reason, a day, a password); "" when the officer cancels.

        `detail`: what will happen. `problem`: what was wrong with the text that was typed before.
        """
        window = QApplication.activeWindow()
        dialog = TextQuestion(title, label, act_label, keep_label, window, kind=kind, detail=detail, problem=problem)
        return dialog.text() if dialog.exec() else ""

    def open_file(self, title: str, filters: str, *, purpose: FilePurpose) -> Path | None:
        """Let the officer choose a file to read; None when cancelled."""
        start, window = str(self._places.start(purpose)), QApplication.activeWindow()
        return self._picked(purpose, QFileDialog.getOpenFileName(window, title, start, filters)[0])

    def open_files(self, title: str, filters: str, *, purpose: FilePurpose) -> list[Path]:
        """Let the officer choose any number of files to read."""
        start, window = str(self._places.start(purpose)), QApplication.activeWindow()
        names = QFileDialog.getOpenFileNames(window, title, start, filters)[0]
        return [path for name in names if (path := self._picked(purpose, name))]

    def save_file(self, title: str, name: str, filters: str, *, purpose: FilePurpose) -> Path | None:
        """Let the officer choose where to write a file; the system's dialog confirms replacing an existing file."""
        proposed, window = str(self._places.start(purpose) / name), QApplication.activeWindow()
        return self._picked(purpose, QFileDialog.getSaveFileName(window, title, proposed, filters)[0])

    def choose_folder(self, title: str, *, purpose: FilePurpose) -> Path | None:
        """Let the officer choose a folder; None when cancelled."""
        start, window = str(self._places.start(purpose)), QApplication.activeWindow()
        name = QFileDialog.getExistingDirectory(window, title, start)
        if name:
            self._places.keep(purpose, Path(name))
        return Path(name) if name else None

    def _picked(self, purpose: FilePurpose, name: str) -> Path | None:
        if not name:
            return None
        self._places.keep(purpose, Path(name).parent)
        return Path(name)


def open_outside(path: Path) -> None:
    """Open a file or a folder with the program that the system has for it."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))


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
        self._host, self._strip = host, strip
        self._edge = host.layout().contentsMargins().bottom()  # below the page while nothing is said
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
        """Show a message in place of the current one."""
        self._notice = notice
        colour = self._theme.colours.tone(notice.tone).name()
        self._mark.setPixmap(icon(_ICONS.get(notice.tone, "info"), colour).pixmap(ICON_SIZE))
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
        line = self.parentWidget()
        self._set_slim(True)
        if self._width_of_line() <= strip.width():
            corner = strip.parentWidget().mapTo(line, QPoint(strip.x(), 0))
            self.setFixedWidth(strip.width())
            self.setGeometry(QRect(corner, QSize(strip.width(), strip.parentWidget().height())))
            self._make_room(0)
            return
        self._set_slim(False)
        host = self._host
        width = min(scaled(_WIDTH), host.width() - 2 * GROUP_GAP)
        self.setFixedWidth(width)
        height = max(self._row.heightForWidth(width), self.sizeHint().height())
        bar = QRect((host.width() - width) // 2, host.height() - height - GROUP_GAP, width, height)
        stays = self._notice is not None and not self._notice.seconds
        self._make_room(height + 2 * GROUP_GAP if stays else 0)
        focused = QApplication.focusWidget()
        if focused is None or not self.isAncestorOf(focused):  # else it would run away from its own button
            higher = _above(bar, _working_place(host, focused))
            self.setGeometry(higher.translated(host.mapTo(self.parentWidget(), QPoint())))

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

    def _make_room(self, height: int) -> None:
        """Keep the lower edge of the page free for so many pixels."""
        column = self._host.layout()
        margins = column.contentsMargins()
        if margins.bottom() != self._edge + height:
            margins.setBottom(self._edge + height)
            column.setContentsMargins(margins)

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
    return place.translated(widget.mapTo(host, QPoint()))


def _above(bar: QRect, place: QRect) -> QRect:
    """Return the bar, moved above a place that it would cover together with the lines around it, if there is room."""
    line = scaled(_LINE)
    if place.isEmpty() or not bar.intersects(place.adjusted(0, -line, 0, line)):
        return bar
    higher = bar.translated(0, place.top() - line - bar.bottom())
    return higher if higher.top() >= 0 else bar

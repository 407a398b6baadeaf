"""The drawer of help, beside the pages of the main window or a dialog; it does not take the keyboard by itself."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from kcdesk import handbook
from kcdesk.formdef.forms import Forms
from kcdesk.services.guidance.topic_pages import page_of
from kcdesk.ui.help.help_text import HelpText
from kcdesk.ui.toolkit.icons import set_icon
from kcdesk.ui.toolkit.sizes import scaled
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, hairline, labelled

WIDTH = 380  # pixels
WIDE = 720  # pixels, for reading and for large pictures, as far as there is room beside the page
_LEAST = 260
_ICONS = 64  # pixels of the folded navigation
KEYS = "F1 lần nữa: đọc trong ngăn này. Esc: đóng."


class HelpDrawer(QFrame):
    """Shows one page at a time and remembers those before it.

    Signals:
        act_wanted: a link asks for something outside, such as `go:handoff`; carries it.
        keys_wanted: show the list of keys.
        closed: the drawer has been closed.
        resized: the drawer has taken another width, or none.
    """

    act_wanted = Signal(str)
    keys_wanted = Signal()
    closed = Signal()
    resized = Signal()

    def __init__(self, forms: Forms | None = None, parent: QWidget | None = None, *, acts: bool = True) -> None:
        super().__init__(parent)
        self._forms = forms
        self._before: list[str] = []  # topics shown earlier
        self.topic = ""
        self._wide = False
        self._reader: QWidget | None = None  # what had the keyboard before the text was read
        self.setObjectName("help")
        self.title = labelled(role="section", wrap=True)
        self.back_button = _tool("arrow-left", "Trang hướng dẫn trước", self.back)
        self.wide_button = _tool("panel-left", "Rộng hơn, hẹp lại (bấm vào ảnh cũng được)", self.turn_wide)
        self.close_button = _tool("x", "Đóng hướng dẫn (Esc)", self.close_drawer)
        self.text = HelpText(acts=acts)
        self.text.followed.connect(self.follow)
        self._contents = _quiet("Mục lục", lambda: self.show_topics((handbook.CONTENTS,)))
        self._keys = _quiet("Phím tắt (Shift+F1)", self.keys_wanted.emit)
        self._keys.setVisible(acts)
        self._lay_out()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(GROUP_GAP, FIELD_GAP, FIELD_GAP, FIELD_GAP)
        top.addWidget(self.back_button, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.title, 1)
        top.addWidget(self.wide_button, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop)
        bottom = QHBoxLayout()
        bottom.setContentsMargins(FIELD_GAP, 0, FIELD_GAP, 0)
        bottom.addWidget(self._contents)
        bottom.addStretch(1)
        bottom.addWidget(self._keys)
        keys = labelled(KEYS, "help", wrap=True)
        keys.setContentsMargins(GROUP_GAP, 0, GROUP_GAP, FIELD_GAP)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(hairline())
        column.addWidget(self.text, 1)
        column.addWidget(hairline())
        column.addLayout(bottom)
        column.addWidget(keys)

    def show_topics(self, topics: Iterable[str]) -> None:
        """Show the page of the first topic that has one."""
        page = page_of(topics, self._forms)
        if self.topic and page.topic != self.topic:
            self._before.append(self.topic)
        self._show(page)

    def replace_topics(self, topics: Iterable[str]) -> None:
        """Show another page in place of this one: the officer went on to another field."""
        self._show(page_of(topics, self._forms))

    def _show(self, page: handbook.HelpPage) -> None:
        self.topic = page.topic
        self.title.setText(page.title)
        self.text.show_page(page)
        self.back_button.setVisible(bool(self._before))
        self._contents.setEnabled(page.topic != handbook.CONTENTS)

    def back(self) -> None:
        """Show the page before this one again."""
        if self._before:
            self._show(page_of((self._before.pop(),), self._forms))

    def follow(self, link: str) -> None:
        """Show the page of a link, or ask for what it does."""
        scheme, _, rest = link.partition(":")
        if scheme == "help":
            self.show_topics((rest,))
        elif not rest:  # a picture
            self.turn_wide()
        else:
            self.act_wanted.emit(link)

    def turn_wide(self) -> None:
        """Make the drawer wide for reading, or narrow again."""
        self._wide = not self._wide
        self.fit()

    def fit(self) -> None:
        """Take the width that is wanted, as far as what stands beside the drawer leaves it."""
        room, parent = self.window().width(), self.parentWidget()
        alone = parent is not None and parent.isWindow()
        narrow = scaled(WIDTH) if alone else max(_LEAST, min(scaled(WIDTH), room // 3))
        beside = (self.screen().availableGeometry().width() if alone else room - _ICONS) // 2  # more would be cut off
        self.setFixedWidth(max(narrow, min(scaled(WIDE), beside)) if self._wide else narrow)
        self.resized.emit()

    def showEvent(self, event: QShowEvent) -> None:
        """Take the wanted width."""
        super().showEvent(event)
        self.fit()

    def read(self, reader: QWidget | None) -> None:
        """Give the text the keyboard; `reader` gets it back when the drawer is closed."""
        self._reader = reader if reader is not None and not self.isAncestorOf(reader) else self._reader
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_drawer(self) -> None:
        """Hide the drawer; what had the keyboard before gets it back."""
        had_focus = self.isAncestorOf(self.window().focusWidget() or self)
        self.hide()
        self.resized.emit()
        reader = self._reader
        if had_focus and reader is not None and isValid(reader) and reader.isVisible():  # its page may be gone
            reader.setFocus(Qt.FocusReason.OtherFocusReason)
        self._reader = None
        self._before.clear()
        self.topic = ""
        self.closed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close on Esc; Alt+← shows the page before."""
        if event.key() == Qt.Key.Key_Escape:
            self.close_drawer()
        else:
            super().keyPressEvent(event)


def _tool(name: str, tip: str, run: object) -> QToolButton:
    button = QToolButton()
    button.setToolTip(tip)
    button.setAccessibleName(tip)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    set_icon(button, name)
    button.clicked.connect(run)
    return button


def _quiet(text: str, run: object) -> QPushButton:
    button = QPushButton(text)
    button.setProperty("role", "quiet")
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setAutoDefault(False)
    button.clicked.connect(run)
    return button

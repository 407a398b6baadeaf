"""An amount in words, over the page while the amount is edited."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QScrollArea, QWidget

_GAP = 2  # pixels between the input and the words
_WIDEST = 460  # pixels; longer amounts go on in a second line


class AmountWords(QLabel):
    """The words below an input, or above it at the end of the page; they take no room, so nothing on the page moves.

    `words` gives the words of what is typed, "" for text that is no amount.
    """

    def __init__(self, line: QLineEdit, words: Callable[[], str]) -> None:
        super().__init__()
        self._line = line
        self._words = words
        self.setObjectName("popup")
        self.setProperty("role", "help")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setMargin(4)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        line.destroyed.connect(self.deleteLater)
        self.hide()

    def follow(self, edited: bool) -> None:
        """Show the words of the typed amount while it is edited, hide them otherwise."""
        words = self._words() if edited else ""
        self.setText(words)
        if words:
            self._place_on(_page_of(self._line))
        self.setVisible(bool(words))

    def _place_on(self, page: QWidget) -> None:
        if self.parentWidget() is not page:
            self.setParent(page)
        self._fit(min(_WIDEST, page.width()))
        left = self._line.mapTo(page, QPoint(0, 0)).x()
        below = self._line.mapTo(page, QPoint(0, self._line.height() + _GAP)).y()
        above = self._line.mapTo(page, QPoint(0, -_GAP)).y() - self.height()
        fits = below + self.height() <= page.height()
        self.move(max(0, min(left, page.width() - self.width())), below if fits else above)
        self.raise_()

    def _fit(self, widest: int) -> None:
        self.setWordWrap(False)
        self.ensurePolished()
        if self.sizeHint().width() > widest:
            self.setWordWrap(True)
            self.resize(widest, self.heightForWidth(widest))
        else:
            self.resize(self.sizeHint())


def _page_of(line: QWidget) -> QWidget:
    """The content that scrolls with the input, so that the words stay beside it; else its window."""
    page = line.parentWidget()
    while page is not None and not isinstance(page, QScrollArea):
        page = page.parentWidget()
    return (page.widget() if page is not None else None) or line.window()

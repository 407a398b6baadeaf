"""An amount in words, over the page while the amount is edited."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QScrollArea, QWidget

from kcdesk.notations import parse_money
from kcdesk.text import money_in_words

_GAP = 2  # pixels between the input and the words
_WIDEST = 460  # pixels; longer amounts go on in a second line


class AmountWords(QLabel):
    """The words of the amount typed in a line, below the line and its notes, or above it at the end of the page.

    They take no room, so nothing on the page moves when an amount gets the focus.
    """

    def __init__(self, line: QLineEdit) -> None:
        super().__init__(line)
        self._line = line
        self._around: tuple[QWidget, ...] = ()  # the field and what holds it on the page: each of them moves the line
        self.setObjectName("popup")
        self.setProperty("role", "help")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setMargin(4)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        line.destroyed.connect(self.deleteLater)
        line.textChanged.connect(self._read_again)
        line.installEventFilter(self)
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Show the words while the line has the focus; follow it where notes come and go, its own or above it."""
        if watched is self._line and event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._follow(event.type() == QEvent.Type.FocusIn)
        elif watched in self._around and event.type() in (QEvent.Type.Resize, QEvent.Type.Move) and self.isVisible():
            self._place_on(_page_of(self._line))
        return False

    def _read_again(self) -> None:
        self._follow(self._line.hasFocus())

    def _follow(self, edited: bool) -> None:
        words = amount_in_words(self._line.text()) if edited else ""
        self.setText(words)
        if words:
            self._place_on(_page_of(self._line))
        self.setVisible(bool(words))

    def _place_on(self, page: QWidget) -> None:
        if self.parentWidget() is not page:
            self.setParent(page)
        self._fit(min(_WIDEST, page.width()))
        left = self._line.mapTo(page, QPoint(0, 0)).x()
        field = _field_of(self._line)
        self._watch(field, page)
        below = field.mapTo(page, QPoint(0, field.height() + _GAP)).y()
        above = self._line.mapTo(page, QPoint(0, -_GAP)).y() - self.height()
        fits = below + self.height() <= page.height()
        self.move(max(0, min(left, page.width() - self.width())), below if fits else above)
        self.raise_()

    def _watch(self, field: QWidget, page: QWidget) -> None:
        around = [field]
        while (holder := around[-1].parentWidget()) is not None and holder is not page:
            around.append(holder)
        for widget in set(around).difference(self._around):
            widget.installEventFilter(self)
        self._around = tuple(around)

    def _fit(self, widest: int) -> None:
        self.setWordWrap(False)
        self.ensurePolished()
        if self.sizeHint().width() > widest:
            self.setWordWrap(True)
            self.resize(widest, self.heightForWidth(widest))
        else:
            self.resize(self.sizeHint())


def _field_of(line: QWidget) -> QWidget:
    """The field around the input, with the notes that stand below it in the same layout; else the input itself."""
    around = line.parentWidget()
    layout = around.layout() if around is not None else None
    return around if around is not None and layout is not None and layout.indexOf(line) >= 0 else line


def _page_of(line: QWidget) -> QWidget:
    """The content that scrolls with the input, so that the words stay beside it; else its window."""
    page = line.parentWidget()
    while page is not None and not isinstance(page, QScrollArea):
        page = page.parentWidget()
    return (page.widget() if page is not None else None) or line.window()


def amount_in_words(typed: str) -> str:
    """The words of a typed amount; "" for text that is no amount."""
    try:
        return money_in_words(parse_money(typed)) if typed.strip() else ""
    except ValueError:
        return ""

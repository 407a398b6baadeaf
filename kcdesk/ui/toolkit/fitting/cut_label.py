"""A label in one line that shows as much of its text as there is room for; the tool tip shows it all."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

from kcdesk.ui.toolkit.fitting.broken_lines import cut_line, few_lines
from kcdesk.ui.toolkit.sizes import keep_size


class CutLabel(QLabel):
    """A label at least `least` pixels wide, in normal letters; `mode` says which part of the text is left out."""

    def __init__(self, mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight, *, least: int = 96) -> None:
        super().__init__()
        self._mode = mode
        self.whole = ""
        self._fitting = False  # while other letters are tried out
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        keep_size(self, least_width=least)

    def show_text(self, text: str) -> None:
        """Show a text."""
        self.whole = text
        self.setToolTip(text)
        self.setAccessibleName(text)
        self.fit()

    def fit(self) -> None:
        """Cut the text to the present width."""
        self.ensurePolished()
        self.setText(cut_line(self.whole, self.fontMetrics(), self._room(), self._mode))

    def _room(self) -> int:
        """Return the width without the padding of the style sheet."""
        around = self.sizeHint().width() - self.fontMetrics().size(0, self.text()).width()
        return self.width() - around

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Cut the text to the new width."""
        super().resizeEvent(event)
        self.fit()

    def changeEvent(self, event: QEvent) -> None:
        """Cut the text again in other letters."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and not self._fitting:
            self.fit()


class TitleLabel(CutLabel):
    """The title of a page: in one line, a long one in two smaller lines; what is longer still is cut."""

    def fit(self) -> None:
        """Take the letters in which the title fits."""
        self._fitting = True
        self._take_role("page_title")
        if self.fontMetrics().horizontalAdvance(self.whole) <= self._room():
            self.setText(self.whole)
        else:
            self._take_role("long_page_title")
            self.setText("\n".join(few_lines(self.whole, self.fontMetrics(), self._room())))
        self._fitting = False

    def _take_role(self, role: str) -> None:
        if self.property("role") != role:
            self.setProperty("role", role)
            self.style().unpolish(self)
            self.style().polish(self)
        self.ensurePolished()

"""An area as high as its texts; where there is less room, as with large letters, it scrolls instead of cutting them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from kcdesk.ui.toolkit.fitting.up_down_scroll import UpDownScroll

_LINES = 4  # lines that are seen at least


class WholeOrScrolled(UpDownScroll):
    """Shows one body of wrapped texts at the width that it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def show_body(self, body: QWidget) -> None:
        """Show other texts; the former are deleted later, because one of their buttons may be handling a click."""
        before = self.takeWidget()
        if before is not None:
            before.hide()
            before.deleteLater()
        self.setWidget(body)
        self._fit()

    def sizeHint(self) -> QSize:
        """Return the height of the whole body."""
        return QSize(super().sizeHint().width(), self._needed())

    def minimumSizeHint(self) -> QSize:
        """Return the height of a few lines, or of the body if it has fewer."""
        return QSize(0, min(self._needed(), _LINES * self.fontMetrics().lineSpacing()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Texts are wrapped anew at another width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Other letters need another height."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _needed(self) -> int:
        body = self.widget()
        if body is None:
            return 0
        height = body.heightForWidth(self.viewport().width())
        return height if height >= 0 else body.sizeHint().height()

    def _fit(self) -> None:
        self.setMaximumHeight(max(1, self._needed()))
        self.updateGeometry()

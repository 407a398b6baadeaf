"""Check boxes and radio buttons whose labels go on in further lines: those of Qt cut a long label off."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QCheckBox,
    QRadioButton,
    QSizePolicy,
    QStyle,
    QStyleOptionButton,
    QStylePainter,
)

from kcdesk.ui.toolkit.fitting.broken_lines import broken_lines
from kcdesk.ui.toolkit.sizes import scaled

_BOX = 32  # pixels of the box itself, with the gap beside it
_LEAST = 140
_BREATH = 6  # pixels above and below the label


if TYPE_CHECKING:

    class _Button(QAbstractButton):
        """What stands beside `_Wrapped`: Qt itself allows only one base class."""

        def __init__(self, text: str) -> None: ...

        def initStyleOption(self, option: QStyleOptionButton) -> None:
            """Fill an option for the style; check boxes and radio buttons have it."""

else:
    _Button = object


class _Wrapped(_Button):
    """A label in as many lines as it needs; `_CONTROL` is what the style draws.

    The label is broken when it is drawn: a text that changed with the width would change a layout that is at work.
    """

    _CONTROL: ClassVar[QStyle.ControlElement]

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._words: dict[int, list[str]] = {}  # the lines by width: Qt asks for the height very often
        self.setAccessibleName(text)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        """Return the size with the label in one line."""
        return QSize(self._needed(), self.heightForWidth(self._needed()))

    def minimumSizeHint(self) -> QSize:
        """Return a narrow size: the label is broken there."""
        return QSize(min(scaled(_LEAST), self._needed()), self.fontMetrics().lineSpacing() + _BREATH)

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines."""
        return max(1, len(self._lines(width))) * self.fontMetrics().lineSpacing() + _BREATH

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the box and the broken label."""
        option = QStyleOptionButton()
        self.initStyleOption(option)
        option.text = "\n".join(self._lines(self.width()))
        QStylePainter(self).drawControl(self._CONTROL, option)

    def changeEvent(self, event: QEvent) -> None:
        """Break the label anew in other letters."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._words.clear()
            self.updateGeometry()

    def _needed(self) -> int:
        self.ensurePolished()
        return self.fontMetrics().horizontalAdvance(self.text()) + scaled(_BOX) + 1

    def _lines(self, width: int) -> list[str]:
        if width not in self._words:
            self._words[width] = broken_lines(self.text(), self.fontMetrics(), width - scaled(_BOX))
        return self._words[width]


class WrappedCheckBox(_Wrapped, QCheckBox):
    """A check box with a long label."""

    _CONTROL = QStyle.ControlElement.CE_CheckBox


class WrappedRadioButton(_Wrapped, QRadioButton):
    """A radio button with a long label."""

    _CONTROL = QStyle.ControlElement.CE_RadioButton

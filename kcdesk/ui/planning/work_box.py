"""«Việc hôm nay»: what waits for the officer, each line with the button that does it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from kcdesk.ui.toolkit.qt import empty
from kcdesk.ui.toolkit.sizes import scaled
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled

if TYPE_CHECKING:
    from kcdesk.services.overview.todays_work import WorkLine

_LOWEST, _HIGHEST = 24, 300  # pixels of normal letters; more lines are scrolled
NOTHING = "Không có việc nào đang chờ."


class WorkBox(QFrame):
    """The lines of today's work.

    Signals:
        chosen: do what a line says; carries the `WorkLine`.
    """

    chosen = Signal(object)

    def __init__(self, name: str = "work", heading: str = "Việc hôm nay") -> None:
        super().__init__()
        self._name = name
        self.setObjectName(f"overview.{name}")
        self.heading = labelled(heading, "section")
        self.heading.setVisible(bool(heading))
        self._holder = QWidget()
        self._holder.installEventFilter(self)
        self._lines = QVBoxLayout(self._holder)
        self._lines.setContentsMargins(0, 0, 0, 0)
        self._lines.setSpacing(2)
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(self._holder)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(FIELD_GAP // 2)
        column.addWidget(self.heading)
        column.addWidget(self._area)
        column.addStretch(1)
        self._shown: list[WorkLine] | None = None  # None before the first time

    def show_lines(self, lines: Sequence[WorkLine]) -> None:
        """Replace the lines."""
        if list(lines) == self._shown:
            return  # a button that has the keyboard stays
        kept = self._line_with_keyboard()
        self._shown = list(lines)
        empty(self._lines)
        if not lines:
            self._lines.addWidget(labelled(NOTHING, "muted"))
        for number, line in enumerate(lines):
            self._lines.addWidget(self._row(number, line))
        if kept is not None:
            self._give_keyboard(kept)

    def _line_with_keyboard(self) -> WorkLine | None:
        """The line whose button has the keyboard."""
        held = [line for number, line in enumerate(self._shown or ()) if (b := self._button(number)) and b.hasFocus()]
        return held[0] if held else None

    def _give_keyboard(self, kept: WorkLine) -> None:
        """Give the keyboard to the button of the same line as before, else to the first one."""
        lines = self._shown or []
        places = [number for number, line in enumerate(lines) if line == kept]
        button = self._button(places[0]) if places else self.first_button()
        if button is not None:
            button.setFocus()

    def _button(self, number: int) -> QPushButton | None:
        named = self._holder.findChildren(QPushButton, f"{self._name}.{number}")
        return named[-1] if named else None  # an older one is deleted later

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Be as high as the lines, which have their height only once they are shown."""
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            width = self._area.viewport().width()
            wanted = (
                self._lines.heightForWidth(width)
                if self._lines.hasHeightForWidth()
                else self._lines.sizeHint().height()
            )
            self._area.setFixedHeight(max(_LOWEST, min(scaled(_HIGHEST), wanted)))
        return super().eventFilter(watched, event)

    def texts(self) -> list[str]:
        """Return the sentences, from top to bottom."""
        return [line.text for line in self._shown or ()]

    def first_button(self) -> QPushButton | None:
        """Return the button of the first line; None if there is nothing to do."""
        buttons = (self._button(number) for number in range(len(self._shown or ())))
        return next((button for button in buttons if button is not None), None)

    def _row(self, number: int, line: WorkLine) -> QWidget:
        row = QWidget()
        inside = QHBoxLayout(row)
        inside.setContentsMargins(0, 0, FIELD_GAP, 0)
        inside.setSpacing(GROUP_GAP)
        is_plain = line.tone == "neutral"
        inside.addWidget(labelled(line.text, "" if is_plain else "strong", "" if is_plain else line.tone, wrap=True), 1)
        if line.act:
            inside.addWidget(self._act(number, line), 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _act(self, number: int, line: WorkLine) -> QPushButton:
        button = QPushButton(line.act)
        button.setObjectName(f"{self._name}.{number}")
        button.setAccessibleName(f"{line.act}: {line.text}")
        button.clicked.connect(lambda: self.chosen.emit(line))
        return button

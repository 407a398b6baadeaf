"""Editors that show all their choices: radio buttons for up to five, yes or no, check boxes for several values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QCheckBox, QVBoxLayout, QWidget

from kcdesk.formdef.model import Choice
from kcdesk.formdef.types.registry import type_of
from kcdesk.ui.form.editors.base import Editor
from kcdesk.ui.form.editors.options import Options, radio_options
from kcdesk.ui.toolkit.fitting.wrapped_boxes import WrappedCheckBox
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled, set_tone

FEW = 5  # maximum number of choices that are shown all at once


class OptionEditor(Editor):
    """A choice among a few answers, as radio buttons."""

    input: Options

    def make_input(self) -> Options:
        """Create the buttons; their layout is set when their width is known."""
        offered = self._offered()
        options = radio_options([value for value, _ in offered], [label for _, label in offered])
        options.chosen.connect(self.changed)
        options.chosen.connect(self.finished)
        options.entered.connect(self.next_wanted)
        options.left.connect(self.finished)
        self._line = QBoxLayout(QBoxLayout.Direction.TopToBottom, options)
        self._line.setContentsMargins(0, 0, 0, 0)
        for button in options.buttons:
            self._line.addWidget(button)
        self._line.addStretch()
        for button in options.buttons:
            button.setAccessibleDescription(self.field.label)
        return options

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the buttons out side by side if all labels fit, else one below the other; no label is cut."""
        super().resizeEvent(event)
        shown = [button for button in self.input.buttons if not button.isHidden()]
        needed = sum(button.sizeHint().width() + GROUP_GAP for button in shown)
        fits = needed <= self.contentsRect().width() - self.column.contentsMargins().right() + GROUP_GAP
        direction = QBoxLayout.Direction.LeftToRight if fits else QBoxLayout.Direction.TopToBottom
        if self._line.direction() != direction:
            self._line.setDirection(direction)
        self._line.setSpacing(GROUP_GAP if fits else FIELD_GAP // 2)

    def _offered(self) -> list[tuple[object, str]]:
        if type_of(self.field).is_yes_no:
            return [(True, "Có"), (False, "Không")]
        # A retired choice stays in the list for records that have it; it is hidden in all others.
        return [(choice.value, choice.label) for choice in self.around.forms.choices(self.field)]

    def value(self) -> Any:
        """Return the chosen value."""
        return self.input.value()

    def show_value(self, stored: Any) -> None:
        """Show a value; retired choices are visible only when they are the value."""
        self.input.show_value(stored)
        retired = {c.value for c in self.field.choices if c.retired}
        for (value, _), button in zip(self._offered(), self.input.buttons, strict=True):
            button.setVisible(value not in retired or value == stored)

    def close_answers(self, closed: Mapping[str, str]) -> None:
        """Disable these answers; the reasons stand below, and at each button."""
        self.input.close_answers(closed)
        self.note("closed", "\n".join(dict.fromkeys(closed.values())))

    def set_editable(self, editable: bool) -> None:
        """Enable or disable the buttons."""
        self.input.set_editable(editable)

    def mark(self, wrong: bool) -> None:
        """Do nothing: the message below is enough."""

    def focus(self) -> None:
        """Focus the chosen answer, or the first."""
        self.input.focus_button().setFocus(Qt.FocusReason.OtherFocusReason)


class ChoicesEditor(Editor):
    """Several values from a list, as check boxes; a choice may have an additional text."""

    def make_input(self) -> QWidget:
        """Create the boxes, one below the other."""
        frame = QWidget()
        column = QVBoxLayout(frame)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(FIELD_GAP // 2)
        self._boxes: list[tuple[Choice, QCheckBox]] = []
        for choice in self.around.forms.choices(self.field):
            box = _Box(choice.label)
            box.setToolTip(self.around.forms.basis(choice.source, unverified=choice.unverified, on=self.around.day))
            box.setAccessibleDescription(f"{self.field.label}. {choice.help}")
            box.clicked.connect(self.changed)
            box.clicked.connect(self.finished)
            box.entered.connect(self.next_wanted)
            column.addWidget(box)
            if choice.help:
                column.addWidget(_indented(choice.help))
            self._boxes.append((choice, box))
        if self._boxes:
            frame.setFocusProxy(self._boxes[0][1])
        return frame

    def value(self) -> Any:
        """Return the ticked values in the order of the list."""
        return [choice.value for choice, box in self._boxes if box.isChecked()] or None

    def show_value(self, stored: Any) -> None:
        """Tick the stored values; a retired choice is visible only when it is ticked."""
        for choice, box in self._boxes:
            box.setChecked(choice.value in (stored or ()))
            box.setVisible(not choice.retired or box.isChecked())

    def set_editable(self, editable: bool) -> None:
        """Enable or disable the boxes."""
        for _, box in self._boxes:
            box.setEnabled(editable)

    def mark(self, wrong: bool) -> None:
        """Mark the boxes."""
        for _, box in self._boxes:
            set_tone(box, "wrong" if wrong else "")


class _Box(WrappedCheckBox):
    """A check box that Enter does not toggle.

    Signals:
        entered: Enter was pressed.
    """

    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.entered.emit()
        else:
            super().keyPressEvent(event)


def _indented(text: str) -> QWidget:
    label = labelled(text, "help", wrap=True)
    label.setContentsMargins(FIELD_GAP * 3, 0, 0, 0)
    return label


def few(choices: tuple[Choice, ...]) -> bool:
    """Return whether there are few enough choices to show them all at once."""
    return sum(not choice.retired for choice in choices) <= FEW

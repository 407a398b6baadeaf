"""The chips above a list: one for each filter field of the form, and one for the state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from kcdesk.formdef.model import Form
from kcdesk.formdef.types.registry import type_of
from kcdesk.services.handover.receipts import standing
from kcdesk.services.workspace import Workspace
from kcdesk.ui.toolkit.theme import FIELD_GAP

FilterOption = tuple[object, str, str]  # stored value, label, text on the chip
_FIRST_YEAR = 2013  # the first year under TT 36/2013
_LONGEST = 28  # letters of a chosen value shown on a chip


class FilterChips(QWidget):
    """A row of chips; `changed` is emitted after a choice, `where()` gives the filter of the query."""

    changed = Signal()

    def __init__(self, workspace: Workspace, form: Form) -> None:
        super().__init__()
        self._workspace, self._form = workspace, form
        states = workspace.forms.workflow(form.id).states
        self.chips = [Chip("state", "Trạng thái", [(state.name, state.label, state.label) for state in states])]
        for name in form.filters:
            if name != "state":
                self.chips.append(Chip(name, form.field(name).heading, _options(workspace, form, name)))
        standings = [(name, label, standing.SHORT[name]) for name, label in standing.LABELS.items()]
        self.chips.append(Chip(standing.FILTER, "Bàn giao", standings))
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(FIELD_GAP)
        for chip in self.chips:
            chip.changed.connect(self.changed)
            self._row.addWidget(chip)
        self._row.addStretch(1)

    def where(self) -> dict[str, object]:
        """Return the chosen values by field."""
        return {chip.name: chip.value for chip in self.chips if chip.value is not None}

    def in_words(self) -> list[str]:
        """Return the chosen values with their labels: «Trạng thái: Nháp»."""
        return [chip.toolTip() for chip in self.chips if chip.value is not None]

    def choose(self, where: Mapping[str, object]) -> None:
        """Show this filter without emitting `changed`; a field without a chip gets one."""
        known = {chip.name for chip in self.chips}
        for name in where:
            if name not in known:
                self._add(Chip(name, self._form.field(name).heading, _options(self._workspace, self._form, name)))
        for chip in self.chips:
            chip.choose(where.get(chip.name))

    def _add(self, chip: Chip) -> None:
        chip.changed.connect(self.changed)
        self.chips.append(chip)
        self._row.insertWidget(self._row.count() - 1, chip)  # before the stretch

    def clear(self) -> None:
        """Choose "tất cả" everywhere without emitting `changed`."""
        for chip in self.chips:
            chip.choose(None)


class Chip(QToolButton):
    """One filter: shows its field's label, or the chosen value."""

    changed = Signal()

    def __init__(self, name: str, label: str, options: Sequence[FilterOption]) -> None:
        super().__init__()
        self.name = name
        self.value: object | None = None
        self._label = label
        self._labels = {value: label for value, label, _ in options}
        self._short = {value: short for value, _, short in options}
        self.setObjectName(f"filter.{name}")
        self.setProperty("role", "chip")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setMenu(self._menu(options))
        self.choose(None)

    def choose(self, value: object | None) -> None:
        """Show `value` as the choice, a list as any of its values; None means all."""
        self.value = value
        several = value if isinstance(value, list) else [value]
        label = " hoặc ".join(filter(None, (self._labels.get(single, "") for single in several)))
        short = ", ".join(filter(None, (self._short.get(single, "") for single in several)))
        short = short if len(short) <= _LONGEST else f"{short[:_LONGEST].rstrip()}…"
        self.setText(f"{self._label}: {short} ▾" if label else f"{self._label} ▾")
        self.setToolTip(f"{self._label}: {label}" if label else f"Lọc theo {self._label.lower()}")
        self.setProperty("active", "true" if label else "false")
        self.style().unpolish(self)
        self.style().polish(self)
        for action in self.menu().actions():
            action.setChecked(action.data() in several)

    def _menu(self, options: Sequence[FilterOption]) -> QMenu:
        menu = QMenu(self)
        group = QActionGroup(menu)
        for value, label in ((None, "Tất cả"), *(option[:2] for option in options)):
            action = QAction(label, menu)
            action.setCheckable(True)
            action.setData(value)
            action.triggered.connect(lambda _checked, value=value: self._pick(value))
            group.addAction(action)
            menu.addAction(action)
        return menu

    def _pick(self, value: object | None) -> None:
        self.choose(value)
        self.changed.emit()


def _options(workspace: Workspace, form: Form, name: str) -> list[FilterOption]:
    field = form.field(name)
    field_type = type_of(field)
    if field_type.is_year:
        return [(year, str(year), str(year)) for year in range(workspace.today().year + 1, _FIRST_YEAR - 1, -1)]
    if field_type.is_yes_no:
        return [(True, "Có", "Có"), (False, "Không", "Không")]
    return [(choice.value, choice.label, choice.short) for choice in workspace.forms.choices(field)]

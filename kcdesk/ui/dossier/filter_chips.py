"""The chips above a list: one for each filter field of the form, and one for the state."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QToolButton, QVBoxLayout, QWidget

from kcdesk.formdef.model import Form
from kcdesk.formdef.types.registry import type_of
from kcdesk.services.handover.receipts import standing
from kcdesk.services.overview import filter_options
from kcdesk.services.workspace import Workspace
from kcdesk.ui.toolkit.fitting.flow_row import FlowRow
from kcdesk.ui.toolkit.qt import empty_menu

FilterOption = tuple[object, str, str]  # stored value, label, text on the chip
_FIRST_YEAR = 2013  # the first year under TT 36/2013
RECORDS = "id"  # a filter by the records themselves
_LONGEST = 28  # letters of a chosen value shown on a chip


class FilterChips(QWidget):
    """A row of chips; `changed` is emitted after a choice, `where()` gives the filter of the query."""

    changed = Signal()

    def __init__(self, workspace: Workspace, form: Form) -> None:
        super().__init__()
        self._workspace, self._form = workspace, form
        states = workspace.forms.workflow(form.id).states
        self.chips: list[Chip] = []
        if workspace.forms.has_steps(form.id):
            self.chips.append(Chip("state", "Trạng thái", [(state.name, state.label, state.label) for state in states]))
        for name in form.filters:
            if name != "state":
                self.chips.append(Chip(name, form.field(name).heading, _options(workspace, form, name)))
        self.chips += _late_chips(workspace, form)
        standings = [(name, label, standing.SHORT[name]) for name, label in standing.LABELS.items()]
        self.chips.append(Chip(standing.FILTER, "Bàn giao", standings))
        self._row = FlowRow()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._row)
        for chip in self.chips:
            self._place(chip)

    def _place(self, chip: Chip) -> None:
        chip.changed.connect(self.changed)
        self._row.add(chip)

    def where(self) -> dict[str, object]:
        """Return the chosen values by field."""
        return {chip.name: chip.value for chip in self.chips if chip.value is not None}

    def in_words(self) -> list[str]:
        """Return the chosen values with their labels: «Trạng thái: Nháp»."""
        return [chip.toolTip() for chip in self.chips if chip.value is not None]

    def still_possible(self, where: Mapping[str, object]) -> dict[str, object]:
        """Return the part of an earlier filter whose fields and values are offered today."""
        chips = {chip.name: chip for chip in self.chips}
        return {name: value for name, value in where.items() if name in chips and chips[name].offers(value)}

    def choose(self, where: Mapping[str, object]) -> None:
        """Show this filter without emitting `changed`; a field without a chip gets one."""
        known = {chip.name for chip in self.chips}
        for name in where:
            if name not in known:
                self._add(Chip(name, self._form.field(name).heading, _options(self._workspace, self._form, name)))
        for chip in self.chips:
            chip.choose(where.get(chip.name))

    def give(self, ids: Sequence[str], words: str) -> None:
        """Show only these records, with a chip that says why; its menu shows all again."""
        if all(chip.name != RECORDS for chip in self.chips):
            self._add(_GivenChip(words, ids))

    def _add(self, chip: Chip) -> None:
        self.chips.append(chip)
        self._place(chip)

    def clear(self) -> None:
        """Choose "tất cả" everywhere without emitting `changed`."""
        for chip in self.chips:
            chip.choose(None)


class Chip(QToolButton):
    """One filter: shows its field's label, or the chosen value."""

    changed = Signal()

    def __init__(
        self, name: str, label: str, options: Sequence[FilterOption] | Callable[[], Sequence[FilterOption]]
    ) -> None:
        super().__init__()
        self._read = options if callable(options) else None
        self.name = name
        self.value: object | None = None
        self._label = label
        self._labels: dict[object, str] = {}
        self._short: dict[object, str] = {}
        self.setObjectName(f"filter.{name}")
        self.setProperty("role", "chip")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setMenu(QMenu(self))
        self._fill(() if callable(options) else options)
        self.menu().aboutToShow.connect(self._read_again)
        self.choose(None)

    def offers(self, value: object) -> bool:
        """Return whether a value, or each of a list of values, can be chosen."""
        self._read_again()
        several = value if isinstance(value, list) else [value]
        return all(isinstance(single, str | int) and single in self._labels for single in several)

    def choose(self, value: object | None) -> None:
        """Show `value` as the choice, a list as any of its values; None means all."""
        self.value = value
        several = value if isinstance(value, list) else [value]
        if any(single is not None and single not in self._labels for single in several):
            self._read_again()
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

    def _read_again(self) -> None:
        """Read the options that depend on the records, when they are asked for: a list may be long."""
        if self._read is not None:
            self._fill(self._read())

    def _fill(self, options: Sequence[FilterOption]) -> None:
        self._labels = {value: label for value, label, _ in options}
        self._short = {value: short for value, _, short in options}
        menu = self.menu()
        empty_menu(menu)
        group = QActionGroup(menu)
        for value, label in ((None, "Tất cả"), *(option[:2] for option in options)):
            action = QAction(label, menu)
            action.setCheckable(True)
            action.setData(value)
            action.triggered.connect(lambda _checked, value=value: self._pick(value))
            group.addAction(action)
            action.setChecked(value == self.value)
            menu.addAction(action)

    def _pick(self, value: object | None) -> None:
        self.choose(value)
        self.changed.emit()


class _GivenChip(Chip):
    """Records that another page has named: «sau số Kế hoạch – Tổng cộng»; only these, or all."""

    def __init__(self, words: str, ids: Sequence[str]) -> None:
        self._given = list(ids)
        super().__init__(RECORDS, "Chỉ hồ sơ", [(RECORDS, words, words)])
        self.choose(self._given)

    def choose(self, value: object | None) -> None:
        """Show whether only the given records are shown."""
        super().choose(RECORDS if value is not None else None)
        self.value = self._given if value is not None else None


def _late_chips(workspace: Workspace, form: Form) -> list[Chip]:
    """The chips whose options are what the records name: unit, officer, commune; read when they are opened."""
    kind = form.id
    chips = []
    if filter_options.may_list_units(workspace, kind):
        chips.append(Chip(filter_options.UNIT, "Đơn vị", lambda: _pairs(filter_options.units(workspace, kind))))
    officer = filter_options.officer_field(workspace.forms, kind)
    if officer is not None and workspace.store.count("staff"):
        chips.append(Chip(officer.name, "Cán bộ", lambda: _pairs(filter_options.officers(workspace, kind, officer))))
    place = filter_options.place_field(workspace.forms, kind)
    if place is not None and filter_options.may_list_units(workspace, kind):
        chips.append(Chip(place.name, "Xã, phường", lambda: _pairs(filter_options.communes(workspace, kind, place))))
    return chips


def _pairs(options: Sequence[tuple[str, str]]) -> list[FilterOption]:
    return [(value, label, label) for value, label in options]


def _options(workspace: Workspace, form: Form, name: str) -> list[FilterOption]:
    field = form.field(name)
    field_type = type_of(field)
    if field_type.is_year:
        return [(year, str(year), str(year)) for year in range(workspace.today().year + 1, _FIRST_YEAR - 1, -1)]
    if field_type.is_yes_no:
        return [(True, "Có", "Có"), (False, "Không", "Không")]
    return [(choice.value, choice.label, choice.short) for choice in workspace.forms.choices(field)]

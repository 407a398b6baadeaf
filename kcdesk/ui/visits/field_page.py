"""Field mode: the form of a visit one step at a time, with large buttons and the open questions counted at the top.

It shows the form view of the dossier page, so that saving, checks and undo work as at the desk.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from weakref import WeakSet

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon, QPalette
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QToolButton, QVBoxLayout, QWidget

from kcdesk.services.visits import field_mode
from kcdesk.services.visits.field_mode import Step
from kcdesk.ui.form.editors.checklist import ChecklistEditor
from kcdesk.ui.form.form_view import FormView
from kcdesk.ui.form.table_editor import TableEditor
from kcdesk.ui.toolkit.decision_button import DecisionButton
from kcdesk.ui.toolkit.icons import set_icon
from kcdesk.ui.toolkit.sizes import keep_cut, keep_size
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, PAGE_MARGIN, TOUCH, TOUCH_STYLE, labelled, set_tone

_BAR_HEIGHT = 6
_CARD_COLUMNS = 9  # a table with at least this many columns is shown as cards, one row at a time
_NEXT_WIDTH = 240  # pixels; longer names of steps are cut


class FieldPage(QWidget):
    """The step buttons and, below them, the form limited to one step.

    Signals:
        left: the officer goes back to the desk view.
        next_open_wanted: go to the next unanswered question.
        turned: another step is shown.
    """

    help_topic = "field_mode"
    left = Signal()
    next_open_wanted = Signal()
    turned = Signal()

    def __init__(self, form: FormView, editable: Callable[[str], bool]) -> None:
        super().__init__()
        self._form = form
        self._editable = editable
        self._steps: list[Step] = []
        self._followed: WeakSet[ChecklistEditor] = WeakSet()
        self.step_id = ""
        self.setObjectName("field_mode")
        self.setStyleSheet(TOUCH_STYLE)
        self.title = labelled("", "section")
        self.at_item = labelled("", "strong")
        self.answered = labelled("", "strong")
        self.next_open_button = _button("Câu chưa trả lời (F8)", "field.next_open", self.next_open_wanted.emit)
        self._leave = _button("Về bàn làm việc (F9)", "field.leave", self.left.emit)
        self._leave.setProperty("role", "quiet")
        self.before = _arrow("chevron-left", "field.before", lambda: self.turn(-1))
        self.after = _button("", "field.after", lambda: self.turn(1))
        set_icon(self.after, "chevron-right")
        self.after.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the arrow stands after the text
        self.bar = _Steps()
        self.bar.chosen.connect(self.show_step)
        self.progress = QProgressBar()
        self.progress.setProperty("role", "bar")
        self.progress.setTextVisible(False)
        self.progress.setFixedHeight(_BAR_HEIGHT)
        self._lay_out()
        form.seeking.connect(self._follow)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(GROUP_GAP)
        top.addWidget(self.title, 1)
        top.addWidget(self.at_item)
        top.addWidget(self.answered)
        top.addWidget(self.next_open_button)
        top.addWidget(self._leave)
        line = QHBoxLayout()
        line.setSpacing(FIELD_GAP // 2)
        line.addWidget(self.before)
        line.addWidget(self.bar, 1)
        line.addWidget(self.after)
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_MARGIN, FIELD_GAP, PAGE_MARGIN, 0)
        column.setSpacing(FIELD_GAP)
        column.addLayout(top)
        column.addLayout(line)
        column.addWidget(self.progress)
        column.addSpacing(FIELD_GAP)
        self._column = column

    # -- entering and leaving --------------------------------------------------------------------------------------

    def enter(self, title: str, path: str = "") -> None:
        """Show the form here; begin at a field, or at the next unanswered question if the field is answered."""
        self._column.addWidget(self._form, 1)
        self._form.show()
        self.show_progress(title)
        record = self._form.record
        settled = any(path in step.asked and path not in step.open for step in self._steps)
        start = path if path and not settled else field_mode.next_open(self._steps, record, path) or path
        step = field_mode.step_of(self._steps, record, start) or self._steps[0]
        self.show_step(step.id)
        self._form.focus_path(start) if start else self._form.setFocus()

    def give_back(self) -> FormView:
        """Return the form, with all its sections visible again."""
        self._turn_checklists("")
        self._turn_tables(carded=False)
        self._form.show_only(None)
        return self._form

    # -- progress --------------------------------------------------------------------------------------------------

    def show_progress(self, title: str) -> None:
        """Count the answers again, after every change of the record."""
        self._steps = field_mode.steps(self._form.record, self._editable)
        asked = sum(len(step.asked) for step in self._steps)
        open_ = sum(len(step.open) for step in self._steps)
        self.title.setText(title)
        self.answered.setText(f"Đã trả lời {asked - open_}/{asked}")
        set_tone(self.answered, "" if open_ else "good")
        self.progress.setRange(0, max(asked, 1))
        self.progress.setValue(asked - open_ if asked else 1)
        self.next_open_button.setEnabled(bool(open_))
        self._show_steps(self.step_id)

    @property
    def step(self) -> Step | None:
        """Return the current step; None before the first."""
        return next((step for step in self._steps if step.id == self.step_id), None)

    def step_ids(self) -> list[str]:
        """Return the ids of the steps in the order of the paper."""
        return [step.id for step in self._steps]

    # -- moving ----------------------------------------------------------------------------------------------------

    def show_step(self, step_id: str) -> None:
        """Show a step and focus its first editable field."""
        self._show(step_id)
        self._form.setFocus()
        step = self.step
        if step is not None and step.open:
            self._form.focus_path(step.open[0])

    def return_to(self, step_id: str, path: str) -> None:
        """Show a step of an earlier session and focus the field, if they still exist."""
        if step_id != self.step_id and any(step.id == step_id for step in self._steps):
            self.show_step(step_id)
        if path:
            self._form.focus_path(path)

    def turn(self, by: int) -> None:
        """Go to the next (1) or previous (-1) step."""
        place = self._place() + by
        if 0 <= place < len(self._steps):
            self.show_step(self._steps[place].id)

    def _follow(self, path: str) -> None:
        """Show the step of a field that is about to get the focus."""
        step = field_mode.step_of(self._steps, self._form.record, path)
        if self.isVisible() and step is not None and step.id != self.step_id:
            self._show(step.id)

    def _show(self, step_id: str) -> None:
        self._form.flush()
        self.step_id = step_id
        step = self.step
        if step is not None:
            self._form.show_only((step.section,))
            self._turn_checklists(step.group)
            self._turn_tables(carded=True)
        self._show_steps(step_id)
        self.turned.emit()

    def _show_steps(self, current: str) -> None:
        """Show the steps; one with something to look at is not done, though every question of it is answered."""
        wrong = {section for section, _label, problems in self._form.sections() if problems}
        self.bar.show_steps(self._steps, current, wrong)
        self._name_neighbours()

    def _turn_checklists(self, group: str) -> None:
        """Show one group of the checklist, and above the form which of its items is current."""
        for editor in self._form.findChildren(ChecklistEditor):
            editor.show_group(group)
            if editor not in self._followed:
                self._followed.add(editor)
                editor.turned.connect(self._name_item)
        self._name_item()

    def _name_item(self) -> None:
        asking = (editor for editor in self._form.findChildren(ChecklistEditor) if editor.isVisibleTo(self._form))
        self.at_item.setText(next((editor.turn.text() for editor in asking), ""))

    def _turn_tables(self, *, carded: bool) -> None:
        """Show a table too wide for a laptop screen as cards, one row at a time."""
        for editor in self._form.findChildren(TableEditor):
            editor.show_cards(carded and len(editor.field.columns) >= _CARD_COLUMNS, on_site=carded)

    def _place(self) -> int:
        return next((place for place, step in enumerate(self._steps) if step.id == self.step_id), 0)

    def _name_neighbours(self) -> None:
        place = self._place()
        self.before.setEnabled(place > 0)
        following = self._steps[place + 1] if place + 1 < len(self._steps) else None
        self.after.setEnabled(following is not None)
        name = following.label if following else "Bước cuối"
        keep_cut(self.after, name, _NEXT_WIDTH)
        self.after.setToolTip(f"{name} (Ctrl+PageDown)" if following else "")


class _Steps(QWidget):
    """One button per step: its number, or a tick when nothing in it is open."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._line = QHBoxLayout(self)
        self._line.setContentsMargins(0, 0, 0, 0)
        self._line.setSpacing(FIELD_GAP // 2)
        self._line.addStretch(1)
        self.buttons: list[QToolButton] = []

    def show_steps(self, steps: Sequence[Step], current: str, wrong: Collection[str]) -> None:
        """Update the buttons; they are created again only when the steps have changed. `wrong`: sections to look at."""
        if len(steps) != len(self.buttons):
            self._build(len(steps))
        for number, (step, button) in enumerate(zip(steps, self.buttons, strict=True), start=1):
            button.setProperty("step", step.id)
            _show_step(button, number, step, current=step.id == current, wrong=step.section in wrong)

    def _build(self, count: int) -> None:
        for button in self.buttons:
            self._line.removeWidget(button)
            button.deleteLater()
        self.buttons = [QToolButton() for _ in range(count)]
        for place, button in enumerate(self.buttons):
            button.setProperty("role", "step")
            keep_size(button, fixed_width=TOUCH, fixed_height=TOUCH)
            button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            button.clicked.connect(lambda _on=False, b=button: self.chosen.emit(b.property("step")))
            self._line.insertWidget(place, button)


def _show_step(button: QToolButton, number: int, step: Step, *, current: bool, wrong: bool) -> None:
    settled = "có điểm cần xem" if wrong else "đã đủ" if step.asked else "không bắt buộc"
    left = f"còn {len(step.open)} câu" if step.open else settled
    words = f"{number}. {step.label}: {left}"
    button.setAccessibleName(words)
    button.setToolTip(words)
    button.setText(str(number))
    done = bool(step.asked) and not (step.open or wrong or current)
    button.setIcon(QIcon())
    if done:
        set_icon(button, "check", QPalette.ColorRole.Link)
    style = Qt.ToolButtonStyle.ToolButtonIconOnly if done else Qt.ToolButtonStyle.ToolButtonTextOnly
    button.setToolButtonStyle(style)
    if button.property("active") != current:
        button.setProperty("active", current)
        button.style().unpolish(button)
        button.style().polish(button)


def _button(text: str, name: str, act: Callable[[], None]) -> DecisionButton:
    button = DecisionButton(text)
    button.setObjectName(name)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.decided.connect(lambda: act())
    return button


def _arrow(icon: str, name: str, act: Callable[[], None]) -> QPushButton:
    button = _button("", name, act)
    set_icon(button, icon)
    button.setAccessibleName("Bước trước")
    button.setToolTip("Bước trước (Ctrl+PageUp)")
    keep_size(button, fixed_width=TOUCH)
    return button

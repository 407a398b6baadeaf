"""The workflow of a dossier in one line: passed stages, the current state, stages to come."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from kcdesk.formdef.model import Workflow
from kcdesk.ui.toolkit.icons import icon
from kcdesk.ui.toolkit.qt import empty
from kcdesk.ui.toolkit.theme import FIELD_GAP, Theme, labelled

_MARK = 16  # pixels


class StepBar(QWidget):
    """Stages in the order of the workflow, each with a mark and its name; a short workflow shows its states."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(FIELD_GAP)
        self._others: list[QLabel] = []  # the names of the stages where the record is not
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_state(self, workflow: Workflow, state: str) -> None:
        """Show a record that is in `state`."""
        empty(self._row)
        self._others = []
        stages = list(dict.fromkeys(step.stage or step.label for step in workflow.states))
        now = workflow.state(state)
        here = stages.index(now.stage or now.label)
        for place, stage in enumerate(stages):
            if place:
                self._row.addWidget(labelled("›", "muted"))
            self._row.addWidget(self._mark(place - here))
            at_it = place == here
            name = labelled(now.label if at_it else stage, "strong" if at_it else "muted")
            self._row.addWidget(name)
            if not at_it:
                self._others.append(name)
        self._row.addStretch(1)
        self._fit()
        self.setAccessibleName(f"Trạng thái: {workflow.state(state).label}")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Name all stages if there is room, else only the present one."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        for name in self._others:
            name.show()
        if self._row.minimumSize().width() > self.width():
            for name in self._others:
                name.hide()

    def _mark(self, distance: int) -> QLabel:
        name = "circle-check" if distance < 0 else "circle-dot" if distance == 0 else "circle"
        colours = self._theme.colours
        colour = colours.good if distance < 0 else colours.accent if distance == 0 else colours.edge
        mark = QLabel()
        mark.setPixmap(icon(name, colour).pixmap(_MARK))
        return mark

"""The side panel of a dossier: what is missing, applicable rules, related dossiers, and history."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from kcdesk.errors import Problem
from kcdesk.services.lifecycle.missing import Outlook
from kcdesk.services.overview.history_lines import HistoryLine
from kcdesk.services.overview.rules_panel import RuleGroup
from kcdesk.services.records.related import Related
from kcdesk.ui.dossier.history.history_tab import HistoryTab
from kcdesk.ui.dossier.missing_list import MissingList
from kcdesk.ui.dossier.rules_panel import RulesPanel
from kcdesk.ui.toolkit.sizes import keep_cut, keep_size
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, Theme, labelled

_NOTHING = "Còn thiếu"
WIDTH = 256  # pixels; leaves the form enough room at 1366
_NARROW_TABS = "QTabBar::tab { padding: 6px 4px; }"  # so that all four tabs are visible


class SidePanel(QTabWidget):
    """Tabs with short lists about one dossier.

    Signals:
        problem_chosen: go to the field to correct; carries its path.
        gap_chosen: put right what is missing; carries the `Problem`.
        step_chosen: take a step; carries its name.
        letter_requested: show the letter that requests what is missing.
        related_chosen: open another dossier; carries its id.
        create_requested: create a dossier from this one; carries the kind.
        history_requested: show the whole history in a table.
        history_shown: the history tab was opened and needs its lines.
        figure_chosen: why is this figure so? Carries its name and the id of its record.
        text_chosen: open the text that a rule cites; carries its source.
        rules_shown: the rules tab was opened and needs its lines.
        seeking: something here is about to get the keyboard; an owner that has hidden the panel shows it.
    """

    problem_chosen = Signal(str)
    gap_chosen = Signal(object)
    step_chosen = Signal(str)
    letter_requested = Signal()
    related_chosen = Signal(str)
    create_requested = Signal(str)
    figure_chosen = Signal(str, str)
    text_chosen = Signal(str)
    history_requested = Signal()
    history_shown = Signal()
    rules_shown = Signal()
    seeking = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("side")
        keep_size(self, fixed_width=WIDTH)
        self.setDocumentMode(True)
        self.tabBar().setStyleSheet(_NARROW_TABS)
        self._missing = MissingList(theme)
        self._related = _RelatedList()
        self._history = HistoryTab()
        self.rules = RulesPanel()
        self.addTab(self._missing, "Còn thiếu")
        self.addTab(self.rules, "Quy định")
        self.addTab(self._related, "Liên quan")
        self.addTab(self._history, "Lịch sử")
        self._history.path_chosen.connect(self.problem_chosen)
        self._history.table_requested.connect(self.history_requested)
        self._missing.gap_chosen.connect(self.gap_chosen)
        self._missing.step_chosen.connect(self.step_chosen)
        self._missing.record_chosen.connect(self.related_chosen)
        self._missing.letter.clicked.connect(self.letter_requested)
        self.rules.path_chosen.connect(self.problem_chosen)
        self.rules.dossier_chosen.connect(self.related_chosen)
        self.rules.figure_chosen.connect(self.figure_chosen)
        self.rules.text_chosen.connect(self.text_chosen)
        self._related.chosen.connect(self.related_chosen)
        self._related.create_requested.connect(self.create_requested)
        self.currentChanged.connect(self._tab_changed)

    def show_outlook(self, outlook: Outlook, *, awaited: bool = False) -> None:
        """List whom the dossier waits for, what differs, and what is missing or wrong for the next step.

        `awaited`: another office has to put it right.
        """
        must, wishes = len(outlook.must) + len(outlook.contradictions), len(outlook.wishes)
        self.setTabText(0, f"Thiếu {must}" if must else f"Nên có {wishes}" if wishes else _NOTHING)
        self._missing.show_outlook(outlook, awaited=awaited)

    def show_problems(self, problems: Sequence[Problem], step: str) -> None:
        """List what stands in the way of a step that was tried."""
        self.setTabText(0, f"Thiếu {len(problems)}" if problems else _NOTHING)
        self._missing.show_problems(problems, step)

    def gap_lines(self) -> list[str]:
        """Return the lines of «Còn thiếu» with their headings, from top to bottom."""
        return self._missing.texts()

    def offer_letter(self, offered: bool) -> None:
        """Show or hide the button of the letter that requests what is missing: most kinds have none."""
        self._missing.has_letter = offered

    def show_related(self, related: Related) -> None:
        """List the related dossiers and the kinds that can be created from this one."""
        self._related.show_related(related)

    def enter_related(self) -> None:
        """Open the tab of related dossiers and focus the first."""
        self.seeking.emit()
        self.setCurrentWidget(self._related)
        self._related.enter()

    def show_history(self, lines: Sequence[HistoryLine]) -> None:
        """List changes, newest first."""
        self._history.show_history(lines)

    def offer_rules(self, offered: bool) -> None:
        """Show or hide the rules tab: most kinds of dossier have no rules."""
        self.setTabVisible(self.indexOf(self.rules), offered)

    def show_rules(self, groups: Sequence[RuleGroup]) -> None:
        """List the applicable rules."""
        self.rules.show_groups(groups)

    @property
    def rules_are_shown(self) -> bool:
        """Return whether the rules tab is open."""
        return self.currentWidget() is self.rules

    @property
    def history_is_shown(self) -> bool:
        """Return whether the history tab is open."""
        return self.currentWidget() is self._history

    def _tab_changed(self) -> None:
        if self.history_is_shown:
            self.history_shown.emit()
        elif self.rules_are_shown:
            self.rules_shown.emit()


class _RelatedList(QScrollArea):
    """Related dossiers by kind, each group with its «Lập …» button; as high as its content."""

    chosen = Signal(str)
    create_requested = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._buttons: list[QPushButton] = []

    def show_related(self, related: Related) -> None:
        """Build the groups again; the scroll position stays."""
        place = self.verticalScrollBar().value()
        self._buttons.clear()
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(FIELD_GAP, FIELD_GAP, FIELD_GAP, FIELD_GAP)
        column.setSpacing(FIELD_GAP)
        for group in related.groups:
            column.addWidget(labelled(group.label, "strong", wrap=True))
            for line in group.lines:
                column.addWidget(self._link(line.title, line.state_label, line.id))
            if not group.lines:
                column.addWidget(labelled("Chưa có.", "muted"))
            if group.create_label:
                column.addWidget(self._create(group.create_label, group.kind))
        if not related.groups:
            column.addWidget(labelled("Không có hồ sơ liên quan.", "muted"))
        column.addStretch(1)
        self._show_page(page, column, place)

    def _show_page(self, page: QWidget, column: QVBoxLayout, place: int) -> None:
        """Replace the page; the old one is deleted later, because one of its buttons may be handling a click."""
        before = self.takeWidget()
        if before is not None:
            before.hide()
            before.deleteLater()
        self.setWidget(page)
        column.activate()
        self.verticalScrollBar().setValue(place)

    def enter(self) -> None:
        """Focus the first button."""
        if self._buttons:
            self._buttons[0].setFocus()

    def _link(self, title: str, state: str, id_: str) -> QWidget:
        button = QPushButton()
        button.setProperty("role", "quiet")
        button.setAccessibleName(f"{title} ({state})")
        keep_cut(button, title, WIDTH - 4 * GROUP_GAP, Qt.TextElideMode.ElideMiddle, lines=2)  # the end tells apart
        button.setToolTip(title)
        button.clicked.connect(lambda: self.chosen.emit(id_))
        self._buttons.append(button)
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        row = QHBoxLayout()
        row.addWidget(button)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(labelled(f"   {state}", "muted"))
        return holder

    def _create(self, label: str, kind: str) -> QPushButton:
        button = QPushButton(label)
        button.setObjectName(f"create.{kind}")
        button.clicked.connect(lambda: self.create_requested.emit(kind))
        self._buttons.append(button)
        return button

"""The side panel of a dossier: what is missing, applicable rules, related dossiers, and history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListWidgetItem,
    QPushButton,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from kcdesk import moments, text
from kcdesk.errors import Problem
from kcdesk.services.overview.rules_panel import RuleGroup
from kcdesk.services.records.related import Related
from kcdesk.ui.dossier.rules_panel import RulesPanel
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled
from kcdesk.ui.toolkit.wrapped_list import WrappedList

WIDTH = 256  # pixels; leaves the form enough room at 1366
_NARROW_TABS = "QTabBar::tab { padding: 6px 4px; }"  # so that all four tabs are visible
_TARGET = Qt.ItemDataRole.UserRole
_CHOOSABLE = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable


class SidePanel(QTabWidget):
    """Tabs with short lists about one dossier.

    Signals:
        problem_chosen: go to the field to correct; carries its path.
        letter_requested: show the letter that requests what is missing.
        related_chosen: open another dossier; carries its id.
        create_requested: create a dossier from this one; carries the kind.
        history_shown: the history tab was opened and needs its lines.
        rules_shown: the rules tab was opened and needs its lines.
    """

    problem_chosen = Signal(str)
    letter_requested = Signal()
    related_chosen = Signal(str)
    create_requested = Signal(str)
    history_shown = Signal()
    rules_shown = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("side")
        self.setFixedWidth(WIDTH)
        self.setDocumentMode(True)
        self.tabBar().setStyleSheet(_NARROW_TABS)
        self._missing = _MissingList()
        self._related = _RelatedList()
        self._history = _ChoiceList()
        self.rules = RulesPanel()
        self.addTab(self._missing, "Còn thiếu")
        self.addTab(self.rules, "Quy định")
        self.addTab(self._related, "Liên quan")
        self.addTab(self._history, "Lịch sử")
        self._missing.chosen.connect(self.problem_chosen)
        self._missing.letter.clicked.connect(self.letter_requested)
        self.rules.path_chosen.connect(self.problem_chosen)
        self.rules.dossier_chosen.connect(self.related_chosen)
        self._related.chosen.connect(self.related_chosen)
        self._related.create_requested.connect(self.create_requested)
        self.currentChanged.connect(self._tab_changed)

    def show_problems(self, problems: Sequence[Problem], step: str = "", state: str = "") -> None:
        """List what is missing or wrong for a step; each line leads to its field. `step` is "" in a last `state`."""
        self.setTabText(0, f"Thiếu {len(problems)}" if problems else "Còn thiếu")
        nothing = f"Không còn thiếu gì. Có thể «{step}»." if step else f"Hồ sơ ở trạng thái «{state}»."
        self._missing.show_problems(problems, step, nothing)

    def offer_letter(self, offered: bool) -> None:
        """Show or hide the button of the letter that requests what is missing: most kinds have none."""
        self._missing.has_letter = offered

    def show_related(self, related: Related) -> None:
        """List the related dossiers and the kinds that can be created from this one."""
        self._related.show_related(related)

    def enter_related(self) -> None:
        """Open the tab of related dossiers and focus the first."""
        self.setCurrentWidget(self._related)
        self._related.enter()

    def show_history(self, lines: Sequence[Mapping[str, Any]]) -> None:
        """List changes, newest first."""
        self._history.show_lines([(_history_text(line), "") for line in lines], empty="Chưa có thay đổi nào.")

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


class _ChoiceList(WrappedList):
    """Lines of wrapped text; Enter or a click chooses a line."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._shown: list[tuple[str, str]] = []  # the lines in the list; those that stay are not made again
        self.setSpacing(4)
        self.itemActivated.connect(self._choose)
        self.itemClicked.connect(self._choose)

    def show_lines(self, lines: Sequence[tuple[str, str]], empty: str) -> None:
        """Show (text, target) lines, or a grey sentence when there is none."""
        wanted = list(lines) or [(empty, "")]
        if wanted == self._shown:
            return
        self._shown = wanted
        while self.count() > len(wanted):
            self.takeItem(self.count() - 1)
        while self.count() < len(wanted):
            self.addItem(QListWidgetItem())
        flags = _CHOOSABLE if lines else Qt.ItemFlag.NoItemFlags
        for row, (line, target) in enumerate(wanted):
            item = self.item(row)
            item.setText(line)
            item.setData(_TARGET, target)
            item.setFlags(flags)
        self.setCurrentRow(-1)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH, 120)

    def _choose(self, item: QListWidgetItem) -> None:
        target = item.data(_TARGET)
        if target:
            self.chosen.emit(target)


class _MissingList(QWidget):
    """What is missing for the next step, and the button of the letter that requests it."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.has_letter = False
        self._heading = labelled("", "muted", wrap=True)
        self._list = _ChoiceList()
        self._list.chosen.connect(self.chosen)
        self.letter = QPushButton("Công văn bổ sung…")
        self.letter.setObjectName("supplement_letter")
        self.letter.setToolTip("Xem và in công văn đề nghị bổ sung các điểm còn thiếu")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, FIELD_GAP, 0, FIELD_GAP)
        column.setSpacing(FIELD_GAP)
        column.addWidget(self._heading)
        column.addWidget(self._list, 1)
        column.addWidget(self.letter)

    def show_problems(self, problems: Sequence[Problem], step: str, nothing: str) -> None:
        """Replace the lines."""
        self._heading.setText(f"Cho bước «{step}»:" if problems and step else "")
        self._heading.setVisible(bool(problems and step))
        self._list.show_lines([(problem.message, problem.field) for problem in problems], empty=nothing)
        self.letter.setVisible(self.has_letter and bool(problems))


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
        metrics = button.fontMetrics()
        button.setText(metrics.elidedText(title, Qt.TextElideMode.ElideRight, WIDTH - 4 * GROUP_GAP))
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


def _history_text(line: Mapping[str, Any]) -> str:
    at = moments.local(line["at"])
    return f"{at:%H:%M} {text.format_date(at.date())} · {line['officer']}\n{line['action']}"

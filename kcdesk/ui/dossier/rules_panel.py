"""The rules that apply to a dossier: ceilings, eligibility, earlier support; each line with its article."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from kcdesk.services.overview.rules_panel import RuleGroup, RuleLine
from kcdesk.ui.papers.law_text_dialog import OPEN_TEXT
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled

UNVERIFIED = "Chưa đối chiếu"


class RulesPanel(QScrollArea):
    """Groups of lines; a line that leads somewhere has a button.

    Signals:
        path_chosen: go to a field of this dossier; carries its path.
        dossier_chosen: open another dossier; carries its id.
        figure_chosen: why is this figure so? Carries its name and the id of its record.
        text_chosen: open the text that a line cites; carries its source.
    """

    path_chosen = Signal(str)
    dossier_chosen = Signal(str)
    figure_chosen = Signal(str, str)
    text_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("rules")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def show_groups(self, groups: Sequence[RuleGroup]) -> None:
        """Replace the groups; the scroll position stays."""
        place = self.verticalScrollBar().value()
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(FIELD_GAP, FIELD_GAP, FIELD_GAP, FIELD_GAP)
        column.setSpacing(FIELD_GAP)
        for group in groups:
            column.addWidget(labelled(group.label, "strong", wrap=True))
            for line in group.lines:
                column.addWidget(self._line(line))
            if not group.lines and group.empty:
                column.addWidget(labelled(group.empty, "muted", wrap=True))
            for sentence in group.governed if group.lines else ():
                column.addWidget(labelled(sentence, "muted", wrap=True))
            for caution in group.cautions:
                column.addWidget(labelled(caution.text, tone="waiting", wrap=True))
            column.addSpacing(GROUP_GAP - FIELD_GAP)
        column.addStretch(1)
        self.setWidget(page)
        column.activate()
        self.verticalScrollBar().setValue(place)

    def _line(self, line: RuleLine) -> QWidget:
        holder = QWidget()
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        if line.heading:
            column.addWidget(labelled(line.heading, "label", line.tone, wrap=True))
        column.addWidget(labelled(line.text, wrap=True))
        if line.source:
            column.addWidget(labelled(line.source, "muted", wrap=True))
        if line.proof == "second_hand":
            column.addWidget(labelled(UNVERIFIED, tone="waiting"))
        if line.path or line.dossier:
            column.addWidget(self._button(line), alignment=Qt.AlignmentFlag.AlignLeft)
        if line.readable:
            column.addWidget(self._text_button(line), alignment=Qt.AlignmentFlag.AlignLeft)
        if line.figure:
            column.addWidget(self._why_button(line), alignment=Qt.AlignmentFlag.AlignLeft)
        return holder

    def _text_button(self, line: RuleLine) -> QPushButton:
        button = QPushButton(OPEN_TEXT)
        button.setProperty("role", "quiet")
        button.setAccessibleName(f"{OPEN_TEXT}: {line.source}")
        button.clicked.connect(lambda: self.text_chosen.emit(line.source))
        return button

    def _why_button(self, line: RuleLine) -> QPushButton:
        button = QPushButton("Vì sao có số này?")
        button.setProperty("role", "quiet")
        button.setAccessibleName(f"{button.text()} {line.text}")
        button.setObjectName(f"why.{line.figure}")
        button.clicked.connect(lambda: self.figure_chosen.emit(line.figure, line.figure_of))
        return button

    def _button(self, line: RuleLine) -> QPushButton:
        button = QPushButton("Đến ô này" if line.path else "Mở hồ sơ")
        button.setProperty("role", "quiet")
        button.setAccessibleName(f"{button.text()}: {line.text}")
        if line.path:
            button.clicked.connect(lambda: self.path_chosen.emit(line.path))
        else:
            button.clicked.connect(lambda: self.dossier_chosen.emit(line.dossier))
        return button

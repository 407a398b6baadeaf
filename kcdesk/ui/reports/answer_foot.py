"""What stands below the table of a report: notes, the legal basis, the charts."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from kcdesk.services.reporting.report_answer import ReportAnswer
from kcdesk.ui.reports.chart_picture import ChartPicture
from kcdesk.ui.toolkit.qt import empty
from kcdesk.ui.toolkit.theme import FIELD_GAP, labelled


class AnswerFoot(QScrollArea):
    """Scrolls; its texts can be marked and copied."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("reports.foot")
        self.setAccessibleName("Ghi chú và biểu đồ")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        content = QWidget()
        self._column = QVBoxLayout(content)
        self._column.setContentsMargins(0, FIELD_GAP, 0, 0)
        self._column.setSpacing(FIELD_GAP)
        self.setWidget(content)

    def show_answer(self, answer: ReportAnswer | None) -> None:
        """Show notes and charts of an answer, or nothing."""
        empty(self._column)
        if answer is None:
            return
        for words in (*answer.notes, f"Căn cứ: {answer.table.source}"):
            self._add_words(words)
        for png, chart in zip(answer.charts, answer.report.charts, strict=False):
            self._column.addWidget(ChartPicture(png, chart.label))
        self._column.addStretch(1)

    def _add_words(self, words: str) -> None:
        label = labelled(words, "muted", wrap=True)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._column.addWidget(label)

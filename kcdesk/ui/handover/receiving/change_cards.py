"""The fields of one record, each with the value in the store and the value in the package, as wrapped text."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from kcdesk.services.handover.packages.changes_in_words import FieldChange
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, hairline, labelled

_MOST = 200  # fields shown; the rest is counted
_EMPTY = "(trống)"


class ChangeCards(QScrollArea):
    """Heading, sentences, fields."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._texts: list[str] = []
        self.show_record("", [], [])

    def show_record(self, title: str, sentences: Sequence[tuple[str, str]], changes: Sequence[FieldChange]) -> None:
        """Show a record; `sentences` are texts with their tones."""
        self._texts = []
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(GROUP_GAP, FIELD_GAP, FIELD_GAP, FIELD_GAP)
        column.setSpacing(FIELD_GAP // 2)
        if title:
            column.addWidget(self._label(title, "strong"))
        for sentence, tone in sentences:
            column.addWidget(self._label(sentence, "", tone))
        for change in changes[:_MOST]:
            column.addSpacing(FIELD_GAP // 2)
            column.addWidget(hairline())
            self._show_change(column, change)
        if len(changes) > _MOST:
            column.addWidget(self._label(f"… và {len(changes) - _MOST} mục khác.", "muted"))
        column.addStretch(1)
        self.setWidget(content)

    def text(self) -> str:
        """Return all texts, one per line."""
        return "\n".join(self._texts)

    def _show_change(self, column: QVBoxLayout, change: FieldChange) -> None:
        column.addWidget(self._label(change.label, "muted"))
        if change.status == "new":
            column.addWidget(self._label(change.theirs))
            return
        column.addWidget(self._label(f"Trong kho: {change.ours or _EMPTY}"))
        column.addWidget(self._label(f"Trong gói: {change.theirs or _EMPTY}", "strong"))
        if change.status == "conflict":
            kept = change.kept or _EMPTY
            column.addWidget(
                self._label(f"Hai bên cùng sửa, chờ quyết định ở «Cần xem». Tạm giữ: {kept}", "", "waiting")
            )
        elif change.status == "refused":
            column.addWidget(self._label("Không nhận: phần này do cấp tỉnh quyết định.", "", "wrong"))

    def _label(self, text: str, role: str = "", tone: str = "") -> QWidget:
        self._texts.append(text)
        return labelled(text, role, tone, wrap=True)

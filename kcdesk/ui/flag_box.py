"""What an officer should look at in another dossier: a machine seen there, a photo shown there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QVBoxLayout

from kcdesk.ui.icons import icon
from kcdesk.ui.theme import FIELD_GAP, ICON_SIZE, Theme, labelled

_OTHER = Qt.ItemDataRole.UserRole
_MOST_HEIGHT = 200  # pixels; more flags scroll


class FlagBox(QFrame):
    """Short lines, each of which leads to the other dossier; hidden while there is none.

    Signals:
        chosen: the id of the other dossier.
    """

    chosen = Signal(str)

    def __init__(self, theme: Theme, width: int) -> None:
        super().__init__()
        self.setObjectName("flags")
        self.setProperty("role", "card")
        self.setFixedWidth(width)
        self._theme = theme
        self._mark = QLabel()
        self._lines = QListWidget()
        self._lines.setWordWrap(True)
        self._lines.setFrameShape(QFrame.Shape.NoFrame)
        self._lines.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._lines.setAccessibleName("Cần xem ở hồ sơ khác")
        self._lines.itemClicked.connect(self._choose)
        self._lines.itemActivated.connect(self._choose)
        head = QHBoxLayout()
        head.addWidget(self._mark)
        head.addWidget(labelled("Cần xem", "strong", "waiting"), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(FIELD_GAP, FIELD_GAP, FIELD_GAP, FIELD_GAP)
        column.setSpacing(FIELD_GAP // 2)
        column.addLayout(head)
        column.addWidget(self._lines)
        self.hide()

    def show_flags(self, flags: Sequence[tuple[str, str]]) -> None:
        """Show (sentence, id of the other dossier) lines."""
        self._mark.setPixmap(icon("triangle-alert", self._theme.colours.waiting).pixmap(ICON_SIZE))
        self._lines.clear()
        for sentence, other in flags:
            item = QListWidgetItem(sentence)
            item.setData(_OTHER, other)
            item.setToolTip("Mở hồ sơ đó")
            self._lines.addItem(item)
        self.setVisible(bool(flags))
        self._fit()

    def resizeEvent(self, event) -> None:
        """Lines break anew."""
        super().resizeEvent(event)
        self._fit()

    def sentences(self) -> list[str]:
        """What is said."""
        return [self._lines.item(row).text() for row in range(self._lines.count())]

    def _fit(self) -> None:
        heights = (self._lines.sizeHintForRow(row) for row in range(self._lines.count()))
        self._lines.setFixedHeight(min(sum(heights) + FIELD_GAP, _MOST_HEIGHT))

    def _choose(self, item: QListWidgetItem) -> None:
        self.chosen.emit(item.data(_OTHER))

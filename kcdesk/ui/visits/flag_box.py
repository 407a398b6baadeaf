"""Notes about other dossiers that need a look: a machine seen there, a photo used there."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from kcdesk.ui.toolkit.icons import icon
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.theme import FIELD_GAP, ICON_SIZE, Theme, labelled

_SHOWN = 3  # sentences shown; the rest is counted


class FlagBox(QFrame):
    """Short sentences, each with a button that opens the other dossier; hidden when there is none.

    Signals:
        chosen: open the other dossier; carries its id.
    """

    chosen = Signal(str)

    def __init__(self, theme: Theme, width: int) -> None:
        super().__init__()
        self.setObjectName("flags")
        self.setProperty("role", "card")
        keep_size(self, fixed_width=width)
        self._theme = theme
        self._flags: Sequence[tuple[str, str]] = ()
        self._mark = QLabel()
        head = QHBoxLayout()
        head.addWidget(self._mark)
        head.addWidget(labelled("Cần xem", "strong", "waiting"), 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(FIELD_GAP, FIELD_GAP, FIELD_GAP, FIELD_GAP)
        self._column.setSpacing(FIELD_GAP // 2)
        self._column.addLayout(head)
        self._body = QWidget()
        self._column.addWidget(self._body)
        self.hide()

    def show_flags(self, flags: Sequence[tuple[str, str]]) -> None:
        """Show (sentence, id of the other dossier) lines."""
        self._flags = flags
        self._mark.setPixmap(icon("triangle-alert", self._theme.colours.waiting).pixmap(ICON_SIZE))
        self._body.hide()
        self._body.deleteLater()
        self._body = QWidget()
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for sentence, other in flags[:_SHOWN]:
            column.addWidget(labelled(sentence, wrap=True))
            column.addWidget(self._link(sentence, other), 0, Qt.AlignmentFlag.AlignLeft)
        if len(flags) > _SHOWN:
            column.addWidget(labelled(f"… và {len(flags) - _SHOWN} điểm khác.", "muted"))
        self._column.addWidget(self._body)
        self.setVisible(bool(flags))

    def sentences(self) -> list[str]:
        """Return all sentences, including those only counted."""
        return [sentence for sentence, _other in self._flags]

    def _link(self, sentence: str, other: str) -> QPushButton:
        link = QPushButton("Mở hồ sơ đó")
        link.setProperty("role", "quiet")
        link.setAccessibleDescription(sentence)
        link.clicked.connect(lambda: self.chosen.emit(other))
        return link

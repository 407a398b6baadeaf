"""One answer of a ticked sheet: its part of the picture, what is proposed or doubtful, and what the officer takes."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QPixmap
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from kcdesk.services.papers.ticked.sheet_reading import ReadAnswer
from kcdesk.ui.toolkit.fitting.steady_choice import SteadyChoice
from kcdesk.ui.toolkit.sizes import scaled
from kcdesk.ui.toolkit.theme import FIELD_GAP, labelled

_NOTHING = "(không nhận)"
_CONTROL = Qt.KeyboardModifier.ControlModifier
_PICTURE_WIDTH, _INPUT_WIDTH = 300, 200


class SheetAnswerLine(QWidget):
    """Emits `changed` when another value is chosen or typed; Enter goes on to the next answer."""

    changed = Signal()

    def __init__(self, answer: ReadAnswer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.answer = answer
        name = " – ".join(filter(None, (answer.row, answer.label)))
        picture = QLabel()
        picture.setAccessibleName(f"Ảnh của {name}")
        seen = QPixmap()
        seen.loadFromData(answer.picture)
        widest = scaled(_PICTURE_WIDTH)
        picture.setPixmap(seen if seen.width() <= widest else seen.scaledToWidth(widest))
        picture.setFixedWidth(widest)
        self.input = self._choices() if answer.choices else self._line()
        self.input.setAccessibleName(name)
        self.input.setFixedWidth(scaled(_INPUT_WIDTH))
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(labelled(name, wrap=True))
        note = answer.doubt or (f"Hồ sơ đang ghi «{answer.present}»." if answer.present else "")
        if note:
            words.addWidget(labelled(note, "help", "wrong" if answer.doubt else "", wrap=True))
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(FIELD_GAP)
        line.addWidget(picture)
        line.addLayout(words, 1)
        line.addWidget(self.input)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go to the next answer on Enter: what is typed from a picture does not yet take the whole sheet."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & _CONTROL:
            self.focusNextChild()
        else:
            super().keyPressEvent(event)

    @property
    def needs_look(self) -> bool:
        """Whether the officer has to look: a doubt, or writing by hand."""
        return bool(self.answer.doubt) or self.answer.is_written

    @property
    def is_marked(self) -> bool:
        """Whether the paper has anything there."""
        return self.needs_look or self.answer.value is not None

    def taken(self) -> str:
        """What the officer takes; "" for nothing, and for what the record has already."""
        chosen = self.input.currentData() if isinstance(self.input, QComboBox) else self.input.text().strip()
        return "" if chosen == self.answer.present else str(chosen)

    def _choices(self) -> QComboBox:
        box = SteadyChoice()
        box.addItem(_NOTHING, "")
        for text in self.answer.choices:
            box.addItem(text, text)
        if self.answer.is_proposed:
            box.setCurrentIndex(box.findData(self.answer.text))
        box.currentIndexChanged.connect(lambda _index: self.changed.emit())
        return box

    def _line(self) -> QLineEdit:
        line = QLineEdit()
        line.setPlaceholderText("Gõ theo ảnh")
        line.textChanged.connect(lambda _text: self.changed.emit())
        return line

"""The office's texts on the page «Căn cứ pháp lý»: add, replace, remove, open; what a search finds in them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kcdesk.services.law import law_texts
from kcdesk.services.law.law_texts import OpenPlace
from kcdesk.services.records import changing
from kcdesk.ui.papers.law_text_dialog import OPEN_TEXT, open_law_text, open_place
from kcdesk.ui.shell.context import Context
from kcdesk.ui.toolkit.decision_button import decision_button, push_button
from kcdesk.ui.toolkit.lines_table import LinesTable, TableLine
from kcdesk.ui.toolkit.theme import FIELD_GAP, labelled

FILES = "Văn bản (*.pdf *.docx *.jpg *.jpeg *.png *.tif *.tiff);;Mọi tệp (*)"
HEADINGS = ("Văn bản", "Trang", "Đoạn có chữ đang tìm")
_ADD, _REPLACE = "Thêm bản văn bản…", "Thay bản khác…"
_SHOWN_HITS = 60  # in the table; more words make them fewer
_SHORTEST = 3  # letters of a search that also looks into texts


class LawTextsPanel(QWidget):
    """The text of the chosen instrument with its buttons, and above it the pages that have the searched words.

    Signals:
        changed: a text was added, replaced or removed.
    """

    changed = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context, self._number = context, ""
        self._hits: Sequence[OpenPlace] = ()
        self.setObjectName("law.texts")
        self.hits = LinesTable("law.hits", HEADINGS, 2, context.theme, whole={0, 1})
        self.hits.setAccessibleName("Trang có chữ đang tìm")
        self.hits.chosen.connect(lambda key: self._open(self._hits[int(key)]))
        self.hits.hide()
        self.about = labelled(role="help", wrap=True)
        self.about.setObjectName("law.text")
        self.opener = push_button(OPEN_TEXT, "law.text.open", self.open_text)
        self.adder = decision_button(_ADD, "law.text.add", self.choose)
        self.remover = decision_button("Bỏ bản này", "law.text.remove", self.remove)
        self._lay_out()
        self.show_instrument("")

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(FIELD_GAP)
        for button in (self.adder, self.opener, self.remover):
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(FIELD_GAP)
        column.addWidget(self.hits, 1)
        column.addWidget(self.about)
        column.addLayout(buttons)

    # -- called by the page ----------------------------------------------------------------------------------------

    def show_instrument(self, number: str) -> None:
        """Show the text of an instrument; "" for none."""
        self._number = number
        workspace = self._context.workspace
        known = law_texts.text_of(workspace, number) if number else None
        has_text = known is not None
        self.about.setText("\n".join(law_texts.described(workspace, known)) if number else "")
        self.adder.setText(_REPLACE if has_text else _ADD)
        self.adder.setEnabled(bool(number))
        self.opener.setVisible(has_text)
        self.remover.setVisible(has_text)

    def search(self, words: str) -> None:
        """List the pages that have all these words; nothing for a few letters."""
        workspace = self._context.workspace
        is_long = len(words.strip()) >= _SHORTEST
        self._hits = law_texts.find_words(workspace, words, _SHOWN_HITS) if is_long else ()
        self.hits.show_lines(
            [
                TableLine(str(row), (hit.text.instrument, str(hit.page), hit.piece), tips={2: hit.piece})
                for row, hit in enumerate(self._hits)
            ]
        )
        self.hits.setVisible(bool(self._hits))

    # -- what the officer does -------------------------------------------------------------------------------------

    def choose(self) -> None:
        """Let the officer choose the file of the shown instrument."""
        path = self._context.messages.open_file(f"Chọn bản của {self._number}", FILES, purpose="rules")
        if path is not None:
            self.take(path)

    def take(self, path: Path) -> None:
        """Keep a file as the text of the shown instrument."""
        workspace, number = self._context.workspace, self._number
        if self._context.act(lambda: law_texts.add_text(workspace, number, path), self) is not None:
            self._say(f"Đã giữ {path.name} làm bản của {number}.")

    def remove(self) -> None:
        """Remove the text; it can be taken back at once, and later by undo."""
        workspace, number = self._context.workspace, self._number
        if self._context.act(lambda: law_texts.remove_text(workspace, number), self) is not None:
            self._say(f"Đã bỏ bản của {number}.")

    def open_text(self) -> None:
        """Open the text at its first page."""
        open_law_text(self._context, self._number, self)

    def _open(self, place: OpenPlace) -> None:
        open_place(self._context, place, self)

    def _say(self, sentence: str) -> None:
        self.changed.emit()
        self._context.messages.notice(sentence, undo=self._undo)

    def _undo(self) -> None:
        if self._context.act(lambda: changing.undo(self._context.workspace), self) is not None:
            self.changed.emit()

"""The buttons of a preview for Word files of the office: choosing one for the paper, opening the paper in Word."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QWidget

from kcdesk.services.papers.printing import Paper
from kcdesk.temporary import private_files
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.messages import open_outside
from kcdesk.ui.toolkit.decision_button import push_button
from kcdesk.ui.toolkit.theme import FIELD_GAP


class OwnFormBar(QWidget):
    """«Mẫu Word…», and «Mở bằng Word» for a paper that a Word file of the office writes.

    `write` writes the paper of the preview as a Word file, `changed` makes the preview again.
    """

    def __init__(
        self, context: Context, record_id: str, write: Callable[[Path], bool], changed: Callable[[], None]
    ) -> None:
        super().__init__()
        self._context, self._record_id, self._write, self._changed = context, record_id, write, changed
        self._paper = ""
        self.form_button = push_button("Mẫu Word…", "preview.word_form", self.choose_form)
        self.form_button.setToolTip("In giấy này theo mẫu Word của đơn vị, hoặc theo bố cục của chương trình")
        self.open_button = push_button("Mở bằng Word", "preview.open_word", self.open_in_word)
        self.open_button.setToolTip("Xem và in giấy này bằng Word")
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(FIELD_GAP)
        line.addWidget(self.form_button)
        line.addWidget(self.open_button)

    def show_paper(self, paper: Paper) -> None:
        """Offer what goes with the shown paper."""
        self._paper = paper.name
        self.setVisible(paper.takes_form)
        self.open_button.setVisible(bool(paper.own))

    def choose_form(self) -> None:
        """Choose what writes the paper; the preview is made again."""
        from kcdesk.ui.papers.word_form_dialog import WordFormDialog  # docx and jinja2 take 200 ms

        WordFormDialog(self._context, self._paper, self._record_id, self.window()).exec()
        self._changed()

    def open_in_word(self) -> None:
        """Open the paper with the program that the system has for Word files."""
        path = private_files.new_file(".docx")
        if self._write(path):
            open_outside(path)

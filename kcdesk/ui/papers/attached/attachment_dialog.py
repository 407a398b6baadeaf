"""An attached file, shown inside the program as far as that is possible; from here it is saved or opened elsewhere."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from kcdesk.foreign_files.file_names import safe_name, shown_name
from kcdesk.foreign_files.judging import FileJudgement, warning
from kcdesk.services.attachments import content, inside
from kcdesk.ui.papers.paper_pages import PaperPages
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.shell.messages import open_outside
from kcdesk.ui.toolkit.decision_button import push_button
from kcdesk.ui.toolkit.sizes import scaled
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled

_PAGE = QSize(744, 1053)  # pixels of a page of A4
_SIDE = 1000  # pixels of a picture
_LEAVES = "Bản sao mở ngoài nằm ngoài kho mã hoá, chỉ để đọc; chương trình xoá nó khi đóng."


class AttachmentDialog(Dialog):
    """Pages of a PDF, a picture, or the text of a Word file, a workbook or a plain file."""

    help_topic = "files"

    def __init__(
        self, context: Context, file: dict[str, Any], judgement: FileJudgement, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("attachment")
        self.setWindowTitle(shown_name(file["name"]))
        self._context, self._file, self._kind = context, file, judgement.inside
        self.note = labelled(warning(file["name"], judgement), "help", wrap=True)
        self.note.setObjectName("attachment.note")
        self.pages = PaperPages()
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName("Nội dung chữ của tệp")
        self.opener = push_button("Mở bằng chương trình khác", "attachment.outside", self.open_elsewhere)
        self.opener.setToolTip(_LEAVES)
        self.opener.setVisible(judgement.is_openable)
        self._lay_out()
        self._show()
        self.begin_size(900, 700)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(FIELD_GAP)
        buttons.addWidget(self.opener)
        buttons.addWidget(push_button("Lưu…", "attachment.save", self.save))
        buttons.addStretch(1)
        close = push_button("Đóng", "attachment.close", self.accept)
        close.setProperty("role", "main")
        buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        column.addWidget(self.note)
        column.addWidget(self.pages, 1)
        column.addWidget(self.text, 1)
        column.addLayout(buttons)

    def _show(self) -> None:
        data, kind = content.content(self._context.workspace, self._file), self._kind
        is_drawn = self._draw(data, kind) if kind in ("pages", "picture") else False
        words = inside.text_of(kind, data) if kind in ("text", "words", "cells") else ""
        self.pages.setVisible(is_drawn)
        self.text.setVisible(bool(words))
        self.text.setPlainText(words)
        sentences = [self.note.text()]
        if not is_drawn and not words:
            sentences.append("Chương trình không xem được tệp này ở đây.")
        elif words and kind in ("words", "cells"):
            sentences.append("Đây chỉ là phần chữ của tệp.")
        self.note.setText(" ".join(filter(None, sentences)))
        self.note.setVisible(bool(self.note.text()))

    def _draw(self, data: bytes, kind: str) -> bool:
        """Show pages or a picture; False if there is nothing to see."""
        if kind == "picture":
            side = scaled(_SIDE)
            picture = inside.picture(data, side)
            self.pages.show_pages(bool(picture), QSize(side, side), lambda _page: picture)
            return bool(picture)
        count, size = inside.number_of_pages(data), QSize(scaled(_PAGE.width()), scaled(_PAGE.height()))
        shown = min(count, inside.MOST_PAGES)
        self.pages.show_pages(shown, size, lambda page: inside.page_picture(data, page, size.width(), size.height()))
        if shown < count:
            self.note.setText(f"{self.note.text()} Chỉ hiện {shown} trang đầu trong {count} trang.".strip())
        return count > 0

    def open_elsewhere(self) -> None:
        """Hand a copy to the program that the system has for the file."""
        path = self._context.messages.guarded(lambda: content.take_out(self._context.workspace, self._file))
        if path is not None:
            open_outside(path)
            self.note.setText(_LEAVES)
            self.note.show()

    def save(self) -> None:
        """Save the file where the officer chooses."""
        messages = self._context.messages
        path = messages.save_file("Lưu tệp", safe_name(self._file["name"]), "Mọi tệp (*)", purpose="attachments")
        if path is None:
            return

        def write() -> bool:
            content.save_copy(self._context.workspace, self._file, path)
            return True

        if messages.guarded(write):
            self.note.setText(f"Đã lưu {shown_name(path.name)}.")
            self.note.show()


def show_attachment(context: Context, file: dict[str, Any], parent: QWidget | None = None) -> None:
    """Show an attached file; a message if its content is not in this store."""
    judgement = context.messages.guarded(lambda: content.judged(context.workspace, file))
    if judgement is not None:
        AttachmentDialog(context, file, judgement, parent).exec()

"""The editor of attached files: names that open the file, captions, and a button to add more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget

from kcdesk.foreign_files.file_names import shown_name
from kcdesk.text import clean, format_decimal
from kcdesk.ui.form.editors.base import Editor
from kcdesk.ui.form.editors.sources import StoredFile
from kcdesk.ui.toolkit.drop_targets import FileTarget
from kcdesk.ui.toolkit.icons import set_icon
from kcdesk.ui.toolkit.sizes import keep_cut
from kcdesk.ui.toolkit.theme import labelled, set_read_only

_GAP = 4
_NAME_WIDTH = 280


class FilesEditor(FileTarget, Editor):
    """Attached files; more are added by the button or dropped here."""

    def make_input(self) -> QWidget:
        """Create the list of files and the button below it."""
        self._files: list[StoredFile] = []
        self._rows: list[_Row] = []
        self._editable = True
        frame = QWidget()
        self._column = QVBoxLayout(frame)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(_GAP)
        self.add_button = QPushButton("Thêm tệp…")
        set_icon(self.add_button, "paperclip")
        self.add_button.setAccessibleName(f"{self.field.label}: thêm tệp")
        self.add_button.clicked.connect(self._choose)
        self._column.addWidget(self.add_button, 0, Qt.AlignmentFlag.AlignLeft)
        self._nothing = labelled("Chưa có tệp nào.", "muted")
        self._nothing.hide()
        self._column.addWidget(self._nothing)
        frame.setFocusProxy(self.add_button)
        self.setAcceptDrops(True)
        return frame

    def value(self) -> Any:
        """Return the attached files, with the captions as typed."""
        return [{**file, **row.caption()} for file, row in zip(self._files, self._rows, strict=True)] or None

    def show_value(self, stored: Any) -> None:
        """Rebuild the list of files when it differs."""
        if (stored or None) != self.value():
            self._files = [dict(file) for file in stored or []]
            self._show_rows()

    def set_editable(self, editable: bool) -> None:
        """Allow or forbid changes; files of a closed record can still be opened."""
        self._editable = editable
        self.add_button.setVisible(editable)
        self.setAcceptDrops(editable)
        self._nothing.setHidden(editable or bool(self._files))
        for row in self._rows:
            row.set_editable(editable)

    def mark(self, wrong: bool) -> None:
        """Do nothing: the message below is enough."""

    def _choose(self) -> None:
        self.add(self.around.host.choose_files())

    def add(self, paths: list[Path]) -> None:
        """Attach files; the host reports those that cannot be stored, and may show some of them first."""
        if self.around.host.shows_first(self.field.name, paths):
            return
        kept = [file for path in paths if (file := self.around.host.add_file(path))]
        if kept:
            self._files = [*(self.value() or []), *kept]
            self._show_rows()
            self._keep_now()

    def remove(self, file: StoredFile) -> None:
        """Remove a file from the list; the history keeps it."""
        self._files = [kept for kept in self.value() or [] if kept["id"] != file["id"]]
        self._show_rows()
        self._keep_now()
        self.add_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def _keep_now(self) -> None:
        self.changed.emit()
        self.finished.emit()

    def take_files(self, files: list[Path]) -> None:
        """Attach the dropped files."""
        self.add(files)

    def _show_rows(self) -> None:
        gone, self._rows = self._rows, [_Row(file, self) for file in self._files]
        for row in gone:  # a caption that is hidden while it is typed asks for the value once more
            row.hide()
            row.deleteLater()
        self._nothing.setHidden(self._editable or bool(self._files))
        for place, row in enumerate(self._rows):
            row.set_editable(self._editable)
            self._column.insertWidget(place, row)


class _Row(QWidget):
    """One file: its name as a button, its size, its caption."""

    def __init__(self, file: StoredFile, editor: FilesEditor) -> None:
        super().__init__()
        self._had_caption = "caption" in file
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        opener = QPushButton()
        name = shown_name(file["name"])
        keep_cut(opener, name, _NAME_WIDTH, Qt.TextElideMode.ElideMiddle)
        opener.setProperty("role", "quiet")
        opener.setToolTip(f"Mở {name}")
        opener.clicked.connect(lambda: editor.around.host.open_file(file))
        self._caption = QLineEdit(file.get("caption", ""))
        self._caption.setPlaceholderText("Chú thích")
        self._caption.setAccessibleName(f"Chú thích của {name}")
        self._caption.textEdited.connect(editor.changed)
        self._caption.editingFinished.connect(editor.finished)
        self._out = QToolButton()
        set_icon(self._out, "x")
        self._out.setToolTip("Bỏ tệp này")
        self._out.setAccessibleName(f"Bỏ {name}")
        self._out.clicked.connect(lambda: editor.remove(file))
        line.addWidget(opener)
        line.addWidget(labelled(size_text(file.get("size", 0)), "muted"))
        line.addWidget(self._caption, 1)
        line.addWidget(self._out)

    def caption(self) -> dict[str, str]:
        """Return the caption as it is stored; empty when there never was one."""
        text = clean(self._caption.text()).strip()
        return {"caption": text} if text or self._had_caption else {}

    def set_editable(self, editable: bool) -> None:
        """Allow or forbid changes of caption and list."""
        set_read_only(self._caption, not editable)
        self._out.setVisible(editable)


def size_text(size: int) -> str:
    """Return a file's size in readable form: "1,2 MB"."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} kB"
    return f"{format_decimal(str(round(size / 1_000_000, 1)))} MB"

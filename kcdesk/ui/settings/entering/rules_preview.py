"""«Xem trước»: the open dossiers that get another answer by typed rules, and the lines of TOML that these make."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from kcdesk.services.effects.rule_changes import touched_by_files
from kcdesk.services.rulebook import installed
from kcdesk.ui.settings.effects.touched_table import TouchedTable
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.toolkit.decision_button import push_button
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, SECTION_GAP, labelled

_ABOUT = "Tệp sẽ ký, để người lập chương trình đối chiếu: dòng có dấu + là thêm, dấu - là bỏ."
_NEW_FILE = "tệp mới"
_AROUND = 2  # unchanged lines around a change


class RulesPreviewDialog(Dialog):
    """Shows what would be signed; it changes nothing."""

    help_topic = "changed_rules"

    def __init__(self, context: Context, files: Mapping[str, str], why: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("rules.preview")
        self.setWindowTitle("Xem trước quy định sẽ ký")
        self.begin_size(1000, 640)
        self._context = context
        self.lines = QPlainTextEdit()
        self.lines.setObjectName("rules.toml")
        self.lines.setAccessibleName("Dòng thêm và dòng sửa của tệp quy định")
        self.lines.setReadOnly(True)
        self.lines.setTabChangesFocus(True)
        folder = installed.folder_in_force(context.workspace.store.folder)
        self.lines.setPlainText("\n".join(changed_lines(folder, files)))
        self.touched = TouchedTable(context, why)
        self.touched.record_wanted.connect(self._open)
        self.finished.connect(self.touched.stop)
        close = push_button("Đóng", "rules.preview.close", self.reject)
        close.setDefault(True)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(SECTION_GAP, SECTION_GAP, SECTION_GAP, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        column.addWidget(labelled(why, "section", wrap=True))
        column.addWidget(self.touched, 2)  # what the rules do comes before how the file says it
        column.addWidget(labelled(_ABOUT, "help", wrap=True))
        column.addWidget(self.lines, 1)
        column.addLayout(buttons)
        self.touched.search(lambda beside, progress: touched_by_files(beside, files, progress))

    def _open(self, id_: str) -> None:
        self.reject()
        parent = self.parentWidget()
        if isinstance(parent, Dialog):
            parent.reject()
        self._context.record_wanted.emit(id_)


def changed_lines(folder: Path, files: Mapping[str, str]) -> Iterator[str]:
    """The lines of each file that are new or gone, with a few around them."""
    for name, content in files.items():
        path = folder / name
        before = path.read_text("utf-8").splitlines() if path.is_file() else []
        difference = [*difflib.unified_diff(before, content.splitlines(), lineterm="", n=_AROUND)][3:]
        if difference:
            yield f"# {name}" + ("" if before else f" ({_NEW_FILE})")
            yield from ("…" if line.startswith("@@") else line for line in difference)
            yield ""

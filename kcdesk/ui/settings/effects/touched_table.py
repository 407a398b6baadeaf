"""The table of dossiers that a change of rules touches; it is computed in the background and fills itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from kcdesk import text
from kcdesk.errors import KcdeskError
from kcdesk.progress import Progress
from kcdesk.services.effects import touched_dossiers
from kcdesk.services.effects.touched_dossiers import TouchedDossier
from kcdesk.services.workspace import Workspace
from kcdesk.ui.papers.sheet_dialog import SheetDialog
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.worker import Job
from kcdesk.ui.toolkit.decision_button import push_button
from kcdesk.ui.toolkit.lines_table import LinesTable, TableLine
from kcdesk.ui.toolkit.theme import FIELD_GAP, labelled

HEADINGS = ("Hồ sơ", "Nội dung", "Trước", "Sau", "Từ ngày")
_WAIT = "Đang xem hồ sơ nào có kết quả khác…"
Search = Callable[[Workspace, Progress], list[TouchedDossier]]


class TouchedTable(QWidget):
    """Shows dossier, topic, and the answers before and after; `why` says what has changed.

    Signals:
        record_wanted: open a dossier; carries its id.
        ready: the list is complete, or cannot be made.
    """

    record_wanted = Signal(str)
    ready = Signal()

    def __init__(self, context: Context, why: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context, self.why = context, why
        self.touched: Sequence[TouchedDossier] = ()
        self._job: Job | None = None
        self.sentence = labelled(_WAIT, "strong", wrap=True)
        self.table = LinesTable("touched", HEADINGS, 0, context.theme, whole={4})
        self.table.setAccessibleName("Hồ sơ có kết quả khác")
        self.table.chosen.connect(self._open)
        self.table.moved.connect(self._show_whole)
        self.whole = labelled(wrap=True)
        self.open_button = push_button("Mở hồ sơ", "touched.open", lambda: self._open(self.table.key()))
        self.print_button = push_button("In danh sách…", "touched.print", lambda: self.print_dialog().exec())
        buttons = QHBoxLayout()
        buttons.addWidget(self.open_button)
        buttons.addWidget(self.print_button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(FIELD_GAP)
        column.addWidget(self.sentence)
        column.addWidget(self.table, 1)
        column.addWidget(self.whole)
        column.addLayout(buttons)
        column.addStretch(0)
        self._show_parts(has_lines=False)

    def search(self, act: Search) -> None:
        """Compute the list in the background and show it; a list that still waits is dropped."""
        self.stop()
        workspace = self._context.workspace

        def whole(progress: Progress) -> list[TouchedDossier]:
            progress(0, 0)
            with workspace.alongside() as beside:
                return act(beside, progress)

        self.sentence.setText(_WAIT)
        self._job = self._context.worker.run(
            whole, text=_WAIT, done=self.show_touched, failed=self._refuse, owner=self, only_reads=True
        )
        self._job.progressed.connect(self._show_progress)

    def stop(self) -> None:
        """Compute no further; nobody looks any more."""
        if self._job is not None:
            self._job.stop()
            self._job = None

    def show_touched(self, touched: Sequence[TouchedDossier]) -> None:
        """Show a list."""
        self._job = None
        self.touched = touched
        self.sentence.setText(touched_dossiers.count_sentence(touched))
        self.table.show_lines([_line(str(place), line) for place, line in enumerate(touched)])
        self._show_parts(has_lines=bool(touched))
        self._show_whole(self.table.key())
        self.ready.emit()

    def print_dialog(self) -> SheetDialog:
        """Return the print preview of the list."""
        workspace = self._context.workspace
        return SheetDialog(
            self._context,
            touched_dossiers.LAYOUT,
            lambda path: touched_dossiers.print_touched(workspace, self.why, self.touched, path),
            "Hồ sơ có kết quả khác",
            self,
        )

    def _show_parts(self, *, has_lines: bool) -> None:
        for part in (self.table, self.whole, self.open_button, self.print_button):
            part.setVisible(has_lines)

    def _show_progress(self, done: int, total: int, _text: str) -> None:
        if total and self._job is not None:
            self.sentence.setText(f"{_WAIT} {text.format_integer(done)}/{text.format_integer(total)}")

    def _refuse(self, error: KcdeskError) -> None:
        self._job = None
        self.sentence.setText(error.sentence())
        self.ready.emit()

    def _show_whole(self, key: str) -> None:
        """Show the selected line in full: its row may cut it."""
        line = self.touched[int(key)] if key else None
        self.open_button.setEnabled(bool(line and line.id))
        self.whole.setText(f"{line.topic}. Trước: {line.before}\nSau: {line.after}" if line else "")

    def _open(self, key: str) -> None:
        if key and (id_ := self.touched[int(key)].id):
            self.record_wanted.emit(id_)


def _line(key: str, line: TouchedDossier) -> TableLine:
    cells = (line.title, line.topic, line.before, line.after, text.format_date(line.on))
    return TableLine(key, cells)

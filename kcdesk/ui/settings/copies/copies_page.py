"""«Các bản sao lưu»: every copy with its age, reason, size and proof; what differs from today; back or beside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QSplitter, QVBoxLayout, QWidget

from kcdesk import moments
from kcdesk.errors import KcdeskError
from kcdesk.services.maintenance import backup_copies, copy_contents, restoring
from kcdesk.services.maintenance.backup_copies import Copy
from kcdesk.services.maintenance.copy_contents import CopyPreview
from kcdesk.services.workspace import Workspace
from kcdesk.text import format_date, format_integer
from kcdesk.ui.opening.another_window import open_apart
from kcdesk.ui.opening.restore_dialog import RestoreDialog
from kcdesk.ui.settings.copies.copy_choices import CopyChoices
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.kept_views import keep_splitter
from kcdesk.ui.shell.outside_backup import back_up_to_stick
from kcdesk.ui.shell.page import Page, PageCommand
from kcdesk.ui.toolkit import wording
from kcdesk.ui.toolkit.decision_button import decision_button, push_button
from kcdesk.ui.toolkit.fitting.flow_row import FlowRow
from kcdesk.ui.toolkit.lines_table import KEY_ROLE, LinesTable, TableLine
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, PAGE_MARGIN, labelled

T = TypeVar("T")

HEADINGS = ("Lúc", "Cách đây", "Lý do", "Dung lượng", "Đã thử")
LACKING = ("Hồ sơ có trong bản sao, kho nay không có", "Loại", "Vì sao")
_PROOF = 4  # column


class CopiesPage(Page):
    """The copies beside the store, newest first; below, how the chosen one differs from today."""

    help_topic = "backups"
    title = "Các bản sao lưu"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._copies: Mapping[str, Copy] = {}
        self._shown: Path | None = None  # the copy that the lower table is about
        self._faults: tuple[str, ...] = ()  # what says that somebody has changed it
        self.choices = CopyChoices(context)
        self.table = LinesTable("copies", HEADINGS, _PROOF, context.theme, right={3}, whole={0, 1, 2, 3})
        self.table.setAccessibleName("Các bản sao lưu cạnh kho")
        self.table.moved.connect(lambda _key: self._choose())
        self.table.chosen.connect(lambda _key: self.compare())
        self.detail = labelled(role="help", wrap=True)
        self.detail.setObjectName("copies.detail")
        self.look = push_button("So với hôm nay", "copies.compare", self.compare)
        self.prove = push_button("Mở thử", "copies.prove", self.prove_copy)
        self.beside = decision_button("Mở bên cạnh", "copies.beside", self.open_beside)
        self.back = decision_button("Khôi phục…", "copies.restore", self.restore)
        self.lacking = LinesTable("copies.lacking", LACKING, 0, context.theme, whole={1, 2})
        self.lacking.setAccessibleName(LACKING[0])
        self.lacking.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.taker = decision_button("Lấy lại hồ sơ đã chọn", "copies.take_back", self.take_back)
        self._lay_out()

    def _lay_out(self) -> None:
        acts = FlowRow(FIELD_GAP)
        for button in (self.look, self.prove, self.beside, self.back):
            acts.add(button)
        below = QWidget()
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(FIELD_GAP)
        for widget in (acts, self.detail, self.lacking, self.taker):
            column.addWidget(widget)
        column.addStretch(1)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.setChildrenCollapsible(False)
        parts.addWidget(self.table)
        parts.addWidget(below)
        keep_splitter(parts, self.context.settings, "copies")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(PAGE_MARGIN, 0, PAGE_MARGIN, GROUP_GAP)
        whole.setSpacing(FIELD_GAP)
        whole.addWidget(self.choices)
        whole.addWidget(parts, 1)

    # -- called by the window --------------------------------------------------------------------------------------

    def main_action(self) -> PageCommand | None:
        """Return «Sao lưu ngay»."""
        return PageCommand("Sao lưu ngay", self.back_up, "bản sao cạnh kho, được mở thử ngay")

    def commands(self) -> Mapping[str, PageCommand]:
        """Return the copy outside this machine; everything else is a button."""
        return {"outside": PageCommand("Sao lưu ra thẻ nhớ…", lambda: back_up_to_stick(self.context, self.show_copies))}

    def on_show(self) -> None:
        """Read the folder of copies and take the focus."""
        self.show_copies()
        self.table.setFocus()

    # -- actions of the officer ------------------------------------------------------------------------------------

    def show_copies(self) -> None:
        """Show the copies as they lie in the folder now."""
        copies = backup_copies.copies_of(self.context.workspace.store.folder)
        self._copies = {copy.folder.name: copy for copy in copies}
        self.table.show_lines([_line(copy) for copy in copies])
        self.choices.show_choices()
        self._choose()

    def back_up(self) -> None:
        """Make a copy now, in the background."""
        self._run("Sao lưu", lambda: self.context.workspace.store.backup(), self._made)

    def prove_copy(self) -> None:
        """Open, check and count the chosen copy."""
        workspace, folder = self.context.workspace, self._chosen()
        if folder is not None:
            self._run("Mở thử bản sao lưu", lambda: backup_copies.prove(workspace, folder), self._proved)

    def compare(self) -> None:
        """Show how the chosen copy differs from today."""
        workspace, folder = self.context.workspace, self._chosen()
        if folder is not None:
            self._run("So bản sao lưu với hôm nay", lambda: _compared(workspace, folder), self._show_preview)

    def open_beside(self) -> None:
        """Open the chosen copy as a store of its own in another window."""
        workspace, folder = self.context.workspace, self._chosen()
        if folder is not None:
            self._run("Mở bản sao bên cạnh", lambda: copy_contents.open_beside(workspace, folder), self._opened)

    def restore(self) -> None:
        """Replace the store by the chosen copy, after the window is closed."""
        begin_restore(self.context, self, self._chosen())

    def take_back(self) -> None:
        """Bring the chosen lacking records back, in one act that can be undone."""
        keys = [index.data(KEY_ROLE) for index in self.lacking.selectionModel().selectedRows()]
        copy = self._shown
        if copy is None or not keys:
            return
        question, detail = "Lấy hồ sơ từ một bản sao lưu đã bị thay đổi?", " ".join(self._faults)
        if self._faults and not self.context.messages.ask(question, detail, "Vẫn lấy lại", "Không lấy"):
            return
        agreed = bool(self._faults)
        changes = self.context.act(lambda: copy_contents.take_back(self.context.workspace, copy, keys, consent=agreed))
        if changes is not None:
            self.context.messages.notice(f"{changes.action}. Bấm Ctrl+Z nếu muốn bỏ.")
            self.compare()

    # -- inside ----------------------------------------------------------------------------------------------------

    def _chosen(self) -> Path | None:
        copy = self._copies.get(self.table.key())
        return copy.folder if copy else None

    def _choose(self) -> None:
        """Show what is known of the chosen copy without opening it."""
        copy = self._copies.get(self.table.key())
        for button in (self.look, self.prove, self.beside, self.back):
            button.setEnabled(copy is not None)
        self.detail.setText(_sentence(copy) if copy else "Chưa có bản sao lưu nào cạnh kho.")
        self._show_lacking(None)

    def _made(self, folder: Path) -> None:
        self.show_copies()
        self.table.go_to(folder.name)
        self.context.messages.notice(f"Đã sao lưu. {_proof(self._copies[folder.name])}.")

    def _proved(self, copy: Copy) -> None:
        self.show_copies()
        self.table.go_to(copy.folder.name)
        self.detail.setText(_sentence(copy))

    def _opened(self, folder: Path) -> None:
        open_apart(folder)
        self.context.messages.notice(
            f"Bản sao được mở trong một cửa sổ khác, từ thư mục «{folder.name}» cạnh kho; kho đang dùng không đổi."
        )

    def _show_preview(self, preview: CopyPreview) -> None:
        if preview.folder != self._chosen():
            return
        self.detail.setText(_differences(preview, self._labels()))
        self._show_lacking(preview)

    def _show_lacking(self, preview: CopyPreview | None) -> None:
        self._shown = preview.folder if preview else None
        self._faults = preview.faults if preview else ()
        records = preview.lacking if preview else ()
        self.lacking.show_lines(
            [
                TableLine(record.id, (record.title, record.kind, "đã xoá" if record.is_deleted else "kho không có"))
                for record in records
            ]
        )
        self.lacking.setVisible(bool(records))
        self.taker.setVisible(bool(records))

    def _labels(self) -> Mapping[str, str]:
        forms = self.context.workspace.forms
        return {kind: forms.current(kind).label for kind in forms.kinds}

    def _run(self, text: str, act: Callable[[], T], done: Callable[[T], None]) -> None:
        """Do something that takes time in the background; a refusal is told."""
        self.context.worker.run(
            lambda _progress: act(), text=text, done=done, failed=self._refused, owner=self, only_reads=True
        )

    def _refused(self, error: KcdeskError) -> None:
        self.context.messages.error(error)
        self.show_copies()


def begin_restore(context: Context, page: Page, copy: Path | None = None) -> None:
    """Choose a backup, prove it and compare it; the store is replaced after the window is closed."""
    workspace = context.workspace
    dialog = RestoreDialog(
        workspace.store.folder, restoring.store_summary(workspace), context.messages, page.window(), copy=copy
    )
    if not dialog.exec() or dialog.prepared is None:
        return
    context.restoring = dialog.prepared
    if not page.window().close():
        restoring.discard(dialog.prepared)
        context.restoring = None


def _compared(workspace: Workspace, folder: Path) -> CopyPreview:
    """Compare in another thread, which has its own connection."""
    with workspace.alongside() as here:
        return copy_contents.preview(here, folder)


def _line(copy: Copy) -> TableLine:
    cells = (
        wording.moment(copy.moment.isoformat()),
        _age(copy),
        "Kho bị hỏng, giữ riêng" if copy_contents.is_damaged(copy) else backup_copies.reason_text(copy),
        _megabytes(copy.size),
        _proof(copy),
    )
    tone = "wrong" if copy.problem else "good" if copy.proved else "waiting"
    return TableLine(copy.folder.name, cells, {_PROOF: tone})


def _proof(copy: Copy) -> str:
    if copy.problem:
        return copy.problem
    if not copy.proved:
        return "Chưa thử"
    last = f", việc cuối {format_date(moments.day(copy.last))}" if copy.last else ""
    return f"Mở được, {format_integer(copy.records)} hồ sơ{last}"


def _sentence(copy: Copy) -> str:
    proved = f" Thử lúc {wording.moment(copy.proved)}." if copy.proved else ""
    return f"{_proof(copy)}.{proved} Bấm «So với hôm nay» để xem khác gì.".replace("..", ".")


def _age(copy: Copy) -> str:
    minutes = int((moments.now() - copy.moment).total_seconds()) // 60
    if minutes < 60:
        return f"{max(minutes, 0)} phút"
    return f"{minutes // 60} giờ" if minutes < 48 * 60 else f"{format_integer(minutes // 60 // 24)} ngày"


def _megabytes(size: int) -> str:
    return f"{format_integer(max(1, round(size / (1 << 20))))} MB"


def _differences(preview: CopyPreview, labels: Mapping[str, str]) -> str:
    """How a copy differs from today, in sentences; first what says that somebody has changed it."""
    return " ".join((*preview.faults, _difference(preview, labels)))


def _difference(preview: CopyPreview, labels: Mapping[str, str]) -> str:
    if preview.is_same:
        return f"Bản sao có {format_integer(preview.records)} hồ sơ, giống hệt kho hôm nay."
    parts = [f"Bản sao có {format_integer(preview.records)} hồ sơ."]
    parts += [f"Kho hôm nay có thêm: {_counted(preview.fresh, labels)}."] if preview.fresh else []
    parts += [f"Nội dung khác: {_counted(preview.changed, labels)}."] if preview.changed else []
    lacking = format_integer(preview.lacking_count)
    parts += [f"Kho hôm nay không có {lacking} hồ sơ của bản sao."] if preview.lacking_count else []
    return " ".join(parts)


def _counted(numbers: Mapping[str, int], labels: Mapping[str, str]) -> str:
    return ", ".join(
        f"{format_integer(number)} {labels.get(kind, kind).lower()}" for kind, number in sorted(numbers.items())
    )

"""A folder of packages: what each file is, receiving the acceptable ones, and which units are late for a period."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtWidgets import QHBoxLayout, QPushButton, QTabWidget, QVBoxLayout, QWidget

from kcdesk.progress import Progress
from kcdesk.services.handover.collecting import batch_receiving, periods
from kcdesk.services.handover.collecting.batch_receiving import FileResult, FileVerdict, SenderNames
from kcdesk.services.handover.packages.original_requests import OriginalRequest
from kcdesk.services.records.changing import Changes
from kcdesk.services.workspace import Workspace
from kcdesk.ui.handover.package_names import package_type
from kcdesk.ui.handover.password_dialog import ask_package_password
from kcdesk.ui.handover.receiving.open_file import FileOpener
from kcdesk.ui.handover.receiving.original_letter import letter_dialog
from kcdesk.ui.handover.receiving.units_summary import UnitsSummary
from kcdesk.ui.shell import blocking_task
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.page import Page, PageCommand
from kcdesk.ui.shell.worker import Stopped
from kcdesk.ui.toolkit.decision_button import decision_button
from kcdesk.ui.toolkit.lines_table import LinesTable, TableLine
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, PAGE_MARGIN, labelled

_FILES = ("Kết quả", "Đơn vị", "Kỳ", "Loại", "Tệp", "Có gì")


class BatchPage(Page):
    """The files of a folder and, on a second tab, the units with their last packages."""

    help_topic = "batch"
    title = "Nhận cả thư mục"

    def __init__(self, context: Context, folder: Path) -> None:
        super().__init__(context)
        self.folder = folder
        self._intake = FileOpener(self, compares=True)
        self._password = ""
        self._opened = False
        self._verdicts: list[FileVerdict] = []
        self._results: list[FileResult] = []
        self._asked = False  # whether the officer waits for the folder to be read again
        self.headline = labelled(role="section", wrap=True)
        self.files = LinesTable("collecting.files", _FILES, 5, context.theme, whole=(0, 1, 2, 4))
        self.files.setAccessibleName("Các tệp trong thư mục")
        self.files.chosen.connect(self._open)
        self.files.moved.connect(self._show_whole)
        self.whole = labelled(wrap=True)
        self.whole.setObjectName("collecting.whole")
        self.act_button = decision_button("", "collecting.act", lambda: self._open(self.files.key()))
        self.letter_button = decision_button("Xin gói gốc…", "collecting.letter", self.ask_again)
        self.reread_button = decision_button("Đọc lại", "collecting.reread", self.look_again)
        self.unlock_button = QPushButton("Nhập mật khẩu chung…")
        self.unlock_button.setObjectName("collecting.password")
        self.unlock_button.clicked.connect(self.unlock)
        self.summary = UnitsSummary(context)
        self._lay_out()
        self.look()

    # -- called by the window --------------------------------------------------------------------------------------

    def main_action(self) -> PageCommand | None:
        """Return receiving all acceptable packages."""
        number = sum(verdict.acceptable for verdict in self._verdicts)
        if self._results or not number:
            return None
        return PageCommand(f"Nhận {number} gói", self.take_in)

    def commands(self) -> dict[str, PageCommand]:
        """Return reading the folder again and printing the reminders."""
        return {
            "reread": PageCommand("Đọc lại thư mục", self.look_again),
            "print": PageCommand("In danh sách nhắc…", self.summary.print),
        }

    def on_show(self) -> None:
        """Read the folder again after a file was opened singly: its row tells whether it was received meanwhile."""
        if self._opened:
            self._opened = False
            self.look()
        self.summary.load()
        self.files.setFocus()

    # -- actions of the officer ------------------------------------------------------------------------------------

    def look_again(self) -> None:
        """Check every file again at the officer's wish, and say what came of it."""
        self._asked = True
        self.look()

    def look(self) -> None:
        """Check every file in the background."""
        folder, password, workspace = self.folder, self._password, self.context.workspace
        self.headline.setText("Đang xem các tệp …")

        def act(progress: Progress) -> list[FileVerdict]:
            with workspace.alongside() as alongside:
                return batch_receiving.preview_folder(alongside, folder, password, progress=progress)

        self.context.worker.run(
            act, text=f"Xem {folder.name}", done=self._show_verdicts, failed=self.context.messages.error, owner=self
        )

    def unlock(self) -> None:
        """Ask for one password for all locked files."""
        tried = bool(self._password)
        password = ask_package_password(self.context.messages, None, tried=tried)
        if password:
            self._password = password
            self.look()

    def take_in(self) -> None:
        """Receive the acceptable files one by one; «Dừng» stops between two files."""
        verdicts, password = self._verdicts, self._password

        def act(workspace: Workspace, progress: Progress) -> list[FileResult]:
            stopping = _Stopping(progress)
            return batch_receiving.receive_folder(
                workspace, verdicts, password, progress=stopping.progress, cancelled=lambda: stopping.wished
            )

        blocking_task.run(
            self.context, self, act, text="Nhận các gói", done=self._took, failed=self.context.messages.error
        )

    # -- inside --------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        files = QWidget()
        inside = QVBoxLayout(files)
        inside.setContentsMargins(0, FIELD_GAP, 0, 0)
        head = QHBoxLayout()
        head.addWidget(labelled(str(self.folder), "muted"), 1)
        head.addWidget(self.unlock_button)
        head.addWidget(self.reread_button)
        inside.addLayout(head)
        inside.addWidget(self.files, 1)
        inside.addWidget(self.whole)
        acts = QHBoxLayout()
        for button in (self.act_button, self.letter_button):
            acts.addWidget(button)
        acts.addStretch(1)
        inside.addLayout(acts)
        tabs = QTabWidget()
        tabs.setDocumentMode(True)
        tabs.addTab(files, "Từng tệp")
        tabs.addTab(self.summary, "Theo đơn vị")
        self.tabs = tabs
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_MARGIN, 0, PAGE_MARGIN, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        column.addWidget(self.headline)
        column.addWidget(tabs, 1)

    def _show_verdicts(self, verdicts: list[FileVerdict]) -> None:
        before, self._verdicts, self._results = self._verdicts, verdicts, []
        if self._asked:
            self._asked = False
            differs = [verdict.file for verdict in verdicts] != [verdict.file for verdict in before]
            self.context.messages.notice(
                f"Đã đọc lại {len(verdicts)} tệp" + ("." if differs else "; không có tệp mới.")
            )
        self.headline.setText(_headline(verdicts) if verdicts else "Thư mục này không có gói nào.")
        names = SenderNames(self.context.workspace)
        self.files.show_lines([_verdict_line(names, verdict) for verdict in verdicts])
        self._leave_finished()
        self.unlock_button.setVisible(any(verdict.code == "locked" for verdict in verdicts))
        self.summary.show_troubles(verdicts)
        self.title_changed.emit()

    def _leave_finished(self) -> None:
        """Go on from a card that was just trusted, which now stands last, to the next file that has to be looked at."""
        current = self._verdict(self.files.key())
        waiting = (verdict.file.name for verdict in self._verdicts if verdict.code in _COMPARED)
        if current is not None and current.code == batch_receiving.TRUSTED and (next_file := next(waiting, "")):
            self.files.go_to(next_file)

    def _took(self, results: list[FileResult]) -> None:
        self._results = results
        applied = [result.received.changes for result in results if result.received and result.received.applied]
        if applied:  # at once: each announcement reads every page anew
            self.context.announce(Changes.of_all(applied))
        taken = sum(result.received is not None for result in results)
        self.headline.setText(
            f"Đã nhận {taken} trong {len(results)} tệp. Mỗi gói hoàn tác riêng được trong sổ bàn giao."
        )
        names = SenderNames(self.context.workspace)
        self.files.show_lines([_result_line(names, result) for result in results])
        self.summary.show_troubles([result.verdict for result in results if result.received is None])
        self._show_whole(self.files.key())
        self.title_changed.emit()
        self.context.messages.notice(f"Đã nhận {taken} gói.")

    def _open(self, name: str) -> None:
        """Do what comes next for a file (Enter): preview it, unlock it, compare its key, look at its edits."""
        self._opened = True
        self._intake.open(self.folder / name, self._password, self._card_known)

    def _card_known(self) -> None:
        """Read the folder again: with a newly trusted key more packages can be received."""
        self._opened = False
        self.look()

    def _letter(self, name: str) -> OriginalRequest | None:
        verdict = self._verdict(name)
        if verdict is None:
            return None
        workspace, password = self.context.workspace, self._password
        return self.context.attempt(lambda: batch_receiving.original_request(workspace, verdict, password))

    def ask_again(self) -> None:
        """Show the letter that asks for the original of the selected file."""
        request = self._letter(self.files.key())
        if request is not None:
            letter_dialog(self.context, request, self).exec()

    def _verdict(self, name: str) -> FileVerdict | None:
        """The present verdict on a file: of taking it in, if it was taken in since."""
        present = {verdict.file.name: verdict for verdict in self._verdicts}
        present |= {result.verdict.file.name: result.verdict for result in self._results}
        return present.get(name)

    def _show_whole(self, name: str) -> None:
        """Show the selected file with its whole name and reason, and the buttons for what can be done."""
        verdict = self._verdict(name)
        taken = next((result for result in self._results if result.verdict.file.name == name and result.received), None)
        whole = taken.sentence if taken else _what(verdict) if verdict else ""
        self.whole.setText(f"{name}: {whole}" if name else "")
        label = "" if verdict is None or taken else _ACTS.get(verdict.code, "" if verdict.obstacle else "Xem trước…")
        self.act_button.setText(label)
        for button, is_offered in (
            (self.act_button, bool(label)),
            (self.letter_button, verdict is not None and verdict.may_be_asked_again),
        ):
            if button.hasFocus() and not is_offered:
                self.files.setFocus()  # else Qt gives the keyboard to the navigation
            button.setVisible(is_offered)


class _Stopping:
    """Records a press of «Dừng» instead of raising it: files received before the stop are reported."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self.wished = False

    def progress(self, done: int, total: int, text: str = "", /) -> None:
        """Report the progress; note whether the officer wants to stop."""
        try:
            self._progress(done, total, text)
        except Stopped:
            self.wished = True


_REFUSED = {
    "locked": ("Có mật khẩu", "waiting"),
    "unknown_sender": ("Cần đối chiếu", "waiting"),
    batch_receiving.IDENTITY: ("Cần đối chiếu", "waiting"),
    batch_receiving.TRUSTED: ("Đã tin cậy", "neutral"),
    "edited": ("Đã bị sửa", "wrong"),
    "edits": ("Cần xem", "waiting"),
    "decisions": ("Cần xem", "waiting"),
}
_COMPARED = ("unknown_sender", batch_receiving.IDENTITY)  # their keys are compared by telephone
_ACTS = {  # what Enter does for a file with this code
    "locked": "Nhập mật khẩu…",
    "unknown_sender": "Đối chiếu dấu khoá…",
    batch_receiving.IDENTITY: "Đối chiếu dấu khoá…",
    "edited": "Xem các ô đã sửa…",
    "edits": "Xem các ô đã sửa…",
    "decisions": "Xem các ô đã điền…",
}


def _headline(verdicts: Sequence[FileVerdict]) -> str:
    """How many files can be received, were received before, are twins, trusted cards, or to be looked at."""
    good = sum(verdict.acceptable for verdict in verdicts)
    twins = sum(bool(verdict.twin) for verdict in verdicts)
    already = sum(bool(verdict.preview and verdict.preview.already and not verdict.twin) for verdict in verdicts)
    parts = [f"{good} gói nhận được"]
    parts += [f"{already} đã nhận"] if already else []
    parts += [f"{twins} trùng"] if twins else []
    cards = sum(verdict.code == batch_receiving.TRUSTED for verdict in verdicts)
    parts += [f"{cards} thẻ đã tin cậy"] if cards else []
    rest = len(verdicts) - good - twins - already - cards
    parts += [f"{rest} cần xem lại"] if rest else []
    return f"{len(verdicts)} tệp: {', '.join(parts)}."


def _verdict_line(names: SenderNames, verdict: FileVerdict) -> TableLine:
    label, tone = ("Nhận được", "good") if verdict.acceptable else _REFUSED.get(verdict.code, ("Không nhận", "wrong"))
    if verdict.preview and verdict.preview.already:
        label, tone = "Đã nhận", "good"
    if verdict.twin:
        label, tone = "Trùng", "neutral"
    return _line(names, verdict, label, tone, _what(verdict))


def _what(verdict: FileVerdict) -> str:
    """What a file is and what to do about it, or what receiving it would do."""
    preview = verdict.preview
    if verdict.twin:
        return batch_receiving.FileResult(verdict=verdict).sentence
    if preview is None or verdict.obstacle:
        return " ".join(part for part in (verdict.obstacle, verdict.hint) if part)
    if preview.already:
        return " ".join(preview.notes)
    counts = [f"{preview.rows[name]} {label}" for name, label in _ROWS if preview.rows[name]]
    return "; ".join([", ".join(counts), *preview.notes])


_ROWS = (
    ("new", "mới"),
    ("changed", "thay đổi"),
    ("conflict", "cần xem"),
    ("refused", "không nhận"),
    ("same", "như cũ"),
)


def _result_line(names: SenderNames, result: FileResult) -> TableLine:
    if result.received is not None:
        return _line(names, result.verdict, "Đã nhận", "good", result.sentence)
    if not result.verdict.obstacle:
        return _line(names, result.verdict, "Đã có", "neutral", result.sentence)
    label, tone = _REFUSED.get(result.verdict.code, ("Chưa nhận", "wrong"))
    return _line(names, result.verdict, label, tone, _what(result.verdict))


def _line(names: SenderNames, verdict: FileVerdict, label: str, tone: str, what: str) -> TableLine:
    preview = verdict.preview
    sender = names.of(verdict)
    period, type_ = (periods.name(preview.period), package_type(preview.type)) if preview else ("", "")
    return TableLine(verdict.file.name, (label, sender, period, type_, verdict.file.name, what), {0: tone})

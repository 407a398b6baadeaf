"""The decisions about the dossiers of a package: received, returned with reasons, approved with an amount, rejected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSplitter, QVBoxLayout

from kcdesk.errors import KcdeskError
from kcdesk.progress import Progress
from kcdesk.services.handover.receipts import drafts, results
from kcdesk.services.handover.receipts.drafts import Decision
from kcdesk.services.records.changing import Changes
from kcdesk.services.workspace import Workspace
from kcdesk.ui.handover.decision_panel import DecisionPanel
from kcdesk.ui.handover.package_names import package_name
from kcdesk.ui.handover.password_dialog import PasswordDialog
from kcdesk.ui.shell import blocking_task
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.page import Page, PageCommand
from kcdesk.ui.toolkit import wording
from kcdesk.ui.toolkit.count_chips import CountChips
from kcdesk.ui.toolkit.lines_table import LinesTable, TableLine
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, PAGE_MARGIN, labelled

RECEIPTS = "Biên nhận (*.xlsx)"
TONES = {"received": "neutral", "returned": "wrong", "approved": "good", "rejected": "wrong"}
_ALL = "all"


class ReceiptPage(Page):
    """The dossiers on the left, the decision about the selected one on the right; saved while it is made."""

    help_topic = "receipts"

    def __init__(self, context: Context, package: str) -> None:
        super().__init__(context)
        self.package = package
        packages = drafts.outbox(context.workspace)
        self._waiting = next(line for line in packages if line.package == package)
        self.title = f"Biên nhận cho {self._waiting.name}"
        self._lines: dict[str, drafts.ReceiptLine] = {}
        self.summary = labelled(role="muted", wrap=True)
        self.enclosed: list[Path] = []
        self._encloses = QPushButton("Kèm tệp…")
        self._encloses.setObjectName("receipt.enclose")
        self._encloses.setToolTip("Công văn, quyết định đi cùng biên nhận")
        self._encloses.clicked.connect(self.enclose)
        self.chips = CountChips("receipt.show")
        self.chips.chosen.connect(lambda _name: self._show_rows())
        columns = ("Trả lời", "Loại hồ sơ", "Hồ sơ", "Đề nghị hỗ trợ")
        self.table = LinesTable("receipt.rows", columns, 2, context.theme, right=(3,))
        self.table.setAccessibleName("Hồ sơ trong gói")
        self.table.moved.connect(self._show_choice)
        self.panel = DecisionPanel()
        self.table.chosen.connect(lambda _key: self.panel.enter())
        self.panel.changed.connect(self._keep)
        self.panel.open_requested.connect(self.open_requested)
        self._lay_out()
        self._load()

    # -- called by the window --------------------------------------------------------------------------------------

    def main_action(self) -> PageCommand:
        """Return writing the receipt."""
        return PageCommand("Viết biên nhận…", self.write)

    def on_show(self) -> None:
        """Focus the rows."""
        self._load()
        self.table.setFocus()

    def on_leave(self) -> None:
        """Save what is being typed."""
        self.panel.flush()

    def step_back(self) -> bool:
        """Go from the decision back to the rows (Alt+←)."""
        if self.panel.isAncestorOf(self.focusWidget()):
            self.panel.flush()
            self.table.setFocus()
            return True
        return False

    def cancel(self) -> None:
        """Go back to the rows (Esc)."""
        self.step_back()

    # -- actions of the officer ------------------------------------------------------------------------------------

    def write(self) -> None:
        """Check that every decision is complete, ask for password and file, write the receipt."""
        self.panel.flush()
        problems = drafts.problems(self.context.workspace, self.package)
        if problems:
            self._show_rows(_ALL)
            self.table.go_to(problems[0][0])
            more = f" Còn {len(problems) - 1} hồ sơ khác cần ghi thêm." if len(problems) > 1 else ""
            self.context.messages.problem(problems[0][1], more)
            return
        write_receipt(self.context, self, self._waiting, self._written, self.enclosed)

    def enclose(self) -> None:
        """Choose letters and decisions to enclose; choosing none removes the earlier choice."""
        self.enclosed = self.context.messages.open_files(
            "Chọn tệp đi kèm biên nhận", "Mọi tệp (*)", purpose="attachments"
        )
        names = ", ".join(path.name for path in self.enclosed)
        self._encloses.setText(f"Kèm tệp ({len(self.enclosed)})…" if names else "Kèm tệp…")
        self._encloses.setToolTip(names or "Công văn, quyết định đi cùng biên nhận")

    def _written(self) -> None:
        self.close_requested.emit()

    # -- inside --------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.table)
        split.addWidget(self.panel)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_MARGIN, 0, PAGE_MARGIN, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        column.addWidget(self.summary)
        row = QHBoxLayout()
        row.addWidget(self.chips, 1)
        row.addWidget(self._encloses)
        column.addLayout(row)
        column.addWidget(split, 1)

    def _load(self) -> None:
        lines = drafts.lines(self.context.workspace, self.package)
        self._lines = {line.record: line for line in lines}
        waiting = self._waiting
        name = package_name(waiting.type, waiting.period)
        answered = f" Đã viết biên nhận lúc {wording.moment(waiting.receipt_at)}." if waiting.receipt else ""
        self.summary.setText(f"Trả lời {name}, nhận lúc {wording.moment(waiting.at)}.{answered}")
        self._show_rows(self.chips.value or _ALL)

    def _show_rows(self, wanted: str = "") -> None:
        wanted = wanted or self.chips.value
        self._count(wanted)
        lines = [line for line in self._lines.values() if wanted in (_ALL, line.decision.result)]
        self.table.show_lines([_row(line) for line in lines])

    def _count(self, wanted: str) -> None:
        numbers = Counter(line.decision.result for line in self._lines.values())
        options = [
            (_ALL, "Tất cả", len(self._lines)),
            *((name, results.SHORT[name], numbers[name]) for name in results.SHORT),
        ]
        self.chips.show_options(options, wanted)

    def _show_choice(self, id_: str) -> None:
        self.panel.flush()
        line = self._lines.get(id_)
        if line is not None:
            self.panel.show_line(line)

    def _keep(self, id_: str, decision: Decision) -> None:
        drafts.choose(self.context.workspace, self.package, id_, decision)
        line = self._lines[id_]
        changed = line.decision.result != decision.result
        self._lines[id_] = drafts.with_decision(line, decision)
        if changed:
            self.table.replace_line(_row(self._lines[id_]))
            self._count(self.chips.value)


def _row(line: drafts.ReceiptLine) -> TableLine:
    result = line.decision.result
    cells = (results.SHORT[result], line.kind_label, line.title, line.requested.removesuffix(" đồng"))
    return TableLine(line.record, cells, {0: TONES[result]})


def write_receipt(
    context: Context, page: Page, waiting: drafts.OutboxEntry, done: Callable[[], None], enclosed: Sequence[Path] = ()
) -> None:
    """Ask for password and file and write one receipt in the background."""
    practice = context.workspace.identity.practice
    sentence = f"Biên nhận gửi {waiting.name}, {package_name(waiting.type, waiting.period)}."
    dialog = PasswordDialog("Viết biên nhận", sentence, unlocked=practice, parent=page)
    if not dialog.exec():
        return
    name = drafts.receipt_file_name(context.workspace, waiting)
    path = context.messages.save_file("Lưu biên nhận", name, RECEIPTS, purpose="packages")
    if path is not None:
        _write(context, page, waiting.package, path, dialog.password(), done, tuple(enclosed))


def _write(
    context: Context,
    page: Page,
    package: str,
    path: Path,
    password: str,
    done: Callable[[], None],
    enclosed: Sequence[Path],
) -> None:
    def act(workspace: Workspace, _progress: Progress) -> tuple[dict[str, Any], Changes]:
        return drafts.write_receipt(workspace, package, path, password, enclosed)

    def written(result: tuple[dict[str, Any], Changes]) -> None:
        made, changes = result
        context.announce(changes)
        counts = ", ".join(f"{number} {made['labels'][name].lower()}" for name, number in made["results"].items())
        context.messages.notice(f"Đã viết biên nhận {path.name} ({counts}). Đã kiểm tra, có thể rút thẻ nhớ.")
        done()

    def failed(error: KcdeskError) -> None:
        context.messages.error(error, lambda: _write(context, page, package, path, password, done, enclosed))

    blocking_task.run(context, page, act, text=f"Viết biên nhận {path.name}", done=written, failed=failed)

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
from kcdesk.runtime.frozen import replace
from kcdesk.services.handover.receipts import amendments, drafts, receipt_lines, results
from kcdesk.services.handover.receipts.receipt_lines import Decision, ReceiptLine
from kcdesk.services.records.changing import Changes
from kcdesk.services.workspace import Workspace
from kcdesk.text import format_integer
from kcdesk.ui.handover.decision_panel import DecisionPanel, LineFacts
from kcdesk.ui.handover.package_names import package_name
from kcdesk.ui.handover.password_dialog import PasswordDialog
from kcdesk.ui.shell import blocking_task
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.kept_views import keep_splitter
from kcdesk.ui.shell.page import Page, PageCommand
from kcdesk.ui.shell.small_dialogs import TickQuestion
from kcdesk.ui.toolkit import wording
from kcdesk.ui.toolkit.count_chips import CountChips
from kcdesk.ui.toolkit.lines_table import LinesTable, TableLine
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, PAGE_MARGIN, labelled

RECEIPTS = "Biên nhận (*.xlsx)"
TONES = {"received": "neutral", "returned": "wrong", "approved": "good", "rejected": "wrong"}
_ALL = "all"
_NAMED = 8  # undecided dossiers that are named


class ReceiptPage(Page):
    """The dossiers on the left, the decision about the selected one on the right; saved while it is made."""

    help_topic = "receipts"

    def __init__(self, context: Context, package: str, record: str = "") -> None:
        super().__init__(context)
        self.package = package
        packages = drafts.outbox(context.workspace)
        self._waiting = next(line for line in packages if line.package == package)
        self.title = f"Biên nhận cho {self._waiting.name}"
        self._lines: dict[str, ReceiptLine] = {}
        self.summary = labelled(role="muted", wrap=True)
        self.enclosed: list[Path] = []
        self._encloses = QPushButton("Kèm tệp…")
        self._encloses.setObjectName("receipt.enclose")
        self._encloses.setToolTip("Công văn, quyết định đi cùng biên nhận")
        self._encloses.clicked.connect(self.enclose)
        self.chips = CountChips("receipt.show")
        self.chips.chosen.connect(lambda _name: self._show_rows())
        columns = ("Trả lời", "Hồ sơ", "Đề nghị hỗ trợ", "Duyệt")
        self.table = LinesTable("receipt.rows", columns, 1, context.theme, right=(2, 3), whole=(0,))
        self.sums = labelled(role="strong")
        self.sums.setObjectName("receipt.sums")
        self.table.setAccessibleName("Hồ sơ trong gói")
        self.table.moved.connect(self._show_choice)
        self.panel = DecisionPanel()
        self.table.chosen.connect(lambda _key: self.panel.enter())
        self.panel.changed.connect(self._keep)
        self.panel.open_requested.connect(self.open_requested)
        self.panel.amend_requested.connect(self.amend)
        self.panel.keep_requested.connect(self.keep_sent)
        self.panel.alike_requested.connect(self.apply_alike)
        self._lay_out()
        self._load()
        self.table.go_to(record)

    # -- called by the window --------------------------------------------------------------------------------------

    def main_action(self) -> PageCommand:
        """Return writing the receipt; one that was written can be written again."""
        return PageCommand("Viết lại biên nhận…" if self._waiting.receipt else "Viết biên nhận…", self.write)

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
            self.panel.enter_gap()
            more = f" Còn {len(problems) - 1} hồ sơ khác cần ghi thêm." if len(problems) > 1 else ""
            record, sentence = problems[0]
            is_mended = lambda: record not in dict(drafts.problems(self.context.workspace, self.package))  # noqa: E731 - asked later
            self.context.messages.problem(sentence, more, mended=is_mended)
            return
        if not may_leave_undecided(self.context, [self.package]):
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

    def amend(self, id_: str) -> None:
        """Change a decision that was sent, with the reason that the unit is told."""
        line = self._lines[id_]
        detail = f"«{line.title}»: {line.sent}. Quyết định mới thay quyết định này ở hai nơi khi gửi biên nhận."
        reason = self.context.messages.ask_text(
            "Sửa quyết định đã gửi", "Lý do sửa", "Sửa quyết định", "Giữ nguyên", detail=detail
        )
        if reason:
            self._choose(id_, replace(line.decision, amends=reason))
            self._show_choice(id_)
            self.panel.enter()

    def keep_sent(self, id_: str) -> None:
        """Leave a decision as it was sent, though its change had been begun."""
        self.panel.flush()
        drafts.keep_sent(self.context.workspace, self.package, id_)
        self._load()
        self.table.go_to(id_)
        self.panel.enter()

    def apply_alike(self, id_: str) -> None:
        """Give other dossiers result, number, day and authority of this decision, each with its own amount."""
        self.panel.flush()
        decision = self._lines[id_].decision
        others = [line for line in self._lines.values() if self._may_be_alike(line, id_)]
        named = [(line.record, f"{line.title} – {line.requested or 'không ghi số tiền'}") for line in others]
        if not named:
            self.context.messages.notice("Không còn đề án nào chờ quyết trong gói này.")
            return
        what = f"Ghi «{results.TO_CHOOSE[decision.result]}» {decision.number} cho các đề án:".replace("  ", " ")
        dialog = TickQuestion("Cùng một quyết định", what, named, "Áp dụng", "Giữ nguyên", self)
        if dialog.exec():
            workspace, chosen = self.context.workspace, dialog.chosen()
            self.context.attempt(lambda: drafts.choose_alike(workspace, self.package, decision, chosen))
            self._load()

    def _may_be_alike(self, line: ReceiptLine, id_: str) -> bool:
        if line.record == id_ or not line.undecided or line.is_fixed or line.decision.result != "received":
            return False
        result = self._lines[id_].decision.result
        return result not in receipt_lines.closed_answers(self.context.workspace, line)

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
        split.setSizes([720, 400])  # shares of the width: every column of the table, the whole decision
        keep_splitter(split, self.context.settings, "receipt.splitter")
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_MARGIN, 0, PAGE_MARGIN, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        column.addWidget(self.summary)
        row = QHBoxLayout()
        row.addWidget(self.chips, 1)
        row.addWidget(self._encloses)
        column.addLayout(row)
        column.addWidget(split, 1)
        column.addWidget(self.sums)

    def _load(self) -> None:
        lines = drafts.lines(self.context.workspace, self.package)
        self._lines = {line.record: line for line in lines}
        waiting = self._waiting
        name = package_name(waiting.type, waiting.period)
        answered = f" Đã viết biên nhận lúc {wording.moment(waiting.receipt_at)}." if waiting.receipt else ""
        self.summary.setText(f"Trả lời {name}, nhận lúc {wording.moment(waiting.at)}.{answered}")
        self._show_rows(self.chips.value or _ALL)
        self._show_sums()

    def _show_rows(self, wanted: str = "") -> None:
        wanted = wanted or self.chips.value
        self._count(wanted)
        lines = [line for line in self._lines.values() if wanted in (_ALL, line.decision.result)]
        self.table.show_lines([self._row(line) for line in lines])

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
            self.panel.show_line(line, self._facts(line))

    def _facts(self, line: ReceiptLine) -> LineFacts:
        workspace = self.context.workspace
        record = workspace.store.record(line.record)
        return LineFacts(
            limits=receipt_lines.limits_text(workspace, line),
            closed=receipt_lines.closed_answers(workspace, line),
            suggested=drafts.suggested(workspace, self.package),
            read=receipt_lines.read_amount(workspace, line, line.decision.support),
            above=receipt_lines.amount_problem(workspace, line),
            locked=amendments.why_not_amended(workspace, record) if line.is_fixed else "",
        )

    def _keep(self, id_: str, decision: Decision) -> None:
        self._choose(id_, decision)
        line = self._lines[id_]
        read = receipt_lines.read_amount(self.context.workspace, line, line.decision.support)
        self.panel.show_amount(read, receipt_lines.amount_problem(self.context.workspace, line))

    def _choose(self, id_: str, decision: Decision) -> None:
        try:
            drafts.choose(self.context.workspace, self.package, id_, decision)
        except KcdeskError as error:
            self.context.messages.error(error)
            return
        line = self._lines[id_]
        changed = line.decision.result != decision.result
        self._lines[id_] = receipt_lines.with_decision(line, decision)
        self.table.replace_line(self._row(self._lines[id_]))
        self._show_sums()
        self.context.messages.mended.emit()
        if changed:
            self._count(self.chips.value)

    def _show_sums(self) -> None:
        """Say how many are approved, with their sum, beside what they ask for."""
        granted = [line for line in self._lines.values() if line.decision.result == "approved"]
        amounts = [_amount(self._granted(line)) for line in granted]
        asked = sum(_amount(line.requested) for line in granted)
        total = f"Duyệt {len(granted)} đề án: {format_integer(sum(amounts))} đồng"
        self.sums.setText(f"{total}, các đề án đó đề nghị {format_integer(asked)} đồng." if granted else "")
        self.sums.setVisible(bool(granted))

    def _granted(self, line: ReceiptLine) -> str:
        if line.decision.result != "approved":
            return ""
        return receipt_lines.read_amount(self.context.workspace, line, line.decision.support)

    def _row(self, line: ReceiptLine) -> TableLine:
        result = line.decision.result
        cells = (
            results.SHORT[result],
            line.title if line.is_decided_about else f"{line.kind_label}: {line.title}",
            line.requested.removesuffix(" đồng"),
            self._granted(line),
        )
        over = {3: "wrong"} if _amount(cells[3]) > _amount(line.requested) else {}
        tips = {0: line.given or f"Đã gửi đơn vị: {line.sent}"} if line.is_fixed else {}
        return TableLine(line.record, cells, {0: TONES[result], **over}, tips)


def may_leave_undecided(context: Context, packages: Sequence[str]) -> bool:
    """Ask before dossiers that wait for a decision are only told that they came."""
    undecided = [line for package in packages for line in drafts.undecided(context.workspace, package)]
    if not undecided:
        return True
    named = [f"– {line.title}" for line in undecided[:_NAMED]]
    named += [f"… và {len(undecided) - _NAMED} đề án khác."] if len(undecided) > _NAMED else []
    detail = "\n".join([*named, "Các đề án này vẫn nằm trong việc hôm nay, chờ quyết."])
    question = f"{len(undecided)} đề án chưa quyết, gửi là «đã nhận»?"
    return context.messages.ask(question, detail, "Gửi là «đã nhận»", "Xem lại")


def _amount(shown: str) -> int:
    digits = "".join(letter for letter in shown if letter.isdigit())
    return int(digits) if digits else 0


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
        counts = ", ".join(f"{number} {results.SHORT[name].lower()}" for name, number in made["results"].items())
        context.messages.notice(f"Đã viết biên nhận {path.name} ({counts}). Đã kiểm tra, có thể rút thẻ nhớ.")
        done()

    def failed(error: KcdeskError) -> None:
        context.messages.error(error, lambda: _write(context, page, package, path, password, done, enclosed))

    blocking_task.run(context, page, act, text=f"Viết biên nhận {path.name}", done=written, failed=failed)

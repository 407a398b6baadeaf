"""The preview of a package before and after it is received: sender, type, and what it changes, row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QPushButton, QSplitter, QVBoxLayout

from kcdesk.errors import KcdeskError
from kcdesk.progress import Progress
from kcdesk.services.handover.packages import conflicts, receiving, record_contents, waiting_records
from kcdesk.services.handover.packages import preview as package_preview
from kcdesk.services.handover.packages.changes_in_words import FieldChange
from kcdesk.services.handover.packages.preview import Preview, RecordLine
from kcdesk.services.handover.packages.receiving import Received
from kcdesk.services.handover.receipts import drafts, received, standing
from kcdesk.services.records import reading
from kcdesk.services.staff import units_below
from kcdesk.services.workspace import Workspace
from kcdesk.ui.handover.fingerprint_dialog import FingerprintDialog, is_own_laptop
from kcdesk.ui.handover.package_names import package_name
from kcdesk.ui.handover.receipt_page import ReceiptPage
from kcdesk.ui.handover.receiving import package_facts
from kcdesk.ui.handover.receiving.change_cards import ChangeCards
from kcdesk.ui.handover.receiving.enclosed_dialog import EnclosedDialog
from kcdesk.ui.handover.receiving.undo_intake import undo_intake
from kcdesk.ui.handover.standing_box import TONES as TONES_OF_STANDING
from kcdesk.ui.shell import blocking_task
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.kept_views import keep_splitter
from kcdesk.ui.shell.page import Page, PageCommand
from kcdesk.ui.toolkit.count_chips import CountChips
from kcdesk.ui.toolkit.lines_table import LinesTable, TableLine
from kcdesk.ui.toolkit.qt import soon
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, PAGE_MARGIN, labelled, set_tone

LABELS = {"new": "Mới", "changed": "Thay đổi", "conflict": "Cần xem", "refused": "Không nhận", "same": "Không đổi"}
TONES = {"new": "good", "changed": "neutral", "conflict": "waiting", "refused": "wrong", "same": ""}
_ALL = "all"
_PAUSE = 150  # milliseconds on a row before its content is read


class IntakePage(Page):
    """Shows the preview; «Nhận vào» is the main action, afterwards the page shows what was done."""

    help_topic = "intake"

    def __init__(self, context: Context, path: Path, password: str, preview: Preview, *, ask: bool = False) -> None:
        """`ask`: the digits of the sender's key are asked for at once."""
        super().__init__(context)
        self._ask = ask
        self._path, self._password = path, password
        self._trust = False
        self._taken: Received | None = None
        self._contents: dict[str, tuple[FieldChange, ...]] = {}
        self.preview = preview
        self.summary = labelled(role="section", wrap=True)
        self._facts = labelled(role="muted", wrap=True)
        self._notes = labelled(wrap=True)
        self.chips = CountChips("intake.show")
        self.chips.chosen.connect(lambda _name: self._show_rows())
        columns = ("Trả lời" if preview.answers else "Kết quả", "Loại hồ sơ", "Hồ sơ", "Số mục")
        self.table = LinesTable("intake.rows", columns, 2, context.theme, right=(3,), whole=(0, 1))
        self.table.setAccessibleName("Từng hồ sơ trong gói")
        self.table.moved.connect(self._show_details)
        self.table.chosen.connect(self._enter)
        self.details = ChangeCards("intake.details")
        self._reading = QTimer(self, singleShot=True, interval=_PAUSE)
        self._reading.timeout.connect(self._read_contents)
        self._lay_out()
        self._show()

    # -- called by the window --------------------------------------------------------------------------------------

    def main_action(self) -> PageCommand | None:
        """Return receiving; for an unknown sender comparing the key; afterwards writing the receipt."""
        if self._taken is not None:
            return PageCommand("Viết biên nhận…", self.answer) if self._owes_receipt() else None
        if self.preview.code == "unknown_sender":
            return PageCommand("Đối chiếu dấu khoá…", self.compare)
        if self.preview.obstacle or self.preview.already:
            return None
        return PageCommand("Nhận vào", self.take_in)

    def other_steps(self) -> Sequence[PageCommand]:
        """Return writing the receipt once more, when there is one."""
        is_answered = self._taken is not None and self._may_answer() and not self._owes_receipt()
        return (PageCommand("Viết lại biên nhận…", self.answer),) if is_answered else ()

    def on_show(self) -> None:
        """Focus the rows; ask for the digits where that is what the officer came for."""
        self.table.setFocus()
        if self._ask:
            self._ask = False
            soon(self, self.compare)

    def on_leave(self) -> None:
        """Stop waiting to read a row's content."""
        self._reading.stop()

    def step_back(self) -> bool:
        """Go from the details back to the rows (Alt+←)."""
        if self.details.hasFocus():
            self.table.setFocus()
            return True
        return False

    def cancel(self) -> None:
        """Go back to the rows (Esc)."""
        self.step_back()

    # -- actions of the officer ------------------------------------------------------------------------------------

    def compare(self) -> None:
        """Ask whether the digits were compared by telephone; then preview the package again with the sender trusted."""
        preview = self.preview
        if self._is_own_unit() and not is_own_laptop(self.context.messages):
            return
        phone = units_below.phone_of(self.context.workspace, preview.sender, preview.sender_name)
        dialog = FingerprintDialog(preview.sender_name, preview.sender, preview.fingerprint, phone, self)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self._trust = True
            self._look_again()

    def take_in(self) -> None:
        """Receive the package in the background, completely or not at all."""
        path, password, trust = self._path, self._password, self._trust
        same_unit = trust and self._is_own_unit()

        def act(workspace: Workspace, progress: Progress) -> Received:
            return receiving.receive(workspace, path, password, trust=trust, same_unit=same_unit, progress=progress)

        blocking_task.run(
            self.context,
            self,
            act,
            text=f"Nhận {package_name(self.preview.type, self.preview.period)}",
            done=self._took,
            failed=lambda error: self.context.messages.error(error, self.take_in),
        )

    def undo(self) -> None:
        """Undo the receiving of the package."""
        undo_intake(self.context, self, self.preview.package, self._undone)

    def answer(self) -> None:
        """Open the page on which the receipt is written."""
        package = self.preview.package
        self.page_requested.emit(lambda context: ReceiptPage(context, package))

    def show_enclosed(self) -> None:
        """Show the files enclosed with the receipt."""
        EnclosedDialog(self.context, self.preview.package, self).exec()

    # -- inside: actions -------------------------------------------------------------------------------------------

    def _look_again(self) -> None:
        workspace, path, password = self.context.workspace, self._path, self._password
        same_unit = self._is_own_unit()

        def act(_progress: Progress) -> Preview:
            with workspace.alongside() as alongside:
                return package_preview.preview_package(alongside, path, password, trust=True, same_unit=same_unit)

        self.context.worker.run(act, text=f"Xem {path.name}", done=self._show_again, failed=self._distrust, owner=self)

    def _is_own_unit(self) -> bool:
        """Whether the package says that a laptop of this very unit made it."""
        return self.preview.sender == self.context.workspace.identity.unit.code

    def _distrust(self, error: KcdeskError) -> None:
        self._trust = False
        self.context.messages.error(error)

    def _show_again(self, preview: Preview) -> None:
        self.preview = preview
        self._show()

    def _took(self, taken: Received) -> None:
        self._taken = taken
        self.preview = taken.preview
        self.context.announce(taken.changes)
        self._show()
        name = package_name(self.preview.type, self.preview.period)
        self.context.messages.notice(f"Đã nhận {name} của {self.preview.sender_name}.", undo=self.undo)
        if newer := received.newer_notice(self.context.workspace, self.preview.package):
            self.context.messages.notice(newer)

    def _undone(self) -> None:
        self._taken = None
        self.close_requested.emit()

    def _may_answer(self) -> bool:
        own = self.context.workspace.identity.unit.code
        return not self.preview.answers and self.preview.sender != own

    def _owes_receipt(self) -> bool:
        return self._may_answer() and drafts.is_owed(self.context.workspace, self.preview.package)

    # -- inside: display -------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        card = QFrame()
        card.setProperty("role", "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(GROUP_GAP, FIELD_GAP, GROUP_GAP, FIELD_GAP)
        inside.setSpacing(FIELD_GAP // 2)
        for label in (self.summary, self._facts, self._notes):
            inside.addWidget(label)
        inside.addLayout(self._afterwards())
        split = QSplitter(Qt.Orientation.Horizontal)
        split.addWidget(self.table)
        split.addWidget(self.details)
        split.setStretchFactor(0, 3)
        split.setStretchFactor(1, 2)
        split.setChildrenCollapsible(False)
        self._split = split
        keep_splitter(split, self.context.settings, "intake.splitter")
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_MARGIN, 0, PAGE_MARGIN, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        column.addWidget(card)
        column.addWidget(self.chips)
        column.addWidget(split, 1)
        column.addStretch(0)

    def _afterwards(self) -> QHBoxLayout:
        """Return the buttons shown after the package is received."""
        row = QHBoxLayout()
        row.setSpacing(FIELD_GAP)
        self._undo = QPushButton("Hoàn tác việc nhận gói")
        self._undo.setObjectName("intake.undo")
        self._undo.clicked.connect(self.undo)
        self._pile = QPushButton()
        self._pile.setObjectName("intake.conflicts")
        self._pile.clicked.connect(lambda: self.go_requested.emit("conflicts"))
        self._enclosed = QPushButton()
        self._enclosed.setObjectName("intake.enclosed")
        self._enclosed.clicked.connect(self.show_enclosed)
        for button in (self._enclosed, self._undo, self._pile):
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _show(self) -> None:
        preview = self.preview
        self.title = "Xem trước biên nhận" if preview.answers else "Xem trước gói bàn giao"
        if self._taken is not None:
            self.title = "Đã nhận biên nhận" if preview.answers else "Đã nhận gói"
        headline = self._sentence()
        self.summary.setText(headline)
        set_tone(self.summary, package_facts.tone(preview))
        self._facts.setText(package_facts.facts(self._path, preview))
        notes = [text for text in (preview.obstacle, preview.hint, *preview.notes) if text and text != headline]
        self._notes.setText("\n".join(dict.fromkeys(notes)))
        self._notes.setVisible(bool(notes))
        workspace = self.context.workspace
        waiting = len(conflicts.pile(workspace)) + waiting_records.number_waiting(workspace) if self._taken else 0
        self._undo.setVisible(self._taken is not None and self._taken.applied)
        is_here = bool(preview.already) or (self._taken is not None and self._taken.applied)
        self._enclosed.setText(f"Tệp kèm theo ({preview.enclosed})…")
        self._enclosed.setVisible(is_here and bool(preview.answers and preview.enclosed))
        self._pile.setText(f"Xem {waiting} chỗ cần quyết định")
        self._pile.setVisible(bool(waiting))
        shown = self._default_filter()
        self.chips.show_options(self._options(), shown)
        for widget in (self.chips, self._split):
            widget.setVisible(bool(preview.lines))
        self._show_rows()
        self.title_changed.emit()

    def _sentence(self) -> str:
        rows = self.preview.rows
        counted = ", ".join(f"{rows[name]} {LABELS[name].lower()}" for name in LABELS if rows.get(name))
        if self._taken is None:
            preview = self.preview
            if self._trust and not preview.obstacle:
                return "Gói nguyên vẹn, dấu khoá ký đã được đối chiếu. Nhận vào thì đơn vị này được tin cậy từ nay."
            if preview.status != "authentic" and preview.code != "not_for_us":
                return preview.sentence
            return preview.obstacle or (preview.notes[-1] if preview.already else preview.sentence)
        if not self._taken.applied:
            return "Gói này đã được nhận từ trước; kho không thay đổi."
        backup = " Kho đã được sao lưu trước khi nhận." if self._taken.backup else ""
        return f"Đã nhận vào kho: {counted or 'không có hồ sơ nào'}.{backup}"

    def _default_filter(self) -> str:
        rows = self.preview.rows
        is_news = not self.preview.answers and any(rows.get(name) for name in LABELS if name != "same")
        return "news" if is_news and rows.get("same") else _ALL

    def _options(self) -> list[tuple[str, str, int]]:
        numbers = Counter(line.status for line in self.preview.lines)
        news = numbers.total() - numbers["same"]
        return [
            (_ALL, "Tất cả", numbers.total()),
            ("news", "Có gì mới", news),
            *((name, label, numbers[name]) for name, label in LABELS.items()),
        ]

    def _show_rows(self) -> None:
        wanted = self.chips.value
        lines = [
            self._line(row)
            for row in self.preview.lines
            if wanted == _ALL or row.status == wanted or (wanted == "news" and row.status != "same")
        ]
        self.table.show_lines(lines)

    def _line(self, row: RecordLine) -> TableLine:
        title = row.title or partial(self._title_of, row.id)
        label, tone = LABELS[row.status], TONES[row.status]
        if row.claim:
            label, tone = f"{label}, tự ghi", "waiting"
        if reply := self.preview.replies.get(row.id):
            label, tone = standing.LABELS[reply.result], TONES_OF_STANDING[reply.result]
        return TableLine(row.id, (label, row.kind_label, title, str(len(row.fields) or "")), {0: tone})

    def _title_of(self, id_: str) -> str:
        return reading.title_of(self.context.workspace, id_)

    def _row(self, id_: str) -> RecordLine | None:
        return next((row for row in self.preview.lines if row.id == id_), None)

    def _show_details(self, id_: str) -> None:
        row = self._row(id_)
        self._reading.stop()
        if row is None:
            self.details.show_record("", [], [])
            return
        if row.status == "new" and id_ not in self._contents:
            self._reading.start()
        self.details.show_record(
            row.title or self._title_of(id_), self._sentences(row), row.fields or self._contents.get(id_, ())
        )

    def _sentences(self, row: RecordLine) -> list[tuple[str, str]]:
        sentences = [(f"{row.kind_label} · {LABELS[row.status]}", TONES[row.status])]
        if row.reason:
            sentences.append((row.reason, "wrong"))
        if row.claim:
            sentences.append((row.claim, "waiting"))
        if reply := self.preview.replies.get(row.id):
            tone = TONES_OF_STANDING[reply.result]
            sentences.append((f"Trả lời: {standing.LABELS[reply.result]}", tone))
            sentences += [(self._reason(row.id, reason.path, reason.text), tone) for reason in reply.reasons]
        if row.status == "same":
            sentences.append(("Kho đã có mọi điều gói này nói về hồ sơ.", ""))
        return sentences

    def _reason(self, id_: str, path: str, sentence: str) -> str:
        label = conflicts.label_of(self.context.workspace, id_, path)
        return f"{label}: {sentence}" if label else sentence

    def _read_contents(self) -> None:
        """Read the content of a new record from the file after the officer has stayed on its row."""
        id_, path, password, workspace = self.table.key(), self._path, self._password, self.context.workspace

        def act(_progress: Progress) -> tuple[FieldChange, ...]:
            with workspace.alongside() as alongside:
                return record_contents.of_record(alongside, path, password, id_)

        self.context.worker.run(
            act,
            text="Đọc hồ sơ trong gói",
            done=partial(self._keep_contents, id_),
            failed=self.context.messages.error,
            owner=self,
        )

    def _keep_contents(self, id_: str, changes: tuple[FieldChange, ...]) -> None:
        self._contents[id_] = changes
        if self.table.key() == id_:
            self._show_details(id_)

    def _enter(self, id_: str) -> None:
        """Focus the details of a row (Enter); after the package is received, open the dossier."""
        row = self._row(id_)
        if self._taken is not None and row is not None and row.status != "refused":
            self.open_requested.emit(id_)
        else:
            self.details.setFocus()

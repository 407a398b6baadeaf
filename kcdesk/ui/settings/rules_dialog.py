"""The preview of a file of rules: who made it, every figure before and after, and the dossiers that it touches."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QPushButton, QVBoxLayout, QWidget

from kcdesk import moments
from kcdesk.services.effects.rule_changes import touched_by_files
from kcdesk.services.rulebook import rule_effects
from kcdesk.services.rulebook.comparison import RuleChange
from kcdesk.services.rulebook.rule_effects import NormChange, TouchedProposal
from kcdesk.services.rulebook.updates import RulePreview
from kcdesk.text import format_date
from kcdesk.ui.papers.sheet_dialog import SheetDialog
from kcdesk.ui.settings.effects.touched_table import TouchedTable
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.toolkit.lines_table import LinesTable, TableLine
from kcdesk.ui.toolkit.theme import GROUP_GAP, SECTION_GAP, labelled

_SIZE = (1000, 620)
_CHANGES = ("Nội dung", "Trước", "Mới", "Áp dụng", "Căn cứ")
_TOUCHED = ("Đề án", "Đề nghị", "Mức trước", "Mức mới", "Vượt")


class RulesDialog(Dialog):
    """Shows who made a rule file and every entry it changes; accepted means the officer agrees."""

    help_topic = "rule_files"

    def __init__(self, context: Context, preview: RulePreview, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Nhận tệp quy định")
        self.begin_size(*_SIZE)
        self._context, self._preview = context, preview
        rules = preview.rules
        self.changes = LinesTable("rules.changes", _CHANGES, 0, context.theme)
        self.changes.setAccessibleName("Những gì thay đổi")
        self.changes.show_lines(list(_change_lines(preview)))
        self.whole = labelled(wrap=True)
        self.changes.moved.connect(self._show_whole)
        self._show_whole(self.changes.key())
        self.touched = LinesTable("rules.touched", _TOUCHED, 0, context.theme, right=(1, 2, 3, 4))
        self.touched.setAccessibleName("Đề án bị đổi mức")
        self.touched.show_lines([_touched_line(proposal) for proposal in preview.touched])
        self.touched.setVisible(bool(preview.touched))
        self.dossiers = TouchedTable(context, rules.note or "Quy định mới")
        self.dossiers.record_wanted.connect(self._open)
        self.finished.connect(self.dossiers.stop)
        self.dossiers.setVisible(not (preview.obstacle or preview.already))
        if self.dossiers.isVisibleTo(self):
            self.dossiers.search(lambda beside, progress: touched_by_files(beside, rules.files, progress))
        column = QVBoxLayout(self)
        column.setContentsMargins(SECTION_GAP, SECTION_GAP, SECTION_GAP, SECTION_GAP)
        column.setSpacing(GROUP_GAP)
        column.addWidget(labelled(rules.note or "Quy định mới", "section", wrap=True))
        made = f"{rules.name} ({rules.unit}), {rules.officer} lập ngày {format_date(moments.day(rules.made_at))}."
        column.addWidget(labelled(made, wrap=True))
        column.addWidget(labelled(f"Dấu khoá ký: {preview.fingerprint}", "muted", wrap=True))
        column.addWidget(self.changes, 2)
        column.addWidget(self.whole)
        column.addWidget(labelled(_verdict(preview), "strong", wrap=True))
        column.addWidget(self.touched, 1)
        column.addWidget(self.dossiers, 2)
        column.addWidget(self._buttons())

    def print(self) -> None:
        """Show the print preview of the changes and the touched proposals."""
        self.print_dialog().exec()

    def print_dialog(self) -> SheetDialog:
        """Return that print preview."""
        workspace, preview = self._context.workspace, self._preview
        write = lambda path: rule_effects.print_effects(workspace, preview.norms, preview.touched, path)  # noqa: E731
        return SheetDialog(self._context, rule_effects.LAYOUT, write, "Quy định mới", self)

    def _open(self, id_: str) -> None:
        self.reject()
        self._context.record_wanted.emit(id_)

    def _show_whole(self, key: str) -> None:
        """Show the selected change in full: its row may cut it."""
        lines = self.changes.lines_model.lines
        line = next((line for line in lines if line.key == key), None)
        self.whole.setText(": ".join(filter(None, map(str, line.cells[:1]))) + _rest(line) if line else "")

    def _buttons(self) -> QDialogButtonBox:
        box = QDialogButtonBox()
        if self._preview.norms:
            printer = QPushButton("In danh sách…")
            printer.setObjectName("rules.print")
            printer.clicked.connect(lambda: self.print())
            box.addButton(printer, QDialogButtonBox.ButtonRole.ActionRole)
        close = box.addButton("Đóng", QDialogButtonBox.ButtonRole.RejectRole)
        box.rejected.connect(self.reject)
        if self._preview.obstacle or self._preview.already:
            close.setDefault(True)
            return box
        accept = box.addButton("Nhận quy định", QDialogButtonBox.ButtonRole.AcceptRole)
        accept.setObjectName("rules.accept")
        accept.setProperty("role", "main")
        accept.setDefault(True)
        box.accepted.connect(self.accept)
        return box


def _verdict(preview: RulePreview) -> str:
    if preview.obstacle:
        return f"{preview.obstacle} {preview.hint}"
    return "Tệp này đã nhận trước đây." if preview.already else preview.sentence


def _change_lines(preview: RulePreview) -> list[TableLine]:
    """A row for every figure; other changes as they stand in the files."""
    norms = [_norm_line(number, change) for number, change in enumerate(preview.norms)]
    others = [change for change in preview.changes if not (preview.norms and change.file.startswith("norms/"))]
    rest = [_other_line(number, change) for number, change in enumerate(others)]
    return [*norms, *rest] or [TableLine("none", ("Không thay đổi gì.", "", "", "", ""))]


def _norm_line(number: int, change: NormChange) -> TableLine:
    cells = (f"{change.territory}: {change.label}", change.before, change.after, change.days, change.source)
    return TableLine(f"norm {number}", cells)


def _other_line(number: int, change: RuleChange) -> TableLine:
    where = ", ".join(filter(None, (change.title or change.file, change.place)))
    word = {"new": "thêm", "gone": "bỏ"}.get(change.what, change.after or "để trống")
    return TableLine(f"change {number}", (where, change.before, word, "", ""))


def _rest(line: TableLine) -> str:
    before, after, days, source = (str(cell) for cell in line.cells[1:])
    return " ".join(filter(None, (f": {before} → {after}" if after else "", days, f"({source})" if source else "")))


def _touched_line(proposal: TouchedProposal) -> TableLine:
    amount = rule_effects.amount_text
    cells = (
        proposal.title,
        amount(proposal.requested),
        amount(proposal.before),
        amount(proposal.after),
        amount(proposal.over) if proposal.over else "",
    )
    return TableLine(proposal.id, cells, {4: "wrong"})

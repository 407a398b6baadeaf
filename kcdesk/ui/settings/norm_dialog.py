"""«Nhập mức chi»: figures of support typed from a resolution or a circular, with worked examples that must come out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from kcdesk import notations, text
from kcdesk.errors import KcdeskError, UserError
from kcdesk.services.rulebook import norm_drafts, rule_effects
from kcdesk.services.rulebook.norm_drafts import NormEntry, NormTerritory, WorkedExample
from kcdesk.services.workspace import Workspace
from kcdesk.ui.settings.entering.rules_preview import RulesPreviewDialog
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.shell.help_key import show_refusal
from kcdesk.ui.toolkit.amount_words import AmountWords
from kcdesk.ui.toolkit.decision_button import push_button
from kcdesk.ui.toolkit.fitting.wrapped_boxes import WrappedCheckBox
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled, set_tone
from kcdesk.ui.toolkit.wrapped_list import WrappedList

_SIZE = (1000, 640)
_EXAMPLES = 2
_PERS = ("", "cơ sở", "mô hình", "thương hiệu", "đề án")
_FIELDS = {  # object name and label of each line of text
    "percent": "Tỷ lệ tối đa (%)",
    "cap": "Mức trần (đồng)",
    "document": "Văn bản (số, ngày, cơ quan)",
    "article": "Điều, khoản",
    "first": "Áp dụng từ ngày",
    "last": "Đến hết ngày",
    "note": "Ghi chú",
}
_HINTS = {
    "percent": "50",
    "cap": "300 triệu",
    "document": "NQ 12/2026/NQ-HĐND ngày 10/12/2026 của HĐND tỉnh",
    "article": "Khoản 2 Điều 5",
    "first": "01/01/2027",
    "last": "để trống: cho đến khi có văn bản khác",
    "note": "bắt buộc khi nghị quyết không ghi tỷ lệ và mức trần",
}


class NormDialog(Dialog):
    """Collects entries and hands them, checked, to `sign`; it stays open until that has written them.

    `sign` gets the files of rules and the note, and returns whether they were written.
    """

    help_topic = "norms"

    def __init__(
        self,
        context: Context,
        territory: NormTerritory,
        sign: Callable[[dict[str, str], str], bool],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("norms")
        self.setWindowTitle("Nhập mức chi")
        self.begin_size(*_SIZE)
        workspace = context.workspace
        self._context, self._workspace, self._territory, self._sign = context, workspace, territory, sign
        self.territory = QComboBox()
        self.territory.setObjectName("norms.territory")
        for known in norm_drafts.territories(workspace):
            self.territory.addItem(known.label, known)
        self.territory.activated.connect(lambda _index: self._choose_territory())
        self._entries: list[NormEntry] = []
        self.activity = QComboBox()
        self.activity.setObjectName("norms.activity")
        for activity in workspace.forms.activities:
            self.activity.addItem(activity.label, activity.code)
        self.activity.activated.connect(lambda _index: self._show_present())
        self.lines = {name: _line(name) for name in _FIELDS}
        self.per = QComboBox()
        self.per.setObjectName("norms.per")
        self.per.addItems(_PERS)
        self.once = WrappedCheckBox("Mỗi cơ sở chỉ được hỗ trợ một lần")
        self.once.setObjectName("norms.once")
        self.examples = [(_line(f"cost.{place}"), _line(f"amount.{place}")) for place in range(_EXAMPLES)]
        self.present = labelled(role="muted", wrap=True)
        self.problem = labelled(role="problem", wrap=True)
        self.problem.setObjectName("norms.problem")
        self.entered = WrappedList()
        self.entered.setObjectName("norms.entered")
        self.entered.setAccessibleName("Các mức sẽ ký")
        self.remove_button = push_button("Bỏ mức đang chọn", "norms.remove", self.remove)
        self.remove_button.setEnabled(False)
        self.entered.currentRowChanged.connect(lambda row: self.remove_button.setEnabled(row >= 0))
        keep_size(self.entered, least_width=300)
        self._lay_out()
        self._show_present()

    def add(self) -> bool:
        """Add the typed figure to the list; False, with what is wrong, when it cannot be added."""
        try:
            entry = self._typed()
            norm_drafts.norm_file(self._workspace, self._territory, [*self._entries, entry])
        except UserError as error:
            self._refuse(error)
            return False
        self._entries.append(entry)
        self.territory.setEnabled(False)
        self.entered.addItem(_described(self._workspace, entry))
        self.problem.setText("")
        self._clear()
        return True

    def remove(self) -> None:
        """Take the selected figure out of the list again."""
        row = self.entered.currentRow()
        if row >= 0:
            self.entered.takeItem(row)
            del self._entries[row]
            self.territory.setEnabled(not self._entries)

    def finish(self) -> None:
        """Check everything, sign and accept; a figure that is typed but not added is added first."""
        if self._is_typed() and not self.add():
            return
        try:
            files = norm_drafts.norm_file(self._workspace, self._territory, self._entries)
            is_written = self._sign(files, self.summary())
        except KcdeskError as error:
            show_refusal(self.problem, error)
            return
        if is_written:
            self.accept()

    def preview(self) -> None:
        """Show the lines that would be signed, and the dossiers with another answer; what is typed is added first."""
        if not self._is_typed() or self.add():
            files = norm_drafts.norm_file(self._workspace, self._territory, self._entries)
            RulesPreviewDialog(self._context, files, self.summary(), self).open()

    def summary(self) -> str:
        """Return the figures in one sentence, as the note of the file."""
        labels = dict.fromkeys(self._workspace.forms.activity(entry.activity).label for entry in self._entries)
        return f"Mức hỗ trợ, {self._territory.label}: {', '.join(labels)}"

    # -- inside --------------------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setSpacing(FIELD_GAP)
        form.addRow("Nguồn kinh phí", self.territory)
        form.addRow("Nội dung hoạt động", self.activity)
        form.addRow("Đang áp dụng", self.present)
        for name, label in _FIELDS.items():
            form.addRow(label, self.lines[name])
            if name == "cap":
                form.addRow("Tính cho mỗi", self.per)
                form.addRow("", self.once)
        for place, (cost, amount) in enumerate(self.examples, start=1):
            row = QHBoxLayout()
            row.addWidget(cost)
            row.addWidget(labelled("thì hỗ trợ tối đa"))
            row.addWidget(amount)
            form.addRow(f"Ví dụ {place}: chi phí", row)
        AmountWords(self.lines["cap"])
        left = QVBoxLayout()
        left.addLayout(form)
        left.addWidget(self.problem)
        left.addWidget(push_button("Thêm mức này", "norms.add", self.add))
        left.addStretch(1)
        right = QVBoxLayout()
        right.addWidget(labelled("Các mức sẽ ký", "section"))
        right.addWidget(self.entered, 1)
        right.addWidget(self.remove_button)
        columns = QHBoxLayout()
        columns.setSpacing(GROUP_GAP)
        columns.addLayout(left, 3)
        columns.addLayout(right, 2)
        sign = push_button("Ký và ghi tệp…", "norms.sign", self.finish)
        sign.setProperty("role", "main")
        buttons = QHBoxLayout()
        buttons.addWidget(push_button("Xem trước…", "norms.preview", self.preview))
        buttons.addStretch(1)
        buttons.addWidget(push_button("Thôi", "norms.cancel", self.reject))
        buttons.addWidget(sign)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        whole.setSpacing(GROUP_GAP)
        whole.addWidget(labelled(_ABOUT, "help", wrap=True))
        whole.addLayout(columns, 1)
        whole.addLayout(buttons)

    def _choose_territory(self) -> None:
        """Enter the norms of another programme; one file holds the figures of one programme."""
        self._territory = self.territory.currentData()
        self._show_present()

    def _show_present(self) -> None:
        figures = rule_effects.present_figures(
            self._workspace.norms, self._territory, str(self.activity.currentData()), self._workspace.today()
        )
        self.present.setText("; ".join(figures) or "chưa có mức nào")

    def _typed(self) -> NormEntry:
        """The typed figure; UserError names the field that cannot be read."""
        read = self._read
        last = read("last", notations.parse_date)
        first = read("first", notations.parse_date)
        if first is None:
            raise UserError("Chưa ghi ngày bắt đầu áp dụng.", code="bad_norm", field="first")
        entry = NormEntry(
            activity=str(self.activity.currentData()),
            document=self._text("document"),
            article=self._text("article"),
            note=self._text("note"),
            percent=read("percent", notations.parse_percent),
            cap=read("cap", notations.parse_money),
            per=self.per.currentText(),
            once=self.once.isChecked(),
            first=first,
            last=last,
        )
        return replace(entry, examples=tuple(self._typed_examples()))

    def _typed_examples(self) -> list[WorkedExample]:
        examples = []
        for cost, amount in self.examples:
            if cost.text().strip() or amount.text().strip():
                examples.append(WorkedExample(*(self._parsed(line, notations.parse_money) for line in (cost, amount))))
        return examples

    def _read(self, name: str, parse: Callable[[str], Any]) -> Any:
        return self._parsed(self.lines[name], parse) if self._text(name) else None

    def _parsed(self, line: QLineEdit, parse: Callable[[str], Any]) -> Any:
        try:
            return parse(line.text())
        except ValueError as error:
            raise UserError(str(error), code="bad_norm", field=line.objectName().removeprefix("norms.")) from None

    def _text(self, name: str) -> str:
        return self.lines[name].text().strip()

    def _is_typed(self) -> bool:
        return any(self._text(name) for name in ("percent", "cap", "note")) or not self._entries

    def _refuse(self, error: UserError) -> None:
        show_refusal(self.problem, error)
        set_tone(self.problem, "wrong")
        field = "cost.0" if error.field == "examples" else error.field
        for line in self.findChildren(QLineEdit):
            if line.objectName() == f"norms.{field}":
                line.setFocus()
                line.selectAll()

    def _clear(self) -> None:
        """Empty what belongs to one figure; resolution and days stay for the next."""
        for name in ("percent", "cap", "article", "note"):
            self.lines[name].clear()
        for line in (line for pair in self.examples for line in pair):
            line.clear()
        self.activity.setFocus()


_ABOUT = (
    "Mỗi dòng là một mức trong nghị quyết của HĐND tỉnh, hoặc trong thông tư mới (khuyến công quốc gia). Mức mới "
    "kết thúc mức cũ vào ngày liền trước. Ví dụ tính tay phải ra đúng số thì mới ký được; tệp đã ký có hiệu lực ngay "
    "ở kho này, gửi cho các đơn vị như mọi tệp quy định."
)


def _described(workspace: Workspace, entry: NormEntry) -> str:
    figure = rule_effects.figure_of(entry.percent, entry.cap, entry.per, entry.note)
    days = f"từ {text.format_date(entry.first)}{_until(entry.last)}"
    return f"{workspace.forms.activity(entry.activity).label}: {figure}; {days}; {entry.document}"


def _until(last: date | None) -> str:
    return f" đến {text.format_date(last)}" if last else ""


def _line(name: str) -> QLineEdit:
    line = QLineEdit()
    line.setObjectName(f"norms.{name}")
    line.setAccessibleName(_FIELDS.get(name, "Ví dụ"))
    line.setPlaceholderText(_HINTS.get(name, "đồng"))
    return line

"""«Nhập mức chi»: figures of support typed from a resolution or a circular, with worked examples that must come out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
from kcdesk.errors import UserError
from kcdesk.runtime.frozen import replace
from kcdesk.services.rulebook import norm_drafts, rule_effects
from kcdesk.services.rulebook.norm_drafts import NormEntry, NormTerritory, WorkedExample
from kcdesk.ui.settings.entering.entries_dialog import EntriesDialog
from kcdesk.ui.settings.entering.signing_dialog import Sign
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.help_key import show_refusal
from kcdesk.ui.toolkit.amount_words import AmountWords
from kcdesk.ui.toolkit.decision_button import push_button
from kcdesk.ui.toolkit.fitting.searching_choice import SearchingChoice
from kcdesk.ui.toolkit.fitting.wrapped_boxes import WrappedCheckBox
from kcdesk.ui.toolkit.theme import FIELD_GAP, labelled, set_tone

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
    "last": "có thể trống",
    "note": "bắt buộc khi nghị quyết không ghi tỷ lệ và mức trần",
}


class NormDialog(EntriesDialog[NormEntry]):
    """Collects figures of one programme; each needs an example worked by hand."""

    help_topic = "norms"

    def __init__(self, context: Context, territory: NormTerritory, sign: Sign, parent: QWidget | None = None) -> None:
        super().__init__(context, "norms", sign, parent, heading="Các mức sẽ ký", remove="Bỏ mức đang chọn")
        self.setWindowTitle("Nhập mức chi")
        self.begin_size(*_SIZE)
        workspace = context.workspace
        self._workspace, self._territory = workspace, territory
        self.territory = QComboBox()
        self.territory.setObjectName("norms.territory")
        for known in norm_drafts.territories(workspace):
            self.territory.addItem(known.label, known)
        self.territory.activated.connect(lambda _index: self._choose_territory())
        self.activity = SearchingChoice()
        self.activity.setAccessibleName("Nội dung hoạt động")
        self.activity.setObjectName("norms.activity")
        for activity in workspace.forms.activities:
            self.activity.offer(activity.label, activity.code)
        self.activity.currentIndexChanged.connect(lambda _index: self._show_present())
        self.lines = {name: _line(name) for name in _FIELDS}
        self.per = QComboBox()
        self.per.setObjectName("norms.per")
        self.per.setAccessibleName("Tính cho mỗi")
        self.per.addItems(_PERS)
        self.once = WrappedCheckBox("Mỗi cơ sở chỉ được hỗ trợ một lần")
        self.once.setObjectName("norms.once")
        self.examples = [(_line(f"cost.{place}"), _line(f"amount.{place}")) for place in range(_EXAMPLES)]
        self.present = labelled(role="muted", wrap=True)
        self._lay_out(_ABOUT, self._form())
        self._show_present()

    def remove(self) -> None:
        """Take the selected figure out of the list again; without figures another programme can be chosen."""
        super().remove()
        self.territory.setEnabled(not self._entries)

    # -- inside --------------------------------------------------------------------------------------------------

    def _form(self) -> QVBoxLayout:
        fields = QFormLayout()
        fields.setSpacing(FIELD_GAP)
        fields.addRow("Nguồn kinh phí", self.territory)
        fields.addRow("Nội dung hoạt động", self.activity)
        fields.addRow("Đang áp dụng", self.present)
        beside = {  # in one row, so that the whole form is seen at 1366 × 768
            "cap": _row(self.lines["cap"], labelled("tính cho mỗi"), self.per),
            "first": _row(self.lines["first"], labelled("đến hết ngày"), self.lines["last"]),
        }
        for name, label in _FIELDS.items():
            if name != "last":
                fields.addRow(label, beside.get(name, self.lines[name]))
            if name == "cap":
                fields.addRow("", self.once)
        for place, (cost, amount) in enumerate(self.examples, start=1):
            fields.addRow(f"Ví dụ {place}: chi phí", _row(cost, labelled("thì hỗ trợ tối đa"), amount))
        AmountWords(self.lines["cap"])
        form = QVBoxLayout()
        form.addLayout(fields)
        form.addWidget(self.problem)
        form.addWidget(push_button("Thêm mức này", "norms.add", self.add))
        form.addStretch(1)
        return form

    def _files_of(self, entries: Sequence[NormEntry]) -> dict[str, str]:
        return norm_drafts.norm_file(self._workspace, self._territory, entries)

    def _note(self) -> str:
        labels = dict.fromkeys(self._workspace.forms.activity(entry.activity).label for entry in self._entries)
        return f"Mức hỗ trợ, {self._territory.label}: {', '.join(labels)}"

    def _described(self, entry: NormEntry) -> str:
        figure = rule_effects.figure_of(entry.percent, entry.cap, entry.per, entry.note)
        days = f"từ {text.format_date(entry.first)}{_until(entry.last)}"
        return f"{self._workspace.forms.activity(entry.activity).label}: {figure}; {days}; {entry.document}"

    def _choose_territory(self) -> None:
        """Enter the norms of another programme; one file holds the figures of one programme."""
        self._territory = self.territory.currentData()
        self._show_present()

    def _show_present(self) -> None:
        figures = rule_effects.present_figures(
            self._workspace.norms, self._territory, str(self.activity.currentData()), self._workspace.today()
        )
        self.present.setText("; ".join(figures) or "chưa có mức nào")

    def _typed_entry(self) -> NormEntry:
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
        return any(self._text(name) for name in ("percent", "cap", "note"))

    def _refuse(self, error: UserError) -> None:
        show_refusal(self.problem, error)
        set_tone(self.problem, "wrong")
        field = "cost.0" if error.field == "examples" else error.field
        for line in self.findChildren(QLineEdit):
            if line.objectName() == f"norms.{field}":
                line.setFocus()
                line.selectAll()

    def _begin_next(self) -> None:
        """Empty what belongs to one figure; programme, resolution and days stay for the next."""
        self.territory.setEnabled(False)
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


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    for widget in widgets:
        row.addWidget(widget)
    return row


def _until(last: date | None) -> str:
    return f" đến {text.format_date(last)}" if last else ""


def _line(name: str) -> QLineEdit:
    line = QLineEdit()
    line.setObjectName(f"norms.{name}")
    line.setAccessibleName(_FIELDS.get(name, "Ví dụ"))
    line.setPlaceholderText(_HINTS.get(name, "đồng"))
    return line

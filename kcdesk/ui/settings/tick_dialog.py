"""«Đã đối chiếu»: who compared, what, with which words; and the second person, who confirms in the same dialog."""

from __future__ import annotations

from datetime import date

from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from kcdesk import notations, text
from kcdesk.errors import UserError
from kcdesk.formdef.law.checks import LawCheck
from kcdesk.services.law import checking
from kcdesk.services.records.changing import Changes
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.shell.help_key import show_refusal
from kcdesk.ui.toolkit.decision_button import push_button
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled, set_tone

_SIZE = (640, 420)
_LINES = 84  # pixels: three lines
_OTHER = "Người khác, ghi họ tên bên dưới"
_FIRST = (
    "Một người đối chiếu quy định của chương trình với văn bản, một người khác xác nhận. Chưa đủ hai người thì văn bản "
    "vẫn là chưa đối chiếu."
)
_SECOND = "Người thứ hai ngồi vào máy, tự đọc văn bản, chọn tên mình và tự ghi đã xem gì."


class TickDialog(Dialog):
    """Collects one comparison, or its confirmation if `check` is given; `changes` is what was written."""

    help_topic = "law"

    def __init__(
        self, context: Context, number: str, check: LawCheck | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("tick")
        self._context, self._number, self._check = context, number, check
        self.changes: Changes | None = None
        self.setWindowTitle("Người thứ hai xác nhận" if check else f"Đã đối chiếu {number}")
        self.begin_size(*_SIZE)
        self.officer = QComboBox()
        self.officer.setObjectName("tick.officer")
        self.officer.setAccessibleName("Cán bộ")
        self.new_name = _line("new_name", "Họ tên cán bộ chưa có trong danh sách", "")
        self.articles = _line("articles", "Điều, khoản", "để trống: cả văn bản")
        year_end = f"31/12/{context.workspace.today().year}"
        self.until = _line("until", "Rà soát đến hết ngày", f"để trống: {year_end}")
        self.words = QPlainTextEdit()
        self.words.setObjectName("tick.words")
        self.words.setAccessibleName("Đã đối chiếu với bản nào, thấy gì")
        self.words.setTabChangesFocus(True)
        keep_size(self.words, least_height=_LINES)
        self.problem = labelled(role="problem", wrap=True)
        self.problem.setObjectName("tick.problem")
        self._fill_officers()
        self._lay_out()

    def finish(self) -> None:
        """Write the comparison or the confirmation and accept; show what is wrong beside the fields instead."""
        try:
            self.changes = self._written()
        except UserError as error:
            show_refusal(self.problem, error)
            set_tone(self.problem, "wrong")
            self._focus(error.field or "")
            return
        self.accept()

    # -- inside ----------------------------------------------------------------------------------------------------

    def _fill_officers(self) -> None:
        for checker in checking.checkers(self._context.workspace):
            if self._check is None or text.fold(checker.label) != text.fold(self._check.checked_by):
                self.officer.addItem(checker.label, checker.label)
        self.officer.addItem(_OTHER, "")
        self.officer.currentIndexChanged.connect(self._show_new_name)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setSpacing(FIELD_GAP)
        form.addRow("Cán bộ", self.officer)
        form.addRow("Họ tên", self.new_name)
        if self._check is None:
            form.addRow("Điều, khoản", self.articles)
            form.addRow("Rà soát đến hết ngày", self.until)
        form.addRow("Đã xem bản nào, thấy gì", self.words)
        self._form = form
        self._show_new_name()
        sign = push_button("Xác nhận" if self._check else "Ghi đối chiếu", "tick.write", self.finish)
        sign.setProperty("role", "main")
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(push_button("Thôi", "tick.cancel", self.reject))
        buttons.addWidget(sign)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        whole.setSpacing(GROUP_GAP)
        whole.addWidget(labelled(_SECOND if self._check else _FIRST, "help", wrap=True))
        if self._check is not None:
            whole.addWidget(labelled(_first_words(self._check), wrap=True))
        whole.addLayout(form)
        whole.addWidget(self.problem)
        whole.addStretch(1)
        whole.addLayout(buttons)

    def _show_new_name(self) -> None:
        self._form.setRowVisible(self.new_name, not self.officer.currentData())

    def _written(self) -> Changes:
        workspace, words = self._context.workspace, self.words.toPlainText()
        chosen = str(self.officer.currentData() or "")
        officer, is_new = chosen or self._typed_name(), not chosen
        if self._check is not None:
            return checking.confirm(workspace, self._check, words, officer=officer, is_new=is_new)
        articles, until = self.articles.text().strip(), self._typed_day()
        return checking.tick(workspace, self._number, words, articles, officer=officer, is_new=is_new, until=until)

    def _typed_name(self) -> str:
        name = " ".join(self.new_name.text().split())
        if not name:
            raise UserError("Ghi họ tên người đối chiếu.", code="bad_check", field="new_name")
        return name

    def _typed_day(self) -> date | None:
        typed = self.until.text().strip()
        try:
            return notations.parse_date(typed) if typed else None
        except ValueError as error:
            raise UserError(str(error), code="bad_date", field="until") from None

    def _focus(self, field: str) -> None:
        inputs: dict[str, QWidget] = {
            "new_name": self.new_name,
            "articles": self.articles,
            "until": self.until,
            "confirmer": self.officer,
        }
        inputs.get(field, self.words).setFocus()


def _first_words(check: LawCheck) -> str:
    on = text.format_date(check.checked_on)
    return f"{check.what}: {check.checked_by} đối chiếu ngày {on}: «{check.words}»"


def _line(name: str, label: str, hint: str) -> QLineEdit:
    line = QLineEdit()
    line.setObjectName(f"tick.{name}")
    line.setAccessibleName(label)
    line.setPlaceholderText(hint)
    return line

"""The decision about one dossier of a package: result, reasons, and amount."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFormLayout,
    QFrame,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from kcdesk import text
from kcdesk.runtime.frozen import Value
from kcdesk.services.handover.receipts import results
from kcdesk.services.handover.receipts.receipt_lines import Decision, ReceiptLine
from kcdesk.ui.handover.reason_rows import ReasonRows
from kcdesk.ui.toolkit.amount_words import amount_in_words
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled

_PAUSE = 500  # milliseconds without a change before the typed text is saved
_NOTE_HEIGHT = 72


class LineFacts(Value):
    """What stands beside a line: limits of the amount, closed answers with their reasons, the usual answers.

    `read` is the amount as it is understood, `above` what it exceeds, `locked` why a sent decision stands for good.
    """

    limits: str
    closed: Mapping[str, str]
    suggested: Decision
    read: str
    above: str
    locked: str


class DecisionPanel(QScrollArea):
    """Shows a line of `drafts.lines`.

    Signals:
        changed: carries the dossier's id and its current decision.
        open_requested: open the dossier.
        amend_requested: change the decision that was sent.
        alike_requested: give other dossiers the same decision.
    """

    changed = Signal(str, object)
    open_requested = Signal(str)
    amend_requested = Signal(str)
    keep_requested = Signal(str)
    alike_requested = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("decision")
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self._record = ""
        self._kept = Decision()
        self._title = labelled(role="strong", wrap=True)
        self._radios = {name: QRadioButton(label) for name, label in results.TO_CHOOSE.items()}
        self._reasons = ReasonRows()
        self._answer_by = QLineEdit()
        self._support, self._total = QLineEdit(), QLineEdit()
        self._number, self._date, self._authority = QLineEdit(), QLineEdit(), QLineEdit()
        self._suggested = Decision()  # what is filled in when a decision is chosen
        self._own_total = self._own_support = ""
        self._may_be_alike = False
        self._note = QPlainTextEdit()
        self._requested = labelled(role="help", wrap=True)
        self._claim = labelled(tone="waiting", wrap=True)
        self._closed = labelled(role="help", wrap=True)
        self._sent = SentBox()
        self._read = labelled(role="help", wrap=True)
        self._above = labelled(role="problem", wrap=True)
        self._typing = QTimer(self, singleShot=True, interval=_PAUSE)
        self._typing.timeout.connect(self._emit_change)
        self._name_fields()
        self._lay_out()
        self._connect()

    def show_line(self, line: ReceiptLine, facts: LineFacts) -> None:
        """Show a dossier and its decision."""
        self._typing.stop()
        self._record, self._kept, self._suggested = line.record, line.decision, facts.suggested
        self._own_total, self._own_support = line.total, line.requested
        self._title.setText(line.title)
        self._title.setMinimumHeight(2 * self._title.fontMetrics().lineSpacing())  # the answers below stay in place
        _show_text(self._requested, facts.limits)
        _show_text(self._claim, line.claim)
        self._sent.show_sent(line, facts.locked)
        self._show_results(line, facts)
        self._reasons.show_reasons(line.fields, line.decision.reasons)
        self._fill(line.decision)
        self._decision.setEnabled(not line.is_fixed)
        self._may_be_alike = line.decides and not line.is_fixed
        self.show_amount(facts.read, facts.above)
        self._show_parts()
        self._typing.stop()

    def show_amount(self, read: str, above: str) -> None:
        """Show the typed amount as it is read, and in red what it exceeds."""
        words = amount_in_words(read)
        _show_text(self._read, f"= {read} đồng ({text.lower_first(words)})" if read else "")
        _show_text(self._above, above)
        self._name_note()

    def _name_note(self) -> None:
        """Say what the text below is for: an amount above a limit, too, needs a reason."""
        has_to_justify = self._result() == "approved" and bool(self._above.text())
        usual = "Lý do" if self._result() == "rejected" else "Ý kiến (nếu có)"
        self._note_label.setText("Lý do duyệt hơn" if has_to_justify else usual)

    def _show_results(self, line: ReceiptLine, facts: LineFacts) -> None:
        for name, radio in self._radios.items():
            radio.setVisible(name in line.results)
            radio.setEnabled(name not in facts.closed or name == line.decision.result)
            radio.setToolTip(facts.closed.get(name, ""))
            radio.blockSignals(True)
            radio.setChecked(name == line.decision.result)
            radio.blockSignals(False)
        shown = {} if line.is_fixed else facts.closed
        lines = [f"Chưa chọn được «{results.TO_CHOOSE[name]}»: {why}" for name, why in shown.items()]
        _show_text(self._closed, "\n".join(lines))

    def _fill(self, decision: Decision) -> None:
        self._support.setText(decision.support)
        self._total.setText(decision.total)
        self._number.setText(decision.number)
        self._date.setText(decision.date)
        self._authority.setText(decision.authority)
        self._answer_by.setText(decision.answer_by)
        self._note.blockSignals(True)
        self._note.setPlainText(decision.note)
        self._note.blockSignals(False)

    def flush(self) -> None:
        """Save what is being typed."""
        if self._typing.isActive():
            self._typing.stop()
            self._emit_change()

    def enter(self) -> None:
        """Focus the choice of the result."""
        radio = next((radio for radio in self._radios.values() if radio.isChecked()), None)
        if radio is not None:
            radio.setFocus()

    def enter_gap(self) -> None:
        """Focus the first input that is empty: what a decision lacks is typed there."""
        inputs = (*self._reasons.inputs(), self._answer_by, self._support, self._total, self._number, self._date)
        shown = [field for field in (*inputs, self._authority) if field.isVisibleTo(self)]
        empty: list[QWidget] = [field for field in shown if not field.text().strip()]
        if self._result() == "rejected" and not self._note.toPlainText().strip():
            empty.append(self._note)
        for field in (empty or shown)[:1]:
            field.setFocus()

    # -- inside --------------------------------------------------------------------------------------------------

    def _name_fields(self) -> None:
        for name, radio in self._radios.items():
            radio.setObjectName(f"decision.{name}")
        named = (
            ("support", self._support, "Kinh phí hỗ trợ được duyệt"),
            ("total", self._total, "Tổng kinh phí được duyệt"),
            ("number", self._number, "Số văn bản"),
            ("date", self._date, "Ngày văn bản"),
            ("authority", self._authority, "Cơ quan ra văn bản"),
            ("note", self._note, "Ý kiến"),
            ("answer_by", self._answer_by, "Hạn bổ sung"),
        )
        for name, editor, label in named:
            editor.setObjectName(f"decision.{name}")
            editor.setAccessibleName(label)
        self._support.setPlaceholderText("đồng; có thể gõ 300 triệu")
        self._date.setPlaceholderText("ngày/tháng/năm")
        self._above.setObjectName("decision.above")
        self._read.setObjectName("decision.read")
        self._closed.setObjectName("decision.closed")
        keep_size(self._note, fixed_height=_NOTE_HEIGHT)
        self._note.setTabChangesFocus(True)

    def _lay_out(self) -> None:
        self._approval = QWidget()
        amounts = QVBoxLayout(self._approval)  # a form of rows would give texts of several lines too little height
        amounts.setContentsMargins(0, 0, 0, 0)
        amounts.setSpacing(FIELD_GAP)
        support, total = _rows(("Hỗ trợ được duyệt", self._support)), _rows(("Tổng kinh phí", self._total))
        amounts.addLayout(support)
        amounts.addWidget(self._read)
        amounts.addWidget(self._above)
        amounts.addLayout(total)
        self._return = QWidget()
        self._return.setLayout(_rows(("Hạn bổ sung", self._answer_by)))
        self._paper = QWidget()
        paper = _rows(
            ("Số văn bản", self._number), ("Ngày văn bản", self._date), ("Cơ quan ra văn bản", self._authority)
        )
        self._paper.setLayout(paper)
        beside = [support.labelForField(self._support), total.labelForField(self._total)]
        _align([*beside, *(paper.labelForField(field) for field in (self._number, self._date, self._authority))])
        self._opinion = QWidget()
        opinion = QVBoxLayout(self._opinion)
        opinion.setContentsMargins(0, 0, 0, 0)
        self._note_label = labelled("Ý kiến")
        opinion.addWidget(self._note_label)
        opinion.addWidget(self._note)
        self._decision = QWidget()
        inside = QVBoxLayout(self._decision)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(FIELD_GAP)
        group = QButtonGroup(self)
        for radio in self._radios.values():
            group.addButton(radio)
            inside.addWidget(radio)
        for part in (self._closed, self._reasons, self._return, self._approval, self._paper, self._opinion):
            inside.addWidget(part)
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(GROUP_GAP, 0, FIELD_GAP, FIELD_GAP)
        column.setSpacing(FIELD_GAP)
        for part in (self._title, self._requested, self._claim, self._sent, self._decision):
            column.addWidget(part)
        column.addLayout(self._buttons())
        column.addStretch(1)
        self.setWidget(content)

    def _buttons(self) -> QVBoxLayout:
        """The buttons below each other: a narrow window shows them whole."""
        open_ = _quiet("Mở hồ sơ", "decision.open")
        open_.clicked.connect(lambda: self.open_requested.emit(self._record))
        self._alike = _quiet("Áp dụng cho đề án khác…", "decision.alike")
        self._alike.setToolTip("Ghi cùng số, ngày, cơ quan cho các đề án cùng quyết định")
        self._alike.clicked.connect(lambda: self.alike_requested.emit(self._record))
        column = QVBoxLayout()
        column.setSpacing(0)
        for button in (self._alike, open_):
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        return column

    def _connect(self) -> None:
        for radio in self._radios.values():
            radio.toggled.connect(self._picked)
        self._sent.amend.clicked.connect(lambda: self.amend_requested.emit(self._record))
        self._sent.keep.clicked.connect(lambda: self.keep_requested.emit(self._record))
        for editor in (self._support, self._total, self._number, self._date, self._authority, self._answer_by):
            editor.textEdited.connect(lambda _text: self._typing.start())
            editor.editingFinished.connect(self.flush)  # what an amount exceeds is said before the next field
        self._note.textChanged.connect(self._typing.start)
        self._reasons.changed.connect(self._typing.start)

    def _picked(self, checked: bool) -> None:
        if checked:
            self._suggest()
            self._show_parts()
            self._emit_change()

    def _suggest(self) -> None:
        """Fill in what is usual: the amount asked for, number, day and authority of the last decision."""
        result = self._result()
        if result == "returned" and not self._answer_by.text().strip():
            self._answer_by.setText(self._suggested.answer_by)
        if result not in ("approved", "rejected"):
            return
        usual = [(self._number, self._suggested.number), (self._date, self._suggested.date)]
        usual.append((self._authority, self._suggested.authority))
        if result == "approved":
            usual += [
                (self._support, self._own_support.removesuffix(" đồng")),
                (self._total, self._own_total.removesuffix(" đồng")),
            ]
        for editor, usual_text in usual:
            if not editor.text().strip():
                editor.setText(usual_text)

    def _result(self) -> str:
        return next((name for name, radio in self._radios.items() if radio.isChecked()), "received")

    def _show_parts(self) -> None:
        """Show only the inputs that the chosen result needs."""
        result = self._result()
        self._reasons.setVisible(result == "returned")
        self._return.setVisible(result == "returned")
        self._approval.setVisible(result == "approved")
        self._paper.setVisible(result in ("approved", "rejected"))
        self._opinion.setVisible(result in ("approved", "rejected"))
        self._alike.setVisible(self._may_be_alike and result in ("approved", "rejected"))
        self._name_note()

    def _emit_change(self) -> None:
        if not self._record:
            return
        chosen = Decision(
            result=self._result(),
            reasons=self._reasons.reasons(),
            support=self._support.text().strip(),
            number=self._number.text().strip(),
            date=self._date.text().strip(),
            note=self._note.toPlainText().strip(),
            total=self._total.text().strip(),
            authority=self._authority.text().strip(),
            amends=self._kept.amends,
            answer_by=self._answer_by.text().strip() if self._result() == "returned" else "",
        )
        if chosen != self._kept:
            self._kept = chosen
            self.changed.emit(self._record, chosen)


class SentBox(QWidget):
    """What was sent about the dossier, and the buttons that change it or leave it."""

    def __init__(self) -> None:
        super().__init__()
        self._text = labelled(role="strong", wrap=True)
        self._text.setObjectName("decision.sent")
        self.amend = _quiet("Sửa quyết định đã gửi…", "decision.amend")
        self.keep = _quiet("Thôi sửa, giữ quyết định đã gửi", "decision.keep")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._text)
        for button in (self.amend, self.keep):
            column.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)

    def show_sent(self, line: ReceiptLine, locked: str) -> None:
        """Show the sent decision; `locked` is why it cannot be changed any more."""
        amends = line.decision.amends
        self.setVisible(bool(line.sent or line.given))
        self.amend.setVisible(not (line.given or amends or locked))
        self.keep.setVisible(bool(amends and not line.given))
        if line.given:
            self._text.setText(line.given)
            return
        stands = f"Đang sửa quyết định {line.sent}: {amends}" if amends else f"Đã gửi đơn vị: {line.sent}."
        self._text.setText(f"{stands} {locked}".strip() if not amends else stands)


def _align(labels: Sequence[QWidget]) -> None:
    """Give the labels of several forms one width: their fields stand below each other."""
    width = max(label.sizeHint().width() for label in labels)
    for label in labels:
        label.setMinimumWidth(width)


def _rows(*fields: tuple[str, QLineEdit]) -> QFormLayout:
    """Fields beside their labels, or below them where the panel is narrow."""
    form = QFormLayout()
    form.setContentsMargins(0, 0, 0, 0)
    form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
    form.setSpacing(FIELD_GAP)
    for label, field in fields:
        form.addRow(label, field)
    return form


def _show_text(label: QLabel, shown: str) -> None:
    label.setText(shown)
    label.setVisible(bool(shown))


def _quiet(label: str, name: str) -> QPushButton:
    button = QPushButton(label)
    button.setObjectName(name)
    button.setProperty("role", "quiet")
    return button

"""The decision about one dossier of a package: result, reasons, and amount."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from kcdesk.services.handover.receipts import results
from kcdesk.services.handover.receipts.drafts import Decision, ReceiptLine
from kcdesk.ui.toolkit.amount_words import AmountWords
from kcdesk.ui.toolkit.icons import set_icon
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled

_PAUSE = 500  # milliseconds without a change before the typed text is saved
_NOTE_HEIGHT = 72
_WHOLE = "(cả hồ sơ)"


class DecisionPanel(QScrollArea):
    """Shows a line of `drafts.lines`.

    Signals:
        changed: carries the dossier's id and its current decision.
        open_requested: open the dossier.
    """

    changed = Signal(str, object)
    open_requested = Signal(str)

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
        self._support, self._number, self._date = QLineEdit(), QLineEdit(), QLineEdit()
        self._words = AmountWords(self._support)
        self._note = QPlainTextEdit()
        self._requested = labelled(role="help")
        self._claim = labelled(tone="waiting", wrap=True)
        self._typing = QTimer(self, singleShot=True, interval=_PAUSE)
        self._typing.timeout.connect(self._emit_change)
        self._name_fields()
        self._lay_out()
        self._connect()

    def show_line(self, line: ReceiptLine) -> None:
        """Show a dossier and its decision."""
        self._record, self._kept = line.record, line.decision
        self._title.setText(line.title)
        self._requested.setText(f"Đề nghị hỗ trợ: {line.requested}" if line.requested else "")
        self._requested.setVisible(bool(line.requested))
        self._claim.setText(line.claim)
        self._claim.setVisible(bool(line.claim))
        for name, radio in self._radios.items():
            radio.setVisible(name in line.results)
            radio.blockSignals(True)
            radio.setChecked(name == line.decision.result)
            radio.blockSignals(False)
        self._reasons.show_reasons(line.fields, line.decision.reasons)
        for editor, text in ((self._support, line.decision.support), (self._number, line.decision.number)):
            editor.setText(text)
        self._date.setText(line.decision.date)
        self._note.blockSignals(True)
        self._note.setPlainText(line.decision.note)
        self._note.blockSignals(False)
        self._show_parts()
        self._typing.stop()

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

    # -- inside --------------------------------------------------------------------------------------------------

    def _name_fields(self) -> None:
        for name, radio in self._radios.items():
            radio.setObjectName(f"decision.{name}")
        named = (
            ("support", self._support, "Kinh phí hỗ trợ được duyệt"),
            ("number", self._number, "Số văn bản"),
            ("date", self._date, "Ngày văn bản"),
            ("note", self._note, "Ý kiến"),
        )
        for name, editor, label in named:
            editor.setObjectName(f"decision.{name}")
            editor.setAccessibleName(label)
        self._support.setPlaceholderText("đồng; có thể gõ 300 triệu")
        self._date.setPlaceholderText("05/3/2026")
        keep_size(self._note, fixed_height=_NOTE_HEIGHT)
        self._note.setTabChangesFocus(True)

    def _lay_out(self) -> None:
        self._approval = QWidget()
        form = QFormLayout(self._approval)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(FIELD_GAP)
        form.addRow("Hỗ trợ được duyệt", self._support)
        self._paper = QWidget()
        paper = QFormLayout(self._paper)
        paper.setContentsMargins(0, 0, 0, 0)
        paper.setSpacing(FIELD_GAP)
        paper.addRow("Số văn bản", self._number)
        paper.addRow("Ngày văn bản", self._date)
        self._opinion = QWidget()
        opinion = QVBoxLayout(self._opinion)
        opinion.setContentsMargins(0, 0, 0, 0)
        self._note_label = labelled("Ý kiến")
        opinion.addWidget(self._note_label)
        opinion.addWidget(self._note)
        open_ = QPushButton("Mở hồ sơ")
        open_.setObjectName("decision.open")
        open_.setProperty("role", "quiet")
        open_.clicked.connect(lambda: self.open_requested.emit(self._record))
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(GROUP_GAP, 0, FIELD_GAP, FIELD_GAP)
        column.setSpacing(FIELD_GAP)
        column.addWidget(self._title)
        column.addWidget(self._requested)
        column.addWidget(self._claim)
        group = QButtonGroup(self)
        for radio in self._radios.values():
            group.addButton(radio)
            column.addWidget(radio)
        for part in (self._reasons, self._approval, self._paper, self._opinion):
            column.addWidget(part)
        column.addWidget(open_, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)
        self.setWidget(content)

    def _connect(self) -> None:
        for radio in self._radios.values():
            radio.toggled.connect(self._picked)
        for editor in (self._support, self._number, self._date):
            editor.textEdited.connect(lambda _text: self._typing.start())
        self._note.textChanged.connect(self._typing.start)
        self._reasons.changed.connect(self._typing.start)

    def _picked(self, checked: bool) -> None:
        if checked:
            self._show_parts()
            self._emit_change()

    def _result(self) -> str:
        return next((name for name, radio in self._radios.items() if radio.isChecked()), "received")

    def _show_parts(self) -> None:
        """Show only the inputs that the chosen result needs."""
        result = self._result()
        self._reasons.setVisible(result == "returned")
        self._approval.setVisible(result == "approved")
        self._paper.setVisible(result in ("approved", "rejected"))
        self._opinion.setVisible(result in ("approved", "rejected"))
        self._note_label.setText("Lý do" if result == "rejected" else "Ý kiến (nếu có)")

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
        )
        if chosen != self._kept:
            self._kept = chosen
            self.changed.emit(self._record, chosen)


class ReasonRows(QWidget):
    """The reasons for a return: each line a field and a sentence; `changed` is emitted while typing."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._fields: tuple[tuple[str, str], ...] = ()
        self._rows: list[tuple[QWidget, QComboBox, QLineEdit]] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(FIELD_GAP // 2)
        self._column.addWidget(labelled("Lý do, theo từng mục"))
        self._more = QPushButton("Thêm lý do")
        self._more.setObjectName("decision.more_reasons")
        self._more.setProperty("role", "quiet")
        self._more.clicked.connect(lambda: self._add("", "").setFocus())
        self._column.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)

    def show_reasons(self, fields: tuple[tuple[str, str], ...], reasons: tuple[tuple[str, str], ...]) -> None:
        """Show the reasons; an empty line when there is none."""
        self._fields = fields
        for row, _, _ in self._rows:
            row.hide()
            row.deleteLater()
        self._rows = []
        for path, sentence in reasons or (("", ""),):
            self._add(path, sentence)

    def reasons(self) -> tuple[tuple[str, str], ...]:
        """Return the reasons as (path, sentence), without empty lines."""
        rows = ((box.currentData(), line.text().strip()) for _, box, line in self._rows)
        return tuple((path, sentence) for path, sentence in rows if sentence)

    def _add(self, path: str, sentence: str) -> QComboBox:
        number = len(self._rows) + 1
        box = QComboBox()
        box.setObjectName(f"decision.field.{number}")
        box.setAccessibleName("Mục bị trả lại")
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(12)
        for name, label in (("", _WHOLE), *self._fields):
            box.addItem(label, name)
        box.setCurrentIndex(max(0, box.findData(path)))
        line = QLineEdit(sentence)
        line.setObjectName(f"decision.reason.{number}")
        line.setPlaceholderText("Thiếu gì, cần sửa thế nào")
        line.setAccessibleName("Lý do bị trả lại")
        drop = QToolButton()
        drop.setToolTip("Bỏ lý do này")
        drop.setAccessibleName("Bỏ lý do này")
        set_icon(drop, "x")
        row = QWidget()
        inside = QVBoxLayout(row)
        inside.setContentsMargins(0, 0, 0, FIELD_GAP)
        inside.setSpacing(FIELD_GAP // 2)
        upper = QHBoxLayout()
        upper.addWidget(box, 1)
        upper.addWidget(drop)
        inside.addLayout(upper)
        inside.addWidget(line)
        box.currentIndexChanged.connect(lambda _index: self.changed.emit())
        line.textEdited.connect(lambda _text: self.changed.emit())
        entry = (row, box, line)
        drop.clicked.connect(lambda: self._drop(entry))
        self._rows.append(entry)
        self._column.insertWidget(self._column.count() - 1, row)
        return box

    def _drop(self, entry: tuple[QWidget, QComboBox, QLineEdit]) -> None:
        self._rows.remove(entry)
        entry[0].hide()
        entry[0].deleteLater()
        if not self._rows:
            self._add("", "")
        self.changed.emit()

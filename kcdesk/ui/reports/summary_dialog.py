"""«Báo cáo tổng hợp»: a summary is chosen, read, compared with what was printed, and written for Word or as PDF."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import (
    QComboBox,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from kcdesk import moments, notations
from kcdesk.errors import KcdeskError, UserError
from kcdesk.progress import Progress
from kcdesk.services.reporting import running, summaries, summary_answer, summary_paper
from kcdesk.services.reporting.figures import MONEY_UNITS
from kcdesk.services.reporting.summaries import SummaryLine, WantedSummary
from kcdesk.services.reporting.summary_answer import ShownSummary
from kcdesk.services.reporting.summary_paper import Signing
from kcdesk.text import file_name
from kcdesk.ui.reports.latest_questions import LatestQuestions
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.shell.help_key import show_refusal
from kcdesk.ui.toolkit.sizes import keep_size
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled

_SIZE = (1140, 660)  # pixels
_LEFT, _OWN_HEIGHT = 420, 56
_KINDS = {"docx": "Tệp Word (*.docx)", "pdf": "Tệp PDF (*.pdf)"}


class SummaryDialog(Dialog):
    """Choices at the left, the text at the right; what is written to a file is kept for the next comparison."""

    help_topic = "reports"

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.setWindowTitle("Báo cáo tổng hợp")
        self.begin_size(*_SIZE)
        self._outlines = summaries.outlines(context.workspace)
        self.name = _combo("summary.name", "Báo cáo", [(outline.label, outline.id) for outline in self._outlines])
        self.period = _line("summary.period", "Kỳ báo cáo", "6m2026, Q1/2026, 03/2026, 2026")
        self.period.setText(summary_answer.usual_period(context.workspace.today()).name)
        self.money = _combo("summary.money", "Đơn vị tiền", [(unit.name, unit.name) for unit in MONEY_UNITS])
        self.number = _line("summary.number", "Số", "để trống thì điền tay")
        self.dated = _line("summary.dated", "Ngày", "để trống thì điền tay")
        self.signer_title = _line("summary.signer_title", "Chức vụ người ký", "Thủ trưởng đơn vị")
        self.signer = _line("summary.signer", "Người ký", "")
        self.recipients = _line("summary.recipients", "Nơi nhận", "cách nhau dấu chấm phẩy")
        self.own: dict[str, QPlainTextEdit] = {}
        self.text = QTextBrowser()
        self.text.setObjectName("summary.text")
        self.text.setAccessibleName("Nội dung báo cáo")
        self._questions = LatestQuestions(context, self)
        self.problem = labelled(role="problem", wrap=True)
        self.problem.hide()
        self._read = QPushButton("Xem lại")
        self._read.setAutoDefault(False)
        self._read.clicked.connect(lambda _checked=False: self.read())
        self.read_at = labelled(role="muted")  # else reading the same figures again would look as if nothing was done
        self._questions.busy_changed.connect(self._show_busy)
        self._questions.stopped.connect(lambda: self.read_at.setText("Đã dừng, chưa đọc xong."))
        self._readings = 0
        self._choices = QFormLayout()
        self._buttons = QDialogButtonBox()
        self._add_buttons()
        self._lay_out()
        self.name.currentIndexChanged.connect(lambda _place: self._begin())
        self._begin()

    def _add_buttons(self) -> None:
        for kind, label in (("docx", "Ghi ra Word…"), ("pdf", "Ghi ra PDF…")):
            button = self._buttons.addButton(label, QDialogButtonBox.ButtonRole.ActionRole)
            button.setObjectName(f"summary.{kind}")
            button.setAutoDefault(False)
            button.clicked.connect(lambda _checked=False, kind=kind: self.write(kind))
            if kind == "docx":
                button.setProperty("role", "main")
        self._buttons.addButton("Đóng", QDialogButtonBox.ButtonRole.RejectRole)
        self._buttons.rejected.connect(self.reject)

    def _lay_out(self) -> None:
        for field in (self.name, self.period, self.money, self.number, self.dated):
            self._choices.addRow(labelled(field.accessibleName()), field)
        for line in (self.signer_title, self.signer, self.recipients):
            self._choices.addRow(labelled(line.accessibleName()), line)
        left = QWidget()
        left.setLayout(self._choices)
        keep_size(left, fixed_width=_LEFT)
        right = QVBoxLayout()
        head = QHBoxLayout()
        head.addWidget(self._read)
        head.addWidget(self.read_at, 1)
        right.addLayout(head)
        right.addWidget(self.problem)
        right.addWidget(self.text, 1)
        row = QHBoxLayout()
        row.addWidget(left)
        row.addLayout(right, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        column.addLayout(row, 1)
        column.addWidget(self._buttons)

    def _begin(self) -> None:
        """Show the open places and the unit of money of the chosen summary, then its text."""
        outline = self._outlines[self.name.currentIndex()]
        for editor in self.own.values():
            self._choices.removeRow(editor)
        self.own = {place.name: _words(place.name, place.label) for place in summary_answer.own_places(outline)}
        for editor in self.own.values():
            self._choices.addRow(labelled(editor.accessibleName()), editor)
        self.money.setCurrentIndex(max(0, self.money.findData(outline.money)))
        self.read()

    # -- acts ------------------------------------------------------------------------------------------------------

    def read(self) -> None:
        """Show the text of the chosen period and what differs from its last print."""
        wanted = self._guarded(self.wanted)
        if wanted is not None:
            self._questions.ask(
                lambda workspace: summary_answer.shown_summary(workspace, wanted),
                text="Đang lập báo cáo",
                done=self._show,
                failed=self._refuse_reading,
            )

    def write(self, kind: str) -> None:
        """Write the summary to a file that the officer chooses; it counts as printed."""
        given = self._guarded(lambda: (self.wanted(), self.signing()))
        if given is None:
            return
        wanted, signing = given
        label = self._outlines[self.name.currentIndex()].label
        name = f"{file_name(f'{label} {wanted.period.name}')}.{kind}"
        path = self._context.messages.save_file("Ghi báo cáo", name, _KINDS[kind], purpose="papers")
        if path is None:
            return

        files: dict[str, Any] = {kind: path}
        workspace = self._context.workspace

        def act(_progress: Progress) -> Path:
            with workspace.alongside() as beside:
                summary_paper.write_summary(beside, summaries.fill(beside, wanted), signing, **files)
            return path

        self._context.worker.run(act, text="Đang ghi báo cáo", done=self._written, failed=self._refuse, owner=self)

    def wanted(self) -> WantedSummary:
        """Return what is asked for; UserError for a period that cannot be read."""
        return WantedSummary(
            name=str(self.name.currentData()),
            period=running.wanted_period("", "", self.period.text().strip()),
            money=str(self.money.currentData()),
            own={name: editor.toPlainText().strip() for name, editor in self.own.items()},
        )

    def signing(self) -> Signing:
        """Return what stands around the text; UserError for a day that cannot be read."""
        return Signing(
            number=self.number.text().strip(),
            dated=_day(self.dated.text().strip()),
            recipients=tuple(filter(None, (name.strip() for name in self.recipients.text().split(";")))),
            signer_title=self.signer_title.text().strip(),
            signer=self.signer.text().strip(),
        )

    # -- inside ----------------------------------------------------------------------------------------------------

    def _guarded(self, act: Callable[[], Any]) -> Any:
        try:
            return act()
        except KcdeskError as error:
            self._refuse(error)
            return None

    def _refuse(self, error: KcdeskError) -> None:
        """Say why nothing was read or written; the text that was read stays."""
        show_refusal(self.problem, error)
        self.problem.show()

    def _refuse_reading(self, error: KcdeskError) -> None:
        self.text.clear()
        self.read_at.clear()
        self._refuse(error)

    def _show_busy(self, busy: bool) -> None:
        """Say that the figures are being read: the window that shows how far it is lies behind the dialog."""
        if busy:
            self.read_at.setText("Đang lập báo cáo…")

    def _show(self, shown: ShownSummary) -> None:
        self.problem.hide()
        self.text.setHtml("".join(_html(shown)))
        self._readings += 1
        self.read_at.setText(f"Số liệu lúc {moments.now():%H:%M:%S}, đọc lần {self._readings}")

    def _written(self, path: Path) -> None:
        self._context.messages.written(path)
        self.read()


def _html(shown: ShownSummary) -> Iterator[str]:
    if shown.since:
        yield "".join(f"<p><i>{_kept_spaces(line)}</i></p>" for line in shown.since) + "<hr>"
    yield f"<h3>{escape(shown.title)}</h3>"
    for line in shown.lines:
        yield _line_html(shown, line)
    yield "".join(f"<p><i>{escape(note)}</i></p>" for note in shown.notes)


def _line_html(shown: ShownSummary, line: SummaryLine) -> str:
    if line.kind == summaries.HEADING:
        return f"<h4>{escape(line.text)}</h4>"
    if line.table is not None:
        rows = ("".join(f"<td>{escape(cell)}</td>" for cell in cells) for cells in shown.cells(line))
        return f'<table border="1" cellspacing="0" cellpadding="4">{"".join(f"<tr>{row}</tr>" for row in rows)}</table>'
    if line.kind == summaries.OWN:
        return f"<p>{escape(line.label)}: {escape(line.text) or '…'}</p>"
    return f"<p>{escape(line.text)}</p>"


def _kept_spaces(text: str) -> str:
    bare = text.lstrip()
    return "&nbsp;" * (len(text) - len(bare)) + escape(bare)


def _day(typed: str) -> date | None:
    if not typed:
        return None
    try:
        return notations.parse_date(typed)
    except ValueError as error:
        raise UserError(f"Ngày của báo cáo: {error}", code="bad_date", field="dated") from error


def _line(name: str, label: str, hint: str) -> QLineEdit:
    line = QLineEdit()
    line.setObjectName(name)
    line.setAccessibleName(label)
    line.setPlaceholderText(hint)
    return line


def _combo(name: str, label: str, entries: list[tuple[str, str]]) -> QComboBox:
    combo = QComboBox()
    combo.setObjectName(name)
    combo.setAccessibleName(label)
    for entry, data in entries:
        combo.addItem(entry, data)
    return combo


def _words(name: str, label: str) -> QPlainTextEdit:
    editor = QPlainTextEdit()
    editor.setObjectName(f"summary.own.{name}")
    editor.setAccessibleName(label)
    editor.setTabChangesFocus(True)
    keep_size(editor, fixed_height=_OWN_HEIGHT)
    return editor

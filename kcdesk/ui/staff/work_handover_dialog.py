"""«Bàn giao công việc»: giver, receiver, open proposals, preview of the record, then all as one change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from kcdesk import notations, text
from kcdesk.errors import IncompleteError, KcdeskError, UserError
from kcdesk.services.staff import offices, open_work, work_handovers
from kcdesk.services.staff.open_work import OpenProposal
from kcdesk.services.staff.work_handovers import WorkHandoverOrder
from kcdesk.ui.papers.sheet_dialog import SheetDialog
from kcdesk.ui.shell import undoing
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.dialog import Dialog
from kcdesk.ui.shell.help_key import show_refusal
from kcdesk.ui.toolkit import ticked_lists
from kcdesk.ui.toolkit.decision_button import DecisionButton
from kcdesk.ui.toolkit.tables import TitledTable
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled

_SIZE = (860, 620)
NOBODY = "(chưa giao ai phụ trách)"


class HandWorkDialog(Dialog):
    """The dialog of a work hand-over; `made` is the id of its record, "" before and when there is no giver."""

    help_topic = "work_handover"

    def __init__(self, context: Context, giver: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self.made = ""
        self.setWindowTitle("Bàn giao công việc")
        self.begin_size(*_SIZE)
        everybody = offices.everybody(context.workspace)
        self.giver = _people("giver", "Người giao", [person for person in everybody if person.dossiers])
        self.giver.addItem(NOBODY, "")
        self.receiver = _people("receiver", "Người nhận", [person for person in everybody if person.serves])
        self.on = _line("on", text.format_date(context.workspace.today()))
        self.reason = self._reasons()
        self.number, self.witness = _line("number"), _line("witness")
        self.model = QStandardItemModel(self)
        self.table = TitledTable(1)
        self.table.setObjectName("handing.dossiers")
        self.table.setAccessibleName("Đề án đang làm")
        self.table.setModel(self.model)
        self.summary = labelled(role="muted")
        self.problem = labelled(role="problem", wrap=True)
        self.problem.setObjectName("handing.problem")
        self._lay_out()
        self.giver.currentIndexChanged.connect(self._load)
        self.model.itemChanged.connect(lambda _item: self._show_count())
        QShortcut(QKeySequence("Space"), self.table, self.toggle, context=Qt.ShortcutContext.WidgetShortcut)
        self.choose_giver(giver or (self.giver.itemData(0) or ""))

    def _reasons(self) -> QComboBox:
        forms = self._context.workspace.forms
        box = QComboBox()
        box.setObjectName("handing.reason")
        box.setAccessibleName("Lý do")
        for choice in forms.choices(forms.current(work_handovers.KIND).field("reason")):
            box.addItem(choice.label, choice.value)
        return box

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setSpacing(FIELD_GAP)
        form.addRow("Người giao", self.giver)
        form.addRow("Người nhận", self.receiver)
        self._of_the_record = QWidget()
        beside = QHBoxLayout(self._of_the_record)
        beside.setContentsMargins(0, 0, 0, 0)
        for label, widget, stretch in (
            ("Ngày", self.on, 1),
            ("Lý do", self.reason, 2),
            ("Số biên bản", self.number, 1),
            ("Người chứng kiến", self.witness, 2),
        ):
            cell = QVBoxLayout()
            cell.setSpacing(2)
            widget.setAccessibleName(label)
            cell.addWidget(labelled(label, "label"))
            cell.addWidget(widget)
            beside.addLayout(cell, stretch)
        column = QVBoxLayout(self)
        column.setContentsMargins(GROUP_GAP, GROUP_GAP, GROUP_GAP, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        column.addLayout(form)
        column.addWidget(self._of_the_record)
        column.addWidget(self.summary)
        column.addWidget(self.table, 1)
        column.addWidget(self.problem)
        column.addLayout(self._make_buttons())

    def _make_buttons(self) -> QHBoxLayout:
        self.look_button = _button("look", "Xem biên bản…", self.look)
        self.act_button = _button("act", "Bàn giao", self.act)
        self.act_button.setProperty("role", "main")
        row = QHBoxLayout()
        self.none_button = _button("none", "Bỏ chọn hết", lambda: self._tick_all(Qt.CheckState.Unchecked))
        self.all_button = _button("all", "Chọn hết", lambda: self._tick_all(Qt.CheckState.Checked))
        row.addWidget(self.none_button)
        row.addWidget(self.all_button)
        row.addStretch(1)
        row.addWidget(_button("keep", "Thôi", self.reject))
        row.addWidget(self.look_button)
        row.addWidget(self.act_button)
        return row

    # -- choices ---------------------------------------------------------------------------------------------------

    def choose_giver(self, id_: str) -> None:
        """Choose whose work is handed over; "" for work without an officer."""
        place = self.giver.findData(id_)
        self.giver.setCurrentIndex(place if place >= 0 else self.giver.findData(""))
        self._load()

    def toggle(self) -> None:
        """Tick or untick the current line (space bar)."""
        ticked_lists.toggle(self.table)

    def ticked(self) -> list[str]:
        """Return the ids of the proposals to hand over."""
        return ticked_lists.ticked(self.model)

    def handing(self) -> WorkHandoverOrder:
        """Return the answers; raises UserError for a day that cannot be read."""
        return WorkHandoverOrder(
            giver=self.giver.currentData() or "",
            receiver=self.receiver.currentData() or "",
            reason=self.reason.currentData(),
            dossiers=self.ticked(),
            on=_day(self.on.text()),
            number=self.number.text().strip(),
            witness=self.witness.text().strip(),
        )

    # -- actions ---------------------------------------------------------------------------------------------------

    def look(self) -> None:
        """Show the preview of the record."""
        dialog = self.preview()
        if dialog is not None:
            dialog.exec()

    def preview(self) -> SheetDialog | None:
        """Return the preview of the record; None when an answer cannot be read (the problem is shown)."""
        workspace = self._context.workspace
        try:
            handing = self.handing()
            work_handovers.draft(workspace, handing)
        except KcdeskError as error:
            show_refusal(self.problem, error)
            return None
        write = lambda path: work_handovers.print_draft(workspace, handing, path)  # noqa: E731 - asked for again
        return SheetDialog(self._context, work_handovers.LAYOUT, write, "Biên bản bàn giao công việc", self)

    def act(self) -> None:
        """Hand over, or show what is missing."""
        workspace = self._context.workspace
        try:
            handing = self.handing()
            if handing.giver:
                changes = work_handovers.carry_out(workspace, handing)
                self.made = next(item.id for item in changes.items if item.kind == work_handovers.KIND)
            else:
                changes = work_handovers.assign(workspace, handing.dossiers, _chosen(handing.receiver))
        except IncompleteError as error:
            show_refusal(self.problem, error, "\n".join(problem.message for problem in error.problems))
            return
        except KcdeskError as error:
            show_refusal(self.problem, error)
            return
        self._context.announce(changes)
        self._context.messages.notice(f"{changes.action}.", partial(undoing.undo, self._context))
        self.accept()

    # -- inside ----------------------------------------------------------------------------------------------------

    def _load(self) -> None:
        giver = self.giver.currentData() or ""
        dossiers = open_work.open_of(self._context.workspace, giver)
        self.model.clear()
        self.model.setHorizontalHeaderLabels(("Chọn", "Đề án", "Đang ở bước", "Việc tiếp theo", "Hạn"))
        for dossier in dossiers:
            self.model.appendRow(_row(dossier, ticked=bool(giver)))
        self.table.fit_columns()
        if dossiers:
            self.table.setCurrentIndex(self.model.index(0, 0))
        if giver and self.receiver.currentData() == giver and self.receiver.count() > 1:
            self.receiver.setCurrentIndex(0 if self.receiver.currentIndex() else 1)
        self._of_the_record.setVisible(bool(giver))
        self.look_button.setVisible(bool(giver))
        self.act_button.setText("Bàn giao" if giver else "Giao việc")
        self.problem.setText("")
        self._show_count()

    def _tick_all(self, state: Qt.CheckState) -> None:
        for row in range(self.model.rowCount()):
            self.model.item(row, 0).setCheckState(state)

    def _show_count(self) -> None:
        count, ticked = self.model.rowCount(), len(self.ticked())
        of_all = f"{text.format_integer(ticked)} trong {text.format_integer(count)}"
        sentence = f"Đã chọn {of_all} đề án đang làm; phím cách để chọn hoặc bỏ chọn."
        self.summary.setText(sentence if count else "Không có đề án nào đang làm.")
        self.none_button.setEnabled(bool(ticked))
        self.all_button.setEnabled(ticked < count)
        self.act_button.setEnabled(bool(ticked) and self.receiver.count() > 0)


def _row(dossier: OpenProposal, *, ticked: bool) -> list[QStandardItem]:
    due = text.format_date(date.fromisoformat(dossier.due_on)) if dossier.due_on else ""
    items = [QStandardItem(word) for word in ("", dossier.title, dossier.stage, dossier.next, due)]
    items[0].setCheckable(True)
    items[0].setCheckState(Qt.CheckState.Checked if ticked else Qt.CheckState.Unchecked)
    items[0].setData(dossier.id, ticked_lists.ID)
    items[0].setData(dossier.title, Qt.ItemDataRole.AccessibleTextRole)
    for item in items[1:]:
        item.setToolTip(item.text())
    return items


def _people(name: str, words: str, people: list[offices.Person]) -> QComboBox:
    box = QComboBox()
    box.setObjectName(f"handing.{name}")
    box.setAccessibleName(words)
    for person in people:
        gone = "" if person.serves else ", đã thôi việc"
        box.addItem(f"{person.name_and_title}{gone}: {text.format_integer(person.dossiers)} đề án đang làm", person.id)
    return box


def _line(name: str, words: str = "") -> QLineEdit:
    line = QLineEdit(words)
    line.setObjectName(f"handing.{name}")
    return line


def _button(name: str, label: str, run: Callable[[], object]) -> DecisionButton:
    button = DecisionButton(label)
    button.setObjectName(f"handing.{name}")
    button.setAutoDefault(False)
    button.decided.connect(lambda: run())
    return button


def _day(written: str) -> date:
    try:
        return notations.parse_date(written)
    except ValueError as error:
        raise UserError(str(error), code="bad_date", hint="Ví dụ: 30/6/2025.", field="handed_on") from error


def _chosen(receiver: str) -> str:
    if not receiver:
        raise UserError("Chưa chọn người nhận.", code="nobody", field="to_staff")
    return receiver

"""«Thời hạn»: late, due today, this week, later; open the dossier, mark as done, postpone, print."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent, QStandardItemModel
from PySide6.QtWidgets import QPushButton, QVBoxLayout

from kcdesk import text
from kcdesk.errors import KcdeskError
from kcdesk.services.deadlines import due_list, due_owners, icalendar_export, month_sheet
from kcdesk.services.deadlines import listing as deadline_listing
from kcdesk.services.deadlines.due_owners import DueOwner
from kcdesk.services.deadlines.listing import Due, Listing
from kcdesk.services.records.changing import Changes
from kcdesk.services.warnings import foresight
from kcdesk.services.warnings.foresight import Foresight
from kcdesk.ui.dossier.beginning import begin_record
from kcdesk.ui.dossier.filter_chips import Chip
from kcdesk.ui.papers.sheet_dialog import SheetDialog
from kcdesk.ui.planning.due_lines import KEY, described, due_row, heading_row, keys_hint, summary
from kcdesk.ui.planning.due_papers import open_paper
from kcdesk.ui.planning.postponing import ask_to_postpone
from kcdesk.ui.planning.quiet_questions import QuietQuestions
from kcdesk.ui.planning.warnings_page import WarningsPage
from kcdesk.ui.shell import undoing
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.kept_views import keep_view, kept_view
from kcdesk.ui.shell.page import Page, PageCommand
from kcdesk.ui.toolkit.decision_button import push_button
from kcdesk.ui.toolkit.fitting.flow_row import FlowRow
from kcdesk.ui.toolkit.icons import set_icon
from kcdesk.ui.toolkit.sizes import scaled
from kcdesk.ui.toolkit.tables import TitledTable
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, PAGE_MARGIN, labelled

HEADINGS = ("Hạn", "Còn lại", "Việc phải làm", "Hồ sơ", "Đơn vị", "Cán bộ", "Căn cứ")
_WHAT, _BASIS = 2, 6
_ROOM_FOR_BASIS = 1300  # pixels of the page; below that the dossiers and units need the room, and it stands below
_REVIEW = "Cảnh báo, rà soát đề án…"
_VIEW = "deadlines"
_PAPER = "G"  # the key of the paper that is due
_NOBODY = "Chưa giao, không có hồ sơ"
_TONES = {"late": "wrong", "today": "waiting", "week": "", "later": "", "long_late": "wrong"}


class DeadlinesPage(Page):
    """All deadlines by urgency; Enter opens the dossier."""

    help_topic = "deadlines"
    title = "Thời hạn"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self.listing: Listing | None = None
        self._dues: dict[str, Due] = {}
        self._owners: dict[str, DueOwner] = {}
        self.unit = Chip("unit", "Đơn vị", lambda: self._options("unit"))
        self.officer = Chip("officer", "Cán bộ", lambda: self._options("officer"))
        self.grouping = Chip("group", "Xếp theo", [("unit", "Đơn vị", "Đơn vị"), ("officer", "Cán bộ", "Cán bộ")])
        self._chips = (self.unit, self.officer, self.grouping)
        for chip in self._chips:
            chip.changed.connect(self._choose_shown)
        self._kept: dict[str, object] = kept_view(context.settings, _VIEW)  # of the last session, until it is shown
        self.warned = push_button(_REVIEW, "deadlines.warned", lambda: self.page_requested.emit(WarningsPage))
        self._questions = QuietQuestions(context, self)
        self._of_due: dict[str, QPushButton] = {}  # by key, those that do something to the selected deadline
        self.model = QStandardItemModel(self)
        self.table = TitledTable(_WHAT)
        self.table.setObjectName("deadlines")
        self.table.setAccessibleName("Thời hạn")
        self.table.setModel(self.model)
        self.table.setTextElideMode(Qt.TextElideMode.ElideRight)  # the beginning of a text matters most
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.table.activated.connect(lambda _index: self.open_current())
        self.table.selectionModel().currentRowChanged.connect(lambda *_rows: self._update_details())
        self.doubt = labelled(role="problem", wrap=True)
        self.doubt.setObjectName("deadlines.clock")
        self.summary = labelled(role="muted", wrap=True)
        self.detail = labelled(role="help", wrap=True)
        self.detail.setObjectName("deadlines.detail")
        self._lay_out()

    def _lay_out(self) -> None:
        top = FlowRow(FIELD_GAP)
        for chip in self._chips:
            top.add(chip)
        for label, icon, keys, run in (
            ("Đã xong", "check", "Space", self.finish_current),
            ("Hoãn…", "clock", "H", self.postpone_current),
            ("Lập giấy…", "printer", _PAPER, self.open_paper),
            ("In danh sách…", "printer", "", lambda: self.list_dialog().exec()),
            ("Xuất Excel…", "", "", self.export_workbook),
            ("Lịch tháng…", "printer", "", lambda: self.month_dialog().exec()),
            ("Xuất tệp lịch…", "calendar", "", self.export),
        ):
            top.add_right(self._button(label, icon, keys, run))
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_MARGIN, 0, PAGE_MARGIN, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        column.addWidget(top)
        column.addWidget(self.summary)
        column.addWidget(self.doubt)
        column.addWidget(self.warned, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.table, 1)
        column.addWidget(self.detail)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave out the legal basis in a narrow page."""
        super().resizeEvent(event)
        self.table.setColumnHidden(_BASIS, self.width() < scaled(_ROOM_FOR_BASIS))
        self.table.fit_columns()

    def _button(self, label: str, icon: str, keys: str, run: Callable[[], object]) -> QPushButton:
        button = QPushButton(f"{label} ({keys_hint(keys)})" if keys else label)
        if icon:
            set_icon(button, icon)
        button.clicked.connect(lambda: run())
        if keys:
            action = QAction(label, self.table)
            action.setShortcut(QKeySequence(keys))
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            action.triggered.connect(lambda: run())
            self.table.addAction(action)
            self._of_due[keys] = button
        return button

    # -- called by the window --------------------------------------------------------------------------------------

    def main_action(self) -> PageCommand:
        """ "Ghi việc": a task that no rule asks for."""
        return PageCommand("Ghi việc", self.begin_new)

    def commands(self) -> Mapping[str, PageCommand]:
        """Return the commands: new task, print the month."""
        return {"new": self.main_action(), "print": PageCommand("In lịch tháng", lambda: self.month_dialog().exec())}

    def on_show(self) -> None:
        """Update the page and take the focus."""
        self.load()
        self.table.setFocus()

    def refresh(self, _changes: Changes, _initiator: object) -> None:
        """Update: any change may have met a deadline."""
        if self.isVisible():
            self.load()

    # -- actions of the officer ------------------------------------------------------------------------------------

    def begin_new(self) -> None:
        """Create a task and open it."""
        begin_record(self, deadline_listing.TASK)

    def current(self) -> Due | None:
        """Return the selected deadline; None on a heading."""
        index = self.table.currentIndex()
        return self._dues.get(index.siblingAtColumn(0).data(KEY) or "")

    def open_current(self) -> None:
        """Open the dossier of the selected deadline, or the task."""
        due = self.current()
        if due is not None and (due.id or due.task):
            self.open_requested.emit(due.id or due.task)
        elif due is not None and due.papers:
            self.open_paper()
        elif due is not None:
            self.context.messages.notice("Thời hạn này không gắn với một hồ sơ nào. Phím cách: đánh dấu đã xong.")

    def open_paper(self) -> None:
        """Show the paper that is due."""
        due = self.current()
        if due is not None and due.papers:
            open_paper(self.context, due, self)

    def finish_current(self) -> None:
        """Mark the selected deadline as done."""
        due, workspace = self.current(), self.context.workspace
        if due is not None and self.context.act(lambda: deadline_listing.mark_done(workspace, due)) is not None:
            self.context.messages.notice(f"Đã xong: {due.what}.", self._take_back)

    def postpone_current(self) -> None:
        """Postpone the selected deadline; asks for the day and the reason."""
        due = self.current()
        if due is not None:
            ask_to_postpone(self, self.context, due)

    def _take_back(self) -> None:
        undoing.undo(self.context)

    def month_dialog(self) -> SheetDialog:
        """Return the preview of the month sheet: of the selected deadline's month, else of the current month."""
        due, workspace = self.current(), self.context.workspace
        day = due.day if due else workspace.today()
        name = f"Lịch thời hạn {day:%m-%Y}"
        return SheetDialog(
            self.context, month_sheet.LAYOUT, lambda path: month_sheet.print_month(workspace, day, path), name, self
        )

    def shown_dues(self) -> list[Due]:
        """Return the deadlines as they are listed: of the chosen unit and officer, most urgent first."""
        return [due for _name, _label, dues in self._groups() for due in dues]

    def list_dialog(self) -> SheetDialog:
        """Return the preview of the list as it is shown."""
        workspace, dues, owners, heading = self.context.workspace, self.shown_dues(), self._owners, self._heading()
        write = lambda path: due_list.print_dues(workspace, dues, owners, heading, path)  # noqa: E731 - one short act
        return SheetDialog(self.context, due_list.LAYOUT, write, f"Thời hạn {text.slug(heading)}".strip(), self)

    def export_workbook(self) -> None:
        """Write the list as it is shown to a workbook."""
        name = f"Thời hạn {text.slug(self._heading())}".strip()
        path = self.context.messages.save_file(
            "Xuất Excel", f"{name}.xlsx", "Bảng tính Excel (*.xlsx)", purpose="lists"
        )
        if path is None:
            return
        try:
            made = due_list.write_dues(self.context.workspace, self.shown_dues(), self._owners, self._heading(), path)
        except KcdeskError as error:
            self.context.messages.error(error, self.export_workbook)
        else:
            self.context.messages.notice(f"Đã xuất {made['dues']} thời hạn vào {path.name}.")

    def export(self) -> None:
        """Export all deadlines shown for another calendar program."""
        path = self.context.messages.save_file(
            "Xuất tệp lịch", "Thời hạn khuyến công.ics", "Tệp lịch (*.ics)", purpose="lists"
        )
        if path is None or self.listing is None:
            return
        try:
            made = icalendar_export.export(self.context.workspace, self.listing.all, path)
        except KcdeskError as error:
            self.context.messages.error(error, self.export)
        else:
            self.context.messages.notice(f"Đã xuất {made['events']} thời hạn vào {path.name}.")

    # -- inside --------------------------------------------------------------------------------------------------

    def load(self) -> None:
        """Read the deadlines and show them; the same line stays selected."""
        chosen, place = self.current(), self.table.currentIndex().row()
        self.listing = deadline_listing.listing(self.context.workspace)
        self._dues = {due.key: due for due in self.listing.every}
        self._owners = due_owners.owners(self.context.workspace, self.listing.every)
        self._take_up_kept()
        self._questions.ask((foresight.foresights, self._show_warned))
        self._fill(self.listing)
        self._choose(chosen.key if chosen else "", place)
        self.table.fit_columns()
        self.doubt.setText(self.listing.doubt)
        self.doubt.setVisible(bool(self.listing.doubt))
        self.summary.setText(summary(self.listing))
        self.title_changed.emit()

    def _take_up_kept(self) -> None:
        """Choose what was chosen in the last session, as far as it is offered now."""
        for chip in self._chips:
            value = self._kept.get(chip.name)
            if value is not None and chip.offers(value):
                chip.choose(value)
        self._kept = {}

    def _choose_shown(self) -> None:
        """Keep a choice above the list, and show the deadlines again."""
        chosen = {chip.name: chip.value for chip in self._chips if chip.value is not None}
        keep_view(self.context.settings, _VIEW, chosen)
        self._show()

    def _show_warned(self, seen: Sequence[Foresight]) -> None:
        """Show how many proposals will probably have to return money; the button leads to them and the review table."""
        sentences = [each.sentence for each in seen if each.proposals]
        self.warned.setText(f"{'; '.join(sentences)} – xem cảnh báo" if sentences else _REVIEW)

    def _show(self) -> None:
        """Show the deadlines again."""
        chosen, place = self.current(), self.table.currentIndex().row()
        if self.listing is not None:
            self._fill(self.listing)
            self._choose(chosen.key if chosen else "", place)
            self.table.fit_columns()

    def _heading(self) -> str:
        """Whose deadlines are listed, in words; "" for all."""
        chosen = [chip.toolTip() for chip in (self.unit, self.officer) if chip.value is not None]
        return "; ".join(chosen)

    def _options(self, what: str) -> list[tuple[object, str, str]]:
        """The units or officers of the deadlines, by name."""
        pairs = {(getattr(owner, what), getattr(owner, f"{what}_name")) for owner in self._owners.values()}
        named = sorted((pair for pair in pairs if pair[0]), key=lambda pair: text.sort_key(pair[1]))
        return [(value, label, label) for value, label in named]

    def _groups(self) -> list[tuple[str, str, list[Due]]]:
        """(name, label, deadlines) of each group as it is shown: by urgency, by unit, or by officer."""
        assert self.listing is not None, "read before it is shown"
        wanted = (str(self.unit.value or ""), str(self.officer.value or ""))
        groups = [
            (name, label, due_owners.of_owner(dues, self._owners, *wanted)) for name, label, dues in self.listing.groups
        ]
        if self.grouping.value is None:
            return groups
        by_name: dict[str, list[Due]] = {}
        for _name, _label, dues in groups:
            for due in dues:
                owner = self._owners.get(due.id, due_owners.NOBODY)
                by_name.setdefault(str(getattr(owner, f"{self.grouping.value}_name")), []).append(due)
        names = sorted(by_name, key=lambda name: (not name, text.sort_key(name)))
        return [("", name or _NOBODY, by_name[name]) for name in names]

    def _fill(self, listing: Listing) -> None:
        self.model.clear()
        self.table.clearSpans()
        self.model.setHorizontalHeaderLabels(HEADINGS)
        tones = {due.key: _TONES[name] for name, _label, dues in listing.groups for due in dues}
        for _name, label, dues in self._groups():
            if dues:
                self.model.appendRow(heading_row(f"{label}: {len(dues)}", self.palette().text()))
                self.table.setSpan(self.model.rowCount() - 1, 0, 1, len(HEADINGS))
            for due in dues:
                owner = self._owners.get(due.id, due_owners.NOBODY)
                self.model.appendRow(due_row(self.context, due, owner, listing.on, tones[due.key]))

    def _choose(self, key: str, place: int) -> None:
        """Select the line with this key, else the line now at its place, else the first."""
        rows = range(self.model.rowCount())
        matches = [row for row in rows if key and self.model.item(row).data(KEY) == key]
        lines = [row for row in rows if self.model.item(row).data(KEY)]
        after = [row for row in lines if row >= place] if place >= 0 else lines
        for row in (*matches, *after[:1], *lines[-1:]):
            self.table.setCurrentIndex(self.model.index(row, 0))
            return
        self._update_details()

    def _update_details(self) -> None:
        due = self.current()
        self.detail.setText(described(self.context.workspace, due) if due else "")
        for keys, button in self._of_due.items():
            button.setEnabled(due is not None and (keys != _PAPER or bool(due.papers)))

"""«Đơn vị, cơ quan»: the tree of offices on a day; beside it the people of an office and their open work."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QColor, QKeySequence, QResizeEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from kcdesk import notations, text
from kcdesk.runtime.frozen import replace
from kcdesk.services.records import changing
from kcdesk.services.records.changing import Changes
from kcdesk.services.staff import offices, open_work
from kcdesk.services.staff.offices import Office, Person
from kcdesk.ui.dossier.list_page import ListPage
from kcdesk.ui.dossier.lists.list_parts import EmptyState
from kcdesk.ui.papers.preview_dialog import PreviewDialog
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.help_key import show_refusal
from kcdesk.ui.shell.kept_views import keep_splitter
from kcdesk.ui.shell.page import Page, PageCommand
from kcdesk.ui.staff.work_handover_dialog import HandWorkDialog
from kcdesk.ui.toolkit.fitting.flow_row import FlowRow
from kcdesk.ui.toolkit.icons import set_icon
from kcdesk.ui.toolkit.sizes import keep_size, scaled
from kcdesk.ui.toolkit.tables import TitledTable, align_headings
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, PAGE_MARGIN, ROW_HEIGHT, labelled

_ID = Qt.ItemDataRole.UserRole
_DAY_WIDTH = 112
_NAME_WIDTH = 132  # pixels, in the tables on the right
_DUE = 2  # the column of the last day of a proposal
_DAYS = 2  # the column of days, hidden in a narrow tree (tool tips show the days)
_ROOM_FOR_DAYS = 620  # pixels of the tree below which the days are hidden
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class OfficesPage(Page):
    """Shows who works where on a day, and on what; Enter opens a unit, an officer, a proposal."""

    help_topic = "office"
    title = "Đơn vị, cơ quan"
    search_hint = "Tìm đơn vị, cán bộ (Ctrl+F)"

    def __init__(self, context: Context) -> None:
        super().__init__(context)
        self._searched = ""
        self._people: list[Person] = []
        self.day = QLineEdit(text.format_date(context.workspace.today()))
        self.day.setObjectName("offices.day")
        self.day.setAccessibleName("Xem vào ngày")
        keep_size(self.day, fixed_width=_DAY_WIDTH)
        self.day.editingFinished.connect(self.load)
        self.ended = QCheckBox("Cả đơn vị, cán bộ đã kết thúc")
        self.ended.setObjectName("offices.ended")
        self.ended.toggled.connect(self.load)
        self.problem = labelled(role="problem")
        self.tree = self._tree()
        self.people = _table("offices.people", "Cán bộ")
        self.dossiers = _table("offices.dossiers", "Đề án đang làm")
        self.people_summary = labelled(role="section", wrap=True)
        self.dossiers_summary = labelled(role="section", wrap=True)
        self.empty = EmptyState()
        self._wire()
        self._lay_out()

    def _tree(self) -> QTreeWidget:
        tree = QTreeWidget()
        tree.setObjectName("offices.tree")
        tree.setAccessibleName("Cây đơn vị")
        tree.setHeaderLabels(("Đơn vị", "Cấp", "Hoạt động", "Cán bộ", "Đề án"))
        tree.setUniformRowHeights(True)
        tree.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        tree.setTextElideMode(Qt.TextElideMode.ElideRight)
        header = tree.header()
        header.setStretchLastSection(False)
        header.setTextElideMode(Qt.TextElideMode.ElideRight)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in range(1, 5):  # short texts and numbers: the name column gets the rest
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        align_headings(tree.model(), (3, 4), _RIGHT)
        return tree

    def _wire(self) -> None:
        self.tree.currentItemChanged.connect(lambda *_items: self._show_people())
        self.tree.itemActivated.connect(lambda item, _column: self._open(item.data(0, _ID)))
        self.people.selectionModel().currentRowChanged.connect(lambda *_rows: self._show_dossiers())
        for table in (self.people, self.dossiers):
            table.activated.connect(lambda index: self._open(index.siblingAtColumn(0).data(_ID)))
        hand_over = QAction("Bàn giao công việc…", self.people)
        hand_over.setShortcut(QKeySequence("B"))
        hand_over.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        hand_over.triggered.connect(self.hand_over)
        self.people.addAction(hand_over)
        self.people.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.empty.button.decided.connect(self.begin_new)

    def _lay_out(self) -> None:
        top = FlowRow()
        top.add(labelled("Xem vào ngày", "muted"))
        top.add(self.day)
        top.add(self.ended)
        top.add(self.problem)
        for name, label, icon, run in (
            ("add_person", "Thêm cán bộ", "user", self.add_person),
            ("hand_over", "Bàn giao công việc…", "send", self.hand_over),
        ):
            top.add_right(_button(name, label, icon, run))
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(FIELD_GAP, 0, 0, 0)
        column.setSpacing(FIELD_GAP)
        column.addWidget(self.people_summary)
        column.addWidget(self.people, 1)
        column.addWidget(self.dossiers_summary)
        column.addWidget(self.dossiers, 1)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.addWidget(self.tree)
        self._splitter.addWidget(right)
        self._splitter.setStretchFactor(0, 11)
        self._splitter.setStretchFactor(1, 9)
        keep_splitter(self._splitter, self.context.settings, "offices.splitter")
        self._body = QStackedWidget()
        self._body.addWidget(self._splitter)
        self._body.addWidget(self.empty)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(PAGE_MARGIN, 0, PAGE_MARGIN, GROUP_GAP)
        whole.setSpacing(FIELD_GAP)
        whole.addWidget(top)
        whole.addWidget(self._body, 1)

    # -- called by the window --------------------------------------------------------------------------------------

    def main_action(self) -> PageCommand:
        """ "Thêm đơn vị, cơ quan"."""
        return PageCommand("Thêm đơn vị", self.begin_new)

    def commands(self) -> Mapping[str, PageCommand]:
        """Return the commands: new unit, new officer, work hand-over."""
        return {
            "new": self.main_action(),
            "add_person": PageCommand("Thêm cán bộ", self.add_person),
            "hand_over": PageCommand("Bàn giao công việc…", self.hand_over),
        }

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show only the names in a narrow tree; tool tips show the days."""
        super().resizeEvent(event)
        self._splitter.setSizes([self.width() * 11 // 20, self.width() * 9 // 20])
        self.tree.setColumnHidden(_DAYS, self.width() * 11 // 20 < _ROOM_FOR_DAYS)

    def search(self, words: str) -> None:
        """Show only units whose name contains the text, or with such an officer."""
        self._searched = text.fold(words)
        self.load()

    def search_text(self) -> str:
        """Return the search text."""
        return self._searched

    def on_show(self) -> None:
        """Update the page and take the focus."""
        self.load()
        (self.tree if self.tree.topLevelItemCount() else self.empty.button).setFocus()

    def refresh(self, _changes: Changes, _initiator: object) -> None:
        """Update: any change may concern offices, officers or their work."""
        if self.isVisible():
            self.load()

    # -- actions of the officer ------------------------------------------------------------------------------------

    def begin_new(self) -> None:
        """Create a unit below the selected one and open it."""
        above = "" if self._is_extra() else self.current_office()
        self._begin("office", {"above": above} if above else {})

    def add_person(self) -> None:
        """Create an officer in the selected unit and open the record."""
        office = "" if self._is_extra() else self.current_office()
        self._begin("staff", {"office": office} if office else {})

    def _begin(self, kind: str, values: Mapping[str, str]) -> None:
        self._open(self.context.attempt(lambda: changing.begin(self.context.workspace, kind, values)))

    def hand_over(self) -> None:
        """Hand over the work of the selected officer; the hand-over record can be printed at once."""
        dialog = self.hand_over_dialog()
        if dialog.exec() and dialog.made:
            show_record(self.context, dialog.made, self)

    def hand_over_dialog(self) -> HandWorkDialog:
        """Return the dialog with the selected officer as the giver."""
        return HandWorkDialog(self.context, self.current_person(), self)

    def current_office(self) -> str:
        """Return the id of the selected unit; "" for none."""
        item = self.tree.currentItem()
        return item.data(0, _ID) if item is not None else ""

    def current_person(self) -> str:
        """Return the id of the selected officer; "" for none."""
        return self.people.currentIndex().siblingAtColumn(0).data(_ID) or ""

    # -- inside --------------------------------------------------------------------------------------------------

    def load(self) -> None:
        """Read the tree of the day; unit and officer stay selected."""
        kept = self.current_office()
        lines = self._lines()
        self.tree.clear()
        above: list[QTreeWidgetItem] = []
        for line in lines:
            item = _item(line)
            del above[line.depth :]
            (above[-1].addChild if above else self.tree.addTopLevelItem)(item)
            above.append(item)
        self.tree.expandAll()
        self._choose(kept)
        self.empty.show_text("Chưa có đơn vị, cán bộ nào vào ngày này. Ctrl+N để thêm đơn vị đầu tiên.", "Thêm đơn vị")
        self._body.setCurrentWidget(self._splitter if lines else self.empty)
        self.title_changed.emit()

    def _lines(self) -> list[Office]:
        """Return the tree; during a search only the matching units, without their levels."""
        workspace, on, ended = self.context.workspace, self._on(), self.ended.isChecked()
        lines = [*offices.tree(workspace, on, ended=ended), *offices.other_lines(workspace)]
        if not self._searched:
            return lines
        named = {person.office for person in offices.everybody(workspace, on) if self._matches(person.name_and_title)}
        matches = [line for line in lines if self._matches(line.name) or line.id in named]
        return [_flat(line) for line in matches]

    def _matches(self, name: str) -> bool:
        return self._searched in text.fold(name)

    def _on(self) -> date:
        try:
            day = notations.parse_date(self.day.text())
        except ValueError as error:
            show_refusal(self.problem, error, tried=False)
            return self.context.workspace.today()
        self.problem.setText("")
        return day

    def _choose(self, id_: str) -> None:
        items = self.tree.findItems("", Qt.MatchFlag.MatchContains | Qt.MatchFlag.MatchRecursive)
        wanted = next((item for item in items if item.data(0, _ID) == id_), self.tree.topLevelItem(0))
        if wanted is not None:
            self.tree.setCurrentItem(wanted)
        self._show_people()

    def _show_people(self) -> None:
        item, workspace = self.tree.currentItem(), self.context.workspace
        kept = self.current_person()
        ended = self.ended.isChecked()
        is_office = item is not None and not self._is_extra()
        people = offices.people(workspace, self.current_office(), self._on(), ended=ended) if is_office else []
        self.people_summary.setText(item.text(0) if item else "")
        _fill(self.people, ("Cán bộ", "Chức vụ", "Thời gian", "Đề án"), [_person_row(person) for person in people])
        places = [place for place, person in enumerate(people) if person.id == kept]
        if people:
            self.people.setCurrentIndex(self.people.model().index(places[0] if places else 0, 0))
        self._show_dossiers()

    def _show_dossiers(self) -> None:
        person, workspace = self.current_person(), self.context.workspace
        is_unassigned = self.current_office() == offices.UNASSIGNED
        dossiers = open_work.open_of(workspace, person) if person or is_unassigned else []
        name = self.people.currentIndex().siblingAtColumn(0).data() if person else ""
        sentence = (
            f"{name}: {text.format_integer(len(dossiers))} đề án đang làm" if person else "Chưa có cán bộ nào ở đây."
        )
        if is_unassigned:
            sentence = f"{text.format_integer(len(dossiers))} đề án đang làm chưa có cán bộ phụ trách"
        self.dossiers_summary.setText(sentence)
        rows = [(dossier.id, (dossier.title, dossier.stage, _date(dossier.due_on))) for dossier in dossiers]
        _fill(self.dossiers, ("Đề án", "Đang ở bước", "Hạn"), rows)
        today = workspace.today().isoformat()
        late = [place for place, dossier in enumerate(dossiers) if dossier.due_on and dossier.due_on < today]
        _redden(self.dossiers, late, _DUE, QColor(self.context.theme.colours.tone("wrong")))

    def _is_extra(self) -> bool:
        """Return whether the selected line is no office: a known unit, or the proposals without an officer."""
        return self.current_office().startswith((offices.KNOWN_UNIT, offices.UNASSIGNED))

    def _open(self, id_: str | None) -> None:
        if id_ and id_.startswith(offices.KNOWN_UNIT):
            self._begin("office", offices.values_of_known(self.context.workspace, id_))
        elif id_ and id_ != offices.UNASSIGNED:
            self.open_requested.emit(id_)


class WorkHandoversPage(ListPage):
    """The register of work hand-overs; a new one is made by the dialog that lists the open work."""

    def begin_new(self) -> None:
        """Open the dialog of a new work hand-over."""
        dialog = HandWorkDialog(self.context, "", self)
        if dialog.exec() and dialog.made:
            show_record(self.context, dialog.made, self)


def show_record(context: Context, id_: str, parent: QWidget) -> None:
    """Show the print preview of a work hand-over."""
    PreviewDialog(context, id_, parent).exec()


def _flat(line: Office) -> Office:
    return replace(line, depth=0)


def _item(line: Office) -> QTreeWidgetItem:
    numbers = [text.format_integer(number) if number else "" for number in (line.people, line.dossiers)]
    item = QTreeWidgetItem([line.name, line.level, _span(line.first, line.last), *numbers])
    item.setData(0, _ID, line.id)
    item.setSizeHint(0, QSize(0, scaled(ROW_HEIGHT)))
    for column in range(5):
        item.setToolTip(column, " · ".join(filter(None, (line.name, line.level, _span(line.first, line.last)))))
    for column in (3, 4):
        item.setTextAlignment(column, _RIGHT)
    return item


def _person_row(person: Person) -> tuple[str, tuple[str, ...]]:
    number = text.format_integer(person.dossiers) if person.dossiers else ""
    return person.id, (person.name, person.title, _span(person.first, person.last), number)


def _span(first: str, last: str) -> str:
    """Return «từ 01/7/2025», «đến 30/6/2025», «01/7/2025 – 31/12/2025»."""
    if first and last:
        return f"{_date(first)} – {_date(last)}"
    return f"từ {_date(first)}" if first else f"đến {_date(last)}" if last else ""


def _date(stored: str) -> str:
    return text.format_date(date.fromisoformat(stored)) if stored else ""


def _table(name: str, words: str) -> TitledTable:
    table = TitledTable(0, _NAME_WIDTH)
    table.setObjectName(name)
    table.setAccessibleName(words)
    table.setModel(QStandardItemModel(table))
    return table


def _fill(table: TitledTable, headings: tuple[str, ...], rows: Sequence[tuple[str, tuple[str, ...]]]) -> None:
    model = table.model()
    assert isinstance(model, QStandardItemModel), "`_table` gave it such a model"
    model.clear()
    model.setHorizontalHeaderLabels(headings)
    for id_, words in rows:
        items = [QStandardItem(word) for word in words]
        items[0].setData(id_, _ID)
        for item in items:
            item.setToolTip(item.text())
        model.appendRow(items)
    table.fit_columns()


def _redden(table: TitledTable, rows: Sequence[int], column: int, colour: QColor) -> None:
    """Give a cell of some rows the colour of what is late."""
    model = table.model()
    assert isinstance(model, QStandardItemModel), "`_table` gave it such a model"
    for row in rows:
        model.item(row, column).setForeground(colour)


def _button(name: str, label: str, icon: str, run: Callable[[], None]) -> QPushButton:
    button = QPushButton(label)
    button.setObjectName(f"offices.{name}")
    set_icon(button, icon)
    button.clicked.connect(lambda: run())
    return button

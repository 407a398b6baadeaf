"""A vote of typical products: its dossier, and «Bảng điểm» where products are registered, scored, ranked, certified."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QResizeEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from kcdesk import text
from kcdesk.errors import IncompleteError, KcdeskError, Problem
from kcdesk.services.records import changing
from kcdesk.services.records.changing import Changes
from kcdesk.services.votes import boards
from kcdesk.services.votes.boards import Board, BoardLine, ScoreCell
from kcdesk.ui.dossier.choice_list import ChoiceLine, ChoiceList
from kcdesk.ui.dossier.dossier_page import DossierPage
from kcdesk.ui.dossier.lists.list_parts import EmptyState
from kcdesk.ui.papers.sheet_dialog import SheetDialog
from kcdesk.ui.shell import undoing
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.help_key import show_refusal
from kcdesk.ui.shell.kept_views import keep_splitter
from kcdesk.ui.shell.page import Page, PageCommand
from kcdesk.ui.shell.small_dialogs import AskedField, FieldsQuestion
from kcdesk.ui.toolkit.icons import set_icon
from kcdesk.ui.toolkit.tables import TitledTable
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, PAGE_MARGIN, labelled, set_tone
from kcdesk.ui.votes import board_words
from kcdesk.ui.votes.score_grid import ScoreGrid, ScoreModel
from kcdesk.ui.votes.vote_dialogs import CertifyDialog, RegisterDialog, sheet_commands

_ID = Qt.ItemDataRole.UserRole
_PRODUCT = 2
_PRODUCT_WIDTH = 160
_GROUP, _ROOM_FOR_GROUP = 3, 1060  # the group column, hidden when the page is narrower than this, in pixels
_PRINT = "In giấy chứng nhận…"
_HEADINGS = ("Hạng", "Mã số", "Sản phẩm", "Nhóm", "Điểm", "Kết quả")


class ProductVotePage(DossierPage):
    """The dossier of a vote, with a command that opens its board."""

    def _lay_out(self) -> None:
        super()._lay_out()
        self._top.addWidget(board_button("board", "Bảng điểm", "list-checks", self.show_board))

    def commands(self) -> Mapping[str, PageCommand]:
        """Return the dossier's commands and the board."""
        return {"board": PageCommand("Bảng điểm", self.show_board), **super().commands()}

    def _main_command(self) -> PageCommand | None:
        """Return the next step; of a recognised vote, giving the certificates that are still owed."""
        step = super()._main_command()
        return step if step or not self._outlook.must else PageCommand("Cấp giấy chứng nhận…", self.show_board)

    def show_board(self) -> None:
        """Open the board over the dossier."""
        self.form.flush()
        self.page_requested.emit(lambda context: VoteBoardPage(context, self.record_id))


class VoteBoardPage(Page):
    """Products on the left, the points of the selected one on the right; Enter goes from cell to cell, then on."""

    help_topic = "vote_board"

    def __init__(self, context: Context, vote_id: str) -> None:
        super().__init__(context)
        self.vote_id = vote_id
        self._loading = False  # whether the list is being filled; a cell may be open meanwhile
        self.board: Board = boards.board(context.workspace, vote_id)
        self.title = f"Bảng điểm: {self.board.vote.title()}"
        self.products = TitledTable(_PRODUCT, _PRODUCT_WIDTH)
        self.products.setObjectName("vote.products")
        self.products.setAccessibleName("Sản phẩm dự bình chọn")
        self._rows = QStandardItemModel(self)
        self.products.setModel(self._rows)
        self.model = ScoreModel(context.theme, self)
        self.grid = ScoreGrid(self.model)
        self.summary = labelled(role="muted", wrap=True)
        self.name, self.facts = labelled(role="section", wrap=True), labelled(role="muted", wrap=True)
        self.result = labelled(role="strong", wrap=True)
        self.problem = labelled(role="problem", wrap=True)
        self.problem.setObjectName("vote.problem")
        self._gaps: list[Problem] = []
        self.gaps = ChoiceList()
        self.gaps.setObjectName("vote.gaps")
        self.gaps.setAccessibleName("Các sản phẩm còn thiếu")
        self.gaps.chosen.connect(self.mend)
        self.gaps.hide()
        keys = "Gõ điểm rồi Enter sang ô sau, hết phiếu thì sang sản phẩm sau; dán được từ Excel; Delete xoá ô."
        self.help = labelled(keys, "help", wrap=True)
        self.empty = EmptyState()
        self._buttons: dict[str, QPushButton] = {}
        self._wire()
        self._lay_out()
        self._load("")

    def _wire(self) -> None:
        self.products.selectionModel().currentRowChanged.connect(lambda *_rows: self._turn())
        self.products.activated.connect(lambda _index: self.grid.begin())
        self.model.typed.connect(self.write)
        self.grid.finished.connect(self.next_product)
        self.empty.button.decided.connect(self.register)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(FIELD_GAP)
        top.addWidget(self.summary, 1)
        for name, label, icon, run in (
            ("register", "Đăng ký sản phẩm…", "plus", self.register),
            ("sheets", "In phiếu chấm…", "printer", lambda: self.sheets_dialog().exec()),
            ("certify", "Cấp giấy chứng nhận…", "file-check", self.certify),
            ("certificates", _PRINT, "printer", self.print_certificates),
        ):
            self._buttons[name] = board_button(name, label, icon, run)
            top.addWidget(self._buttons[name])
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(FIELD_GAP, 0, 0, 0)
        column.setSpacing(FIELD_GAP)
        for widget, stretch in (
            *((self.name, 0), (self.facts, 0), (self.grid, 1)),
            *((self.result, 0), (self.problem, 0), (self.gaps, 0), (self.help, 0)),
        ):
            column.addWidget(widget, stretch)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.setChildrenCollapsible(False)
        splitter.addWidget(self.products)
        splitter.addWidget(right)
        splitter.setStretchFactor(0, 1)
        splitter.setStretchFactor(1, 1)
        splitter.setSizes([1000, 1000])  # equal parts, whatever the width
        keep_splitter(splitter, self.context.settings, "vote.splitter")
        self._body = QStackedWidget()
        self._body.addWidget(splitter)
        self._body.addWidget(self.empty)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(PAGE_MARGIN, 0, PAGE_MARGIN, GROUP_GAP)
        whole.setSpacing(FIELD_GAP)
        whole.addLayout(top)
        whole.addWidget(self._body, 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide the group column on a narrow page; the group is then shown above the grid."""
        super().resizeEvent(event)
        self.products.setColumnHidden(_GROUP, self.width() < _ROOM_FOR_GROUP)
        self.products.fit_columns()

    # -- called by the window --------------------------------------------------------------------------------------

    def main_action(self) -> PageCommand | None:
        """Return closing the scores; then the decision that recognises them, giving the certificates, printing them."""
        lines = self.board.lines
        if any(line.is_open for line in lines):
            return PageCommand("Chốt điểm", self.close_scores)
        awaits = any(line.awaits_result for line in lines)
        if awaits and not self.board.is_recognised:
            decide = partial(self.field_requested.emit, self.vote_id, "decision_number")
            return PageCommand("Ghi quyết định công nhận…", decide)
        if awaits:
            return PageCommand("Cấp giấy chứng nhận…", self.certify)
        return PageCommand(_PRINT, self.print_certificates) if self.board.is_recognised and lines else None

    def commands(self) -> Mapping[str, PageCommand]:
        """Return the commands for all products; "new" registers products."""
        commands = sheet_commands(self.context, self, lambda: self.sheets_dialog().exec())
        register = {"new": PageCommand("Đăng ký sản phẩm…", self.register)} if self.board.takes_products else {}
        return {**register, **commands}

    def on_show(self) -> None:
        """Update the page and focus the points."""
        self._load(self.current_id())
        (self.grid.begin if self.board.lines else self.empty.button.setFocus)()

    def refresh(self, _changes: Changes, initiator: object) -> None:
        """Update after a change by another page or an undo."""
        if initiator is not self:
            self._load(self.current_id())

    # -- actions of the officer ------------------------------------------------------------------------------------

    def current_id(self) -> str:
        """Return the id of the selected entry; "" for none."""
        return self.products.currentIndex().siblingAtColumn(0).data(_ID) or ""

    def current(self) -> BoardLine | None:
        """Return the selected product as it is now."""
        return next((line for line in self.board.lines if line.id == self.current_id()), None)

    def write(self, cells: Mapping[ScoreCell, str]) -> None:
        """Store points; a text that cannot be stored stays in its cell, with the reason below."""
        workspace, entry = self.context.workspace, self.current_id()
        try:
            changes = boards.write_scores(workspace, entry, cells)
        except KcdeskError as error:
            self.model.held |= cells
            show_refusal(self.problem, error, f"Chưa ghi được điểm: {error.sentence()}")
            self.model.show(self.board, self.current())
            return
        for cell in cells:
            self.model.held.pop(cell, None)
        self.problem.setText("")
        self.context.announce(changes, self)
        self._load(entry)

    def next_product(self) -> None:
        """Go to the first empty cell of the next product; after the last one to the list."""
        row = self.products.currentIndex().row() + 1
        if row < self._rows.rowCount():
            self.products.setCurrentIndex(self._rows.index(row, 0))
            self.grid.begin()
        else:
            self.products.setFocus()

    def register(self) -> None:
        """Register products for the vote."""
        workspace, vote = self.context.workspace, self.vote_id
        asks = boards.asks_certificates(workspace, vote)
        dialog = RegisterDialog(boards.candidates(workspace, vote), self, asks_certificates=asks)
        if dialog.exec():
            self._act(lambda: boards.register(workspace, vote, dialog.ticked(), dialog.certificates()))

    def close_scores(self) -> None:
        """Make every product's points final."""
        self._act(lambda: boards.close_scores(self.context.workspace, self.vote_id))

    def certify(self) -> None:
        """Give the certificates; asks for the first number and the day."""
        dialog = CertifyDialog(self.context.workspace, self.board, self)
        if dialog.exec():
            number, on = dialog.number(), dialog.on()
            self._act(lambda: boards.certify(self.context.workspace, self.vote_id, number, on))

    def print_certificates(self) -> None:
        """Show all certificates of the vote, to be printed."""
        self.certificates_dialog().exec()

    def sheets_dialog(self) -> SheetDialog:
        """Return the preview of the score sheets of every product for every judge."""
        return self._sheet("product_score_sheet", boards.print_sheets, "Phiếu chấm điểm")

    def certificates_dialog(self) -> SheetDialog:
        """Return the preview of all certificates of the vote."""
        return self._sheet(boards.CERTIFICATE, boards.print_certificates, "Giấy chứng nhận")

    def _sheet(self, layout: str, write: Callable[..., object], name: str) -> SheetDialog:
        workspace = self.context.workspace
        return SheetDialog(self.context, layout, lambda path: write(workspace, self.vote_id, path), name, self)

    def _act(self, use_case: Callable[[], Changes]) -> None:
        try:
            changes = use_case()
        except IncompleteError as error:
            self._show_gaps(error.problems)
            self.gaps.setFocus()
            return
        except KcdeskError as error:
            show_refusal(self.problem, error)
            return
        self._show_gaps([])
        self.problem.setText("")
        self.context.announce(changes)
        self.context.messages.notice(f"{changes.action}.", partial(undoing.undo, self.context))

    def mend(self, gap: Problem) -> None:
        """Go to what lacks something: a product's points, or its empty field, which is asked for; another dossier."""
        if gap.record and all(gap.record != line.id for line in self.board.lines):
            self.field_requested.emit(gap.record, gap.there)
            return
        if gap.record:
            self._load(gap.record)
        entry = self.context.workspace.store.record(gap.record) if gap.record else None
        if entry is None or "/" in gap.field or not gap.field or entry.field(gap.field).columns:
            self.grid.begin()
            return
        field = entry.field(gap.field)
        asked = (AskedField(field.name, field.label, entry.text(field.name)),)
        detail = f"{entry.title()}. {field.help}".strip()
        dialog = FieldsQuestion("Ghi phần còn thiếu", asked, "Ghi", "Thôi", self, detail=detail)
        changes = dialog.perform(lambda answers: changing.set_values(self.context.workspace, entry.id, answers))
        if changes is not None:
            self.context.announce(changes)
            self._show_gaps([left for left in self._gaps if left != gap])

    def _show_gaps(self, gaps: Sequence[Problem]) -> None:
        """List what the products lack; a click leads there."""
        self._gaps = list(gaps)
        red = QBrush(self.context.theme.colours.tone("wrong"))
        self.gaps.show_choices([ChoiceLine(gap.message, gap, colour=red) for gap in gaps])
        self.gaps.setVisible(bool(gaps))

    # -- inside --------------------------------------------------------------------------------------------------

    def _load(self, chosen: str) -> None:
        cell = self.grid.currentIndex()
        place = (cell.row(), cell.column())
        self.board = boards.board(self.context.workspace, self.vote_id)
        self._loading = True
        self._rows.clear()
        self._rows.setHorizontalHeaderLabels(_HEADINGS)
        lines = self._in_order()
        for line in lines:
            self._rows.appendRow(self._row(line))
        self.products.setColumnHidden(_GROUP, self.width() < _ROOM_FOR_GROUP)
        self.products.fit_columns()
        row = next((row for row, line in enumerate(lines) if line.id == chosen), 0)
        if lines:
            self.products.setCurrentIndex(self._rows.index(row, 0))
        self._loading = False
        self._show_line()
        if place[0] >= 0:
            self.grid.setCurrentIndex(self.model.index(*place))
        self._offer()
        self.title_changed.emit()

    def _in_order(self) -> list[BoardLine]:
        """Return the products by number while scores are open, so that rows do not move; then the best first."""
        if any(line.is_open for line in self.board.lines):
            return sorted(self.board.lines, key=lambda line: (line.number, line.id))
        return list(self.board.lines)

    def _row(self, line: BoardLine) -> list[QStandardItem]:
        points = text.format_decimal(line.average) if line.average else ""
        words = (str(line.rank or ""), line.number, line.product, line.group_label, points, board_words.outcome(line))
        items = [QStandardItem(word) for word in words]
        items[0].setData(line.id, _ID)
        for item in items:
            item.setToolTip(f"{line.product} – {line.maker}" if line.maker else line.product)
        items[4].setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        items[5].setForeground(QColor(self.context.theme.colours.tone(board_words.tone(line))))
        return items

    def _turn(self) -> None:
        """Show another selected product; selection changes while the list is being filled are ignored."""
        if not self._loading:
            self._show_line()

    def _show_line(self) -> None:
        line = self.current()
        self.model.show(self.board, line)
        self.name.setText(board_words.shortened(f"{line.number}. {line.product}") if line else "")
        facts = (board_words.shortened(line.maker), line.group_label, line.state_label) if line else ()
        self.facts.setText(" · ".join(filter(None, facts)))
        for label, whole in ((self.name, line.product), (self.facts, line.maker)) if line else ():
            label.setToolTip(whole)
        self.result.setText(board_words.line_sentence(line) if line else "")
        set_tone(self.result, board_words.tone(line) if line else "neutral")

    def _offer(self) -> None:
        lines = self.board.lines
        self.summary.setText(self.board.sentence if self.board.lines else "")
        self._buttons["sheets"].setEnabled(bool(self.board.lines and self.board.judges))
        is_scoring = any(line.is_open for line in lines)
        self._buttons["certify"].setVisible(is_scoring or not lines)  # later it is the main action
        self._buttons["certify"].setEnabled(any(line.awaits_result for line in lines))
        is_over = self.board.is_recognised and bool(lines) and not any(line.awaits_result for line in lines)
        self._buttons["certificates"].setVisible(not is_over)  # then it is the main action
        self._buttons["certificates"].setEnabled(any(line.is_certified for line in lines))
        self._buttons["register"].setVisible(self.board.takes_products)
        self.help.setVisible(is_scoring)
        self.empty.show_text("Chưa có sản phẩm nào dự bình chọn.", "Đăng ký sản phẩm…")
        self._body.setCurrentIndex(0 if self.board.lines else 1)
        if not self.board.judges:
            self.problem.setText("Chưa có ban giám khảo: hãy nhập ở hồ sơ kỳ bình chọn trước khi chấm điểm.")


def board_button(name: str, label: str, icon: str, run: Callable[[], object]) -> QPushButton:
    """Return a button of the page with an icon."""
    button = QPushButton(label)
    button.setObjectName(f"vote.{name}")
    set_icon(button, icon)
    button.clicked.connect(lambda: run())
    return button

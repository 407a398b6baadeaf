"""The records of a person: ticked, each with its places; printed, opened, restricted, erased."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from kcdesk.progress import Progress
from kcdesk.services.personal import people, rights
from kcdesk.services.personal.own_sentences import OwnSentence
from kcdesk.services.personal.people import PersonData, PersonPlace
from kcdesk.services.personal.rights import Standing
from kcdesk.services.workspace import Workspace
from kcdesk.text import format_integer
from kcdesk.ui.papers.sheet_dialog import SheetDialog
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.kept_views import keep_splitter
from kcdesk.ui.shell.page import PageCommand
from kcdesk.ui.toolkit import ticked_lists
from kcdesk.ui.toolkit.decision_button import decision_button, push_button
from kcdesk.ui.toolkit.fitting.flow_row import FlowRow
from kcdesk.ui.toolkit.lines_table import LinesTable, TableLine
from kcdesk.ui.toolkit.tables import TitledTable
from kcdesk.ui.toolkit.theme import FIELD_GAP, labelled

HEADINGS = ("Hồ sơ", "Loại", "Được xoá chưa")
PLACES = ("Dữ liệu", "Mục", "Ở đâu", "Ngày")
PersonAnswer = tuple[PersonData, Mapping[str, Standing]]  # what a search gives, and which records may be erased
SENTENCES = "own_sentences"  # stands for the id of a record where the sentences of the office are one line
_LAYOUT = "person_data"
_EMPTY = (
    "Gõ họ tên, số căn cước, điện thoại hoặc thư điện tử của một người rồi bấm Enter: chương trình tìm mọi chỗ có dữ "
    "liệu về người ấy, cả giá trị trước đây, giấy đã chốt, tệp và gói đã gửi."
)
_NOBODY = "Kho này không có dữ liệu nào về «{}». In giấy trả lời người ấy bằng nút dưới đây được."
_SEEKING = "Đang tìm dữ liệu về «{}»… Bấm «Dừng» ở góc dưới nếu muốn thôi; các trang khác vẫn dùng được."
_STOPPED = "Đã dừng khi chưa tìm xong. Bấm «Tìm» để tìm lại từ đầu."
_HINT = "ai yêu cầu, ngày nào, theo văn bản nào"


class PersonRecords(QWidget):
    """The found records; nothing is ticked at first, because two people may have one name.

    Signals:
        opened: a record is to be opened; carries its id.
        erased: values were erased, or records restricted; carries the changes.
    """

    opened = Signal(str)
    erased = Signal(object)

    def __init__(self, context: Context) -> None:
        super().__init__()
        self._context = context
        self.held = PersonData((), ())
        self._standings: Mapping[str, Standing] = {}
        self.model = QStandardItemModel(self)
        self.table = TitledTable(0)
        self.table.setObjectName("person.records")
        self.table.setAccessibleName("Hồ sơ có dữ liệu về người này")
        self.table.setModel(self.model)
        self.table.selectionModel().currentRowChanged.connect(lambda *_rows: self._show_places())
        self.table.activated.connect(lambda _index: self.open_record())
        self.model.itemChanged.connect(lambda _item: self._allow())
        QShortcut(QKeySequence("Space"), self.table, self._toggle, context=Qt.ShortcutContext.WidgetShortcut)
        self.places = LinesTable("person.places", PLACES, 0, context.theme, whole={3})
        self.places.setAccessibleName("Dữ liệu trong hồ sơ đang chọn")
        self.detail = labelled(role="help", wrap=True)
        self.detail.setObjectName("person.detail")
        self.message = labelled(_EMPTY, "muted", wrap=True)
        self.message.setObjectName("person.message")
        self.printer = push_button("In cho người ấy…", "person.print", self.print_held)
        self.opener = push_button("Mở hồ sơ để sửa", "person.open", self.open_record)
        self.restrictor = decision_button("Chỉ lưu giữ…", "person.restrict", self.restrict)
        self.lifter = decision_button("Cho dùng lại…", "person.lift", self.lift)
        self.eraser = decision_button("Xoá dữ liệu…", "person.erase", self.erase)
        self._lay_out()
        self.show_nobody()

    def _lay_out(self) -> None:
        acts = FlowRow(FIELD_GAP)
        for button in (self.printer, self.opener, self.restrictor, self.lifter, self.eraser):
            acts.add(button)
        lower = QWidget()
        column = QVBoxLayout(lower)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(FIELD_GAP)
        column.addWidget(self.detail)
        column.addWidget(self.places, 1)
        self._parts = QSplitter(Qt.Orientation.Vertical)
        self._parts.setChildrenCollapsible(False)
        self._parts.addWidget(self.table)
        self._parts.addWidget(lower)
        keep_splitter(self._parts, self._context.settings, "person")
        blank = QWidget()
        middle = QVBoxLayout(blank)
        middle.addStretch(2)
        middle.addWidget(self.message)
        middle.addStretch(3)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._body = QStackedWidget()
        self._body.addWidget(blank)
        self._body.addWidget(self._parts)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, FIELD_GAP, 0, 0)
        whole.setSpacing(FIELD_GAP)
        whole.addWidget(self._body, 1)
        whole.addWidget(acts)

    def show_nobody(self) -> None:
        """Show that nobody has been looked for."""
        self.show_held(PersonData((), ()), {})

    def show_held(self, held: PersonData, standings: Mapping[str, Standing]) -> None:
        """Show the records of what was found; what was ticked stays ticked."""
        ticked, current = set(ticked_lists.ticked(self.model)), self._current()
        self.held, self._standings = held, standings
        restricted = self._context.workspace.store.personal.restrictions()
        self.model.clear()
        self.model.setHorizontalHeaderLabels(HEADINGS)
        for record, standing in self._standings.items():
            self._add(record, standing, is_ticked=record in ticked, is_restricted=record in restricted)
        if held.sentences:
            self._append(SENTENCES, ("Câu thường dùng của đơn vị", "Câu gợi ý", "Được xoá"), SENTENCES in ticked)
        rows = [*self._standings, *([SENTENCES] if held.sentences else [])]
        if rows:
            self.table.setCurrentIndex(self.model.index(rows.index(current) if current in rows else 0, 0))
            self.table.fit_columns()
        self.message.setText(_NOBODY.format("; ".join(held.asked)) if held.asked else _EMPTY)
        self._body.setCurrentIndex(1 if rows else 0)
        self._show_places()
        self._allow()

    def show_search(self, words: Sequence[str]) -> None:
        """Show nobody while somebody else is looked for."""
        self.show_nobody()
        self.message.setText(_SEEKING.format("; ".join(words)))

    def show_stopped(self) -> None:
        """Say that the search did not come to its end; what was found before stays."""
        if not self.held.asked:
            self.message.setText(_STOPPED)

    def _add(self, record: str, standing: Standing, *, is_ticked: bool, is_restricted: bool) -> None:
        workspace = self._context.workspace
        label = workspace.forms.by_reference(workspace.store.get(record).form).label
        state = "Được xoá" if standing.may_erase else f"Giữ đến {standing.until}" if standing.until else "Còn phải giữ"
        self._append(record, (standing.title, label, f"{state}; chỉ lưu giữ" if is_restricted else state), is_ticked)

    def _append(self, id_: str, texts: Sequence[str], is_ticked: bool) -> None:
        row = [QStandardItem(text) for text in texts]
        row[0].setData(id_, ticked_lists.ID)
        row[0].setCheckable(True)
        row[0].setCheckState(Qt.CheckState.Checked if is_ticked else Qt.CheckState.Unchecked)
        for item in row:
            item.setEditable(False)
        self.model.appendRow(row)

    def record(self) -> str:
        """Return the id of the current record, "" for none."""
        id_ = self._current()
        return id_ if id_ != SENTENCES else ""

    def _current(self) -> str:
        item = self.model.item(self.table.currentIndex().row(), 0)
        return str(item.data(ticked_lists.ID)) if item is not None else ""

    def chosen(self) -> list[str]:
        """Return the ticked records."""
        return [id_ for id_ in ticked_lists.ticked(self.model) if id_ != SENTENCES]

    def chosen_sentences(self) -> list[str]:
        """Return the sentences of the office that are to go: all of them if their line is ticked."""
        is_ticked = SENTENCES in ticked_lists.ticked(self.model)
        return [each.text for each in self.held.sentences] if is_ticked else []

    def commands(self) -> Mapping[str, PageCommand]:
        """Return what the buttons do, for the search over everything."""
        erasing = {"erase_person": PageCommand("Xoá dữ liệu của người này…", self.erase)}
        if not self.chosen():
            return erasing if self.chosen_sentences() else {}
        return {
            "restrict": PageCommand("Chỉ lưu giữ dữ liệu của người này…", self.restrict),
            "lift": PageCommand("Cho dùng lại dữ liệu của người này…", self.lift),
            **erasing,
        }

    # -- actions of the officer ------------------------------------------------------------------------------------

    def print_held(self) -> None:
        """Show the paper for the person, also when nothing was found."""
        if self.held.asked:
            name = f"Dữ liệu về {self.held.asked[0]}"
            write: Callable[[Path], object] = partial(people.print_person, self._context.workspace, self.held)
            SheetDialog(self._context, _LAYOUT, write, name, self.window()).exec()

    def open_record(self) -> None:
        """Open the current record, where values are corrected."""
        if self.record():
            self.opened.emit(self.record())

    def restrict(self) -> None:
        """Only keep the ticked records from now on."""
        detail = "Hồ sơ chỉ còn được lưu giữ: không sửa, in hay gửi đi, cho đến khi bấm «Cho dùng lại…»."
        self._act("Chỉ lưu giữ dữ liệu", detail, "Chỉ lưu giữ", rights.restrict)

    def lift(self) -> None:
        """Let the ticked records be used again."""
        self._act("Cho dùng lại dữ liệu", "Hồ sơ được sửa, in và gửi như trước.", "Cho dùng lại", rights.lift)

    def erase(self) -> None:
        """Erase the values of the ticked records where the law allows it, after a reason and a second question."""
        workspace, records, sentences = self._context.workspace, self.chosen(), self.chosen_sentences()
        places = self.held.erasable(records) if records else {}
        if not places and not sentences:
            return
        free = sum(self._standings[record].may_erase for record in places)
        label = "Tiếp tục" if free or sentences else "Chỉ lưu giữ"
        reason = self._reason("Xoá dữ liệu cá nhân", self._about_erasing(places, len(sentences)), label)
        if not reason or not self._is_sure(free, len(sentences)):
            return
        done = self._context.attempt(lambda: rights.erase(workspace, places, reason, sentences))
        if done is not None:
            kept = len(done["restricted"]) + len(done["kept"])
            also = f" Đã bỏ {format_integer(len(sentences))} câu thường dùng." if sentences else ""
            also += f" {format_integer(kept)} hồ sơ còn phải giữ." if kept else ""
            self._context.messages.notice(f"Đã xoá dữ liệu trong {format_integer(len(done['erased']))} hồ sơ.{also}")
            self.erased.emit(rights.changes_of(workspace, "Xoá dữ liệu cá nhân", list(places)))

    # -- inside ----------------------------------------------------------------------------------------------------

    def _is_sure(self, free: int, sentences: int) -> bool:
        """Ask once more before something is gone for good; what is only restricted can be used again."""
        parts = [f"{format_integer(free)} hồ sơ"] if free else []
        parts += [f"{format_integer(sentences)} câu thường dùng"] if sentences else []
        question = f"Xoá hẳn dữ liệu của người này trong {' và '.join(parts)}?"
        detail = "Giá trị mất khỏi hồ sơ, lịch sử, tìm kiếm, giấy đã chốt và tệp. Không hoàn tác được."
        return not parts or self._context.messages.ask(question, detail, "Xoá hẳn", "Giữ lại")

    def _act(self, title: str, detail: str, label: str, use_case: Callable[..., object]) -> None:
        workspace, records = self._context.workspace, self.chosen()
        reason = self._reason(title, detail, label) if records else ""
        if reason and self._context.attempt(lambda: use_case(workspace, records, reason)) is not None:
            self._context.messages.notice(f"{title}: đã ghi cho {format_integer(len(records))} hồ sơ.")
            self.erased.emit(rights.changes_of(workspace, title, records))

    def _reason(self, title: str, detail: str, label: str) -> str:
        return self._context.messages.ask_text(title, f"Lý do ({_HINT})", label, "Thôi", detail=detail)

    def _about_erasing(self, places: Mapping[str, object], sentences: int) -> str:
        kept = [self._standings[record] for record in places if not self._standings[record].may_erase]
        free = len(places) - len(kept)
        lines = [f"{format_integer(free)} hồ sơ được xoá ngay; chỗ chỉ nhắc đến tên thì tên bị che."] if free else []
        lines += [f"{format_integer(sentences)} câu thường dùng được bỏ cả câu."] if sentences else []
        lines += [f"Còn phải giữ: {standing.reason} ({standing.source})." for standing in kept[:3]]
        lines += [f"Và {format_integer(len(kept) - 3)} hồ sơ khác còn phải giữ."] if len(kept) > 3 else []
        lines += ["Hồ sơ còn phải giữ của người này thì chỉ được lưu giữ từ nay."] if kept else []
        return "\n".join(lines)

    def _toggle(self) -> None:
        ticked_lists.toggle(self.table)

    def _show_places(self) -> None:
        record = self.record()
        lines = [_line(row, place) for row, place in enumerate(self.held.places) if place.record == record]
        if self._current() == SENTENCES:
            lines = [_sentence_line(row, each) for row, each in enumerate(self.held.sentences)]
        self.places.show_lines(lines)
        standing = self._standings.get(record)
        restriction = self._context.workspace.store.personal.restriction(record) if record else None
        parts = [f"Chỉ lưu giữ: {restriction.reason}."] if restriction is not None else []
        if standing is not None and not standing.may_erase:
            parts.append(f"Chưa xoá được: {standing.reason}. Căn cứ: {standing.source}.")
        self.detail.setText(" ".join(parts))
        self.detail.setVisible(bool(parts))

    def _allow(self) -> None:
        chosen = self.chosen()
        restricted = self._context.workspace.store.personal.restrictions()
        self.printer.setEnabled(bool(self.held.asked))
        self.opener.setEnabled(bool(self.record()))
        self.restrictor.setEnabled(any(record not in restricted for record in chosen))
        self.lifter.setEnabled(any(record in restricted for record in chosen))
        self.eraser.setEnabled(bool(chosen or self.chosen_sentences()))


def standings_of(workspace: Workspace, held: PersonData, progress: Progress) -> dict[str, Standing]:
    """Whether each record of a person may be erased; for the background, as a name may be that of thousands."""
    standings = {}
    for record in held.records():
        progress(0, 0)
        standings[record] = rights.standing_of(workspace, record)
    return standings


def _line(row: int, place: PersonPlace) -> TableLine:
    return TableLine(
        str(row), (place.value, place.label, place.where, place.on), {0: "wrong"} if place.sensitive else {}
    )


def _sentence_line(row: int, sentence: OwnSentence) -> TableLine:
    return TableLine(str(row), (sentence.text, sentence.label, sentence.where, ""))

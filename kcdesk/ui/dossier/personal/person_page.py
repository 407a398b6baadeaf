"""«Dữ liệu về một người»: a search, then three parts: the person's records, who used the data, the terms of keeping."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtWidgets import QLineEdit, QTabWidget, QVBoxLayout

from kcdesk.errors import KcdeskError
from kcdesk.progress import Progress
from kcdesk.services.personal import older_copies, people
from kcdesk.services.records.changing import Changes
from kcdesk.text import format_integer
from kcdesk.ui.dossier.personal.person_records import PersonAnswer, PersonRecords, standings_of
from kcdesk.ui.dossier.personal.terms_part import TermsPart
from kcdesk.ui.dossier.personal.uses_part import UsesPart
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.help_key import show_refusal
from kcdesk.ui.shell.page import Page, PageCommand
from kcdesk.ui.shell.worker import Job, is_gone
from kcdesk.ui.toolkit.decision_button import decision_button, push_button
from kcdesk.ui.toolkit.fitting.flow_row import FlowRow
from kcdesk.ui.toolkit.qt import soon
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, PAGE_MARGIN, labelled

PARTS = ("person", "uses", "terms")  # names of the parts, for those who open the page at one of them
_BETWEEN = ";"  # words of one person that were typed in one line


class PersonPage(Page):
    """What the store holds about somebody, and what the office has to do with it; `words` are searched for at once."""

    help_topic = "personal_data"
    title = "Dữ liệu về một người"

    def __init__(self, context: Context, words: Sequence[str] = (), part: str = PARTS[0]) -> None:
        super().__init__(context)
        self._search: Job | None = None  # the latest search, until it is answered
        self.words = QLineEdit(f"{_BETWEEN} ".join(words))
        self.words.setObjectName("person.words")
        self.words.setAccessibleName("Họ tên, số căn cước, điện thoại hoặc thư điện tử của người cần tìm")
        self.words.setPlaceholderText("Họ tên; số căn cước; điện thoại; thư điện tử, ngăn cách bằng dấu chấm phẩy")
        self.words.returnPressed.connect(self.look_up)
        self.seek = push_button("Tìm", "person.find", self.look_up)
        self.problem = labelled(role="problem", wrap=True)
        self.problem.setObjectName("person.problem")
        self.records = PersonRecords(context)
        self.records.opened.connect(self.open_requested)
        self.records.erased.connect(self._show_again)
        self.uses = UsesPart(context)
        self.uses.opened.connect(self.open_requested)
        self.terms = TermsPart(context)
        self.terms.opened.connect(self.open_requested)
        self.terms.erased.connect(self._show_again)
        self.old_copies = labelled(role="help", wrap=True)
        self.old_copies.setObjectName("person.old_copies")
        self.remove_copies = decision_button("Xoá các bản sao ấy…", "person.remove_copies", self.remove_old_copies)
        self.tabs = QTabWidget()
        self._lay_out()
        self.show_part(part)
        if words:
            self.look_up()

    def _lay_out(self) -> None:
        self.tabs.setObjectName("person.parts")
        self.tabs.addTab(self.records, "Một người")
        self.tabs.addTab(self.uses, "Ai đã xem, in, gửi")
        self.tabs.addTab(self.terms, "Thời hạn lưu giữ")
        self.tabs.currentChanged.connect(lambda _place: self._show_part())
        top = FlowRow(FIELD_GAP)
        top.add(self.words)
        top.add(self.seek)
        below = FlowRow(FIELD_GAP)
        below.add(self.old_copies)
        below.add(self.remove_copies)
        column = QVBoxLayout(self)
        column.setContentsMargins(PAGE_MARGIN, 0, PAGE_MARGIN, GROUP_GAP)
        column.setSpacing(FIELD_GAP)
        for widget in (top, self.problem, self.tabs, below):
            column.addWidget(widget, 1 if widget is self.tabs else 0)
        self.problem.hide()
        self.words.setMinimumWidth(self.words.fontMetrics().averageCharWidth() * 70)

    # -- called by the window --------------------------------------------------------------------------------------

    def main_action(self) -> PageCommand | None:
        """Return «In cho người ấy» once somebody is found."""
        if not self.records.held.places:
            return None
        return PageCommand("In cho người ấy…", self.records.print_held, "mọi dữ liệu tìm thấy, ghi vào sổ")

    def commands(self) -> Mapping[str, PageCommand]:
        """Return what can be done with the ticked records."""
        return self.records.commands()

    def show_part(self, name: str) -> None:
        """Show the person, the log of uses or the terms."""
        self.tabs.setCurrentIndex(PARTS.index(name))
        self._show_part()

    def on_show(self) -> None:
        """Read the store anew and take the focus."""
        self._show_part()
        (self.words if self.tabs.currentIndex() == 0 else self.tabs.currentWidget()).setFocus()

    def refresh(self, changes: Changes, initiator: object) -> None:
        """Find again after a change elsewhere."""
        del changes
        if initiator is not self and self.records.held.asked:
            self._find(self.records.held.asked, self._show)

    # -- actions of the officer ------------------------------------------------------------------------------------

    def look_up(self) -> None:
        """Look for the typed words in the background; the keyboard goes to what is found, else stays at them."""
        words = [word.strip() for word in self.words.text().split(_BETWEEN) if word.strip()]
        self.problem.hide()
        self.tabs.setCurrentIndex(0)
        self.records.show_search(words)
        self.words.setFocus()
        self.title_changed.emit()
        self._find(words, self._show_new)

    def _find(self, words: Sequence[str], show: Callable[[PersonAnswer], None]) -> None:
        """Show what the store holds; the answer of an older search is dropped."""
        workspace = self.context.workspace

        def find(progress: Progress) -> PersonAnswer:
            with workspace.alongside() as beside:
                held = people.find(beside, *words, progress=progress)
                return held, standings_of(beside, held, progress)

        if self._search is not None:
            self._search.stop()
        search = self._search = self.context.worker.run(
            find,
            text="Tìm dữ liệu về một người",
            done=lambda answer: show(answer) if self._is_latest(search) else None,
            failed=lambda error: self._refuse(error) if self._is_latest(search) else None,
            owner=self,
            only_reads=True,
        )
        search.ended.connect(lambda: self._look_soon(search))

    def _is_latest(self, search: Job) -> bool:
        """Whether this answer is waited for; it is taken now."""
        is_latest = self._search is search
        self._search = None if is_latest else self._search
        return is_latest

    def _look_soon(self, search: Job) -> None:
        if not is_gone(self):
            soon(self, lambda: self._notice_stop(search))  # after the answer, if there is one

    def _notice_stop(self, search: Job) -> None:
        if self._is_latest(search):
            self.records.show_stopped()

    def _refuse(self, error: KcdeskError) -> None:
        self.records.show_nobody()
        show_refusal(self.problem, error)
        self.problem.show()

    def _show(self, answer: PersonAnswer) -> None:
        self.records.show_held(*answer)
        self._show_part()
        self.title_changed.emit()

    def _show_new(self, answer: PersonAnswer) -> None:
        has_keyboard = self.window().focusWidget() is self.words
        self._show(answer)
        if has_keyboard and self.records.held.places:
            self.records.table.setFocus()

    def remove_old_copies(self) -> None:
        """Remove the copies beside the store that still hold what was erased, after a new copy."""
        workspace = self.context.workspace
        number = format_integer(len(older_copies.copies_with_erased(workspace)))
        question = f"Xoá {number} bản sao lưu làm trước lần xoá dữ liệu?"
        detail = (
            "Một bản sao mới được làm và mở thử trước. Những bản đã xoá không lấy lại được; bản trên thẻ nhớ vẫn còn."
        )
        if self.context.messages.ask(question, detail, "Xoá các bản cũ", "Giữ lại"):
            removed = self.context.attempt(lambda: older_copies.remove_copies_with_erased(workspace))
            if removed is not None:
                self.context.messages.notice(f"Đã sao lưu một bản mới và xoá {format_integer(removed)} bản cũ.")
        self._show_old_copies()

    # -- inside ----------------------------------------------------------------------------------------------------

    def _show_again(self, changes: object) -> None:
        assert isinstance(changes, Changes)
        self.context.announce(changes, self)
        self._show_part()
        if self.records.held.asked:
            self._find(self.records.held.asked, self._show)

    def _show_part(self) -> None:
        part = self.tabs.currentWidget()
        if part is self.uses:
            self.uses.show_uses(self.records.held.records())
        elif part is self.terms:
            self.terms.show_terms()
        self._show_old_copies()

    def _show_old_copies(self) -> None:
        number = len(older_copies.copies_with_erased(self.context.workspace))
        self.old_copies.setText(
            f"{format_integer(number)} bản sao lưu cạnh kho làm trước lần xoá còn giữ dữ liệu đã xoá." if number else ""
        )
        self.old_copies.setVisible(bool(number))
        self.remove_copies.setVisible(bool(number))

"""«Căn cứ pháp lý»: the register of legal instruments: who read each, what changed it, which rules cite it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from kcdesk import text
from kcdesk.formdef.law.checks import LawCheck
from kcdesk.formdef.law.citing import all_cited, citing
from kcdesk.formdef.law.instruments import READINGS, Instrument
from kcdesk.formdef.law.register import LawRegister
from kcdesk.formdef.loading.toml_reader import Cited
from kcdesk.services.law import law_texts, store_register
from kcdesk.services.records.changing import Changes
from kcdesk.ui.papers.law_text_dialog import open_law_text
from kcdesk.ui.settings.law_acts import LawActs
from kcdesk.ui.settings.law_texts_panel import LawTextsPanel
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.kept_views import keep_splitter
from kcdesk.ui.shell.page import Page, PageCommand
from kcdesk.ui.toolkit.lines_table import LinesTable, TableLine
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, PAGE_MARGIN, labelled

HEADINGS = ("Số hiệu", "Tên văn bản", "Ban hành", "Hiệu lực từ", "Đọc đến đâu", "Văn bản sửa đổi, thay thế")
CHECKS = ("Phần đã đối chiếu", "Người đối chiếu", "Người thứ hai", "Rà soát đến hết", "Đã xem gì")
CITATIONS = ("Quy định của chương trình", "Dẫn thế nào")
NOTE = "Văn bản chưa ai đọc thì mọi quy định dẫn văn bản cũ được kèm lời lưu ý, từ ngày của văn bản ấy."
WAITING = "một người đã đối chiếu, chờ người thứ hai"
UNCITED = "Chưa quy định nào của chương trình dẫn văn bản này."
_TITLE, _READ = 1, 4  # columns


class LawPage(Page):
    """The instruments in the order of the register; below, what is known of one and which rules cite it.

    `number` is the instrument that is shown first.
    """

    help_topic = "law"
    title = "Căn cứ pháp lý"
    search_hint = "Tìm văn bản (Ctrl+F)"

    def __init__(self, context: Context, number: str = "") -> None:
        super().__init__(context)
        self._first = number  # the instrument to begin at
        self.table = LinesTable("law", HEADINGS, _TITLE, context.theme, whole={0, 2, 3, _READ})
        self.table.setAccessibleName("Danh mục căn cứ pháp lý")
        self.table.moved.connect(self._describe)
        self.detail = labelled(role="help", wrap=True)
        self.detail.setObjectName("law.detail")
        self.checks = LinesTable("law.checks", CHECKS, 4, context.theme, whole={0, 3})
        self.checks.setAccessibleName("Các lần đối chiếu văn bản này")
        self.checks.moved.connect(self._choose_check)
        self.acts = LawActs(context)
        self.acts.entry_wanted.connect(self.open_requested)
        self.citations = LinesTable("law.citations", CITATIONS, 1, context.theme)
        self.citations.setAccessibleName("Quy định dẫn văn bản này")
        self.citations.chosen.connect(self._open_citation)
        self.texts = LawTextsPanel(context)
        self.texts.changed.connect(lambda: self._describe(self.table.key()))
        self._wanted = ""
        self._cited: Sequence[Cited] = ()  # every source in the definitions
        self._shown: Sequence[Cited] = ()  # those that cite the chosen instrument
        self._lay_out()

    def _lay_out(self) -> None:
        below = QWidget()
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(FIELD_GAP)
        column.addWidget(self.acts)
        column.addWidget(self.detail)
        column.addWidget(self.texts)
        column.addWidget(self.checks)
        column.addWidget(self.citations, 1)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.setChildrenCollapsible(False)
        parts.addWidget(self.table)
        parts.addWidget(below)
        keep_splitter(parts, self.context.settings, "law")
        whole = QVBoxLayout(self)
        whole.setContentsMargins(PAGE_MARGIN, 0, PAGE_MARGIN, GROUP_GAP)
        whole.setSpacing(FIELD_GAP)
        whole.addWidget(labelled(NOTE, "help", wrap=True))
        whole.addWidget(parts, 1)

    # -- called by the window --------------------------------------------------------------------------------------

    def commands(self) -> Mapping[str, PageCommand]:
        """Return the command that adds an instrument; everything else is a button below the register."""
        return {"new": PageCommand("Thêm văn bản", self.acts.add)}

    def on_show(self) -> None:
        """Read the definitions, show the register and take the focus."""
        self._cited = [*all_cited(self.context.workspace.forms.folder)]
        self._show()
        if self._first:
            self.table.go_to(self._first)
            self._first = ""
        self.table.setFocus()

    def search(self, words: str) -> None:
        """Show the instruments that have all these words in number, title, issuer or note."""
        self._wanted = words
        self._show()
        self.texts.search(words)

    def search_text(self) -> str:
        """Return the words that were typed."""
        return self._wanted

    def show_part(self, name: str) -> None:
        """Show one instrument."""
        self._wanted = ""
        self._show()
        self.table.go_to(name)

    def refresh(self, changes: Changes, initiator: object) -> None:
        """Show the register again when an instrument or a comparison has changed, or the text of the chosen one."""
        kinds = {item.kind for item in changes.items}
        if initiator is not self and (not kinds or kinds & store_register.KINDS):
            here = self.table.key()
            self._show()
            self.table.go_to(here)
        elif initiator is not self.texts and law_texts.KIND in kinds:
            self.texts.show_instrument(self.table.key())

    def _show(self) -> None:
        words = text.fold(self._wanted).split()
        entries = [
            entry
            for entry in self.context.workspace.forms.law.instruments
            if all(word in text.fold(f"{entry.id} {entry.title} {entry.issuer} {entry.note}") for word in words)
        ]
        self.table.show_lines([self._line(entry) for entry in entries])

    def _line(self, entry: Instrument) -> TableLine:
        law = self.context.workspace.forms.law
        changes = law.changes_of(entry.id)
        cells = (
            entry.id,
            entry.title,
            text.format_date(entry.issued_on) if entry.issued_on else "chưa rõ",
            text.format_date(entry.effective_from) if entry.effective_from else "chưa rõ",
            _reading(law, entry),
            ", ".join(dict.fromkeys(by.id for _, by in changes)),
        )
        return TableLine(entry.id, cells, {} if entry.is_read else {_READ: "waiting"})

    def _describe(self, number: str) -> None:
        workspace = self.context.workspace
        entry = workspace.forms.law.get(number) if number else None
        cited = citing(self._cited, entry.id) if entry else ()
        sentences = [*self._sentences(entry), *([] if cited else [UNCITED])] if entry else []
        self.detail.setText("\n".join(sentences))
        lines = [
            TableLine(str(number), (at.label or at.place, at.source), tips={0: f"{at.label}\n{at.file}, {at.place}"})
            for number, at in enumerate(cited)
        ]
        self._shown = cited
        self.citations.show_lines(lines)
        self.citations.setVisible(bool(lines))
        self.texts.show_instrument(entry.id if entry else "")
        self._show_checks(entry.id if entry else "")

    def _open_citation(self, key: str) -> None:
        """Open the text at the article that a rule cites."""
        open_law_text(self.context, self._shown[int(key)].source, self)

    def _show_checks(self, number: str) -> None:
        """Show the comparisons of an instrument; the first is the one that the buttons act on."""
        checks = self.context.workspace.forms.law.checks_of(number)
        self.acts.show_instrument(number, next(iter(checks), None))
        self.checks.show_lines([_check_line(str(place), check) for place, check in enumerate(checks)])
        self.checks.setVisible(bool(checks))

    def _choose_check(self, place: str) -> None:
        number = self.table.key()
        checks = self.context.workspace.forms.law.checks_of(number)
        if place and int(place) < len(checks):
            self.acts.show_instrument(number, checks[int(place)])

    def _sentences(self, entry: Instrument) -> Iterator[str]:
        """What is known of an instrument, a sentence each."""
        workspace = self.context.workspace
        yield f"{entry.name}, {entry.issuer}: {entry.title}."
        until = f" Hết hiệu lực sau ngày {text.format_date(entry.effective_to)}." if entry.effective_to else ""
        read = f", {entry.read_by}" if entry.read_by else ""
        day = f", ngày {text.format_date(entry.read_on)}" if entry.read_on else ""
        yield f"{text.upper_first(READINGS[entry.reading])}{read}{day}.{until}"
        yield from [f"{text.upper_first(WAITING)}."] if workspace.forms.law.is_waiting(entry.id) else []
        yield from [f"Văn bản do {entry.added_by} nhập."] if entry.added_by else []
        checked = entry.checked_until
        yield from [f"Đã rà soát đến hết ngày {text.format_date(checked)}."] if checked else []
        yield from (caution.text for caution in workspace.forms.law.cautions(entry.id, workspace.today()))
        yield from filter(None, (entry.note, f"Bản của cơ quan: {entry.text}." if entry.text else ""))


def _reading(law: LawRegister, entry: Instrument) -> str:
    """How an instrument was read; one that a person has ticked says what it waits for."""
    return WAITING if law.is_waiting(entry.id) and not entry.is_read else READINGS[entry.reading]


def _check_line(key: str, check: LawCheck) -> TableLine:
    second = f"{check.confirmed_by}, {text.format_date(check.confirmed_on)}" if check.confirmed_on else "chờ"
    words = "; ".join(filter(None, (check.words, check.confirmed_words)))
    cells = (
        check.articles or "cả văn bản",
        f"{check.checked_by}, {text.format_date(check.checked_on)}",
        second,
        text.format_date(check.until),
        words,
    )
    return TableLine(key, cells, {} if check.is_complete else {2: "waiting"}, tips={4: words})

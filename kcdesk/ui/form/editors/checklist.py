"""The editor of a checklist: items are answered one by one, each by one key; an item has no default answer."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from kcdesk.formdef.model import Choice
from kcdesk.formdef.types.base import ValueProblem
from kcdesk.services.visits import remedies
from kcdesk.ui.form.editors.answer_buttons import Burst
from kcdesk.ui.form.editors.base import Editor
from kcdesk.ui.form.editors.checklist_item import FAIL, FINDING, GROUP, PAPER_FORM, RESULT, ItemRow, ItemValues
from kcdesk.ui.form.editors.inputs import LineInput
from kcdesk.ui.toolkit.qt import application
from kcdesk.ui.toolkit.theme import FIELD_GAP, GROUP_GAP, labelled

if TYPE_CHECKING:
    from kcdesk.services.attachments.photos import Intake

PHOTOS = "photos"  # the record field that keeps photos of items
EMPTY = "Chưa có danh mục kiểm tra. Danh mục hiện ra khi đã chọn đề án."
NOTHING_LEFT = "Lần trước không còn mục kiểm tra nào để xem lại; xem tiếp các phần dưới."
NO_LIST = "Nội dung của đề án này không có danh mục kiểm tra."
KEYS = "Phím 1 Đạt · 2 Không đạt · 3 Không áp dụng · 0 bỏ trả lời"
PAPER_KEYS = "C bản chính · S bản sao · T thiếu"


class ChecklistEditor(Editor):
    """All items by group, with the number of answered items. One item is current: the keys answer it.

    Signals:
        turned: another item is current; carries «Đang trả lời câu 13», "" for none.
    """

    turned = Signal(str)

    wide = True

    def make_input(self) -> QWidget:
        """Create the heading; the items are created when a record is shown."""
        self.editable = True
        self.burst = Burst()
        self.rows: list[ItemRow] = []
        self._shown: list[tuple[object, ...]] = []
        frame = QWidget()
        self._column = QVBoxLayout(frame)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        head = QHBoxLayout()
        self.progress = labelled("", "strong")
        self.turn = labelled("", "strong")
        self._keys = labelled(KEYS, "help", wrap=True)
        head.addWidget(self.progress)
        head.addSpacing(GROUP_GAP)
        head.addWidget(self.turn)
        head.addStretch()
        self._column.addLayout(head)
        self._column.addWidget(self._keys)
        self._body: QWidget | None = None
        self._titles: dict[str, QWidget] = {}
        self._group = ""  # the only group shown; "" means all
        self._current: ItemRow | None = None
        application().focusChanged.connect(self._follow_focus)
        return frame

    def value(self) -> Any:
        """Return the stored rows: answers are written at once, findings by `keep`."""
        return self.around.record().value(self.path)

    def refresh(self) -> None:
        """Show the record's answers again; a finding that is being typed stays."""
        self.show_value(self.value())

    def show_value(self, stored: Any) -> None:
        """Show the answers; items are created again only when the set of items has changed."""
        rows = stored or []
        asked: list[tuple[object, ...]] = [(row["id"], row.get("item"), row.get(GROUP)) for row in rows]
        if asked != self._shown or self._body is None:
            self._shown = asked
            self._build(rows)
        record = self.around.record()
        photos = Counter(file.get("item") for file in record.value(PHOTOS) or [])
        wanting = set(self.around.host.unphotographed(record))
        for widget, row in zip(self.rows, rows, strict=True):
            path = f"{self.path}/{row['id']}"
            widget.show_row(row, photos[path], needs_photo=path in wanting)
        self.show_group(self._group)

    def show_group(self, group: str) -> None:
        """Show the items of one group ("" for all) and how many of them are answered."""
        self._group = group
        for name, title in self._titles.items():
            title.setVisible(group in ("", name))
        for row in self.rows:
            row.setVisible(group in ("", row.group))
        shown = [row for row in self.rows if group in ("", row.group)]
        answered = sum(row.answers.value() is not None for row in shown)
        self.progress.setText(f"{answered}/{len(shown)}" if shown else "")
        papers = any(self.choices_at(row.id, PAPER_FORM) for row in shown)
        self._keys.setText(" · ".join((KEYS, PAPER_KEYS)[: 1 + papers]) if self.rows else self._why_empty())
        self.progress.setAccessibleName(f"Đã trả lời {answered} trên {len(shown)}")
        if self._current not in shown:
            self._make_current(next((row for row in shown if row.answers.value() is None), next(iter(shown), None)))

    def _why_empty(self) -> str:
        record = self.around.record()
        if record.value("previous"):
            return NOTHING_LEFT
        return NO_LIST if record.value("proposal") else EMPTY

    # -- the current item ------------------------------------------------------------------------------------------

    @property
    def current(self) -> ItemRow | None:
        """Return the item that the keys answer; None in a closed or an empty checklist."""
        return self._current if self.editable else None

    def _make_current(self, row: ItemRow | None) -> None:
        self._current = row
        for other in self.rows:
            other.set_current(other is self.current)
        words = f"Đang trả lời câu {self.current.number}" if self.current else ""
        if words != self.turn.text():
            self.turn.setText(words)
            self.turned.emit(words)

    def _follow_focus(self, _old: QWidget | None, new: QWidget | None) -> None:
        row = next((row for row in self.rows if new is not None and row.isAncestorOf(new)), None)
        if row is not None and row is not self._current:
            self._make_current(row)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Answer the current item by a digit that was pressed beside the answers and that no text has taken."""
        is_digit = event.text().isdigit() and not event.modifiers()
        if self.current is None or not is_digit or not self.current.answers.press(event):
            super().keyPressEvent(event)

    # -- called by items -------------------------------------------------------------------------------------------

    def has_column(self, name: str) -> bool:
        """Return whether the form has this column."""
        return any(column.name == name for column in self.field.columns)

    def choices_at(self, row_id: str, column: str) -> Sequence[Choice]:
        """Return the choices of a cell; none when the column does not apply to the item."""
        path = f"{self.path}/{row_id}/{column}"
        shown = self.has_column(column) and self.around.record().is_visible(path)
        return self.around.forms.choices(self.field.column(column)) if shown else ()

    def has_remedies(self) -> bool:
        """Return whether the record has a table for what must be put right."""
        return remedies.may_demand(self.around.record())

    def is_demanded(self, row_id: str) -> bool:
        """Return whether a remedy stands for an item."""
        return remedies.is_demanded(self.around.record(), row_id)

    def takes_photos(self) -> bool:
        """Return whether the record has a field for photos."""
        return any(field.name == PHOTOS and field.photos for field in self.around.record().form.fields)

    def add_photos(self, row: ItemRow) -> None:
        """Let the officer choose photos of an item."""
        record, host = self.around.record(), self.around.host
        sources = host.choose_photos()
        if not sources:
            return
        job = host.add_photos(record.id, PHOTOS, sources, f"{self.path}/{row.id}", self._show_refused)
        if job is not None:
            row.show_import(0, 0)
            job.progressed.connect(lambda done, total, _text: row.show_import(done, total) if isValid(row) else None)
            job.ended.connect(lambda: self.refresh() if isValid(self) else None)

    def _show_refused(self, intake: Intake) -> None:
        if isValid(self):
            self.note("problem", "\n".join(f"«{name}»: {sentence}" for name, sentence in intake.refused))

    # -- building --------------------------------------------------------------------------------------------------

    def _build(self, rows: list[ItemValues]) -> None:
        if self._body is not None:
            self._body.hide()
            self._body.deleteLater()
        self._body = QWidget()
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        results = self.around.forms.choices(self.field.column(RESULT))
        groups = {c.value: c.label for c in self.around.forms.choices(self.field.column(GROUP))}
        self.rows, self._titles, group = [], {}, ""
        self._current = None
        for number, row in enumerate(rows, start=1):
            if row.get(GROUP, "") != group:
                group = row.get(GROUP, "")
                self._titles[group] = _group_title(groups.get(group, ""))
                column.addWidget(self._titles[group])
            column.addWidget(self._item(number, row, results))
        self._column.addWidget(self._body)
        if self.rows:
            self.input.setFocusProxy(self.rows[0])

    def _item(self, number: int, row: ItemValues, results: Sequence[Choice]) -> ItemRow:
        item = ItemRow(number, row, self, results)
        item.setObjectName(f"{self.objectName()}/{row['id']}")
        item.set_editable(self.editable)
        item.typed.connect(self.changed)
        item.left.connect(self.finished)
        item.entered.connect(lambda: self._go_on_from_text(item))
        item.demanded.connect(lambda wanted: self._demand(item, wanted))
        item.answers.chosen.connect(lambda: self._answer(item))
        for button in item.answers.buttons:
            button.clicked.connect(lambda: self._ask_finding(item))
        item.answers.keyed.connect(lambda: self._ask_finding(item) or self._go_to_unanswered(item))
        item.answers.entered.connect(lambda: self.go_on(item))
        item.answers.moved.connect(lambda step: self._go(item, step))
        self.rows.append(item)
        return item

    def keep(self, *, leaving: bool) -> dict[str, Any]:
        """Write findings and notes that are being typed."""
        changes: dict[str, Any] = {}
        for row in self.rows:
            for column, line in row.lines.items():
                if line.isModified():
                    changes |= self._keep_line(row, column, line, leaving)
        return changes

    def _keep_line(self, row: ItemRow, column: str, line: LineInput, leaving: bool) -> dict[str, Any]:
        record, path = self.around.record(), f"{self.path}/{row.id}/{column}"
        try:
            value = line.stored()
        except ValueProblem as problem:
            row.set_problem(problem.message if leaving else "")
            return {}
        if leaving:
            line.setModified(False)
        if value == record.value(path):
            return {}
        before = next(item for item in record.rows(self.path) if item["id"] == row.id)
        changes = record.set(path, value)
        return changes | self._remedy_of(row, before) if column == FINDING else changes

    def _remedy_of(self, row: ItemRow, before: ItemValues) -> dict[str, Any]:
        """Let the remedy of an item say what the finding says now, if the officer wants one."""
        record = self.around.record()
        if not row.wants_remedy or not self.around.editable(remedies.REMEDIES):
            return {}
        if any(remedy["id"] == row.id for remedy in record.rows(remedies.REMEDIES)):
            return remedies.follow(record, row.id, before)
        return remedies.demand(record, row.id, self._responsible())

    def _responsible(self) -> str | None:
        """Return who has to put things right as a rule: the establishment that was looked at."""
        beneficiary = self.around.record().value("beneficiary")
        return self.around.host.title_of(beneficiary) if beneficiary else self.around.record().value("site")

    def _demand(self, row: ItemRow, wanted: bool) -> None:
        """Put the finding among what must be put right, or take it out."""
        changes, record = self.keep(leaving=True), self.around.record()
        has_finding = bool(record.value(f"{self.path}/{row.id}/{FINDING}"))
        if wanted and has_finding:
            changes |= remedies.demand(record, row.id, self._responsible())
        elif not wanted:
            changes |= remedies.withdraw(record, row.id)
        if changes:
            self.wrote.emit(changes)

    def _answer(self, row: ItemRow) -> None:
        self.put(row, RESULT, row.answers.value())

    def put(self, row: ItemRow, column: str, value: object) -> None:
        """Write one cell of an item at once, after saving what is being typed."""
        record = self.around.record()
        changes = self.keep(leaving=True)
        changes |= record.set(f"{self.path}/{row.id}/{column}", value)
        if column == RESULT and self.has_remedies():
            changes |= self._remedy_of_answer(row, value)
        self.show_value(record.value(self.path))
        self.wrote.emit(changes)

    def _remedy_of_answer(self, row: ItemRow, answer: object) -> dict[str, Any]:
        """Demand the remedy of an item that failed with a finding; withdraw it once the item is in order."""
        record = self.around.record()
        if not self.around.editable(remedies.REMEDIES):
            return {}
        if answer != FAIL:
            return remedies.withdraw_unchanged(record, row.id)
        has_finding = bool(record.value(f"{self.path}/{row.id}/{FINDING}"))
        return remedies.demand(record, row.id, self._responsible()) if has_finding else {}

    def _ask_finding(self, row: ItemRow) -> bool:
        """After a problem answer, go to the finding: it is typed next. Return whether there is one to type."""
        asks = row.answers.value() == FAIL and row.finding is not None
        if asks and row.finding is not None:
            row.finding.setFocus(Qt.FocusReason.OtherFocusReason)
        return asks

    def _go_to_unanswered(self, row: ItemRow) -> bool:
        """Go to the next unanswered item below, else to the first unanswered one above; return whether there is one."""
        if row.answers.value() is None:
            return False
        place = self.rows.index(row)
        for item in (*self.rows[place + 1 :], *self.rows[:place]):
            if item.answers.value() is None:
                self._turn_to(item)
                return True
        return False

    def _go(self, row: ItemRow, step: int) -> None:
        place = self.rows.index(row) + step
        if 0 <= place < len(self.rows):
            self._turn_to(self.rows[place])

    def _turn_to(self, row: ItemRow) -> None:
        """Focus an item, showing its group if needed."""
        if row.isHidden():
            self.elsewhere.emit(f"{self.path}/{row.id}")
        row.answers.focus_button().setFocus(Qt.FocusReason.TabFocusReason)

    def go_on(self, row: ItemRow) -> None:
        """Go to the next item, after the last one to the next field (Enter)."""
        if row is self.rows[-1]:
            self.next_wanted.emit()
        else:
            self._go(row, 1)

    def _go_on_from_text(self, row: ItemRow) -> None:
        """After Enter in a finding or a note, go to the next unanswered item, else to the next one."""
        if not self._go_to_unanswered(row):
            self.go_on(row)

    def focus(self) -> None:
        """Focus the first unanswered item; when all are answered, the text of the first item."""
        if not self.rows:
            return
        shown = [row for row in self.rows if not row.isHidden()] or self.rows
        next((row for row in shown if row.answers.value() is None), shown[0]).reach()

    def focused_path(self) -> str:
        """Return the path of the item, finding or note that has the focus."""
        focused = self.window().focusWidget()
        row = next((row for row in self.rows if row.isAncestorOf(focused)), None)
        typing = [name for name, line in row.lines.items() if line is focused] if row else []
        return "/".join((self.path, row.id, *typing)) if row else self.path

    def seen_with(self, focused: QWidget) -> QWidget:
        """Return the item that has the focus, with its finding and its message."""
        return next((row for row in self.rows if row.isAncestorOf(focused)), self)

    def focus_row(self, row_id: str, column: str) -> None:
        """Focus an item, or its finding or note."""
        for row in self.rows:
            if row.id == row_id:
                line = row.lines.get(column)
                line.setFocus(Qt.FocusReason.OtherFocusReason) if line else row.reach()

    def set_editable(self, editable: bool) -> None:
        """Allow or forbid answers; a closed checklist can be read."""
        self.editable = editable
        self._keys.setVisible(editable or not self.rows)
        for row in self.rows:
            row.set_editable(editable)
        self._make_current(self._current)

    def set_row_problems(self, problems: dict[tuple[str, str], str]) -> None:
        """Show problems by row and column."""
        messages: dict[str, list[str]] = defaultdict(list)
        for (row_id, column), text in problems.items():
            label = self.field.column(column).label if column else ""
            messages[row_id].append(label + text[text.rfind(f"{label}: ") + len(label) :] if label in text else text)
        for row in self.rows:
            row.set_problem(" ".join(messages[row.id]))

    def mark(self, wrong: bool) -> None:
        """Do nothing: the messages at the items are enough."""


def _group_title(label: str) -> QWidget:
    title = labelled(label, "label")
    title.setContentsMargins(0, GROUP_GAP, 0, FIELD_GAP // 2)
    title.setMinimumHeight(title.sizeHint().height())
    return title

"""Judges the rows of a sheet against the store: new, joined to a record that is there, changed, refused; and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from kcdesk.errors import UserError
from kcdesk.formdef.model import Field
from kcdesk.formdef.new_record import needs_parent, new_record
from kcdesk.formdef.types.registry import type_of
from kcdesk.progress import Progress, ignore_progress
from kcdesk.services.intake import totals
from kcdesk.services.intake.known_records import KnownMatch, KnownRecords
from kcdesk.services.intake.new_values import is_same, row_mark, shown, taken_setting, with_former_entries
from kcdesk.services.intake.planned_records import (
    AskedCell,
    PlannedRecord,
    RefusedCell,
    RowVerdict,
    SheetJudgement,
    Status,
)
from kcdesk.services.intake.planned_rows import PlannedRows
from kcdesk.services.records import permissions
from kcdesk.services.workspace import Workspace
from kcdesk.sheets.matching.column_reader import CellReading
from kcdesk.sheets.matching.column_words import column_words
from kcdesk.sheets.matching.divided_rows import divided_rows, unclear_part
from kcdesk.sheets.matching.row_values import RowValues
from kcdesk.sheets.matching.targets import Target, target_at
from kcdesk.store.stored_record import new_id

_NEAR = 50  # refusals among which the same one is looked for
_LEFT_OUT = "Cột này không nhận vào trường nào."
_EVERY = 200  # rows between two reports of progress


@dataclass(slots=True)
class _RowParts:
    """The values of a row, by where they go."""

    own: dict[str, Any] = field(default_factory=dict)
    tables: dict[str, dict[str, Any]] = field(default_factory=dict)
    choices: dict[str, dict[str, Any]] = field(default_factory=dict)
    linked: dict[str, dict[str, Any]] = field(default_factory=dict)


class SheetJudge:
    """Judges rows one after the other; those before count as known."""

    def __init__(
        self,
        workspace: Workspace,
        kind: str,
        *,
        accepts: bool = False,
        into: str = "",
        shared: str = "",
        source: str = "",
    ) -> None:
        """`accepts`: suggested values count; `into`: the record whose tables all rows fill; `shared`: its title.

        `source`: what the sheet is called, for kinds of record that say from which paper they come.
        """
        self._workspace, self._kind, self._accepts = workspace, kind, accepts
        self._forms = workspace.forms
        self._form = workspace.forms.current(kind, workspace.today())
        self._words = column_words(self._forms).of_kind(kind)
        self._known: dict[str, KnownRecords] = {}
        self._judged = SheetJudgement(kind)
        self._rows = PlannedRows(self._form, self._words)
        self._into, self._shared, self._source, self._last = into, shared, source, ""
        self._barred: dict[tuple[str, str], str] = {}
        self._joins: Collection[int] = ()
        self._answered: Collection[str] = ()
        self._earlier: dict[str, list[RowValues]] = {}  # rows before, by the record that they mean
        self._left_out: set[str] = set()
        self._has_asked_titles, self._contradicting = False, 0  # the last row that says otherwise than one before
        self._same_fields: dict[tuple[str, ...], tuple[str, ...]] = {}  # most rows change the same ones

    def joining(self, rows: Collection[int], answered: Collection[str] = ()) -> SheetJudge:
        """Let these rows mean the record of a like name, and cells that were answered count; returns the judge."""
        self._joins, self._answered = rows, answered
        return self

    def judged(self, rows: Iterable[RowValues], total: int = 0, progress: Progress = ignore_progress) -> SheetJudgement:
        """Judge all rows; what `progress` raises stops it."""
        labels = totals.part_labels(self._forms, self._kind)
        listed = [part for row in rows for part in divided_rows(self._words, row, labels, accepts=self._accepts)]
        self.known(self._kind).add_former([row.values for row in listed])
        for place, row in enumerate(listed):
            if place % _EVERY == 0:
                progress(place, total or len(listed), "Đối chiếu với kho")
            self._judge(row)
        return self._judged

    def known(self, kind: str) -> KnownRecords:
        """The records of a kind that are known, read at the first use."""
        if kind not in self._known:
            self._known[kind] = KnownRecords(self._workspace, kind)
        return self._known[kind]

    @cached_property
    def _taken(self) -> Mapping[str, str]:
        """The records of good rows that were taken before, by the mark of the row."""
        kept = self._workspace.store.setting(taken_setting(self._kind), {})
        return kept if isinstance(kept, dict) else {}

    def _judge(self, row: RowValues) -> None:
        for cell in row.cells:
            self._note_cell(cell)
        is_good = not any(cell.is_refused or cell.is_asked for cell in row.cells)
        mark = row_mark(row.values)
        former = "" if self._into or self._shared else self._taken.get(mark, "")
        if is_good and former and former in self.known(self._kind):
            self._last = former
            self._earlier.setdefault(former, []).append(row)
            self._finish(row, former, "dòng này đã nạp trước đây", is_new=False)
            self._judged.taken[mark] = former
            return
        self._note_left_out(row)
        id_ = self._place(row, self._parts(row))
        if id_ and is_good and row.number != self._contradicting and not self._into and not self._shared:
            self._judged.taken[mark] = id_

    def _note_cell(self, cell: CellReading) -> None:
        if cell.is_refused:
            self._refuse(cell.place, cell.reading.problem, cell.row)
        elif cell.is_asked:
            self._judged.asked.append(AskedCell(cell.place, shown(self._forms, cell), cell.reading.question, cell.row))

    def _note_left_out(self, row: RowValues) -> None:
        """Note the doubtful cells of columns that mean no field: nothing is written, but nobody may overlook them."""
        for cell in row.cells:
            if cell.is_doubtful_left_out and cell.place not in self._left_out:
                self._left_out.add(cell.place)  # a merged cell speaks for several rows
                reading = cell.reading
                if reading.problem:
                    reason = f"{reading.problem} {_LEFT_OUT}"
                    self._judged.refused.append(RefusedCell(cell.place, reason, cell.row, is_left_out=True))
                else:
                    question, value = f"{reading.question} {_LEFT_OUT}", shown(self._forms, cell)
                    self._judged.asked.append(AskedCell(cell.place, value, question, cell.row, is_left_out=True))

    def _refuse(self, place: str, reason: str, row: int) -> None:
        refused = RefusedCell(place, reason, row)
        if not any(each.cell == place and each.reason == reason for each in self._judged.refused[-_NEAR:]):
            self._judged.refused.append(refused)  # a merged cell speaks for several rows

    def _parts(self, row: RowValues) -> _RowParts:
        parts = _RowParts()
        for path, value in {**row.values, **(row.suggested if self._accepts else {})}.items():
            target = target_at(self._forms, self._kind, path)
            if target is None or not self._is_allowed(row, target):
                continue
            if target.choice and target.outer:
                parts.choices.setdefault(target.outer.name, {})[target.choice] = value
            elif target.is_column and target.outer:
                parts.tables.setdefault(target.outer.name, {})[target.field.name] = value
            elif target.outer:
                parts.linked.setdefault(target.outer.name, {})[target.field.name] = value
            elif type_of(target.field).names_records:
                title = self._forms.current(target.field.target).title[0]
                parts.linked.setdefault(target.field.name, {}).setdefault(title, value)
            else:
                parts.own[target.path] = value
        return parts

    def _is_allowed(self, row: RowValues, target: Target) -> bool:
        """Whether this office may fill a field of a new record; else its cell is refused."""
        item = target.outer or target.field
        if target.is_linked:
            return True
        key = (self._kind, item.name)
        if key not in self._barred:
            try:
                permissions.refuse_unless_editable(self._workspace, self._blank, item.name)
                self._barred[key] = ""
            except UserError as error:
                self._barred[key] = error.message
        if self._barred[key] and target.path in row.letters:
            self._refuse(row.place_of(target.path), self._barred[key], row.number)
        return not self._barred[key]

    @cached_property
    def _blank(self) -> Any:
        return new_record(self._forms, self._kind, new_id(), self._workspace.today())

    # -- the record of a row -------------------------------------------------------------------------------------

    def _place(self, row: RowValues, parts: _RowParts) -> str:
        """Find or plan the record of a row and put its values there; returns its id, "" if the row is refused."""
        title = self._form.title[0]
        if self._shared and not self._into:
            return self._begin_shared(row, parts)
        if self._into:
            return self._fill(row, parts, KnownMatch(self._into, "vào hồ sơ đã chọn"), new=False)
        if row.continues and self._last and not parts.own.get(title) and (parts.tables or parts.choices):
            lines = _RowParts(tables=parts.tables, choices=parts.choices)
            return self._fill(row, lines, KnownMatch(self._last, "dòng tiếp của hồ sơ trên"), new=False)
        if not any((parts.own, parts.tables, parts.choices, parts.linked)):
            return self._refused_row(row, "Dòng này không có ô nào đọc được cho hồ sơ.")
        if unclear := unclear_part(self._words, row, accepts=self._accepts):
            return self._refused_row(row, f"Chưa rõ «{unclear}» nên chưa biết là {self._form.label.lower()} nào.")
        self._link(row, parts)
        match = self.known(self._kind).match(parts.own)
        if match and match.question:
            is_joined = row.number in self._joins
            if not is_joined:
                self._ask_likely(row, match)
            match = match if self._accepts or is_joined else None
        if match is None:
            return self._new(row, parts)
        return self._fill(row, parts, match, new=False)

    def _begin_shared(self, row: RowValues, parts: _RowParts) -> str:
        """Find or plan the one record that all rows fill, by the name of the sheet."""
        parts.own[self._form.title[0]] = self._shared
        match = self.known(self._kind).match(parts.own)
        match = None if match and match.question else match
        self._into = match.id if match else new_id()
        if match is None:
            question = f"Bảng không nói các dòng này của {self._form.label.lower()} nào nên lập một hồ sơ mới."
            advice = "Nếu đã có hồ sơ ấy, hãy nạp với --into."
            asked = AskedCell(f"A{row.number}", self._shared, question, row.number, command_advice=advice)
            self._judged.asked.append(asked)
        return self._fill(row, parts, match or KnownMatch(self._into, ""), new=match is None)

    def _ask_likely(self, row: RowValues, match: KnownMatch) -> None:
        name = self._form.title[0]
        title = str(self.known(self._kind).data(match.id).get(name) or "")
        self._judged.asked.append(AskedCell(row.place_of(name), title, match.question, row.number, is_join=True))

    def _new(self, row: RowValues, parts: _RowParts) -> str:
        name, parent = self._form.title[0], self._form.parent
        if needs_parent(self._form) and not parts.own.get(parent):
            reason = f"Chưa biết «{self._form.field(parent).heading}» mà hồ sơ này thuộc về."
            return self._refused_row(row, reason, row.place_of(parent))
        if not self.known(self._kind).tells(parts.own):
            if (called := self._title_from(parts)) and type_of(self._form.field(name)).is_plain_text:
                parts.own[name] = called
                self._ask_titles(row, called)
            else:
                label = self._form.field(name).heading
                return self._refused_row(row, f"Không có «{label}» nên không biết là hồ sơ nào.", row.place_of(name))
        if self._words.source and self._source:
            parts.own.setdefault(self._words.source, self._source)
        return self._fill(row, parts, KnownMatch(new_id(), row.part), new=True)

    def _ask_titles(self, row: RowValues, called: str) -> None:
        """Ask once whether records without a title of their own are meant: the sheet may be a list of another kind."""
        if self._has_asked_titles:
            return
        self._has_asked_titles = True
        label = self._form.field(self._form.title[0]).heading
        named = self._form.field(self._words.title_from[0].partition(".")[0])
        plural = self._forms.current(named.target).plural.lower()
        question = (
            f"Bảng không có «{label}» nên mỗi {self._form.label.lower()} mang tên ghi trong cột «{named.heading}»."
        )
        advice = f"Nếu đây là danh sách {plural}, hãy nhập vào đó."
        self._judged.asked.append(AskedCell(f"A{row.number}", called, f"{question} {advice}", row.number))

    def _title_from(self, parts: _RowParts) -> str:
        for path in self._words.title_from:
            outer, _, name = path.partition(".")
            value = parts.linked.get(outer, {}).get(name) if name else parts.own.get(path)
            if isinstance(value, str) and value:
                return value
        return ""

    def _refused_row(self, row: RowValues, reason: str, place: str = "") -> str:
        self._refuse(place or f"A{row.number}", reason, row.number)
        self._judged.verdicts.append(RowVerdict(row.number, "refused", why=reason))
        return ""

    def _fill(self, row: RowValues, parts: _RowParts, match: KnownMatch, *, new: bool) -> str:
        """Put the values of a row into its record, and know it from now on."""
        known = self.known(self._kind)
        plan = self._judged.plans.get(match.id)
        if plan is None:
            plan = PlannedRecord(self._kind, match.id, is_new=new, why=match.why)
            self._judged.plans[match.id] = plan
        stored = dict(known.data(match.id)) if match.id in known else {}
        changed = self._set_fields(row, plan, parts.own, stored)
        changed += self._rows.put(plan, stored, parts.tables, parts.choices, parts.own)
        plan.rows.append(row.number)
        self._earlier.setdefault(match.id, []).append(row)
        present = {**plan.fields, **{name: stored.get(name) or value for name, value in parts.own.items()}}
        known.add(match.id, {name: value for name, value in present.items() if name in known.telling_names})
        self._last = match.id
        self._finish(row, match.id, match.why, is_new=new, changed=changed)
        return match.id

    def _finish(self, row: RowValues, id_: str, why: str, *, is_new: bool, changed: Iterable[str] = ()) -> None:
        plan = self._judged.plans.get(id_)
        fields = self._same_fields.setdefault(names := tuple(sorted(set(changed))), names)
        in_new = plan is not None and plan.is_new
        status: Status = "new" if is_new else "changed" if fields and not in_new else "joined"
        if in_new and not is_new:
            why = f"{why}, cùng hồ sơ với dòng {plan.rows[0]}" if plan else why
        self._judged.verdicts.append(RowVerdict(row.number, status, id_, why, fields))

    def _set_fields(
        self, row: RowValues, plan: PlannedRecord, values: Mapping[str, Any], stored: Mapping[str, Any]
    ) -> list[str]:
        """Set the fields of a record that differ; returns their names."""
        changed = []
        for name, value in values.items():
            item = self._form.field(name)
            before = plan.fields.get(name, stored.get(name))
            value = with_former_entries(item, before, value)
            if is_same(before, value, is_name=name == self._form.title[0]):
                continue
            if not plan.is_new and (reason := self._locked(plan.id, name)):
                self._refuse(row.place_of(name), reason, row.number)
                continue
            if self._contradicts(row, plan.id, item, value):
                continue
            plan.fields[name] = value
            changed.append(name)
        return changed

    def _contradicts(self, row: RowValues, id_: str, item: Field, value: Any) -> bool:
        """Whether a cell says otherwise than an earlier row of the same record: it is asked about, and not taken."""
        place, earlier = row.place_of(item.name), self._earlier.get(id_, ())
        first = next((other for other in earlier if other.values.get(item.name) not in (None, "")), None)
        if self._accepts or place in self._answered or item.name not in row.letters or first is None:
            return False
        before, reading = (type_of(item).text(each, item, self._forms) for each in (first.values[item.name], value))
        question = f"Dòng {first.number} ghi «{before}» cho cùng hồ sơ nên ô này chưa được lấy."
        self._judged.asked.append(AskedCell(place, reading, question, row.number))
        self._contradicting = row.number
        return True

    def _locked(self, id_: str, name: str) -> str:
        """Why a field of a stored record may not be changed; "" if it may."""
        if (id_, name) not in self._barred:
            try:
                record = self._workspace.store.record(id_)
                permissions.refuse_unless_editable(self._workspace, record, name)
                self._barred[id_, name] = ""
            except UserError as error:
                self._barred[id_, name] = error.message
        return self._barred[id_, name]

    # -- records of other kinds ----------------------------------------------------------------------------------

    def _link(self, row: RowValues, parts: _RowParts) -> None:
        """Find or plan the records that a row names, and refer to them."""
        for name, values in parts.linked.items():
            item = self._form.field(name)
            id_ = self._linked(row, item, {key: value for key, value in values.items() if value not in (None, "")})
            if id_:
                parts.own[name] = [id_] if type_of(item).is_list else id_

    def _linked(self, row: RowValues, item: Field, values: Mapping[str, Any]) -> str:
        if not values:
            return ""
        known = self.known(item.target)
        is_made = item.name in self._words.makes
        match = known.match(values) if is_made else known.named(values)
        title = known.form.title[0]
        named = next((path for path in (item.name, f"{item.name}.{title}") if path in row.letters), "")
        if match and match.question:
            like = str(known.data(match.id).get(title))
            self._judged.asked.append(AskedCell(row.place_of(named), like, match.question, row.number))
            if not self._accepts and not is_made:
                return ""
            match = match if self._accepts else None
        if match is None and not is_made:
            if named:
                reason = f"Trong kho không có hồ sơ nào tên «{values.get(title)}»."
                self._refuse(row.place_of(named), reason, row.number)
            return ""
        if match is None and not values.get(title):
            return ""
        return self._keep_linked(row, item, values, match)

    def _keep_linked(self, row: RowValues, item: Field, values: Mapping[str, Any], match: KnownMatch | None) -> str:
        known = self.known(item.target)
        id_ = match.id if match else new_id()
        plan = self._judged.plans.get(id_)
        if plan is None:
            plan = PlannedRecord(item.target, id_, is_new=match is None, why=match.why if match else "")
            self._judged.plans[id_] = plan
        before = dict(known.data(id_)) if id_ in known else {}
        fresh = {name: value for name, value in values.items() if before.get(name) in (None, "", [], {})}
        if not plan.is_new and item.name not in self._words.makes:
            fresh = {}
        plan.fields.update({name: value for name, value in fresh.items() if plan.is_new or not self._locked(id_, name)})
        known.add(id_, fresh)
        status = "new" if match is None else "changed" if fresh and not plan.is_new else "joined"
        entry = {"row": row.number, "kind": item.target, "id": id_, "status": status}
        if entry not in self._judged.linked:
            self._judged.linked.append(entry)
        return id_

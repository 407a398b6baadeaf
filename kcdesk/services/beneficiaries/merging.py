"""Merging two records of one establishment: side by side, field by field, as one act that one undo takes back.

The duplicate is deleted and names its survivor. What refers to it is not rewritten, also not what another office or a
signed paper says: every link leads to the survivor from then on (`store/database/merged_records`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal

from kcdesk.errors import UserError
from kcdesk.formdef.model import MERGED_INTO, Field, Form
from kcdesk.formdef.record import Record
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import Value, asdict
from kcdesk.services.lifecycle import steps
from kcdesk.services.records import permissions
from kcdesk.services.records.reading import text_of
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes
from kcdesk.store.database.merged_records import LONGEST_CHAIN
from kcdesk.text import format_integer, lower_first

if TYPE_CHECKING:
    from kcdesk.store.writer import Writer

Choice = Literal["survivor", "other", "both"]
CHOICES: tuple[Choice, ...] = ("survivor", "other", "both")
_RELATED = "predecessors"


class MergedField(Value):
    """A field side by side, as text; `taken` is the side that the survivor has afterwards, "both" joins two lists."""

    field: str
    label: str
    survivor: str
    other: str
    taken: Choice
    joinable: bool

    @property
    def differs(self) -> bool:
        """Whether the two sides say something different."""
        return self.survivor != self.other


class MovedRecord(Value):
    """A record that leads to the survivor afterwards."""

    id: str
    kind: str
    title: str


class MergePlan(Value):
    """What a merge would do; `values` are the new values of the survivor, by field."""

    survivor: Record
    other: Record
    fields: tuple[MergedField, ...]
    moves: tuple[MovedRecord, ...]
    values: Mapping[str, Any]
    notes: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """As the command line prints it."""
        return {
            "survivor": {"id": self.survivor.id, "title": self.survivor.title()},
            "other": {"id": self.other.id, "title": self.other.title()},
            "fields": [asdict(field) for field in self.fields],
            "moves": [asdict(moved) for moved in self.moves],
            "notes": list(self.notes),
        }


def can_be_merged(workspace: Workspace, kind: str) -> bool:
    """Whether records of a kind may be merged."""
    return any(MERGED_INTO in form.by_name for form in workspace.forms.versions_of(kind))


def plan(workspace: Workspace, survivor: str, other: str, take: Mapping[str, str] | None = None) -> MergePlan:
    """Compare two records and say what merging them would do; `take` says which side a field comes from.

    Without a word the survivor's value stays; where it has none, the other's is taken, and lists are joined. A survivor
    of another office is only changed where `take` says so. UserError for records that cannot be merged, a field that
    does not exist, or a side that makes no sense.
    """
    kept, lost = (permissions.living(workspace, id_) for id_ in (survivor, other))
    _refuse(workspace, kept, lost)
    fills = permissions.is_own(workspace, kept)
    compared = tuple(_compared(workspace, kept, lost, dict(take or {}), fills=fills))
    values = {field.field: _value(kept, lost, field) for field in compared if field.taken != "survivor"}
    values = {name: value for name, value in values.items() if value != kept.data.get(name)}
    moves = tuple(_moves(workspace, other))
    return MergePlan(kept, lost, compared, moves, values, tuple(_notes(workspace, kept, lost, values)))


def merge(workspace: Workspace, survivor: str, other: str, take: Mapping[str, str] | None = None) -> Changes:
    """Merge `other` into `survivor`, one act; errors are those of `plan`, and what a new revision of it lacks."""
    planned = plan(workspace, survivor, other, take)
    action = f"Gộp «{planned.other.title()}» vào «{planned.survivor.title()}»"
    with workspace.store.act(action, record=survivor) as act:
        if planned.values:
            _write_values(workspace, act, planned)
        act.update(other, {MERGED_INTO: survivor}, _form_with(workspace, planned.other, (MERGED_INTO,)).reference)
        act.delete(other)
    return act.changes


# -- what can be merged ----------------------------------------------------------------------------------------------


def _refuse(workspace: Workspace, kept: Record, lost: Record) -> None:
    if kept.id == lost.id:
        raise _refusal("Hai bên là cùng một hồ sơ.", "Hãy chọn hai hồ sơ khác nhau.")
    if kept.kind != lost.kind or not can_be_merged(workspace, kept.kind):
        raise _refusal("Chỉ gộp được hai đơn vị thụ hưởng với nhau.", "Hãy chọn hai hồ sơ trong sổ đơn vị thụ hưởng.")
    pairs = ((kept, lost), (lost, kept))
    if any(row.get("unit") == before.id for after, before in pairs for row in after.data.get(_RELATED, ())):
        raise _refusal(
            f"«{kept.title()}» và «{lost.title()}» là đơn vị trước và đơn vị sau, không phải một đơn vị ghi hai lần.",
            "Giữ cả hai hồ sơ; «Đã được hỗ trợ?» đã tính qua mục «Hình thành từ các đơn vị».",
        )
    if _merged_steps(workspace, lost.id) >= LONGEST_CHAIN:
        raise _refusal(
            f"Đã có hồ sơ gộp vào «{lost.title()}» qua {LONGEST_CHAIN} lần.",
            f"Hãy gộp ngược lại: giữ «{lost.title()}», gộp «{kept.title()}» vào đó.",
        )


def _refusal(message: str, hint: str) -> UserError:
    return UserError(message, code="not_merged", hint=hint)


def _merged_steps(workspace: Workspace, id_: str) -> int:
    """How many merges lie between a record and the furthest duplicate that leads to it."""
    sides = (workspace.store.kept(merged).data for merged in workspace.store.merged.with_merged(id_)[1:])
    direct = [side.get(MERGED_INTO) for side in sides]
    return 0 if not direct else 1 if all(into == id_ for into in direct) else LONGEST_CHAIN


def _form_with(workspace: Workspace, record: Record, names: tuple[str, ...]) -> Form:
    """The form of a record, or the first later version that has these fields and keeps all others."""
    later = (form for form in workspace.forms.versions_of(record.kind) if form.version >= record.form.version)
    for form in later:
        if all(name in form.by_name for name in (*names, *record.form.by_name)):
            return form
    raise _refusal(f"«{record.title()}» ghi theo mẫu mà chương trình không còn đọc đủ.", "Hãy cập nhật chương trình.")


# -- side by side ----------------------------------------------------------------------------------------------------


def _compared(
    workspace: Workspace, kept: Record, lost: Record, take: dict[str, str], *, fills: bool
) -> Iterator[MergedField]:
    """Yield every field that is filled in on either side, in the order of the form."""
    form = _form_with(workspace, kept, tuple(lost.form.by_name))
    names = [field.name for field in form.fields if not field.computed and field.name != MERGED_INTO]
    for name in take:
        if name not in names:
            raise UserError(f"Không có trường «{name}» để chọn.", code="unknown_field", field=name)
    for field in (form.by_name[name] for name in names):
        ours, theirs = _filled(kept, field.name), _filled(lost, field.name)
        if not ours and not theirs:
            continue
        joinable = bool(field.columns) or type_of(field).is_list or type_of(field).holds_files
        taken = take.get(field.name) or _usual(ours=ours, theirs=theirs, joinable=joinable, fills=fills)
        allowed = CHOICES if joinable else CHOICES[:2]
        if taken not in allowed:
            sides = ", ".join(allowed)
            raise UserError(
                f"«{field.label}» không lấy theo «{taken}» được.",
                code="unknown_side",
                hint=f"Các lựa chọn: {sides}.",
                field=field.name,
            )
        texts = (_text(workspace, kept, field), _text(workspace, lost, field))
        yield MergedField(field.name, field.label, *texts, taken, joinable)


def _filled(record: Record, name: str) -> bool:
    return record.data.get(name) not in (None, "", [], {})


def _usual(*, ours: bool, theirs: bool, joinable: bool, fills: bool) -> Choice:
    if not theirs or not fills:
        return "survivor"
    return "other" if not ours else "both" if joinable else "survivor"


def _text(workspace: Workspace, record: Record, field: Field) -> str:
    """The value of a field in words; a table as its rows."""
    if field.name not in record.form.by_name or not _filled(record, field.name):
        return ""
    if not field.columns:
        return text_of(workspace, record, field.name)
    rows = []
    for row in record.rows(field.name):
        cells = (text_of(workspace, record, f"{field.name}/{row['id']}/{column.name}") for column in field.columns)
        rows.append("; ".join(filter(None, cells)))
    return "\n".join(rows)


def _value(kept: Record, lost: Record, field: MergedField) -> Any:
    """The value of the survivor: the other's, or both lists, each entry once."""
    theirs = lost.data.get(field.field)
    if field.taken == "other" or not kept.data.get(field.field):
        return theirs
    entries = list(kept.data[field.field])
    known = [_content(entry) for entry in entries]
    for entry in theirs or ():
        if _content(entry) not in known:
            known.append(_content(entry))
            entries.append({**entry, "position": len(entries) + 1} if "position" in entry else entry)
    return entries


def _content(entry: Any) -> Any:
    """An entry of a list without what only numbers it."""
    if not isinstance(entry, dict):
        return entry
    return {name: value for name, value in entry.items() if name not in ("id", "position")}


# -- what moves ------------------------------------------------------------------------------------------------------


def _moves(workspace: Workspace, other: str) -> Iterator[MovedRecord]:
    """Yield the records that name the duplicate, oldest first in each kind."""
    referring = map(workspace.store.get, workspace.store.referring(other))
    for stored in sorted(referring, key=lambda stored: (stored.kind, stored.seq)):
        yield MovedRecord(stored.id, stored.kind, stored.record(workspace.forms).title())


def _notes(workspace: Workspace, kept: Record, lost: Record, values: Mapping[str, Any]) -> Iterator[str]:
    """Yield what an officer must know before agreeing."""
    own = workspace.identity.unit.code
    if workspace.store.get(lost.id).unit != own:
        yield (
            f"«{lost.title()}» là hồ sơ của đơn vị khác: gộp ở kho này, hồ sơ của đơn vị đó giữ nguyên"
            " cho đến khi họ đồng ý ở «Cần xem»."
        )
    if values and not _is_open(workspace, kept):
        yield f"«{kept.title()}» đã chốt: lấy thêm thông tin sẽ thành bản {kept.revision + 1}."
    people = [side for side in (kept, lost) if side.data.get("tax_code")]
    if len({side.data["tax_code"] for side in people}) > 1:
        yield "Hai bên có mã số thuế khác nhau: hãy chắc chắn là một cơ sở. Mã không lấy vẫn tìm ra hồ sơ được giữ."


def _is_open(workspace: Workspace, record: Record) -> bool:
    return workspace.forms.workflow(record.kind).state(record.state).editable


def _write_values(workspace: Workspace, act: Writer, planned: MergePlan) -> None:
    """Write what the survivor takes over; a locked one becomes a new revision, locked again if nothing prevents it."""
    record, was = planned.survivor, planned.survivor.state
    if not _is_open(workspace, record):
        opening = next((step for step in steps.possible(workspace, record) if step.new_revision), None)
        if opening is None:
            raise _refusal(
                f"«{record.title()}» đang khoá nên không lấy thêm thông tin được.",
                "Hãy giữ mọi trường của bên được giữ.",
            )
        reason = f"Gộp với «{planned.other.title()}»"
        steps.write_step(workspace, act, steps.prepare_step(workspace, record, opening.name, reason))
    form = _form_with(workspace, record, tuple(planned.values))
    current = _as_form(workspace.store.record(record.id), form)
    act.update(record.id, current.apply(dict(planned.values)), form.reference)
    if was != workspace.store.get(record.id).data.get("state"):
        _lock_again(workspace, act, record.id, was)


def _as_form(record: Record, form: Form) -> Record:
    return Record(record.id, record.kind, form, record.data, record.stamps, record.forms, record.parent, record.deleted)


def _lock_again(workspace: Workspace, act: Writer, id_: str, state: str) -> None:
    record = workspace.store.record(id_)
    step = next((step for step in steps.possible(workspace, record) if step.to == state), None)
    if step is not None and not steps.step_obstacles(workspace, record, step):
        steps.write_step(workspace, act, steps.prepare_step(workspace, record, step.name))


def moves_in_words(workspace: Workspace, planned: MergePlan) -> str:
    """What would lead to the survivor: «3 hồ sơ chuyển theo: 2 đề án khuyến công, 1 hợp đồng»."""
    kinds = [moved.kind for moved in planned.moves]
    if not kinds:
        return "Không có hồ sơ nào phải chuyển theo."
    counted = (
        f"{kinds.count(kind)} {lower_first(workspace.forms.current(kind).label)}" for kind in dict.fromkeys(kinds)
    )
    return f"{format_integer(len(kinds))} hồ sơ chuyển theo: {', '.join(counted)}."

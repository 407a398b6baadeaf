"""Checks before a record is changed: it is not deleted, the field is editable, referenced records exist."""

from __future__ import annotations

from kcdesk.errors import UserError
from kcdesk.formdef.record import Record
from kcdesk.services.records.references import present
from kcdesk.services.workspace import ClosedFields, Workspace
from kcdesk.store import search

Links = set[tuple[str, str]]  # path and referenced id


def living(workspace: Workspace, id_: str) -> Record:
    """Read a record that is to be changed, also one that is only begun. UserError `not_found` or `deleted`."""
    record = workspace.store.record(id_)
    if record.deleted:
        raise UserError(
            f"{record.form.label} «{record.title()}» đã bị xoá.",
            code="deleted",
            hint="Hãy hoàn tác việc xoá trước.",
        )
    refuse_restricted(workspace, record)
    return record


def refuse_restricted(workspace: Workspace, record: Record) -> None:
    """Refuse to use a record that is only kept, because somebody's personal data in it were restricted; UserError."""
    restriction = workspace.store.personal.restriction(record.id)
    if restriction is not None:
        until = f" đến {restriction.until}" if restriction.until else ""
        raise UserError(
            f"{record.form.label} «{record.title()}» chỉ được lưu giữ{until}, không sửa, in hay gửi đi:"
            f" {restriction.reason}.",
            code="restricted",
            hint="Muốn dùng lại, hãy bỏ hạn chế ở «Dữ liệu về một người» và ghi lý do.",
        )


def refuse_without_purpose(purpose: str, *, is_sensitive: bool) -> None:
    """Refuse to hand sensitive values out without a purpose, which is noted; UserError `no_purpose`."""
    if is_sensitive and not purpose.strip():
        raise UserError(
            "Chưa ghi vì sao gửi kèm dữ liệu nhạy cảm.",
            code="no_purpose",
            hint="Hãy ghi mục đích, hoặc gửi không kèm dữ liệu nhạy cảm.",
            field="purpose",
        )


def refuse_unless_editable(workspace: Workspace, record: Record, path: str) -> None:
    """Refuse a change of a locked record, of a computed field, and of a field that another level owns; UserError."""
    field = record.field(path)
    if field.computed:
        raise UserError(f"«{field.label}» được tính tự động, không nhập tay.", code="computed", field=path)
    workflow = workspace.forms.workflow(record.kind)
    level, levels = workspace.identity.unit.level, workspace.forms.levels
    deciders = {item.owner for item in (field, record.field(path.partition("/")[0])) if item.is_decision}
    if deciders and level not in deciders:
        decider = " và ".join(levels.of(name).in_sentence for name in sorted(deciders))
        raise UserError(
            f"«{field.label}» do {decider} quyết định.",
            code="not_owner",
            hint=f"Giá trị này về cùng gói của {decider}.",
            field=path,
        )
    if not record.is_editable(path, workflow, level, is_own=is_own(workspace, record)):
        state = workflow.state(record.state)
        if state.editable:
            raise in_other_hands(record, path)
        raise UserError(
            f"{record.form.label} «{record.title()}» đang ở trạng thái «{state.label}» nên không sửa được.",
            code="locked",
            hint="Muốn sửa, hãy chọn «Sửa thành bản mới».",
            field=path,
        )


def in_other_hands(record: Record, path: str = "") -> UserError:
    """The refusal of a change of a record that another unit has in hand; `not_holder`."""
    return UserError(
        f"{record.form.label} «{record.title()}» đang ở đơn vị lập hồ sơ nên nơi khác không sửa, không xoá được.",
        code="not_holder",
        hint="Hãy chờ đơn vị đó bàn giao lại.",
        field=path,
    )


def is_own(workspace: Workspace, record: Record) -> bool:
    """Whether this unit made the record; also true for a record that is not stored yet."""
    stored = next(iter(present(workspace, [record.id])), None)
    return stored is None or stored.unit == workspace.identity.unit.code


def closed_fields(workspace: Workspace, record: Record) -> ClosedFields:
    """What the officer is not to type into the record in its present state, although the fields are his."""
    find = workspace.extensions.closed_fields.get(record.kind)
    return find(workspace, record) if find else ClosedFields()


def links(record: Record) -> Links:
    """Every reference of a record to another one: path and id."""
    return set(search.references(record.form, record.data))


def refuse_unknown_links(workspace: Workspace, record: Record, before: Links) -> None:
    """Refuse a new reference (not in `before`) to a record that is missing, deleted or of the wrong kind; UserError."""
    for path, id_ in sorted(links(record) - before):
        field = record.field(path)
        if not _is_here(workspace, id_, field.target):
            raise UserError(
                f"«{field.label}»: không có hồ sơ nào mang mã «{id_}».",
                code="unknown_reference",
                hint=f"Hãy chọn một hồ sơ loại «{workspace.forms.current(field.target).label}».",
                field=path,
            )
        if check := workspace.extensions.link_checks.get((record.kind, path)):
            check(workspace, record, path)


def _is_here(workspace: Workspace, id_: str, kind: str) -> bool:
    try:
        stored = workspace.store.get(id_)
    except UserError:
        return False
    return stored.kind == kind and not stored.deleted

"""Find duplicates in the registry of beneficiaries: an establishment must not be registered twice."""

from __future__ import annotations

from kcdesk.runtime.frozen import Value
from kcdesk.services.records.former_names import former_reason, name_reason
from kcdesk.services.workspace import Workspace

_WATCHED = {"tax_code": "mã số thuế", "citizen_id": "số định danh cá nhân", "phone": "số điện thoại"}


class PossibleDuplicate(Value):
    """A beneficiary that may be the same establishment; `reason` says what is equal or similar."""

    id: str
    title: str
    reason: str


def possible_duplicates(workspace: Workspace, record_id: str, path: str, value: object) -> list[PossibleDuplicate]:
    """List registered beneficiaries with the same number, or with an equal or similar name; empty for other fields."""
    if not isinstance(value, str) or not value.strip():
        return []
    if path in _WATCHED:
        reason = f"cùng {_WATCHED[path]}"
        matches = [(stored, reason) for stored in workspace.store.find("beneficiary", path, value)]
        matches += [
            (stored, former_reason(reason, former))
            for stored, former in workspace.store.find_former("beneficiary", path, [value])
        ]
    elif path == "name":
        near = workspace.store.near("beneficiary", "name", value, 3)
        matches = [(match.record, name_reason(match)) for match in near]
    else:
        return []
    return [
        PossibleDuplicate(stored.id, stored.record(workspace.forms).title(), why)
        for stored, why in matches
        if stored.id != record_id
    ]


def hint(workspace: Workspace, record_id: str, path: str, value: object) -> str:
    """The sentence about possible duplicates beside a field while it is typed; "" for none."""
    duplicates = possible_duplicates(workspace, record_id, path, value)
    if not duplicates:
        return ""
    if len({duplicate.reason for duplicate in duplicates}) > 1:
        listed = "; ".join(f"{duplicate.title} ({duplicate.reason})" for duplicate in duplicates)
        return f"Đã có trong sổ: {listed}."
    titles = "; ".join(duplicate.title for duplicate in duplicates)
    return f"Đã có trong sổ ({duplicates[0].reason}): {titles}."

"""What this laptop says of itself: the officer's name, title and telephone, the unit's name and address.

Name and title stand in the identity of the store, telephone and address in the records of the officer and of the
office, where papers and other officers look for them. Papers that are locked keep what they said; keys stay.
"""

from __future__ import annotations

from typing import Any

from kcdesk import text
from kcdesk.errors import UserError
from kcdesk.runtime.frozen import Value
from kcdesk.services.records import changing, reading
from kcdesk.services.records.changing import Changes
from kcdesk.services.workspace import Workspace
from kcdesk.store.identity import FORMER_NAMES, Officer
from kcdesk.store.stored_record import StoredRecord


class OwnDetails(Value, kw_only=True):
    """The details as texts; "" where nothing is known."""

    officer: str
    title: str
    phone: str
    unit: str
    address: str
    unit_phone: str
    above: str  # the office above, as letterheads print it


def details_of(workspace: Workspace) -> OwnDetails:
    """Return the details as they are now."""
    identity = workspace.identity
    person, office = _person(workspace), _office(workspace)
    return OwnDetails(
        officer=identity.officer.name,
        title=identity.officer.title,
        phone=_text(workspace, person, "phone"),
        unit=identity.unit.name,
        address=_text(workspace, office, "address"),
        unit_phone=_text(workspace, office, "phone"),
        above=identity.unit.parent,
    )


def change(workspace: Workspace, wanted: OwnDetails) -> list[str]:
    """Change the details; return a sentence for each record that is locked and keeps its own.

    UserError `missing_name`, and the refusal of a telephone number that is none; then nothing is changed.
    """
    for name, value in (("officer", wanted.officer), ("unit", wanted.unit)):
        if not value.strip():
            raise UserError("Tên không được để trống.", code="missing_name", field=name)
    person, office = _person(workspace), _office(workspace)
    names = (wanted.officer, wanted.title, wanted.unit, wanted.above)
    with workspace.store.together():
        kept = _keep(workspace, "staff", person, _of_person(wanted))
        kept += _keep(workspace, "office", office, _of_office(workspace, wanted))
        _rename(workspace, *(text.clean(value).strip() for value in names))
    return kept


def unlisted_officer(workspace: Workspace) -> str:
    """Return the name of the officer of this laptop while nobody of this name is in the list of officers, else ""."""
    return "" if _person(workspace) is not None else workspace.identity.officer.name


def add_officer(workspace: Workspace, name: str) -> Changes:
    """Make the record of an officer; the officer of this laptop brings the title and the office along."""
    values: dict[str, Any] = {"name": name}
    if name == unlisted_officer(workspace):
        office = _office(workspace)
        values |= {"title": workspace.identity.officer.title} if workspace.identity.officer.title else {}
        values |= {"office": office.id} if office is not None else {}
    return changing.add(workspace, "staff", values)


def _rename(workspace: Workspace, officer: str, title: str, unit: str, above: str) -> None:
    """Change the identity; packages on their way to the former name of the unit are still taken in."""
    store, former = workspace.store, workspace.identity.unit.name
    if unit != former:
        store.set_setting(FORMER_NAMES, [*store.setting(FORMER_NAMES, []), former])
    store.set_officer(Officer(officer, title), unit, above=above)


def _of_person(wanted: OwnDetails) -> dict[str, Any]:
    return {"name": wanted.officer, "title": wanted.title, "phone": wanted.phone}


def _of_office(workspace: Workspace, wanted: OwnDetails) -> dict[str, Any]:
    code = workspace.identity.unit.code
    return {"name": wanted.unit, "code": code, "address": wanted.address, "phone": wanted.unit_phone}


def _keep(workspace: Workspace, kind: str, stored: StoredRecord | None, wanted: dict[str, Any]) -> list[str]:
    """Change the record of the officer or of the office; make one when there is something that only it can keep."""
    new = {name: value.strip() for name, value in wanted.items()}
    if stored is None:
        if any(new[name] for name in new.keys() & {"phone", "address"}):
            changing.add(workspace, kind, {name: value for name, value in new.items() if value})
        return []
    record = stored.record(workspace.forms)
    changed = {name: value or None for name, value in new.items() if record.text(name) != value}
    if not changed:
        return []
    if not all(reading.is_editable(workspace, stored.id, name) for name in changed):
        return [f"«{record.title()}» trong «Đơn vị, cán bộ» đã chốt: bấm «Sửa thành bản mới» ở đó rồi sửa."]
    changing.set_values(workspace, stored.id, changed)
    return []


def _person(workspace: Workspace) -> StoredRecord | None:
    return _first(workspace, "staff", "name", workspace.identity.officer.name)


def _office(workspace: Workspace) -> StoredRecord | None:
    unit = workspace.identity.unit
    return _first(workspace, "office", "code", unit.code) or _first(workspace, "office", "name", unit.name)


def _first(workspace: Workspace, kind: str, field: str, value: str) -> StoredRecord | None:
    return next(iter(workspace.store.find(kind, field, value)), None)


def _text(workspace: Workspace, stored: StoredRecord | None, field: str) -> str:
    return stored.record(workspace.forms).text(field) if stored is not None else ""

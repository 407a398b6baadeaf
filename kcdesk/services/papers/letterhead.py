"""What stands at the head of a paper: the organ that issues it, the authority above it, its sign in numbers."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from kcdesk import text
from kcdesk.formdef.model import Choice
from kcdesk.formdef.record import Record
from kcdesk.formdef.regulations.dated_names import names_on
from kcdesk.runtime.frozen import Value, replace
from kcdesk.services.workspace import Workspace

if TYPE_CHECKING:
    from kcdesk.store.identity import Unit

_DEPARTMENT = "sở "
_ORGANISER = "organiser"  # the field that says who organises a visit
_OWN_OFFICE = "office"  # its choice for the office that keeps the store


class Organiser(Value):
    """The organ that organises a visit: its name, the authority above it ("" if unknown), its sign in numbers."""

    name: str
    above: str
    code: str


def committee(workspace: Workspace, on: date | None = None) -> str:
    """«Ủy ban nhân dân tỉnh Gia Lai», as the province is called on a day, by default today; "" for an unknown one."""
    name = names_on(workspace.forms, on or workspace.today()).province(workspace.identity.unit.province)
    return f"Ủy ban nhân dân {text.lower_first(name)}" if name else ""


def unit_on_paper(workspace: Workspace, on: date | None = None) -> Unit:
    """The office as its letters name it: above a «Sở …» stands the committee of its province, as called on a day.

    The office to which it hands over may be another one, such as the agency of the Ministry.
    Source: mục II Phụ lục I NĐ 30/2020/NĐ-CP.
    """
    unit = workspace.identity.unit
    above = committee(workspace, on) if _is_department(unit.name) else ""
    return replace(unit, parent=above) if above else unit


def organiser(workspace: Workspace, record: Record, on: date) -> Organiser:
    """Who organises a visit, by the choice of the officer, else as the form has it, with the names of a day.

    Its name is what the officer wrote, else what the people who stand for it name as their organ, else this office or
    the one above it, else the general name of the choice.
    """
    unit = unit_on_paper(workspace, on)
    chosen = _chosen(workspace, record)
    code = str(record.data.get("organiser_code") or "")
    if chosen is None or chosen.value == _OWN_OFFICE:
        return Organiser(unit.name, unit.parent, code or unit.code)
    agency = names_on(workspace.forms, on).agency
    known = (*_organs_of(record, chosen), *_offices(unit, chosen), agency if _is_such(agency, chosen) else "")
    names = (record.data.get("organiser_name"), *known, chosen.label)
    name = next(str(name) for name in names if name)
    is_own = text.fold(name) == text.fold(unit.name)
    above = committee(workspace, on) if _is_department(name) else ""
    return Organiser(name, above, code or (unit.code if is_own else chosen.short_label))


def _chosen(workspace: Workspace, record: Record) -> Choice | None:
    field = workspace.forms.newest_field(record.kind, _ORGANISER)
    wanted = record.data.get(_ORGANISER) or field.default
    return next((choice for choice in workspace.forms.choices(field) if choice.value == wanted), None)


def _organs_of(record: Record, chosen: Choice) -> list[str]:
    """The organs named by those who take part for the chosen side, without their divisions («Phòng …»)."""
    named = [
        str(row.get("organisation") or "") for row in record.rows("participants") if row.get("party") == chosen.value
    ]
    return [name for name in named if _is_such(name, chosen)]


def _offices(unit: Unit, chosen: Choice) -> list[str]:
    return [name for name in (unit.name, unit.parent) if _is_such(name, chosen)]


def _is_such(name: str, chosen: Choice) -> bool:
    """Whether a name is that of an organ of the chosen kind: «Sở Công Thương Gia Lai» of «Sở Công Thương»."""
    return text.fold(name).startswith(text.fold(chosen.label.partition(" ")[0] + " "))


def _is_department(name: str) -> bool:
    return name.strip().lower().startswith(_DEPARTMENT)

"""What an opening total counts a second time: dossiers, and other totals, of the same unit, years, programme, activity.

An overlap prevents no step: a total may be of other dossiers than those of this store. It is pointed out as long as it
lasts. A part that a total leaves open (programme, activity) holds all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import Any

from kcdesk.errors import Problem
from kcdesk.formdef.record import Record
from kcdesk.services.records import titles
from kcdesk.services.workspace import Workspace
from kcdesk.text import fold, format_integer

KIND = "opening_total"
TIES = frozenset(("year_from",))
_SHOWN = 3  # other totals that are named one by one
_OF_PROVINCES = ("tinh ", "thanh pho ", "tp ", "tp. ", "tp.")
_SAME_PARTS = (
    "(:programme is null or programme is null or programme = :programme)"
    " and (:activity is null or activity is null or activity = :activity or {others})"
)
_MORE_ACTIVITIES = "(scheme = 'flagship' and instr(coalesce(other_activities, ''), '\"' || :activity || '\"'))"
_DOSSIERS = (
    "select unit, implementing_unit as name, count(*) as number, min(id) as first from proposal"
    f" where year between :first and :last and {_SAME_PARTS.format(others=_MORE_ACTIVITIES)}"
    " group by unit, implementing_unit"
)
_TOTALS = (
    "select id, unit_name from opening_total where id <> :id and year_from <= :last and year_to >= :first"
    f" and {_SAME_PARTS.format(others='0')} order by year_from, id"
)

_UnitsByName = Mapping[str, Set[str]]


def prepare_total(_workspace: Workspace, total: Record) -> None:
    """Fill in the last year of a total of one year; a typed one stays."""
    if total.value("year_to") is None and isinstance(total.value("year_from"), int):
        total.set("year_to", total.value("year_from"))


def begin_total(workspace: Workspace, total: Record) -> None:
    """Fill in the own unit of an office that makes dossiers: others write down the totals of many units."""
    if workspace.level is workspace.forms.levels.makers and total.value("unit_name") is None:
        total.set("unit_name", workspace.identity.unit.name)


def while_drafting(workspace: Workspace, total: Record) -> list[Problem]:
    """List the overlaps of a total that is being written."""
    return list(_overlaps(workspace, total))


def in_locked_totals(workspace: Workspace, record: Record) -> list[Problem]:
    """List the overlaps of a locked total: they may come later, with the dossiers of another unit."""
    if record.kind != KIND or workspace.forms.workflow(KIND).state(record.state).editable:
        return []
    return list(_overlaps(workspace, record))


def _overlaps(workspace: Workspace, total: Record) -> Iterator[Problem]:
    first, last, name = (total.value(field) for field in ("year_from", "year_to", "unit_name"))
    if not (isinstance(first, int) and isinstance(last, int) and isinstance(name, str)):
        return
    asked = {"first": first, "last": last, **{part: total.value(part) for part in ("programme", "activity")}}
    units = _units_by_name(workspace)
    yield from _with_dossiers(workspace, total, asked, name, units)
    yield from _with_totals(workspace, total, asked, name, units)


def _with_dossiers(
    workspace: Workspace, total: Record, asked: dict[str, Any], name: str, units: _UnitsByName
) -> Iterator[Problem]:
    codes, wanted = _codes(units, name), fold(name)
    groups = [
        row
        for row in workspace.store.query(_DOSSIERS, asked)
        if row["unit"] in codes or fold(row["name"] or "") == wanted
    ]
    number = sum(row["number"] for row in groups)
    if number:
        first = min(row["first"] for row in groups)
        sentence = (
            f"Kho đã có {format_integer(number)} đề án {_span(asked)} của «{name}»{_parts(total)}: "
            "báo cáo cộng cả hai. Chỉ ghi số của những đề án không có hồ sơ."
        )
        yield Problem("proposals", sentence, record=first if number == 1 else "", advice=True)


def _with_totals(
    workspace: Workspace, total: Record, asked: dict[str, Any], name: str, units: _UnitsByName
) -> Iterator[Problem]:
    codes, wanted = _codes(units, name), fold(name)
    others = [
        row["id"]
        for row in workspace.store.query(_TOTALS, {**asked, "id": total.id})
        if fold(row["unit_name"] or "") == wanted or codes & _codes(units, row["unit_name"] or "")
    ]
    for id_ in others[:_SHOWN]:
        title = titles.title_of(workspace, workspace.store.record(id_))
        sentence = f"Trùng năm, nguồn, nội dung với số liệu tổng «{title}»: báo cáo cộng cả hai."
        yield Problem("year_from", sentence, record=id_, advice=True)
    if len(others) > _SHOWN:
        more = format_integer(len(others) - _SHOWN)
        yield Problem("year_from", f"Còn trùng với {more} số liệu tổng khác.", advice=True)


def _units_by_name(workspace: Workspace) -> _UnitsByName:
    """The codes of the units that a folded name means: a unit by its name or code, or all units of a province."""
    own = workspace.identity.unit
    known = [(own.code, own.name, own.province)]
    known += [(partner.unit, partner.name, partner.province) for partner in workspace.store.partners.list()]
    known += [(device.unit, device.name, own.province) for device in workspace.store.partners.devices()]
    units: dict[str, set[str]] = {}
    for code, name, province in known:
        for key in (fold(code), fold(name), _province(workspace, province)):
            units.setdefault(key, set()).add(code)
    return units


def _codes(units: _UnitsByName, name: str) -> Set[str]:
    """The codes of the units with this name; a name without words means none."""
    bare = _bare(name)
    return units.get(bare, frozenset()) if bare else frozenset()


def _province(workspace: Workspace, code: str) -> str:
    return _bare(workspace.places.province_name(code)) if code else ""


def _bare(name: str) -> str:
    """A name to compare, without the word that says what kind of province it is."""
    folded = fold(name)
    return next((folded.removeprefix(kind) for kind in _OF_PROVINCES if folded.startswith(kind)), folded)


def _span(asked: dict[str, Any]) -> str:
    first, last = asked["first"], asked["last"]
    return f"năm {first}" if first == last else f"từ năm {first} đến năm {last}"


def _parts(total: Record) -> str:
    words = [total.text(part) for part in ("programme", "activity") if total.value(part)]
    return f" ({', '.join(words)})" if words else ""

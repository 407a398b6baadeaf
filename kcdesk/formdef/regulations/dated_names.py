"""Names and addresses as they were on a day: of the agency in charge, of provinces, of places; `forms/names.toml`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from kcdesk.addresses import REFORM, REFORM_DAY
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.definition_files import NAMES, refuse_faults
from kcdesk.formdef.loading.toml_reader import Faults, read_definition
from kcdesk.formdef.model import Choice, Field
from kcdesk.formdef.places import OldCommune, Places, bare_name
from kcdesk.formdef.record import Record
from kcdesk.formdef.regulations.territories import Territories, load_territories
from kcdesk.formdef.values import Lookups
from kcdesk.runtime.frozen import Value, replace
from kcdesk.text import lower_first

_CITY, _PROVINCE = "Thành phố ", "Tỉnh "
DATED = "dated"  # what fills a paper has the names of its day under this name
UNKNOWN_BEFORE = f"chưa ghi xã, phường trước {REFORM_DAY}"


class AgencyName(Value, kw_only=True):
    """A name of the agency in charge: its first day, or the days between which it was given."""

    name: str
    source: str
    effective_from: date | None = None
    not_before: date | None = None
    changed_by: date | None = None
    unverified: bool = False

    @property
    def surely_from(self) -> date:
        """The first day on which it surely was the name."""
        return self.effective_from or self.changed_by or date.min

    @property
    def perhaps_from(self) -> date:
        """The first day on which it may have been the name."""
        return self.effective_from or self.not_before or date.min


class FormerProvince(Value, kw_only=True):
    """The name of a province of 30 June 2025 up to an earlier day."""

    old_province: str
    name: str
    effective_to: date
    source: str
    unverified: bool = False


class PaperDay(Value, kw_only=True):
    """The fields with the day of the papers of a kind of record, the first filled one first; of these layouts only."""

    kind: str
    fields: tuple[str, ...]
    layouts: tuple[str, ...] = ()

    def concerns(self, kind: str, layout: str) -> bool:
        """Whether it is about this paper."""
        return self.kind == kind and (not self.layouts or layout in self.layouts)


class NamesFile(Value, kw_only=True):
    """The content of `forms/names.toml`; names of the agency oldest first."""

    agency_names: tuple[AgencyName, ...] = ()
    former_provinces: tuple[FormerProvince, ...] = ()
    paper_days: tuple[PaperDay, ...] = ()


def load_names(folder: Path, forms: Forms) -> NamesFile:
    """Read the names of a folder; FormsError lists all faults."""
    faults = Faults()
    read = read_definition(folder, NAMES, NamesFile, faults)
    _check_agencies(read.agency_names, faults)
    known = {province.code for province in forms.places.old_provinces}
    for former in read.former_provinces:
        if former.old_province not in known:
            faults.unknown(NAMES, "former_province", "tỉnh", former.old_province, known)
    for number, day in enumerate(read.paper_days, start=1):
        fields = {field.name for form in forms.versions_of(day.kind) for field in form.fields}
        for name in day.fields:
            if name not in fields:
                faults.unknown(NAMES, f"paper_day {number}", "ô", name, sorted(fields))
    refuse_faults(faults, folder)
    return read


def _check_agencies(agencies: Sequence[AgencyName], faults: Faults) -> None:
    for before, after in pairwise(agencies):
        place = f"agency_name {after.name}"
        if after.surely_from == date.min:
            faults.add(NAMES, place, "thiếu ngày: ghi effective_from, hoặc not_before và changed_by")
        elif after.surely_from <= before.surely_from:
            faults.add(NAMES, place, f"phải sau ngày của «{before.name}»")
        elif after.perhaps_from > after.surely_from:
            faults.add(NAMES, place, "not_before sau changed_by")


class DatedNames:
    """The names of one day; every paper asks here for names and addresses that change with the years."""

    def __init__(self, forms: Forms, on: date) -> None:
        self.on = on
        self._places = forms.places
        self._names = forms.once("names", lambda: load_names(forms.folder, forms))
        self._territories: Territories = forms.once("territories", lambda: load_territories(forms.folder, forms))

    @property
    def agency(self) -> str:
        """The agency of the Ministry in charge; both names where the day of the change is not known."""
        names = [entry.name for entry in self.agencies]
        return f"{names[0]} ({names[1]}, chưa rõ ngày đổi tên)" if len(names) > 1 else "".join(names)

    @property
    def agencies(self) -> tuple[AgencyName, ...]:
        """The name that is surely in use, then one that may have come in its place."""
        sure = [entry for entry in self._names.agency_names if entry.surely_from <= self.on][-1:]
        perhaps = [entry for entry in self._names.agency_names if entry.perhaps_from <= self.on < entry.surely_from]
        return (*sure, *perhaps)

    def province(self, code: str) -> str:
        """The name of a province by its present-day code: «Tỉnh Bắc Ninh» before 20/9/2026; "" for an unknown one."""
        name = self._places.province_name(code)
        bare = bare_name(name)
        if self.on < REFORM:
            alike = (old for old in self._places.old_provinces if old.name in (_CITY + bare, _PROVINCE + bare))
            return next((self._old_province(old.code, old.name) for old in alike), name)
        start = next((city for city in self._territories.city_starts if city.province == code), None)
        return _PROVINCE + bare if start is not None and self.on < start.effective_from else name

    def address(self, place: Mapping[str, str]) -> str:
        """A stored place as it was called on the day; before the reform by its old units, never by those of today."""
        new, old = place.get("commune", ""), place.get("old_commune", "")
        if not self._places.has(place):
            return self._places.text(place)
        if self.on < REFORM:
            return self._old_address(self._places.old(old)) if old else self._address_before(new)
        if not new:
            return self._places.text(place)
        commune = self._places.commune(new)
        today = replace(commune, province_name=self.province(commune.province_code)).address
        return f"{today} (trước {REFORM_DAY}: {self._places.old(old).address})" if old else today

    def text(self, record: Record, field: str) -> str:
        """A field of a record as `Record.text` writes it, a place as it was called on the day."""
        place = record.value(field)
        return self.address(place) if isinstance(place, dict) else record.text(field)

    def _old_address(self, old: OldCommune) -> str:
        former = self._former(self._places.old_province_of(old.code))
        mark = f" (tên ngày 30/6/2025; khi ấy thuộc {lower_first(former.name)})" if former else ""
        return old.address + mark

    def _address_before(self, commune: str) -> str:
        """What is known of a present-day commune before the reform: its only old unit, else what all of them share."""
        before = self._places.predecessors(commune)
        if len(before) == 1:
            return self._old_address(before[0])
        district = {(old.district, old.province) for old in before}
        province = {old.province for old in before}
        shared = next(iter(district)) if len(district) == 1 else tuple(province) if len(province) == 1 else ()
        known = ", ".join(lower_first(name) for name in shared)
        return f"{known} ({UNKNOWN_BEFORE})" if known else f"({UNKNOWN_BEFORE})"

    def _old_province(self, code: str, name: str) -> str:
        former = self._former(code)
        return former.name if former else name

    def _former(self, old_province: str) -> FormerProvince | None:
        return next(
            (
                entry
                for entry in self._names.former_provinces
                if entry.old_province == old_province and self.on <= entry.effective_to
            ),
            None,
        )


class DatedLookups:
    """Lookups for a paper: as those that they wrap, with the addresses of the day of the paper."""

    def __init__(self, lookups: Lookups, names: DatedNames) -> None:
        self._lookups, self._names = lookups, names

    @property
    def places(self) -> Places:
        """The administrative units."""
        return self._lookups.places

    def place_text(self, place: Mapping[str, str]) -> str:
        """A stored place as it was called on the day."""
        return self._names.address(place)

    def choices(self, field: Field) -> tuple[Choice, ...]:
        """The choices of a field."""
        return self._lookups.choices(field)

    def row_names(self, table: str) -> Mapping[str, str] | None:
        """The names of the rows of a table of the record at hand."""
        return self._lookups.row_names(table)


def names_on(forms: Forms, on: date) -> DatedNames:
    """The names of a day."""
    return forms.once(("names on", on), lambda: DatedNames(forms, on))


def day_on_paper(forms: Forms, record: Record, layout: str, today: date) -> date:
    """The day that a paper about a record bears; `today` while no field has it."""
    names = forms.once("names", lambda: load_names(forms.folder, forms))
    entry = next((day for day in names.paper_days if day.concerns(record.kind, layout)), None)
    days = (_day(record.data.get(name), today) for name in (entry.fields if entry else ()))
    return next((day for day in days if day is not None), today)


def _day(value: Any, today: date) -> date | None:
    """A stored date, or the last day of a stored year; None for anything else."""
    if isinstance(value, int) and 1 <= value <= date.max.year:
        return min(today, date(value, 12, 31))
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None

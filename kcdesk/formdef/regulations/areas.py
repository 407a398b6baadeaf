"""Priority areas as dated lists of communes, kept by each province: `forms/areas/*.toml`, read at first use.

The codes of a list that begins before 1 July 2025 are those of the communes of its time, the others those of today.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import combinations
from pathlib import Path

from kcdesk import text
from kcdesk.addresses import REFORM
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.definition_files import refuse_faults
from kcdesk.formdef.loading.toml_reader import Faults, TomlReader, read_toml
from kcdesk.formdef.model import Choice, Field
from kcdesk.formdef.places import Places
from kcdesk.formdef.regulations.norms import in_force
from kcdesk.runtime.frozen import Value

FOLDER = "areas"
CHOICES = "priority_areas"  # the shared list that `covers` and `kind` name entries of


class Area(Value, kw_only=True):
    """The communes of one kind, by their codes."""

    kind: str
    communes: tuple[str, ...] = ()


class AreaList(Value, kw_only=True):
    """A list while it is in force; of the kinds that it covers, a commune that it does not name is none."""

    effective_from: date
    effective_to: date | None = None
    source: str
    covers: tuple[str, ...]
    unverified: bool = False
    areas: tuple[Area, ...] = ()

    @property
    def is_older(self) -> bool:
        """Whether its codes are those of before 1 July 2025."""
        return self.effective_from < REFORM

    def codes(self, kind: str) -> frozenset[str]:
        """The communes of a kind."""
        return frozenset(code for area in self.areas if area.kind == kind for code in area.communes)


class ProvinceAreas(Value, kw_only=True):
    """The lists of a province (code of today)."""

    province: str
    label: str
    lists: tuple[AreaList, ...] = ()

    def covering(self, kind: str, on: date) -> AreaList | None:
        """The list that decides about a kind of area on a day; None without one."""
        return next((entry for entry in self.lists if kind in entry.covers and in_force(entry, on)), None)


def is_listed(places: Places, entry: AreaList, kind: str, place: Mapping[str, str]) -> bool | None:
    """Whether a list names the commune of a place; None where only a part of the commune is known to be named."""
    code, old = place.get("commune", ""), place.get("old_commune", "")
    codes = entry.codes(kind)
    own, other = (old, code) if entry.is_older else (code, old)
    if own:
        return own in codes
    parts = [part.code for part in places.predecessors(other)] if entry.is_older else places.successors(other)
    named = [part in codes for part in parts]
    return None if not named or any(named) != all(named) else all(named)


def area_kinds(forms: Forms) -> tuple[Choice, ...]:
    """The kinds of priority area."""
    return forms.choices(Field(name=CHOICES, type="choices", label="", choices_from=CHOICES))


def is_of_province(places: Places, code: str, province: str, first: date) -> bool:
    """Whether a code in a list that begins on a day is that of a commune of the province then."""
    return province in places.provinces_of({"old_commune" if first < REFORM else "commune": code})


def load(folder: Path, forms: Forms) -> tuple[ProvinceAreas, ...]:
    """Read the lists of a folder; FormsError lists all faults."""
    faults = Faults()
    read = []
    for path in sorted((folder / FOLDER).glob("*.toml")):
        file = f"{FOLDER}/{path.name}"
        raw = read_toml(path, file, faults)
        if raw is not None:
            entry = TomlReader(file, faults).build_whole(ProvinceAreas, raw)
            if entry is not None:
                _Checked(entry, file, forms, faults).check()
                read.append(entry)
    refuse_faults(faults, folder)
    return tuple(read)


class _Checked:
    """The lists of one file, held against the catalogue of places and the kinds of areas."""

    def __init__(self, owner: ProvinceAreas, file: str, forms: Forms, faults: Faults) -> None:
        self.owner, self.file, self.forms, self.faults = owner, file, forms, faults

    def check(self) -> None:
        """Report every fault."""
        known = {province.code for province in self.forms.places.provinces}
        if self.owner.province not in known:
            self.faults.unknown(self.file, "province", "tỉnh", self.owner.province, known)
        kinds = [choice.value for choice in area_kinds(self.forms)]
        for number, entry in enumerate(self.owner.lists, start=1):
            place = f"list {number}"
            for kind in entry.covers:
                if kind not in kinds:
                    self.faults.unknown(self.file, place, "covers: địa bàn", kind, kinds)
            if entry.effective_to is not None and entry.effective_to < entry.effective_from:
                self.faults.add(self.file, place, "hết hiệu lực trước ngày có hiệu lực")
            for area in entry.areas:
                self._check_area(place, entry, area)
        self._check_overlaps(self.owner.lists)

    def _check_area(self, place: str, entry: AreaList, area: Area) -> None:
        if area.kind not in entry.covers:
            self.faults.unknown(self.file, place, "area: địa bàn", area.kind, entry.covers)
        places, province = self.forms.places, self.owner.province
        for code in area.communes:
            if not is_of_province(places, code, province, entry.effective_from):
                words = f"mã {code} không phải xã, phường của tỉnh vào ngày danh mục có hiệu lực"
                self.faults.add(self.file, place, words)
        for code in sorted({code for code in area.communes if area.communes.count(code) > 1}):
            self.faults.add(self.file, place, f"mã {code} ghi hai lần")

    def _check_overlaps(self, lists: Sequence[AreaList]) -> None:
        for first, second in combinations(lists, 2):
            both = sorted(set(first.covers) & set(second.covers))
            if both and in_force(first, second.effective_from) | in_force(second, first.effective_from):
                days = f"{text.format_date(first.effective_from)}, {text.format_date(second.effective_from)}"
                self.faults.add(self.file, "list", f"hai danh mục của “{both[0]}” cùng có hiệu lực (từ {days})")

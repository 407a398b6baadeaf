"""The kind of territory that follows from a commune on a day, by `forms/territories.toml`, read at first use."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.definition_files import TERRITORIES, refuse_faults
from kcdesk.formdef.loading.toml_reader import Faults, read_definition
from kcdesk.runtime.frozen import Value

_CITY = "Thành phố"
_COMMUNE, _ZONE = "xã", "đặc khu"


class CityStart(Value, kw_only=True):
    """A province that became a city: its present-day code, and the first day as a city."""

    province: str
    effective_from: date
    source: str


class KindChange(Value, kw_only=True):
    """Communes of today that were of another kind until a day; between the two days nobody knows which they were."""

    communes: tuple[str, ...]
    territory_before: str  # a value of the list `territories`
    last_seen_before: date
    first_seen_after: date
    source: str


class Territories(Value, kw_only=True):
    """The content of `forms/territories.toml`; before `wards_from` only a commune tells its territory."""

    wards_from: date = date.min
    source: str = ""
    city_starts: tuple[CityStart, ...] = ()
    kind_changes: tuple[KindChange, ...] = ()

    def change_of(self, commune: str, on: date) -> KindChange | None:
        """The change of kind that a commune had not yet behind it on a day; None if it is of today's kind."""
        changes = (change for change in self.kind_changes if commune in change.communes)
        return next((change for change in changes if on < change.first_seen_after), None)


def territory_of(forms: Forms, commune: str, on: date) -> str:
    """The territory of a present-day commune on a day; "" if it does not follow. UserError `unknown_place`."""
    known = forms.once("territories", lambda: load_territories(forms.folder, forms))
    place = forms.places.commune(commune)
    if change := known.change_of(commune, on):
        return change.territory_before if on <= change.last_seen_before else ""
    if place.kind == _COMMUNE:
        return "commune"
    if on < known.wards_from:
        return ""
    if place.kind == _ZONE:
        return "special_zone"
    return "city_ward" if _is_city(known, place.province_code, place.province_name, on) else "provincial_ward"


def load_territories(folder: Path, forms: Forms) -> Territories:
    """Read the territories of a folder; FormsError lists all faults."""
    faults = Faults()
    read = read_definition(folder, TERRITORIES, Territories, faults)
    known = {province.code for province in forms.places.provinces}
    for city in read.city_starts:
        if city.province not in known:
            faults.unknown(TERRITORIES, "city_start", "tỉnh", city.province, known)
    for change in read.kind_changes:
        for code in change.communes:
            if not forms.places.has({"commune": code}):
                faults.unknown(TERRITORIES, "kind_change", "xã, phường", code, forms.places.communes)
    refuse_faults(faults, folder)
    return read


def _is_city(known: Territories, province: str, name: str, on: date) -> bool:
    """Whether a province is a city on a day; one that is not listed is what the catalogue says."""
    first = next((city.effective_from for city in known.city_starts if city.province == province), None)
    return name.startswith(_CITY) if first is None else on >= first

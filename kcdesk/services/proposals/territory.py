"""Whether the territory of an establishment is that of its commune, as the catalogue of places knows it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kcdesk.errors import Problem
from kcdesk.formdef.places import OldCommune
from kcdesk.formdef.record import Record
from kcdesk.formdef.regulations.territories import territory_of
from kcdesk.services.records.copying import fill
from kcdesk.services.workspace import Workspace

TERRITORY, PLACES = "territory", ("production_place", "place")  # where it produces decides, if it is written
TIES = frozenset(PLACES)
_ANYWHERE = "craft_village"


def prepare_beneficiary(workspace: Workspace, record: Record) -> None:
    """Fill in the territory from today's commune."""
    place = _place(record)
    if place and place.get("commune"):
        fill(record, TERRITORY, territory_of(workspace.forms, place["commune"], workspace.today()) or None)


def contradictions(workspace: Workspace, record: Record) -> list[Problem]:
    """Report a territory that the commune does not have, today or before 01/7/2025; it prevents no step."""
    sentence = sentence_about(workspace, record) if record.kind == "beneficiary" else ""
    return [Problem(TERRITORY, sentence)] if sentence else []


def sentence_about(workspace: Workspace, record: Record) -> str:
    """Say that territory and commune contradict each other; "" if they agree or one is missing."""
    place, chosen = _place(record), record.value(TERRITORY)
    if not place or not chosen or not workspace.places.has(place):
        return ""
    possible = [_ANYWHERE, *_possible(workspace, place)]
    if chosen in possible:
        return ""
    field = record.field(TERRITORY)
    labels = {choice.value: choice.label for choice in workspace.forms.choices(field)}
    right = ", ".join(f"«{labels[value]}»" for value in dict.fromkeys(possible[1:]))
    wrong = f"{field.label} ghi «{labels.get(chosen, chosen)}»"
    return f"{wrong} nhưng nơi sản xuất là {workspace.places.text(place)}: hãy chọn {right} hoặc sửa xã, phường."


def _place(record: Record) -> Mapping[str, str] | None:
    return next((place for name in PLACES if (place := record.value(name))), None)


def _possible(workspace: Workspace, place: Mapping[str, str]) -> Iterator[str]:
    places = workspace.places
    if code := place.get("commune", ""):
        yield territory_of(workspace.forms, code, workspace.today())
    old = place.get("old_commune", "")
    for commune in [places.old(old)] if old else places.predecessors(place.get("commune", "")):
        yield from _before(commune)


def _before(commune: OldCommune) -> tuple[str, ...]:
    """The territories of a commune of 30 June 2025; the class of a city is not in the catalogue."""
    name = commune.name.lower()
    if name.startswith("thị trấn"):
        return ("township",)
    if not name.startswith("phường"):
        return ("commune",)
    town = commune.district.lower().startswith("thị xã")
    return ("town_ward",) if town else ("class_2_3_ward", "converted_ward", "city_ward")

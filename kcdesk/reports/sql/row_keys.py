"""The keys of rows as SQL: the value of a field, a part of a day, the province of a commune."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import partial

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.types.registry import type_of
from kcdesk.reports.model import Group, PlaceRegion
from kcdesk.reports.scope import ENTRY, Catalogue, FieldScope, NamedColumn
from kcdesk.store.database import views

_CODE = re.compile("[a-z0-9_]+")
SEVERAL = "*"  # the key of a subject with several different entries
PLACE_TABLES = ("new_province", "new_region")  # parts of a place for which a table of communes is needed


def key_sql(group: Group, number: int, scope: FieldScope, catalogue: Catalogue, day: str) -> str:
    """The expression of a key, as text; NULL where it is not known."""
    if not group.field:
        return _day_part(group.part, day)
    head, _, rest = group.field.partition(".")
    subject = scope.subject
    if rest and head in catalogue.tables(subject.record.kind):
        is_row = scope.sources[0].name == head
        return f"CAST({scope.resolve(group.field).sql} AS TEXT)" if is_row else "CAST(NULL AS TEXT)"
    if head in subject.known and type_of(subject.resolve(head).field).is_list:
        return _common_entry(head, rest, number, scope, catalogue)
    column = subject.resolve(group.field)
    if group.part == "old_commune":
        return column.source.column(views.old_commune(column.field.name))
    if group.part in PLACE_TABLES:
        return _place_above(group.part, column, number, scope)
    return f"CAST({column.sql} AS TEXT)"


def _day_part(part: str, day: str) -> str:
    if part == "year":
        return f"substr({day}, 1, 4)"
    if part == "month":
        return f"substr({day}, 1, 7)"
    month = f"substr({day}, 6, 2)"
    quarters = " ".join(f"WHEN {month} <= '{3 * quarter:02}' THEN '-Q{quarter}'" for quarter in (1, 2, 3))
    return f"(substr({day}, 1, 4) || CASE {quarters} WHEN {month} IS NULL THEN NULL ELSE '-Q4' END)"


def _common_entry(head: str, rest: str, number: int, scope: FieldScope, catalogue: Catalogue) -> str:
    """The entry of a list, or a field of the record that it names; SEVERAL if the entries differ."""
    subject = scope.subject.record
    entries = catalogue.entries(subject.kind, head)
    source, value = catalogue.named(entries.view, (f"{subject.kind}_id", ENTRY), "entries"), f'entries."{ENTRY}"'
    if rest:
        target = catalogue.named(entries.fields[ENTRY].target, ("id", rest), "named")
        source += f' JOIN {target} ON named."id" = {value}'
        value = f'named."{rest}"'
    alias = f"several{number}"
    same = f"MIN({value}) = MAX({value}) AND COUNT({value}) = COUNT(*)"
    none = f"MIN({value}) IS NULL"
    key = f"CASE WHEN {none} THEN NULL WHEN {same} THEN CAST(MIN({value}) AS TEXT) ELSE '{SEVERAL}' END"
    tie = f'entries."{subject.kind}_id"'
    scope.add_join(
        f"LEFT JOIN (SELECT {tie} AS id, {key} AS key FROM {source} GROUP BY {tie}) AS {alias}"
        f" ON {alias}.id = {subject.column('id')}"
    )
    return f"{alias}.key"


def _place_above(part: str, column: NamedColumn, number: int, scope: FieldScope) -> str:
    """The province or region of today's commune, or of the commune before the reform if only that is known."""
    old = column.source.column(views.old_commune(column.field.name))
    scope.add_join(f"LEFT JOIN {part}_of_commune AS new{number} ON new{number}.commune = {column.sql}")
    scope.add_join(f"LEFT JOIN {part}_of_old AS old{number} ON old{number}.commune = {old}")
    return f"COALESCE(new{number}.above, old{number}.above)"


def places_with(groups: Iterable[Group], forms: Forms, regions: tuple[PlaceRegion, ...]) -> str:
    """The tables of provinces and regions that the keys of these groups need, as the beginning of a statement."""
    parts = dict.fromkeys(group.part for group in groups if group.part in PLACE_TABLES)
    if not parts:
        return ""
    provinces = {province.code: province.code for province in forms.places.provinces}
    above = {
        "new_province": provinces,
        "new_region": {code: region.name for region in regions for code in region.provinces},
    }
    tables = [forms.once(("places", part, regions), partial(_place_tables, part, forms, above[part])) for part in parts]
    return f"WITH {', '.join(tables)} "


def _place_tables(part: str, forms: Forms, above: Mapping[str, str]) -> str:
    places = forms.places
    new = ((code, above.get(places.commune(code).province_code, "")) for code in places.communes)
    old = ((code, above.get(_province_today(forms, code), "")) for code in places.old_communes)
    return f"{_values(f'{part}_of_commune', new)}, {_values(f'{part}_of_old', old)}"


def _province_today(forms: Forms, old_commune: str) -> str:
    became = forms.places.old(old_commune).new_codes
    return forms.places.commune(became[0]).province_code if became else ""


def _values(name: str, pairs: Iterable[tuple[str, str]]) -> str:
    """A table of codes from the shipped catalogue; anything but letters and digits is left out."""
    rows = ", ".join(f"('{code}', '{above}')" for code, above in pairs if _CODE.fullmatch(code + above) and above)
    return f"{name}(commune, above) AS (VALUES {rows or '(NULL, NULL)'})"

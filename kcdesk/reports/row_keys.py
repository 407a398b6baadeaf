"""The keys of rows as SQL: the value of a field, a part of a day, the province of a commune."""

from __future__ import annotations

from collections.abc import Iterable

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.types.registry import type_of
from kcdesk.reports.model import Group
from kcdesk.reports.scope import ENTRY, Catalogue, FieldScope, NamedColumn
from kcdesk.store.database import views

SEVERAL = "*"  # the key of a subject with several different entries
_OF_COMMUNE, _OF_OLD = "province_of_commune", "province_of_old_commune"


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
        return f'"{column.source.alias}"."{views.old_commune(column.field.name)}"'
    if group.part == "new_province":
        return _province(column, number, scope)
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
    source, value = f'"{entries.view}" AS entries', f'entries."{ENTRY}"'
    if rest:
        target = entries.fields[ENTRY].target
        source += f' JOIN "{target}" AS named ON named."id" = {value}'
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


def _province(column: NamedColumn, number: int, scope: FieldScope) -> str:
    """The province of today's commune, or of the commune before the reform if only that is known."""
    old = f'"{column.source.alias}"."{views.old_commune(column.field.name)}"'
    scope.add_join(f"LEFT JOIN {_OF_COMMUNE} AS new{number} ON new{number}.commune = {column.sql}")
    scope.add_join(f"LEFT JOIN {_OF_OLD} AS old{number} ON old{number}.commune = {old}")
    return f"COALESCE(new{number}.province, old{number}.province)"


def places_with(groups: Iterable[Group], forms: Forms) -> str:
    """The tables of provinces that the keys of these groups need, as the beginning of a statement."""
    if not any(group.part == "new_province" for group in groups):
        return ""
    return str(forms.once("provinces of communes", lambda: _place_tables(forms)))


def _place_tables(forms: Forms) -> str:
    places = forms.places
    new = ((code, places.commune(code).province_code) for code in places.communes)
    old = ((code, _province_today(forms, code)) for code in places.old_communes)
    return f"WITH {_values(_OF_COMMUNE, new)}, {_values(_OF_OLD, old)} "


def _province_today(forms: Forms, old_commune: str) -> str:
    became = forms.places.old(old_commune).new_codes
    return forms.places.commune(became[0]).province_code if became else ""


def _values(name: str, pairs: Iterable[tuple[str, str]]) -> str:
    """A table of codes from the shipped catalogue; anything but digits is left out."""
    rows = ", ".join(f"('{code}', '{province}')" for code, province in pairs if (code + province).isdecimal())
    return f"{name}(commune, province) AS (VALUES {rows})"

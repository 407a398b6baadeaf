"""The dossiers that one list of deadlines looks up, each once.

Where the store keeps narrow tables (`store/database/reading_tables`) with all that the deadlines ask of a kind, as it
stands in the records, they are read there; else the records themselves are.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import OF_EVERY_RECORD, Field
from kcdesk.formdef.record_title import title_of
from kcdesk.formdef.regulations.asked_columns import OF_THE_DOSSIER, asked_columns
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import Value
from kcdesk.services.workspace import Workspace
from kcdesk.store.database import views
from kcdesk.store.stored_record import COLUMNS, StoredRecord

# What a view must say of a dossier itself, or of a row.
_OWN = ("json_extract(line.value, '$.id')", *(f"record.{name}" for name in OF_THE_DOSSIER))


class AskedDossier(Value):
    """A dossier as far as the deadlines ask: `values` by the newest names, all of them or those that are asked for."""

    id: str
    kind: str
    form: str
    unit: str
    parent: str | None
    values: Mapping[str, Any]


def dossier_of(workspace: Workspace, stored: StoredRecord) -> AskedDossier:
    """All that a record says."""
    values = workspace.forms.renames(stored.kind).in_newest(stored.data)
    return AskedDossier(stored.id, stored.kind, stored.form, stored.unit, stored.parent, values)


def title(workspace: Workspace, stored: StoredRecord) -> str:
    """As `KnownDossiers.titles`, for one record."""
    return KnownDossiers(workspace, is_narrow=False).titles([dossier_of(workspace, stored)])[stored.id]


class KnownDossiers:
    """Looks dossiers up for one list; with `is_narrow` False always in the records."""

    def __init__(self, workspace: Workspace, *, is_narrow: bool = True) -> None:
        self._workspace = workspace
        self._is_narrow = is_narrow and workspace.forms.folder == workspace.store.forms.folder
        self._asked = asked_columns(workspace.forms, workspace.calendar) if self._is_narrow else {}
        self._narrow: dict[tuple[str, str], tuple[str, ...]] = {}
        self._known: dict[str, AskedDossier | None] = {}
        self._titles: dict[str, str] = {}

    def columns(self, kind: str, table: str = "") -> tuple[str, ...]:
        """What the narrow table of a kind, or of the rows of its table, has of what is asked; () if not all of it."""
        if (kind, table) not in self._narrow:
            self._narrow[kind, table] = self._columns(kind, table) if self._is_narrow else ()
        return self._narrow[kind, table]

    def relation(self, kind: str, table: str = "") -> str:
        """The name of that narrow table."""
        return f'"{self._workspace.store.readings.relation(self._view(kind, table), self.columns(kind, table))}"'

    def asked(self, kind: str, condition: str, values: Mapping[str, Any], *, is_narrow: bool) -> Iterator[AskedDossier]:
        """The dossiers of a kind under a condition, which may end with an order and a limit."""
        if not is_narrow:
            sql = f"SELECT {COLUMNS} FROM record {condition}"
            rows = self._workspace.store.query(sql, values)
            dossiers = (dossier_of(self._workspace, StoredRecord.from_row(row.values())) for row in rows)
        else:
            names = self.columns(kind)
            shown = ", ".join(f'"{name}"' for name in names)
            rows = self._workspace.store.query(
                f"SELECT {shown} FROM {self.relation(kind)} AS record {condition}", values
            )
            dossiers = (_of_row(kind, row) for row in rows)
        for dossier in dossiers:
            self._known[dossier.id] = dossier
            yield dossier

    def by_ids(self, kind: str, ids: Iterable[str]) -> dict[str, AskedDossier]:
        """The dossiers of a kind with these ids, without deleted ones."""
        ids = set(ids)
        if unknown := sorted(ids - self._known.keys()):
            is_narrow = bool(self.columns(kind))
            living = "" if is_narrow else f" AND {views.living(kind)}"
            condition = f"WHERE id IN (SELECT value FROM json_each(:ids)){living}"
            self._known.update(dict.fromkeys(unknown))
            for _ in self.asked(kind, condition, {"ids": json.dumps(unknown)}, is_narrow=is_narrow):
                pass
        return {id_: dossier for id_ in ids if (dossier := self._known[id_]) is not None}

    def parents(self, dossiers: Iterable[AskedDossier]) -> dict[str, AskedDossier]:
        """The dossiers to which these belong, by their ids, without deleted ones."""
        of_kinds: dict[str, set[str]] = {}
        for dossier in dossiers:
            if dossier.parent:
                of_kinds.setdefault(dossier.kind, set()).add(dossier.parent)
        of_each = (self.by_ids(self._kind_above(kind), ids) for kind, ids in of_kinds.items())
        return {id_: above for some in of_each for id_, above in some.items()}

    def titles(self, dossiers: Iterable[AskedDossier]) -> dict[str, str]:
        """The titles of dossiers by id, for a list of many kinds: with its proposal, if a dossier belongs to one."""
        own = {dossier.id: dossier for dossier in dossiers}
        above = self.parents(own.values())
        deleted = {dossier.parent for dossier in own.values() if dossier.parent} - above.keys()
        above |= {
            id_: dossier_of(self._workspace, stored) for id_, stored in self._workspace.store.several(deleted).items()
        }
        return {
            id_: f"{self._title(dossier)} – {self._title(above[dossier.parent])}"
            if dossier.parent in above
            else self._title(dossier)
            for id_, dossier in own.items()
        }

    def _title(self, dossier: AskedDossier) -> str:
        """The dossier's own title, from the fields of the title alone."""
        if dossier.id not in self._titles:
            form = self._workspace.forms.by_reference(dossier.form)
            own = self._workspace.forms.renames(dossier.kind)
            naming = {name: dossier.values.get(own.newest(name)) for name in form.title}
            self._titles[dossier.id] = title_of(form, naming, self._workspace.forms)
        return self._titles[dossier.id]

    def _kind_above(self, kind: str) -> str:
        form = self._workspace.forms.current(kind)
        return form.field(form.parent).target if form.parent else kind

    # -- the narrow tables -----------------------------------------------------------------------------------------

    def _view(self, kind: str, table: str) -> str:
        forms = self._workspace.forms
        return views.rows_view(kind, views.kind_fields(forms, kind)[table]) if table else kind

    def _columns(self, kind: str, table: str) -> tuple[str, ...]:
        forms, readings = self._workspace.forms, self._workspace.store.readings
        asked = self._asked.get((kind, table), frozenset())
        if not asked or forms.renames(kind) or not asked <= _faithful(forms, kind, table):
            return ()
        view = self._view(kind, table)
        return tuple(sorted(asked)) if readings.relation(view, asked) != view else ()


def _of_row(kind: str, row: Mapping[str, Any]) -> AskedDossier:
    return AskedDossier(row["id"], kind, row["form"], row["unit"], row["parent"], row)


def _faithful(forms: Forms, kind: str, table: str) -> frozenset[str]:
    """The columns of a view whose values are those of the records: no number or list as text, no link that leads on."""
    fields = views.kind_fields(forms, kind)
    view = views.reading_views(forms)[views.rows_view(kind, fields[table]) if table else kind]
    document = "line.value" if table else "record.data"
    named = {column.name: column for column in fields[table].columns} if table else {**fields, **OF_EVERY_RECORD}
    of_fields = {
        name
        for name, field in named.items()
        if view.columns.get(name) == views.extracted(document, [name]) and (table or _is_single(field))
    }
    own = ("id",) if table else OF_THE_DOSSIER
    return frozenset(of_fields | {name for name in own if view.columns[name] in _OWN})


def _is_single(field: Field) -> bool:
    kind = type_of(field)
    return not (kind.is_list or kind.holds_files or kind.is_yes_no)

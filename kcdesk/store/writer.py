"""One act: the only way in which records change. It writes record, history, stamps and search index together."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from kcdesk import text
from kcdesk.errors import UserError
from kcdesk.formdef.contents import differences
from kcdesk.formdef.loader import Forms
from kcdesk.formdef.model import Form
from kcdesk.store import document, history, search
from kcdesk.store.changes import Change, Changes
from kcdesk.store.clock import Clock, iso
from kcdesk.store.db import Connection, canonical
from kcdesk.store.history import ChangeLine
from kcdesk.store.identity import Identity
from kcdesk.store.records import StoredRecord, new_id

Get = Callable[[str], StoredRecord]
Values = Mapping[str, Any]

_SORT_LENGTH = 100  # of a sort key, as it stands in several indexes; later letters do not count


class Writer:
    """What `store.act` gives; `changes` says afterwards what was changed."""

    def __init__(
        self,
        connection: Connection,
        forms: Forms,
        identity: Identity,
        clock: Clock,
        get: Get,
        action: str,
        undoes: tuple[str, ...],
    ) -> None:
        self._connection, self._forms, self._identity, self._get = connection, forms, identity, get
        self.stamp, self._at = clock.tick(), iso(clock.now())
        self._act = (
            new_id(),
            self._at,
            self.stamp,
            identity.device_id,
            identity.officer.name,
            action,
            canonical(list(undoes)),
        )
        self._seq = 0
        self._tip = ""
        self._changed: dict[tuple[str, str], dict[str, None]] = {}

    @property
    def changes(self) -> Changes:
        """What this act has changed so far."""
        items = tuple(Change(id_, kind, tuple(paths)) for (id_, kind), paths in self._changed.items())
        return Changes(self._act[5], items, self._act[0] if items else "")

    def insert(self, kind: str, form_ref: str, data: Values, parent: str | None = None, id: str | None = None) -> str:
        """Add a record; returns its id (a new one unless given)."""
        form = self._forms.by_reference(form_ref)
        if form.id != kind:
            raise ValueError(f"{form_ref} is no form of {kind}")
        tables = [table.name for table in form.tables]
        content = document.tidy(data, tables)
        stamps = dict.fromkeys(document.paths(content, tables), self.stamp)
        seq = 1 + (self._connection.value("SELECT max(seq) FROM record") or 0)
        stored = StoredRecord(
            seq=seq,
            id=id or new_id(),
            kind=kind,
            parent=parent,
            unit=self._identity.unit.code,
            form=form_ref,
            sort="",
            created=self._at,
            updated=self._at,
            deleted=None,
            data_json=canonical(content),
            stamps_json=canonical(stamps),
        )
        self._save(stored, form, content, stamps, deleted=None)
        self._log(stored, "insert", None, content)
        return stored.id

    def update(self, id: str, changes: Values) -> None:
        """Set values by path, None to empty; what already is so changes nothing. UserError for a deleted record."""
        stored = self._get(id)
        if stored.deleted:
            raise UserError("Hồ sơ này đã bị xoá.", code="deleted", hint="Hãy lấy lại hồ sơ trước khi sửa.")
        form = self._forms.by_reference(stored.form)
        content, stamps = json.loads(stored.data_json), dict(stored.stamps)
        tables = [table.name for table in form.tables]
        for path, value in changes.items():
            document.write(content, path, value, tables)
        before = differences(content, stored.data, tables)
        after = differences(stored.data, content, tables)
        for path, value in after.items():
            document.stamp(stamps, path, value, self.stamp)
        if before:
            self._save(stored, form, content, stamps, deleted=None)
            self._log(stored, "update", before, after)
            self._follow_title(stored, form, before)

    def delete(self, id: str) -> None:
        """Mark a record as deleted; nothing when it already is."""
        self._mark(self._get(id), self._at)

    def restore(self, id: str) -> None:
        """Bring a deleted record back; nothing when it lives."""
        self._mark(self._get(id), None)

    def snapshot(self, id: str) -> str:
        """Keep what the record says now for ever; returns the id of the snapshot."""
        stored = self._get(id)
        row = {
            "id": new_id(),
            "record": stored.seq,
            "at": self._at,
            "form": stored.form,
            "data": stored.data_json,
            "hash": hashlib.sha256(stored.data_json.encode()).hexdigest(),
        }
        self._log(stored, "snapshot", None, {"snapshot": row["id"], "sha256": row["hash"]})
        self._insert("snapshot", row)
        return str(row["id"])

    def reverse(self, line: ChangeLine) -> None:
        """Do the opposite of a line; UserError `undo_blocked` when something later stands in the way."""
        stored = self._get(line.record)
        self._refuse_if_changed_since(stored, line)
        if line.operation in ("insert", "restore"):
            self.delete(line.record)
        elif line.operation == "delete":
            self.restore(line.record)
        elif line.operation == "update":
            self.update(line.record, line.before or {})

    def _refuse_if_changed_since(self, stored: StoredRecord, line: ChangeLine) -> None:
        """What the line left behind must still be there as it left it."""
        if line.operation == "snapshot":
            return
        if bool(stored.deleted) != (line.operation == "delete"):
            raise self._blocked(stored, line, "")
        left = line.after or {}
        if line.operation in ("insert", "update"):
            looked_at = stored.data.keys() | left.keys() if line.operation == "insert" else left
            for path in sorted(looked_at):
                if document.read(stored.data, path) != left.get(path):
                    raise self._blocked(stored, line, path)

    def _blocked(self, stored: StoredRecord, line: ChangeLine, path: str) -> UserError:
        title = stored.record(self._forms).title()
        later = next(
            (
                other.action
                for other in history.of_record(self._connection, stored.id)
                if other.seq > line.seq and (not path or _touches(other, path))
            ),
            "",
        )
        return UserError(
            f"Không hoàn tác được «{line.action}» vì sau đó «{title}» đã thay đổi"
            + (f" («{later}»)." if later else "."),
            code="undo_blocked",
            hint="Hãy hoàn tác thay đổi sau trước.",
            field=path,
        )

    def _mark(self, stored: StoredRecord, deleted: str | None) -> None:
        if bool(stored.deleted) == bool(deleted):
            return
        form = self._forms.by_reference(stored.form)
        stamps = {**stored.stamps, "deleted": self.stamp}
        self._save(stored, form, dict(stored.data), stamps, deleted=deleted)
        operation = "delete" if deleted else "restore"
        self._log(stored, operation, {"deleted": not deleted}, {"deleted": bool(deleted)})

    def _save(
        self, stored: StoredRecord, form: Form, content: dict[str, Any], stamps: dict[str, str], *, deleted: str | None
    ) -> None:
        parent = content.get(form.parent) if form.parent else None
        row = {
            "seq": stored.seq,
            "id": stored.id,
            "kind": stored.kind,
            "parent": parent or stored.parent,
            "unit": stored.unit,
            "form": stored.form,
            "sort": _sort(form, content),
            "created": stored.created,
            "updated": self._at,
            "deleted": deleted,
            "data": canonical(content),
            "stamps": canonical(stamps),
        }
        assigned = ", ".join(
            f"{name} = excluded.{name}" for name in row if name not in ("seq", "id", "kind", "created")
        )
        self._insert("record", row, f"ON CONFLICT (seq) DO UPDATE SET {assigned}")
        touched = {"device": self._identity.device_id, "record": stored.seq, "stamp": self.stamp}
        self._insert("touched", touched, "ON CONFLICT DO UPDATE SET stamp = excluded.stamp")
        self._index(stored.seq, stored.kind, form, content, deleted=deleted is not None)

    def _index(self, seq: int, kind: str, form: Form, content: dict[str, Any], *, deleted: bool) -> None:
        found_by = search.words(form, content, self._forms, self._title_of)
        search.put(self._connection, seq, found_by, [search.life(kind, deleted), *search.facets(form, content)])

    def _title_of(self, id_: str) -> str:
        try:
            return self._get(id_).record(self._forms).title()
        except UserError:  # what is referred to may not have arrived yet
            return ""

    def _follow_title(self, stored: StoredRecord, form: Form, changed: Values) -> None:
        """Records are also found by the titles of what they refer to: index those anew."""
        if changed.keys().isdisjoint(form.title):
            return
        for seq in search.referring(self._connection, self._forms, stored.kind, stored.id):
            id_ = self._connection.value("SELECT id FROM record WHERE seq = ?", [seq])
            other = self._get(id_)
            form_ = self._forms.by_reference(other.form)
            self._index(seq, other.kind, form_, other.data, deleted=other.deleted is not None)

    def _log(self, stored: StoredRecord, operation: str, before: Values | None, after: Values | None) -> None:
        """Add a line to the chain; the first one writes the act."""
        if not self._seq:
            names = ("id", "at", "stamp", "device", "officer", "action", "undoes")
            self._seq = self._insert("act", dict(zip(names, self._act, strict=True)))
            self._tip = history.tip(self._connection)
        values = [None if value is None else canonical(value) for value in (before, after)]
        hash_ = history.link(self._tip, self._act, stored.id, operation, *values)
        row = {
            "act": self._seq,
            "record": stored.seq,
            "operation": operation,
            "before": values[0],
            "after": values[1],
            "prev": self._tip,
            "hash": hash_,
        }
        self._insert("change", row)
        self._tip = hash_
        paths = (after or {}) if operation == "update" else {}
        self._changed.setdefault((stored.id, stored.kind), {}).update(dict.fromkeys(paths))

    def _insert(self, table: str, row: Mapping[str, object], conflict: str = "") -> int:
        columns, marks = ", ".join(row), ", ".join("?" * len(row))
        sql = f"INSERT INTO {table} ({columns}) VALUES ({marks}) {conflict}"
        return int(self._connection.execute(sql, list(row.values())).lastrowid)


def _touches(line: ChangeLine, path: str) -> bool:
    """Whether a line changed a path, a part of it or the row that it is in."""
    return any(
        other == path or other.startswith(f"{path}/") or path.startswith(f"{other}/") for other in line.after or {}
    )


def _sort(form: Form, content: dict[str, Any]) -> str:
    """The place in lists: by the form's sort field, else by the title."""
    names = (form.sort,) if form.sort else form.title
    return text.sort_key(" ".join(str(content[name]) for name in names if name in content))[:_SORT_LENGTH]

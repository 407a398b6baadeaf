"""The history replayed against what it led to: records, snapshots, kept papers and the ledger of packages.

The chain of hashes shows that no line of the history was changed. It does not show whether a record is what its lines
made of it: somebody with the key and a tool for SQLite can change the record alone. So the full check makes each record
again from its lines and names what differs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any

from kcdesk.errors import UserError
from kcdesk.formdef import record_values
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import Form
from kcdesk.formdef.record_title import title_of
from kcdesk.progress import Progress
from kcdesk.store.database.db import Connection, canonical

_LINES = """
SELECT record.seq, record.id, record.form, record.deleted, record.data, change.operation, change.after
FROM record LEFT JOIN change ON change.record = record.seq ORDER BY record.seq, change.seq
"""
_MOST_NAMED = 3  # differing fields of one record that are named
_STEP = 200  # records between two reports of progress

# What an act says it has kept, and what is kept: a snapshot and a paper carry the hash that their line of history has.
_SNAPSHOTS = """
SELECT record.id FROM change JOIN record ON record.seq = change.record
LEFT JOIN snapshot ON snapshot.id = json_extract(change.after, '$.snapshot')
WHERE change.operation = 'snapshot' AND json_extract(change.after, '$.snapshot') IS NOT NULL
  AND snapshot.hash IS NOT json_extract(change.after, '$.sha256')
"""
_PAPERS = """
SELECT record.id FROM change JOIN record ON record.seq = change.record,
  json_each(change.after, '$.papers') AS named LEFT JOIN kept_paper ON kept_paper.id = named.key
WHERE change.operation = 'snapshot' AND json_extract(change.after, '$.papers') IS NOT NULL
  AND kept_paper.sha256 IS NOT named.value
"""
# A record that came with a package and was new here is in the history of the act that took it in.
_INTAKES = """
SELECT DISTINCT package.id FROM package JOIN intake ON intake.package = package.seq
JOIN intake_record ON intake_record.act = intake.act
WHERE direction = 'in' AND intake_record.before IS NULL AND NOT EXISTS (
  SELECT 1 FROM change JOIN act ON act.seq = change.act
  WHERE act.id = intake.act AND change.record = intake_record.record)
"""


def faults(connection: Connection, forms: Forms, progress: Progress) -> Iterator[str]:
    """Yield a sentence for each record, paper and package that is not what the history says."""
    total = connection.value("SELECT count(*) FROM record")
    for done, (_, lines) in enumerate(groupby(connection.execute(_LINES), key=lambda row: row[0])):
        if done % _STEP == 0:
            progress(done, total)
        yield from _record_faults(list(lines), forms)
    for sql, what in ((_SNAPSHOTS, "Bản chốt"), (_PAPERS, "Giấy in đã giữ")):
        for (id_,) in connection.all(sql):
            yield f"{what} của hồ sơ {id_} khác lịch sử."
    for (id_,) in connection.all(_INTAKES):
        yield f"Sổ gói: gói {id_} khác lịch sử."


def replayed(lines: list[tuple[str, str | None]], tables: list[str]) -> tuple[dict[str, Any], bool]:
    """The content that lines of the history lead to, oldest first, and whether the record is deleted then."""
    content: dict[str, Any] = {}
    is_deleted = False
    for operation, after in lines:
        if operation in ("delete", "restore"):
            is_deleted = operation == "delete"
        elif operation == "insert":
            content = record_values.tidy(json.loads(after or "{}"), tables)
        elif operation == "update":
            _apply(content, json.loads(after or "{}"), tables)
    return content, is_deleted


def _apply(content: dict[str, Any], changes: Mapping[str, Any], tables: list[str]) -> None:
    for path, value in changes.items():
        try:
            record_values.set_value(content, path, value, tables)
        except UserError:  # a cell of a row that was not shown when the line was written
            continue


def _record_faults(rows: list[Any], forms: Forms) -> Iterator[str]:
    _, id_, reference, deleted, data, *_ = rows[0]
    try:
        form = forms.by_reference(reference)
    except UserError:  # named by the check of the record itself
        return
    tables = [table.name for table in form.tables]
    lines = [(operation, after) for *_, operation, after in rows if operation is not None]
    if not lines:
        yield f"Hồ sơ {id_} không có trong lịch sử."
        return
    content, is_deleted = replayed(lines, tables)
    if canonical(content) != data:
        paths = sorted(record_values.differences(content, json.loads(data), tables))
        named = ", ".join(_label(form, path) for path in paths[:_MOST_NAMED]) or "dữ liệu"
        more = f" và {len(paths) - _MOST_NAMED} ô khác" if len(paths) > _MOST_NAMED else ""
        yield f"Hồ sơ «{title_of(form, json.loads(data), forms)}» ({id_}): {named}{more} khác lịch sử."
    if is_deleted != (deleted is not None):
        yield f"Hồ sơ {id_}: dấu xoá khác lịch sử."


def _label(form: Form, path: str) -> str:
    name = path.partition("/")[0]
    labels = [field.label for field in form.fields if field.name == name]
    return f"ô «{labels[0] if labels else name}»"

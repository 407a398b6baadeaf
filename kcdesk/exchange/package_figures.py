"""What a manifest says of the records of a package: their numbers, sums to compare, fields that are left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from kcdesk.exchange.container.entries import RecordEntry, sensitive_paths
from kcdesk.exchange.workbook.sheet_content import Content
from kcdesk.formdef.types.registry import type_of
from kcdesk.store.reader import Reader
from kcdesk.store.stored_record import StoredRecord


def counts(content: Content, entries: Iterable[RecordEntry]) -> dict[str, int]:
    """The number of records by kind, in the order of the forms."""
    numbers = Counter(entry.kind for entry in entries)
    return {kind: numbers[kind] for kind in content.forms.kinds if numbers[kind]}


def totals(content: Content, entries: Iterable[RecordEntry]) -> dict[str, int]:
    """Sums in đồng for the receiver to compare: money fields of records and columns with totals of their tables."""
    sums: Counter[str] = Counter()
    by_form: dict[str, list[tuple[str, str]]] = {}
    for entry in entries:
        if entry.form not in by_form:  # a form has about two hundred fields and a package thousands of records
            by_form[entry.form] = list(_money(content, entry))
        values = content.values(entry)
        for name, column in by_form[entry.form]:
            if name not in values:
                continue
            if column:
                rows = values[name] or ()
                sums[f"{entry.kind}/{name}/{column}"] += sum(row.get(column, 0) for row in rows)
            else:
                sums[f"{entry.kind}/{name}"] += values[name]
    return {path: total for path, total in sums.items() if total}


def _money(content: Content, entry: RecordEntry) -> Iterator[tuple[str, str]]:
    """The money fields of a record's form, and the columns with money and a total, in the order of the form."""
    for field in content.fields(content.form(entry)).values():
        if type_of(field).is_money:
            yield field.name, ""
        yield from (
            (field.name, column.name)
            for column in field.columns
            if type_of(column).is_money and column.name in field.totals
        )


def left_out(store: Reader, records: Iterable[StoredRecord]) -> dict[str, tuple[str, ...]]:
    """The sensitive fields, by kind, of all versions of the forms of the records."""
    paths_by_kind: dict[str, dict[str, None]] = {}
    for reference in {record.form: None for record in records}:
        form = store.forms.by_reference(reference)
        paths_by_kind.setdefault(form.id, {}).update(dict.fromkeys(sensitive_paths(form)))
    return {kind: tuple(paths) for kind, paths in paths_by_kind.items() if paths}

"""Former values: what a registered unit or person was called, and by which numbers, before a change; with its days.

An officer writes them down with their days in the table `former`; the history, which is never changed, knows what was
typed over. A duplicate that was merged into a record gives it all that the duplicate is and was called. All are kept in
the search index (`store/search`). A value that was being typed when it was replaced is none, and neither is one that
was taken back by undoing.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from kcdesk import moments, text
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import Field, Form
from kcdesk.formdef.types.base import ValueProblem
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import Value, replace
from kcdesk.store.database.db import Connection, canonical
from kcdesk.store.database.merged_records import merged_into
from kcdesk.store.stored_record import COLUMNS, StoredRecord

FORMER_ROWS = "former"  # the table of a form in which former values are written down
_NAME = "name"
_TYPING_SECONDS = 60  # edits of one field within this time are one, as for undo
_LINES = """
SELECT change.record, act.id, act.at, act.undoes, change.operation, change.before, change.after,
  EXISTS (SELECT 1 FROM intake WHERE act.id IN (intake.act, intake.undone))
FROM change JOIN act ON act.seq = change.act
WHERE change.record IN (SELECT value FROM json_each(?)) AND change.operation IN ('update', 'snapshot')
ORDER BY change.seq
"""


class FormerValue(Value):
    """A value that a field had until `until`: a moment in ISO form (UTC), a day if it was written down, or "".

    `since` and `reason` are known of a value that was written down; `merged` is the id of the duplicate that had it.
    """

    path: str
    value: Any
    until: str
    since: str = ""
    reason: str = ""
    merged: str = ""


def kept_fields(form: Form) -> dict[str, Field]:
    """The fields whose former values are kept, by name: those by which a record that has a name is known.

    These are its title, codes (tax code, citizen id, telephone), places and persons; nothing sensitive.
    """
    if _NAME not in form.title:
        return {}
    return {field.name: field for field in form.fields if not field.sensitive and _makes_known(form, field)}


def _makes_known(form: Form, field: Field) -> bool:
    type_ = type_of(field)
    is_code = type_.is_text and type_.is_filtered and not type_.is_choice
    is_person = field.personal and type_.is_plain_text
    return field.name in form.title or is_code or is_person or type_.is_place


def former_values(
    connection: Connection, forms: Forms, records: Iterable[StoredRecord]
) -> dict[int, list[FormerValue]]:
    """The former values of these records by `seq`, newest first; records that have none are left out."""
    known = forms.once("former", lambda: {form.reference: form for form in forms.all if kept_fields(form)})
    today = {stored.seq: stored.as_kept for stored in records if stored.form in known}
    duplicates = _duplicates(connection, known, today.values()) if today else {}
    listed = _written_or_typed(connection, forms, [*today.values(), *chain(*duplicates.values())])
    for seq, merged in duplicates.items():
        listed[seq] = [*listed.get(seq, ()), *_of_duplicates(known, today[seq], merged, listed)]
    return {seq: values for seq in today if (values := listed.get(seq))}


def _written_or_typed(
    connection: Connection, forms: Forms, records: Sequence[StoredRecord]
) -> dict[int, list[FormerValue]]:
    """The values that were written down in the table of a record, then those that its history knows."""
    by_record: dict[int, list[Any]] = defaultdict(list)
    for seq, *line in connection.all(_LINES, [canonical([stored.seq for stored in records])]) if records else ():
        by_record[seq].append(line)
    listed: dict[int, list[FormerValue]] = {}
    for stored in records:
        form = forms.by_reference(stored.form)
        written = values_of_rows(forms, form, stored.data)
        typed = _of_record(forms, form, stored.data, by_record[stored.seq]) if stored.seq in by_record else ()
        seen = {(value.path, _key(value.value)) for value in written}
        listed[stored.seq] = [*written, *(value for value in typed if (value.path, _key(value.value)) not in seen)]
    return listed


def values_of_rows(forms: Forms, form: Form, data: Mapping[str, Any]) -> list[FormerValue]:
    """The former values that an officer wrote down with their days, newest first."""
    rows = data.get(FORMER_ROWS) or () if FORMER_ROWS in form.by_name else ()
    values = [
        FormerValue(
            path=str(row.get("what", "")),
            value=_as_stored(forms, form, row),
            until=str(row.get("until") or ""),
            since=str(row.get("since") or ""),
            reason=str(row.get("reason") or ""),
        )
        for row in rows
        if row.get("value") and row.get("what") in form.by_name
    ]
    return sorted(values, key=lambda value: value.until, reverse=True)


def _as_stored(forms: Forms, form: Form, row: Mapping[str, Any]) -> Any:
    """What was written down, as its field stores it; a text that the field refuses stays as it is."""
    field = form.by_name[row["what"]]
    if type_of(field).is_choice:
        return row["value"]
    try:
        return type_of(field).parse(row["value"], field, forms)
    except ValueProblem:
        return row["value"]


def _duplicates(
    connection: Connection, known: Mapping[str, Form], records: Iterable[StoredRecord]
) -> dict[int, list[StoredRecord]]:
    """The duplicates that were merged into these records, by `seq`."""
    seqs = {stored.id: stored.seq for stored in records}
    duplicates: dict[int, list[StoredRecord]] = {}
    for survivor, ids in merged_into(connection, seqs).items():
        sql = f"SELECT {COLUMNS} FROM record WHERE id IN (SELECT value FROM json_each(?)) ORDER BY record.seq"
        rows = connection.all(sql, [canonical(ids)])
        duplicates[seqs[survivor]] = [stored for row in rows if (stored := StoredRecord.from_row(row)).form in known]
    return duplicates


def _of_duplicates(
    known: Mapping[str, Form],
    survivor: StoredRecord,
    merged: Sequence[StoredRecord],
    listed: Mapping[int, Sequence[FormerValue]],
) -> Iterator[FormerValue]:
    """What duplicates are and were called, each value once, without what the survivor is and was called itself."""
    own = [(path, value) for path, value in survivor.data.items() if path in kept_fields(known[survivor.form])]
    own += [(value.path, value.value) for value in listed.get(survivor.seq, ())]
    seen = {(path, _key(value)) for path, value in own}
    for stored in merged:
        fields = kept_fields(known[stored.form])
        present = [
            FormerValue(n, v, stored.deleted or "", merged=stored.id) for n, v in stored.data.items() if n in fields
        ]
        for value in (*present, *(replace(value, merged=stored.id) for value in listed.get(stored.seq, ()))):
            if value.value not in (None, "") and (key := (value.path, _key(value.value))) not in seen:
                seen.add(key)
                yield value


def _of_record(forms: Forms, form: Form, data: dict[str, Any], lines: list[Any]) -> Iterator[FormerValue]:
    newest = forms.renames(form.id).newest
    replaced: dict[str, list[FormerValue]] = defaultdict(list)
    typed: dict[str, datetime] = {}  # when the field was edited last by hand
    for _act, at, undoes, operation, before, after, received in lines:
        if operation != "update" or received:
            typed.clear()
        if operation != "update":
            continue
        new = json.loads(after)
        for path, value in json.loads(before).items():
            name = newest(path)
            if undoes != "[]":
                _reverse(replaced[name], FormerValue(name, value, at), new.get(path))
            elif not _goes_on_typing(typed.get(name), at):
                replaced[name].append(FormerValue(name, value, at))
            typed[name] = moments.local(at)
    for name in forms.once(("former", form.reference), lambda: tuple(kept_fields(form))):
        yield from _different(replaced[newest(name)], data.get(name))


def _reverse(replaced: list[FormerValue], former: FormerValue, now: object) -> None:
    """An undo takes the last former value back; a redo makes it one again."""
    if replaced and replaced[-1].value == now:
        replaced.pop()
    else:
        replaced.append(former)


def _goes_on_typing(last: datetime | None, at: str) -> bool:
    return last is not None and abs((moments.local(at) - last).total_seconds()) <= _TYPING_SECONDS


def _different(replaced: list[FormerValue], today: object) -> Iterator[FormerValue]:
    """The former values that differ from today's and from each other, newest first."""
    seen = {_key(today)}
    for former in reversed(replaced):
        if former.value not in (None, "") and (key := _key(former.value)) not in seen:
            seen.add(key)
            yield former


def _key(value: object) -> str:
    return text.fold(value if isinstance(value, str) else canonical(value))

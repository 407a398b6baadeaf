"""Former values: what a registered unit or person was called, and by which numbers, before a change; with its days.

They are read from the history, which is never changed, and kept in the search index (`store/search`). A value that was
being typed when it was replaced is none, and neither is one that was taken back by undoing.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from kcdesk import moments, text
from kcdesk.formdef.loading.loader import Forms
from kcdesk.formdef.model import Field, Form
from kcdesk.formdef.types.registry import type_of
from kcdesk.store.database.db import Connection, canonical
from kcdesk.store.stored_record import StoredRecord

_NAME = "name"
_TYPING_SECONDS = 60  # edits of one field within this time are one, as for undo
_LINES = """
SELECT change.record, act.id, act.at, act.undoes, change.operation, change.before, change.after,
  EXISTS (SELECT 1 FROM intake WHERE act.id IN (intake.act, intake.undone))
FROM change JOIN act ON act.seq = change.act
WHERE change.record IN (SELECT value FROM json_each(?)) AND change.operation IN ('update', 'snapshot')
ORDER BY change.seq
"""


@dataclass(frozen=True, slots=True)
class FormerValue:
    """A value that a field had until `until`, a moment in ISO form (UTC)."""

    path: str
    value: Any
    until: str


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
    today = {stored.seq: (known[stored.form], stored.data) for stored in records if stored.form in known}
    by_record: dict[int, list[Any]] = defaultdict(list)
    for seq, *line in connection.all(_LINES, [canonical(list(today))]) if today else ():
        by_record[seq].append(line)
    listed = {seq: list(_of_record(forms, *today[seq], lines)) for seq, lines in by_record.items()}
    return {seq: values for seq, values in listed.items() if values}


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

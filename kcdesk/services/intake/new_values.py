"""Whether a value of a sheet says something new of a record, and the mark by which a row is known again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.model import Field
from kcdesk.formdef.types.registry import type_of
from kcdesk.services.intake.known_records import expanded
from kcdesk.sheets.matching.column_reader import CellReading
from kcdesk.store.database.db import canonical
from kcdesk.store.similar_names import bare_name


def taken_setting(kind: str) -> str:
    """The setting that keeps the marks of good rows of a kind."""
    return f"intake/taken/{kind}"


def row_mark(values: Mapping[str, Any]) -> str:
    """The mark by which the same row is known again: what it says, wherever it stands."""
    return hashlib.blake2b(canonical(dict(values)).encode(), digest_size=9).hexdigest()


def with_former_entries(item: Field, before: Any, value: Any) -> Any:
    """A list with what it had before."""
    if type_of(item).is_list and isinstance(before, list) and isinstance(value, list):
        return [*before, *(each for each in value if each not in before)]
    return value


def is_same(before: Any, value: Any, *, is_name: bool) -> bool:
    """Whether a value says nothing new: other capitals or spaces, or a name with its legal form in short."""
    if value in (None, "", [], {}) or before == value:
        return True
    if isinstance(before, str) and isinstance(value, str):
        if is_name:
            return bare_name(before) == bare_name(value) or expanded(before) == expanded(value)
        return " ".join(before.casefold().split()) == " ".join(value.casefold().split())
    return False


def shown(forms: Forms, cell: CellReading) -> str:
    """A value that is asked about as people read it."""
    reading = cell.reading
    value = reading.refused_value if reading.value is None else reading.value
    return type_of(cell.field).text(value, cell.field, forms) if value is not None else ""

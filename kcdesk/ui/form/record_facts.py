"""What a dossier is called besides its title, in one line."""

from __future__ import annotations

from kcdesk.formdef.record import Record


def facts(record: Record) -> str:
    """Return code, number and revision in one line."""
    words = [value for value in (record.value("code"), record.value("number")) if value]
    if record.revision > 1:
        words.append(f"bản {record.revision}")
    return " · ".join(words)

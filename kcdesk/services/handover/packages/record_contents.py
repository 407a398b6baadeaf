"""The content of a record in a package, shown before the package is received."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from kcdesk.exchange.verification import opened_package
from kcdesk.services.handover.packages import changes_in_words
from kcdesk.services.handover.packages.changes_in_words import FieldChange
from kcdesk.services.handover.trust import partners
from kcdesk.services.workspace import Workspace

if TYPE_CHECKING:
    from kcdesk.exchange.container.entries import RecordEntry


def of_record(workspace: Workspace, path: Path, password: str, id_: str) -> tuple[FieldChange, ...]:
    """Every filled field and row of a record, in the order of the paper; () if it is not in the package."""
    with opened_package(path, password, partners.known_keys(workspace)) as package:
        entry = next((entry for entry in package.entries if entry.id == id_), None)
        if entry is None:
            return ()
        return tuple(_fields(changes_in_words.RecordNames(workspace.store, package.entries), workspace, entry))


def _fields(names: changes_in_words.RecordNames, workspace: Workspace, entry: RecordEntry) -> Iterator[FieldChange]:
    for field in workspace.forms.by_reference(entry.form).fields:
        value = entry.data.get(field.name)
        if field.columns and isinstance(value, list):
            for number, row in enumerate(value, start=1):
                value_text = names.text(entry.form, f"{field.name}/{row['id']}", row, (entry.data,))
                yield _new_value(f"{field.name}/{row['id']}", f"{field.label} – dòng {number}", value_text)
        elif value_text := names.text(entry.form, field.name, value):
            yield _new_value(field.name, field.label, value_text)


def _new_value(path: str, label: str, text: str) -> FieldChange:
    return FieldChange(path=path, label=label, ours="", theirs=text, status="new")

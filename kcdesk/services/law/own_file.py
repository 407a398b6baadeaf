"""The file of rules in which an office says which instruments it has entered, and what its officers compared."""

from __future__ import annotations

from typing import Any

import tomlkit

from kcdesk.formdef.law.checks import LawCheck
from kcdesk.formdef.law.instruments import Instrument
from kcdesk.runtime.frozen import names
from kcdesk.services.law import store_register
from kcdesk.services.workspace import Workspace


def law_file(workspace: Workspace) -> dict[str, str]:
    """{name: TOML} with everything that this office says now; {} while it says nothing and has never said anything."""
    name = store_register.own_file(workspace)
    instruments, checks = store_register.own_instruments(workspace), store_register.own_checks(workspace)
    if not instruments and not checks and not (workspace.forms.folder / name).exists():
        return {}
    document = tomlkit.document()
    document.add(tomlkit.comment(f"What {workspace.identity.unit.name} entered and compared. Grammar: ../README.md."))
    for key, entries in (("instrument", instruments), ("check", checks)):
        tables = tomlkit.aot()
        for entry in entries:
            tables.append(_table(entry))
        if entries:
            document[key] = tables
    return {name: tomlkit.dumps(document)}


def _table(entry: Instrument | LawCheck) -> tomlkit.items.Table:
    """The keys that differ from their defaults; ids of records stay here."""
    table = tomlkit.table()
    for name in names(entry):
        value: Any = getattr(entry, name)
        if value in ("", None, (), False) or (name == "id" and isinstance(entry, LawCheck)):
            continue
        table[name] = list(value) if isinstance(value, tuple) else value
    return table

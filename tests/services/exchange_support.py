"""Offices that hand over to each other: a province, units below it and their laptops, each a real store."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from kcdesk.formdef.forms import Forms
from kcdesk.runtime.frozen import replace
from kcdesk.services import catalogue
from kcdesk.services.handover.packages import receiving, sending
from kcdesk.services.handover.packages.sending import HandoverOrder
from kcdesk.services.handover.trust import partners
from kcdesk.services.workspace import Workspace
from kcdesk.store.identity import Officer, Unit
from kcdesk.store.store import Store
from tests.store_files import at_home_anywhere

ABOVE = "Sở Công Thương mẫu"


class Offices:
    """Makes stores and carries files between them; every store is closed at the end."""

    def __init__(self, folder: Path, forms: Forms, templates: Path | None = None) -> None:
        """`templates`: where stores of other tests lie, to be copied by the next that asks for the same."""
        self.folder, self.forms, self.templates = folder, forms, templates
        self.made: list[Workspace] = []
        self.files = 0

    def make(self, code: str, level: str = "lower", officer: str = "", **details: Any) -> Workspace:
        """A practice store of a unit."""
        folder = self.folder / f"{code}-{len(self.made)}"
        if self.templates is None or details.keys() & {"now", "passphrase"}:
            return self._work_in(self._created(folder, code, level, officer, **details))
        asked = repr((code, level, officer, sorted(details.items()), len(self.made)))
        template = self.templates / sha256(asked.encode()).hexdigest()[:16]
        if not template.exists():
            self._created(template, code, level, officer, **details).close()
            at_home_anywhere(template)
        return self.take(template, folder)

    def take(self, template: Path, folder: Path) -> Workspace:
        """A store of this test's own, copied from one that is closed."""
        shutil.copytree(template, folder)
        return self._work_in(Store.open(folder, self.forms))

    def take_all(self, templates: Iterable[Path]) -> tuple[Workspace, ...]:
        """Copies of several stores, such as those of `acquainted_pair`."""
        return tuple(self.take(template, self.folder / template.name) for template in templates)

    def _created(self, folder: Path, code: str, level: str, officer: str, **details: Any) -> Store:
        name = details.get("name") or (f"Trung tâm {code}" if level == "lower" else ABOVE)
        unit = Unit(name, code, level, details.get("province", "20"), details.get("parent", ABOVE))
        store, _ = Store.create(
            folder,
            self.forms,
            unit,
            Officer(officer or f"Cán bộ {code}"),
            details.get("practice", True),
            details.get("passphrase", ""),
            **({"now": details["now"]} if "now" in details else {}),
        )
        return store

    def _work_in(self, store: Store) -> Workspace:
        workspace = Workspace(store, self.forms, catalogue.extensions(), lambda: date(2026, 3, 5))
        self.made.append(workspace)
        return workspace

    def path(self) -> Path:
        """A new file on the stick."""
        self.files += 1
        return self.folder / f"{self.files}.xlsx"

    def acquaint(self, *offices: Workspace) -> None:
        """Everybody trusts everybody; the first laptop of a unit vouches for its others."""
        first: dict[str, Workspace] = {}
        for one in offices:
            card, unit = self.path(), one.identity.unit.code
            partners.write_identity(one, card)
            beside = first.setdefault(unit, one)
            if beside is not one:
                own, card = card, self.path()
                partners.write_identity(beside, card, beside=own)
            for other in offices:
                if other is not one:
                    partners.trust(other, card, same_unit=other.identity.unit.code == unit)
        for office in offices:
            know_since(office, "2026-01-02T01:00:00Z")

    def export(self, sender: Workspace, **order: Any) -> tuple[Path, str]:
        """A package on the stick and its id."""
        path = self.path()
        made = sending.make(sender, HandoverOrder(path=path, **{"period": "2026-Q1", **order}))
        return path, made["package"]

    def send(self, sender: Workspace, receiver: Workspace, **order: Any) -> tuple[str, receiving.Received]:
        """A package made and taken in; its id and what it did."""
        path, package = self.export(sender, **order)
        return package, receiving.receive(receiver, path)

    def close(self) -> None:
        """Close every store."""
        for workspace in self.made:
            workspace.close()


def know_since(workspace: Workspace, at: str) -> None:
    """Let the keys of other units be trusted since a moment (UTC)."""
    for partner in workspace.store.partners.list():
        workspace.store.partners.put(replace(partner, trusted=at))


def contents(workspace: Workspace) -> dict[str, tuple[str, str, str | None]]:
    """What every record says, deleted ones too, with its stamps."""
    rows = workspace.store.query("SELECT id, data, stamps, deleted FROM record")
    return {row["id"]: (row["data"], row["stamps"], row["deleted"]) for row in rows}


def whole(workspace: Workspace) -> dict[str, Any]:
    """Everything that a failed act must leave as it was."""
    tables = ("record", "touched", "act", "change", "conflict", "package", "partner", "device", "intake", "setting")
    found = {
        table: [tuple(row.values()) for row in workspace.store.query(f"SELECT * FROM {table}")] for table in tables
    }
    # At the first opening a store notes which rules it has taken in.
    found["setting"] = [row for row in found["setting"] if row[0] != "rules_kept"]
    files = workspace.store.files.connection()
    found["files"] = [tuple(row) for row in files.all("SELECT sha256 FROM file")] if files else []
    return found

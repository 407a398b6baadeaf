"""What one act changed: announced once, so that every page refreshes what it shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Change:
    """One record and the paths that changed in it; `()` for a record made, deleted or brought back."""

    id: str
    kind: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """One act; `act` is its id, empty when nothing changed."""

    action: str
    items: tuple[Change, ...] = ()
    act: str = ""

    def merged(self, later: Changes) -> Changes:
        """This and a later act as one announcement."""
        return Changes(later.action, tuple(dict.fromkeys(self.items + later.items)), later.act)

    def to_json(self) -> dict[str, Any]:
        """{"id": of the first record, "changes": [{"id", "kind", "fields"}]}."""
        items = [{"id": item.id, "kind": item.kind, "fields": list(item.fields)} for item in self.items]
        return {"id": self.items[0].id if self.items else "", "changes": items}

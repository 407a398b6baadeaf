"""What one act changed: announced once, so that every page can refresh itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kcdesk.runtime.frozen import Value


class Change(Value):
    """A changed record and the paths that changed in it; `fields` is empty if it was made, deleted or restored."""

    id: str
    kind: str
    fields: tuple[str, ...] = ()


class Changes(Value):
    """The changes of one act; `action` is its name, `act` its id, "" if nothing changed."""

    action: str
    items: tuple[Change, ...] = ()
    act: str = ""

    def merged(self, later: Changes) -> Changes:
        """This act and a later act in one announcement."""
        return Changes(later.action, tuple(dict.fromkeys(self.items + later.items)), later.act)

    @classmethod
    def of_all(cls, several: Sequence[Changes]) -> Changes:
        """Several acts, in their order, in one announcement; at least one."""
        items = dict.fromkeys(item for changes in several for item in changes.items)
        return cls(several[-1].action, tuple(items), several[-1].act)

    def to_json(self) -> dict[str, Any]:
        """{"id": id of the first record, "changes": [{"id", "kind", "fields"}]}."""
        items = [{"id": item.id, "kind": item.kind, "fields": list(item.fields)} for item in self.items]
        return {"id": self.items[0].id if self.items else "", "changes": items}

"""What a package says about itself to people: changes since the last package to the same receiver, and payments.

It travels in a part of its own, which earlier versions of the program pass over. The first page and the lists show it;
it changes no record.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kcdesk.bounded.json_text import parsed
from kcdesk.exchange.container.manifest import canonical
from kcdesk.runtime.frozen import Value, asdict, field

PART = "kcdesk/summary.json"
_LONGEST = 32_000  # characters of a change in words


class PackageSummary(Value):
    """`since` is the last package to the same receiver, "" if there is none.

    `changes` holds for each record that an earlier package carried what has changed since, "" for nothing; the others
    are new. `paid` are amounts in đồng that dossiers received, by source of money.
    """

    since: str = ""
    changes: Mapping[str, str] = field(default_factory=dict)
    paid: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def to_part(self) -> bytes:
        """The part of the package; b"" if nothing is to be said."""
        return canonical(asdict(self)) if self != PackageSummary() else b""

    def change(self, record: str) -> str | None:
        """What has changed in a record in words, "" for nothing; None for a new record."""
        return self.changes.get(record)


def read_summary(part: bytes) -> PackageSummary:
    """Read the part of a package; an empty summary for a part that has another structure, which no page shows then."""
    try:
        values = parsed(part) if part else {}
    except ValueError:
        return PackageSummary()
    if not isinstance(values, dict) or not _is_sound(values):
        return PackageSummary()
    return PackageSummary(**values)


def _is_sound(values: dict[str, Any]) -> bool:
    since, changes, paid = values.get("since", ""), values.get("changes", {}), values.get("paid", {})
    return (
        values.keys() <= {"since", "changes", "paid"}
        and isinstance(since, str)
        and isinstance(changes, dict)
        and all(isinstance(text, str) and len(text) <= _LONGEST for text in changes.values())
        and isinstance(paid, dict)
        and all(isinstance(by_source, dict) and _are_amounts(by_source) for by_source in paid.values())
    )


def _are_amounts(by_source: dict[str, Any]) -> bool:
    return all(type(amount) is int for amount in by_source.values())

"""What a package says of its sender's history: where it ends, and what stands where earlier packages said it ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kcdesk.exchange.container.manifest import HistoryStatement
from kcdesk.store.handover.history_tips import HistoryTip

if TYPE_CHECKING:
    from kcdesk.store.handover.package_ledger import PackageEntry
    from kcdesk.store.reader import Reader

MOST_EARLIER = 50  # packages; a receiver that missed as many is not told


def history_statement(store: Reader, receiver: str) -> HistoryStatement:
    """The statement for a package that this device sends to a unit now."""
    sent = [
        (entry.id, tip)
        for entry in store.packages.list()
        if entry.direction == "out" and entry.partner == receiver and (tip := tip_in(entry))
        if entry.details.get("device") == store.identity.device_id
    ]
    earlier = {id_: store.tips.at(tip.acts, tip.lines) for id_, tip in sent[:MOST_EARLIER]}
    return HistoryStatement(tip=store.tips.now(), earlier=earlier)


def tip_in(entry: PackageEntry) -> HistoryTip | None:
    """Where the sender's history ended by a package of the ledger; None for a package that does not say."""
    kept = entry.details.get("history")
    return HistoryTip(**kept) if kept else None

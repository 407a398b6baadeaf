"""In a store above several provinces: which records came from another province than the sender of a package."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kcdesk.services.workspace import Workspace

if TYPE_CHECKING:
    from kcdesk.store.handover.partners import Partner

REFUSAL = "Hồ sơ này đã nhận từ một tỉnh khác nên giữ nguyên. Hãy hỏi lại đơn vị gửi."


def records_of_others(workspace: Workspace, sender: Partner | None) -> frozenset[str]:
    """The ids of stored records that packages of other provinces brought.

    Only where this office stands above several provinces and the sender speaks for one of them: one province never
    changes the dossiers of another.
    """
    levels, own = workspace.forms.levels, workspace.identity.unit
    if sender is None or not levels.is_above(own.level, sender.level) or not levels.spans_provinces(own.level):
        return frozenset()
    provinces = {partner.unit: partner.province for partner in workspace.store.partners.list()}
    received = {
        entry.id: provinces.get(entry.details.get("unit", ""), sender.province)
        for entry in workspace.store.packages.list()
        if entry.direction == "in" and not entry.details.get("undone")
    }
    others = [package for package, province in received.items() if province != sender.province]
    return frozenset(id_ for package in others for id_ in workspace.store.packages.carried(package))

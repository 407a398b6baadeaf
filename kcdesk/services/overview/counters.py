"""What waits for the officer, as small numbers that are cheap to ask for after every change."""

from __future__ import annotations

from kcdesk.services.handover.packages import conflicts as pile
from kcdesk.services.handover.packages import sending
from kcdesk.services.handover.receipts import drafts
from kcdesk.services.records import reading
from kcdesk.services.workspace import Workspace

MOST = 1000  # counting stops here: the exact number of a first, whole hand-off stands on its own page

_TOUCHED = "select distinct record from touched where device = :device and stamp > :stamp limit :most"


def acceptances(workspace: Workspace) -> int:
    """How many acceptance visits are not finished."""
    return reading.count(workspace, "acceptance", where={"state": workspace.forms.workflow("acceptance").initial})


def to_hand_off(workspace: Workspace) -> int:
    """How many records have changed since the last package to the unit above, at most `MOST`."""
    known = sending.handed_over(workspace, sending.default_receiver(workspace))
    touched: set[int] = set()
    for device in workspace.store.devices():
        stamp = {"device": device, "stamp": known.get(device, ""), "most": MOST}
        touched |= {row["record"] for row in workspace.store.query(_TOUCHED, stamp)}
    return min(len(touched), MOST)


def receipts(workspace: Workspace) -> int:
    """How many packages that were taken in have not been answered."""
    return sum(not line.receipt for line in drafts.outbox(workspace))


def conflicts(workspace: Workspace) -> int:
    """How many places two offices wrote differently, which somebody has to decide."""
    return pile.count(workspace)

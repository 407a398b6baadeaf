"""Counters of waiting work, cheap enough to be computed after every change."""

from __future__ import annotations

from kcdesk.services.handover.packages import conflicts as pile
from kcdesk.services.handover.packages import recipients, waiting_records
from kcdesk.services.handover.receipts import drafts
from kcdesk.services.proposals import support_differences
from kcdesk.services.records import reading
from kcdesk.services.workspace import Workspace
from kcdesk.text import format_integer

MOST = 1000  # counting stops here; the page of the hand-over shows the exact number


def acceptances(workspace: Workspace) -> int:
    """The number of unfinished acceptances."""
    return reading.count(workspace, "acceptance", where={"state": workspace.forms.workflow("acceptance").initial})


class AtLeast(int):
    """A number at which counting stopped: there may be more."""


def counted(number: int) -> str:
    """Return a count as the window shows it: «1.250», «1.000+» where counting stopped."""
    return f"{format_integer(number)}+" if isinstance(number, AtLeast) else format_integer(number)


def to_hand_over(workspace: Workspace) -> int:
    """The number of records changed since the last package to the unit above; AtLeast MOST if there are more."""
    known = recipients.handed_over(workspace, recipients.default_receiver(workspace))
    touched: set[int] = set()
    for device in workspace.store.devices():
        touched |= workspace.store.packages.to_carry(device, known.get(device, ""), MOST + 1)
    return AtLeast(MOST) if len(touched) > MOST else len(touched)


def receipts(workspace: Workspace) -> int:
    """The number of received packages that wait for a receipt."""
    return sum(line.is_open for line in drafts.outbox(workspace))


def conflicts(workspace: Workspace) -> int:
    """The number of values that two offices wrote differently and that await a decision."""
    return pile.count(workspace)


def to_look_at(workspace: Workspace) -> int:
    """The number of lines of «Cần xem»: conflicts, records of other units, and amounts that differ."""
    differing = len(support_differences.every_difference(workspace))
    return conflicts(workspace) + waiting_records.number_waiting(workspace) + differing

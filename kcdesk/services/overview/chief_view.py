"""What the first page computes in the background, in two parts: the cheaper one is shown first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kcdesk.services.overview import head_numbers, standing_lines
from kcdesk.services.overview.head_numbers import HeadNumber
from kcdesk.services.overview.todays_work import WorkLine
from kcdesk.services.warnings.foresight import Foresight, foresights
from kcdesk.services.workspace import Workspace


@dataclass(frozen=True, slots=True)
class WaitingView:
    """Where proposals wait and how long, which will have to return money, how hand-offs and backups stand."""

    numbers: tuple[HeadNumber, ...]
    foresights: tuple[Foresight, ...]
    standing: tuple[WorkLine, ...]


def waiting_view(workspace: Workspace, numbers: Sequence[HeadNumber]) -> WaitingView:
    """Compute the first part; `numbers` are those that the page shows already."""
    return WaitingView(
        tuple(head_numbers.with_waits(workspace, numbers)),
        tuple(foresights(workspace)),
        tuple(standing_lines.standing_lines(workspace)),
    )

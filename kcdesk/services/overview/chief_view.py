"""What the first page shows, in parts: the cheaper ones are shown first."""

from __future__ import annotations

from kcdesk.runtime.frozen import Value
from kcdesk.services.deadlines import listing as deadline_listing
from kcdesk.services.deadlines.listing import Listing
from kcdesk.services.overview import figures, head_numbers, standing_lines, todays_work
from kcdesk.services.overview.figures import KindSummary
from kcdesk.services.overview.head_numbers import HeadNumber
from kcdesk.services.overview.todays_work import WorkLine
from kcdesk.services.warnings.foresight import Foresight, foresights
from kcdesk.services.workspace import Workspace

# The kinds of the main workflow, in its order.
COUNTED = ("beneficiary", "proposal", "contract", "inspection", "acceptance")


class WorkView(Value):
    """Today's work around the warnings, the deadlines, the numbers of proposals and of the main kinds."""

    listing: Listing
    urgent: tuple[WorkLine, ...]
    others: tuple[WorkLine, ...]
    numbers: tuple[HeadNumber, ...]
    counts: tuple[KindSummary, ...]


class WaitingView(Value):
    """Which proposals will have to return money, how hand-offs and backups stand."""

    foresights: tuple[Foresight, ...]
    standing: tuple[WorkLine, ...]


def work_view(workspace: Workspace) -> WorkView:
    """Read what has to be done; the deadlines take the longest."""
    listing = deadline_listing.listing(workspace)
    late = len(listing.late) + len(listing.long_late)
    return WorkView(
        listing,
        tuple(todays_work.urgent_work(workspace, listing)),
        tuple(todays_work.other_work(workspace)),
        tuple(head_numbers.head_numbers(workspace, late)),
        tuple(figures.overview(workspace, COUNTED)),
    )


def waiting_view(workspace: Workspace) -> WaitingView:
    """Ask the rules of early warning, and the ledgers of packages and backups."""
    return WaitingView(tuple(foresights(workspace)), tuple(standing_lines.standing_lines(workspace)))


def waits(workspace: Workspace) -> dict[str, str]:
    """For each number of proposals, by name, the days since they came where they are."""
    numbers = head_numbers.head_numbers(workspace, 0)
    return {number.name: number.waits for number in head_numbers.with_waits(workspace, numbers)}

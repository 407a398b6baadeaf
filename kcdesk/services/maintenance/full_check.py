"""The full check of a store: everything is read and the history is replayed, once a week in the background."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from kcdesk import moments
from kcdesk.exchange.container import signed_closings
from kcdesk.progress import Progress
from kcdesk.runtime.frozen import Value, asdict
from kcdesk.services.handover.trust import stamps_ahead
from kcdesk.services.workspace import Workspace

_LAST = "last_check"  # the setting with the result of the last full check
_DAYS = 7
_MOST_KEPT = 100  # problems that are kept by their sentences


class CheckResult(Value):
    """When the whole store was checked (UTC), how many problems there were, and the first of them as sentences."""

    at: str
    number: int
    problems: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        """Whether nothing was wrong."""
        return not self.number

    def sentence(self) -> str:
        """The result in words."""
        if self.is_sound:
            return "Kho dữ liệu nguyên vẹn."
        return f"Kho dữ liệu có {self.number} chỗ cần xem: {self.problems[0]}"


def last(workspace: Workspace) -> CheckResult | None:
    """The result of the last full check; None if there was none."""
    kept = workspace.store.setting(_LAST)
    return kept and CheckResult(kept["at"], kept["number"], tuple(kept["problems"]))


def is_due(workspace: Workspace) -> bool:
    """Whether the last full check is a week old, or a date in the future, or there was none."""
    result = last(workspace)
    if result is None or workspace.store.is_damaged:
        return result is None and not workspace.store.is_damaged
    age = moments.now() - moments.local(result.at)
    return not timedelta() <= age < timedelta(days=_DAYS)


def checking(workspace: Workspace) -> Callable[[Progress], CheckResult]:
    """The check, to be run in a thread of its own: it reads over a connection of its own."""
    store, ahead = workspace.store, stamps_ahead.trouble(workspace)

    def run(progress: Progress) -> CheckResult:
        with store.reader() as reader:
            problems = [*reader.faults(progress), *signed_closings.closing_faults(reader)]
            return result_of([*problems, *([ahead.sentence()] if ahead else [])])

    return run


def result_of(problems: list[str]) -> CheckResult:
    """The result of a check that ends now."""
    return CheckResult(moments.utc_now(), len(problems), tuple(problems[:_MOST_KEPT]))


def keep_result(workspace: Workspace, result: CheckResult) -> None:
    """Keep the result, to be shown until the next check."""
    if workspace.store.is_damaged:
        return
    workspace.store.set_setting(_LAST, asdict(result))

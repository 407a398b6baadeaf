"""Whether a copy of the store is what it was when it was made: not exchanged for an older one, not rewritten.

Three things say so: the anchor that was laid into the copy, the ends of the history that the unit signed in it, and
those that today's store knows. The first two need the copy alone; who rewrites a copy can forge the first, and the
second only with the key of the unit.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

from kcdesk import moments
from kcdesk.exchange.container import signed_closings
from kcdesk.store.clock import moment_of
from kcdesk.store.handover.history_tips import HistoryTip
from kcdesk.store.safety import backup
from kcdesk.store.safety.anchor import Loss, owner_of
from kcdesk.store.safety.closings import SignedEnd
from kcdesk.store.store import Store
from kcdesk.text import format_date, format_integer


def copy_faults(opened: Store, copy: Path, known: Iterable[SignedEnd] = ()) -> Iterator[str]:
    """Yield a sentence for each sign that somebody has changed a copy since it was made; none for one as it was.

    `opened` is what was unfolded from the folder `copy`, with its anchor; `known` are the ends of the history that
    today's store has kept.
    """
    if (loss := opened.copy_loss) is not None:
        yield f"Bản sao lưu này đã bị thay sau khi làm: {short(loss)}."
    elif opened.loss is not None and opened.loss.sort != "older" and opened.closings():
        yield f"Bản sao lưu này khác điều máy này đã ghi về kho: {short(opened.loss)}."
    yield from signed_closings.closing_faults(opened)
    yield from _unlike_known(opened, backup.moment_of(copy.name), known)


def _unlike_known(opened: Store, made: datetime | None, known: Iterable[SignedEnd]) -> Iterator[str]:
    """Yield a sentence if the copy lacks an end that it has to have: of before it was made, or before its last act."""
    last, owner = opened.tips.now(), owner_of(opened.identity.store_id)
    ours = (end for end in known if end.owner == owner)
    for end in sorted(ours, key=lambda end: end.stamp):
        tip = HistoryTip(acts=end.acts, stamp=end.stamp, lines=end.lines, hash=end.hash)
        if opened.tips.at(end.acts, end.lines) == tip:
            continue
        moment = moments.in_utc(moment_of(end.stamp))
        if end.stamp <= last.stamp:
            on = format_date(moments.day(moment))
            yield f"Lịch sử trong bản sao lưu này khác lịch sử mà kho hôm nay đã ký tới ngày {on}."
            return
        if made is not None and moment < made:
            lacks = format_integer(max(1, end.acts - last.acts))
            yield (
                f"Bản sao lưu này mang tên lúc {moments.local(made):%H:%M} ngày {format_date(moments.day(made))} nhưng"
                f" thiếu {lacks} việc làm trước lúc ấy: có thể một bản cũ hơn đã được để vào chỗ này."
            )
            return


def short(loss: Loss) -> str:
    """What a store lacks, in a few words."""
    if loss.sort == "foreign":
        return "tệp dữ liệu là của kho khác"
    if loss.sort == "unsigned":
        return "dấu chốt lịch sử không phải do khoá của đơn vị ký"
    return f"thiếu {loss.acts} việc đã làm trên máy này" if loss.acts else "lịch sử khác với lịch sử đã ghi"

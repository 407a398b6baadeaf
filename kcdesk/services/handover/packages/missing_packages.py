"""Find missing packages of a sender, and two packages with the same number."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from kcdesk import text
from kcdesk.store.handover.lineages import Names
from kcdesk.store.handover.merging import knows
from kcdesk.store.reader import Reader

if TYPE_CHECKING:
    from kcdesk.exchange.container.manifest import Manifest

_MOST_NAMED = 100  # missing packages; a sender may write any number
_NUMBER_TWICE = (
    "Đã nhận một gói khác cũng mang số {} của {}: kho của đơn vị đó có thể đã khôi phục từ bản sao lưu hoặc "
    "bị sao chép; hãy nhắc đơn vị đó đổi mã máy."
)


def missing_before(reader: Reader, manifest: Manifest, names: Names) -> tuple[bool, tuple[int, ...], tuple[str, ...]]:
    """Whether the package builds on data that this store lacks, the numbers of missing packages, and the notes.

    Copies of one store, which `names` tells apart, count their packages separately.
    """
    sender = manifest.sender
    device = names.labels.get(sender.device, sender.device)
    earlier_entries = [
        entry
        for entry in reader.packages.list()
        if entry.direction == "in"
        and (entry.details["store"], entry.details.get("copy") or entry.details["device"]) == (sender.store, device)
    ]
    valid = [entry.details for entry in earlier_entries if not entry.details.get("undone")]
    newest_complete = max((int(details["serial"]) for details in valid if not details["gap"]), default=0)
    received = {int(details["serial"]) for details in valid}
    twice = (_NUMBER_TWICE.format(manifest.serial, sender.name),) if manifest.serial in received else ()
    gap = range(newest_complete + 1, manifest.serial)
    missing = tuple(islice((number for number in gap if number not in received), _MOST_NAMED))
    is_covered = knows(reader.vector(), names.vector(manifest.base))
    if not manifest.base or (is_covered and not missing):
        return False, (), twice
    more = len(gap) - sum(number in gap for number in received) - len(missing)
    numbers = ", ".join(map(str, missing)) + (f" và {text.format_integer(more)} gói sau đó" if more > 0 else "")
    if is_covered:
        return False, missing, (*twice, f"Chưa nhận gói số {numbers}; nội dung còn thiếu đã nằm trong gói này.")
    what = f"thiếu gói số {numbers}" if missing else "thiếu phần dữ liệu trước gói này"
    note = f"{text.upper_first(what)} của {manifest.sender.name}; hãy xin một gói đầy đủ để bù."
    return True, missing, (*twice, note)

"""Whether packages of a sender are missing, or two of them bear one number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kcdesk.store.handover.merging import knows
from kcdesk.store.reader import Reader

if TYPE_CHECKING:
    from kcdesk.exchange.container.manifest import Manifest

_TWO_OF_ONE_NUMBER = (
    "Đã nhận một gói khác cũng mang số {} của {}: kho của đơn vị đó có thể đã khôi phục từ bản sao lưu hoặc "
    "bị sao chép; hãy nhắc đơn vị đó đổi mã máy."
)


def find(reader: Reader, manifest: Manifest) -> tuple[bool, tuple[int, ...], tuple[str, ...]]:
    """Whether the package builds on what this store does not hold, which packages are missing, and the sentence."""
    sender = manifest.sender
    before = [
        entry
        for entry in reader.packages.list()
        if entry.direction == "in"
        and (entry.details["store"], entry.details["device"]) == (sender.store, sender.device)
    ]
    valid = [entry.details for entry in before if not entry.details.get("undone")]
    whole = max((int(told["serial"]) for told in valid if not told["gap"]), default=0)
    received = {int(told["serial"]) for told in valid}
    twice = (_TWO_OF_ONE_NUMBER.format(manifest.serial, sender.name),) if manifest.serial in received else ()
    missing = tuple(number for number in range(whole + 1, manifest.serial) if number not in received)
    is_covered = knows(reader.vector(), manifest.base)
    if not manifest.base or (is_covered and not missing):
        return False, (), twice
    names = ", ".join(map(str, missing))
    if is_covered:
        return False, missing, (*twice, f"Chưa nhận gói số {names}; nội dung còn thiếu đã nằm trong gói này.")
    what = f"thiếu gói số {names}" if missing else "thiếu phần dữ liệu trước gói này"
    note = f"{what[:1].upper()}{what[1:]} của {manifest.sender.name}; hãy xin một gói đầy đủ để bù."
    return True, missing, (*twice, note)

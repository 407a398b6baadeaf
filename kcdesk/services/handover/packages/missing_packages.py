"""Find missing packages of a sender, two packages with the same number, and a history that was cut or rewritten."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from kcdesk import moments, text
from kcdesk.exchange.container.history_statement import MOST_EARLIER, tip_in
from kcdesk.store.handover.lineages import Names
from kcdesk.store.handover.merging import knows
from kcdesk.store.handover.package_ledger import PackageEntry
from kcdesk.store.reader import Reader

if TYPE_CHECKING:
    from kcdesk.exchange.container.manifest import Manifest

_MOST_NAMED = 100  # missing packages; a sender may write any number
_NUMBER_TWICE = (
    "Đã nhận một gói khác cũng mang số {} của {}: kho của đơn vị đó có thể đã khôi phục từ bản sao lưu hoặc "
    "bị sao chép; hãy nhắc đơn vị đó đổi mã máy."
)
_CUT = (
    "Lịch sử của {unit} không còn đủ các việc đã làm tới gói số {serial} ngày {day}: kho đã khôi phục bản cũ hoặc bị "
    "cắt bớt. Hãy hỏi nơi gửi trước khi nhận."
)
_REWRITTEN = (
    "Lịch sử của {unit} tới gói số {serial} ngày {day} đã khác lúc gửi gói đó: có dòng bị sửa ngoài chương trình. "
    "Hãy hỏi nơi gửi trước khi nhận."
)


def missing_before(reader: Reader, manifest: Manifest, names: Names) -> tuple[bool, tuple[int, ...], tuple[str, ...]]:
    """Whether the package builds on data that this store lacks, the numbers of missing packages, and the notes.

    Copies of one store, which `names` tells apart, count their packages separately.
    """
    sender = manifest.sender
    valid = [entry.details for entry in _received(reader, manifest, names)]
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


def history_notes(reader: Reader, manifest: Manifest, names: Names) -> Iterator[str]:
    """Say that the history of the sender lacks, or has otherwise, what an earlier package of that laptop said."""
    spoken_of = range(manifest.serial - MOST_EARLIER, manifest.serial)
    earlier = [entry for entry in _received(reader, manifest, names) if int(entry.details["serial"]) in spoken_of]
    before = max(earlier, key=lambda entry: int(entry.details["serial"]), default=None)
    tip = tip_in(before) if before else None
    if before is None or tip is None:
        return
    now = next((statement.earlier.get(before.id) for statement in manifest.history), None)
    facts = {
        "unit": manifest.sender.name,
        "serial": before.details["serial"],
        "day": text.format_date(moments.day(before.details["made_at"])),
    }
    if now is None or (now.acts, now.stamp) != (tip.acts, tip.stamp):
        yield _CUT.format(**facts)
    elif now != tip:
        yield _REWRITTEN.format(**facts)


def _received(reader: Reader, manifest: Manifest, names: Names) -> list[PackageEntry]:
    """The packages that came from the laptop of the sender, without those whose receiving was undone."""
    sender = manifest.sender
    device = names.labels.get(sender.device, sender.device)
    return [
        entry
        for entry in reader.packages.list()
        if entry.direction == "in"
        and (entry.details["store"], entry.details.get("copy") or entry.details["device"]) == (sender.store, device)
        and not entry.details.get("undone")
    ]

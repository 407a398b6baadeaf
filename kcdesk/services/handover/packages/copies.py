"""Two laptops with one identity: a store folder that was copied, or a disk image put back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kcdesk import moments, text
from kcdesk.store.clock import iso
from kcdesk.store.handover.lineages import Names
from kcdesk.store.handover.merging import ProvinceAuthority
from kcdesk.store.reader import Reader

if TYPE_CHECKING:
    from kcdesk.exchange.container.manifest import Manifest

_COPIED = (
    "Hai máy của {unit} đang mang cùng một mã máy{since}: kho đã bị sao chép, hoặc được khôi phục từ bản cũ. Không có "
    "gì bị ghi đè: chỗ hai máy ghi khác nhau nằm ở «Cần xem». Hãy nhắc đơn vị đó đổi mã máy trên một trong hai máy."
)


def trusted(names: Names, authority: ProvinceAuthority) -> Names:
    """The names without those for devices of the province, whose writes are proved by signatures over their stamps."""
    own = {device: label for device, label in names.labels.items() if device not in authority.devices}
    return Names(names.lineages, own)


def notes(reader: Reader, manifest: Manifest, names: Names) -> Iterator[str]:
    """Say that the sender is one of two copies of a store, whichever of them became known first."""
    lineages = names.lineages
    sender = names.labels.get(manifest.sender.device, manifest.sender.device)
    own = lineages.get(sender)
    if own is None or sender == reader.identity.device_id:
        return
    if own.parent:
        yield _COPIED.format(unit=manifest.sender.name, since=_since(own.since))


def _since(time: str) -> str:
    if not time:
        return ""
    return f" từ ngày {text.format_date(moments.day(iso(int(time.partition('-')[0]))))}"

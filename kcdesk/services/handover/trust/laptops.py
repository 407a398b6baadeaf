"""The laptop that made a package: its clock must not run ahead, its device id must not be that of another unit.

What is stamped with the future would win against every later write, in every store that takes it in. What is stamped
with another unit's device id would count as written by that unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from kcdesk.exchange.container import province_signature
from kcdesk.exchange.record_checks import is_stamp
from kcdesk.services.handover.trust.stamps_ahead import REPAIR, present_moment, shown_moment
from kcdesk.services.workspace import Workspace
from kcdesk.store.clock import AHEAD, after, device_of, moment_of

if TYPE_CHECKING:
    from kcdesk.exchange.container.entries import RecordEntry
    from kcdesk.exchange.container.manifest import Manifest

Refusal = tuple[str, str, str]  # code, sentence, what to do
_AHEAD = (
    "Gói của {sender} có dấu thời gian {moment} do máy của {maker} ghi, muộn hơn giờ của máy này ({now}) quá một ngày, "
    "nên chưa được nhận; kho giữ nguyên như trước."
)
_SET_CLOCK = (
    "Nếu giờ của máy này sai thì chỉnh lại rồi nhận lại gói. Nếu không, hãy nhắc {maker} chỉnh ngày giờ của máy, bấm "
    f"{REPAIR} rồi lập gói mới."
)
_OF_ANOTHER = "Gói của {sender} mang mã máy của «{owner}» nên chưa được nhận; kho giữ nguyên như trước."
_RENEW = "Hãy nhắc {sender} đổi mã máy (lệnh renew-device, hoặc mở kho rồi chọn «Là bản sao…») rồi lập gói mới."


def refusal(workspace: Workspace, manifest: Manifest, entries: Sequence[RecordEntry]) -> Refusal | None:
    """Why a package is refused because of the laptop that made it; None if it is right."""
    return _of_another(workspace, manifest) or _ahead(workspace, manifest, entries)


def _of_another(workspace: Workspace, manifest: Manifest) -> Refusal | None:
    sender, own = manifest.sender, workspace.identity
    owners = {device.id: (device.unit, device.name) for device in workspace.store.partners.devices()}
    owners[own.device_id] = (own.unit.code, own.unit.name)
    unit, name = owners.get(sender.device, (sender.unit, ""))
    if unit == sender.unit:
        return None
    return "device_of_another", _OF_ANOTHER.format(sender=sender.name, owner=name), _RENEW.format(sender=sender.name)


def _ahead(workspace: Workspace, manifest: Manifest, entries: Sequence[RecordEntry]) -> Refusal | None:
    limit = after(workspace.store.time_now() + AHEAD)
    furthest = max((stamp for stamp in _stamps(manifest, entries) if stamp >= limit), default="")
    if not furthest:
        return None
    user = manifest.devices.get(device_of(furthest))
    maker = user.name if user else manifest.sender.name
    moment, now = shown_moment(moment_of(furthest)), present_moment(workspace)
    sentence = _AHEAD.format(sender=manifest.sender.name, moment=moment, maker=maker, now=now)
    return "future_stamps", sentence, _SET_CLOCK.format(maker=maker)


def _stamps(manifest: Manifest, entries: Sequence[RecordEntry]) -> Iterator[str]:
    """The newest stamps of a package: what a record has seen covers its writes, or the record is refused."""
    values: list[Any] = [*manifest.vector.values(), *manifest.base.values(), *manifest.acknowledged.values()]
    for entry in entries:
        values += (*entry.seen.values(), *entry.private.values(), *_vouched(entry))
    return (value for value in values if is_stamp(value))


def _vouched(entry: RecordEntry) -> Iterator[str]:
    voucher = province_signature.read_voucher(entry) if entry.voucher else None
    if voucher is not None:
        yield province_signature.newest_stamp(voucher)

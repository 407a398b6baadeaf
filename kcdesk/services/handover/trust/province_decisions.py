"""What a package may say in the province's place: its own word about a record, and the states that only it gives.

A decision counts as the province signed it, whoever passes it on. A state counts when the sender could have led the
record there by steps of its own, from where the province left it; any other state needs the province's word. What a
unit below may record by itself, such as a decision that it holds on paper, remains that unit's claim.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from kcdesk.exchange.container import province_signature
from kcdesk.formdef.model import Workflow
from kcdesk.services.handover.trust import partners
from kcdesk.services.workspace import Workspace
from kcdesk.store.clock import device_of
from kcdesk.store.handover.merging import ProvinceAuthority, covers
from kcdesk.store.handover.vouchers import Voucher
from kcdesk.store.reader import Reader
from kcdesk.store.records import StoredRecord

if TYPE_CHECKING:
    from kcdesk.exchange.container.entries import RecordEntry

_STATE, _REVISION = "state", "revision"
WITHDRAWN = (
    "Quyết định này được ký bằng khoá cũ của cấp tỉnh, khoá đó đã bị huỷ. Hãy đề nghị tỉnh gửi lại gói hoặc biên nhận "
    "ký bằng khoá mới."
)


@dataclass(frozen=True)
class Vouched:
    """The records of a package with the province's own word in the province's place; `stale` are those of which the
    word is signed with a withdrawn key."""

    entries: Sequence[RecordEntry]
    authority: ProvinceAuthority
    vouchers: Mapping[str, Voucher] = field(default_factory=dict)
    stale: frozenset[str] = frozenset()
    plain: dict[str, frozenset[str]] = field(default_factory=dict)  # by kind: where steps lead that ask for no field

    def of(self, record: str) -> ProvinceAuthority:
        """What the package may say about one record."""
        return replace(self.authority, granted=self.authority.granted or record in self.vouchers)


def vouched(
    workspace: Workspace, reader: Reader, entries: Sequence[RecordEntry], authority: ProvinceAuthority
) -> Vouched:
    """Put the province's word where it belongs, however it came, and learn which devices gave it."""
    keys, ended = partners.province_keys(workspace), partners.province_keys(workspace, ended=True)
    found: dict[str, Voucher] = {}
    devices: set[str] = set()
    stale: set[str] = set()
    put = []
    for entry in entries:
        voucher = province_signature.read_voucher(entry) if entry.voucher else None
        if voucher and voucher.key in ended:
            stale.add(entry.id)
        elif voucher and voucher.key in keys and entry.form in reader.shapes.forms_here:
            found[entry.id] = voucher
            devices |= province_signature.devices(entry, voucher)
            if not authority.granted:
                entry = province_signature.applied(entry, reader.shapes.of(entry.form), voucher)
        put.append(entry)
    authority = replace(authority, devices=authority.devices | devices)
    return Vouched(put, authority, found, frozenset(stale))


def newer(reader: Reader, vouchers: Mapping[str, Voucher]) -> dict[str, Voucher]:
    """The vouchers that say more than those that are kept: an old one that is played again takes no place."""
    kept = reader.vouchers.of(vouchers)
    return {
        id_: voucher
        for id_, voucher in vouchers.items()
        if id_ not in kept or province_signature.newest_stamp(voucher) >= province_signature.newest_stamp(kept[id_])
    }


def refusal(reader: Reader, entry: RecordEntry, stored: StoredRecord | None, vouched: Vouched) -> str:
    """Why a record may not be in the state that it comes with; "" when it may."""
    if vouched.authority.granted:
        return ""
    here = (stored.stamps.get(_STATE), stored.data.get(_STATE)) if stored else None
    shown = (entry.stamps.get(_STATE), entry.data.get(_STATE))
    waiting = entry.others.get(_STATE, {}).items()
    told = None
    for stamp, state in (shown, *waiting):
        if not isinstance(stamp, str) or not isinstance(state, str) or (stamp, state) == here:
            continue
        if told is None:
            told = words(reader, entry.id, stored, vouched.authority.devices, vouched.vouchers)
        if not told and device_of(stamp) not in vouched.authority.devices and state in _plain(reader, entry, vouched):
            continue
        if not _may_say(reader, entry, stamp, state, told, vouched.authority.devices):
            return _sentence(reader, entry, state, is_stale=entry.id in vouched.stale)
    return ""


@dataclass(frozen=True)
class Word:
    """A state that the province itself gave; `revision` None where it is not known."""

    state: str
    revision: int | None = None


def is_by(stamp: str | None, devices: frozenset[str]) -> bool:
    """Whether one of the devices wrote what has that stamp."""
    return stamp is not None and device_of(stamp) in devices


def words(
    reader: Reader,
    record: str,
    stored: StoredRecord | None,
    devices: frozenset[str],
    coming: Mapping[str, Voucher] | None = None,
) -> dict[str, Word]:
    """What the province has said of a record's state, by stamp, as far as this store knows or a package proves.

    `devices` are the province's, `coming` the vouchers of the package by record.
    """
    found: dict[str, Word] = {}
    kept = reader.vouchers.of([record]).get(record) if stored else None
    for voucher in filter(None, (kept, (coming or {}).get(record))):
        if said := province_signature.vouched_write(record, voucher, _STATE):
            found[said[0]] = Word(said[1])
    if stored is None:
        return found
    if by_hand := reader.last_by_hand(record, _STATE, devices):
        found[by_hand[0]] = Word(by_hand[1])
    at = stored.stamps.get(_STATE)
    if at and is_by(at, devices):
        found[at] = Word(stored.data[_STATE], stored.data.get(_REVISION))
    return found


def _may_say(
    reader: Reader, entry: RecordEntry, stamp: str, state: str, words: Mapping[str, Word], province: frozenset[str]
) -> bool:
    if device_of(stamp) in province:
        return (stamp in words and words[stamp].state == state) or any(at > stamp for at in words)
    workflow = reader.forms.workflow(entry.kind)
    seen = [at for at in words if covers(entry.seen, at)]
    last = words[max(seen)] if seen else Word(workflow.initial)
    is_corrected = last.revision is None or entry.data.get(_REVISION, 0) > last.revision
    allowed = _led_to(workflow, last.state, entry.data, is_corrected=is_corrected)
    if len(seen) < len(words):  # it was written before the sender knew of the province's step
        allowed |= _led_to(workflow, workflow.initial, entry.data, is_corrected=True)
    return state in allowed


def _plain(reader: Reader, entry: RecordEntry, vouched: Vouched) -> frozenset[str]:
    """The states that need no looking into the record: a package may bring thousands of them."""
    if entry.kind not in vouched.plain:
        workflow = reader.forms.workflow(entry.kind)
        vouched.plain[entry.kind] = frozenset(_led_to(workflow, workflow.initial, {}, is_corrected=True))
    return vouched.plain[entry.kind]


def _led_to(workflow: Workflow, start: str, data: Mapping[str, Any], *, is_corrected: bool) -> set[str]:
    """The states that a unit below leads a record with these values to; new revisions only where there is one."""
    found, leaving = {start}, [start]
    while leaving:
        for step in workflow.leaving(leaving.pop()):
            is_theirs = not step.by or "lower" in step.by
            is_filled = all(data.get(name) not in (None, "", []) for name in step.requires)
            if is_theirs and is_filled and (is_corrected or not step.new_revision) and step.to not in found:
                found.add(step.to)
                leaving.append(step.to)
    return found


def _sentence(reader: Reader, entry: RecordEntry, state: str, *, is_stale: bool) -> str:
    if is_stale:
        return WITHDRAWN
    states = reader.forms.workflow(entry.kind).states
    label = next((known.label for known in states if known.name == state), state)
    return (
        f"Trạng thái «{label}» cần xác nhận của cấp tỉnh mà gói này không có; hồ sơ giữ nguyên như trước. Hãy hỏi lại "
        "đơn vị gửi."
    )

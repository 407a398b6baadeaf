"""What a package may write in the name of the province: signed decisions, and states that only the province gives.

A decision counts if the province signed it, whoever passes it on. A state counts if the sender could have reached it by
its own steps, from the last state that the province gave; any other state needs a signature of the province. What a
lower unit may record by itself, such as a decision that it holds on paper, remains the claim of that unit.

A voucher is the province's signature over the fields of a record that only the province may write.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from kcdesk.exchange.container import province_signature
from kcdesk.formdef.model import Workflow
from kcdesk.runtime.frozen import Value, field, replace
from kcdesk.services.handover.trust import partners
from kcdesk.services.workspace import Workspace
from kcdesk.store.clock import device_of
from kcdesk.store.handover.merging import ProvinceAuthority, covers
from kcdesk.store.handover.partners import Partner
from kcdesk.store.handover.vouchers import Voucher
from kcdesk.store.reader import Reader
from kcdesk.store.stored_record import StoredRecord

if TYPE_CHECKING:
    from kcdesk.exchange.container.entries import RecordEntry

_STATE, _REVISION = "state", "revision"
WITHDRAWN = (
    "Quyết định này được ký bằng khoá cũ của cấp tỉnh, khoá đó đã bị huỷ. Hãy đề nghị tỉnh gửi lại gói hoặc biên nhận "
    "ký bằng khoá mới."
)


class Vouched(Value):
    """The records of a package with the province's fields set from their vouchers.

    `stale` are the ids of records whose voucher is signed with a withdrawn key.
    """

    entries: Sequence[RecordEntry]
    authority: ProvinceAuthority
    vouchers: Mapping[str, Voucher] = field(default_factory=dict)
    stale: frozenset[str] = frozenset()
    levels: frozenset[str] = frozenset()  # those whose steps the sender may pass on
    deciders: frozenset[str] = frozenset()  # the devices of every office that decides, also below this one
    from_below: frozenset[str] = frozenset()  # ids of records whose voucher is that of an office below this one
    plain: dict[str, frozenset[str]] = field(default_factory=dict)  # by kind: states reached without required fields

    @property
    def deciding(self) -> dict[str, Voucher]:
        """The vouchers of the offices that decide for this one, by record."""
        return {id_: voucher for id_, voucher in self.vouchers.items() if id_ not in self.from_below}

    def of(self, record: str) -> ProvinceAuthority:
        """What the package may write about a record in the name of the province."""
        return replace(self.authority, granted=True) if record in self.vouchers else self.authority


def vouched(workspace: Workspace, reader: Reader, entries: Sequence[RecordEntry], sender: Partner | None) -> Vouched:
    """Check the vouchers of the records, set the vouched fields, and collect the devices of the province.

    The voucher of an office below this one proves its own fields and no state: such a state is judged by its steps.
    """
    authority = partners.authority(workspace, sender)
    keys = partners.voucher_keys(workspace, sender)
    ended = partners.voucher_keys(workspace, sender, ended=True)
    above = partners.voucher_keys(workspace, None)
    vouchers: dict[str, Voucher] = {}
    from_below: set[str] = set()
    devices: set[str] = set()
    stale: set[str] = set()
    checked_entries = []
    for entry in entries:
        voucher = province_signature.read_voucher(entry) if entry.voucher else None
        if voucher and voucher.key in ended:
            stale.add(entry.id)
        elif voucher and voucher.key in keys and entry.form in reader.shapes.forms_here:
            vouchers[entry.id] = voucher
            if voucher.key in above:
                devices |= province_signature.devices(entry, voucher)
            else:
                from_below.add(entry.id)
            if not authority.granted:
                entry = province_signature.applied(entry, reader.shapes.of(entry.form), voucher)
        checked_entries.append(entry)
    authority = replace(authority, devices=authority.devices | devices)
    levels = reader.forms.levels
    passed_on = levels.up_to(sender.level if sender else levels.makers.name)
    deciders = partners.deciding_devices(workspace) | devices
    return Vouched(checked_entries, authority, vouchers, frozenset(stale), passed_on, deciders, frozenset(from_below))


def newer_vouchers(reader: Reader, vouchers: Mapping[str, Voucher]) -> dict[str, Voucher]:
    """Keep only newer vouchers; ignore replays."""
    stored_vouchers = reader.vouchers.of(vouchers)
    return {
        id_: voucher
        for id_, voucher in vouchers.items()
        if id_ not in stored_vouchers
        or province_signature.newest_stamp(voucher) >= province_signature.newest_stamp(stored_vouchers[id_])
    }


def refusal(reader: Reader, entry: RecordEntry, stored: StoredRecord | None, vouched: Vouched) -> str:
    """Why a record may not have the state that it arrives with; "" if it may."""
    if vouched.authority.granted:
        return ""
    present_state = (stored.stamps.get(_STATE), stored.data.get(_STATE)) if stored else None
    arriving_state = (entry.stamps.get(_STATE), entry.data.get(_STATE))
    waiting = entry.others.get(_STATE, {}).items()
    given_states = None
    for stamp, state in (arriving_state, *waiting):
        if not isinstance(stamp, str) or not isinstance(state, str) or (stamp, state) == present_state:
            continue
        if given_states is None:
            given_states = province_states(reader, entry.id, stored, vouched.authority.devices, vouched.deciding)
        if (
            not given_states
            and device_of(stamp) not in vouched.authority.devices
            and state in _states_without_fields(reader, entry, vouched)
        ):
            continue
        if not _may_write(reader, entry, stamp, state, given_states, vouched):
            return _refusal_sentence(reader, entry, state, is_stale=entry.id in vouched.stale)
    return ""


class ProvinceState(Value):
    """A state that the province itself gave a record; `revision` is None if unknown."""

    state: str
    revision: int | None = None


def is_written_by(stamp: str | None, devices: frozenset[str]) -> bool:
    """Whether a stamp was written by one of the devices; False for no stamp."""
    return stamp is not None and device_of(stamp) in devices


def province_states(
    reader: Reader,
    record: str,
    stored: StoredRecord | None,
    devices: frozenset[str],
    coming: Mapping[str, Voucher] | None = None,
) -> dict[str, ProvinceState]:
    """The states that the province gave a record, by stamp, as far as this store knows or the package proves.

    `devices` are those of the province, `coming` the vouchers of the package by record id.
    """
    states: dict[str, ProvinceState] = {}
    stored_voucher = reader.vouchers.of([record]).get(record) if stored else None
    for voucher in filter(None, (stored_voucher, (coming or {}).get(record))):
        vouched_state = province_signature.vouched_write(record, voucher, _STATE)
        if vouched_state and (voucher is not stored_voucher or is_written_by(vouched_state[0], devices)):
            states[vouched_state[0]] = ProvinceState(vouched_state[1])
    if stored is None:
        return states
    if by_hand := reader.last_by_hand(record, _STATE, devices):
        states[by_hand[0]] = ProvinceState(by_hand[1])
    stamp = stored.stamps.get(_STATE)
    if stamp and is_written_by(stamp, devices):
        states[stamp] = ProvinceState(stored.data[_STATE], stored.data.get(_REVISION))
    return states


def _may_write(
    reader: Reader,
    entry: RecordEntry,
    stamp: str,
    state: str,
    given_states: Mapping[str, ProvinceState],
    vouched: Vouched,
) -> bool:
    if device_of(stamp) in vouched.authority.devices:
        return (stamp in given_states and given_states[stamp].state == state) or any(
            known_stamp > stamp for known_stamp in given_states
        )
    workflow = reader.forms.workflow(entry.kind)
    seen_stamps = [known_stamp for known_stamp in given_states if covers(entry.seen, known_stamp)]
    last = given_states[max(seen_stamps)] if seen_stamps else ProvinceState(workflow.initial)
    is_corrected = last.revision is None or entry.data.get(_REVISION, 0) > last.revision
    allowed = _reachable_states(workflow, last.state, entry.data, vouched.levels, is_corrected=is_corrected)
    if len(seen_stamps) < len(given_states):  # the sender wrote it before it knew of the province's step
        allowed |= _reachable_states(workflow, workflow.initial, entry.data, vouched.levels, is_corrected=True)
    return state in allowed


def _states_without_fields(reader: Reader, entry: RecordEntry, vouched: Vouched) -> frozenset[str]:
    """The states that are allowed without reading the record, because a package may contain thousands of records."""
    if entry.kind not in vouched.plain:
        workflow = reader.forms.workflow(entry.kind)
        reached = _reachable_states(workflow, workflow.initial, {}, vouched.levels, is_corrected=True)
        vouched.plain[entry.kind] = frozenset(reached)
    return vouched.plain[entry.kind]


def _reachable_states(
    workflow: Workflow, start: str, data: Mapping[str, Any], levels: frozenset[str], *, is_corrected: bool
) -> set[str]:
    """The states that offices of these levels can reach from `start` with these values.

    Steps that begin a new revision count only if the record is corrected.
    """
    reached, open_states = {start}, [start]
    while open_states:
        state = open_states.pop()
        for step in workflow.leaving(state):
            takers = workflow.takers(state, step)
            is_theirs = not takers or not levels.isdisjoint(takers)
            is_filled = all(data.get(name) not in (None, "", []) for name in step.requires)
            if is_theirs and is_filled and (is_corrected or not step.new_revision) and step.to not in reached:
                reached.add(step.to)
                open_states.append(step.to)
    return reached


def _refusal_sentence(reader: Reader, entry: RecordEntry, state: str, *, is_stale: bool) -> str:
    if is_stale:
        return WITHDRAWN
    states = reader.forms.workflow(entry.kind).states
    label = next((known.label for known in states if known.name == state), state)
    levels = reader.forms.levels
    above = levels.deciding_above(levels.makers.name) or levels.makers
    decider = levels.of(reader.identity.unit.level) if levels.decides(reader.identity.unit.level) else above
    return (
        f"Trạng thái «{label}» cần xác nhận của {decider.in_sentence} mà gói này không có; hồ sơ giữ nguyên như trước. "
        "Hãy hỏi lại đơn vị gửi."
    )

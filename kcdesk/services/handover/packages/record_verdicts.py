"""The verdict on each record of a package: can it be read, may its sender write it, and what would merging do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from kcdesk.exchange.record_checks import RecordChecker
from kcdesk.formdef.model import MERGED_INTO
from kcdesk.runtime.frozen import Value, replace
from kcdesk.services.handover.trust import other_provinces, province_decisions, unconfirmed_results
from kcdesk.services.handover.trust.ownership import Ownership
from kcdesk.services.handover.trust.province_decisions import Vouched
from kcdesk.store.handover.lineages import Names
from kcdesk.store.handover.merge_state import Incoming, Outcome
from kcdesk.store.reader import Reader
from kcdesk.store.search import references
from kcdesk.store.stored_record import StoredRecord

if TYPE_CHECKING:
    from kcdesk.exchange.container.entries import RecordEntry

STATUSES = ("new", "changed", "same", "conflict", "refused")
_TWICE = "Hồ sơ này có hai lần trong gói."
_FOREIGN = "Hồ sơ của «{owner}», đơn vị gửi không được sửa: chờ đồng ý riêng ở «Cần xem», chưa có hiệu lực."
_REFERS = "Hồ sơ gắn vào hồ sơ của «{owner}»: chờ đồng ý riêng ở «Cần xem», chưa có hiệu lực."
_MERGED = "Nơi gửi đã gộp hồ sơ này vào hồ sơ khác: chờ đồng ý riêng ở «Cần xem», chưa có hiệu lực."
_SHARED = "beneficiary"  # the kind that dossiers of several units may name


class RecordVerdict(Value, kw_only=True):
    """The verdict on a record; `status` is one of STATUSES.

    `incoming` and `outcome` are None if nothing is merged: the record is already known, or refused as a whole
    (`refusal` says why). `claim` says that a result in it is not confirmed by the province. `is_stale`: its voucher is
    signed with a withdrawn key. `proposed` is what merging would do if the officer agreed to a record that its sender
    may not write by itself; `is_foreign` says that it may not, also where nothing would change.
    """

    entry: RecordEntry
    status: str
    refusal: str = ""
    incoming: Incoming | None = None
    outcome: Outcome | None = None
    stored: StoredRecord | None = None
    claim: str = ""
    is_stale: bool = False
    proposed: Outcome | None = None
    is_foreign: bool = False

    @property
    def shown(self) -> Outcome | None:
        """What is shown of the record: what merging does, or would do with consent."""
        return self.outcome or self.proposed


class Judge(Value):
    """Judges the records of one package; `of_others` are records of another province than the sender's.

    `is_agreed`: the officer agrees to what the sender may not write by itself.
    """

    reader: Reader
    vouched: Vouched
    names: Names
    of_others: frozenset[str]
    ownership: Ownership
    is_agreed: bool = False

    def verdicts(self) -> Iterator[RecordVerdict]:
        """Judge each record, in the order of the kinds."""
        reader, entries = self.reader, self.vouched.entries
        checker = RecordChecker(reader.forms)
        order = {kind: place for place, kind in enumerate(reader.forms.kinds)}
        seen = reader.merging.seen(entry.id for entry in entries)
        here = reader.merging.here(entry.id for entry in entries)
        owners = {entry.id: entry.unit for entry in entries}
        judged_ids: set[str] = set()
        for entry in sorted(entries, key=lambda entry: order.get(entry.kind, len(order))):
            is_twice = entry.id in judged_ids
            judged_ids.add(entry.id)
            is_clear = not is_twice and checker.has_valid_knowledge(entry)
            stored = reader.merging.stored(entry.id) if self.names.labels and entry.id in here else None
            incoming = reader.merging.renamed(entry.incoming(), self.names, stored)
            incoming = _bounded(incoming, seen.get(entry.id, {}), reader.identity.device_id)
            is_foreign = not self.ownership.covers(entry.unit)
            if is_clear and reader.merging.is_known(incoming, seen.get(entry.id)):
                yield RecordVerdict(entry=entry, status="same", is_foreign=is_foreign)
                continue
            stored = reader.merging.stored(entry.id) if entry.id in here else None
            refusal = _TWICE if is_twice else other_provinces.REFUSAL if entry.id in self.of_others else ""
            refusal = refusal or _refusal(stored, checker, entry)
            judged = self.judged(entry, incoming, stored, refusal)
            yield self._with_owner(judged, owners, is_foreign=is_foreign)

    def judged(
        self, entry: RecordEntry, incoming: Incoming, stored: StoredRecord | None, refusal: str
    ) -> RecordVerdict:
        """Judge one record; `refusal` is why it is refused before anything is merged."""
        reader, vouched = self.reader, self.vouched
        refusal = refusal or province_decisions.refusal(reader, entry, stored, vouched)
        if refusal:
            return RecordVerdict(entry=entry, status="refused", refusal=refusal, stored=stored)
        outcome = reader.merging.outcome(incoming, vouched.of(entry.id), stored)
        return RecordVerdict(
            entry=entry,
            status=outcome.status,
            incoming=incoming,
            outcome=outcome,
            stored=stored,
            claim=unconfirmed_results.coming(reader, entry.kind, entry.unit, outcome, vouched),
            is_stale=entry.id in vouched.stale,
        )

    def _with_owner(self, judged: RecordVerdict, owners: dict[str, str], *, is_foreign: bool) -> RecordVerdict:
        """The verdict, where nothing is merged that the sender may not write: it waits for a consent of its own."""
        outcome = judged.outcome
        if outcome is None:
            return replace(judged, is_foreign=is_foreign)
        if self._takes_away(judged, outcome):
            return replace(
                judged,
                status="refused",
                refusal=_MERGED,
                is_foreign=True,
                incoming=None,
                outcome=None,
                proposed=outcome,
            )
        owner = judged.entry.unit if is_foreign else self._foreign_target(judged, owners)
        if not owner:
            return judged
        alone = replace(judged, is_foreign=True, incoming=None, outcome=None)
        if outcome.status == "same":
            return replace(alone, status="same")
        sentence = (_FOREIGN if is_foreign else _REFERS).format(owner=self.ownership.name_of(owner))
        return replace(alone, status="refused", refusal=sentence, proposed=outcome)

    def _takes_away(self, judged: RecordVerdict, outcome: Outcome) -> bool:
        """Whether another office has merged a record of this office, which nobody here has agreed to yet."""
        stored, after = judged.stored, outcome.after
        is_ours = stored is not None and not stored.deleted and stored.unit == self.reader.identity.unit.code
        is_merged = after.deleted is not None and bool(after.data.get(MERGED_INTO))
        same_office = self.vouched.of(judged.entry.id).same_office
        return is_ours and is_merged and not same_office and not self.is_agreed

    def _foreign_target(self, judged: RecordVerdict, owners: dict[str, str]) -> str:
        """The unit whose dossier a record is newly put into or refers to, if the sender may not change it; else ""."""
        entry, stored = judged.entry, judged.stored
        before = _targets(self.reader, stored.form, stored.data, stored.parent) if stored else frozenset()
        for id_ in sorted(_targets(self.reader, entry.form, entry.data, entry.parent) - before):
            target = self.reader.merging.stored(id_)
            owner = target.unit if target else owners.get(id_, entry.unit)
            is_shared = target is not None and target.kind == _SHARED
            if not is_shared and owner != self.reader.identity.unit.code and not self.ownership.covers(owner):
                return owner
        return ""


def _targets(reader: Reader, form: str, data: dict[str, object], parent: str | None) -> frozenset[str]:
    """The ids of the records to which a record belongs or refers."""
    named = (id_ for _, id_ in references(reader.forms.by_reference(form), data))
    return frozenset((*named, *([parent] if parent else ())))


def _bounded(incoming: Incoming, seen: dict[str, str], own_device: str) -> Incoming:
    """The record without the claim to have seen more writes of this store than it has made in this record.

    A sender that claims to know what will be written here would make it count as overwritten.
    """
    claimed, made = incoming.state.seen.get(own_device, ""), seen.get(own_device, "")
    if not isinstance(claimed, str) or claimed <= made:
        return incoming
    bounded = {**incoming.state.seen, own_device: made}
    if not made:
        del bounded[own_device]
    return replace(incoming, state=replace(incoming.state, seen=bounded))


def _refusal(stored: StoredRecord | None, checker: RecordChecker, entry: RecordEntry) -> str:
    """Why a record cannot be read, or would replace another record; "" if it is acceptable."""
    sentence = checker.refusal(entry)
    if not sentence and stored and (stored.kind, stored.unit) != (entry.kind, entry.unit):
        return "Mã hồ sơ này đã dùng cho một hồ sơ khác trong kho."
    return sentence

"""The verdict on a received package: computed once, while the file is open, and passed on.

The checks, in this order: authentic, for this store, received before, then record by record. `preview` puts the verdict
into words, `receiving` carries it out; neither checks anything again.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from kcdesk import moments, text
from kcdesk.exchange import periods
from kcdesk.exchange.shown_content import SheetComparison
from kcdesk.exchange.verification import SENTENCES, opened_package
from kcdesk.runtime.frozen import Value, field, replace
from kcdesk.services.handover.packages import copies, missing_packages
from kcdesk.services.handover.packages.recipients import own_names
from kcdesk.services.handover.packages.record_verdicts import STATUSES, Judge, RecordVerdict
from kcdesk.services.handover.trust import (
    laptops,
    other_provinces,
    partners,
    province_decisions,
    senders,
)
from kcdesk.services.handover.trust.ownership import Ownership
from kcdesk.services.handover.trust.senders import Consent
from kcdesk.services.workspace import Workspace
from kcdesk.store.handover.lineages import Names, compared
from kcdesk.store.handover.merge_state import Incoming, Outcome
from kcdesk.store.handover.package_ledger import PackageEntry
from kcdesk.store.handover.partners import Partner
from kcdesk.store.handover.vouchers import Voucher
from kcdesk.store.reader import Reader
from kcdesk.store.stored_record import StoredRecord

if TYPE_CHECKING:
    from kcdesk.exchange.container.entries import RecordEntry
    from kcdesk.exchange.container.manifest import Manifest, Reply
    from kcdesk.exchange.verification import Inspection, OpenedPackage
    from kcdesk.formdef.regulations.levels import Levels


class Bar(Value):
    """Why a package cannot be received, and what to do."""

    code: str
    obstacle: str
    hint: str


class Verdict(Value, kw_only=True):
    """An opened package compared with the store, with everything that preview and receiving need.

    `received_before` is the ledger entry of the same package, `is_judged` whether the records were compared with the
    store, `is_gap` whether the package builds on data that this store lacks, `missing` the numbers of packages that did
    not arrive.
    """

    opened: OpenedPackage
    partner: Partner | None
    replaces: str = ""  # the trusted key that the key of the package has renewed
    bar: Bar | None = None
    received_before: PackageEntry | None = None
    is_judged: bool = False
    records: tuple[RecordVerdict, ...] = ()
    entries: Sequence[RecordEntry] = ()  # with the vouched fields of the province set
    is_gap: bool = False
    missing: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    differing: tuple[str, ...] = ()  # what the sheets show or hide otherwise than the records say
    vouchers: Mapping[str, Voucher] = field(default_factory=dict)  # by record id
    ownership: Ownership | None = None  # whose records the sender may change
    province: frozenset[str] = frozenset()  # the devices of the offices that decide for this one
    is_from_above: bool = False  # whether the sender decides for this office
    levels: Levels | None = None
    names: Names = field(default_factory=lambda: Names({}, {}))  # of the devices, where this store has others
    comparison: SheetComparison | None = None  # of the sheets with the records, if anything would be taken in

    def compared(self) -> Verdict:
        """The verdict with what the sheets show otherwise than the records, which bars the package; takes seconds."""
        if self.comparison is None or not (differing := self.comparison.differing()):
            return self
        return replace(self, bar=_bar_of_status("sheets_differ", self.inspection), differing=tuple(differing))

    @contextmanager
    def comparing(self) -> Iterator[bool]:
        """Compare the sheets of a large package beside what the block does; gives whether that is so."""
        with self.comparison.begun() if self.comparison and not self.bar else nullcontext():
            yield self.comparison is not None and self.comparison.is_beside

    @property
    def inspection(self) -> Inspection:
        """The inspection of the file itself."""
        return self.opened.inspection

    @property
    def manifest(self) -> Manifest:
        """The manifest; only a readable package has one."""
        assert self.inspection.manifest is not None, "only a package that can be read is taken in"
        return self.inspection.manifest

    @property
    def sender(self) -> str:
        """The device of the sender as this store names it: copies of one store have names of their own."""
        device = self.manifest.sender.device
        return self.names.labels.get(device, device)

    @property
    def tally(self) -> dict[str, int]:
        """The number of records with each of STATUSES."""
        counted = Counter(record.status for record in self.records)
        return {status: counted[status] for status in STATUSES}

    @property
    def merged(self) -> list[tuple[Incoming, Outcome]]:
        """The records to write, with the outcome of merging."""
        return [(r.incoming, r.outcome) for r in self.records if r.incoming and r.outcome]

    @property
    def is_changing(self) -> bool:
        """Whether receiving changes any record."""
        return any(record.outcome and record.outcome.before is not record.outcome.after for record in self.records)

    @property
    def carried(self) -> set[str]:
        """The ids of records that are not refused as a whole, and that the sender may write."""
        own = (record for record in self.records if not record.is_foreign)
        return {record.entry.id for record in own if record.outcome or record.status != "refused"}

    @property
    def refused(self) -> int:
        """The number of records that are refused as a whole, or that the sender may not write."""
        alone = (record for record in self.records if record.outcome is None)
        return sum(record.status == "refused" or record.is_foreign for record in alone)

    def level_of(self, device: str, unit: str) -> str:
        """The level of a device of a unit: that of the sender, of an office that decides, or the lowest."""
        assert self.levels is not None, "only a package that can be read is taken in"
        if self.partner and unit == self.partner.unit:
            return self.partner.level
        return (self.levels.first_deciding if device in self.province else self.levels.makers).name

    def result_of(self, reply: Reply, stored: StoredRecord | None) -> str:
        """The result of a reply; a decision counts only if the province itself made it, whoever passes it on."""
        if reply.result not in ("approved", "rejected") or self.is_from_above:
            return reply.result
        decided = stored and stored.data.get("province_result")
        return reply.result if decided == reply.result else "received"


_OWN = Bar("own_package", "Gói này do chính kho này lập.", "Gói gửi đi không nhận lại vào nơi đã lập.")
_BARS = {
    "unknown_sender": (
        "Khoá ký của đơn vị gửi chưa được xác nhận nên gói chưa được nhận.",
        "Hãy gọi điện đối chiếu dấu khoá ký rồi nhận với xác nhận tin cậy.",
    ),
    "edited": (
        "Gói {of_whom}đã được lưu lại bằng chương trình khác nên không còn chữ ký để nhận.",
        "Hãy xin {sender} gửi lại gói gốc, chưa lưu lại. Ô đã sửa trong tệp này chỉ {sender} nhận được, vì nơi "
        "lập gói giữ bản gốc để so sánh; nhận xong thì lập gói mới.",
    ),
    "damaged": ("Tệp bị hỏng nên không nhận được.", "Hãy sao chép lại hoặc xin nơi gửi gói khác."),
    "foreign": ("Tệp này không phải gói bàn giao của chương trình.", "Hãy chọn đúng tệp."),
    "newer": ("Gói được lập bằng phiên bản mới hơn.", "Hãy cập nhật chương trình rồi nhận lại."),
    "locked": ("Gói có mật khẩu và mật khẩu chưa đúng.", "Hãy nhập mật khẩu mà nơi gửi đã cho biết."),
    "sheets_differ": (
        "Các trang bảng tính của gói không khớp với dữ liệu bên trong, hoặc giấu nội dung.",
        "Hãy báo nơi gửi lập lại gói; các chỗ khác nhau ghi ở dưới.",
    ),
}


@contextmanager
def judged(workspace: Workspace, path: Path, password: str, consent: Consent, reader: Reader) -> Iterator[Verdict]:
    """Judge a file while it is open; errors as of `verification.inspect_package` and `senders.identified`.

    With `consent` the sender's key counts as known.
    """
    with opened_package(path, password, partners.known_keys(workspace)) as package:
        yield _judge(workspace, package, consent, reader)


def content_of(manifest: Manifest) -> str:
    """The hash of the whole content of a package, independent of its password."""
    return hashlib.sha256(manifest.to_json()).hexdigest()


def _judge(workspace: Workspace, package: OpenedPackage, consent: Consent, reader: Reader) -> Verdict:
    package, sender = senders.identified(workspace, package, consent)
    manifest, status = package.inspection.manifest, package.inspection.status
    if status == "unknown_sender" and sender.partner:
        status = "authentic"
    before = Verdict(opened=package, partner=sender.partner, replaces=sender.replaces)
    if manifest is None or status not in ("authentic", "unknown_sender"):
        return replace(before, bar=_bar_of_status(status, package.inspection))
    before = replace(before, names=compared(reader.lineages(), manifest.known_lineages()))
    if bar := _not_for_us(workspace, before):
        return replace(before, bar=bar)
    if refused := laptops.refusal(workspace, manifest, package.entries):
        return replace(before, bar=Bar(*refused))
    entry = reader.packages.get(manifest.package)
    if entry and entry.direction == "out":
        return replace(before, bar=_OWN)
    if entry and not entry.details.get("undone"):
        bar = _replaced(manifest, entry)
        return replace(before, bar=bar, received_before=None if bar else entry)
    return _judge_records(workspace, before, reader, is_known=status == "authentic")


def _judge_records(workspace: Workspace, before: Verdict, reader: Reader, *, is_known: bool) -> Verdict:
    """Complete the verdict by comparing every record with the store."""
    package = before.opened
    vouched = province_decisions.vouched(workspace, reader, package.entries, before.partner if is_known else None)
    if vouched.authority.granted:
        vouched = replace(vouched, deciders=vouched.deciders | {before.sender})
    names = copies.trusted(before.names, vouched.authority)
    before = replace(before, names=names)
    is_gap, missing, notes = missing_packages.missing_before(reader, before.manifest, names)
    renewed = (senders.RENEWED,) if before.replaces else ()
    notes = (*notes, *missing_packages.history_notes(reader, before.manifest, names))
    notes = (*renewed, *copies.notes(reader, before.manifest, before.names), *notes)
    of_others = other_provinces.records_of_others(workspace, before.partner)
    ownership = Ownership(workspace, reader, _maker(before))
    verdict = replace(
        before,
        is_judged=True,
        records=tuple(Judge(reader, vouched, names, of_others, ownership).verdicts()),
        levels=reader.forms.levels,
        entries=vouched.entries,
        ownership=ownership,
        is_gap=is_gap,
        missing=missing,
        notes=notes,
        vouchers=vouched.vouchers,
        province=vouched.authority.devices,
        is_from_above=vouched.authority.granted,
    )
    if not is_known:
        return replace(verdict, bar=_bar_of_status("unknown_sender", package.inspection))
    if bar := _answer_of_another(workspace, verdict):
        return replace(verdict, bar=bar)
    if len(verdict.records) == verdict.tally["same"] and not verdict.manifest.replies:
        return verdict
    merged = {record.entry.id for record in verdict.records if record.shown}
    readable = merged | {record.entry.id for record in verdict.records if record.status == "same"}
    return replace(verdict, comparison=SheetComparison(reader, package, merged, readable))


# -- checks before the records -----------------------------------------------------------------------------------------


def _bar_of_status(code: str, inspection: Inspection) -> Bar:
    problems = [problem for problem in inspection.problems if problem != SENTENCES[inspection.status]]
    if code == "damaged" and problems:  # the damage is known, so copying the file again would not help
        return Bar(code, problems[0], "Không nên mở tệp này; hãy xin nơi gửi gói khác.")
    if code == "foreign" and (other := inspection.other):
        obstacle = other.sentence if other.is_readable else _BARS[code][0]
        return Bar(code, obstacle, other.hint if other.is_readable else f"{other.sentence} {other.hint}")
    if code == "edited":
        return bar_of_edited(inspection)
    return Bar(code, *_BARS[code])


def bar_of_edited(inspection: Inspection) -> Bar:
    """Name the sender, by the manifest if the program left it, else by the cover, which proves nothing."""
    sender, period = inspection.sender_name, inspection.period
    of_whom = f"của {sender}, {periods.in_sentence(period)}, " if sender and period else ""
    obstacle, hint = _BARS["edited"]
    named = sender or "đơn vị gửi"
    return Bar("edited", obstacle.format(of_whom=of_whom), hint.format(sender=named))


def _maker(before: Verdict) -> Partner | None:
    """The maker of a package, also if its key is not trusted yet; None if this unit's own key signed it."""
    if before.partner or before.inspection.status == "authentic":
        return before.partner
    return partners.partner_of_sender(before.inspection.key, before.manifest.sender)


def _not_for_us(workspace: Workspace, before: Verdict) -> Bar | None:
    """Why a package is not for this store; None if it is."""
    own, manifest, entries = workspace.identity, before.manifest, before.opened.entries
    if manifest.sender.store == own.store_id and before.sender == own.device_id:
        return _OWN
    if manifest.practice != own.practice:
        what = "tập huấn" if manifest.practice else "thật"
        return Bar("practice", f"Đây là gói dữ liệu {what}.", "Kho thực hành và kho thật không nhận gói của nhau.")
    if _names_us(workspace, manifest) or (manifest.answers and any(entry.unit == own.unit.code for entry in entries)):
        return None
    return Bar(
        "not_for_us", f"Gói này gửi cho «{manifest.receiver.name}», không phải cho đơn vị này.", "Hãy chọn đúng gói."
    )


def _names_us(workspace: Workspace, manifest: Manifest) -> bool:
    """Whether the receiver is this unit by code or name, or the department of the same province, or the sender is
    another laptop of this unit."""
    own, receiver = workspace.identity.unit, manifest.receiver
    names = {text.fold(name) for name in own_names(workspace)}
    if names & {text.fold(receiver.unit), text.fold(receiver.name)} or manifest.sender.unit == own.code:
        return True
    levels, sender = workspace.forms.levels, manifest.sender
    is_ours = receiver.level == own.level and levels.speaks_for(own.level, own.province, sender.province)
    return is_ours and workspace.collects and levels.is_above(own.level, sender.level)


def _answer_of_another(workspace: Workspace, verdict: Verdict) -> Bar | None:
    """Refuse a receipt of a unit to which the answered package was not sent; None for an office that decides."""
    manifest, own = verdict.manifest, workspace.identity.unit
    if not manifest.answers or verdict.is_from_above or manifest.sender.unit == own.code:
        return None
    answered, sender = workspace.store.packages.get(manifest.answers), manifest.sender
    names = {text.fold(name) for name in (sender.unit, sender.name)}
    if answered is not None and answered.direction == "out" and text.fold(answered.partner) in names:
        return None
    obstacle = f"Biên nhận này do «{sender.name}» lập, nhưng gói được trả lời không gửi cho đơn vị đó; chưa nhận."
    return Bar("foreign_receipt", obstacle, "Hãy hỏi lại nơi đưa tệp; chỉ nơi nhận gói mới trả lời gói.")


def _replaced(manifest: Manifest, entry: PackageEntry) -> Bar | None:
    """Refuse another content under the id of a received package; None for the same content, which is harmless."""
    if entry.details.get("content") == content_of(manifest):
        return None
    day = text.format_date(moments.day(entry.at))
    obstacle = f"Mã gói này đã được nhận ngày {day} với nội dung khác."
    return Bar("package_replaced", obstacle, "Hãy báo nơi gửi; gói này không được nhận.")

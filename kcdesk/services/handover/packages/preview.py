"""Judging a package before anything of it is believed: authentic, seen before, for us, and then row by row."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kcdesk import text
from kcdesk.services.handover.packages import changes_in_words, missing_packages
from kcdesk.services.handover.packages.changes_in_words import FieldChange
from kcdesk.services.handover.trust import partners, unconfirmed_results
from kcdesk.services.handover.trust import province_decisions as authorities
from kcdesk.services.handover.trust.province_decisions import Vouched
from kcdesk.services.workspace import Workspace
from kcdesk.store.handover.merge_state import Incoming, Outcome
from kcdesk.store.handover.packages import PackageEntry
from kcdesk.store.handover.partners import Partner
from kcdesk.store.handover.vouchers import Voucher
from kcdesk.store.reader import Reader
from kcdesk.store.records import StoredRecord

if TYPE_CHECKING:
    from kcdesk.exchange.container.entries import Entry
    from kcdesk.exchange.container.manifest import Manifest, Reply
    from kcdesk.exchange.verification import Inspection, Opened

STATUSES = ("new", "changed", "same", "conflict", "refused")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What a package would do to one record; `status` is one of `STATUSES`, `reason` says why one is refused,
    `claim` that a result in it is only what the unit below wrote itself.

    A record of which nothing is new has no title: there may be thousands of them.
    """

    id: str
    kind: str
    kind_label: str
    title: str
    status: str
    fields: tuple[FieldChange, ...] = ()
    reason: str = ""
    claim: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What a file is and what taking it in would do; `obstacle` is the sentence that forbids it, "" for none.

    `already` is when the package was taken in before (UTC), `notes` are what the officer should know, `replies` what a
    receipt says by record.
    """

    status: str
    sentence: str
    package: str = ""
    type: str = ""
    period: str = ""
    sender: str = ""
    sender_name: str = ""
    fingerprint: str = ""
    made_at: str = ""
    serial: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    rows: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(STATUSES, 0))
    lines: tuple[Row, ...] = ()
    notes: tuple[str, ...] = ()
    missing: tuple[int, ...] = ()
    already: str = ""
    answers: str = ""
    replies: Mapping[str, Reply] = field(default_factory=dict)
    enclosed: int = 0  # files that came along with a receipt
    obstacle: str = ""
    code: str = ""
    hint: str = ""

    def to_json(self, *, applied: bool = False) -> dict[str, Any]:
        """The stable shape of the command line."""
        lines = [
            {"id": line.id, "kind": line.kind, "title": line.title, "status": line.status, "reason": line.reason,
             "claim": line.claim, "fields": [change.to_json() for change in line.fields]}
            for line in self.lines
            if line.status != "same"
        ]  # fmt: skip
        return {
            "status": self.status,
            "package": self.package,
            "type": self.type,
            "period": self.period,
            "sender": self.sender,
            "counts": dict(self.counts),
            "rows": dict(self.rows),
            "applied": applied,
            "sentence": self.sentence,
            "fingerprint": self.fingerprint,
            "already": self.already,
            "missing": list(self.missing),
            "answers": self.answers,
            "problems": [*([self.obstacle] if self.obstacle else []), *self.notes],
            "lines": lines,
        }


@dataclass(frozen=True, kw_only=True)
class Judged:
    """An opened package whose every record has been held against the store."""

    preview: Preview
    opened: Opened
    merged: list[tuple[Incoming, Outcome]]
    partner: Partner | None
    is_gap: bool = False
    vouchers: Mapping[str, Voucher] = field(default_factory=dict)  # the province's word, by record
    province: frozenset[str] = frozenset()  # the devices that gave it


@dataclass(frozen=True, slots=True)
class _Stop:
    """Why a package is not taken in."""

    code: str
    obstacle: str
    hint: str


_OWN = _Stop("own_package", "Gói này do chính kho này lập.", "Gói gửi đi không nhận lại vào nơi đã lập.")


def look(
    workspace: Workspace, path: Path, password: str = "", *, trust: bool = False, reader: Reader | None = None
) -> Preview:
    """What taking a file in would do; nothing is changed. Through `reader` also from another thread.

    `trust` looks as if the sender's key were known.
    """
    with judged(workspace, path, password, trust, reader or workspace.store) as found:
        return found.preview


@contextmanager
def judged(workspace: Workspace, path: Path, password: str, trust: bool, reader: Reader) -> Iterator[Judged]:
    """A package while it is open, held against the store; errors as of `inspect`."""
    from kcdesk.exchange.verification import opened

    with opened(path, password, partners.known_keys(workspace)) as package:
        yield _judge(workspace, package, trust, reader)


def _judge(workspace: Workspace, package: Opened, trust: bool, reader: Reader) -> Judged:
    found = package.inspection
    manifest = found.manifest
    partner = _partner(workspace, found)
    status = found.status
    if status == "unknown_sender" and trust and manifest:
        partner = partners.of_sender(found.key, manifest.sender)
        partners.refuse(workspace, partner)
        status = "authentic"
    preview = _head(found)
    if manifest is None or status not in ("authentic", "unknown_sender"):
        return Judged(preview=_barred(preview, status), opened=package, merged=[], partner=partner)
    if stop := _not_for_us(workspace, manifest, package.entries):
        return Judged(preview=_stopped(preview, stop), opened=package, merged=[], partner=partner)
    entry = reader.packages.get(manifest.package)
    if entry and entry.direction == "out":
        return Judged(preview=_stopped(preview, _OWN), opened=package, merged=[], partner=partner)
    if entry and not entry.details.get("undone"):
        return Judged(preview=_seen_before(preview, manifest, entry), opened=package, merged=[], partner=partner)
    authority = partners.authority(workspace, partner if status == "authentic" else None)
    vouched = authorities.vouched(workspace, reader, package.entries, authority)
    lines, merged = _rows(reader, vouched)
    tally = Counter(line.status for line in lines)
    is_gap, missing, notes = missing_packages.find(reader, manifest)
    if claimed := sum(bool(line.claim) for line in lines):
        notes = (*notes, f"{claimed} hồ sơ có kết quả do {unconfirmed_results.UNCONFIRMED}.")
    preview = replace(
        preview,
        lines=tuple(lines),
        rows={name: tally[name] for name in STATUSES},
        missing=missing,
        notes=notes,
        answers=manifest.answers,
    )
    if status == "unknown_sender":
        preview = _barred(preview, status)
    elif tally.total() > tally["same"] and not _shows_its_records(reader, package, merged):
        preview = _barred(preview, "sheets_differ")
    return Judged(
        preview=preview,
        opened=package,
        merged=merged,
        partner=partner,
        is_gap=is_gap,
        vouchers=vouched.vouchers,
        province=vouched.authority.devices,
    )


def _head(found: Inspection) -> Preview:
    from kcdesk.exchange.container import signing
    from kcdesk.exchange.verification import SENTENCES

    manifest = found.manifest
    return Preview(
        status=found.status,
        sentence=SENTENCES[found.status],
        package=found.package,
        type=found.type,
        period=found.period,
        sender=found.sender,
        sender_name=manifest.sender.name if manifest else "",
        fingerprint=signing.fingerprint(found.key) if found.key else "",
        made_at=manifest.made_at if manifest else "",
        serial=manifest.serial if manifest else 0,
        replies={reply.record: reply for reply in manifest.replies} if manifest else {},
        enclosed=len(manifest.enclosed) if manifest else 0,
        counts=dict(found.counts),
        notes=tuple(problem for problem in found.problems if problem != SENTENCES[found.status]),
    )


_BARRED = {
    "unknown_sender": (
        "Khoá ký của đơn vị gửi chưa được xác nhận nên gói chưa được nhận.",
        "Hãy gọi điện đối chiếu dấu khoá ký rồi nhận với xác nhận tin cậy.",
    ),
    "edited": (
        "Gói đã được lưu lại bằng chương trình khác nên không còn chữ ký để nhận tự động.",
        "Hãy xem các ô đã sửa rồi nhận từng đề nghị, hoặc xin gói gốc.",
    ),
    "damaged": ("Tệp bị hỏng nên không nhận được.", "Hãy sao chép lại hoặc xin nơi gửi gói khác."),
    "foreign": ("Tệp này không phải gói bàn giao của chương trình.", "Hãy chọn đúng tệp."),
    "newer": ("Gói được lập bằng phiên bản mới hơn.", "Hãy cập nhật chương trình rồi nhận lại."),
    "locked": ("Gói có mật khẩu và mật khẩu chưa đúng.", "Hãy nhập mật khẩu mà nơi gửi đã cho biết."),
    "sheets_differ": (
        "Các trang bảng tính của gói không khớp với dữ liệu bên trong.",
        "Hãy báo nơi gửi lập lại gói.",
    ),
}


def _barred(preview: Preview, why: str) -> Preview:
    obstacle, hint = _BARRED[why]
    if why == "damaged" and preview.notes:  # it is known what is wrong: copying it again would not help
        obstacle, hint = preview.notes[0], "Không nên mở tệp này; hãy xin nơi gửi gói khác."
    return replace(preview, obstacle=obstacle, hint=hint, code=why)


def _partner(workspace: Workspace, found: Inspection) -> Partner | None:
    """The known key that signed; the store's own key counts as its unit's."""
    partner = workspace.store.partners.get(found.key) if found.key else None
    return partner if partner and not partner.ended else None


def _not_for_us(workspace: Workspace, manifest: Manifest, entries: Sequence[Entry]) -> _Stop | None:
    """Why a package is none of this store's business; None when it is."""
    own = workspace.identity
    if manifest.sender.store == own.store_id and manifest.sender.device == own.device_id:
        return _OWN
    if manifest.practice != own.practice:
        what = "tập huấn" if manifest.practice else "thật"
        return _Stop("practice", f"Đây là gói dữ liệu {what}.", "Kho thực hành và kho thật không nhận gói của nhau.")
    if _names_us(workspace, manifest) or (manifest.answers and any(entry.unit == own.unit.code for entry in entries)):
        return None
    return _Stop(
        "not_for_us", f"Gói này gửi cho «{manifest.receiver.name}», không phải cho đơn vị này.", "Hãy chọn đúng gói."
    )


def _names_us(workspace: Workspace, manifest: Manifest) -> bool:
    """By code or by name; another laptop of the unit; the one department of the province."""
    own, receiver = workspace.identity.unit, manifest.receiver
    names = {text.fold(own.code), text.fold(own.name)}
    if names & {text.fold(receiver.unit), text.fold(receiver.name)} or manifest.sender.unit == own.code:
        return True
    department = receiver.level == own.level == "province" and manifest.sender.province == own.province
    return department and manifest.sender.level != "province"


def _stopped(preview: Preview, stop: _Stop) -> Preview:
    return replace(preview, code=stop.code, obstacle=stop.obstacle, hint=stop.hint)


def _seen_before(preview: Preview, manifest: Manifest, entry: PackageEntry) -> Preview:
    """The same package again is harmless; another content under its id is not."""
    if entry.details.get("content") != content_of(manifest):
        said = f"Mã gói này đã được nhận ngày {_day(entry.at)} với nội dung khác."
        return _stopped(preview, _Stop("package_replaced", said, "Hãy báo nơi gửi; gói này không được nhận."))
    total = sum(manifest.counts.values()) + sum(manifest.deleted.values())
    note = f"Gói này đã được nhận ngày {_day(entry.at)}; không có gì thay đổi."
    rows = {**dict.fromkeys(STATUSES, 0), "same": total}
    return replace(preview, already=entry.at, rows=rows, notes=(*preview.notes, note), answers=manifest.answers)


def content_of(manifest: Manifest) -> str:
    """The hash of everything that a package holds, however it is locked."""
    return hashlib.sha256(manifest.to_json()).hexdigest()


# -- row by row --------------------------------------------------------------------------------------------------


def _rows(reader: Reader, vouched: Vouched) -> tuple[list[Row], list[tuple[Incoming, Outcome]]]:
    from kcdesk.exchange.record_checks import Checker

    checker = Checker(reader.forms)
    order = {kind: place for place, kind in enumerate(reader.forms.kinds)}
    lines, merged, entries = [], [], vouched.entries
    names = changes_in_words.Names(reader, entries)
    ids: set[str] = set()
    seen = reader.merging.seen(entry.id for entry in entries)
    here = reader.merging.here(entry.id for entry in entries)
    for entry in sorted(entries, key=lambda entry: order.get(entry.kind, len(order))):
        label = names.kind(entry.kind)
        refusal = _TWICE if entry.id in ids else ""
        ids.add(entry.id)
        is_clear = not refusal and checker.tells_what_it_knows(entry)
        if is_clear and reader.merging.is_known(entry.incoming(), seen.get(entry.id)):
            lines.append(Row(id=entry.id, kind=entry.kind, kind_label=label, title="", status="same"))
            continue
        stored = reader.merging.stored(entry.id) if entry.id in here else None
        refusal = refusal or _refusal(stored, checker, entry) or authorities.refusal(reader, entry, stored, vouched)
        if refusal:
            title = stored.title(reader.forms) if stored else entry.id  # what was refused may not even have one
            lines.append(
                Row(id=entry.id, kind=entry.kind, kind_label=label, title=title, status="refused", reason=refusal)
            )
            continue
        incoming = entry.incoming()
        outcome = reader.merging.outcome(incoming, vouched.of(entry.id), stored)
        merged.append((incoming, outcome))
        claim = unconfirmed_results.coming(reader, entry.kind, entry.unit, outcome, vouched)
        row = _row(names, entry, outcome, label, is_stale=entry.id in vouched.stale)
        lines.append(replace(row, claim=claim) if claim else row)
    return lines, merged


_TWICE = "Hồ sơ này có hai lần trong gói."


def _refusal(stored: StoredRecord | None, checker: Any, entry: Entry) -> str:
    sentence = str(checker.refusal(entry))
    if not sentence and stored and (stored.kind, stored.unit) != (entry.kind, entry.unit):
        return "Mã hồ sơ này đã dùng cho một hồ sơ khác trong kho."
    return sentence


def _row(names: changes_in_words.Names, entry: Entry, outcome: Outcome, label: str, *, is_stale: bool) -> Row:
    fields = () if outcome.status == "same" else tuple(names.changes(entry, outcome))
    reason = changes_in_words.NOT_PROVEN if outcome.status == "refused" else ""
    if is_stale and outcome.refused:
        reason = authorities.WITHDRAWN
    return Row(
        id=entry.id,
        kind=entry.kind,
        kind_label=label,
        title=names.title(entry),
        status=outcome.status,
        fields=fields,
        reason=reason,
    )


def _shows_its_records(reader: Reader, package: Opened, merged: Sequence[tuple[Incoming, Outcome]]) -> bool:
    """Whether the sheets say what the records say that are taken in: nobody signs for what he cannot see."""
    from kcdesk.exchange.compare import differences, is_as_made
    from kcdesk.exchange.workbook.sheets import TITLE, Content
    from kcdesk.exchange.workbook.titles import titles

    manifest = package.inspection.manifest
    assert package.workbook is not None
    assert manifest is not None
    names, level = titles(reader, package.entries), manifest.receiver.level
    if is_as_made(manifest, package.inspection.key, Content(reader.forms, package.entries, names, level)):
        return True
    ids = {incoming.id for incoming, _ in merged}
    entries = [entry for entry in package.entries if entry.id in ids]
    content = Content(reader.forms, entries, titles(reader, entries), level)
    package.workbook.seek(0)
    found = (d for d in differences(package.workbook, content) if not d.record or d.record in ids)
    return all(difference.path.endswith(TITLE) for difference in found)


def _day(at: str) -> str:
    return text.format_date(datetime.fromisoformat(at).astimezone().date())

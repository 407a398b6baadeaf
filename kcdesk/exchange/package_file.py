"""Writing a package: gather the records, lay out the sheets, sign, seal, encrypt, and write the file safely."""

from __future__ import annotations

import io
import re
import shutil
import zipfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from kcdesk import __version__, moments, placing
from kcdesk.errors import UserError
from kcdesk.exchange import package_figures
from kcdesk.exchange.cards import renewal_part
from kcdesk.exchange.container import lock, parts, province_signature, signing
from kcdesk.exchange.container.entries import RecordEntry, attachments, count_personal, write_lines
from kcdesk.exchange.container.history_statement import history_statement
from kcdesk.exchange.container.manifest import (
    FORMAT,
    Attachment,
    DeviceSessions,
    DeviceUser,
    Manifest,
    Receiver,
    Reply,
    Sender,
    write_part,
)
from kcdesk.exchange.container.paper_lines import paper_part
from kcdesk.exchange.container.summary import PART as SUMMARY
from kcdesk.exchange.package_news import summary
from kcdesk.exchange.signed_pages import Statement
from kcdesk.exchange.verification import inspect_package
from kcdesk.exchange.workbook.sheet_content import Content
from kcdesk.exchange.workbook.sheets import sheets
from kcdesk.exchange.workbook.titles import titles
from kcdesk.progress import Progress, ignore_progress
from kcdesk.runtime.frozen import Value, asdict, replace
from kcdesk.runtime.frozen import field as declared
from kcdesk.store.reader import Reader
from kcdesk.store.stored_record import StoredRecord, new_id
from kcdesk.temporary import private_files

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_TYPE = re.compile(r"C|R|B[1-9][0-9]{0,2}")
_UNSAFE_IN_NAMES = re.compile(r"[^\w.-]+")
_IN_MEMORY = 32 << 20  # bytes of a package kept in memory while it is made; a bigger one uses a temporary file


class Package(Value, kw_only=True):
    """A package written to `path`, read back and verified; `records` is the part that the sender keeps."""

    path: Path
    manifest: Manifest
    records: bytes
    ids: tuple[str, ...]  # of the records
    key: str  # the public key of the signature
    sha256: str  # of the file
    size: int  # bytes
    personal: int  # values of persons in the records
    purpose: str = ""  # what sensitive fields are sent for


class Receipt(Value, kw_only=True):
    """The answer to a package: its id, the newest stamps known of its sender's devices, a reply for each record."""

    answers: str
    acknowledged: dict[str, str]
    replies: tuple[Reply, ...]
    enclosed: tuple[Attachment, ...] = ()  # files that the store already keeps


class PackageOrder(Value, kw_only=True):
    """What a package holds, its receiver and its path.

    Sensitive fields and their files are left out unless `include_sensitive`. `base` is, by device, the newest stamp
    that the receiver has confirmed. `receipt` is the answer to a package of the receiver. `is_part`: the receiver gets
    a part of the store, so the manifest claims knowledge of these records only.
    """

    path: Path
    records: Sequence[StoredRecord]
    receiver: Receiver
    period: str
    package_type: str
    password: str = ""
    include_sensitive: bool = False
    base: Mapping[str, str] = declared(default_factory=dict)
    receipt: Receipt | None = None
    is_part: bool = False


def package_file_name(unit_code: str, period: str, package_type: str) -> str:
    """The file name of a package: `KC_TTKC-LS_2026-Q1_B1.xlsx`."""
    words = (_UNSAFE_IN_NAMES.sub("-", word).strip("-.") for word in (unit_code, period, package_type))
    return f"KC_{'_'.join(words)}.xlsx"


def type_of_number(number: int) -> str:
    """The type of the package with this number in a period: 0 is the official package "C", n is the supplement "Bn"."""
    return f"B{number}" if number else "C"


def make_package(
    order: PackageOrder, store: Reader, key: Ed25519PrivateKey, progress: Progress = ignore_progress
) -> Package:
    """Write a package to `order.path`; the store is only read, so another thread may call this.

    `progress` counts rows and may raise to stop. UserError `bad_package`; KnownError if the disk refuses, then a file
    that was at the path before is unchanged.
    """
    if not _TYPE.fullmatch(order.package_type) or not order.period.strip():
        raise UserError("Kỳ hoặc loại gói không hợp lệ.", code="bad_package", hint="Loại là C, B1, B2 …; kỳ phải có.")
    path, password = order.path, order.password
    left_out = {} if order.include_sensitive else package_figures.left_out(store, order.records)
    entries = _entries(store, order.records, left_out, key)
    made_at = moments.written_now()
    zone = moments.zone_of(made_at)
    news = summary(store, entries, order.receiver.unit, order.receiver.level)
    content = Content(store.forms, entries, titles(store, entries), order.receiver.level, zone, news)
    draft = _manifest(store, content, order, left_out, made_at)
    lines = write_lines(entries)
    with placing.explained(path), private_files.spool(_IN_MEMORY) as plain:
        attached = {file.sha256 for file in draft.attachments}
        papers = paper_part(store, order.records, attached, include_sensitive=order.include_sensitive)
        renewals = renewal_part([Statement.from_json(kept) for kept in store.setting(signing.RENEWALS, [])])
        own_parts = {parts.PAPERS: papers, SUMMARY: news.to_part(), parts.RENEWALS: renewals}
        manifest = _assemble(plain, store, draft, content, (lines, own_parts), key, progress)
        placing.refuse_full(path, plain.seek(0, io.SEEK_END))
        sha256 = placing.place(
            path,
            fill=lambda file: _fill(file, plain, password),
            verify=lambda beside: _verify(beside, password, key, manifest),
        )
    ids = tuple(entry.id for entry in entries)
    size, public = path.stat().st_size, signing.public_key(key)
    personal = count_personal(entries, store.forms)
    return Package(
        path=path,
        manifest=manifest,
        records=lines,
        ids=ids,
        key=public,
        sha256=sha256,
        size=size,
        personal=personal,
    )


def ledger_details(manifest: Manifest, key: str, file: str, sha256: str) -> dict[str, Any]:
    """The details that sender and receiver keep in their ledgers and print on the handover record."""
    sender = manifest.sender
    return {
        "file": file,
        "file_sha256": sha256,
        "counts": manifest.counts,
        "deleted": manifest.deleted,
        "totals": manifest.totals,
        "attachments": len(manifest.attachments),
        "enclosed": [asdict(file) for file in manifest.enclosed],
        "left_out": {kind: list(paths) for kind, paths in manifest.left_out.items()},
        "fingerprint": signing.fingerprint(key),
        "unit": sender.unit,
        "sender": sender.name,
        "officer": sender.officer,
        "officer_title": sender.officer_title,
        "receiver": manifest.receiver.name,
        "made_at": manifest.made_at,
        "store": sender.store,
        "device": sender.device,
        "serial": manifest.serial,
        "answers": manifest.answers,
        **({"history": asdict(manifest.history[0].tip)} if manifest.history else {}),
        "program": manifest.program,
    }


def _entries(
    store: Reader, stored: Sequence[StoredRecord], left_out: Mapping[str, tuple[str, ...]], key: Ed25519PrivateKey
) -> list[RecordEntry]:
    """The records as they are sent; the province signs its values, other units pass its vouchers on."""
    ids = [record.id for record in stored]
    seen, vouchers, waiting = store.merging.seen(ids), store.vouchers.of(ids), store.merging.with_others()
    sensitive = [r.id for r in stored if store.merging.shape(r.form).has_sensitive and r.kind not in left_out]
    private = store.merging.private(sensitive)
    order = {kind: place for place, kind in enumerate(store.forms.kinds)}
    entries = [
        RecordEntry.of(
            record,
            left_out.get(record.kind, ()),
            seen.get(record.id),
            store.merging.others(record.seq) if record.seq in waiting else None,
            private.get(record.id),
            vouchers[record.id].to_json() if record.id in vouchers else None,
        )
        for record in sorted(stored, key=lambda record: order[record.kind])  # in the order of the sheets
    ]
    if not _signs_decisions(store):
        return entries
    devices = {device.id for device in store.partners.devices() if store.forms.levels.decides(device.level)}
    devices.add(store.identity.device_id)
    return [province_signature.signed(entry, store.merging.shape(entry.form), key, devices) for entry in entries]


def _signs_decisions(store: Reader) -> bool:
    """Whether fields of the forms belong to this office's level and it decides; others pass vouchers on as they are."""
    level = store.identity.unit.level
    is_owner = any(field.owner == level for form in store.forms.all for field in form.fields)
    return store.forms.levels.decides(level) and is_owner


def _assemble(
    plain: BinaryIO,
    store: Reader,
    draft: Manifest,
    content: Content,
    own_parts: tuple[bytes, Mapping[str, bytes]],  # records, other parts by name
    key: Ed25519PrivateKey,
    progress: Progress,
) -> Manifest:
    """Write the sealed workbook into `plain`; returns its manifest with the hashes of all parts."""
    from kcdesk.exchange.workbook.writer import write_workbook  # openpyxl takes 150 ms

    made = draft

    def manifest_part(hashes: dict[str, str]) -> bytes:
        nonlocal made
        made = replace(draft, parts=hashes)
        return write_part(made, key)

    with private_files.spool(_IN_MEMORY) as workbook:
        write_workbook(workbook, draft, signing.public_key(key), content, sheets(content), progress)
        with zipfile.ZipFile(workbook) as archive:
            lines, others = own_parts
            parts.assemble(plain, archive, lines, _attached(store, draft), manifest_part, others)
    parts.seal(plain, key)
    return made


def _attached(store: Reader, manifest: Manifest) -> Iterator[tuple[str, bytes]]:
    """Yield the attached files one by one, so that only one of them is in memory."""
    wanted = dict.fromkeys(file.sha256 for file in (*manifest.attachments, *manifest.enclosed))
    return ((sha256, store.files.read(sha256)) for sha256 in wanted)


def _fill(file: BinaryIO, plain: BinaryIO, password: str) -> None:
    plain.seek(0)
    if password:
        lock.lock(plain, password, file)
    else:
        shutil.copyfileobj(plain, file)


def _verify(path: Path, password: str, key: Ed25519PrivateKey, manifest: Manifest) -> None:
    """Check the written file as the receiver's program will; KnownError if it is not authentic."""
    known = {signing.public_key(key): manifest.sender.unit}
    inspection = inspect_package(path, password, known, made=manifest)
    if inspection.status != "authentic" or inspection.manifest != manifest:
        raise placing.unverified(path)


def _manifest(
    store: Reader, content: Content, order: PackageOrder, left_out: Mapping[str, tuple[str, ...]], made_at: str
) -> Manifest:
    """The manifest of the package, without the hashes of its parts, which are added when they are written."""
    identity, receiver, receipt = store.identity, order.receiver, order.receipt
    seen = _seen(content.entries)
    last = store.packages.last_sent(receiver.unit)
    living = [entry for entry in content.entries if not entry.deleted]
    gone = [entry for entry in content.entries if entry.deleted]
    forms = {entry.form: content.form(entry) for entry in content.entries}
    return Manifest(
        format=FORMAT,
        package=new_id(),
        previous=last.id if last else "",
        serial=store.packages.next_serial(receiver.unit, identity.device_id),
        type=order.package_type,
        period=order.period.strip(),
        made_at=made_at,
        program=f"kcdesk {__version__}",
        practice=identity.practice,
        sender=Sender(
            unit=identity.unit.code,
            name=identity.unit.name,
            level=identity.unit.level,
            province=identity.unit.province,
            store=identity.store_id,
            device=identity.device_id,
            officer=identity.officer.name,
            officer_title=identity.officer.title,
        ),
        receiver=receiver,
        base=dict(order.base),
        vector=seen if order.is_part else store.vector(),
        devices=_device_users(store, seen),
        answers=receipt.answers if receipt else "",
        acknowledged=receipt.acknowledged if receipt else {},
        replies=receipt.replies if receipt else (),
        forms=tuple(sorted(forms)),
        counts=package_figures.counts(content, living),
        deleted=package_figures.counts(content, gone),
        totals=package_figures.totals(content, living),
        left_out=dict(left_out),
        attachments=attachments(content.entries, forms),
        enclosed=receipt.enclosed if receipt else (),
        parts={},
        history=(history_statement(store, receiver.unit),),
        lineages=_lineages(store, {*seen, *(receipt.acknowledged if receipt else ())}),
    )


def _lineages(store: Reader, seen: Collection[str]) -> dict[str, DeviceSessions]:
    """The sessions of this device and of the devices that have written to the records."""
    named = {*seen, store.identity.device_id}
    return {
        name: DeviceSessions(base=lineage.base, sessions=lineage.sessions)
        for name, lineage in store.lineages().items()
        if name in named and lineage.sessions
    }


def _seen(entries: Iterable[RecordEntry]) -> dict[str, str]:
    """The newest stamp of each device that the records have seen."""
    newest: dict[str, str] = {}
    for entry in entries:
        for device, stamp in entry.seen.items():
            newest[device] = max(stamp, newest.get(device, ""))
    return newest


def _device_users(store: Reader, seen: Collection[str]) -> dict[str, DeviceUser]:
    """The users of the devices that have written to the records, and of this device."""
    identity = store.identity
    own = DeviceUser(unit=identity.unit.code, name=identity.unit.name, officer=identity.officer.name)
    known = {
        device.id: DeviceUser(unit=device.unit, name=device.name, officer=device.officer)
        for device in store.partners.devices()
        if device.id in seen
    }
    return known | {identity.device_id: own}

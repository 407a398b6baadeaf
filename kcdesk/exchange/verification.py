"""Judging a file that claims to be a package, before anything in it is believed.

Tests, in this order; the first that fails decides:

1. An encrypted container: damaged itself → **damaged**; no password or a wrong one → **locked**.
2. The zip opens within the limits, and every part passes its checksum (CRC) → else **damaged** when the file shows a
   zip's or our marks, **foreign** when not. A flipped byte inside a part ends here.
3. A signed manifest, found by its namespace. Its format is newer than ours → **newer**; its signature does not hold →
   **damaged**. No manifest: our id in the document properties of a workbook → **edited** (LibreOffice drops the
   custom parts), else **foreign**.
4. Each part against the manifest's hashes. A part of our own folder that is there but differs → **damaged**: no
   program rewrites those. Any other part changed, added or gone → **edited**: that is what saving does, with Excel,
   with LibreOffice or with a zip program.
5. Every part equal but the seal over the whole file broken → **damaged**: a byte flipped where no checksum looks
   (times and flags in the zip's headers). Equal and no seal at all → **edited**: packed again, content untouched.
6. The records count what the manifest says, the attachments are there → else **damaged**.
7. The key is known for that unit → **authentic**, else **unknown_sender**.

So one changed cell saved by any program ends at 3 or 4, one flipped byte at 1, 2, 3 or 5.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Literal, cast

from kcdesk.errors import KnownError, UserError
from kcdesk.exchange.container import lock, parts
from kcdesk.exchange.container.entries import Entry, EntryError, read_lines
from kcdesk.exchange.container.manifest import (
    FORMAT,
    NAMESPACE,
    Manifest,
    ManifestError,
    NewerFormatError,
    SignedManifest,
    read_part,
)
from kcdesk.exchange.container.properties import read_properties
from kcdesk.exchange.container.safe_zip import MAX_FILE_SIZE, BrokenArchiveError, SafeArchive, UnsafeArchiveError

if TYPE_CHECKING:
    from lxml import etree

Status = Literal["authentic", "unknown_sender", "edited", "damaged", "foreign", "newer", "locked"]

_IN_MEMORY = 32 << 20  # bytes of an unlocked package; a bigger one goes to a nameless temporary file
ROWS = ("new", "changed", "same", "conflict", "refused")


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What a file is; `manifest` and `key` are there once a signature has held, `rows` is filled by taking in."""

    status: Status
    package: str = ""
    manifest: Manifest | None = None
    key: str = ""
    rows: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(ROWS, 0))
    problems: tuple[str, ...] = ()

    @property
    def type(self) -> str:
        """`C`, `B1` …, empty when no manifest could be read."""
        return self.manifest.type if self.manifest else ""

    @property
    def period(self) -> str:
        """The period, empty when no manifest could be read."""
        return self.manifest.period if self.manifest else ""

    @property
    def sender(self) -> str:
        """The code of the unit that the package names as its sender."""
        return self.manifest.sender.unit if self.manifest else ""

    @property
    def counts(self) -> Mapping[str, int]:
        """Records by kind."""
        return self.manifest.counts if self.manifest else {}


SENTENCES: Mapping[Status, str] = {
    "authentic": "Gói nguyên vẹn, do đúng đơn vị đã biết lập.",
    "unknown_sender": "Gói nguyên vẹn nhưng khoá ký chưa được xác nhận; hãy gọi điện đối chiếu dấu khoá ký.",
    "edited": "Gói đã được lưu lại bằng chương trình khác sau khi lập.",
    "damaged": "Tệp bị hỏng; hãy sao chép lại hoặc xin nơi gửi gói khác.",
    "foreign": "Tệp này không phải gói bàn giao của chương trình.",
    "newer": "Gói được lập bằng phiên bản mới hơn; hãy cập nhật chương trình.",
    "locked": "Gói có mật khẩu; hãy nhập đúng mật khẩu.",
}


UNSAFE = "Tệp vượt giới hạn an toàn (quá lớn, quá nhiều phần, nén bất thường hoặc khai báo thực thể XML)."


class _Verdict(Exception):  # noqa: N818 - an early answer, not an error
    def __init__(self, status: Status, problem: str = "", package: str = "") -> None:
        super().__init__(status)
        self.inspection = Inspection(status=status, package=package, problems=(problem or SENTENCES[status],))


def inspect(
    path: Path, password: str = "", known_keys: Mapping[str, str] | None = None, made: Manifest | None = None
) -> Inspection:
    """What the file is; `known_keys` gives the unit code of each trusted public key, our own among them.

    Of a package that carries the manifest just `made` the hashes tell that its records are those that were written.

    UserError when there is no such file, KnownError when it cannot be read; never anything else, whatever is in it.
    """
    with _open(path) as file:
        return inspect_file(file, password, known_keys or {}, made)


@dataclass(frozen=True)
class Opened:
    """A package that is open: what it is and, where it could be read at all, what is in it."""

    inspection: Inspection
    archive: SafeArchive | None = None
    workbook: BinaryIO | None = None
    entries: tuple[Entry, ...] = ()  # of a package that is whole

    def attachment(self, sha256: str) -> bytes:
        """The content of one attached file."""
        assert self.archive is not None
        return self.archive.read(parts.attachment_part(sha256))


@contextmanager
def opened(path: Path, password: str, known_keys: Mapping[str, str]) -> Iterator[Opened]:
    """The package while it is open; errors as of `inspect`."""
    with _open(path) as file, ExitStack() as stack:
        try:
            archive, plain = stack.enter_context(open_archive(file, password))
        except _Verdict as verdict:
            found = Opened(verdict.inspection)
        else:
            found = _looked_into(archive, plain, known_keys)
        yield found


def _looked_into(archive: SafeArchive, plain: BinaryIO, known_keys: Mapping[str, str]) -> Opened:
    """An edited workbook is still there to be read; of a damaged one nothing is believed."""
    entries: list[Entry] = []
    try:
        return Opened(_judge(archive, plain, known_keys, entries), archive, plain, tuple(entries))
    except _Verdict as verdict:
        is_edited = verdict.inspection.status == "edited"
        return Opened(verdict.inspection, archive if is_edited else None, plain if is_edited else None)
    except BrokenArchiveError:
        return Opened(_Verdict("damaged").inspection)
    except UnsafeArchiveError:
        return Opened(_Verdict("damaged", UNSAFE).inspection)


@contextmanager
def workbook_in(path: Path, password: str) -> Iterator[BinaryIO | None]:
    """The plain workbook in a file that is no package, opened as safely; None when there is none.

    UserError `locked` for a wrong password, and the errors of `inspect`.
    """
    with _open(path) as file, ExitStack() as stack:
        plain: BinaryIO | None = None
        try:
            archive, plain = stack.enter_context(open_archive(file, password))
            archive.digests()  # each part is whole and declares no entities
            plain = plain if "xl/workbook.xml" in archive else None
        except (BrokenArchiveError, UnsafeArchiveError):
            plain = None
        except _Verdict as verdict:
            if verdict.inspection.status == "locked":
                raise UserError(SENTENCES["locked"], code="locked") from None
        if plain:
            plain.seek(0)
        yield plain


def inspect_file(
    file: BinaryIO, password: str, known_keys: Mapping[str, str], made: Manifest | None = None
) -> Inspection:
    """The same for a file that is already open."""
    try:
        with open_archive(file, password) as (archive, plain):
            return _judge(archive, plain, known_keys, made=made)
    except _Verdict as verdict:
        return verdict.inspection


@contextmanager
def open_archive(file: BinaryIO, password: str) -> Iterator[tuple[SafeArchive, BinaryIO]]:
    """The zip inside, unlocked where needed, and its bytes."""
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as spool:
        plain = _unlocked(file, password, cast(BinaryIO, spool))
        try:
            with SafeArchive(plain) as archive:
                yield archive, plain
        except BrokenArchiveError:
            raise _Verdict("damaged" if _was_zip(plain) else "foreign") from None
        except UnsafeArchiveError:
            raise _Verdict("damaged" if _has_mark(plain) else "foreign", UNSAFE) from None


def _judge(
    archive: SafeArchive,
    file: BinaryIO,
    known_keys: Mapping[str, str],
    entries: list[Entry] | None = None,
    made: Manifest | None = None,
) -> Inspection:
    """The verdict; the records of a whole package are put into `entries`, which are read anyway."""
    hashes = archive.digests(keep=parts.RECORDS)
    name, signed = _manifest(archive)
    manifest = signed.manifest
    changed = {part for part in hashes.keys() | manifest.parts.keys() if hashes.get(part) != manifest.parts.get(part)}
    changed.discard(name)
    seal = parts.read_seal(file, archive.infos[name], signed.key)
    if any(part.startswith(parts.OWN_FOLDER) and part in hashes for part in changed):
        return _found("damaged", signed, "Phần dữ liệu bên trong gói không khớp với chữ ký.")
    if changed or not seal.present:
        return _found("edited", signed, _edited(changed))
    if not seal.holds:
        return _found("damaged", signed)
    if manifest != made and not _consistent(manifest, archive, entries if entries is not None else []):
        return _found("damaged", signed, "Số hồ sơ hoặc tệp đính kèm không khớp với bản kê của gói.")
    if known_keys.get(signed.key) != manifest.sender.unit:
        return _found("unknown_sender", signed)
    return _found("authentic", signed)


def _found(status: Status, signed: SignedManifest, problem: str = "") -> Inspection:
    problems = () if status == "authentic" else (problem or SENTENCES[status],)
    return Inspection(
        status=status,
        package=signed.manifest.package,
        manifest=signed.manifest,
        key=signed.key,
        problems=problems,
    )


def _edited(changed: set[str]) -> str:
    if changed:
        return SENTENCES["edited"]
    return "Gói đã được đóng gói lại bằng chương trình khác; nội dung không đổi."


def _manifest(archive: SafeArchive) -> tuple[str, SignedManifest]:
    """The signed manifest and the name of its part; Excel may have given it another number."""
    for name in archive.infos:
        if name.startswith("customXml/item") and name.endswith(".xml"):
            root = archive.xml(name)
            if root.tag == f"{{{NAMESPACE}}}package":
                return name, _signed(root)
    raise _without_manifest(archive)


def _signed(root: etree._Element) -> SignedManifest:
    try:
        return read_part(root)
    except NewerFormatError:
        raise _Verdict("newer") from None
    except ManifestError:
        raise _Verdict("damaged", "Chữ ký của gói không đúng với nội dung.") from None


def _without_manifest(archive: SafeArchive) -> _Verdict:
    if "xl/workbook.xml" not in archive:
        return _Verdict("foreign")
    package, version = read_properties(archive)
    if not package:
        return _Verdict("foreign")
    return _Verdict("newer" if version > FORMAT else "edited", package=package)


def _consistent(manifest: Manifest, archive: SafeArchive, entries: list[Entry]) -> bool:
    try:
        entries.extend(read_records(archive))
    except EntryError:
        return False
    counts = Counter(entry.kind for entry in entries if not entry.deleted)
    gone = Counter(entry.kind for entry in entries if entry.deleted)
    attached = all(
        manifest.parts.get(parts.attachment_part(file.sha256)) == file.sha256
        for file in (*manifest.attachments, *manifest.enclosed)
    )
    return counts == Counter(manifest.counts) and gone == Counter(manifest.deleted) and attached


def read_records(archive: SafeArchive) -> Iterator[Entry]:
    """The records of a package whose hashes have been compared; EntryError when a line is no record."""
    return read_lines(archive.read(parts.RECORDS)) if parts.RECORDS in archive else iter(())


def _unlocked(file: BinaryIO, password: str, plain: BinaryIO) -> BinaryIO:
    """The zip inside: the file itself, or `plain` when it had to be unlocked."""
    head = file.read(4)
    file.seek(0)
    if head == b"PK\3\4" or not lock.is_container(file):
        return file
    try:
        lock.unlock(file, password, plain)
    except lock.LockedError:
        raise _Verdict("locked") from None
    except lock.BrokenLockError:
        raise _Verdict("damaged") from None
    except lock.NotLockedError:
        raise _Verdict("foreign") from None
    return plain


def _was_zip(file: BinaryIO) -> bool:
    file.seek(0)
    return file.read(4) == b"PK\3\4" or _has_mark(file)


def _has_mark(file: BinaryIO) -> bool:
    """Whether the name of our own part stands anywhere in the bytes."""
    file.seek(0)
    return parts.RECORDS.encode() in file.read()


@contextmanager
def _open(path: Path) -> Iterator[BinaryIO]:
    try:
        with path.open("rb") as file:
            if path.stat().st_size > MAX_FILE_SIZE:
                raise UserError(f"Tệp {path.name} lớn quá mức cho phép (1 GB).", code="too_large")
            yield file
    except (FileNotFoundError, IsADirectoryError):
        raise UserError(f"Không có tệp {path}.", code="no_file", hint="Hãy chọn lại tệp.") from None
    except OSError:
        raise KnownError(
            f"Không đọc được tệp {path.name}.", code="read_failed", hint="Hãy cắm lại thẻ nhớ rồi thử lại."
        ) from None

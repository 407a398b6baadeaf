"""Verification of a file that claims to be a package, before any of its data are used.

The tests, in this order; the first test that fails decides the status:

1. Encrypted container: damaged → **damaged**; password missing or wrong → **locked**.
2. The zip opens within the limits, and every part has the right checksum (CRC). If not: **damaged** if the file has the
   marks of a zip or of a package, else **foreign**, with what the file is if that can be seen. A changed byte inside
   a part is detected here.
3. There is a signed manifest, identified by its namespace. Newer format than ours → **newer**; wrong signature →
   **damaged**. No manifest: **edited** if the document properties hold our package id (LibreOffice drops custom
   parts), or if the cover shows it (Google Sheets and the libraries of other programs drop the properties too), else
   **foreign**.
4. Each part has the hash in the manifest. A changed part of our own folder → **damaged**: no program rewrites those.
   Any other part changed, added or missing → **edited**: saving does this in Excel, LibreOffice or a zip program.
5. All parts are equal, but the seal over the whole file is wrong → **damaged**: a byte was changed that no checksum
   covers (times and flags in the headers of the zip). All equal and no seal → **edited**: packed again, same content.
6. Number of records and attachments are as in the manifest, else **damaged**.
7. The key is known for the unit of the sender → **authentic**, else **unknown_sender**.

So a changed cell saved by any program fails test 3 or 4, and a changed byte fails test 1, 2, 3 or 5.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Literal

from kcdesk import given_files
from kcdesk.errors import KnownError, UserError
from kcdesk.exchange.container import lock, parts
from kcdesk.exchange.container.bounded_lock import UnsafeLockError
from kcdesk.exchange.container.entries import EntryError, RecordEntry, read_lines
from kcdesk.exchange.container.file_formats import FileFormat, other_format, own_book
from kcdesk.exchange.container.manifest import (
    FORMAT,
    NAMESPACE,
    Manifest,
    ManifestError,
    NewerFormatError,
    SignedManifest,
    read_part,
)
from kcdesk.exchange.container.parts import custom_parts
from kcdesk.exchange.container.properties import read_properties
from kcdesk.exchange.container.safe_zip import MAX_FILE_SIZE, BrokenArchiveError, SafeArchive, UnsafeArchiveError
from kcdesk.exchange.container.summary import PART as SUMMARY
from kcdesk.exchange.container.summary import PackageSummary, read_summary
from kcdesk.exchange.workbook.page_lines import PACKAGES
from kcdesk.runtime.frozen import Value, field
from kcdesk.temporary import private_files

if TYPE_CHECKING:
    from lxml import etree

Status = Literal["authentic", "unknown_sender", "edited", "damaged", "foreign", "newer", "locked"]

_IN_MEMORY = 32 << 20  # bytes of a decrypted package kept in memory; a bigger one uses a temporary file
ROWS = ("new", "changed", "same", "conflict", "refused")


class Inspection(Value, kw_only=True):
    """The result of the verification; `manifest` and `key` are set if the signature is valid, `rows` by receiving.

    `cover` is what the cover of an edited package without a manifest says, by machine name: nothing of it is proved.
    `other` is what a foreign file is, if that can be seen.
    """

    status: Status
    package: str = ""
    manifest: Manifest | None = None
    key: str = ""
    rows: Mapping[str, int] = field(default_factory=lambda: dict.fromkeys(ROWS, 0))
    problems: tuple[str, ...] = ()
    cover: Mapping[str, str] = field(default_factory=dict)
    other: FileFormat | None = None

    @property
    def type(self) -> str:
        """The package type (`C`, `B1` …); "" without a manifest."""
        return self.manifest.type if self.manifest else ""

    @property
    def period(self) -> str:
        """The period; without a manifest that on the cover, "" without a cover."""
        return self.manifest.period if self.manifest else self.cover.get("period", "")

    @property
    def sender_name(self) -> str:
        """The name of the sender's unit; without a manifest name and code on the cover, "" without a cover."""
        return self.manifest.sender.name if self.manifest else self.cover.get("sender", "")

    @property
    def sender(self) -> str:
        """The code of the sender's unit in the manifest; "" without a manifest."""
        return self.manifest.sender.unit if self.manifest else ""

    @property
    def counts(self) -> Mapping[str, int]:
        """The number of records by kind; {} without a manifest."""
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


class _Verdict(Exception):  # noqa: N818 - ends the tests early, not an error
    def __init__(self, status: Status, problem: str = "", **more: Any) -> None:
        super().__init__(status)
        self.inspection = Inspection(status=status, problems=(problem or SENTENCES[status],), **more)


def inspect_package(
    path: Path, password: str = "", known_keys: Mapping[str, str] | None = None, made: Manifest | None = None
) -> Inspection:
    """Verify a file; `known_keys` maps trusted public keys, our own among them, to unit codes.

    `made` is the manifest of a package just written: if the file has the same one, its hashes prove the records and
    they are not read again.

    UserError `no_file`, `too_large`; KnownError `read_failed`. No content of the file raises another error.
    """
    with _open(path) as file:
        return inspect_file(file, password, known_keys or {}, made)


class OpenedPackage(Value):
    """An open package: its inspection and, if it can be read, its content."""

    inspection: Inspection
    archive: SafeArchive | None = None
    workbook: BinaryIO | None = None
    entries: tuple[RecordEntry, ...] = ()  # only of a complete package

    def attachment(self, sha256: str) -> bytes:
        """The content of one attached file."""
        assert self.archive is not None
        return self.archive.read(parts.attachment_part(sha256))

    def summary(self) -> PackageSummary:
        """What the pages for people say of earlier packages and payments."""
        assert self.archive is not None
        return read_summary(self.archive.read(SUMMARY) if SUMMARY in self.archive else b"")

    def renewals(self) -> bytes:
        """The part with the renewals of the maker's key; b"" if the package has none."""
        assert self.archive is not None
        return self.archive.read(parts.RENEWALS) if parts.RENEWALS in self.archive else b""

    def papers(self) -> bytes:
        """The part with the papers of locked records; b"" if the package has none."""
        assert self.archive is not None
        return self.archive.read(parts.PAPERS) if parts.PAPERS in self.archive else b""


@contextmanager
def opened_package(path: Path, password: str, known_keys: Mapping[str, str]) -> Iterator[OpenedPackage]:
    """Open and verify a package for the `with` block; errors as for `inspect_package`."""
    with _open(path) as file, ExitStack() as stack:
        try:
            archive, plain = stack.enter_context(open_archive(file, password))
        except _Verdict as verdict:
            package = OpenedPackage(verdict.inspection)
        else:
            package = _verified(archive, plain, known_keys)
        yield package


def _verified(archive: SafeArchive, plain: BinaryIO, known_keys: Mapping[str, str]) -> OpenedPackage:
    """Verify an open archive; an edited workbook stays readable, a damaged one does not."""
    entries: list[RecordEntry] = []
    try:
        return OpenedPackage(_judge(archive, plain, known_keys, entries), archive, plain, tuple(entries))
    except _Verdict as verdict:
        is_edited = verdict.inspection.status == "edited"
        return OpenedPackage(verdict.inspection, archive if is_edited else None, plain if is_edited else None)
    except BrokenArchiveError:
        return OpenedPackage(_Verdict("damaged").inspection)
    except UnsafeArchiveError:
        return OpenedPackage(_Verdict("damaged", UNSAFE).inspection)


@contextmanager
def workbook_in(path: Path, password: str) -> Iterator[BinaryIO | None]:
    """Open a workbook that is not a package, with the same safety checks; yields None if the file is no workbook.

    UserError `locked` for a wrong password, and the errors of `inspect_package`.
    """
    with _open(path) as file, ExitStack() as stack:
        plain: BinaryIO | None = None
        try:
            archive, plain = stack.enter_context(open_archive(file, password))
            archive.digests()  # checks that each part is complete and declares no entities
            plain = plain if _is_workbook(archive) else None
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
    """As `inspect_package`, for an open file."""
    try:
        with open_archive(file, password) as (archive, plain):
            return _judge(archive, plain, known_keys, made=made)
    except _Verdict as verdict:
        return verdict.inspection


@contextmanager
def open_archive(file: BinaryIO, password: str) -> Iterator[tuple[SafeArchive, BinaryIO]]:
    """Open the zip in a file, decrypted if necessary; yields it and its bytes."""
    with private_files.spool(_IN_MEMORY) as spool:
        plain = _unlocked(file, password, spool)
        try:
            with SafeArchive(plain) as archive:
                yield archive, plain
        except BrokenArchiveError:
            raise _Verdict("damaged") if _was_zip(plain) else _foreign(plain) from None
        except UnsafeArchiveError:
            raise _Verdict("damaged" if _has_mark(plain) else "foreign", UNSAFE) from None


def _judge(
    archive: SafeArchive,
    file: BinaryIO,
    known_keys: Mapping[str, str],
    entries: list[RecordEntry] | None = None,
    made: Manifest | None = None,
) -> Inspection:
    """Tests 3 to 7; the records of a complete package are appended to `entries`."""
    hashes = archive.digests(keep=parts.RECORDS)
    name, signed = _manifest(archive, file)
    manifest = signed.manifest
    changed = {part for part in hashes.keys() | manifest.parts.keys() if hashes.get(part) != manifest.parts.get(part)}
    changed.discard(name)
    seal = parts.read_seal(file, archive.infos[name], signed.key)
    if any(part.startswith(parts.OWN_FOLDER) and part in hashes for part in changed):
        return _inspection("damaged", signed, "Phần dữ liệu bên trong gói không khớp với chữ ký.")
    if changed or not seal.present:
        return _inspection("edited", signed, _edited_sentence(changed))
    if not seal.valid:
        return _inspection("damaged", signed)
    if manifest != made and not _consistent(manifest, archive, entries if entries is not None else []):
        return _inspection("damaged", signed, "Số hồ sơ hoặc tệp đính kèm không khớp với bản kê của gói.")
    if known_keys.get(signed.key) != manifest.sender.unit:
        return _inspection("unknown_sender", signed)
    return _inspection("authentic", signed)


def _inspection(status: Status, signed: SignedManifest, problem: str = "") -> Inspection:
    problems = () if status == "authentic" else (problem or SENTENCES[status],)
    return Inspection(
        status=status,
        package=signed.manifest.package,
        manifest=signed.manifest,
        key=signed.key,
        problems=problems,
    )


def _edited_sentence(changed: set[str]) -> str:
    if changed:
        return SENTENCES["edited"]
    return "Gói đã được đóng gói lại bằng chương trình khác; nội dung không đổi."


def _manifest(archive: SafeArchive, file: BinaryIO) -> tuple[str, SignedManifest]:
    """The name of the part with the manifest (Excel may have given it another number), and the manifest."""
    for name in custom_parts(archive):
        root = archive.xml(name)
        if root.tag == f"{{{NAMESPACE}}}package":
            return name, _signed(root)
    raise _without_manifest(archive, file)


def _signed(root: etree._Element) -> SignedManifest:
    try:
        return read_part(root)
    except NewerFormatError:
        raise _Verdict("newer") from None
    except ManifestError:
        raise _Verdict("damaged", "Chữ ký của gói không đúng với nội dung.") from None


def _without_manifest(archive: SafeArchive, file: BinaryIO) -> _Verdict:
    """What a zip without a manifest is, by the properties of the document, or else by the code on its cover."""
    from kcdesk.exchange.workbook.returned_cover import read_cover  # openpyxl takes 150 ms

    package, version = read_properties(archive)
    if version > FORMAT:
        return _Verdict("newer", package=package)
    cover = read_cover(archive)
    if cover is not None and cover.kind in PACKAGES and (package or cover.package):
        return _Verdict("edited", package=package or cover.package, cover=cover.values)
    if package:
        return _Verdict("edited", package=package)
    other = own_book(cover.kind, is_signed=bool(custom_parts(archive))) if cover else None
    return _Verdict("foreign", other=other) if other else _foreign(file)


def _is_workbook(archive: SafeArchive) -> bool:
    from kcdesk.exchange.workbook.book_parts import BookParts, NotWorkbookError  # openpyxl takes 150 ms

    try:
        BookParts(archive)
    except NotWorkbookError:
        return False
    return True


def _foreign(file: BinaryIO) -> _Verdict:
    """The verdict on a file that is no package, with what it is if that can be seen."""
    return _Verdict("foreign", other=other_format(file))


def _consistent(manifest: Manifest, archive: SafeArchive, entries: list[RecordEntry]) -> bool:
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


def read_records(archive: SafeArchive) -> Iterator[RecordEntry]:
    """The records of a package with verified hashes; EntryError if a line is no record."""
    return read_lines(archive.read(parts.RECORDS)) if parts.RECORDS in archive else iter(())


def _unlocked(file: BinaryIO, password: str, plain: BinaryIO) -> BinaryIO:
    """The file with the zip: `file` itself, or `plain` with the decrypted content."""
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
    except UnsafeLockError:
        raise _Verdict("damaged", UNSAFE) from None
    except lock.NotLockedError:
        raise _foreign(file) from None
    return plain


def _was_zip(file: BinaryIO) -> bool:
    file.seek(0)
    return file.read(4) == b"PK\3\4" or _has_mark(file)


def _has_mark(file: BinaryIO) -> bool:
    """Whether the bytes contain the name of our own part, at the beginning or in the directory at the end."""
    return lock.is_at_ends(file, parts.RECORDS.encode())


@contextmanager
def _open(path: Path) -> Iterator[BinaryIO]:
    given_files.refuse_odd_file(path)
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

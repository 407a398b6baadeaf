"""An update of the program: a zip with `update.json`, its signature of minisign, and the files of the new version.

    update.json           {"format": 1, "product": "kcdesk", "system", "version", "released", "notes", "files"}
    update.json.minisig   over the bytes of update.json
    files/NAME            as named in "files": {NAME: {"sha256", "size"}}

`system` is `system_name()`; `notes` are sentences in Vietnamese. Names lie in the folder of the version or are those of
the two programs. Nothing is written before the signature and the list of files are right.
"""

from __future__ import annotations

import hashlib
import platform
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

from kcdesk import paths
from kcdesk.bounded import limits
from kcdesk.bounded.json_text import parsed
from kcdesk.errors import UserError
from kcdesk.exchange.container.safe_zip import BrokenArchiveError, SafeArchive, UnsafeArchiveError
from kcdesk.exchange.updates import minisign
from kcdesk.exchange.updates.minisign import PublicKey
from kcdesk.progress import Progress, ignore_progress
from kcdesk.runtime.frozen import Value

FORMAT = 1
_PRODUCT = "kcdesk"
_MANIFEST, _SIGNATURE, _FILES = "update.json", "update.json.minisig", "files/"
_LARGEST_MANIFEST, _LARGEST_SIGNATURE = 8 << 20, 4 << 10  # bytes
_VERSION = re.compile(r"\d{1,4}(\.\d{1,4}){1,3}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_PROGRAM = re.compile(r"kcdesk(-cli)?(\.exe)?")
_PART = re.compile(r"[^\\/:*?\"<>|\x00-\x1f]*[^\\/:*?\"<>|\x00-\x1f. ]")  # of a name that Windows takes as it is
_SYSTEMS = {"win32": "windows", "darwin": "macos"}
_ASK = "Hãy xin lại tệp cập nhật từ nơi phát hành; chương trình đang dùng không đổi."


class UpdatedFile(Value):
    """A file of the new version."""

    sha256: str
    size: int  # bytes


class UpdateManifest(Value, kw_only=True):
    """What is said of an update; its signature was checked."""

    version: str
    system: str
    released: date
    notes: tuple[str, ...]
    files: dict[str, UpdatedFile]

    @property
    def folder(self) -> str:
        """The folder of this version."""
        return version_folder(self.version)

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files.values())


def version_folder(version: str) -> str:
    """The name of the folder in which all of a version lies, besides its two programs."""
    return f"{_PRODUCT}-{version}"


def numbers(version: str) -> tuple[int, ...]:
    """The numbers of a version, to be compared; trailing zeros count nothing."""
    counted = [int(number) for number in re.findall(r"\d+", version)]
    while counted and not counted[-1]:
        counted.pop()
    return tuple(counted)


def system_name() -> str:
    """This system as an update names it: windows-x86_64, linux-x86_64, macos-arm64."""
    machine = platform.machine().lower()
    return f"{_SYSTEMS.get(sys.platform, sys.platform)}-{ {'amd64': 'x86_64'}.get(machine, machine) }"


def shipped_keys() -> list[PublicKey]:
    """The keys whose updates this program takes, from resources/updates/."""
    return [minisign.public_key(file.read_text("utf-8")) for file in sorted(_keys_folder().glob("*.pub"))]


def _keys_folder() -> Path:
    return paths.resources() / "updates"


class OpenedUpdate:
    """An update whose signature, product and list of files are right; its files are read as they are written."""

    def __init__(self, archive: SafeArchive, manifest: UpdateManifest) -> None:
        self._archive, self.manifest = archive, manifest

    def write(self, folder: Path, progress: Progress = ignore_progress) -> None:
        """Write all files below `folder`; UserError `broken_update` for one that is not as signed, OSError."""
        for number, (name, file) in enumerate(self.manifest.files.items()):
            progress(number, len(self.manifest.files), "Đang giải nén bản mới")
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            self._write_file(name, file, target)

    def _write_file(self, name: str, file: UpdatedFile, target: Path) -> None:
        hashed, size = hashlib.sha256(), 0
        with target.open("wb") as written, _explained():
            for piece in self._archive.pieces(_FILES + name):
                size += len(piece)
                if size > file.size:
                    break
                hashed.update(piece)
                written.write(piece)
        if size != file.size or hashed.hexdigest() != file.sha256:
            raise _broken("có tệp bên trong khác với danh sách đã ký")


@contextmanager
def opened_update(path: Path, keys: Sequence[PublicKey]) -> Iterator[OpenedUpdate]:
    """Open an update and check it; UserError `no_update`, `broken_update`, `unknown_publisher`, `other_product`."""
    limits.UPDATE.refuse_size(path)
    with path.open("rb") as file, _explained(), _archive_of(file) as archive:
        yield OpenedUpdate(archive, _checked(archive, keys))


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except BrokenArchiveError as error:
        raise _broken("bị hỏng hoặc chép chưa hết") from error
    except UnsafeArchiveError as error:
        raise _broken("lớn bất thường khi giải nén") from error


def _archive_of(file: BinaryIO) -> SafeArchive:
    try:
        return SafeArchive(file)
    except BrokenArchiveError as error:
        raise _no_update() from error


def _checked(archive: SafeArchive, keys: Sequence[PublicKey]) -> UpdateManifest:
    """The manifest of an archive, once its signature and its list of files are right."""
    content = _signed_content(archive, keys)
    try:
        values = parsed(content)
        if type(values) is not dict or values["product"] != _PRODUCT:
            raise UserError("Tệp này cập nhật một chương trình khác.", code="other_product", hint=_ASK)
        if values["format"] != FORMAT:
            raise UserError(
                "Tệp cập nhật này theo mẫu mà bản đang dùng chưa đọc được.",
                code="newer_update",
                hint="Hãy cài bản mới bằng bộ cài (setup); hồ sơ được giữ nguyên.",
            )
        manifest = _manifest(values)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _broken("có phần mô tả không đúng mẫu") from error
    expected = {_MANIFEST, _SIGNATURE, *(_FILES + name for name in manifest.files)}
    if {name for name in archive.infos if not name.endswith("/")} != expected:
        raise _broken("có tệp thiếu hoặc thừa so với danh sách đã ký")
    return manifest


def _signed_content(archive: SafeArchive, keys: Sequence[PublicKey]) -> bytes:
    """The bytes of the manifest, once one of the keys has signed them."""
    for name, largest in ((_MANIFEST, _LARGEST_MANIFEST), (_SIGNATURE, _LARGEST_SIGNATURE)):
        if name not in archive or archive.infos[name].file_size > largest:
            raise _no_update()
    content = archive.read(_MANIFEST)
    try:
        signature = minisign.detached_signature(archive.read(_SIGNATURE).decode("utf-8"))
        key = next((key for key in keys if key.name == signature.key_name), None)
        if key is None:
            raise UserError(
                "Không rõ ai đã ký tệp cập nhật này: khoá ký không phải của nơi phát hành chương trình.",
                code="unknown_publisher",
                hint=_ASK,
            )
        minisign.refuse_forged(key, signature, content)
    except (minisign.MinisignError, minisign.ForgedSignatureError, UnicodeDecodeError) as error:
        raise _broken("đã bị sửa sau khi ký") from error
    return content


def _manifest(values: dict[str, Any]) -> UpdateManifest:
    """The manifest of JSON values; ValueError, KeyError, TypeError, AttributeError."""
    version, notes = values["version"], values["notes"]
    if not _VERSION.fullmatch(version) or not all(type(note) is str for note in notes):
        raise ValueError
    files = {name: _file(name, version, file) for name, file in values["files"].items()}
    if not any(_PROGRAM.fullmatch(name) for name in files):
        raise ValueError
    released = date.fromisoformat(values["released"])
    return UpdateManifest(
        version=version, system=str(values["system"]), released=released, notes=tuple(notes), files=files
    )


def _file(name: str, version: str, values: dict[str, Any]) -> UpdatedFile:
    """A file of the list; ValueError if it would lie anywhere else than in the folder of the version."""
    folder, *inside = name.split("/")
    is_inside = folder == version_folder(version) and inside and all(map(_PART.fullmatch, inside))
    if not is_inside and not _PROGRAM.fullmatch(name):
        raise ValueError
    if not _DIGEST.fullmatch(values["sha256"]) or type(values["size"]) is not int:
        raise ValueError
    return UpdatedFile(values["sha256"], values["size"])


def _no_update() -> UserError:
    return UserError("Tệp này không phải tệp cập nhật của kcdesk.", code="no_update", hint=_ASK)


def _broken(why: str) -> UserError:
    return UserError(f"Tệp cập nhật {why} nên không dùng được.", code="broken_update", hint=_ASK)

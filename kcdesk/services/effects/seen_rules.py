"""The rules with which a store was last used, kept beside it: what another program, or a file of rules, has changed.

`seen-rules/now.zip` holds the definitions of the last use. When they differ at the next use, it becomes `before.zip`,
and the open dossiers are compared under both.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from kcdesk import placing
from kcdesk.errors import UserError
from kcdesk.exchange.container.safe_zip import BrokenArchiveError, SafeArchive, UnsafeArchiveError
from kcdesk.formdef.loading.loader import load
from kcdesk.progress import Progress, ignore_progress
from kcdesk.services.effects.touched_dossiers import TouchedDossier, touched_dossiers
from kcdesk.services.law import store_register
from kcdesk.services.rulebook import installed
from kcdesk.services.workspace import Workspace
from kcdesk.temporary import private_files

FOLDER = "seen-rules"
_NOW, _BEFORE = "now.zip", "before.zip"
_DAMAGE = (BrokenArchiveError, UnsafeArchiveError, OSError)


def note_rules(workspace: Workspace) -> bool:
    """Note the definitions in use; returns whether they differ from those of the last use. KnownError for the disk."""
    folder, definitions = workspace.store.folder / FOLDER, workspace.forms.folder
    now = folder / _NOW
    is_other = now.is_file()
    if is_other and _packed_sums(now) == _sums(definitions):
        return False
    folder.mkdir(mode=0o700, exist_ok=True)
    if is_other:
        placing.save(now.read_bytes(), folder / _BEFORE)
    placing.save(_packed(definitions), now)
    return is_other


def has_earlier_rules(workspace: Workspace) -> bool:
    """Whether rules are kept with which the present ones can be compared."""
    return (workspace.store.folder / FOLDER / _BEFORE).is_file()


def touched_since(workspace: Workspace, progress: Progress = ignore_progress) -> list[TouchedDossier]:
    """List the dossiers that get another answer than under the rules before the last change.

    UserError `no_earlier_rules` if none are kept, `unreadable_rules` if this program cannot read them any more.
    """
    if not has_earlier_rules(workspace):
        raise UserError("Kho này chưa giữ quy định cũ nào để so sánh.", code="no_earlier_rules")
    with private_files.folder() as place:
        _unpack(workspace.store.folder / FOLDER / _BEFORE, place)
        try:
            forms = store_register.with_register(workspace, load(place))
        except (UserError, OSError) as error:
            raise UserError(
                "Chương trình này không đọc được quy định của lần dùng trước, nên không so từng hồ sơ được.",
                code="unreadable_rules",
                hint="Hãy xem phần «Có gì mới» và mục «Quy định» bên cạnh từng hồ sơ.",
            ) from error
        return touched_dossiers(workspace, forms, workspace.forms, progress)


def _files(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The definitions of a folder: name and content."""
    for path in sorted(folder.rglob("*.toml")):
        yield path.relative_to(folder).as_posix(), path.read_bytes()


def _sums(folder: Path) -> dict[str, tuple[int, int]]:
    """The size and the checksum of each definition, as the list of a zip has them."""
    return {name: (len(content), zlib.crc32(content)) for name, content in _files(folder)}


def _packed_sums(path: Path) -> dict[str, tuple[int, int]] | None:
    """The same of kept definitions, nothing is unpacked; None if the file is damaged."""
    try:
        with path.open("rb") as file, SafeArchive(file) as packed:
            return {name: (info.file_size, info.CRC) for name, info in packed.infos.items()}
    except _DAMAGE:
        return None


def _packed(folder: Path) -> bytes:
    """The definitions of a folder as a zip."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, definition in _files(folder):
            packed.writestr(name, definition)
    return content.getvalue()


def _unpack(path: Path, target: Path) -> None:
    """Unpack kept definitions; UserError `unreadable_rules` for a file that is damaged or was never ours."""
    try:
        with path.open("rb") as file, SafeArchive(file) as packed:
            files = {name: packed.read(name) for name in packed.infos if _is_definition(name, target)}
    except _DAMAGE as error:
        raise UserError(
            "Tệp giữ quy định của lần dùng trước bị hỏng, nên không so từng hồ sơ được.",
            code="unreadable_rules",
            hint="Hãy xem mục «Quy định» bên cạnh từng hồ sơ.",
        ) from error
    installed.write_files(target, files)


def _is_definition(name: str, folder: Path) -> bool:
    """Whether a name is that of a definition, and lies in the folder."""
    return name.endswith(".toml") and (folder / name).resolve().is_relative_to(folder.resolve())

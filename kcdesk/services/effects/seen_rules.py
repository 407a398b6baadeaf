"""The rules with which a store was last used, kept beside it: what another program, or a file of rules, has changed.

`seen-rules/now.zip` holds the definitions of the last use. When they differ at the next use, it becomes `before.zip`,
and the open dossiers are compared under both.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from kcdesk import placing
from kcdesk.errors import UserError
from kcdesk.formdef.loading.loader import load
from kcdesk.progress import Progress, ignore_progress
from kcdesk.services.effects.touched_dossiers import TouchedDossier, touched_dossiers
from kcdesk.services.law import store_register
from kcdesk.services.workspace import Workspace
from kcdesk.temporary import private_files

FOLDER = "seen-rules"
_NOW, _BEFORE = "now.zip", "before.zip"
_LARGEST = 64_000_000  # bytes of definitions after unpacking
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # of a file in a zip: the same content gives the same bytes


def note_rules(workspace: Workspace) -> bool:
    """Note the definitions in use; returns whether they differ from those of the last use. KnownError for the disk."""
    folder = workspace.store.folder / FOLDER
    now, packed = folder / _NOW, _packed(workspace.forms.folder)
    if now.is_file() and now.read_bytes() == packed:
        return False
    is_other = now.is_file()
    folder.mkdir(mode=0o700, exist_ok=True)
    if is_other:
        placing.save(now.read_bytes(), folder / _BEFORE)
    placing.save(packed, now)
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


def _packed(folder: Path) -> bytes:
    """The definitions of a folder as a zip; the same definitions give the same bytes."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
        for path in sorted(folder.rglob("*.toml")):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), _EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, path.read_bytes())
    return content.getvalue()


def _unpack(path: Path, target: Path) -> None:
    """Unpack kept definitions; UserError `unreadable_rules` for a file that is damaged or was never ours."""
    try:
        with zipfile.ZipFile(path) as packed:
            entries = packed.infolist()
            if sum(entry.file_size for entry in entries) > _LARGEST:
                raise zipfile.BadZipFile
            for entry in entries:
                if entry.filename.endswith(".toml"):
                    packed.extract(entry, target)  # keeps every name below the target
    except (zipfile.BadZipFile, OSError, EOFError) as error:
        raise UserError(
            "Tệp giữ quy định của lần dùng trước bị hỏng, nên không so từng hồ sơ được.",
            code="unreadable_rules",
            hint="Hãy xem mục «Quy định» bên cạnh từng hồ sơ.",
        ) from error

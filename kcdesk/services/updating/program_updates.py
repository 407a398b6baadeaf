"""Take an update of the program from a file: look at it, back the store up, lay it beside the present version."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from kcdesk import __version__, paths
from kcdesk.errors import KnownError, UserError
from kcdesk.exchange.updates import update_file
from kcdesk.exchange.updates.minisign import PublicKey
from kcdesk.exchange.updates.update_file import UpdateManifest, numbers, opened_update
from kcdesk.progress import Progress, ignore_progress
from kcdesk.runtime.frozen import Value
from kcdesk.services.updating.program_folder import FormerVersion, ProgramFolder
from kcdesk.services.workspace import Workspace
from kcdesk.store.database import migrations
from kcdesk.text import format_date

REASON = "update"  # of the copy made before (resources/backup_policy.toml)


class UpdatePreview(Value, kw_only=True):
    """What an update brings; it was checked and can be installed. `size` are bytes on the disk."""

    version: str
    present: str
    released: date
    notes: tuple[str, ...]
    size: int

    def to_json(self) -> dict[str, Any]:
        """The shape of the command line."""
        return {
            "version": self.version,
            "present": self.present,
            "released": self.released.isoformat(),
            "notes": list(self.notes),
            "size": self.size,
        }


class InstalledUpdate(Value):
    """An update that starts from now on; `backup` is the proved copy of the store made before, None without a store."""

    preview: UpdatePreview
    backup: Path | None


class ProgramUpdates:
    """Updates of the program in one folder, of one version, signed by one of some keys."""

    def __init__(self, folder: Path, version: str, keys: Sequence[PublicKey], system: str) -> None:
        self._version, self._keys, self._system = version, keys, system
        self._programs = ProgramFolder(folder, version, len(migrations.STEPS))

    def preview(self, path: Path) -> UpdatePreview:
        """Check an update; UserError says why it is not taken, and then nothing has changed."""
        with opened_update(path, self._keys) as update:
            return self._accepted(update.manifest)

    def install(self, path: Path, workspace: Workspace | None, progress: Progress = ignore_progress) -> InstalledUpdate:
        """Install an update, after a copy of the open store was made and proved; errors as for `preview`.

        KnownError `bad_backup` if the copy is not whole, `programs_held`, or if the disk refuses.
        """
        with opened_update(path, self._keys) as update:
            preview = self._accepted(update.manifest)
            backup = _proved_copy(workspace) if workspace is not None else None
            self._programs.install(preview.version, lambda folder: update.write(folder, progress))
        return InstalledUpdate(preview, backup)

    def former(self) -> FormerVersion:
        """The version to go back to; UserError `no_former_version`."""
        return self._programs.former()

    def go_back(self) -> FormerVersion:
        """Go back to the version before; UserError `no_former_version`, KnownError as for `install`."""
        return self._programs.go_back()

    def _accepted(self, manifest: UpdateManifest) -> UpdatePreview:
        """What an update brings; UserError `other_system`, `older_update`, `disk_full` …"""
        if manifest.system != self._system:
            raise UserError(
                f"Tệp này cập nhật kcdesk cho {manifest.system}; máy này là {self._system}.",
                code="other_system",
                hint="Hãy xin đúng tệp cho loại máy này.",
            )
        if numbers(manifest.version) <= numbers(self._version):
            raise UserError(
                f"Tệp này là bản {manifest.version}, phát hành {format_date(manifest.released)};"
                f" máy đang dùng bản {self._version}, không cũ hơn.",
                code="older_update",
                hint="Không cần làm gì.",
            )
        self._programs.refuse_unwritable(manifest.size)
        return UpdatePreview(
            version=manifest.version,
            present=self._version,
            released=manifest.released,
            notes=manifest.notes,
            size=manifest.size,
        )


def updates_of_this_program() -> ProgramUpdates:
    """The updates of the program that runs; UserError `not_built` if it runs from its sources."""
    if not paths.is_frozen():
        raise UserError(
            "Chương trình này chạy từ mã nguồn nên không cập nhật bằng tệp được.",
            code="not_built",
            hint="Hãy lấy mã nguồn mới, hoặc dùng bản cài bằng bộ cài (setup).",
        )
    return ProgramUpdates(paths.program_folder(), __version__, update_file.shipped_keys(), update_file.system_name())


def is_updatable() -> bool:
    """Whether the program that runs can be updated from a file."""
    return paths.is_frozen()


def _proved_copy(workspace: Workspace) -> Path:
    """A copy of the store that was opened, checked and found whole; KnownError `bad_backup`."""
    made = workspace.store.backup(reason=REASON)
    proved = workspace.store.copies.prove(made)
    if not proved.is_sound:
        raise KnownError(
            "Bản sao lưu trước khi cập nhật không nguyên vẹn; chương trình chưa được cập nhật.",
            code="bad_backup",
            hint="Hãy chạy «Kiểm tra» kho trong Cài đặt rồi làm lại.",
        )
    return made


def going_back_text(former: FormerVersion) -> str:
    """What an officer has to know before going back."""
    if former.schema < len(migrations.STEPS):
        return (
            f"Kho đã được nâng cấp cho bản {__version__}; bản {former.version} không mở được."
            " Sau khi trở về, hãy khôi phục bản sao lưu «Trước khi cập nhật chương trình»."
        )
    return f"Bản {former.version} mở được kho này như hiện nay."

"""The folder of the built program: each version has a folder of its own, the two small programs name theirs.

An update lays the folder of its version beside the present one and changes the programs last; the former ones are put
into the folder of their version, from where going back takes them. A program that runs can be renamed, on Windows too.

    kcdesk.exe  kcdesk-cli.exe       of the version that starts
    kcdesk-0.2.0/                    its files
    kcdesk-0.1.0/                    the version before: its files
    kcdesk-0.1.0/programs/           and its two programs, with `schema`, the store that it knows
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from kcdesk import placing
from kcdesk.errors import KnownError, UserError
from kcdesk.exchange.updates.update_file import numbers, version_folder

_NAMES = ("kcdesk", "kcdesk-cli", "kcdesk.exe", "kcdesk-cli.exe")
_PREFIX = version_folder("")
_ASIDE, _SCHEMA = "programs", "schema"
_PART = "kcdesk-update.part"  # where an update is unpacked, and what is being removed; setup.nsi removes it too
_ENTRY = r"Software\Microsoft\Windows\CurrentVersion\Uninstall\kcdesk"  # of the set-up


class FormerVersion(NamedTuple):
    """A version to go back to; `schema` is the number of steps of a store that it knows."""

    version: str
    schema: int


class ProgramFolder:
    """The folder in which a program of version `version` runs; `schema` is the number of steps of a store it knows."""

    def __init__(self, folder: Path, version: str, schema: int) -> None:
        self._folder, self._version, self._schema = folder, version, schema

    def former(self) -> FormerVersion:
        """The newest version that was put aside; UserError `no_former_version`."""
        aside = [path.parent for path in self._folder.glob(f"{_PREFIX}*/{_ASIDE}") if self._programs(path)]
        newest = max(aside, key=lambda path: numbers(path.name), default=None)
        if newest is None:
            raise UserError(
                "Không còn bản trước của chương trình trong thư mục này.",
                code="no_former_version",
                hint="Hãy cài lại bản cũ bằng bộ cài (setup) của bản ấy.",
            )
        schema = newest / _ASIDE / _SCHEMA
        known = schema.read_text("utf-8").strip() if schema.is_file() else ""
        return FormerVersion(newest.name.removeprefix(_PREFIX), int(known) if known.isdecimal() else 0)

    def refuse_unwritable(self, size: int) -> None:
        """Raise KnownError `disk_full`, UserError `program_read_only`, before anything is written."""
        placing.refuse_full(self._folder / _NAMES[0], size)
        try:
            (self._folder / _PART).mkdir(exist_ok=True)
            (self._folder / _PART).rmdir()
        except OSError as error:
            if (self._folder / _PART).is_dir():  # of an update that was interrupted; it is removed when one begins
                return
            raise UserError(
                f"Không ghi được vào thư mục của chương trình ({self._folder}).",
                code="program_read_only",
                hint="Hãy cài bản mới bằng bộ cài (setup), hoặc nhờ người quản trị máy.",
            ) from error

    def install(self, version: str, fill: Callable[[Path], None]) -> None:
        """Lay a version beside the present one and let it start from now on; `fill` writes its files into a folder.

        Whatever `fill` raises leaves the present version as it is; KnownError if the disk refuses.
        """
        part, folder = self._folder / _PART, self._folder / version_folder(version)
        shutil.rmtree(part, ignore_errors=True)
        try:
            with placing.explained(folder):
                fill(part)
                if folder.exists():  # of an update that was interrupted, or of a version that was gone back from
                    shutil.rmtree(folder)
                placing.move(part / folder.name, folder)
                self._exchange(part, folder)
        finally:
            shutil.rmtree(part, ignore_errors=True)
        self._forget_older(keep={folder.name, version_folder(self._version)})
        _tell_windows(self._folder, version)

    def go_back(self) -> FormerVersion:
        """Let the version before start from now on; the present one is put aside. UserError `no_former_version`."""
        former = self.former()
        folder = self._folder / version_folder(former.version)
        with placing.explained(folder):
            self._exchange(folder / _ASIDE, folder)
            shutil.rmtree(folder / _ASIDE)
        _tell_windows(self._folder, former.version)
        return former

    def _exchange(self, source: Path, folder: Path) -> None:
        """Copy the present programs aside, put copies of those of `source` in their place; on a failure all as before.

        Whenever the power fails, a program starts: the old one or the new one.
        """
        aside = self._folder / version_folder(self._version) / _ASIDE
        aside.mkdir(parents=True, exist_ok=True)
        (aside / _SCHEMA).write_text(f"{self._schema}\n", encoding="utf-8")
        exchanged: list[Path] = []
        try:
            for program in self._programs(source):
                present = self._folder / program.name
                kept = _copied(present, aside / program.name) if present.exists() else None
                exchanged.append(present)
                _put(_copied(program, self._folder / f"{program.name}{placing.NEW}"), present, kept)
            placing.Disk().sync_folder(self._folder)
        except OSError as error:
            for present in exchanged:
                with suppress(OSError):
                    os.replace(aside / present.name, present)  # noqa: PTH105 - `aside.replace` reads wrongly
            for left in self._folder.glob(f"*{placing.NEW}"):
                with suppress(OSError):
                    left.unlink(missing_ok=True)
            shutil.rmtree(aside, ignore_errors=True)
            raise KnownError(
                f"Chưa đổi được sang {folder.name}: hệ điều hành không cho thay tệp chương trình.",
                code="programs_held",
                hint="Hãy đóng mọi cửa sổ kcdesk khác rồi làm lại; bản đang dùng không đổi.",
            ) from error

    def _programs(self, folder: Path) -> list[Path]:
        return [folder / name for name in _NAMES if (folder / name).is_file() and not (folder / name).is_symlink()]

    def _forget_older(self, keep: set[str]) -> None:
        """Remove versions that nobody goes back to; what cannot be removed now is removed by a later update.

        Windows does not rename a folder with an open file, so that such a version stays whole.
        """
        for folder in self._folder.glob(f"{_PREFIX}*"):
            if folder.name not in keep and (folder / "modules.pyz").is_file():
                with suppress(OSError):
                    shutil.rmtree(folder.rename(self._folder / _PART))


def _copied(source: Path, target: Path) -> Path:
    """Copy a program, and wait until the copy is on the disk."""
    with source.open("rb") as original, target.open("wb") as copy:
        shutil.copyfileobj(original, copy)
        placing.Disk().sync(copy)
    target.chmod(0o755)
    return target


def _put(program: Path, present: Path, kept: Path | None) -> None:
    """Rename a program to the present one; Windows replaces none that runs, but lets it be renamed."""
    try:
        program.replace(present)
    except PermissionError:
        if kept is None:
            raise
        present.replace(kept)  # for a moment nothing starts
        program.replace(present)


if sys.platform == "win32":
    import winreg

    def _tell_windows(folder: Path, version: str) -> None:
        """Let the list of installed programs show the version, if the set-up has installed this folder."""
        with suppress(OSError), winreg.OpenKey(winreg.HKEY_CURRENT_USER, _ENTRY, 0, winreg.KEY_ALL_ACCESS) as entry:
            if Path(winreg.QueryValueEx(entry, "InstallLocation")[0]) == folder:
                winreg.SetValueEx(entry, "DisplayVersion", 0, winreg.REG_SZ, version)
else:

    def _tell_windows(_folder: Path, _version: str) -> None:
        """Only Windows has such a list."""

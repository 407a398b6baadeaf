"""Receive a folder of packages: judge every file, receive the acceptable ones singly, report the result of each.

Also lists which lower units have handed over for a period.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from kcdesk import text
from kcdesk.errors import KcdeskError, KnownError, UserError
from kcdesk.progress import Progress, ignore_progress
from kcdesk.services.handover.packages import decision_workbooks, edited_workbooks, periods, receiving
from kcdesk.services.handover.packages import preview as package_preview
from kcdesk.services.handover.packages.preview import Preview
from kcdesk.services.workspace import Workspace
from kcdesk.store.handover.merge_state import KNOWLEDGE
from kcdesk.store.handover.merging import knows
from kcdesk.store.handover.package_ledger import PackageEntry
from kcdesk.store.reader import Reader

Passwords = Mapping[str, str]  # by file name, for files with a password of their own

_SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".et", ".ods", ".fods")
_NOTHING_NEW = "Không có gì mới."
_DECISIONS = "Đây là bảng quyết định đã điền, không phải gói."
_EDITS = "Đây là gói của chính đơn vị này, đã sửa trong bảng tính."
_BY_ITSELF = "Hãy mở riêng tệp này để xem từng ô rồi nhận."
_STOPPED = "Chưa nhận vì đã dừng trước tệp này."


@dataclass(frozen=True, slots=True, kw_only=True)
class FileVerdict:
    """The verdict on a file of the folder; `obstacle` says why it is not received ("" if it can be), `hint` what to do.

    `preview` is None for a file that could not be read.
    """

    file: Path
    preview: Preview | None = None
    obstacle: str = ""
    code: str = ""
    hint: str = ""

    @property
    def acceptable(self) -> bool:
        """Whether the file can be received and was not received before."""
        return not self.obstacle and self.preview is not None and not self.preview.already

    def to_json(self) -> dict[str, Any]:
        """The shape of the command line."""
        result = self.preview.to_json() if self.preview else {"status": "unreadable"}
        return result | {"file": self.file.name, "acceptable": self.acceptable, "obstacle": self.obstacle}


@dataclass(frozen=True, slots=True, kw_only=True)
class FileResult:
    """The result for a file; `received` is None if it was not received, then `verdict.obstacle` says why."""

    verdict: FileVerdict
    received: receiving.Received | None = None

    @property
    def sentence(self) -> str:
        """The result as a sentence."""
        if self.received is None:
            return self.verdict.obstacle or " ".join(self.verdict.preview.notes if self.verdict.preview else ())
        rows = self.received.preview.rows
        parts = [f"{rows[name]} {label}" for name, label in _ROWS if rows[name]]
        return f"Đã nhận: {', '.join(parts)}." if parts else _NOTHING_NEW

    def to_json(self) -> dict[str, Any]:
        """The shape of the command line."""
        applied = self.received is not None and self.received.applied
        result = self.received.preview.to_json(applied=applied) if self.received else {}
        return self.verdict.to_json() | result | {"sentence": self.sentence, "applied": applied}


_ROWS = (
    ("new", "hồ sơ mới"),
    ("changed", "thay đổi"),
    ("same", "như cũ"),
    ("conflict", "cần xem"),
    ("refused", "không nhận"),
)


def package_files(folder: Path) -> list[Path]:
    """List the spreadsheets in a folder, without the lock files of Excel and LibreOffice.

    Those of other formats are listed too: their verdict says how to save them.

    UserError `no_folder` if there is no such folder, KnownError if it cannot be read.
    """
    try:
        paths = [path for path in folder.iterdir() if path.suffix.lower() in _SUFFIXES and path.is_file()]
    except (FileNotFoundError, NotADirectoryError):
        raise UserError(f"Không có thư mục {folder}.", code="no_folder", hint="Hãy chọn lại thư mục.") from None
    except OSError:
        raise KnownError(
            f"Không đọc được thư mục {folder}.", code="read_failed", hint="Hãy cắm lại thẻ nhớ rồi thử lại."
        ) from None
    return sorted(path for path in paths if not path.name.startswith((".", "~$")))


def preview_folder(
    workspace: Workspace,
    folder: Path,
    password: str = "",
    *,
    passwords: Passwords | None = None,
    reader: Reader | None = None,
    progress: Progress = ignore_progress,
    cancelled: Callable[[], bool] | None = None,
) -> list[FileVerdict]:
    """Judge every workbook in a folder, in the order of receiving; nothing is changed.

    The packages of a unit are sorted by number, so that a package in the same folder does not count as missing. With
    `reader` this runs in another thread; `cancelled` is called before each file and may end the preview.
    """
    verdicts, paths = [], package_files(folder)
    for index, path in enumerate(paths):
        if cancelled and cancelled():
            break
        verdicts.append(_verdict(workspace, path, (passwords or {}).get(path.name, password), reader))
        progress(index + 1, len(paths))
    return sorted(verdicts, key=_order)


def receive_folder(
    workspace: Workspace,
    verdicts: Sequence[FileVerdict],
    password: str = "",
    *,
    passwords: Passwords | None = None,
    progress: Progress = ignore_progress,
    cancelled: Callable[[], bool] | None = None,
) -> list[FileResult]:
    """Receive every acceptable file; see `receive_files`."""
    results = []
    for result in receive_files(workspace, verdicts, password, passwords=passwords, cancelled=cancelled):
        results.append(result)
        progress(len(results), len(verdicts))
    return results


def receive_files(
    workspace: Workspace,
    verdicts: Sequence[FileVerdict],
    password: str = "",
    *,
    passwords: Passwords | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Iterator[FileResult]:
    """Receive the acceptable files singly, each completely or not at all; the window stays responsive in between.

    A single backup is made before the first change; each package can be undone separately. A file that is refused or
    cannot be read does not stop the others; a full disk does.
    """
    backup = cache(workspace.store.backup)
    is_stopped = False
    for verdict in verdicts:
        is_stopped = is_stopped or bool(cancelled and cancelled())
        if is_stopped and verdict.acceptable:
            yield FileResult(verdict=_refused(verdict, _STOPPED, "stopped", "Hãy nhận lại thư mục này."))
            continue
        if not verdict.acceptable:
            yield FileResult(verdict=verdict)
            continue
        try:
            password_of_file = (passwords or {}).get(verdict.file.name, password)
            yield FileResult(
                verdict=verdict, received=receiving.receive(workspace, verdict.file, password_of_file, backup=backup)
            )
        except KcdeskError as error:
            is_stopped = error.code == "disk_full"
            yield FileResult(verdict=_refused(verdict, error.message, error.code, error.hint))


def _verdict(workspace: Workspace, path: Path, password: str, reader: Reader | None) -> FileVerdict:
    try:
        preview = package_preview.preview_package(workspace, path, password, reader=reader)
    except KcdeskError as error:
        return FileVerdict(file=path, obstacle=error.message, code=error.code, hint=error.hint)
    if preview.code == "foreign" and decision_workbooks.is_workbook(workspace, path, password):
        return FileVerdict(file=path, preview=preview, obstacle=_DECISIONS, code="decisions", hint=_BY_ITSELF)
    if preview.code == "edited" and edited_workbooks.is_edited(workspace, path, password):
        return FileVerdict(file=path, preview=preview, obstacle=_EDITS, code="edits", hint=_BY_ITSELF)
    return FileVerdict(file=path, preview=preview, obstacle=preview.obstacle, code=preview.code, hint=preview.hint)


def _refused(verdict: FileVerdict, obstacle: str, code: str, hint: str) -> FileVerdict:
    return FileVerdict(file=verdict.file, preview=verdict.preview, obstacle=obstacle, code=code, hint=hint)


def _order(verdict: FileVerdict) -> tuple[str, int, str]:
    preview = verdict.preview
    return (preview.sender, preview.serial, verdict.file.name) if preview else ("", 0, verdict.file.name)


# -- handovers of a period -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitHandover:
    """The newest hand-over of a unit, and whether it covers a period ("" and 0 for no hand-over; `at` is UTC).

    `missing` are the numbers of packages that never arrived and whose content no later package contains.
    """

    unit: str
    name: str
    period: str = ""
    at: str = ""
    records: int = 0
    missing: tuple[int, ...] = ()
    covered: bool = False
    late: bool = False

    def to_json(self) -> dict[str, Any]:
        """The shape of the command line."""
        return {
            "unit": self.unit,
            "name": self.name,
            "period": self.period,
            "at": self.at,
            "records": self.records,
            "missing": list(self.missing),
            "covered": self.covered,
            "late": self.late,
        }


def period_handovers(workspace: Workspace, period: str, due: date | None = None) -> list[UnitHandover]:
    """List the known lower units with their last hand-over and whether they are late for the period; late ones first.

    A period is due on its last day unless `due` is given; a text that is not a period is due at once.
    """
    day = due or periods.last_day(period)
    is_due = day is None or workspace.today() > day
    received = _received_packages(workspace)
    handovers = [
        _unit_handover(workspace, unit, name, received.get(unit, ()), period, is_due)
        for unit, name in _lower_units(workspace)
    ]
    return sorted(handovers, key=lambda handover: (not handover.late, text.sort_key(handover.name)))


def _lower_units(workspace: Workspace) -> list[tuple[str, str]]:
    """Code and name of the units that hand over to this unit, without the unit above."""
    own = workspace.identity.unit
    above = text.fold(own.parent)
    name_by_unit = {p.unit: p.name for p in workspace.store.partners.list() if p.level == "lower" and not p.ended}
    return [
        (unit, name)
        for unit, name in name_by_unit.items()
        if unit != own.code and (not above or above not in (text.fold(unit), text.fold(name)))
    ]


def _received_packages(workspace: Workspace) -> dict[str, list[PackageEntry]]:
    """The received packages that were not undone, by the unit that made them, newest first; receipts do not count."""
    entries_by_unit: dict[str, list[PackageEntry]] = {}
    for entry in workspace.store.packages.list():
        details = entry.details
        if entry.direction == "in" and not details.get("answers") and not details.get("undone"):
            entries_by_unit.setdefault(details["unit"], []).append(entry)
    return entries_by_unit


def _unit_handover(
    workspace: Workspace, unit: str, name: str, entries: Sequence[PackageEntry], period: str, is_due: bool
) -> UnitHandover:
    if not entries:
        return UnitHandover(unit=unit, name=name, late=is_due)
    covered = any(periods.reaches(entry.period, period) for entry in entries)
    last = max(entries, key=lambda entry: periods.last_day(entry.period) or date.min)
    return UnitHandover(
        unit=unit,
        name=name,
        period=last.period,
        at=last.at,
        records=sum(last.details["counts"].values()),
        missing=_missing_numbers(workspace, entries),
        covered=covered,
        late=is_due and not covered,
    )


def _missing_numbers(workspace: Workspace, entries: Sequence[PackageEntry]) -> tuple[int, ...]:
    """The numbers of packages that later packages build on and that never arrived; counted per laptop of the unit."""
    known = workspace.store.setting(KNOWLEDGE, {})
    received = {(entry.details["store"], entry.details["device"], entry.details["serial"]) for entry in entries}
    open_gaps = (entry.details for entry in entries if entry.details["gap"] and not knows(known, entry.details["base"]))
    asked_for = {
        (details["store"], details["device"], number) for details in open_gaps for number in details["missing"]
    }
    return tuple(sorted(number for _, _, number in asked_for - received))

"""A folder of packages at once: each judged, the good ones taken in one by one, each told what became of it."""

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
from kcdesk.services.handover.packages import decision_workbooks, periods, receiving
from kcdesk.services.handover.packages import preview as package_preview
from kcdesk.services.handover.packages.preview import Preview
from kcdesk.services.workspace import Workspace
from kcdesk.store.handover.merge_state import KNOWLEDGE
from kcdesk.store.handover.merging import knows
from kcdesk.store.handover.package_ledger import PackageEntry
from kcdesk.store.reader import Reader

Passwords = Mapping[str, str]  # by file name, where a file has another password than the others

_NOTHING_NEW = "Không có gì mới."
_DECISIONS = "Đây là bảng quyết định đã điền, không phải gói."
_BY_ITSELF = "Hãy mở riêng tệp này để xem từng ô rồi nhận."
_STOPPED = "Chưa nhận vì đã dừng trước tệp này."


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What one file of the folder is; `obstacle` says why it is not taken in ("" when it can be), `hint` what to do.

    `preview` is None for a file that could not even be read.
    """

    file: Path
    preview: Preview | None = None
    obstacle: str = ""
    code: str = ""
    hint: str = ""

    @property
    def acceptable(self) -> bool:
        """Whether taking the file in would do something, and may be done."""
        return not self.obstacle and self.preview is not None and not self.preview.already

    def to_json(self) -> dict[str, Any]:
        """The shape of the command line."""
        found = self.preview.to_json() if self.preview else {"status": "unreadable"}
        return found | {"file": self.file.name, "acceptable": self.acceptable, "obstacle": self.obstacle}


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of one file; `taken` is None where nothing was taken in, and `verdict.obstacle` says why."""

    verdict: Verdict
    taken: receiving.Taken | None = None

    @property
    def sentence(self) -> str:
        """What became of the file, for people."""
        if self.taken is None:
            return self.verdict.obstacle or " ".join(self.verdict.preview.notes if self.verdict.preview else ())
        rows = self.taken.preview.rows
        told = [f"{rows[name]} {label}" for name, label in _ROWS if rows[name]]
        return f"Đã nhận: {', '.join(told)}." if told else _NOTHING_NEW

    def to_json(self) -> dict[str, Any]:
        """The shape of the command line."""
        applied = self.taken is not None and self.taken.applied
        done = self.taken.preview.to_json(applied=applied) if self.taken else {}
        return self.verdict.to_json() | done | {"sentence": self.sentence, "applied": applied}


_ROWS = (
    ("new", "hồ sơ mới"),
    ("changed", "thay đổi"),
    ("same", "như cũ"),
    ("conflict", "cần xem"),
    ("refused", "không nhận"),
)


def files(folder: Path) -> list[Path]:
    """The workbooks that lie in a folder, without what Excel and LibreOffice leave beside open ones.

    UserError `no_folder` when there is no such folder, KnownError when it cannot be read.
    """
    try:
        found = [path for path in folder.iterdir() if path.suffix.lower() == ".xlsx" and path.is_file()]
    except (FileNotFoundError, NotADirectoryError):
        raise UserError(f"Không có thư mục {folder}.", code="no_folder", hint="Hãy chọn lại thư mục.") from None
    except OSError:
        raise KnownError(
            f"Không đọc được thư mục {folder}.", code="read_failed", hint="Hãy cắm lại thẻ nhớ rồi thử lại."
        ) from None
    return sorted(path for path in found if not path.name.startswith((".", "~$")))


def look(
    workspace: Workspace,
    folder: Path,
    password: str = "",
    *,
    passwords: Passwords | None = None,
    reader: Reader | None = None,
    progress: Progress = ignore_progress,
    cancelled: Callable[[], bool] | None = None,
) -> list[Verdict]:
    """One verdict for each workbook in a folder, in the order in which they are to be taken in; nothing is changed.

    The packages of one unit stand in the order of their numbers, so that none is believed to be missing that lies
    beside. Through `reader` also from another thread; `cancelled` is asked before each file and ends the look.
    """
    found, paths = [], files(folder)
    for done, path in enumerate(paths):
        if cancelled and cancelled():
            break
        found.append(_verdict(workspace, path, (passwords or {}).get(path.name, password), reader))
        progress(done + 1, len(paths))
    return sorted(found, key=_order)


def take(
    workspace: Workspace,
    verdicts: Sequence[Verdict],
    password: str = "",
    *,
    passwords: Passwords | None = None,
    progress: Progress = ignore_progress,
    cancelled: Callable[[], bool] | None = None,
) -> list[Result]:
    """Take in every file that is acceptable; see `taking`."""
    results = []
    for result in taking(workspace, verdicts, password, passwords=passwords, cancelled=cancelled):
        results.append(result)
        progress(len(results), len(verdicts))
    return results


def taking(
    workspace: Workspace,
    verdicts: Sequence[Verdict],
    password: str = "",
    *,
    passwords: Passwords | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Iterator[Result]:
    """Take the acceptable files in one by one, each as a whole or not at all, so that a window can breathe between.

    One backup, made before the first that changes anything, serves them all; each can be undone by itself. A file that
    is refused, or that the disk refuses, holds no other up; a full disk ends it.
    """
    backup = cache(workspace.store.backup)
    is_stopped = False
    for verdict in verdicts:
        is_stopped = is_stopped or bool(cancelled and cancelled())
        if is_stopped and verdict.acceptable:
            yield Result(verdict=_refused(verdict, _STOPPED, "stopped", "Hãy nhận lại thư mục này."))
            continue
        if not verdict.acceptable:
            yield Result(verdict=verdict)
            continue
        try:
            told = (passwords or {}).get(verdict.file.name, password)
            yield Result(verdict=verdict, taken=receiving.take(workspace, verdict.file, told, backup=backup))
        except KcdeskError as error:
            is_stopped = error.code == "disk_full"
            yield Result(verdict=_refused(verdict, error.message, error.code, error.hint))


def _verdict(workspace: Workspace, path: Path, password: str, reader: Reader | None) -> Verdict:
    try:
        found = package_preview.look(workspace, path, password, reader=reader)
    except KcdeskError as error:
        return Verdict(file=path, obstacle=error.message, code=error.code, hint=error.hint)
    if found.code == "foreign" and decision_workbooks.is_workbook(workspace, path, password):
        return Verdict(file=path, preview=found, obstacle=_DECISIONS, code="decisions", hint=_BY_ITSELF)
    return Verdict(file=path, preview=found, obstacle=found.obstacle, code=found.code, hint=found.hint)


def _refused(verdict: Verdict, obstacle: str, code: str, hint: str) -> Verdict:
    return Verdict(file=verdict.file, preview=verdict.preview, obstacle=obstacle, code=code, hint=hint)


def _order(verdict: Verdict) -> tuple[str, int, str]:
    found = verdict.preview
    return (found.sender, found.serial, verdict.file.name) if found else ("", 0, verdict.file.name)


# -- who has handed over -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """Where one unit stands with a period: its newest hand-over («» and 0 when there was none; `at` is UTC).

    `missing` are the numbers of its packages that never came, as long as no later one has healed that.
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


def late(workspace: Workspace, period: str, due: date | None = None) -> list[Handed]:
    """Each unit below that is known here: what it handed over last, and whether the period is overdue.

    A period is due on its last day unless `due` says otherwise; a word that names no period is due at once. The late
    ones come first.
    """
    day = due or periods.last_day(period)
    is_due = day is None or workspace.today() > day
    received = _received(workspace)
    found = [_handed(workspace, unit, name, received.get(unit, ()), period, is_due) for unit, name in _below(workspace)]
    return sorted(found, key=lambda handed: (not handed.late, text.sort_key(handed.name)))


def _below(workspace: Workspace) -> list[tuple[str, str]]:
    """Code and name of the units that hand over to this one; the one above is none of them."""
    own = workspace.identity.unit
    above = text.fold(own.parent)
    named = {p.unit: p.name for p in workspace.store.partners.list() if p.level == "lower" and not p.ended}
    return [
        (unit, name)
        for unit, name in named.items()
        if unit != own.code and (not above or above not in (text.fold(unit), text.fold(name)))
    ]


def _received(workspace: Workspace) -> dict[str, list[PackageEntry]]:
    """The packages that came and still count, by the unit that made them, newest first."""
    found: dict[str, list[PackageEntry]] = {}
    for entry in workspace.store.packages.list():
        told = entry.details
        if entry.direction == "in" and not told.get("answers") and not told.get("undone"):
            found.setdefault(told["unit"], []).append(entry)
    return found


def _handed(
    workspace: Workspace, unit: str, name: str, entries: Sequence[PackageEntry], period: str, is_due: bool
) -> Handed:
    if not entries:
        return Handed(unit=unit, name=name, late=is_due)
    covered = any(periods.reaches(entry.period, period) for entry in entries)
    last = max(entries, key=lambda entry: periods.last_day(entry.period) or date.min)
    return Handed(
        unit=unit,
        name=name,
        period=last.period,
        at=last.at,
        records=sum(last.details["counts"].values()),
        missing=_missing(workspace, entries),
        covered=covered,
        late=is_due and not covered,
    )


def _missing(workspace: Workspace, entries: Sequence[PackageEntry]) -> tuple[int, ...]:
    """The numbers that the packages after them asked for in vain; each laptop of a unit counts for itself."""
    known = workspace.store.setting(KNOWLEDGE, {})
    came = {(entry.details["store"], entry.details["device"], entry.details["serial"]) for entry in entries}
    open_ = (entry.details for entry in entries if entry.details["gap"] and not knows(known, entry.details["base"]))
    wanted = {(told["store"], told["device"], number) for told in open_ for number in told["missing"]}
    return tuple(sorted(number for _, _, number in wanted - came))

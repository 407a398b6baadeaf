"""Receive a folder of packages: judge every file, receive the acceptable ones singly, report the result of each."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, cached_property, partial
from pathlib import Path
from typing import Any

from kcdesk import text
from kcdesk.errors import KcdeskError, KnownError, UserError
from kcdesk.progress import Progress, ignore_progress
from kcdesk.runtime.frozen import Value, replace
from kcdesk.services.handover.collecting import periods
from kcdesk.services.handover.packages import decision_workbooks, edited_workbooks, original_requests, receiving
from kcdesk.services.handover.packages import preview as package_preview
from kcdesk.services.handover.packages.original_requests import OriginalRequest
from kcdesk.services.handover.packages.preview import Preview
from kcdesk.services.handover.trust import partners
from kcdesk.services.staff import units_below
from kcdesk.services.workspace import Workspace
from kcdesk.store.reader import Reader

Passwords = Mapping[str, str]  # by file name, for files with a password of their own

_SUFFIXES = (".xlsx", ".xlsm", ".xlsb", ".xls", ".et", ".ods", ".fods")
_NOTHING_NEW = "Không có gì mới."
_TWIN = "Cùng một gói với tệp {}."
IDENTITY = "identity"  # the code of a workbook that names a unit and its key
TRUSTED = "trusted"  # … whose key is trusted already
_CARD = "Đây là thẻ nhận diện của {} ({}), không phải gói."
_COMPARE = "Hãy gọi điện đối chiếu dấu khoá, rồi mới nhận được gói của đơn vị này."
_COMPARED = "Khoá này đã được tin cậy, không phải làm gì."
_DECISIONS = "Đây là bảng quyết định đã điền, không phải gói."
_EDITS = "Đây là gói của chính đơn vị này, đã sửa trong bảng tính."
_BY_ITSELF = "Hãy mở riêng tệp này để xem từng ô rồi nhận."
_STOPPED = "Chưa nhận vì đã dừng trước tệp này."


class FileVerdict(Value, kw_only=True):
    """The verdict on a file of the folder; `obstacle` says why it is not received ("" if it can be), `hint` what to do.

    `preview` is None for a file that could not be read.
    """

    file: Path
    preview: Preview | None = None
    obstacle: str = ""
    code: str = ""
    hint: str = ""
    twin: str = ""  # the file before it that is the same package, or the same file

    @property
    def acceptable(self) -> bool:
        """Whether the file can be received, was not received before, and is no twin of a file before it."""
        is_open = self.preview is not None and not self.preview.already
        return is_open and not self.obstacle and not self.twin

    @property
    def may_be_asked_again(self) -> bool:
        """Whether a letter may ask for the original of the file."""
        return self.code in original_requests.ASKED_FOR and not self.twin

    def to_json(self) -> dict[str, Any]:
        """The shape of the command line."""
        result = self.preview.to_json() if self.preview else {"status": "unreadable"}
        return result | {
            "file": self.file.name,
            "acceptable": self.acceptable,
            "obstacle": self.obstacle,
            "twin": self.twin,
        }


class FileResult(Value, kw_only=True):
    """The result for a file; `received` is None if it was not received, then `verdict.obstacle` says why."""

    verdict: FileVerdict
    received: receiving.Received | None = None

    @property
    def sentence(self) -> str:
        """The result as a sentence."""
        if self.received is None and self.verdict.twin:
            return _TWIN.format(self.verdict.twin)
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
        verdicts.append(file_verdict(workspace, path, (passwords or {}).get(path.name, password), reader))
        progress(index + 1, len(paths))
    return list(_with_twins(sorted(verdicts, key=_order)))


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
    backup = cache(partial(workspace.store.backup, reason="import"))
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


def original_request(workspace: Workspace, verdict: FileVerdict, password: str = "") -> OriginalRequest:
    """What the letter that asks for the original of a file says; UserError `nothing_to_ask` for other files."""
    preview = verdict.preview
    if preview is None or not verdict.may_be_asked_again:
        raise UserError(
            f"{verdict.file.name} không phải gói bị sửa hay bị hỏng nên không xin gói gốc.",
            code="nothing_to_ask",
            hint=verdict.obstacle or "Hãy nhận gói này.",
        )
    edits: list[dict[str, Any]] = []
    if verdict.code == "edited":
        edits = edited_workbooks.read_changes_of_others(workspace, verdict.file, password)["edits"]
    return OriginalRequest(
        file=verdict.file.name,
        reason=text.lower_first(verdict.obstacle),
        sender=SenderNames(workspace).of(verdict),
        period=periods.in_sentence(preview.period),
        edits=edits,
    )


class SenderNames:
    """The units that files come from; the offices are read once, however many files a folder has."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def of(self, verdict: FileVerdict) -> str:
        """The unit that a file says it comes from, or that its name points to; "" for none."""
        preview = verdict.preview
        if preview is not None and (preview.sender_name or preview.sender):
            return preview.sender_name or preview.sender
        words = f"-{text.slug(verdict.file.stem)}-"
        return next((name for code, name in self._known if code in words), "")

    @cached_property
    def _known(self) -> list[tuple[str, str]]:
        """The code of each known unit as it stands in the name of a file, and its name."""
        known = [(partner.unit, partner.name) for partner in self._workspace.store.partners.list() if not partner.ended]
        tree = units_below.units_below(self._workspace, self._workspace.today())
        known += [(office.code, office.name) for office in tree if office.code and office.exists]
        return [(f"-{text.slug(code)}-", name) for code, name in known]


def file_verdict(workspace: Workspace, path: Path, password: str = "", reader: Reader | None = None) -> FileVerdict:
    """Judge one workbook; nothing is changed."""
    try:
        preview = package_preview.preview_package(workspace, path, password, reader=reader)
    except KcdeskError as error:
        return FileVerdict(file=path, obstacle=error.message, code=error.code, hint=error.hint)
    if preview.code == "foreign" and (card := _card(path)):
        return _of_card(workspace, path, preview, card)
    if preview.code == "foreign" and decision_workbooks.is_workbook(workspace, path, password):
        return FileVerdict(file=path, preview=preview, obstacle=_DECISIONS, code="decisions", hint=_BY_ITSELF)
    if preview.code == "edited" and edited_workbooks.is_edited(workspace, path, password):
        return FileVerdict(file=path, preview=preview, obstacle=_EDITS, code="edits", hint=_BY_ITSELF)
    return FileVerdict(file=path, preview=preview, obstacle=preview.obstacle, code=preview.code, hint=preview.hint)


def _card(path: Path) -> dict[str, Any] | None:
    """What an identity workbook says, None for any other file."""
    try:
        return partners.read_identity(path)
    except KcdeskError:
        return None


def _of_card(workspace: Workspace, path: Path, preview: Preview, card: dict[str, Any]) -> FileVerdict:
    known = [partner for partner in partners.known_partners(workspace) if not partner["ended"]]
    own = partners.own_identity(workspace)
    is_trusted = card["fingerprint"] in {own["fingerprint"], *(partner["fingerprint"] for partner in known)}
    return FileVerdict(
        file=path,
        preview=replace(preview, sender=card["unit"], sender_name=card["name"]),
        obstacle=_CARD.format(card["name"], card["unit"]),
        code=TRUSTED if is_trusted else IDENTITY,
        hint=_COMPARED if is_trusted else _COMPARE,
    )


def _with_twins(verdicts: Sequence[FileVerdict]) -> Iterator[FileVerdict]:
    """Mark every file that is the same package as a file before it, or the same bytes."""
    first: dict[str, str] = {}
    for verdict in verdicts:
        key = _identity(verdict)
        yield replace(verdict, twin=first[key]) if key in first else verdict
        first.setdefault(key, verdict.file.name)


def _identity(verdict: FileVerdict) -> str:
    preview = verdict.preview
    if preview is not None and preview.package and verdict.code in ("", "unknown_sender"):
        return preview.package
    try:
        with verdict.file.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:  # taken away meanwhile: its verdict already says what is wrong
        return str(verdict.file)


def _refused(verdict: FileVerdict, obstacle: str, code: str, hint: str) -> FileVerdict:
    return FileVerdict(file=verdict.file, preview=verdict.preview, obstacle=obstacle, code=code, hint=hint)


def _order(verdict: FileVerdict) -> tuple[bool, str, int, int, str]:
    """By sender and number; of the same package the shortest name first: «a.xlsx» before «a (2).xlsx».

    Cards of known senders come last: nothing is to be done about them.
    """
    preview, name, is_done = verdict.preview, verdict.file.name, verdict.code == TRUSTED
    return (is_done, preview.sender if preview else "", preview.serial if preview else 0, len(name), name)

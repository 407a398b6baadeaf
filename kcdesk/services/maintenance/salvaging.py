"""A store with damaged pages: what the newest backup lacks, and saving what can still be read before a restore.

What is saved goes into a new folder: a store with all rows that could be read, a package that carries all its records
and can be taken in after the restore, and a text that names what is lost.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from kcdesk import moments
from kcdesk.errors import KcdeskError
from kcdesk.progress import Progress, ignore_progress
from kcdesk.runtime.frozen import Value
from kcdesk.services import catalogue
from kcdesk.services.handover.packages import sending
from kcdesk.services.handover.packages.sending import HandoverOrder
from kcdesk.services.maintenance import backup_copies
from kcdesk.services.workspace import Workspace
from kcdesk.store.safety import backup
from kcdesk.text import format_date, format_integer

TROUBLE = "Kho dữ liệu có trang bị hỏng nên chỉ mở để đọc: không ghi thêm gì để không mất thêm."
_ADVICE = "Hãy lưu những gì đọc được, khôi phục từ bản sao lưu, rồi nhận lại gói đã lưu để lấy việc làm sau bản ấy."
_NAME = "cuu-du-lieu_"  # begins the name of the folder with what was saved
_STORE, _LIST = "kho", "khong-doc-duoc.txt"
_PURPOSE = "Cứu dữ liệu của kho bị hỏng"  # noted with the sensitive values that the package holds
_TABLES = {
    "record": "hồ sơ",
    "change": "dòng lịch sử",
    "act": "việc trong lịch sử",
    "snapshot": "bản chốt",
    "kept_paper": "giấy in đã giữ",
    "package": "dòng sổ gói",
    "setting": "thiết đặt",
}


class SavedStore(Value):
    """Where everything was saved, the package in it ("" if none could be made), records, and sentences about losses."""

    folder: Path
    package: str
    records: int
    lost: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The stable shape of the command line."""
        return {
            "folder": str(self.folder),
            "package": self.package,
            "records": self.records,
            "lost": list(self.lost),
        }


def trouble(workspace: Workspace) -> str:
    """What is wrong with a store that is only read, and what to do; "" for a sound one."""
    if not workspace.store.is_damaged:
        return ""
    return f"{TROUBLE} {_about_backup(workspace)} {_ADVICE}"


def _about_backup(workspace: Workspace) -> str:
    """How old the newest backup is, a proven one if there is any, and how much was done after it."""
    folder = workspace.store.folder
    proven = next(iter(backup_copies.proven(folder)), None)
    listed = next(iter(backup_copies.listed(folder)), None)
    if proven is None and listed is None:
        return "Cạnh kho không có bản sao lưu nào; hãy tìm bản trên thẻ nhớ."
    moment = proven.moment if proven is not None else listed[1] if listed is not None else moments.now()
    at, what = moments.local(moment), "đã kiểm tra" if proven is not None else "chưa kiểm tra"
    when = f"Bản sao lưu mới nhất ({what}): {at:%H:%M} ngày {format_date(at.date())}"
    try:
        acts, records = workspace.store.done_since(
            moments.in_utc(moment.isoformat()).strftime("%Y-%m-%dT%H:%M:%S.999Z")
        )
    except KcdeskError:  # the pages with the acts are damaged too
        return f"{when}; không đếm được việc làm sau đó."
    if not acts:
        return f"{when}, có đủ việc đã làm."
    return f"{when}, thiếu {format_integer(acts)} việc làm sau đó ở {format_integer(records)} hồ sơ."


def is_saved_package(path: Path) -> bool:
    """Whether a package was saved from a damaged store: it is locked with what had opened that store."""
    return path.parent.name.startswith(_NAME)


def save_readable(
    workspace: Workspace, folder: Path, password: str = "", progress: Progress = ignore_progress
) -> SavedStore:
    """Save what can be read of a damaged store into a new folder in `folder`; the package gets `password`.

    KnownError if the disk refuses; nothing is left in `folder` then.
    """
    target = backup.free_name(folder, _NAME)
    try:
        return _save_into(target, workspace, password, progress)
    except BaseException:  # half of what can be read, left on a full stick, would be taken for all of it
        shutil.rmtree(target, ignore_errors=True)
        raise


def _save_into(target: Path, workspace: Workspace, password: str, progress: Progress) -> SavedStore:
    (target / _STORE).mkdir(parents=True, mode=0o700)
    rows = workspace.store.salvage(target / _STORE, progress)
    store = workspace.store.opened_under_key(target / _STORE)
    lost = [f"{_TABLES.get(name, name)}: {format_integer(number)}" for name, number in rows.items()]
    saved = Workspace(store, workspace.forms, catalogue.extensions())
    try:
        order = HandoverOrder(
            path=target, full=True, include_sensitive=True, password=password, purpose=_PURPOSE, with_restricted=True
        )
        package = str(sending.make(saved, order)["file"])
    except KcdeskError as error:
        package = ""
        lost.append(f"gói: {error.sentence()}")
    finally:
        records = sum(store.count(kind) for kind in workspace.forms.kinds)
        store.close()
    content = "\n".join(("Không đọc được:", *(lost or ["(không mất gì)"]), ""))
    (target / _LIST).write_text(content, encoding="utf-8")
    return SavedStore(target, package, records, tuple(lost))

"""Publishing a store: what leaves its lock is asked for by name, warned of, and entered in the history."""

from __future__ import annotations

from typing import Any

from kcdesk.publishing import parquet_files, postgresql
from kcdesk.publishing.published import Published
from kcdesk.publishing.targets import FolderTarget, target_of
from kcdesk.runtime.frozen import asdict
from kcdesk.services.records.permissions import refuse_without_purpose
from kcdesk.services.workspace import Workspace
from kcdesk.store import history
from kcdesk.store.clock import iso, now_ms

_PERSONAL = (
    "Dữ liệu cá nhân (họ tên, số căn cước, điện thoại, tệp đính kèm…) đã ra khỏi kho có khoá: chỉ người được "
    "phép mới được đọc nơi nhận, và phải xoá khi không còn cần."
)
_UNLOCKED = "Nơi nhận không có khoá của kho: ai đọc được nơi ấy đọc được số liệu đã công bố."
_PRACTICE = "Đây là kho thực hành: số liệu không thật, nơi nhận được đánh dấu như vậy."


def publish(
    workspace: Workspace,
    written: str,
    *,
    personal: bool = False,
    purpose: str = "",
    schema: str = "",
    full: bool = False,
) -> dict[str, Any]:
    """Publish to a folder or to PostgreSQL; returns what was written, with notes as sentences.

    `personal` adds personal and sensitive fields and the descriptions of files, for a `purpose` that is noted; `schema`
    and `full` concern a server.
    UserError (`no_purpose` and others) and KnownError say what stands in the way; the target then keeps what it had.
    """
    refuse_without_purpose(purpose, is_sensitive=personal)
    target = target_of(written)
    if isinstance(target, FolderTarget):
        at = iso(now_ms())
        published = parquet_files.publish_files(workspace.store, target.folder, at=at, personal=personal)
    else:
        order = postgresql.ServerOrder(personal=personal, schema=schema, full=full)
        published = postgresql.publish_tables(workspace.store, target, order)
    _enter(workspace, target.shown, published, purpose)
    return {
        "target": target.shown,
        "practice": workspace.identity.practice,
        "personal": published.personal,
        "everything": published.full,
        "lines": published.lines,
        "deleted": published.deleted,
        "tables": [asdict(count) for count in published.tables],
        "notes": [*_warnings(workspace, published), *published.notes],
    }


def _enter(workspace: Workspace, shown: str, published: Published, purpose: str) -> None:
    """Name the publication in the history; nobody undoes it, because what was read stays read."""
    persons = ", có dữ liệu cá nhân" if published.personal else ""
    with workspace.store.act(f"Công bố số liệu ra {shown}{persons}", history.NO_STEP) as act:
        act.note()
        if published.personal:
            workspace.store.note_use("exported", "", {"receiver": shown, "purpose": purpose})


def _warnings(workspace: Workspace, published: Published) -> list[str]:
    first = _PRACTICE if workspace.identity.practice else _UNLOCKED
    return [first, _PERSONAL] if published.personal else [first]

"""Attachments as they leave the store: judged, written for another program, saved where the officer chooses."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kcdesk import placing
from kcdesk.errors import UserError
from kcdesk.foreign_files.file_names import endings_of, name_faults, shown_name
from kcdesk.foreign_files.judging import FileJudgement, judge, program_fault, warning
from kcdesk.foreign_files.web_mark import mark_as_foreign
from kcdesk.services.workspace import Workspace
from kcdesk.temporary import private_files


def content(workspace: Workspace, file: dict[str, Any]) -> bytes:
    """The content of an attachment; empty if it did not arrive with its dossier."""
    if not workspace.store.files.has(file["sha256"]):
        return b""
    return workspace.store.files.read(file["sha256"])


def judged(workspace: Workspace, file: dict[str, Any]) -> FileJudgement:
    """Whether an attachment may be handed to another program; UserError `not_found` if it is not in this store."""
    return judge(file["name"], workspace.store.files.read(file["sha256"]))


def warning_of(workspace: Workspace, file: dict[str, Any]) -> str:
    """What an officer should know before saving an attachment; "" for an ordinary one."""
    return warning(file["name"], judged(workspace, file))


def take_out(workspace: Workspace, file: dict[str, Any]) -> Path:
    """Write a copy for another program into the private folder; its name tells nothing, and it cannot be changed.

    UserError `not_openable` for what may not be handed to another program.
    """
    data = workspace.store.files.read(file["sha256"])
    if refusal := warning(file["name"], judge(file["name"], data)):
        raise UserError(f"Không mở {refusal}", code="not_openable", hint="Muốn giữ tệp, hãy chọn «Lưu…».")
    path = private_files.new_file(f".{endings_of(file['name'])[0]}")
    path.write_bytes(data)
    mark_as_foreign(path)
    path.chmod(0o400)  # what somebody writes into a copy would be lost
    return path


def save_copy(workspace: Workspace, file: dict[str, Any], path: Path) -> None:
    """Write an attachment where the officer chooses, with the mark of a foreign file; KnownError as `placing.save`."""
    placing.save(workspace.store.files.read(file["sha256"]), path)
    mark_as_foreign(path)


def strange_names(names: Iterable[str]) -> str:
    """A sentence about the files of a package that can only be saved, by their names alone; "" for none."""
    strange = [shown_name(name) for name in names if name_faults(name) or program_fault(name)]
    if not strange:
        return ""
    some = ", ".join(f"«{name}»" for name in strange[:3]) + ("…" if len(strange) > 3 else "")
    return f"Gói kèm {len(strange)} tệp là chương trình hoặc có tên khả nghi ({some}): chỉ lưu được, không mở được."

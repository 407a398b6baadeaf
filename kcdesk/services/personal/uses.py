"""«Ai đã xem, in, gửi»: the log of personal values, and what of it an opened record adds."""

from __future__ import annotations

from collections.abc import Iterable

from kcdesk import moments, text
from kcdesk.errors import UserError
from kcdesk.formdef.personal import sensitive_values
from kcdesk.runtime.frozen import Value
from kcdesk.services.workspace import Workspace
from kcdesk.store.personal.kept import PersonalUse

LABELS = {
    "opened": "mở xem dữ liệu nhạy cảm",
    "printed": "in",
    "exported": "gửi, kết xuất",
    "answered": "in cho người ấy",
    "forgotten": "xoá câu gợi ý có nhắc đến người",
}
_DETAILS = {
    "purpose": "mục đích: {}",
    "receiver": "nơi nhận: {}",
    "personal": "{} mục dữ liệu cá nhân",
    "kind": "{}",
    "records": "{} hồ sơ",
    "file": "tệp {}",
    "sentences": "{} câu",
}


class UseLine(Value):
    """One use in words; `record` is the id of the record, "" for an export of many."""

    at: str
    officer: str
    what: str
    record: str
    title: str
    details: str


def note_opened(workspace: Workspace, record: str) -> None:
    """Note that an officer has opened a record with sensitive values; once in some minutes."""
    stored = workspace.store.record(record)
    if any(sensitive_values(stored.form, stored.data)):
        workspace.store.note_use("opened", record, {})


def use_lines(workspace: Workspace, records: Iterable[str] | None = None) -> list[UseLine]:
    """The newest uses in words, newest first, of all or of these records."""
    return [_line(workspace, use) for use in workspace.store.personal.uses(records)]


def _line(workspace: Workspace, use: PersonalUse) -> UseLine:
    at = moments.local(use.at)
    layout = workspace.layouts.get(str(use.details.get("paper", "")))
    parts = [form.format(use.details[name]) for name, form in _DETAILS.items() if use.details.get(name)]
    details = "; ".join([*([layout.label] if layout is not None else []), *parts])
    when = f"{text.format_date(at.date())} {at:%H:%M}"
    return UseLine(when, use.officer, LABELS.get(use.what, use.what), use.record, _title(workspace, use), details)


def _title(workspace: Workspace, use: PersonalUse) -> str:
    try:
        return workspace.store.get(use.record).title(workspace.forms) if use.record else ""
    except UserError:  # undone as if it had never been
        return ""

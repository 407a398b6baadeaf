"""A laptop died without a backup: what its last package tells of the unit, so that a new store can take its place."""

from __future__ import annotations

from pathlib import Path

from kcdesk.errors import UserError
from kcdesk.exchange.verification import inspect_package


def told_by(path: Path, password: str = "") -> dict[str, str]:
    """Who made a package: {"unit", "code", "province", "level", "parent", "officer", "officer_title"}.

    `parent` is empty for a package that did not go up. UserError `locked` for a password that is missing or wrong,
    `not_a_package` for any other file.
    """
    found = inspect_package(path, password, {})
    if found.status == "locked":
        raise UserError("Gói có mật khẩu và mật khẩu chưa đúng.", code="locked", hint="Hãy nhập mật khẩu của gói.")
    if found.manifest is None or found.status not in ("authentic", "unknown_sender"):
        raise UserError(
            f"«{path.name}» không phải là gói nguyên vẹn mà máy cũ đã kết xuất.",
            code="not_a_package",
            hint="Hãy chọn gói khác, hoặc xin tỉnh gửi lại.",
        )
    sender, receiver = found.manifest.sender, found.manifest.receiver
    return {
        "unit": sender.name,
        "code": sender.unit,
        "province": sender.province,
        "level": sender.level,
        "parent": receiver.name if receiver.level == "province" and sender.level == "lower" else "",
        "officer": sender.officer,
        "officer_title": sender.officer_title,
    }

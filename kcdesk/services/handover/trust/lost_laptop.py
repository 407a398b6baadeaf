"""Replace a lost laptop without a backup: read the unit's data from its last package for a new store."""

from __future__ import annotations

from pathlib import Path

from kcdesk.errors import UserError
from kcdesk.exchange.verification import inspect_package
from kcdesk.formdef.loading.loader import load


def maker_of(path: Path, password: str = "") -> dict[str, str]:
    """The maker of a package: {"unit", "code", "province", "level", "parent", "officer", "officer_title"}.

    "parent" is "" for a package that was not sent upwards. UserError `locked` for a missing or wrong password,
    `not_a_package` for any other file.
    """
    inspection = inspect_package(path, password, {})
    if inspection.status == "locked":
        raise UserError("Gói có mật khẩu và mật khẩu chưa đúng.", code="locked", hint="Hãy nhập mật khẩu của gói.")
    if inspection.manifest is None or inspection.status not in ("authentic", "unknown_sender"):
        raise UserError(
            f"«{path.name}» không phải là gói nguyên vẹn mà máy cũ đã kết xuất.",
            code="not_a_package",
            hint="Hãy chọn gói khác, hoặc xin tỉnh gửi lại.",
        )
    sender, receiver = inspection.manifest.sender, inspection.manifest.receiver
    return {
        "unit": sender.name,
        "code": sender.unit,
        "province": sender.province,
        "level": sender.level,
        "parent": receiver.name if load().levels.is_above(receiver.level, sender.level) else "",
        "officer": sender.officer,
        "officer_title": sender.officer_title,
    }

"""What stands above the records of a package: who made it, when, for what period, and whether it can be taken in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from kcdesk.services.handover.collecting import periods
from kcdesk.services.handover.packages.preview import Preview
from kcdesk.ui.handover.package_names import package_type
from kcdesk.ui.toolkit import wording


def facts(path: Path, preview: Preview) -> str:
    """Return sender, period, type, time, file and key of a package, as lines of text."""
    sender = f"{preview.sender_name} ({preview.sender})" if preview.sender_name else preview.sender
    parts: tuple[Mapping[str, str], ...] = (
        {"Nơi gửi": sender},
        {
            "Kỳ": periods.name(preview.period),
            "Loại": package_type(preview.type),
            "Lập lúc": wording.moment(preview.made_at),
            "Tệp": path.name,
        },
        {"Dấu khoá ký": preview.fingerprint},
    )
    lines = (" · ".join(f"{label}: {text}" for label, text in line.items() if text) for line in parts)
    return "\n".join(line for line in lines if line)


def tone(preview: Preview) -> str:
    """The tone of the sentence about a package."""
    if preview.code == "unknown_sender":
        return "waiting"
    if preview.already:
        return "neutral"
    return "wrong" if preview.obstacle else "good"

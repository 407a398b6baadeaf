"""The practice stores of the measures: a province, and units below it."""

from __future__ import annotations

from pathlib import Path

from kcdesk.services.maintenance import opening
from kcdesk.services.workspace import Workspace

_PROVINCE = "Sở đo tốc độ"


def province(folder: Path) -> Workspace:
    """A new store of the province."""
    return _made(folder, "SO", _PROVINCE, "province")


def unit(folder: Path, code: str = "DV") -> Workspace:
    """A new store of a unit below it."""
    return _made(folder, code, f"Đơn vị đo tốc độ {code}", "lower")


def _made(folder: Path, code: str, name: str, level: str) -> Workspace:
    answers = opening.NewStore(
        unit=name,
        code=code,
        level=level,
        province="Lạng Sơn",
        parent=_PROVINCE,
        officer="Người đo",
        practice=True,
    )
    return opening.create_workspace(folder, answers)[0]

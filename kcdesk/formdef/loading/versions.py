"""Checks the versions of definitions: unique numbers, no overlapping periods, no days without a version."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Protocol

from kcdesk import text
from kcdesk.formdef.loading.toml_reader import Faults


class Versioned(Protocol):
    """A definition with a version number, in force from a day until another day, or until further notice."""

    @property
    def version(self) -> int: ...
    @property
    def effective_from(self) -> date: ...
    @property
    def effective_to(self) -> date | None: ...


def check_versions(faults: Faults, entries: Sequence[tuple[str, str, Versioned]]) -> None:
    """Check the definitions of all files, given as (file, name, definition); faults are those of the later file."""
    by_name: dict[str, list[tuple[str, Versioned]]] = {}
    for file, name, entry in entries:
        _check_number(faults, file, name, entry, by_name.setdefault(name, []))
        by_name[name].append((file, entry))
        if entry.effective_to is not None and entry.effective_to < entry.effective_from:
            faults.add(file, name, "ngày hết hiệu lực trước ngày có hiệu lực", "hãy sửa một trong hai ngày")
    for name, versions in by_name.items():
        for (_, entry), (file, following) in pairwise(sorted(versions, key=lambda item: item[1].effective_from)):
            _check_gap(faults, file, name, entry, following)


def _check_number(
    faults: Faults, file: str, name: str, entry: Versioned, earlier: Sequence[tuple[str, Versioned]]
) -> None:
    for other_file, other in earlier:
        if entry.version == other.version:
            faults.add(file, name, f"phiên bản {entry.version} đã có trong {other_file}")
        elif _overlap(entry, other):
            hint = "hãy ghi ngày hết hiệu lực của bản trước"
            faults.add(file, name, f"thời gian hiệu lực trùng với {other_file}", hint)


def _check_gap(faults: Faults, file: str, name: str, entry: Versioned, following: Versioned) -> None:
    if entry.effective_to is None or entry.effective_to + timedelta(days=1) >= following.effective_from:
        return
    first, last = entry.effective_to + timedelta(days=1), following.effective_from - timedelta(days=1)
    gap = f"từ {text.format_date(first)} đến {text.format_date(last)}"
    faults.add(file, name, f"không có quy định cho thời gian {gap}", "hãy nối liền ngày hiệu lực")


def _overlap(left: Versioned, right: Versioned) -> bool:
    first, second = sorted((left, right), key=lambda item: item.effective_from)
    return first.effective_to is None or first.effective_to >= second.effective_from

"""A file of rules that an office changed, over a later one of the program: line by line, neither hides the other.

What the office changed is what differs between its file and the one that was in force when it was taken in (the base).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import tomlkit

from kcdesk.errors import UserError
from kcdesk.formdef.loading.loader import load
from kcdesk.formdef.regulations import areas, deadlines, eligibility, norms, priorities, procedures

_KEYS = ("id", "code", "name", "kind", "value", "effective_from")
_GONE = object()


def merged_text(base: str, current: str, edited: str) -> str:
    """The office's file over the current one; `edited` itself where nothing else has changed since, or is no TOML."""
    if current == base:
        return edited
    if edited == base:
        return current
    try:
        parts = [tomllib.loads(content) for content in (base, current, edited)]
    except tomllib.TOMLDecodeError:
        return edited
    if any("version" in part for part in parts):  # a version is never replaced
        return edited
    return tomlkit.dumps(_merged_table(*parts))


def can_be_used(folder: Path) -> bool:
    """Whether the definitions of a folder agree with each other after files were merged."""
    try:
        forms = load(folder)
        for read in (norms.load, eligibility.load, priorities.load, procedures.load, deadlines.load, areas.load):
            read(folder, forms)
    except UserError:
        return False
    return True


def _merged_table(base: Mapping[str, Any], current: Mapping[str, Any], edited: Mapping[str, Any]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for key in dict.fromkeys((*edited, *current)):
        before, now, own = (table.get(key, _GONE) for table in (base, current, edited))
        is_list = all(value is _GONE or _is_table_list(value) for value in (before, now, own))
        value = _merged_list(before, now, own) if is_list else _chosen(before, now, own)
        if value is not _GONE and value != []:
            merged[key] = value
    return dict(sorted(merged.items(), key=lambda item: _is_table_list(item[1])))


def _chosen(before: Any, now: Any, own: Any) -> Any:
    """What the office says if it changed it, else what the program says now."""
    return now if own == before else own


def _merged_list(before: Any, now: Any, own: Any) -> list[dict[str, Any]]:
    """The entries of a list, each group of the same name as a whole."""
    old, new, ours = (_groups(entries) for entries in (before, now, own))
    asked = {**ours, **new}
    chosen = {name: _chosen(*(groups.get(name, _GONE) for groups in (old, new, ours))) for name in asked}
    order = _order([*ours], [*new])
    return [entry for name in order if chosen[name] is not _GONE for entry in chosen[name]]


def _order(ours: Iterable[str], new: Iterable[str]) -> list[str]:
    """The names in the order of the office; one that only the program has stands behind its neighbour there."""
    order = [*ours]
    place = 0
    for name in new:
        if name in order:
            place = order.index(name) + 1
        else:
            order.insert(place, name)
            place += 1
    return order


def _groups(entries: Any) -> dict[str, list[dict[str, Any]]]:
    """The entries by name; periods of one rule that stand one after the other are one group."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for number, entry in enumerate(entries if isinstance(entries, list) else ()):
        name = next((f"{key} {entry[key]}" for key in _KEYS if key in entry), f"number {number}")
        groups.setdefault(name, []).append(entry)
    return groups


def _is_table_list(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(entry, dict) for entry in value)

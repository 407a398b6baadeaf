"""The days from which two sets of rules differ: today, and the first days that only one of them names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.law.register import LawRegister
from kcdesk.formdef.loading.toml_reader import Faults, read_toml

_FIRST, _LAST = ("effective_from", "issued_on", "changed_by"), "effective_to"
_MOST = 3  # days that are compared: today, the next one, the last one


def days_of_change(before: Forms, after: Forms, today: date) -> list[date]:
    """The days on which the answers of two sets of rules are compared, today first; all but it lie ahead.

    Rules of next year change nothing today: they are asked about the day on which they hold.
    """
    named = _named(before, after) ^ _named(after, before)
    ahead = sorted(day for day in named if day > today)
    return [today, *ahead] if len(ahead) < _MOST else [today, ahead[0], ahead[-1]]


def _named(forms: Forms, other: Forms) -> set[date]:
    """The first days in the definitions that differ from the other ones."""
    days = {day for path in _different(forms.folder, other.folder) for day in _days_in(path)}
    return days | set(_days_of_register(forms.law))


def _different(folder: Path, other: Path) -> Iterator[Path]:
    """The files that the other folder does not have with the same content."""
    for path in sorted(folder.rglob("*.toml")) if folder != other else ():
        twin = other / path.relative_to(folder)
        if not twin.is_file() or twin.read_bytes() != path.read_bytes():
            yield path


def _days_in(path: Path) -> Iterator[date]:
    yield from _days(read_toml(path, path.name, Faults()) or {})


def _days(value: Any) -> Iterator[date]:
    if isinstance(value, dict):
        yield from (day for name in _FIRST if isinstance(day := value.get(name), date))
        if isinstance(last := value.get(_LAST), date) and last < date.max:
            yield last + timedelta(days=1)
        for child in value.values():
            yield from _days(child)
    elif isinstance(value, list):
        for child in value:
            yield from _days(child)


def _days_of_register(law: LawRegister) -> Iterator[date]:
    for entry in law.instruments:
        yield from (day for day in (entry.effective_from, entry.issued_on) if day)
    yield from (check.until + timedelta(days=1) for check in law.checks if check.until < date.max)

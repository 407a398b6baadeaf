"""Definitions that were read and checked once, as plain data that a store keeps; a start takes out what it needs.

The data is JSON and names only classes of definitions: whatever it says, nothing runs. It is believed because of the
place that it comes from, the encrypted store, and only for the files and the reader that `key` stands for.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Generic, TypeVar, cast

from kcdesk.formdef.activities import Activity
from kcdesk.formdef.forms import FormHead, Forms, SharedChoices
from kcdesk.formdef.law.checks import LawCheck
from kcdesk.formdef.law.instruments import Instrument, TransitionRule
from kcdesk.formdef.law.law_files import InstrumentsFile
from kcdesk.formdef.model import (
    Check,
    Checklist,
    Choice,
    Field,
    Form,
    Outline,
    Section,
    State,
    Transition,
    Wait,
    Workflow,
)
from kcdesk.formdef.regulations.levels import Level, Levels
from kcdesk.runtime.frozen import Value, differing_fields

T = TypeVar("T")

_LARGEST = 1 << 25  # bytes of unpacked data; the shipped definitions have less than a tenth
_CLASS, _DAY = "$", "$day"
_CLASSES: Mapping[str, Callable[..., object]] = {
    cls.__name__: cls
    for cls in (
        Activity,
        Check,
        Choice,
        Field,
        Form,
        Instrument,
        InstrumentsFile,
        LawCheck,
        Level,
        Section,
        SharedChoices,
        State,
        Transition,
        TransitionRule,
        Wait,
        Workflow,
    )
}
ReadChecklists = Callable[[Forms], tuple[Checklist, ...]]
ReadOutlines = Callable[[Forms], tuple[Outline, ...]]


def packed(forms: Forms, key: str) -> bytes:
    """These definitions for `unpacked`, with what has been worked out from them and is plain data."""
    named: dict[str, object] = {
        **{f"form {form.reference}": form for form in forms.all},
        **{f"workflow {kind}": workflow for kind, workflow in forms.workflows.items()},
        **{f"shared {name}": shared for name, shared in forms.shared.items()},
    }
    head = {
        "heads": [tuple(head) for head in forms.heads],
        "activities": forms.activities,
        "levels": forms.levels.all,
        "law": forms.law_contents,
        "names": list(named),
    }
    lines = [_line(head), _line(forms.worked_out), *map(_line, named.values())]
    body = zlib.compress("\n".join(lines).encode())
    return f"{key} {hashlib.sha256(body).hexdigest()}\n".encode() + body


def unpacked(
    kept: bytes, key: str, folder: Path, read_checklists: ReadChecklists, read_outlines: ReadOutlines
) -> Forms | None:
    """The definitions that were packed under this key; None for others, and for data that is not whole."""
    first, _, body = kept.partition(b"\n")
    if not kept or first != f"{key} {hashlib.sha256(body).hexdigest()}".encode():
        return None
    lines = zlib.decompressobj().decompress(body, _LARGEST).decode().split("\n")
    head = _restored(json.loads(lines[0]))
    named = dict(zip(head["names"], lines[2:], strict=True))
    forms = Forms(
        _Later[Form](named, "form "),
        _Later[SharedChoices](named, "shared "),
        head["activities"],
        _Later[Workflow](named, "workflow "),
        read_checklists,
        read_outlines,
        folder,
        Levels(head["levels"]),
        heads=tuple(FormHead(*entry) for entry in head["heads"]),
    )
    forms.take_over(head["law"], json.loads(lines[1]))
    return forms


class _Later(Mapping[str, T], Generic[T]):
    """Definitions by name, each taken out of its line when it is first asked for."""

    def __init__(self, lines: Mapping[str, str], prefix: str) -> None:
        self._lines = {name.removeprefix(prefix): line for name, line in lines.items() if name.startswith(prefix)}
        self._made: dict[str, T] = {}

    def __getitem__(self, name: str) -> T:
        if name not in self._made:
            self._made[name] = cast("T", _restored(json.loads(self._lines[name])))
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)


def _line(value: object) -> str:
    return json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"))


def _plain(value: object) -> object:
    """JSON for a definition: an instance of a class has its name and what differs from the defaults."""
    if isinstance(value, Value):
        differing = {item.name: _plain(getattr(value, item.name)) for item in differing_fields(value)}
        return {_CLASS: type(value).__name__, **differing}
    if isinstance(value, Mapping):
        return {name: _plain(entry) for name, entry in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(entry) for entry in value]
    return {_DAY: value.isoformat()} if isinstance(value, date) else value


def _restored(value: Any) -> Any:
    """What `_plain` was given, with tuples for lists and read-only mappings."""
    if isinstance(value, list):
        return tuple(map(_restored, value))
    if not isinstance(value, dict):
        return value
    if _DAY in value:
        return date.fromisoformat(value[_DAY])
    inner = {name: _restored(entry) if isinstance(entry, list | dict) else entry for name, entry in value.items()}
    name = inner.pop(_CLASS, "")
    return _CLASSES[name](**inner) if name else MappingProxyType(inner)

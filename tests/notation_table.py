"""The table of notations (`data/notations.toml`) as tests use it: each text or cell with its one right reading."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from kcdesk.formdef.model import Field
from kcdesk.runtime.frozen import Value

TODAY = date(2026, 3, 5)  # the day on which the dates of the table are read
REFUSED = object()  # the reading of what every door refuses
KINDS = (
    "money", "integer", "decimal", "percent", "date", "year", "time", "phone", "tax_code", "citizen_id", "yes_no",
    "email",
)  # fmt: skip


class Notation(Value):
    """One row: `meanings` are the two ways to write what the officer is asked about."""

    kind: str
    text: str
    reading: Any
    meanings: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The row as a failure names it, with unseen marks visible."""
        return f"{self.kind} {self.text!a}"


class NativeCell(Value):
    """One cell that holds no text: the value in the file, its type and number format, what each kind of field reads."""

    native: Any
    type: str
    format: str
    reads: dict[str, Any]

    def reading(self, kind: str) -> Any:
        """What a field of this kind reads, REFUSED unless the table names it."""
        return self.reads.get(kind, REFUSED)


def notations() -> Iterator[Notation]:
    """Every row of the table."""
    for group in _table()["notations"]:
        for text, reading, *meanings in group["rows"]:
            refused = reading in ("ask", "refuse")
            yield Notation(group["kind"], text, REFUSED if refused else reading, tuple(meanings))


def native_cells() -> Iterator[NativeCell]:
    """Every cell of the table that holds no text."""
    for row in _table()["cells"]:
        yield NativeCell(row["native"], row.get("type", ""), row.get("format", "General"), row["reads"])


def field_of(kind: str, name: str = "x", **more: Any) -> Field:
    """A field of a kind, as the table means it: people are counted in «người»."""
    return Field(name=name, type=kind, label="Ô", unit={"integer": "người", "money": "đồng"}.get(kind, ""), **more)


def _table() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "data" / "notations.toml").read_text("utf-8"))

"""What a sheet will write: new records and changes of stored ones, with the rows and cells from which they come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from kcdesk.runtime.frozen import Value

Status = Literal["new", "joined", "changed", "refused", "ignored"]


@dataclass(slots=True)
class PlannedRecord:
    """A record as the sheet wants it: values by field, rows to add or to change by table."""

    kind: str
    id: str
    is_new: bool
    why: str = ""
    fields: dict[str, Any] = field(default_factory=dict)
    added: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    cells: dict[str, Any] = field(default_factory=dict)  # of rows of tables that stand in the store: by path
    rows: list[int] = field(default_factory=list)

    @property
    def is_changed(self) -> bool:
        """Whether anything is written."""
        return self.is_new or bool(self.fields or self.added or self.cells)

    @property
    def changed_names(self) -> list[str]:
        """The names of the fields and tables that change."""
        tables = {path.partition("/")[0] for path in self.cells}
        return sorted({*self.fields, *self.added, *tables})


class RowVerdict(Value):
    """What becomes of a row: its status, the record that it means, why, and the fields that change."""

    row: int
    status: Status
    id: str = ""
    why: str = ""
    fields: Sequence[str] = ()


class RefusedCell(Value):
    """A cell, or a row by its first cell, that is not taken, and the sentence that says why."""

    cell: str
    reason: str
    row: int = 0
    is_left_out: bool = False  # of a column that means no field


class AskedCell(Value):
    """A cell, or an area, about which somebody should be asked: what it is read as, and the question."""

    cell: str
    reading: str
    question: str
    row: int = 0
    is_join: bool = False  # whether the row means a record of a like name
    is_left_out: bool = False  # of a column that means no field
    command_advice: str = ""  # what settles it at the command line; the window has its own inputs

    @property
    def command_question(self) -> str:
        """The question as the command line asks it."""
        return f"{self.question} {self.command_advice}".rstrip()


@dataclass(slots=True)
class SheetJudgement:
    """What a sheet means for the store; nothing is written yet."""

    kind: str
    plans: dict[str, PlannedRecord] = field(default_factory=dict)  # by id, in the order in which they are written
    verdicts: list[RowVerdict] = field(default_factory=list)
    refused: list[RefusedCell] = field(default_factory=list)
    asked: list[AskedCell] = field(default_factory=list)
    linked: list[Mapping[str, Any]] = field(default_factory=list)  # records of other kinds that rows name
    taken: dict[str, str] = field(default_factory=dict)  # the mark of each good row, with its record

    @property
    def own_records(self) -> int:
        """How many records of the kind itself are written; the others are those that their rows name."""
        return sum(plan.kind == self.kind for plan in self.to_write)

    @property
    def to_write(self) -> list[PlannedRecord]:
        """The records that are made or changed, those that others name first."""
        written = [plan for plan in self.plans.values() if plan.is_changed]
        return sorted(written, key=lambda plan: plan.kind == self.kind)

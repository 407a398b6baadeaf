"""Rows of tables that a sheet fills: added, or put into a row of the record that is the same line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kcdesk.formdef.model import Field, Form
from kcdesk.formdef.types.registry import type_of
from kcdesk.services.intake.known_records import comparable
from kcdesk.services.intake.planned_records import PlannedRecord
from kcdesk.sheets.matching.kind_words import KindWords


class PlannedRows:
    """Plans the rows of the tables of one kind."""

    def __init__(self, form: Form, words: KindWords) -> None:
        self._form, self._words = form, words
        self._used: set[tuple[str, str]] = set()  # rows of stored records that a row of this sheet means

    def put(
        self,
        plan: PlannedRecord,
        stored: Mapping[str, Any],
        tables: Mapping[str, Mapping[str, Any]],
        choices: Mapping[str, Mapping[str, Any]],
        own: Mapping[str, Any],
    ) -> list[str]:
        """Plan the rows that a row of the sheet fills; returns the names of the tables that change."""
        changed = []
        for name, cells in tables.items():
            line = self._named(name, dict(cells), own, stored)
            if self._put_row(plan, self._form.field(name), line, stored):
                changed.append(name)
        for name, numbers in choices.items():
            table = self._form.field(name)
            for choice, number in numbers.items():
                line = {table.columns[0].name: choice, table.columns[1].name: number}
                if self._put_row(plan, table, line, stored):
                    changed.append(name)
        return changed

    def _named(
        self, table: str, line: dict[str, Any], own: Mapping[str, Any], stored: Mapping[str, Any]
    ) -> dict[str, Any]:
        """A row with what it is called, taken from the record if the sheet does not say it."""
        for path, source in self._words.item_from.items():
            outer, _, column = path.partition(".")
            if outer == table and not line.get(column) and (name := own.get(str(source)) or stored.get(str(source))):
                line[column] = name
        return line

    def _put_row(self, plan: PlannedRecord, table: Field, line: dict[str, Any], stored: Mapping[str, Any]) -> bool:
        names = [column.name for column in table.columns if column.required and not _is_amount(column)]
        for row in stored.get(table.name) or ():
            key = (plan.id, row["id"])
            if key not in self._used and all(comparable(row.get(name)) == comparable(line.get(name)) for name in names):
                self._used.add(key)
                return self._change(plan, table, row, line)
        plan.added.setdefault(table.name, []).append(line)
        return True

    def _change(self, plan: PlannedRecord, table: Field, row: Mapping[str, Any], line: Mapping[str, Any]) -> bool:
        """Plan the cells of a stored row that differ."""
        different = {
            f"{table.name}/{row['id']}/{name}": value
            for name, value in line.items()
            if value is not None and comparable(row.get(name)) != comparable(value)
        }
        plan.cells.update(different)
        return bool(different)


def _is_amount(column: Field) -> bool:
    return type_of(column).adds_up

"""Cells of a table as a spreadsheet copies and pastes them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from kcdesk.bounded import limits
from kcdesk.text import disarmed, rearmed
from kcdesk.ui.form.table_model import RowsModel


def copied(model: RowsModel, cells: Iterable[tuple[int, int]]) -> str:
    """Return rows of cells separated by tabs; the empty row for adding one is no row of the table."""
    chosen = sorted((row, column) for row, column in cells if row < len(model.rows))
    text = io.StringIO()
    writer = csv.writer(text, dialect="excel-tab", lineterminator="\n")
    for row in sorted({row for row, _ in chosen}):
        writer.writerow([disarmed(str(model.data(model.index(*cell)) or "")) for cell in chosen if cell[0] == row])
    return text.getvalue()


def pasted(text: str) -> list[list[str]]:
    """Split a copied range into cells; quotes enclose cells with several lines. [] for what is too much for a table."""
    if len(text) > limits.TABLE.bytes:
        return []
    lines = csv.reader(io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n")), dialect="excel-tab")
    return [list(map(rearmed, line)) for line in lines]

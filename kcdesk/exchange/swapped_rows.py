"""Rows whose visible cells are those of another row: somebody sorted a sheet without its hidden columns.

Then every value stands beside the wrong key, and each of them can be read. Taken in, it would be a decision on another
dossier.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Generic, TypeVar

from kcdesk.exchange.workbook.cells import to_cell
from kcdesk.formdef.types.base import Cell, ReadCell
from kcdesk.store.reader import Reader

Key = TypeVar("Key")
Cells = tuple[ReadCell, ...]


class SwappedRows(Generic[Key]):
    """Compares the visible cells of the rows of a sheet with those that were written, both by key."""

    def __init__(self, shown: Callable[[Key], Cells | None], written: Callable[[], Mapping[Key, Cells]]) -> None:
        self._shown = shown  # None for a key without a row
        self._make_written = written  # called only if a row differs: it computes every cell of the sheet

    def owner(self, key: Key) -> Key | None:
        """The key whose visible cells stand in the row of `key` and no longer in its own; None for the usual row."""
        cells = self._shown(key)
        if cells is None or cells == self._written.get(key):
            return None
        owner = self._owners.get(cells)
        return owner if owner is not None and self._shown(owner) != cells else None

    @cached_property
    def _written(self) -> Mapping[Key, Cells]:
        return self._make_written()

    @cached_property
    def _owners(self) -> dict[Cells, Key]:
        return {cells: key for key, cells in self._written.items()}


def written_cell(cell: Cell) -> Cell:
    """A cell as it comes back if nobody changes it."""
    shown = to_cell(cell)
    return None if shown == "" else shown


def swapped_sentence(reader: Reader, owner: str) -> str:
    """Why such a row is refused; `owner` is the record whose cells stand in it."""
    title = reader.get(owner).title(reader.forms)
    return (
        f"Các ô đang hiện trong dòng này là của hồ sơ «{title}»: có lẽ bảng đã được sắp xếp mà bỏ sót các cột ẩn. "
        "Hãy sắp xếp lại cả dòng, hoặc điền vào bảng gốc."
    )

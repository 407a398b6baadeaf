"""The coloured copy of the user's own sheet: beside the given file, or where it was asked for."""

from __future__ import annotations

from pathlib import Path

from kcdesk import placing
from kcdesk.errors import KcdeskError
from kcdesk.services.intake.sheet_loading import LoadedSheet
from kcdesk.sheets.files.checked_book import checked_book
from kcdesk.sheets.files.marked_cells import MarkedCell

_SUFFIX = ".checked.xlsx"


def checked_place(path: Path) -> Path:
    """Where the copy of a file stands: «danh-sach.checked.xlsx» beside «danh-sach.xlsx»; of a copy it is the same."""
    stem = path.name.removesuffix(_SUFFIX) if path.name.endswith(_SUFFIX) else path.stem
    return path.with_name(f"{stem}{_SUFFIX}")


def marked_cells(loaded: LoadedSheet) -> list[MarkedCell]:
    """The cells to colour: those that are refused, and those about which is asked; of an area the first one."""
    refused = [MarkedCell(cell.cell, True, cell.reason) for cell in loaded.judged.refused]
    asked = [
        MarkedCell(cell.cell.partition(":")[0], False, " ".join(filter(None, (cell.question, _offer(cell.reading)))))
        for cell in loaded.judged.asked
    ]
    return list(dict.fromkeys([*refused, *asked]))


def _offer(reading: str) -> str:
    return f"Đọc được: {reading}." if reading else ""


def write_checked(loaded: LoadedSheet, place: Path) -> str:
    """Write the copy; returns its place. UserError if the sheet is too large for it, KnownError of the disk."""
    given = loaded.order.path.read_bytes()
    placing.save(checked_book(given, loaded.book, loaded.layout.sheet.name, marked_cells(loaded)), place)
    return str(place)


def write_beside(loaded: LoadedSheet) -> str:
    """Write the copy beside the given file if there is anything to look at; "" if there is not.

    The load goes on without the copy where it cannot be written, as on a full or write-protected stick: a note says so.
    """
    if not marked_cells(loaded):
        return ""
    try:
        return write_checked(loaded, checked_place(loaded.order.path))
    except KcdeskError as error:
        loaded.notes = (*loaded.notes, f"Không ghi được bảng tô màu: {error.message}")
        return ""

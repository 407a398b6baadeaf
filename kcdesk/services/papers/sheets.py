"""Papers without a record: lists, letters and sheets about a day, a period or a package; lists as workbooks."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from kcdesk import placing
from kcdesk.documents.blocks import Document
from kcdesk.runtime.frozen import Value
from kcdesk.services.papers import letterhead, printing
from kcdesk.services.papers.filling import with_notes
from kcdesk.services.workspace import Workspace


class Topic(Value):
    """The subject of a paper without a record: a day, a period, a package; `content` is a hash of what it prints."""

    id: str
    name: str
    content: str = ""
    revision: int = 0

    def answers_hash(self) -> str:
        """The hash in the code of the paper; "" for a sheet that is never signed."""
        return self.content


def filled_sheet(workspace: Workspace, layout: str, values: Mapping[str, Any]) -> Document:
    """Fill a layout with its subject and rows, and with what any sheet may name: office, officer, practice, today."""
    identity = workspace.identity
    around = {
        "unit": letterhead.unit_on_paper(workspace),
        "officer": identity.officer,
        "practice": identity.practice,
        "today": workspace.today().isoformat(),
    }
    definition = workspace.layouts[layout]
    return with_notes(workspace, definition, definition.render(around | dict(values)), workspace.today())


def print_sheet(workspace: Workspace, layout: str, values: Mapping[str, Any], pdf: Path) -> dict[str, Any]:
    """Write a sheet as PDF; returns {"pdf", "pages"}. KnownError if the file cannot be written."""
    return write_sheet(filled_sheet(workspace, layout, values), pdf)


def write_sheet(sheet: Document, pdf: Path | None = None, docx: Path | None = None) -> dict[str, Any]:
    """Write a sheet as PDF, for Word, or both; returns {"pdf", "pages", "docx"}, what was written of them.

    KnownError if a file cannot be written.
    """
    written: dict[str, Any] = {}
    if pdf is not None:
        printing.write_pdf(sheet, pdf)
        written |= {"pdf": str(pdf), "pages": printing.page_count(pdf)}
    if docx is not None:
        printing.write_docx(sheet, docx)
        written["docx"] = str(docx)
    return written


def write_table(
    path: Path,
    name: str,
    title: str,
    columns: Sequence[tuple[str, float]],
    rows: Iterable[Sequence[str]],
    *,
    note: str = "",
) -> None:
    """Write a workbook with one sheet: its title, the heads of the columns, texts below them, a note at the end.

    `columns` are heads with their widths in characters. KnownError if the file cannot be written.
    """
    from openpyxl import Workbook  # openpyxl takes 150 ms

    from kcdesk.exchange.workbook import looks  # openpyxl takes 150 ms

    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(name)
    looks.set_widths(sheet, [width for _head, width in columns])
    sheet.freeze_panes = "A3"
    looks.set_page(sheet)
    styler = looks.styler(sheet)
    sheet.append([styler.cell(title, looks.TITLE)])
    sheet.append([styler.cell(head, looks.PALE_HEAD) for head, _width in columns])
    for row in rows:
        sheet.append([styler.cell(cell, looks.BODY) for cell in row])
    if note:
        sheet.append([styler.cell(note, looks.PLAIN)])
    save_workbook(workbook, path)


def save_workbook(workbook: Any, path: Path) -> None:
    """Write a workbook of openpyxl. KnownError if the file cannot be written."""
    content = io.BytesIO()
    workbook.save(content)
    placing.save(content.getvalue(), path)

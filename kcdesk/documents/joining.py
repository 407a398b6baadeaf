"""Joins several papers into one file, so that they are printed together."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from pypdfium2 import PdfDocument

from kcdesk.placing import save


def join(papers: Sequence[Path], into: Path) -> None:
    """Write the pages of all `papers`, in their order, to the file `into`; KnownError if it cannot be written."""
    save(joined(papers), into)


def joined(papers: Sequence[Path | bytes]) -> bytes:
    """The pages of all `papers`, files or their contents, as one PDF."""
    whole = PdfDocument.new()
    try:
        for source in papers:
            paper = PdfDocument(source)
            whole.import_pages(paper)
            paper.close()
        data = BytesIO()
        whole.save(data)
    finally:
        whole.close()
    return data.getvalue()

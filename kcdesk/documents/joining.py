"""Several papers as one file, so that they are sent to the printer in one go."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from pypdfium2 import PdfDocument

from kcdesk.placing import save


def join(papers: Sequence[Path], into: Path) -> None:
    """Write the pages of all `papers` in their order; KnownError when the file cannot be written."""
    whole = PdfDocument.new()
    try:
        for path in papers:
            paper = PdfDocument(path)
            whole.import_pages(paper)
            paper.close()
        data = BytesIO()
        whole.save(data)
    finally:
        whole.close()
    save(data.getvalue(), into)

"""One paper of several records, in one PDF."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kcdesk.errors import UserError
from kcdesk.progress import Progress, ignore_progress
from kcdesk.services.papers import printing
from kcdesk.services.papers.printing import Paper
from kcdesk.services.workspace import Workspace
from kcdesk.temporary import private_files


def papers_of_several(workspace: Workspace, ids: Sequence[str]) -> list[tuple[Paper, int]]:
    """List the papers that any of the records has now, each with the number of records that have it."""
    papers: dict[str, Paper] = {}
    counts: dict[str, int] = {}
    for id_ in ids:
        for paper in printing.papers_of(workspace, id_):
            papers.setdefault(paper.name, paper)
            counts[paper.name] = counts.get(paper.name, 0) + 1
    return [(paper, counts[name]) for name, paper in papers.items()]


def print_several(
    workspace: Workspace,
    ids: Sequence[str],
    document: str,
    pdf: Path,
    progress: Progress = ignore_progress,
    *,
    blank: bool = False,
) -> int:
    """Write the paper of every record that has it into one PDF, in the order given; return how many have it.

    The store may be that of another thread. UserError `unknown_document` if none has it.
    """
    import pypdfium2  # takes 50 ms

    having = [id_ for id_ in ids if any(paper.name == document for paper in printing.papers_of(workspace, id_))]
    if not having:
        raise UserError("Không hồ sơ nào đang chọn có giấy này.", code="unknown_document")
    with private_files.folder() as folder:
        joint = pypdfium2.PdfDocument.new()
        for number, id_ in enumerate(having):
            progress(number, len(having), f"Đang dựng văn bản {number + 1}/{len(having)}")
            part = folder / f"{number}.pdf"
            printing.prepare_paper(workspace, id_, document, blank=blank).pdf(part, ignore_progress)
            single = pypdfium2.PdfDocument(part)
            joint.import_pages(single)
            single.close()
        joint.save(pdf)
        joint.close()
    return len(having)

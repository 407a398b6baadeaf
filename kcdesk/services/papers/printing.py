"""The papers of a dossier: list them, write a paper as PDF or for Word."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kcdesk import text
from kcdesk.documents.blocks import PhotoGrid
from kcdesk.errors import UserError
from kcdesk.formdef.record import Record
from kcdesk.formdef.types.registry import type_of
from kcdesk.progress import Progress, ignore_progress
from kcdesk.services.workspace import Workspace

if TYPE_CHECKING:
    from kcdesk.documents.blocks import Document
    from kcdesk.documents.layouts.layout import Layout
    from kcdesk.store.files import Files

RENDER_DPI = 300  # enough for a laser printer; a page of text is then about 1 MB in memory per colour


@dataclass(frozen=True, slots=True)
class Paper:
    """A kind of paper that can be printed from a dossier."""

    name: str
    title: str
    unverified: bool
    always_blank: bool = False  # a paper to write on by hand; it is never printed filled in
    copies: str = ""  # the field with the number of copies


@dataclass(frozen=True, slots=True)
class Topic:
    """The subject of a paper without a record: a day, a period, a package; `content` is a hash of what it prints."""

    id: str
    name: str
    content: str = ""
    revision: int = 0

    def content_hash(self) -> str:
        """The hash in the code of the paper; "" for a sheet that is never signed."""
        return self.content


def papers(workspace: Workspace, kind: str) -> list[Paper]:
    """List the papers of a kind of dossier, most important first."""
    layouts = [layout for layout in workspace.layouts.values() if layout.kind == kind]
    return [_paper(layout) for layout in sorted(layouts, key=lambda layout: (layout.order, layout.id))]


def papers_of(workspace: Workspace, id_: str) -> list[Paper]:
    """List the papers that suit a dossier in its present state: a remedy record only for a second visit."""
    record = workspace.store.record(id_)
    return [paper for paper in papers(workspace, record.kind) if _suits(workspace, record, paper.name)]


def _suits(workspace: Workspace, record: Record, name: str) -> bool:
    layout = workspace.layouts[name]
    return layout.suits(record, _context(workspace, record, layout.asks))


def _paper(layout: Layout) -> Paper:
    return Paper(layout.id, layout.label, layout.unverified, layout.always_blank, layout.copies)


@dataclass(frozen=True, slots=True)
class PreparedPaper:
    """A paper whose content is fixed; its functions may write it in any thread, because many photos take long."""

    pdf: Callable[[Path, Progress], object]
    docx: Callable[[Path, Progress], object] | None = None  # None: not for Word
    photos: int = 0


def prepare_paper(
    workspace: Workspace, id_: str, document: str, *, blank: bool = False, judge: Mapping[str, Any] | None = None
) -> PreparedPaper:
    """Fix the content of a paper of a record as it is now.

    `blank` leaves the record's answers empty for writing by hand; values of the dossier around it are printed.
    `judge` is the row of the member of the jury for whom the paper is printed.
    UserError `unknown_document` if the record has no such paper; writing raises KnownError if the file cannot be
    written.
    """
    paper = _document(workspace, id_, document, blank=blank, judge=judge)
    photos = sum(len(block.photos) for block in paper.blocks if isinstance(block, PhotoGrid))
    write = partial(_write, workspace, paper, photos)
    return PreparedPaper(partial(write, write_pdf), partial(write, write_docx), photos)


def print_record(
    workspace: Workspace,
    id_: str,
    document: str,
    pdf: Path,
    *,
    blank: bool = False,
    docx: Path | None = None,
    judge: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Write a paper of a record as PDF, and for Word if `docx` is given; returns {"pdf", "pages"[, "docx"]}.

    Options and errors are those of `prepare_paper`.
    """
    paper = prepare_paper(workspace, id_, document, blank=blank, judge=judge)
    paper.pdf(pdf, ignore_progress)
    result = {"pdf": str(pdf), "pages": page_count(pdf)}
    if docx is None or paper.docx is None:
        return result
    paper.docx(docx, ignore_progress)
    return result | {"docx": str(docx)}


def print_unsaved(workspace: Workspace, record: Record, document: str, pdf: Path) -> dict[str, Any]:
    """Write a paper of a record that is not stored yet, as a preview; returns {"pdf", "pages"}."""
    layout = workspace.layouts[document]
    write_pdf(layout.render(_context(workspace, record, layout.uses)), pdf)
    return {"pdf": str(pdf), "pages": page_count(pdf)}


def _write(
    workspace: Workspace,
    paper: Document,
    photos: int,
    write: Callable[[Document, Path], None],
    path: Path,
    progress: Progress,
) -> None:
    """Write a paper; photos are read through a database connection of this thread."""
    if not photos:
        write(paper, path)
        return
    with workspace.store.reader() as reader:
        write(replace(paper, read_file=_Photos(reader.files, photos, progress)), path)


def write_pdf(paper: Document, path: Path) -> None:
    """Write a paper as PDF; KnownError when the file cannot be written."""
    from kcdesk.documents.pdf import pdf_writer  # reportlab takes 150 ms

    pdf_writer.write_pdf(paper, path)


def write_docx(paper: Document, docx: Path) -> None:
    """Write a paper for Word; KnownError if the file cannot be written."""
    from kcdesk.documents.word import word_writer  # python-docx takes 100 ms

    word_writer.write_docx(paper, docx)


class _Photos:
    """Reads the photos of a paper and reports progress; each photo is read twice, to measure and to place it."""

    def __init__(self, files: Files, count: int, progress: Progress) -> None:
        self._files, self._progress = files, progress
        self._read, self._total = 0, 2 * count

    def __call__(self, sha256: str) -> bytes | None:
        """The content of a photo; None if it is not in this store."""
        self._progress(min(self._read, self._total), self._total, "Đang đặt ảnh vào trang")
        self._read += 1
        return self._files.read(sha256) if self._files.has(sha256) else None


def page_count(pdf: Path) -> int:
    """The number of pages of a PDF."""
    from kcdesk.documents import preview  # pdfium is a library of 10 MB

    return preview.page_count(pdf)


def page_size(pdf: Path) -> tuple[float, float]:
    """Width and height of a PDF's first page in inches."""
    from kcdesk.documents import preview  # pdfium is a library of 10 MB

    return preview.page_size(pdf)


def page_image(pdf: Path, page: int, dpi: int) -> bytes:
    """A page (from 0) of a PDF as PNG, for the preview and for the printer."""
    from kcdesk.documents.preview import render_png  # pdfium is a library of 10 MB

    return render_png(pdf, page, dpi / 72)


def file_name(workspace: Workspace, id_: str, document: str, *, blank: bool = False, suffix: str = ".pdf") -> str:
    """A file name valid on every system: "Biên bản nghiệm thu cơ sở - Xưởng mẫu - 05-12-2018.pdf"."""
    label = workspace.layouts[document].label
    parts = (label.partition(" (")[0], "để trống" if blank else "", workspace.store.record(id_).title())
    return text.file_name(" - ".join(filter(None, parts))) + suffix


def _document(
    workspace: Workspace, id_: str, document: str, *, blank: bool, judge: Mapping[str, Any] | None
) -> Document:
    record = workspace.store.record(id_)
    if document not in workspace.layouts or not _suits(workspace, record, document):
        suiting = [paper.name for paper in papers_of(workspace, id_)]
        raise UserError(
            f"{record.form.label} này không in được thành «{document}».",
            code="unknown_document",
            hint=f"Các văn bản in được: {', '.join(suiting) or 'không có'}.",
        )
    layout = workspace.layouts[document]
    context = _context(workspace, record, layout.uses)
    return layout.render(context | {"judge": judge} if judge else context, blank=blank)


# -- content of papers -------------------------------------------------------------------------------------------


def _context(workspace: Workspace, record: Record, uses: tuple[str, ...]) -> dict[str, Any]:
    """The record and the values around it, by the names that layouts use."""
    context: dict[str, Any] = {
        record.kind: record,
        "unit": workspace.identity.unit,
        "officer": workspace.identity.officer,
        "practice": workspace.identity.practice,
    }
    for name in uses:
        if name not in context:
            source = workspace.extensions.paper_sources.get(name, partial(_named_record, name=name))
            context[name] = source(workspace, record)
    return context


def _named_record(workspace: Workspace, record: Record, name: str) -> Record | None:
    """The record that the reference field `name` points to; None for none."""
    is_reference = any(field.name == name and type_of(field).is_reference for field in record.form.fields)
    target = record.value(name) if is_reference else None
    return workspace.store.record(target) if target else None


def province_name(workspace: Workspace) -> str:
    """The province of the office as letters name it: without "tỉnh" or "thành phố"."""
    code = workspace.identity.unit.province
    names = {province.code: province.name for province in workspace.places.provinces}
    return names.get(code, "").removeprefix("Tỉnh ").removeprefix("Thành phố ")


def province_of_office(workspace: Workspace, _record: Record) -> str:
    """The name of the province of the office, as a paper source."""
    return province_name(workspace)

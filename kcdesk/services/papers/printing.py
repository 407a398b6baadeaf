"""The papers of a dossier: list them, write a paper as PDF or for Word."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kcdesk import moments, text
from kcdesk.documents.blocks import PhotoGrid, own_form_of
from kcdesk.errors import KnownError, UserError
from kcdesk.formdef.law.form_numbers import without_number
from kcdesk.formdef.personal import personal_values
from kcdesk.formdef.places import bare_name
from kcdesk.formdef.record import Record
from kcdesk.formdef.regulations.dated_names import names_on
from kcdesk.placing import save
from kcdesk.progress import Progress, ignore_progress
from kcdesk.runtime.frozen import Value, names, replace
from kcdesk.services.papers import filling, letterhead, locked_papers
from kcdesk.services.papers.filling import PerDay
from kcdesk.services.papers.own_forms import conversion, kept_forms
from kcdesk.services.papers.own_forms.kept_forms import can_have_form
from kcdesk.services.records.permissions import refuse_restricted
from kcdesk.services.workspace import Workspace

if TYPE_CHECKING:
    from kcdesk.documents.blocks import Document
    from kcdesk.documents.layouts.layout import Layout
    from kcdesk.store.files import Files
    from kcdesk.store.kept_papers import KeptPaper

RENDER_DPI = 300  # enough for a laser printer; a page of text is then about 1 MB in memory per colour


class Paper(Value):
    """A kind of paper that can be printed from a dossier."""

    name: str
    title: str
    unverified: bool
    always_blank: bool = False  # a paper to write on by hand; it is never printed filled in
    copies: str = ""  # the field with the number of copies
    takes_form: bool = False  # a Word file of the office may write it
    own: str = ""  # «Theo mẫu Word của đơn vị, bản 2», of a paper that the office's own Word file writes


def papers(workspace: Workspace, kind: str) -> list[Paper]:
    """List the papers of a kind of dossier, most important first."""
    layouts = [layout for layout in workspace.layouts.values() if layout.kind == kind]
    return [_paper(workspace, layout) for layout in sorted(layouts, key=lambda layout: (layout.order, layout.id))]


def papers_of(workspace: Workspace, id_: str) -> list[Paper]:
    """List the papers that suit a dossier in its present state: a remedy record only for a second visit.

    A locked dossier keeps the papers that were fixed, also if layouts have changed since.
    """
    record = workspace.store.record(id_)
    programme = filling.programme_of(workspace, record)
    listed = [_named(workspace, paper, programme) for paper in papers(workspace, record.kind)]
    offered = {paper.name: paper for paper in listed if filling.is_suiting(workspace, record, paper.name)}
    for paper in locked_papers.fixed_papers(workspace, record):
        if paper.layout in offered or locked_papers.paper_in_force(workspace, record, paper.layout):
            offered[paper.layout] = _named(workspace, _fixed_paper(workspace, paper), programme)
    order = {paper.name: place for place, paper in enumerate(listed)}
    return sorted(offered.values(), key=lambda paper: order.get(paper.name, len(order)))


def _named(workspace: Workspace, paper: Paper, programme: str) -> Paper:
    """The paper with the form for which it stands in its name; a local paper stands for no national form."""
    layout = workspace.layouts.get(paper.name)
    if layout is None or not layout.form or not workspace.forms.law.has_form(layout.source, programme):
        return paper
    return replace(paper, title=f"{paper.title} ({layout.form})")


def earlier_revisions(workspace: Workspace, id_: str, document: str) -> list[tuple[int, date]]:
    """The earlier revisions of which this paper was kept, newest first, each with the day on which it was fixed."""
    record = workspace.store.record(id_)
    kept = locked_papers.kept_revisions(workspace, record, document)
    return [(paper.revision, moments.day(moments.as_written(paper.at))) for paper in kept]


def _paper(workspace: Workspace, layout: Layout) -> Paper:
    own = kept_forms.form_in_use(workspace, layout.id)
    sentence = own.sentence if own else ""
    return Paper(
        layout.id,
        layout.label,
        workspace.forms.law.is_marked(layout.source, unverified=layout.unverified) and not own,
        layout.always_blank,
        layout.copies,
        can_have_form(workspace, layout),
        sentence,
    )


def _fixed_paper(workspace: Workspace, paper: KeptPaper) -> Paper:
    details = paper.details
    return Paper(
        paper.layout,
        without_number(str(details.get("label", paper.layout))),
        bool(details.get("unverified")),
        bool(details.get("always_blank")),
        str(details.get("copies", "")),
        paper.layout in workspace.layouts and can_have_form(workspace, workspace.layouts[paper.layout]),
        str(details.get("own", "")),
    )


class PreparedPaper(Value):
    """A paper whose content is fixed; its functions may write it in any thread, because many photos take long."""

    pdf: Callable[[Path, Progress], object]
    docx: Callable[[Path, Progress], object] | None = None  # None: not for Word
    photos: int = 0
    archive: Callable[[Path, Progress], object] | None = None  # as PDF/A-2b; None: a sheet that no archive keeps
    is_converted: bool = False  # by LibreOffice, which takes seconds; the Word file is always at hand
    unprintable: str = ""  # the characters that no font of papers has; the paper shows their codes

    def warning(self) -> str:
        """The sentence before printing about letters that no font has; "" if every letter can be printed."""
        if not self.unprintable:
            return ""
        return f"Chữ không có trong phông, giấy in mã thay cho chữ: {' '.join(self.unprintable)}"


def prepare_paper(
    workspace: Workspace,
    id_: str,
    document: str,
    *,
    blank: bool = False,
    judge: Mapping[str, Any] | None = None,
    revision: int = 0,
) -> PreparedPaper:
    """Fix the content of a paper of a record: as it is now, or as it was fixed when the record was locked.

    `blank` leaves the record's answers empty for writing by hand; values of the dossier around it are printed.
    `judge` is the row of the member of the jury for whom the paper is printed. `revision` asks for the paper of an
    earlier revision; 0 for the present one.
    UserError `unknown_document` if the record has no such paper, `no_kept_paper` if that of the revision is not here;
    writing raises KnownError if the file cannot be written.
    """
    record = workspace.store.record(id_)
    refuse_restricted(workspace, record)
    with nullcontext() if workspace.store.is_damaged else workspace.store.together():
        if not blank and any(personal_values(record.form, record.data)):
            workspace.store.note_use("printed", id_, {"paper": document})
        if revision and not blank and revision != record.revision:
            paper = _document_of_revision(workspace, id_, document, revision)
        else:
            paper = _document(workspace, id_, document, blank=blank, judge=judge)
    photos = sum(len(block.photos) for block in paper.blocks if isinstance(block, PhotoGrid))
    own = own_form_of(paper)
    if own:
        photos = sum(bool(value.sha256) for item in own.lists for row in item.rows for value in row.values)
    write = partial(_write, workspace, paper, photos)
    return PreparedPaper(
        partial(write, write_pdf),
        partial(write, write_docx),
        photos,
        partial(write, write_archive),
        is_converted=own is not None,
        unprintable="" if own else _unprintable(paper),  # Word has other fonts
    )


def _unprintable(paper: Document) -> str:
    from kcdesk.documents.fonts import unprintable  # loads reportlab

    return unprintable("".join(_texts(paper.blocks)))


def _texts(value: object) -> Iterator[str]:
    """Every text in blocks of a paper."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _texts(part)
    elif isinstance(value, Value):
        for name in names(value):
            yield from _texts(getattr(value, name))


def print_record(
    workspace: Workspace,
    id_: str,
    document: str,
    pdf: Path,
    *,
    blank: bool = False,
    docx: Path | None = None,
    judge: Mapping[str, Any] | None = None,
    revision: int = 0,
    archive: bool = False,
) -> dict[str, Any]:
    """Write a paper of a record as PDF, and for Word if `docx` is given; returns {"pdf", "pages"[, "docx"]}.

    With `archive` the PDF is PDF/A-2b. Other options and errors are those of `prepare_paper`. A paper by the office's
    own Word file, on a machine that cannot make a PDF of it, is written for Word alone, with the reason as "warning".
    """
    paper = prepare_paper(workspace, id_, document, blank=blank, judge=judge, revision=revision)
    result: dict[str, Any] = {}
    if docx is not None and paper.docx is not None:
        paper.docx(docx, ignore_progress)
        result = {"docx": str(docx)}
    try:
        (paper.archive if archive and paper.archive else paper.pdf)(pdf, ignore_progress)
    except KnownError as error:
        if not result or error.code != conversion.NO_CONVERTER:
            raise
        return result | {"warning": error.sentence()}
    warning = {"warning": paper.warning()} if paper.unprintable else {}
    return {"pdf": str(pdf), "pages": page_count(pdf)} | warning | result


def print_unsaved(workspace: Workspace, record: Record, document: str, pdf: Path) -> dict[str, Any]:
    """Write a paper of a record that is not stored yet, as a preview; returns {"pdf", "pages"}."""
    layout = workspace.layouts[document]
    write_pdf(filling.filled(workspace, record, layout).document, pdf)
    return {"pdf": str(pdf), "pages": page_count(pdf)}


def _write(
    workspace: Workspace,
    paper: Document,
    photos: int,
    write: Callable[[Document, Path, Progress], None],
    path: Path,
    progress: Progress,
) -> None:
    """Write a paper; photos are read through a database connection of this thread."""
    if not photos:
        write(paper, path, progress)
        return
    with workspace.store.reader() as reader:
        write(replace(paper, read_file=_Photos(reader.files, photos, progress)), path, progress)


def write_pdf(paper: Document, path: Path, progress: Progress = ignore_progress) -> None:
    """Write a paper as PDF; KnownError when the file cannot be written, or an own Word file not be converted."""
    _write_pages(paper, path, progress, archive=False)


def write_archive(paper: Document, path: Path, progress: Progress = ignore_progress) -> None:
    """Write a paper as PDF/A-2b; KnownError as for `write_pdf`."""
    _write_pages(paper, path, progress, archive=True)


def _write_pages(paper: Document, path: Path, progress: Progress, *, archive: bool) -> None:
    if own_form_of(paper):
        from kcdesk.documents.own_forms.filling import to_own_docx  # docxtpl takes 200 ms

        conversion.to_pdf(to_own_docx(paper), path, progress, archive=archive)
        return
    from kcdesk.documents.pdf import pdf_writer  # reportlab takes 150 ms

    pdf_writer.write_pdf(paper, path, archive=archive)


def write_docx(paper: Document, docx: Path, _progress: Progress = ignore_progress) -> None:
    """Write a paper for Word; KnownError if the file cannot be written."""
    if own_form_of(paper):
        from kcdesk.documents.own_forms.filling import to_own_docx  # docxtpl takes 200 ms

        save(to_own_docx(paper), docx)
        return
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
    label = next(paper.title for paper in papers_of(workspace, id_) if paper.name == document)
    parts = (label.partition(" (")[0], "để trống" if blank else "", workspace.store.record(id_).title())
    return text.file_name(" - ".join(filter(None, parts))) + suffix


def _document(
    workspace: Workspace, id_: str, document: str, *, blank: bool, judge: Mapping[str, Any] | None
) -> Document:
    """The content of a paper: the fixed one of a locked record, else as it is now."""
    record = workspace.store.record(id_)
    is_suiting = document in workspace.layouts and filling.is_suiting(workspace, record, document)
    if not is_suiting and not locked_papers.paper_in_force(workspace, record, document):
        suiting = [paper.name for paper in papers_of(workspace, id_)]
        raise UserError(
            f"{record.form.label} này không in được thành «{document}».",
            code="unknown_document",
            hint=f"Các văn bản in được: {', '.join(suiting) or 'không có'}.",
        )
    fixed = None if blank else locked_papers.fixed_document(workspace, record, document, judge)
    return fixed or filling.filled(workspace, record, workspace.layouts[document], blank=blank, judge=judge).document


def _document_of_revision(workspace: Workspace, id_: str, document: str, revision: int) -> Document:
    record = workspace.store.record(id_)
    paper = locked_papers.paper_of_revision(workspace, record, revision, document)
    if paper is None:
        raise UserError(
            f"Kho này không giữ «{document}» của bản số {revision}.",
            code="no_kept_paper",
            hint="Chỉ in lại được giấy đã giữ khi chốt; hãy dùng bản ký đã quét nếu có.",
        )
    return locked_papers.document_of(workspace, paper)


def province_name(workspace: Workspace) -> str:
    """The province of the office as letters name it: without "tỉnh" or "thành phố"."""
    return bare_name(workspace.places.province_name(workspace.identity.unit.province))


def committee_of_province(workspace: Workspace, _record: Record) -> PerDay:
    """«Ủy ban nhân dân tỉnh Gia Lai» on the day of the paper, as a paper source; "" for an unknown province."""
    return PerDay(lambda day: letterhead.committee(workspace, day))


def organiser_of_visit(workspace: Workspace, record: Record) -> PerDay:
    """Who organises a visit, as a paper source: `name`, `above`, `code`."""
    return PerDay(lambda day: letterhead.organiser(workspace, record, day))


def agency_in_charge(workspace: Workspace, _record: Record) -> PerDay:
    """The agency of the Ministry in charge, as it was called on the day of the paper, as a paper source."""
    return PerDay(lambda day: names_on(workspace.forms, day).agency)


def province_of_office(workspace: Workspace, _record: Record) -> str:
    """The name of the province of the office, as a paper source."""
    return province_name(workspace)

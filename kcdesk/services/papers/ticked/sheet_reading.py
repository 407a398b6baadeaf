"""Read hand-ticked sheets from photos and scans: their answers as proposals, what is doubtful without a value.

In three parts, because only the first and the last need the store: `sheet_plan` recognises the sheets by their codes,
`read_plan` looks at the pictures in the worker process (in any thread), `services/papers/ticked/taking_answers` writes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kcdesk import given_files
from kcdesk.bounded import limits
from kcdesk.bounded.worker import BoundedJob, run_bounded
from kcdesk.errors import UserError
from kcdesk.foreign_files.judging import program_fault
from kcdesk.formdef.record import Record
from kcdesk.formdef.types.registry import type_of
from kcdesk.formdef.values import Stored, is_blank
from kcdesk.progress import Progress, ignore_progress
from kcdesk.runtime.frozen import Value, field, replace
from kcdesk.services.papers.scan_pages import ScanPage, read_scan
from kcdesk.services.papers.ticked.answer_marks import Proposal, proposal_of
from kcdesk.services.papers.ticked.asked_answers import NEW_ROW, AskedAnswer, asked_answers
from kcdesk.services.papers.ticked.page_notes import missing_pages, page_note
from kcdesk.services.papers.ticked.printed_sheets import PrintedSheet, printed_sheet
from kcdesk.services.workspace import Workspace

_JOB = BoundedJob("kcdesk.services.papers.ticked.sheet_pictures", "sheet_job")
_HEAD = 4096  # bytes of a file by which a program is known
_WRITTEN = 0.010  # share of the area of a blank that has ink beyond what is printed


class PlannedSheet(Value, kw_only=True):
    """A sheet that is looked for in pictures, with what the worker process must know of it."""

    sheet: PrintedSheet
    asked: tuple[AskedAnswer, ...]
    present: Mapping[str, tuple[Stored | None, str]]  # what the record has now, by path: stored, and as text
    options: Mapping[str, Mapping[str, tuple[Stored, str]]]  # by path, what the value of a box is: stored, as text
    given: Mapping[str, Any]
    pdf: bytes


class SheetPlan(Value, kw_only=True):
    """The sheets of one record that were recognised."""

    record_id: str
    title: str
    label: str
    sheets: tuple[PlannedSheet, ...]


class ReadAnswer(Value, kw_only=True):
    """An answer on paper: a proposal with its picture. Without `value` nothing is proposed; `doubt` says why.

    What is written by hand (`is_handwriting`) is typed from the picture; `is_written` tells whether ink is seen there.
    """

    path: str
    row: str
    label: str
    value: Stored | None
    text: str
    doubt: str
    present: str  # what the record has now, as text
    is_handwriting: bool
    is_written: bool
    picture: bytes
    page: int
    choices: tuple[str, ...]  # what the boxes stand for, as text; none of what is written by hand

    @property
    def is_proposed(self) -> bool:
        """Whether a value is proposed that may be taken without a further look."""
        return self.value is not None and not self.doubt


class SheetReading(Value, kw_only=True):
    """What the pictures show; `notes` are sentences about pages that could not be read or are missing."""

    record_id: str
    title: str
    label: str
    answers: tuple[ReadAnswer, ...]
    notes: tuple[str, ...] = field(default=())

    @property
    def sentence(self) -> str:
        """How much was read, for the head of a list."""
        proposed = sum(answer.is_proposed for answer in self.answers)
        doubtful = sum(bool(answer.doubt) for answer in self.answers)
        written = sum(answer.is_written for answer in self.answers)
        parts = [f"{proposed} câu trả lời đọc được"]
        parts += [f"{doubtful} câu chưa chắc phải xem lại"] if doubtful else []
        parts += [f"{written} chỗ viết tay để gõ từ ảnh"] if written else []
        return f"{self.label} «{self.title}»: {', '.join(parts)}."


def read_sheets(
    workspace: Workspace, files: Sequence[Path], into: str = "", progress: Progress = ignore_progress
) -> SheetReading:
    """Read the sheets in photos and scans; nothing is written. `into` is the record for which they are meant.

    UserError for a file that is no picture, and for papers that are no sheet of the record.
    """
    pages = sheet_pages(files, progress)
    return read_plan(sheet_plan(workspace, pages, into), files, progress)


def sheet_pages(files: Sequence[Path], progress: Progress = ignore_progress) -> list[ScanPage]:
    """The codes on the pages of files; needs no store. UserError for a program, and for a file that is no picture."""
    for path in files:
        _refuse_program(path)
    return read_scan(files, progress)


def _refuse_program(path: Path) -> None:
    given_files.refuse_missing_file(path)
    try:
        with path.open("rb") as stream:
            fault = program_fault(path.name, stream.read(_HEAD))
    except OSError as error:
        raise given_files.explained_error(error) from error
    if fault:
        raise UserError(
            f"{given_files.shown_name(path)} {fault}, không phải ảnh hay bản quét.",
            code="scan_unreadable",
            hint="Hãy chọn tệp PDF không đặt mật khẩu hoặc ảnh JPEG, PNG, TIFF.",
        )


# -- recognising, with the store -----------------------------------------------------------------------------------


def sheet_plan(workspace: Workspace, pages: Sequence[ScanPage], into: str = "") -> SheetPlan:
    """Recognise the sheets of the codes on the pages; UserError says what else the pages are."""
    codes = list(dict.fromkeys(page.code for page in pages if page.code))
    if not codes:
        raise _without_code(pages)
    if len({code.record for code in codes}) > 1:
        raise UserError(
            f"Tệp lẫn phiếu của {len({code.record for code in codes})} hồ sơ khác nhau.",
            code="sheet_mixed",
            hint="Hãy tách riêng phiếu của từng hồ sơ rồi đọc lại.",
        )
    record_id = codes[0].record
    sheets = [printed_sheet(workspace, code) for code in codes]
    record = workspace.store.record(record_id)
    if into and into != record_id:
        raise UserError(
            f"Phiếu này của hồ sơ «{record.title()}», không phải của «{workspace.store.record(into).title()}».",
            code="sheet_elsewhere",
            hint="Hãy mở đúng hồ sơ ghi trên phiếu rồi đọc lại, hoặc chọn ảnh khác.",
        )
    planned = tuple(_planned(sheet, record) for sheet in sheets)
    return SheetPlan(record_id=record_id, title=record.title(), label=sheets[0].label, sheets=planned)


def _without_code(pages: Sequence[ScanPage]) -> UserError:
    if any(page.other for page in pages):
        return UserError(
            "Mã QR trên ảnh không phải của giấy do kcdesk in.", code="no_sheet", hint="Hãy chọn ảnh chụp phiếu khác."
        )
    return UserError(
        "Không thấy mã QR của phiếu trên ảnh nào.",
        code="no_sheet",
        hint="Hãy chụp lại cả trang, đủ sáng, rõ nét, thấy mã QR ở góc dưới bên phải và bốn dấu ở góc.",
    )


def _planned(sheet: PrintedSheet, now: Record) -> PlannedSheet:
    from kcdesk.documents.block_writer import code_rectangle  # loads reportlab
    from kcdesk.documents.pdf.pdf_writer import placed_pdf  # loads reportlab
    from kcdesk.documents.preview import page_count  # pdfium is a library of 10 MB

    asked = tuple(asked_answers(sheet, now))
    pdf, places = placed_pdf(sheet.document)
    pages: dict[str, dict[str, Any]] = {}
    for number, answer in enumerate(asked):
        pieces = [places[key] for key in answer.pieces if key in places]
        if not pieces or len({place.page for place in pieces}) > 1:
            continue
        page = pages.setdefault(str(pieces[0].page), {"boxes": [], "blanks": [], "cuts": [], "asked": []})
        rectangles = [[place.left, place.top, place.width, place.height] for place in pieces]
        page["boxes" if answer.boxes else "blanks"] += rectangles
        page["cuts"].append(_around(rectangles))
        page["asked"].append(number)
    size = sheet.document.page
    given = {
        "qr": sheet.document.qr,
        "measures": [size.width, size.height, *code_rectangle(sheet.document)],
        "pages": pages,
        "count": page_count(pdf),
    }
    return PlannedSheet(
        sheet=sheet,
        asked=asked,
        present=_present(asked, now),
        options={answer.path: dict(_options(answer, now)) for answer in asked if answer.boxes},
        given=given,
        pdf=pdf,
    )


def _around(rectangles: Sequence[Sequence[float]]) -> list[float]:
    left, top = min(r[0] for r in rectangles), min(r[1] for r in rectangles)
    return [left, top, max(r[0] + r[2] for r in rectangles) - left, max(r[1] + r[3] for r in rectangles) - top]


def _present(asked: Sequence[AskedAnswer], now: Record) -> dict[str, tuple[Stored | None, str]]:
    """What the record has at each path; nothing in a row that would be new."""
    there = [answer.path for answer in asked if f"/{NEW_ROW}" not in answer.path]
    return {path: (None if is_blank(now.value(path)) else now.value(path), now.text(path)) for path in there}


def _options(answer: AskedAnswer, now: Record) -> Iterator[tuple[str, tuple[Stored, str]]]:
    definition = now.field(answer.path)
    for value in answer.boxes.values():
        stored = now.read(answer.path, value)
        if stored is not None:
            yield value, (stored, type_of(definition).text(stored, definition, now.lookups))


# -- reading, without the store ------------------------------------------------------------------------------------


def read_plan(plan: SheetPlan, files: Sequence[Path], progress: Progress = ignore_progress) -> SheetReading:
    """Look at the boxes and blanks of the recognised sheets in the pictures; needs no store."""
    by_path: dict[tuple[int, str], ReadAnswer] = {}
    notes: list[str] = []
    seen_pages: set[tuple[int, int]] = set()
    at = 0
    for number, path in enumerate(files):
        progress(number, len(files))
        for shown, cuts in _shown_pages(plan, path, progress):
            at += 1
            note = page_note(shown, at)
            if note:
                notes.append(note)
                continue
            index = shown["sheet"]
            seen_pages.add((index, shown["page"]))
            for answer in _answers_on(plan.sheets[index], shown, cuts):
                key = (index, answer.path)
                by_path[key] = _agreed(by_path[key], answer) if key in by_path else answer
    progress(len(files), len(files))
    for index, sheet in enumerate(plan.sheets):
        read = {page for of, page in seen_pages if of == index}
        notes += missing_pages(sorted(set(map(int, sheet.given["pages"])) - read), sheet.sheet.person)
    return SheetReading(
        record_id=plan.record_id,
        title=plan.title,
        label=plan.label,
        answers=tuple(by_path.values()),
        notes=tuple(notes),
    )


def _shown_pages(plan: SheetPlan, path: Path, progress: Progress) -> Iterator[tuple[dict[str, Any], Sequence[bytes]]]:
    limits.TICKED_SHEET.refuse_size(path)
    given = {"path": str(path.absolute()), "sheets": [sheet.given for sheet in plan.sheets]}
    pdfs = [sheet.pdf for sheet in plan.sheets]
    size = path.stat().st_size
    answer = run_bounded(_JOB, limits.TICKED_SHEET, given, pdfs, size=size, progress=progress)
    start = 0
    for shown in answer.values:
        count = shown.get("cuts", 0)
        yield shown, answer.contents[start : start + count]
        start += count


def _answers_on(planned: PlannedSheet, shown: Mapping[str, Any], cuts: Sequence[bytes]) -> Iterator[ReadAnswer]:
    """The answers of a page, from what its boxes and blanks show."""
    marks, written = iter(shown["marks"]), iter(shown["written"])
    page = planned.given["pages"].get(str(shown["page"]), {"asked": ()})
    for number, picture in zip(page["asked"], cuts, strict=True):
        asked = planned.asked[number]
        present = planned.present.get(asked.path, (None, ""))
        if asked.boxes:
            marked = {value: str(next(marks)[0]) for value in asked.boxes.values()}
            proposal = proposal_of(marked, planned.options[asked.path], present)
            is_written = False
        else:
            is_written = next(written) > _WRITTEN
            proposal = Proposal(None, "", "")
        yield ReadAnswer(
            path=asked.path,
            row=asked.row,
            label=asked.label,
            value=proposal.value,
            text=proposal.text,
            doubt=proposal.doubt,
            present=present[1],
            is_handwriting=not asked.boxes,
            is_written=is_written,
            picture=picture,
            page=shown["page"],
            choices=tuple(text for _, text in planned.options.get(asked.path, {}).values()),
        )


def _agreed(first: ReadAnswer, second: ReadAnswer) -> ReadAnswer:
    """One answer of two pictures of the same page: the surer one, without a value if they contradict each other."""
    if first.is_handwriting:
        return first if first.is_written or not second.is_written else second
    if first.value == second.value and not (first.doubt or second.doubt):
        return first
    doubt = first.doubt or second.doubt or "Hai ảnh của cùng trang cho kết quả khác nhau."
    return replace(first, value=None, text="", doubt=doubt)

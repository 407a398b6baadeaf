"""Which sheet a code belongs to, as it was printed: the same pages are made again, nothing was kept beside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from kcdesk.documents.paper_codes import PaperCode
from kcdesk.errors import UserError
from kcdesk.formdef.record import Record
from kcdesk.runtime.frozen import Value
from kcdesk.services.papers import filling
from kcdesk.services.papers.printed_contents import versions_of
from kcdesk.services.records import parents
from kcdesk.services.workspace import Workspace

if TYPE_CHECKING:
    from kcdesk.documents.blocks import Document
    from kcdesk.documents.layouts.layout import Layout
    from kcdesk.documents.ticked.answer_places import PaperAnswers

Judge = Mapping[str, Any]
_MOST_VERSIONS = 60  # earlier contents of a record that are tried
_SIGNED = "Bản đã ký thì dùng «Nhận bản ký»."


class PrintedSheet(Value, kw_only=True):
    """A sheet as it was printed: its pages, the record as it was then, and the person for whom it was printed."""

    code: PaperCode
    label: str
    document: Document
    answers: PaperAnswers
    record: Record
    person: str = ""


def printed_sheet(workspace: Workspace, code: PaperCode) -> PrintedSheet:
    """The sheet of a code; UserError says why a paper is no sheet that can be read here."""
    layouts = [layout for layout in workspace.layouts.all if layout.id == code.layout]
    if not layouts:
        raise UserError(
            f"Giấy này in từ mẫu «{code.layout}» mà chương trình này không có.",
            code="sheet_layout",
            hint="Có thể phiếu in từ bản chương trình mới hơn; hãy cập nhật rồi đọc lại.",
        )
    name = layouts[-1].label
    if not any(layout.answers for layout in layouts) or not code.is_blank:
        raise UserError(
            f"Giấy này là «{name}», không phải phiếu để trống mà máy đọc được các ô.", code="not_a_sheet", hint=_SIGNED
        )
    record = _record(workspace, code, name)
    for version, layout, judge in _candidates(workspace, record, layouts):
        sheet = _if_printed_so(workspace, code, version, layout, judge)
        if sheet is not None:
            return sheet
    raise UserError(
        f"{name} «{record.title()}» in khi hồ sơ hoặc mẫu phiếu còn khác bây giờ, nên không biết chắc ô nào là ô nào.",
        code="sheet_changed",
        hint="Hãy nhập các câu trả lời bằng tay; lần sau in phiếu mới rồi hãy đánh dấu.",
    )


def _record(workspace: Workspace, code: PaperCode, name: str) -> Record:
    known = workspace.store.query("SELECT id FROM record WHERE id = :id", {"id": code.record})
    if not known:
        raise UserError(
            f"{name} này của hồ sơ không có trong kho.",
            code="sheet_unknown",
            hint="Hãy nhận gói có hồ sơ đó trước, hoặc mở đúng kho.",
        )
    record = workspace.store.record(code.record)
    if record.deleted:
        raise UserError(
            f"{name} này của hồ sơ «{record.title()}» đã bị xoá.", code="sheet_unknown", hint="Hãy lấy lại hồ sơ trước."
        )
    return record


def _candidates(
    workspace: Workspace, record: Record, layouts: list[Layout]
) -> Iterator[tuple[Record, Layout, Judge | None]]:
    """What the sheet may have been printed from, the likeliest first."""
    readable = [layout for layout in reversed(layouts) if layout.answers]
    judges = [None, *_judges(workspace, record)] if any("judge" in layout.uses for layout in readable) else [None]
    earlier = (version.record for version in islice(versions_of(workspace, record), _MOST_VERSIONS))
    for version in chain((record,), earlier):
        for layout in readable:
            for judge in judges:
                yield version, layout, judge


def _judges(workspace: Workspace, record: Record) -> list[Judge]:
    """The people for whom a sheet may be printed: the jury of the vote to which the record belongs."""
    above = parents.parent_of(workspace, record)
    if above is None or "judges" not in above.form.by_name:
        return []
    return [{"name": row["name"], "title": row.get("title")} for row in above.rows("judges") if row.get("name")]


def _if_printed_so(
    workspace: Workspace, code: PaperCode, version: Record, layout: Layout, judge: Judge | None
) -> PrintedSheet | None:
    try:
        filled = filling.filled(workspace, version, layout, blank=True, judge=judge)
    except UserError:
        return None
    if filled.code.content != code.content or layout.answers is None:
        return None
    return PrintedSheet(
        code=filled.code,
        label=layout.label,
        document=filled.document,
        answers=layout.answers,
        record=version,
        person=str(judge["name"]) if judge else "",
    )

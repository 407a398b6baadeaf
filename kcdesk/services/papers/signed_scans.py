"""«Nhận bản ký»: identify the paper on a scan, compare it with the dossier, attach it there.

The QR code of a printed paper contains layout, record, revision and a hash of everything that was printed. A scan is
the present paper only if the same would be printed now (`services/papers/printed_contents`).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from kcdesk.documents.paper_codes import PaperCode, read_typed
from kcdesk.errors import UserError
from kcdesk.formdef.record import Record
from kcdesk.progress import Progress, ignore_progress
from kcdesk.runtime.frozen import Value, replace
from kcdesk.services.lifecycle import steps
from kcdesk.services.papers import printed_contents
from kcdesk.services.papers.printed_contents import PrintedContent
from kcdesk.services.papers.scan_pages import ScanPage, read_scan
from kcdesk.services.records import changing, reading
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes

FIELD = "signed_papers"
ScanStatus = Literal["current", "older", "foreign", "unknown", "unreadable"]

_PRINT_AGAIN = "Hãy in và ký bản hiện hành, hoặc giữ bản này làm bản cũ."


class Recognised(Value, kw_only=True):
    """The paper on a scan; `sentence` tells the officer which paper it is and what to do."""

    status: ScanStatus
    sentence: str
    record_id: str = ""
    document: str = ""  # id of the layout; "" for a typed code
    revision: int = 0
    content: str = ""  # the hash on the paper; "" for a paper printed blank


def recognise(workspace: Workspace, source: Sequence[Path] | str, progress: Progress = ignore_progress) -> Recognised:
    """Identify a scan (PDF files, images) or a typed code; nothing is changed.

    UserError for a file that cannot be opened and for a text that is not a code.
    """
    if isinstance(source, str):
        return identify(workspace, [ScanPage(read_typed(source))])
    return identify(workspace, read_scan(source, progress))


def keep_scan(workspace: Workspace, recognised: Recognised, files: Sequence[Path]) -> Changes:
    """Attach a scan to its dossier with the signed version; a complete draft is made final in the same act.

    An incomplete dossier stays a draft. UserError for a paper without a dossier here, for a dossier that keeps no
    scans, and for a scan that is already attached.
    """
    if recognised.status not in ("current", "older"):
        raise UserError(recognised.sentence, code=f"paper_{recognised.status}")
    record = workspace.store.record(recognised.record_id)
    scans = _kept_scans(record)
    tie = {"document": recognised.document, "revision": recognised.revision, "content": recognised.content}
    for file in files:
        row = changing.add_file(workspace, file)
        if row["sha256"] in (other["sha256"] for other in scans):
            raise UserError(f"Bản quét «{file.name}» đã có trong hồ sơ.", code="scan_known", field=FIELD)
        scans.append(row | {name: value for name, value in tie.items() if value})
    final_step = _locking_step(workspace, record) if _shows_present_answers(recognised) else ""
    if final_step:
        return steps.take_step(workspace, record.id, final_step, "nhận bản ký", also={FIELD: scans})
    return changing.save(workspace, record.id, {FIELD: scans}, "Nhận bản ký").changes


# -- identifying, with the store -----------------------------------------------------------------------------------


def identify(workspace: Workspace, pages: Sequence[ScanPage]) -> Recognised:
    """Identify the paper that the pages of a scan belong to."""
    codes = list(dict.fromkeys(page.code for page in pages if page.code))
    if not codes:
        return _without_code(pages)
    if len(codes) > 1:
        return _mixed(workspace, codes)
    recognised = _recognised_code(workspace, codes[0])
    pages_without_code = [str(number) for number, page in enumerate(pages, start=1) if page.code is None]
    if not pages_without_code or recognised.status in ("foreign", "unknown"):
        return recognised
    note = f"Không thấy mã QR ở trang {', '.join(pages_without_code)}; hãy xem lại các trang đó."
    return replace(recognised, sentence=f"{recognised.sentence} {note}")


def _without_code(pages: Sequence[ScanPage]) -> Recognised:
    if any(page.other for page in pages):
        return Recognised(
            status="foreign", sentence="Mã QR trên bản quét không phải của giấy do kcdesk in. Hãy chọn bản quét khác."
        )
    return Recognised(
        status="unreadable",
        sentence="Không đọc được mã QR trên bản quét. Hãy gõ mã in ở chân trang, hoặc quét lại rõ hơn.",
    )


def _mixed(workspace: Workspace, codes: Sequence[PaperCode]) -> Recognised:
    papers = "; ".join(f"{_label(workspace, code)}, bản số {code.revision}" for code in codes)
    return Recognised(
        status="foreign", sentence=f"Bản quét lẫn nhiều giấy khác nhau: {papers}. Hãy tách từng giấy rồi nhận riêng."
    )


def _label(workspace: Workspace, code: PaperCode) -> str:
    layout = workspace.layouts.get(code.layout)
    name = layout.label if layout else "giấy không rõ mẫu"
    record_ids = _ids(workspace, code)
    return (
        f"{name} «{reading.title_of(workspace, record_ids[0])}»" if record_ids else f"{name} của hồ sơ không có ở đây"
    )


def _ids(workspace: Workspace, code: PaperCode) -> list[str]:
    """The ids of records that end with the id, or part of an id, on the paper."""
    rows = workspace.store.query("SELECT id FROM record WHERE id LIKE :end", {"end": f"%{code.record}"})
    return [row["id"] for row in rows]


def _recognised_code(workspace: Workspace, code: PaperCode) -> Recognised:
    candidates = [_compared_with_record(workspace, code, id_) for id_ in _ids(workspace, code)]
    if not candidates:
        sentence = "Giấy này của hồ sơ không có trong kho. Hãy nhận gói có hồ sơ đó trước, hoặc mở đúng kho."
        return Recognised(
            status="unknown", sentence=sentence, document=code.layout, revision=code.revision, content=code.content
        )
    # Several ids may have the same end; the content then shows which record is meant.
    return min(candidates, key=lambda recognised: recognised.status == "unknown")


def _compared_with_record(workspace: Workspace, code: PaperCode, id_: str) -> Recognised:
    """Compare the paper with what would be printed of the record now, and with what was printed before."""
    now = workspace.store.record(id_)
    printed = printed_contents.printed_content(workspace, now, code)
    status, sentence = _verdict(workspace, code, now, printed)
    is_blank = printed.is_blank if printed else code.is_blank
    return Recognised(
        status=status,
        sentence=sentence,
        record_id=id_,
        document=code.layout,
        revision=code.revision,
        content="" if is_blank else printed.content if printed else code.content,
    )


def _verdict(
    workspace: Workspace, code: PaperCode, now: Record, printed: PrintedContent | None
) -> tuple[ScanStatus, str]:
    name = f"{_layout_label(workspace, code)} «{now.title()}»"
    if now.deleted:
        return "unknown", f"Giấy này của hồ sơ «{now.title()}» đã bị xoá. Hãy lấy lại hồ sơ trước."
    if code.revision > now.revision or printed is None:
        return "unknown", (
            f"{name}: giấy ghi nội dung chưa từng có trong kho này, có thể in từ máy khác. "
            "Hãy nhận gói của máy đó trước."
        )
    if code.revision < now.revision:
        return "older", f"{name}: đây là bản số {code.revision}, hồ sơ nay là bản số {now.revision}. {_PRINT_AGAIN}"
    if not printed.is_current:
        return "older", f"{name}: sau khi in, {printed.difference}. {_PRINT_AGAIN}"
    follows = _what_follows(workspace, printed.is_blank, now)
    return "current", f"{name}: đúng bản hiện hành (bản số {now.revision}). {follows}".strip()


def _layout_label(workspace: Workspace, code: PaperCode) -> str:
    layout = workspace.layouts.get(code.layout)
    return layout.label if layout else "Giấy"


def _what_follows(workspace: Workspace, is_blank: bool, now: Record) -> str:
    """The sentence about what keeping the scan does besides attaching it; "" for nothing."""
    state = workspace.forms.workflow(now.kind).state(now.state)
    if not state.editable:
        return ""
    if is_blank:
        return "Giấy in để trống: hãy nhập các câu trả lời vào hồ sơ."
    if _locking_step(workspace, now):
        return "Nhận bản này thì hồ sơ được chốt."
    return "Hồ sơ chưa đủ nên chưa chốt được; bản quét vẫn được giữ."


# -- keeping -----------------------------------------------------------------------------------------------------


def _kept_scans(record: Record) -> list[dict[str, Any]]:
    if FIELD not in (field.name for field in record.form.fields):
        raise UserError(f"{record.form.label} không có chỗ giữ bản quét giấy đã ký.", code="no_place_for_scans")
    return list(record.value(FIELD) or [])


def _shows_present_answers(recognised: Recognised) -> bool:
    """Whether the paper shows the present answers; an older paper and one printed blank do not."""
    return recognised.status == "current" and bool(recognised.content)


def _locking_step(workspace: Workspace, record: Record) -> str:
    """The step that makes a complete draft final; "" if there is none or something is missing."""
    workflow = workspace.forms.workflow(record.kind)
    for step in steps.possible(workspace, record):
        if (
            step.snapshot
            and workflow.state(record.state).editable
            and not steps.step_obstacles(workspace, record, step)
        ):
            return step.name
    return ""

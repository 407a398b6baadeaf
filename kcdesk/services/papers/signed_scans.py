"""«Nhận bản ký»: which paper a scan shows, whether it still says what the dossier says, and keeping it there.

The QR of a printed paper names layout, record, revision and a hash of what the record said. The history of a record
gives back everything that it ever said, so that a paper is tied to exactly the version that it was printed from.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from kcdesk import text
from kcdesk.documents.paper_codes import PaperCode, content_hash, read_typed
from kcdesk.errors import UserError
from kcdesk.formdef import record_values
from kcdesk.formdef.record import Record
from kcdesk.formdef.types.registry import type_of
from kcdesk.progress import Progress, ignore_progress
from kcdesk.services.lifecycle import steps
from kcdesk.services.papers.scan_pages import Page, read
from kcdesk.services.records import changing, reading
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes

if TYPE_CHECKING:
    from kcdesk.documents.layouts.layout import Layout

FIELD = "signed_papers"
Status = Literal["current", "older", "foreign", "unknown", "unreadable"]

_PRINT_AGAIN = "Hãy in và ký bản hiện hành, hoặc giữ bản này làm bản cũ."


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """Which paper it is; `sentence` says so to the officer, with what to do."""

    status: Status
    sentence: str
    record_id: str = ""
    document: str = ""  # name of the layout; empty when only a typed code was given
    revision: int = 0
    content: str = ""  # the hash on the paper; empty for one printed blank


def recognise(workspace: Workspace, source: Sequence[Path] | str, progress: Progress = ignore_progress) -> Recognised:
    """What a scan (PDF files, images) or a typed code belongs to; nothing is changed.

    UserError for a file that cannot be opened and for text that is no code.
    """
    if isinstance(source, str):
        return judge(workspace, [Page(read_typed(source))])
    return judge(workspace, read(source, progress))


def keep(workspace: Workspace, recognised: Recognised, files: Sequence[Path]) -> Changes:
    """Attach the scan to its dossier with the version that was signed, and make final what was signed as a draft.

    A dossier that is not complete yet stays a draft. UserError for a paper of no dossier here, for a dossier without a
    place for scans, for a scan that it has already.
    """
    if recognised.status not in ("current", "older"):
        raise UserError(recognised.sentence, code=f"paper_{recognised.status}")
    record = workspace.store.record(recognised.record_id)
    kept = _kept(record)
    tie = {"document": recognised.document, "revision": recognised.revision, "content": recognised.content}
    for file in files:
        row = changing.add_file(workspace, file)
        if row["sha256"] in (other["sha256"] for other in kept):
            raise UserError(f"Bản quét «{file.name}» đã có trong hồ sơ.", code="scan_known", field=FIELD)
        kept.append(row | {name: value for name, value in tie.items() if value})
    final = _locking_step(workspace, record) if _locks(recognised) else ""
    if final:
        return steps.take_step(workspace, record.id, final, "nhận bản ký", also={FIELD: kept})
    return changing.save(workspace, record.id, {FIELD: kept}, "Nhận bản ký").changes


# -- judging: with the store -------------------------------------------------------------------------------------


def judge(workspace: Workspace, pages: Sequence[Page]) -> Recognised:
    """What the pages that were read belong to."""
    codes = list(dict.fromkeys(page.code for page in pages if page.code))
    if not codes:
        return _without_code(pages)
    if len(codes) > 1:
        return _mixed(workspace, codes)
    found = _judged(workspace, codes[0])
    blind = [str(number) for number, page in enumerate(pages, start=1) if page.code is None]
    if not blind or found.status in ("foreign", "unknown"):
        return found
    note = f"Không thấy mã QR ở trang {', '.join(blind)}; hãy xem lại các trang đó."
    return replace(found, sentence=f"{found.sentence} {note}")


def _without_code(pages: Sequence[Page]) -> Recognised:
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
    found = _ids(workspace, code)
    return f"{name} «{reading.title_of(workspace, found[0])}»" if found else f"{name} của hồ sơ không có ở đây"


def _ids(workspace: Workspace, code: PaperCode) -> list[str]:
    """The records whose id, or whose end of an id, the paper names."""
    rows = workspace.store.query("SELECT id FROM record WHERE id LIKE :end", {"end": f"%{code.record}"})
    return [row["id"] for row in rows]


def _judged(workspace: Workspace, code: PaperCode) -> Recognised:
    candidates = [_compared(workspace, code, id_) for id_ in _ids(workspace, code)]
    if not candidates:
        sentence = "Giấy này của hồ sơ không có trong kho. Hãy nhận gói có hồ sơ đó trước, hoặc mở đúng kho."
        return Recognised(
            status="unknown", sentence=sentence, document=code.layout, revision=code.revision, content=code.content
        )
    # Ends of ids may be shared; the content then tells which record is meant.
    return min(candidates, key=lambda found: found.status == "unknown")


def _compared(workspace: Workspace, code: PaperCode, id_: str) -> Recognised:
    """The paper beside its record as it is now."""
    now = workspace.store.record(id_)
    printed = _printed(workspace, now, code)
    status, sentence = _verdict(workspace, code, now, printed)
    return Recognised(
        status=status,
        sentence=sentence,
        record_id=id_,
        document=code.layout,
        revision=code.revision,
        content=code.content,
    )


def _verdict(workspace: Workspace, code: PaperCode, now: Record, printed: _Version | None) -> tuple[Status, str]:
    name = f"{_layout_label(workspace, code)} «{now.title()}»"
    if now.deleted:
        return "unknown", f"Giấy này của hồ sơ «{now.title()}» đã bị xoá. Hãy lấy lại hồ sơ trước."
    if code.revision > now.revision or (code.content and printed is None):
        return "unknown", (
            f"{name}: giấy ghi nội dung chưa từng có trong kho này, có thể in từ máy khác. "
            "Hãy nhận gói của máy đó trước."
        )
    if code.revision < now.revision:
        return "older", f"{name}: đây là bản số {code.revision}, hồ sơ nay là bản số {now.revision}. {_PRINT_AGAIN}"
    if printed and not _reads_alike(workspace, code, now, printed.record):
        return "older", f"{name}: sau khi in, hồ sơ đã sửa {printed.changed_since(now)}. {_PRINT_AGAIN}"
    return (
        "current",
        f"{name}: đúng bản hiện hành (bản số {now.revision}). {_what_follows(workspace, code, now)}".strip(),
    )


def _layout_label(workspace: Workspace, code: PaperCode) -> str:
    layout = workspace.layouts.get(code.layout)
    return layout.label if layout else "Giấy"


def _what_follows(workspace: Workspace, code: PaperCode, now: Record) -> str:
    """What keeping the scan will do beside attaching it."""
    state = workspace.forms.workflow(now.kind).state(now.state)
    if not state.editable:
        return ""
    if not code.content:
        return "Giấy in để trống: hãy nhập các câu trả lời vào hồ sơ."
    if _locking_step(workspace, now):
        return "Nhận bản này thì hồ sơ được chốt."
    return "Hồ sơ chưa đủ nên chưa chốt được; bản quét vẫn được giữ."


# -- versions ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Version:
    """What a record said once, and until when."""

    record: Record
    until: str  # time of the change that ended it, "" for now

    def changed_since(self, now: Record) -> str:
        """The names of what differs today, and since when."""
        names = [
            field.label
            for field in now.form.fields
            if not field.computed and self.record.value(field.name) != now.value(field.name)
        ]
        since = datetime.fromisoformat(self.until).astimezone() if self.until else None
        return "; ".join(f"«{name}»" for name in names) + (
            f" (từ ngày {text.format_date(since.date())})" if since else ""
        )


def _printed(workspace: Workspace, now: Record, code: PaperCode) -> _Version | None:
    """The newest version with the content that the paper names; None for a paper printed blank."""
    if not code.content:
        return None
    for version in _versions(workspace, now):
        if content_hash(version.record.data).startswith(code.content):
            return version
    return None


def _versions(workspace: Workspace, now: Record) -> Iterator[_Version]:
    """Everything that the record has said, newest first."""
    tables = [table.name for table in now.form.tables]
    yield _Version(now, "")
    data = dict(now.data)
    for line in workspace.store.history(now.id):
        if line.operation != "update":
            continue
        for path, value in (line.before or {}).items():
            record_values.write(data, path, value, tables)
        yield _Version(Record(now.id, now.kind, now.form, data, forms=now.forms, parent=now.parent), line.at)


def _reads_alike(workspace: Workspace, code: PaperCode, now: Record, printed: Record) -> bool:
    """Whether the paper would say the same if it were printed today; state and inner notes are not on it."""
    layout = workspace.layouts.get(code.layout)
    layouts = [layout] if layout else [one for one in workspace.layouts.values() if one.kind == now.kind]
    around = _dossier(workspace, now)
    return all(_blocks(one, around, now) == _blocks(one, around, printed) for one in layouts)


def _dossier(workspace: Workspace, record: Record) -> dict[str, Any]:
    """The other records that a paper of this one may mention."""
    around: dict[str, Any] = {}
    for field in record.form.fields:
        if type_of(field).is_reference and (id_ := record.value(field.name)):
            with suppress(UserError):  # what is referred to may not have arrived yet
                around[field.name] = workspace.store.record(str(id_))
    return around


def _blocks(layout: Layout, around: dict[str, Any], record: Record) -> tuple[object, ...]:
    return layout.render({**around, record.kind: record}).blocks


# -- keeping -----------------------------------------------------------------------------------------------------


def _kept(record: Record) -> list[dict[str, Any]]:
    if FIELD not in (field.name for field in record.form.fields):
        raise UserError(f"{record.form.label} không có chỗ giữ bản quét giấy đã ký.", code="no_place_for_scans")
    return list(record.value(FIELD) or [])


def _locks(recognised: Recognised) -> bool:
    """An older paper and one that was printed blank say nothing about the answers of today."""
    return recognised.status == "current" and bool(recognised.content)


def _locking_step(workspace: Workspace, record: Record) -> str:
    """The step that makes a complete draft final; "" when there is none or something is missing."""
    workflow = workspace.forms.workflow(record.kind)
    for step in steps.possible(workspace, record):
        if step.snapshot and workflow.state(record.state).editable and not steps.obstacles(workspace, record, step):
            return step.name
    return ""

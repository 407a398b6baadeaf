"""Which content a paper shows, by the hash in its code: the present one, or an earlier one and what differs.

Papers of the first versions of the program have only the hash of the record's own data in their code. Such a paper
counts as the present one only if nothing that it may show of other records has changed since.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Any

from kcdesk import moments, text
from kcdesk.documents.paper_codes import PaperCode, answers_hash, content_hash
from kcdesk.errors import UserError
from kcdesk.formdef import record_values
from kcdesk.formdef.record import Record
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import Value
from kcdesk.services.papers import filling, locked_papers
from kcdesk.services.workspace import Workspace

if TYPE_CHECKING:
    from kcdesk.documents.layouts.layout import Layout

_MOST_FILLED = 60  # earlier contents that are filled again to compare a typed code, which names no version
_ELSEWHERE = "tên, địa chỉ ghi ở hồ sơ khác, nơi phát hành hoặc mẫu giấy đã đổi nên giấy nay ghi khác"


class PrintedContent(Value, kw_only=True):
    """The content of a paper; `difference` says what has changed since it was printed, "" if nothing has."""

    content: str
    is_blank: bool = False
    difference: str = ""

    @property
    def is_current(self) -> bool:
        """Whether the paper shows what would be printed now."""
        return not self.difference


def printed_content(workspace: Workspace, now: Record, code: PaperCode) -> PrintedContent | None:
    """The content that a paper of a record shows; None if this store never had it."""
    if code.answers is None and not code.content:
        return PrintedContent(content="", is_blank=True)  # printed blank by an early version, or typed without content
    layouts = _layouts(workspace, now, code)
    present = _present(workspace, now, code, layouts)
    return present or _kept(workspace, now, code) or _earlier(workspace, now, code, layouts)


def _layouts(workspace: Workspace, now: Record, code: PaperCode) -> list[Layout]:
    """The layout of the paper; for a typed code, which names none, all of its kind."""
    layout = workspace.layouts.get(code.layout)
    return [layout] if layout else [layout for layout in workspace.layouts.values() if layout.kind == now.kind]


def _present(workspace: Workspace, now: Record, code: PaperCode, layouts: list[Layout]) -> PrintedContent | None:
    """The content if it is what would be printed now."""
    if not code.is_blank:
        fixed = [paper for paper in locked_papers.fixed_papers(workspace, now) if code.layout in ("", paper.layout)]
        for paper in fixed:
            in_force = locked_papers.paper_in_force(workspace, now, paper.layout)
            if in_force and in_force.content.startswith(code.content):
                return PrintedContent(content=in_force.content)
        layouts = [layout for layout in layouts if layout.id not in {paper.layout for paper in fixed}]
    for layout in layouts:
        for blank in (False, True) if not code.is_blank else (True,):
            content = _content(workspace, now, layout, blank=blank)
            if content.startswith(code.content):
                return PrintedContent(content=content, is_blank=blank or layout.always_blank)
    return None


def _content(workspace: Workspace, record: Record, layout: Layout, *, blank: bool = False) -> str:
    """The hash of what the paper would print; "-" if its layout cannot be filled."""
    try:
        return filling.filled(workspace, record, layout, blank=blank).code.content
    except UserError:
        return "-"


def _kept(workspace: Workspace, now: Record, code: PaperCode) -> PrintedContent | None:
    """The content if it is that of a paper which was fixed by a lock, and is no longer in force."""
    for paper in workspace.store.papers.of(now.id):
        if code.layout in ("", paper.layout) and paper.content.startswith(code.content):
            versions = versions_of(workspace, now)
            printed = next((version for version in versions if answers_hash(version.record.data) == code.answers), None)
            return PrintedContent(
                content=paper.content,
                is_blank=bool(paper.details.get("always_blank")),
                difference=_difference(printed, now) if printed else _ELSEWHERE,
            )
    return None


def _earlier(workspace: Workspace, now: Record, code: PaperCode, layouts: list[Layout]) -> PrintedContent | None:
    """The content if the record had these answers before, or has them while something else has changed."""
    if code.is_blank:
        return PrintedContent(content=code.content, is_blank=True, difference=f"phần in sẵn đã khác: {_ELSEWHERE}")
    for version in versions_of(workspace, now):
        data = version.record.data
        if code.answers and answers_hash(data) == code.answers:
            return PrintedContent(content=code.content, difference=_difference(version, now))
        if code.answers is None and content_hash(data).startswith(code.content):
            return _of_early_program(workspace, now, code, version)
    return None if code.answers else _filled_again(workspace, now, code, layouts)


def _filled_again(workspace: Workspace, now: Record, code: PaperCode, layouts: list[Layout]) -> PrintedContent | None:
    """The content of a typed code, which names no version: found by filling the earlier versions again."""
    for version in islice(versions_of(workspace, now), _MOST_FILLED):
        for layout in layouts:
            content = _content(workspace, version.record, layout)
            if content.startswith(code.content):
                return PrintedContent(content=content, difference=_difference(version, now))
    return None


# -- papers of the first versions of the program ------------------------------------------------------------------


def _of_early_program(workspace: Workspace, now: Record, code: PaperCode, version: RecordVersion) -> PrintedContent:
    """Compare a paper whose code has only the record's own data."""
    content = content_hash(version.record.data)
    around = _references(workspace, now)
    before = {name: _as_of(workspace, record, version.since) for name, record in around.items()}
    layouts = _layouts(workspace, now, code)
    if any(_blocks(layout, around, now) != _blocks(layout, around, version.record) for layout in layouts):
        return PrintedContent(content=content, difference=_difference(version, now))
    if any(_blocks(layout, around, now) != _blocks(layout, before, now) for layout in layouts):
        return PrintedContent(content=content, difference=_ELSEWHERE)
    return PrintedContent(content=content)


def _references(workspace: Workspace, record: Record) -> dict[str, Record]:
    """The records that a paper of this record may mention, by reference field."""
    references: dict[str, Record] = {}
    for field in record.form.fields:
        if type_of(field).is_reference and (id_ := record.value(field.name)):
            with suppress(UserError):  # the referenced record may not have arrived yet
                references[field.name] = workspace.store.record(str(id_))
    return references


def _as_of(workspace: Workspace, record: Record, moment: str) -> Record:
    """A record as it was at a moment; an earlier moment than its first gives its first content."""
    versions = versions_of(workspace, record)
    return next((version.record for version in versions if version.since <= moment), record)


def _blocks(layout: Layout, around: dict[str, Any], record: Record) -> tuple[object, ...]:
    return layout.render({**around, record.kind: record}).blocks


# -- versions ----------------------------------------------------------------------------------------------------


class RecordVersion(Value):
    """A content of a record, since when it was valid, and until when; "" if it is the present one."""

    record: Record
    since: str
    until: str


def versions_of(workspace: Workspace, now: Record) -> Iterator[RecordVersion]:
    """Every content that the record had, newest first."""
    tables = [table.name for table in now.form.tables]
    data, until = dict(now.data), ""
    for line in workspace.store.history(now.id):
        if line.operation not in ("update", "insert"):
            continue
        yield RecordVersion(
            Record(now.id, now.kind, now.form, data, forms=now.forms, parent=now.parent), line.at, until
        )
        until = line.at
        for path, value in (line.before or {}).items():
            record_values.set_value(data, path, value, tables)


def _difference(version: RecordVersion, now: Record) -> str:
    """What has changed since a version: fields of the record, else what the paper shows of others."""
    names = [
        field.label
        for field in now.form.fields
        if not field.computed and version.record.value(field.name) != now.value(field.name)
    ]
    if not names:
        return _ELSEWHERE
    day = f" (từ ngày {text.format_date(moments.day(version.until))})" if version.until else ""
    return f"hồ sơ đã sửa {'; '.join(f'«{name}»' for name in names)}{day}"

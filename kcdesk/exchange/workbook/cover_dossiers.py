"""The dossiers of a package on its first page: their money by source, and each with its state, or a summary of many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kcdesk import text
from kcdesk.exchange.container.entries import RecordEntry
from kcdesk.exchange.container.manifest import Manifest, Reply
from kcdesk.exchange.workbook.looks import lines_high
from kcdesk.exchange.workbook.page_lines import COLUMNS, RESULTS, CoverLine, CoverTable, PageLine
from kcdesk.exchange.workbook.sheet_content import Content
from kcdesk.formdef.regulations import package_pages
from kcdesk.formdef.regulations.package_pages import Dossier, MoneySource
from kcdesk.formdef.types.base import Cell

_MOST_LINES = 40  # of text for dossiers on the first page; more are summed up
_NAMED = 26  # lines of text for the dossiers that are named beside a summary
_RETURNED = "Bổ sung hồ sơ"
_HEADS = ("TT", "Hồ sơ", "Tình trạng", "Đề nghị", "Được duyệt", "Đã chi", "So với gói trước; đề nghị")


def money(content: Content) -> Iterator[PageLine]:
    """The amounts of the dossiers by source: asked, approved, paid."""
    pages = package_pages.of(content.forms)
    if pages.dossier is None or not _living(content, pages.dossier):
        return
    rows = [_source_row(content, pages.dossier, source) for source in pages.sources]
    shown = [row for row in rows if any(row[1:])]
    if not shown:
        return
    total = ("Cộng", *(sum(amounts) for amounts in zip(*(row[1:] for row in shown), strict=True)))
    yield CoverLine("heading", "Kinh phí theo nguồn (đồng)")
    heads = ("Nguồn", "Đề nghị", "Được duyệt", "Đã chi")
    table = [(str(row[0]), *(amount or None for amount in row[1:])) for row in (*shown, total)]
    yield CoverTable((3, 1, 1, 1), heads, tuple(table), has_sum=True)


def dossiers(manifest: Manifest, content: Content) -> Iterator[PageLine]:
    """The dossiers one by one if they have room; else by state, and the most important ones."""
    kind = package_pages.of(content.forms).dossier
    entries = content.by_kind.get(kind.kind, []) if kind else []
    if kind is None or not entries:
        return
    table = _Dossiers(manifest, content, kind)
    label = content.newest(kind.kind).plural
    weighed = table.by_weight(entries)
    rows = [table.row(number, entry) for number, entry in enumerate(weighed[:_MOST_LINES], 1)]
    if len(rows) == len(entries) and sum(map(_height, rows)) <= _MOST_LINES:
        yield CoverLine("heading", label)
        yield CoverTable((1,) * len(COLUMNS), _HEADS, tuple(rows), is_numbered=True)
        return
    yield CoverLine("heading", f"{label}: {text.format_integer(len(entries))} hồ sơ, theo tình trạng")
    yield table.by_state(entries)
    named = list(_first(rows))
    yield CoverLine("heading", f"{len(named)} hồ sơ có đề nghị hoặc lớn nhất; tất cả ở trang «{label}»")
    yield CoverTable((1,) * len(COLUMNS), _HEADS, tuple(named), is_numbered=True)


def request_of(content: Content, entry: RecordEntry, reply: Reply | None) -> str:
    """What the receiver is asked to do with a record: by the rules, and with one that a receipt returns; or ""."""
    asked = content.request(entry)
    return asked or (_RETURNED if reply is not None and reply.result == "returned" else "")


class _Dossiers:
    """The rows of the dossiers of one package."""

    def __init__(self, manifest: Manifest, content: Content, kind: Dossier) -> None:
        self._content, self._kind = content, kind
        self._replies = {reply.record: reply for reply in manifest.replies}
        self._states = {state.name: state.label for state in content.forms.workflow(kind.kind).states}

    def by_weight(self, entries: Sequence[RecordEntry]) -> list[RecordEntry]:
        """Those first that ask something, then those that changed, then the largest; deleted ones last."""
        return sorted(
            entries,
            key=lambda entry: (
                bool(entry.deleted),
                not self.request(entry),
                self._content.summary.change(entry.id) == "",
                -_amount(self._content.values(entry), self._kind.asked),
            ),
        )

    def request(self, entry: RecordEntry) -> str:
        """What the receiver is asked to do with a dossier."""
        return request_of(self._content, entry, self._replies.get(entry.id))

    def row(self, number: int, entry: RecordEntry) -> tuple[Cell, ...]:
        """One dossier: title and parties, state, amounts, news."""
        values = self._content.values(entry)
        return (
            number,
            self._name(entry, values),
            "Đã xoá" if entry.deleted else self._state(entry),
            _amount(values, self._kind.asked) or None,
            _amount(values, self._kind.approved) or None,
            self._paid(entry) or None,
            self._news(entry),
        )

    def by_state(self, entries: Sequence[RecordEntry]) -> CoverTable:
        """The number and the amounts of the dossiers of each state, and their sum."""
        by_state: dict[str, list[RecordEntry]] = {}
        for entry in entries:
            by_state.setdefault("Đã xoá" if entry.deleted else self._state(entry), []).append(entry)
        order = {label: place for place, label in enumerate(self._states.values())}
        rows = [
            (state, *self._sums(group))
            for state, group in sorted(by_state.items(), key=lambda item: order.get(item[0], len(order)))
        ]
        rows.append(("Cộng", *self._sums(entries)))
        return CoverTable((2, 1, 1, 1, 1), ("Tình trạng", "Số hồ sơ", *_HEADS[3:6]), tuple(rows), has_sum=True)

    def _sums(self, entries: Sequence[RecordEntry]) -> tuple[Cell, ...]:
        values = [self._content.values(entry) for entry in entries if not entry.deleted]
        asked, approved = (
            sum(_amount(value, name) for value in values) for name in (self._kind.asked, self._kind.approved)
        )
        return len(entries), asked or None, approved or None, sum(map(self._paid, entries)) or None

    def _name(self, entry: RecordEntry, values: Mapping[str, Any]) -> str:
        parties = values.get(self._kind.parties)
        ids = parties if isinstance(parties, list) else [parties] if parties else []
        names = "; ".join(filter(None, map(self._content.title, ids)))
        title = self._content.title(entry.id)
        return f"{title}\n({names})" if names else title

    def _state(self, entry: RecordEntry) -> str:
        state = str(entry.data.get("state", ""))
        return self._states.get(state, state)

    def _paid(self, entry: RecordEntry) -> int:
        return sum(self._content.summary.paid.get(entry.id, {}).values())

    def _news(self, entry: RecordEntry) -> str:
        """What has changed since the last package, what is answered, and what is asked."""
        change = self._content.change(entry)
        reply = self._replies.get(entry.id)
        reasons = "; ".join(reason.text for reason in reply.reasons) if reply else ""
        answer = f"{RESULTS.get(reply.result, reply.result)}{f' ({reasons})' if reasons else ''}" if reply else ""
        request = self.request(entry)
        return "\n".join(filter(None, (answer or text.upper_first(change), f"→ {request}" if request else "")))


def _living(content: Content, kind: Dossier) -> list[RecordEntry]:
    return [entry for entry in content.by_kind.get(kind.kind, []) if not entry.deleted]


def _source_row(content: Content, kind: Dossier, source: MoneySource) -> tuple[Any, ...]:
    """The label of a source with the sums asked, approved, paid."""
    entries = _living(content, kind)
    values = [content.values(entry) for entry in entries]
    asked, approved = (sum(_amount(value, name) for value in values) for name in (source.asked, source.approved))
    paid = sum(content.summary.paid.get(entry.id, {}).get(source.programme, 0) for entry in entries)
    return source.label, asked, approved, paid if source.programme else 0


def _amount(values: Mapping[str, Any], name: str) -> int:
    """A stored amount, 0 where it is empty."""
    amount = values.get(name)
    return amount if type(amount) is int else 0


def _height(row: Sequence[Cell]) -> int:
    """The lines of text that a row takes."""
    return max(lines_high(value, width) for value, width in zip(row, COLUMNS, strict=True))


def _first(rows: Sequence[tuple[Cell, ...]]) -> Iterator[tuple[Cell, ...]]:
    """The first rows, as many as have room beside a summary."""
    used = 0
    for row in rows:
        used += _height(row)
        if used > _NAMED:
            return
        yield row

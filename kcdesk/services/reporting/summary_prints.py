"""What was printed of a summary: kept with the records behind each figure, and compared with today's figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from kcdesk import moments, text
from kcdesk.errors import UserError
from kcdesk.reports.report_table import BehindFigure, Figure
from kcdesk.runtime.frozen import Value, asdict
from kcdesk.services.reporting.running import asked_units
from kcdesk.services.reporting.summaries import FilledSummary, WantedSummary, outline_named
from kcdesk.services.reporting.summary_words import SummaryNumber
from kcdesk.services.workspace import Workspace
from kcdesk.store.printed.printed_summaries import PrintedSummary
from kcdesk.store.stored_record import new_id

_NOTHING: Mapping[str, Any] = {"value": None, "records": {}}  # of a row that was not printed then
_LINE = "line"  # of the content: the last line of the history when it was printed
ADDED, LEFT, CHANGED = "added", "left", "changed"
WORDS = {ADDED: "thêm vào", LEFT: "không còn tính", CHANGED: "số thay đổi"}
_NO_ROW = "(không có dòng này)"
_MOST_ACTS = 3  # of the reasons that are told of a dossier
_SAME = "hồ sơ này không sửa gì; số tính theo ngày hoặc theo hồ sơ liên quan"


class DossierChange(Value, kw_only=True):
    """A record that makes a difference to a figure, with what it added then and now, and what was done to it since."""

    id: str
    kind: str
    title: str
    what: str  # ADDED, LEFT or CHANGED
    before: str
    after: str
    why: str


class FigureChange(Value, kw_only=True):
    """A figure that is no longer as it was printed, or that comes from other records than then."""

    label: str
    before: str
    after: str
    dossiers: tuple[DossierChange, ...]

    def as_json(self) -> dict[str, Any]:
        """The change as JSON values."""
        return asdict(self)


def keep_print(workspace: Workspace, summary: FilledSummary, details: Mapping[str, Any]) -> PrintedSummary:
    """Keep a summary that is being printed; nothing new is kept if the last print said the same under one number."""
    content = _content(summary)
    last = last_print(workspace, summary.wanted)
    shown = {"title": summary.title, **details}
    if last and last.details == shown and _same(workspace.store.summaries.content(last.id), content):
        return last
    period, identity = summary.wanted.period.as_json(), workspace.identity
    made = PrintedSummary(
        id=new_id(),
        name=summary.outline.id,
        first=period["from"] or "",
        last=period["to"] or "",
        unit=_office(workspace, summary.wanted),
        at=moments.written_now(),
        device=identity.device_id,
        officer=identity.officer.name,
        details=shown,
    )
    workspace.store.summaries.put(made, content | {_LINE: workspace.store.publications.position().line})
    return made


def _same(then: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether two prints said the same, whenever they were made."""
    return {name: value for name, value in then.items() if name != _LINE} == now


def prints_of(workspace: Workspace, wanted: WantedSummary) -> list[PrintedSummary]:
    """The prints of a summary for its period and office, newest first; UserError `no_summary`."""
    name, period = outline_named(workspace, wanted.name).id, wanted.period.as_json()
    key = (name, period["from"] or "", period["to"] or "", _office(workspace, wanted))
    return [kept for kept in workspace.store.summaries.all() if (kept.name, kept.first, kept.last, kept.unit) == key]


def last_print(workspace: Workspace, wanted: WantedSummary) -> PrintedSummary | None:
    """The newest print of a summary for its period and office; None if it was never printed."""
    return next(iter(prints_of(workspace, wanted)), None)


def print_named(workspace: Workspace, wanted: WantedSummary, id_: str) -> PrintedSummary:
    """The print with this id, or whose id begins so; UserError `no_print`."""
    for kept in prints_of(workspace, wanted):
        if id_ and kept.id.startswith(id_):
            return kept
    raise UserError(
        f"Chưa in báo cáo này lần nào có mã «{id_}».",
        code="no_print",
        hint="Xem các lần đã in bằng lệnh summary --prints.",
    )


def changes_since(workspace: Workspace, summary: FilledSummary, printed: PrintedSummary) -> list[FigureChange]:
    """What differs from a print: each figure with its old and new value and the records that make the difference."""
    then = workspace.store.summaries.content(printed.id)
    silent = {number.figure.query: number for number in summary.numbers.values()}  # of sentences that are left out now
    numbers = {query: number for query, number in silent.items() if query in then["figures"]} | dict(summary.printed)
    titles = {**then["titles"], **_titles(summary, numbers)}
    since = int(then[_LINE])
    changes = []
    for query, number in numbers.items():
        old, new = then["figures"].get(query, _NOTHING), _figure(summary, number)
        reasons = _Reasons(workspace, number, titles, since)
        dossiers = tuple(reasons.of(old["records"], new["records"]))
        if old["value"] != new["value"] or dossiers:
            before = number.written(_number(old["value"])) if "label" in old else ""
            changes.append(FigureChange(label=number.label, before=before, after=number.aspect(""), dossiers=dossiers))
    gone = (old for query, old in then["figures"].items() if query not in numbers)
    return [*changes, *(FigureChange(label=old["label"], before=old["text"], after="", dossiers=()) for old in gone)]


def _office(workspace: Workspace, wanted: WantedSummary) -> str:
    """The code of the office that is asked for, however it was typed; "" for all."""
    return next(iter(asked_units(workspace, wanted.unit)), "")


def print_json(printed: PrintedSummary) -> dict[str, Any]:
    """A print as JSON values, without its figures."""
    return {"id": printed.id, "at": printed.at, "officer": printed.officer, **printed.details}


def lines_since(printed: PrintedSummary, changes: Sequence[FigureChange]) -> Iterator[str]:
    """What differs from a print as lines of text: each figure, below it the records that make the difference."""
    day = text.format_date(moments.day(printed.at))
    if not changes:
        yield f"So với bản in ngày {day}: không có số nào khác."
        return
    yield f"So với bản in ngày {day}:"
    for change in changes:
        yield f"{change.label}: {change.before or _NO_ROW} → {change.after or _NO_ROW}"
        for dossier in change.dossiers:
            moved = " → ".join(filter(None, (dossier.before, dossier.after)))
            yield f"    {WORDS[dossier.what]}: {dossier.title}{f' ({moved})' if moved else ''} – {dossier.why}"


class _Reasons:
    """The records that make the difference between two states of a figure, and what was done to them in between."""

    def __init__(self, workspace: Workspace, number: SummaryNumber, titles: Mapping[str, Any], since: int) -> None:
        self._workspace, self._number, self._titles, self._since = workspace, number, titles, since

    def of(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[DossierChange]:
        """Yield what was added, then what left, then what changed its value."""
        for what, ids in (
            (ADDED, [id_ for id_ in after if id_ not in before]),
            (LEFT, [id_ for id_ in before if id_ not in after]),
            (CHANGED, [id_ for id_ in after if id_ in before and after[id_] != before[id_]]),
        ):
            for id_ in ids:
                kind, title = self._titles[id_]
                shown = [self._shown(values.get(id_)) for values in (before, after)]
                yield DossierChange(
                    id=id_, kind=kind, title=title, what=what, before=shown[0], after=shown[1], why=self._why(id_)
                )

    def _shown(self, values: Mapping[str, str] | None) -> str:
        """What a record adds; of a rate no single value says it."""
        if not values or self._number.column.is_formula:
            return ""
        return self._number.written(_number(next(iter(values.values()))))

    def _why(self, id_: str) -> str:
        """The last acts on the record since the print, or on the dossier that it belongs to."""
        acts = self._acts(id_) or self._acts(self._parent(id_))
        return "; ".join(acts[-_MOST_ACTS:]) or _SAME

    def _acts(self, id_: str) -> list[str]:
        if not id_:
            return []
        lines = self._workspace.store.history(id_)
        later = sorted((line for line in lines if line.seq > self._since), key=lambda line: line.seq)
        return list(dict.fromkeys(_act(line.at, line.officer, line.action) for line in later))

    def _parent(self, id_: str) -> str:
        record = self._workspace.store.get(id_)
        return str(record.data.get("proposal") or "")


def _act(at: str, officer: str, action: str) -> str:
    return f"{text.format_date(moments.day(at))} {officer}: {text.lower_first(action)}"


def _content(summary: FilledSummary) -> dict[str, Any]:
    """What is kept of a print: its text, its figures and what each record added to them."""
    figures = {query: _figure(summary, number) for query, number in summary.printed.items()}
    return {"lines": [line.text for line in summary.lines], "figures": figures, "titles": _titles(summary, figures)}


def _figure(summary: FilledSummary, number: SummaryNumber) -> dict[str, Any]:
    return {
        "label": number.label,
        "text": number.aspect(""),
        "value": _written(number.value),
        "records": _records(summary.records[number.figure.query]),
    }


def _records(records: Iterable[BehindFigure]) -> dict[str, dict[str, str | None]]:
    """What each record adds, by record and column: a rate has records of several columns."""
    values: dict[str, dict[str, str | None]] = {}
    for record in records:
        values.setdefault(record.id, {})[record.column.name] = _written(record.value)
    return values


def _titles(summary: FilledSummary, queries: Iterable[str]) -> dict[str, list[str]]:
    behind = (record for query in queries for record in summary.records[query])
    return {record.id: [record.kind, record.title] for record in behind}


def _written(value: Figure) -> str | None:
    return None if value is None else str(value)


def _number(written: str | None) -> Figure:
    return None if written is None else Decimal(written)

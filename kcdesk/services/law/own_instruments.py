"""Instruments that the office enters itself: the record as an entry of the register, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from kcdesk import text
from kcdesk.errors import Problem
from kcdesk.formdef.law.citation_checks import endings_of
from kcdesk.formdef.law.citations import citations
from kcdesk.formdef.law.instruments import LAW, Instrument, check_instruments
from kcdesk.formdef.law.law_files import overlaid
from kcdesk.formdef.loading.toml_reader import Faults, nearest
from kcdesk.formdef.record import Record
from kcdesk.services.workspace import Workspace

KIND = "instrument"
LISTED = "listed"  # the state in which an entry counts
_CHANGES = ("amends", "replaces", "repeals")


def instrument_of(record: Record, added_by: str) -> Instrument:
    """The entry of the register that a record makes."""
    is_read = record.value("reading") in ("part", "whole")
    return Instrument(
        id=number_of(record),
        title=str(record.value("title") or ""),
        issuer=str(record.value("issuer") or ""),
        reading=record.value("reading") or "name",
        read_by=str(record.value("read_by") or "") if is_read else "",
        amends=sources(record.value("amends")),
        replaces=sources(record.value("replaces")),
        repeals=sources(record.value("repeals")),
        text=str(record.value("place") or ""),
        note=" ".join(str(record.value("note") or "").split()),
        added_by=added_by,
        issued_on=_day(record.value("issued_on")),
        effective_from=_day(record.value("effective_from")),
        effective_to=_day(record.value("effective_to")),
        read_on=_day(record.value("read_on")) if is_read else None,
    )


def number_of(record: Record) -> str:
    """The number as sources cite it: «Thông tư số 139/2026/TT-BTC» is TT 139/2026/TT-BTC."""
    typed = " ".join(str(record.value("number") or "").split())
    named = citations(typed)
    return named[0].instrument if len(named) == 1 and not named[0].articles else typed


def sources(typed: object) -> tuple[str, ...]:
    """The citations of a field, one a line or between semicolons."""
    lines = str(typed or "").replace(";", "\n").splitlines()
    return tuple(line for line in (" ".join(line.split()).strip(" .,") for line in lines) if line)


def values_of(entry: Instrument) -> dict[str, Any]:
    """The typed values of a record that says otherwise how a known instrument was read."""
    days = {name: getattr(entry, name) for name in ("issued_on", "effective_from", "effective_to")}
    lists = {name: "\n".join(getattr(entry, name)) for name in _CHANGES}
    texts = {"number": entry.id, "title": entry.title, "issuer": entry.issuer, "reading": entry.reading}
    kept = {"place": entry.text, "note": entry.note}
    known = texts | lists | kept | {name: day.isoformat() for name, day in days.items() if day}
    return {name: value for name, value in known.items() if value}


def own_record(workspace: Workspace, number: str) -> str:
    """The id of the record of this office that says something of an instrument; "" if there is none."""
    code = workspace.identity.unit.code
    stored = (each for each in workspace.store.page(KIND, limit=-1) if each.unit == code)
    return next((each.id for each in stored if number_of(each.record(workspace.forms)) == number), "")


def problems_beside(workspace: Workspace, record: Record) -> list[Problem]:
    """What is wrong with an entry, each beside its field; empty for a record of another kind."""
    return list(_problems(workspace, record)) if record.kind == KIND else []


def _problems(workspace: Workspace, record: Record) -> Iterator[Problem]:
    entry = instrument_of(record, workspace.identity.unit.name)
    if not entry.id:
        return
    if [cited.instrument for cited in citations(entry.id)] != [entry.id]:
        yield Problem("number", "Số hiệu phải gồm loại văn bản viết tắt rồi số: TT 139/2026/TT-BTC, NĐ 45/2012/NĐ-CP.")
        return
    yield from _twice(workspace, record, entry)
    others = workspace.forms.law.declared
    known = {other.id for other in others} | {entry.id}
    for name in _CHANGES:
        yield from _wrong_sources(name, getattr(entry, name), known)
    yield from _contradictions(others, entry)
    if entry.is_read and entry.ended and entry.effective_from is None:
        sentence = "Văn bản đã đọc mà thay thế, bãi bỏ văn bản khác thì ghi ngày có hiệu lực."
        yield Problem("effective_from", sentence)


def _twice(workspace: Workspace, record: Record, entry: Instrument) -> Iterator[Problem]:
    if own_record(workspace, entry.id) not in ("", record.id):
        yield Problem("number", f"Đơn vị đã nhập văn bản {entry.id}; hãy sửa ở đó.")


def _wrong_sources(name: str, typed: Sequence[str], known: set[str]) -> Iterator[Problem]:
    for source in typed:
        cited = citations(source)
        if not cited:
            yield Problem(name, f"«{source}» không có số hiệu văn bản; ghi như «Điều 8 TT 28/2018/TT-BTC».")
        for base in cited:
            if base.instrument not in known:
                hint = nearest(base.instrument, known)
                meant = f" ({hint})" if hint else ""
                where = "«Thêm văn bản…»"
                yield Problem(name, f"Danh mục chưa có {base.instrument}{meant}; nhập văn bản ấy trước bằng {where}.")


def _contradictions(others: Sequence[Instrument], entry: Instrument) -> Iterator[Problem]:
    """What the register refuses once the entry stands in it: a change before its base, a circle."""
    faults = Faults()
    check_instruments(overlaid(others, [entry]), faults, {})
    for fault in faults.items:
        if fault.file == LAW and "thành vòng" in fault.message and entry.id in fault.message:
            yield Problem("replaces", f"{text.upper_first(fault.message)}; hãy bỏ bớt một chỗ thay thế.")
        elif fault.place == entry.id and "trước khi" in fault.message:
            yield Problem(_changing(entry, fault.message), f"{text.upper_first(fault.message)}; xem lại ngày ban hành.")


def _changing(entry: Instrument, message: str) -> str:
    """The field that names the base of which a fault speaks."""
    named = (
        name
        for name in _CHANGES
        for source in getattr(entry, name)
        for cited in citations(source)
        if cited.instrument in message
    )
    return next(named, "issued_on")


def ended_on(instruments: Sequence[Instrument], source: str, first: date) -> str:
    """Why a rule that begins on a day may not cite a source: what has ended, since when, by what; "" if it may."""
    for ending in endings_of(instruments):
        for cited in citations(source):
            if ending.on <= first and ending.what.overlaps(cited):
                return ending.sentence(cited)
    return ""


def _day(stored: object) -> date | None:
    return date.fromisoformat(stored) if isinstance(stored, str) and stored else None

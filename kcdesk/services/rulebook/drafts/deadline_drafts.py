"""Deadlines as an officer types them: recurring ones, and those that count from a date of a dossier."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import tomlkit
from tomlkit import TOMLDocument

from kcdesk import notations, text
from kcdesk.formdef.regulations.deadlines import Deadline
from kcdesk.formdef.types.registry import type_of
from kcdesk.services.rulebook.drafts.periods import present_period
from kcdesk.services.rulebook.drafts.rule_entries import (
    NEW,
    SOURCE_FIELDS,
    DraftFiles,
    EntryField,
    RuleEntry,
    RuleSubject,
    add_period,
    free_name,
    refused,
    table_of,
)
from kcdesk.services.rulebook.rule_documents import edited_document
from kcdesk.services.workspace import Workspace

FILE, FOLDER = "calendar.toml", "calendar"
_EVERY = (
    ("", "một lần, theo hồ sơ"),
    ("month", "hằng tháng"),
    ("quarter", "hằng quý"),
    ("half_year", "sáu tháng một lần"),
    ("year", "hằng năm"),
)
_SCOPES = (("", "của tỉnh này"), ("whole", "chung cả nước"))
_LEVELS = (("", "mọi cấp"), ("lower", "đơn vị cấp dưới"), ("province", "cấp tỉnh"))
_KINDS = ("proposal", "contract", "acceptance", "inspection", "payment", "settlement", "adjustment", "plan")


class DeadlineSubject(RuleSubject):
    """What has to be done by when, with the alarm before it."""

    name = "deadlines"
    label = "Thời hạn"
    button = "Nhập thời hạn…"
    about = (
        "Việc phải làm và hạn của nó, theo văn bản của tỉnh hay của cả nước. Hạn định kỳ ghi tháng, ngày; hạn theo hồ "
        "sơ đếm từ một ngày của hồ sơ. Hạn mới kết thúc hạn cũ vào ngày liền trước."
    )

    def targets(self, workspace: Workspace) -> list[tuple[str, str]]:
        """Each deadline, and a new one."""
        return [*{rule.id: _plain(rule.label) for rule in workspace.calendar.deadlines}.items(), (NEW, "Thời hạn mới")]

    def fields(self, workspace: Workspace, target: str) -> tuple[EntryField, ...]:
        """What is due, when it is due, for whom, and by which text."""
        rule = _rule(workspace, target)
        counted = EntryField(
            name="counted",
            label="Đếm từ ngày",
            choices=(("", "ngày cố định"), *_dates(workspace)),
        )
        fields = [
            EntryField(name="scope", label="Áp dụng", choices=_SCOPES),
            EntryField(name="label", label="Việc phải làm", hint="Gửi báo cáo năm {year}", lines=True),
            EntryField(name="levels", label="Đơn vị phải làm", choices=_LEVELS),
        ]
        if rule is None:
            fields += [EntryField(name="every", label="Lặp lại", choices=_EVERY), counted]
        if rule is None or rule.every or rule.month:
            fields += [
                EntryField(name="month", label="Tháng", hint="tháng trong năm, trong quý"),
                EntryField(name="day", label="Ngày", hint="25"),
                EntryField(name="before", label="Cách tính", choices=(("", "vào ngày ấy"), ("yes", "trước ngày ấy"))),
            ]
        if rule is None or not (rule.every or rule.month):
            fields += [
                EntryField(name="days", label="Số ngày sau"),
                EntryField(name="working_days", label="hoặc số ngày làm việc sau"),
                EntryField(name="months", label="hoặc số tháng sau"),
            ]
        fields += [EntryField(name="remind", label="Nhắc trước (ngày)", hint="7"), *SOURCE_FIELDS]
        if rule is None or rule.kind:
            fields += [
                EntryField(name="base", label="Ví dụ: ngày của hồ sơ", hint="05/3/2027"),
                EntryField(name="due", label="thì hạn là ngày", hint="20/3/2027"),
            ]
        return tuple(fields)

    def present(self, workspace: Workspace, target: str) -> str:
        """The time and the source of the period of today."""
        rule = _rule(workspace, target)
        if rule is None:
            return ""
        since = f"từ {text.format_date(rule.effective_from)}"
        basis = workspace.forms.basis(rule.source, unverified=rule.unverified, on=workspace.today())
        return f"{_time(rule)} ({basis}; {since})"

    def started(self, workspace: Workspace, target: str) -> dict[str, str]:
        """The deadline of today."""
        rule = _rule(workspace, target)
        if rule is None:
            return {"remind": "7"}
        started = {name: str(getattr(rule, name) or "") for name in ("month", "day", "days", "working_days", "months")}
        started |= {"before": "yes" if rule.before else "", "remind": str(rule.remind), "label": rule.label}
        return started | {"levels": rule.levels[0] if len(rule.levels) == 1 else ""}

    def enter(self, files: DraftFiles, entry: RuleEntry) -> None:
        """Add a period of a deadline, or a new one, to the file of the province or of the nation."""
        is_national = entry.text("scope") == "whole"
        document = files.document(FILE) if is_national else _own_file(files)
        if not is_national and entry.target != NEW:
            _take_over(files, document, entry.target)
        entries = document.setdefault("deadline", tomlkit.aot())
        ids = [rule.id for rule in files.workspace.calendar.deadlines]
        add_period(
            entries,
            entry,
            "thời hạn",
            new_id=free_name(entry.text("label"), ids),
            is_same=lambda each: each["id"] == entry.target,
            values=lambda before: _values(entry, before),
        )

    def described(self, _workspace: Workspace, entry: RuleEntry) -> str:
        """What is due, since when, by which text."""
        return f"{_plain(entry.text('label'))}; từ {text.format_date(entry.first)}; {entry.source}"

    def check(self, would_be: Workspace, entry: RuleEntry) -> None:
        """Work the example: the last day that the deadline gives for a date of a dossier."""
        rules = would_be.calendar.deadlines
        base, expected = (entry.read(name, notations.parse_date) for name in ("base", "due"))
        if base is None and expected is None:
            return
        if base is None or expected is None:
            raise refused("base", "Ví dụ cần đủ hai ngày: ngày của hồ sơ, và hạn.")
        mine = [rule for rule in rules if rule.effective_from == entry.first and rule.label == entry.text("label")]
        comes_out = mine[0].shifted(base) if mine and mine[0].kind else None
        if comes_out != expected:
            shown = text.format_date(comes_out) if comes_out else "không có hạn"
            raise refused("due", f"Ví dụ tính ra {shown}, không phải {text.format_date(expected)}.")


# -- values ------------------------------------------------------------------------------------------------------------


def _values(entry: RuleEntry, before: Mapping[str, Any]) -> dict[str, Any]:
    if not entry.text("label"):
        raise refused("label", "Chưa ghi việc phải làm.")
    times = _times(entry, before)
    _refuse_words(entry)
    values: dict[str, Any] = {
        "label": " ".join(entry.lines("label")),
        "source": entry.source,
        "effective_from": entry.first,
        "effective_to": entry.last,
        "levels": [entry.text("levels")] if entry.text("levels") else None,
        "unverified": None,
        "remind": entry.number("remind"),
    }
    return values | times


def _times(entry: RuleEntry, before: Mapping[str, Any]) -> dict[str, Any]:
    times: dict[str, Any] = {name: entry.number(name) for name in ("month", "day", "days", "working_days", "months")}
    times["before"] = True if entry.text("before") == "yes" else None
    if entry.target == NEW:
        times |= _how_counted(entry)
    every = str(times.get("every") or before.get("every") or "")
    if every:
        times |= dict.fromkeys(("days", "working_days", "months"), None)
        _refuse_day(every, times)
    elif times["month"] or times["day"]:
        _refuse_day("year", times)
    elif not (times["days"] or times["working_days"] or times["months"]) and entry.target == NEW:
        raise refused("days", "Chưa ghi số ngày, số tháng sau ngày ấy.")
    return times


def _how_counted(entry: RuleEntry) -> dict[str, Any]:
    every, counted = entry.text("every"), entry.text("counted")
    if bool(every) == bool(counted):
        raise refused("every", "Hãy chọn một: lặp lại, hoặc đếm từ một ngày của hồ sơ.")
    if every:
        return {"every": every}
    kind, _, field = counted.partition(".")
    return {"kind": kind, "on": field, "month": None, "day": None}


def _refuse_day(every: str, times: dict[str, Any]) -> None:
    longest = {"month": 1, "quarter": 3, "half_year": 6}.get(every, 12)
    month, day = times.get("month"), times.get("day")
    if longest > 1 and not (month and 1 <= month <= longest):
        raise refused("month", f"Tháng phải từ 1 đến {longest}.")
    if longest == 1 and month:
        raise refused("month", "Hạn hằng tháng không ghi tháng.")
    try:
        date(2023, month or 1, day or 0)
        is_day = every == "year" or (day or 0) <= 28
    except ValueError:
        is_day = False
    if not is_day:
        raise refused("day", "Không có ngày này trong mọi tháng; hãy ghi từ 1 đến 28.")


def _refuse_words(entry: RuleEntry) -> None:
    try:
        Deadline(id="typed", label=entry.text("label"), source="", effective_from=entry.first).words(date(2024, 2, 29))
    except (KeyError, ValueError, IndexError, AttributeError):
        known = "Dùng được: {year}, {next_year}, {month}, {quarter}, {half}."
        raise refused("label", "Chữ trong ngoặc nhọn không dùng được.", known) from None


# -- files -------------------------------------------------------------------------------------------------------------


def _own_file(files: DraftFiles) -> TOMLDocument:
    """The file of this province in force, or a new one."""
    workspace = files.workspace
    code = workspace.identity.unit.province
    name = workspace.places.province_name(code) or code
    file, document = edited_document(workspace, FOLDER, {"province": code}, f"Deadlines of {name}", name)
    return files.adopt(f"{FOLDER}/{file}", document)


def _take_over(files: DraftFiles, document: TOMLDocument, target: str) -> None:
    """Copy the periods of a common deadline into the file of the province: those of its id take their place there."""
    entries = document.setdefault("deadline", tomlkit.aot())
    if any(each["id"] == target for each in entries):
        return
    for each in files.document_as_is(FILE).get("deadline", ()):
        if each["id"] == target:
            entries.append(table_of(each, {}))


# -- words -------------------------------------------------------------------------------------------------------------


def _rule(workspace: Workspace, target: str) -> Deadline | None:
    periods = [rule for rule in workspace.calendar.deadlines if rule.id == target]
    return present_period(periods, workspace.today())


def _dates(workspace: Workspace) -> Iterator[tuple[str, str]]:
    """The dates of dossiers from which a deadline may count: («contract.signed_on», «Hợp đồng: Ngày ký»)."""
    for kind in _KINDS:
        form = workspace.forms.current(kind, workspace.today())
        for field in form.fields:
            if type_of(field).is_date:
                yield f"{kind}.{field.name}", f"{form.label}: {field.label}"


def _plain(label: str) -> str:
    """A label without its braces: «Gửi báo cáo năm …»."""
    words = label
    for name in ("year", "next_year", "last_year", "month", "quarter", "half", "detail"):
        words = words.replace(f"{{{name}}}", "…")
    return " ".join(words.split())


def _time(rule: Deadline) -> str:
    if rule.day:
        place = f"{rule.day}/{rule.month}" if rule.month else f"ngày {rule.day}"
        return f"{'trước ' if rule.before else ''}{place}, {dict(_EVERY)[rule.every]}"
    spans = ((rule.days, "ngày"), (rule.working_days, "ngày làm việc"), (rule.months, "tháng"))
    return " và ".join(f"{number} {unit}" for number, unit in spans if number) or "đúng ngày của hồ sơ"

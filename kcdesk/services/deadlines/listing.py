"""What has to be done by when: late, today, this week, later; and what an officer says of it: done, or postponed.

What a date of a dossier tells is asked of the dossiers each time, so that it is never out of date. What no date can
tell (a monthly report was sent) is a task of its own, with its history.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from kcdesk import text
from kcdesk.errors import UserError
from kcdesk.formdef.regulations.deadlines import Deadline
from kcdesk.services.deadlines import clock_check, dated_records
from kcdesk.services.deadlines.dated_records import Found
from kcdesk.services.records import reading
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes

TASK = "task"
_OWN = "own_task"  # the deadline of calendar.toml that tasks have
_FINISH = "finish"  # the step of a task that has been done
_SLASH = "/"


@dataclass(frozen=True, slots=True)
class Due:
    """One thing to do by the end of a day; `id` is the dossier that it is about, "" for none."""

    key: str  # the same as long as it is the same thing on the same day
    uid: str  # the same even when the day moves
    day: date
    what: str
    source: str
    unverified: bool
    kind: str
    id: str
    title: str
    remind: int  # days before
    task: str = ""  # id of what an officer has put down about it
    first_day: date | None = None  # the day before it was postponed

    def as_json(self) -> dict[str, Any]:
        """As the command line prints it."""
        names = ("key", "what", "source", "unverified", "kind", "id", "title", "task")
        said = {name: getattr(self, name) for name in names}
        return {"due": self.day.isoformat(), **said, "postponed_from": self.first_day and self.first_day.isoformat()}


@dataclass(frozen=True, slots=True)
class Listing:
    """What there is to do, as seen on a day; `doubt` says in a sentence why that day may be wrong ("" for no doubt)."""

    on: date
    doubt: str
    late: tuple[Due, ...]
    today: tuple[Due, ...]
    week: tuple[Due, ...]
    later: tuple[Due, ...]

    @property
    def groups(self) -> tuple[tuple[str, str, tuple[Due, ...]], ...]:
        """(name, label, what is in it), the most urgent first."""
        return (
            ("late", "Quá hạn", self.late),
            ("today", f"Hôm nay, {text.format_date(self.on)}", self.today),
            ("week", "Trong tuần này", self.week),
            ("later", "Sắp tới", self.later),
        )

    @property
    def pressing(self) -> tuple[Due, ...]:
        """What is late or due by the end of this week."""
        return (*self.late, *self.today, *self.week)

    @property
    def all(self) -> tuple[Due, ...]:
        """Everything, by day."""
        return (*self.pressing, *self.later)

    def as_json(self) -> dict[str, Any]:
        """As the command line prints it."""
        groups = {name: [due.as_json() for due in dues] for name, _label, dues in self.groups}
        return {"on": self.on.isoformat(), "clock": self.doubt, **groups}


# -- reading -----------------------------------------------------------------------------------------------------


def listing(workspace: Workspace, on: date | None = None) -> Listing:
    """What there is to do, seen on a day: today by the laptop's clock when none is given."""
    day = on or workspace.today()
    sunday = day + timedelta(days=6 - day.weekday())
    dues = between(workspace, None, day + timedelta(days=workspace.calendar.ahead), day)
    return Listing(
        on=day,
        doubt="" if on else clock_check.doubt(workspace),
        late=tuple(due for due in dues if due.day < day),
        today=tuple(due for due in dues if due.day == day),
        week=tuple(due for due in dues if day < due.day <= sunday),
        later=tuple(due for due in dues if due.day > sunday),
    )


def between(workspace: Workspace, first: date | None, last: date, on: date | None = None) -> list[Due]:
    """What has to be done from `first` to `last`, by day; without `first`, what is late on the day `on` as well."""
    today = on or workspace.today()
    settled = _settled(workspace, first or today - timedelta(days=_longest(workspace)), last)
    found = {
        due.key: due
        for rule in _rules(workspace)
        for due in _of_rule(workspace, rule, first or today - timedelta(days=rule.late_for), last)
        if due.key not in settled
    }
    return sorted(found.values(), key=lambda due: (due.day, due.what, due.title, due.key))


def by_key(workspace: Workspace, key: str) -> Due:
    """The open deadline of that key; UserError `not_found`."""
    today = workspace.today()
    for due in between(workspace, None, today + timedelta(days=400), today):
        if key in (due.key, due.task):
            return due
    raise UserError(
        f"Không có thời hạn nào đang mở mang mã «{key}».", code="not_found", hint="Hãy xem lại danh sách thời hạn."
    )


def _rules(workspace: Workspace) -> Iterator[Deadline]:
    level = workspace.identity.unit.level
    return (rule for rule in workspace.calendar.deadlines if not rule.levels or level in rule.levels)


def _longest(workspace: Workspace) -> int:
    return max((rule.late_for for rule in workspace.calendar.deadlines), default=0)


def _of_rule(workspace: Workspace, rule: Deadline, first: date, last: date) -> Iterator[Due]:
    if rule.kind == TASK:
        yield from _tasks(workspace, rule, first, last)
    elif rule.every:
        yield from _rounds(workspace, rule, first, last)
    else:
        for found in dated_records.due(workspace, rule, first, last):
            yield _of_dossier(workspace, rule, found)


def _rounds(workspace: Workspace, rule: Deadline, first: date, last: date) -> Iterator[Due]:
    begun = datetime.fromisoformat(workspace.identity.created).date()
    since = max(first, begun) if begun <= last else first  # what was due before there was a store is not asked of it
    days = [(named, due) for named, due in rule.rounds(since, last) if rule.is_in_force(due)]
    if days and all(dated_records.exists(workspace, need) for need in rule.needs):
        for named, due in days:
            key = f"{rule.id}/{due.isoformat()}"
            what = rule.words(named)
            yield Due(key, key, due, what, rule.source, rule.unverified, "", "", "", rule.remind)


def _of_dossier(workspace: Workspace, rule: Deadline, found: Found) -> Due:
    uid = _SLASH.join(filter(None, (rule.id, found.stored.id, found.row)))
    return Due(
        key=f"{uid}/{found.day.isoformat()}",
        uid=uid,
        day=found.day,
        what=rule.words(found.day, found.detail or "chưa ghi nội dung"),
        source=rule.source,
        unverified=rule.unverified,
        kind=found.stored.kind,
        id=found.stored.id,
        title=dated_records.title(workspace, found.stored),
        remind=rule.remind,
    )


# -- what officers say --------------------------------------------------------------------------------------------


def mark_done(workspace: Workspace, due: Due, note: str = "") -> Changes:
    """Say that something has been done; it can be undone, and stays in the history."""
    done_on = workspace.today().isoformat()
    done = workspace.forms.workflow(TASK).step(_FINISH).to
    with workspace.store.act(f"Đánh dấu đã xong: {due.what}") as act:
        if due.task:
            task = workspace.store.record(due.task)
            act.update(task.id, {"state": done} | task.set("done_on", done_on) | _noted(task.value("note"), note))
        else:
            act.insert(TASK, *_new(workspace, due, state=done, done_on=done_on, **_noted(None, note)))
    return act.changes


def postpone(workspace: Workspace, due: Due, to: date, reason: str) -> Changes:
    """Put something off to a later day; the reason and the first day stay. UserError for no reason or no later day."""
    reason = text.clean(reason).strip()
    if to <= due.day or to < workspace.today():
        raise UserError(
            f"Ngày hoãn đến phải sau hạn {text.format_date(due.day)} và không ở quá khứ.",
            code="bad_postponement",
            field="due_on",
        )
    if not reason:
        raise UserError("Cần ghi lý do hoãn.", code="reason_missing", hint="Lý do được giữ cùng việc này.")
    said = f"Hoãn từ {text.format_date(due.day)} đến {text.format_date(to)}: {reason}"
    open_ = workspace.forms.workflow(TASK).initial
    with workspace.store.act(f"Hoãn đến {text.format_date(to)}: {due.what}") as act:
        if due.task:
            task = workspace.store.record(due.task)
            first = {} if task.value("first_due_on") else {"first_due_on": due.day.isoformat()}
            act.update(task.id, {"due_on": to.isoformat(), **first, **_noted(task.value("note"), said)})
        else:
            act.insert(TASK, *_new(workspace, due, state=open_, due_on=to.isoformat(), **_noted(None, said)))
    return act.changes


def _noted(before: str | None, line: str) -> dict[str, str]:
    lines = [said for said in (before, text.clean(line).strip()) if said]
    return {"note": "\n".join(lines)} if line and lines else {}


def _new(workspace: Workspace, due: Due, **values: Any) -> tuple[str, dict[str, Any]]:
    """What is put down about a deadline that had no task yet."""
    form = reading.form_of(workspace, TASK)
    day = due.day.isoformat()
    data = {"revision": 1, "title": due.what, "due_on": day, "first_due_on": day, "key": due.key, "source": due.source}
    return form.reference, data | values


def _settled(workspace: Workspace, first: date, last: date) -> set[str]:
    """The keys of the deadlines about which an officer of this unit has put something down."""
    sql = f"{dated_records.SELECT} WHERE {dated_records.on_days(workspace, TASK, 'first_due_on')} AND unit = :unit"
    span = {"first": first.isoformat(), "last": last.isoformat(), "unit": workspace.identity.unit.code}
    return {found.data["key"] for found in dated_records.stored(workspace, sql, span) if found.data.get("key")}


def _tasks(workspace: Workspace, own: Deadline, first: date, last: date) -> Iterator[Due]:
    """Own tasks, and what was postponed and is still to be done."""
    rules = {rule.id: rule for rule in workspace.calendar.deadlines}
    for found in dated_records.due(workspace, own, first, last):
        if found.stored.unit == workspace.identity.unit.code:
            due = _of_task(workspace, rules, own, found)
            if due is not None:
                yield due


def _of_task(workspace: Workspace, rules: dict[str, Deadline], own: Deadline, found: Found) -> Due | None:
    data = found.stored.data
    due = _of_dossier(workspace, own, found)
    due = replace(due, key=found.stored.id, task=found.stored.id, first_day=_date(data.get("first_due_on")))
    if not data.get("key"):
        return _about_proposal(workspace, due, data)
    name, *about = str(data["key"]).split(_SLASH)
    due = replace(due, uid=_SLASH.join((name, *about[:-1])) if about[:-1] else str(data["key"]))
    rule = rules.get(name)
    due = replace(due, source=str(data.get("source", "")), unverified=bool(rule and rule.unverified))
    if rule is None or not rule.kind or not about[:-1]:
        return due
    dossier = dated_records.still_open(workspace, rule, about[0], about[1] if len(about) > 2 else "")
    if dossier is None:
        return None
    return replace(due, kind=dossier.kind, id=dossier.id, title=dated_records.title(workspace, dossier))


def _about_proposal(workspace: Workspace, due: Due, data: dict[str, Any]) -> Due:
    if not data.get("proposal"):
        return replace(due, title="")
    return replace(due, title=reading.title_of(workspace, data["proposal"]))


def _date(stored: object) -> date | None:
    return date.fromisoformat(stored) if isinstance(stored, str) else None


def month_of(day: date) -> tuple[date, date]:
    """The first and the last day of the month of a day."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def days_left(due: Due, on: date) -> str:
    """How long there is still time: «hôm nay», «còn 3 ngày», «quá 2 ngày»."""
    left = (due.day - on).days
    return "hôm nay" if left == 0 else f"còn {left} ngày" if left > 0 else f"quá {-left} ngày"

"""The deadlines that are late, due today, this week or later; an officer marks them done or postpones them.

Deadlines that follow from a date of a dossier are read from the dossiers each time, so that they are never out of date.
What no date can show (a monthly report was sent) is stored as a task, with its history.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from kcdesk import moments, text
from kcdesk.errors import UserError
from kcdesk.formdef.law.citations import PROPOSAL
from kcdesk.formdef.regulations.deadlines import Deadline
from kcdesk.runtime.frozen import Value, replace
from kcdesk.services.deadlines import clock_check, dated_records
from kcdesk.services.deadlines.dated_records import Asking, DatedDossier
from kcdesk.services.law import reviews as law_reviews
from kcdesk.services.personal import rights
from kcdesk.services.records import reading
from kcdesk.services.workspace import Workspace
from kcdesk.store.changes import Changes

TASK = "task"
LAW, TERMS = "law", "terms"  # kinds of deadlines about legal texts, about terms of keeping: they have no record
_OWN = "own_task"  # the deadline of calendar.toml that tasks have
_FINISH = "finish"  # the step of a task that has been done
_SLASH = "/"
_LOOK_THROUGH = (1, 31)  # month and day: a term ends with a year
_FIRST = date(1990, 1, 1)  # before every programme of the circulars


class Due(Value):
    """Something to do by the end of a day; `id` is the dossier concerned, "" for none."""

    key: str  # stable while the day is the same
    uid: str  # stable even when the day moves
    day: date
    what: str
    source: str
    unverified: bool
    kind: str
    id: str
    title: str
    remind: int  # days before
    task: str = ""  # id of the task that an officer stored for it
    first_day: date | None = None  # the day before it was postponed
    papers: tuple[str, ...] = ()  # layouts of what is due; the first that the dossier has counts

    @property
    def rule_day(self) -> date:
        """The day that the rule gives, also after it was postponed: it says which month is reported."""
        return self.first_day or self.day

    def as_json(self) -> dict[str, Any]:
        """As the command line prints it."""
        names = ("key", "what", "source", "unverified", "kind", "id", "title", "task", "papers")
        fields = {name: getattr(self, name) for name in names}
        return {"due": self.day.isoformat(), **fields, "postponed_from": self.first_day and self.first_day.isoformat()}


class Listing(Value):
    """The deadlines as seen on a day; `doubt` is a sentence why the laptop's date may be wrong, or ""."""

    on: date
    doubt: str
    late: tuple[Due, ...]
    today: tuple[Due, ...]
    week: tuple[Due, ...]
    later: tuple[Due, ...]
    long_late: tuple[Due, ...] = ()  # for more than a year
    is_cut: bool = False  # whether there are more of these than are listed

    @property
    def long_late_count(self) -> str:
        """The number of deadlines that are long late; «hơn 1.000» if not all are listed."""
        return f"{'hơn ' if self.is_cut else ''}{text.format_integer(len(self.long_late))}"

    @property
    def groups(self) -> tuple[tuple[str, str, tuple[Due, ...]], ...]:
        """(name, label, deadlines) of each group, most urgent first; what is long late comes last."""
        return (
            ("late", "Quá hạn", self.late),
            ("today", f"Hôm nay, {text.format_date(self.on)}", self.today),
            ("week", "Trong tuần này", self.week),
            ("later", "Sắp tới", self.later),
            ("long_late", "Quá hạn lâu, trên một năm", self.long_late),
        )

    @property
    def pressing(self) -> tuple[Due, ...]:
        """The deadlines that are late or due by the end of this week."""
        return (*self.late, *self.today, *self.week)

    @property
    def all(self) -> tuple[Due, ...]:
        """Every deadline but those that are long late, by day."""
        return (*self.pressing, *self.later)

    @property
    def every(self) -> tuple[Due, ...]:
        """Every deadline, by day."""
        return (*self.long_late, *self.all)

    def as_json(self) -> dict[str, Any]:
        """As the command line prints it."""
        groups = {name: [due.as_json() for due in dues] for name, _label, dues in self.groups}
        return {"on": self.on.isoformat(), "clock": self.doubt, **groups}


# -- reading -----------------------------------------------------------------------------------------------------


def listing(workspace: Workspace, on: date | None = None, asking: Asking | None = None) -> Listing:
    """List the deadlines as seen on a day; without `on`, on the laptop's today."""
    day = on or workspace.today()
    sunday = day + timedelta(days=6 - day.weekday())
    asking = asking or Asking(workspace)
    overdue = long_late(workspace, day, asking)
    dues = between(workspace, None, day + timedelta(days=workspace.calendar.ahead), day, asking)
    return Listing(
        on=day,
        doubt="" if on else clock_check.doubt(workspace),
        late=tuple(due for due in dues if due.day < day),
        today=tuple(due for due in dues if due.day == day),
        week=tuple(due for due in dues if day < due.day <= sunday),
        later=tuple(due for due in dues if due.day > sunday),
        long_late=tuple(overdue),
        is_cut=any(number >= dated_records.MOST for number in Counter(due.what for due in overdue).values()),
    )


def long_late(workspace: Workspace, on: date, asking: Asking | None = None) -> list[Due]:
    """List what has been late for more than a year on a day and is still not done, by day; at most MOST of a rule."""
    asking = asking or Asking(workspace)
    rules = [rule for rule in _rules(workspace) if rule.lasts]
    last = {rule.id: on - timedelta(days=rule.shown_late + 1) for rule in rules}
    settled = _settled(workspace, _FIRST, on)
    dues = [due for rule in rules for due in _dues_of_rule(asking, rule, _FIRST, last[rule.id])]
    return sorted((due for due in dues if due.key not in settled), key=lambda due: (due.day, due.what, due.title))


def between(
    workspace: Workspace, first: date | None, last: date, on: date | None = None, asking: Asking | None = None
) -> list[Due]:
    """List what has to be done from `first` to `last`, by day; without `first` also what is late on the day `on`."""
    today, asking = on or workspace.today(), asking or Asking(workspace)
    settled = _settled(workspace, first or today - timedelta(days=_longest(workspace)), last)
    dues = {
        due.key: due
        for rule in _rules(workspace)
        for due in _dues_of_rule(asking, rule, first or today - timedelta(days=rule.shown_late), last)
        if due.key not in settled
    }
    dues |= {due.key: due for due in _reviews(workspace, first, last, today)}
    dues |= {due.key: due for due in _past_terms(workspace, first, last, today)}
    return sorted(dues.values(), key=lambda due: (due.day, due.what, due.title, due.key))


def _past_terms(workspace: Workspace, first: date | None, last: date, today: date) -> Iterator[Due]:
    """The records with personal values that are past their term of keeping; to be looked through in January."""
    day = date(today.year, *_LOOK_THROUGH)
    if (first is None or first <= day) and day <= last and rights.has_past_terms(workspace):
        what = "Xem hồ sơ đã hết thời hạn lưu giữ dữ liệu cá nhân: xoá, hoặc còn lý do để giữ"
        yield _without_record(rights.TERMS_PLACE, day, what, TERMS, unverified=True)


def _reviews(workspace: Workspace, first: date | None, last: date, today: date) -> Iterator[Due]:
    """The legal texts to compare again; they are done by the comparison itself."""
    for review in law_reviews.reviews(workspace, today):
        if (first is None or first <= review.day) and review.day <= last:
            id_ = f"{law_reviews.PLACE}{review.number}"
            yield _without_record(id_, review.day, review.words(today), LAW, unverified=False)


def _without_record(id_: str, day: date, what: str, kind: str, *, unverified: bool) -> Due:
    return Due(f"{id_}/{day.isoformat()}", id_, day, what, PROPOSAL, unverified, kind, id_, title="", remind=0)


def by_key(workspace: Workspace, key: str) -> Due:
    """The open deadline of that key; UserError `not_found`."""
    today = workspace.today()
    for due in [*between(workspace, None, today + timedelta(days=400), today), *long_late(workspace, today)]:
        if key in (due.key, due.task):
            return due
    raise UserError(
        f"Không có thời hạn nào đang mở mang mã «{key}».", code="not_found", hint="Hãy xem lại danh sách thời hạn."
    )


def _rules(workspace: Workspace) -> Iterator[Deadline]:
    level = workspace.identity.unit.level
    return (rule for rule in workspace.calendar.deadlines if not rule.levels or level in rule.levels)


def _longest(workspace: Workspace) -> int:
    return max((rule.shown_late for rule in workspace.calendar.deadlines), default=0)


def _dues_of_rule(asking: Asking, rule: Deadline, first: date, last: date) -> Iterator[Due]:
    if rule.kind == TASK:
        yield from _due_tasks(asking, rule, first, last)
    elif rule.every:
        yield from _rounds(asking, rule, first, last)
    else:
        yield from _dues_of_dossiers(asking, rule, dated_records.dossiers_due(asking, rule, first, last))


def _rounds(asking: Asking, rule: Deadline, first: date, last: date) -> Iterator[Due]:
    workspace = asking.workspace
    created = moments.day(workspace.identity.created)
    since = max(first, created) if created <= last else first  # nothing is due before the store was created
    days = [(period, due) for period, due in rule.rounds(since, last) if rule.is_in_force(due)]
    if days and all(dated_records.exists(asking, need) for need in rule.needs):
        is_marked = _is_marked(workspace, rule)
        for period, due in days:
            key = f"{rule.id}/{due.isoformat()}"
            what = rule.words(period)
            yield Due(key, key, due, what, rule.source, is_marked, "", "", "", rule.remind, papers=rule.papers)


def _dues_of_dossiers(asking: Asking, rule: Deadline, dossiers: Sequence[DatedDossier]) -> Iterator[Due]:
    titles = asking.known.titles(dated.dossier for dated in dossiers)
    is_marked = _is_marked(asking.workspace, rule) if dossiers else False
    return (_due_of_dossier(rule, dated, titles[dated.dossier.id], is_marked=is_marked) for dated in dossiers)


def _due_of_dossier(rule: Deadline, dated: DatedDossier, title: str, *, is_marked: bool) -> Due:
    uid = _SLASH.join(filter(None, (rule.id, dated.dossier.id, dated.row)))
    return Due(
        key=f"{uid}/{dated.day.isoformat()}",
        uid=uid,
        day=dated.day,
        what=rule.words(dated.day, dated.detail or "chưa ghi nội dung"),
        source=rule.source,
        unverified=is_marked,
        kind=dated.dossier.kind,
        id=dated.dossier.id,
        title=title,
        remind=rule.remind,
        papers=rule.papers,
    )


def _is_marked(workspace: Workspace, rule: Deadline) -> bool:
    return workspace.forms.law.is_marked(rule.source, unverified=rule.unverified)


def basis(workspace: Workspace, due: Due) -> str:
    """The legal source of a deadline, its level of proof and what is to be careful of on its day."""
    return workspace.forms.basis(due.source, unverified=due.unverified, on=due.day)


# -- tasks of officers ---------------------------------------------------------------------------------------------


def mark_done(workspace: Workspace, due: Due, note: str = "") -> Changes:
    """Mark a deadline as done; this can be undone and stays in the history."""
    _refuse_review(due)
    done_on = workspace.today().isoformat()
    done = workspace.forms.workflow(TASK).step(_FINISH).to
    with workspace.store.act(f"Đánh dấu đã xong: {due.what}") as act:
        if due.task:
            task = workspace.store.record(due.task)
            act.update(task.id, {"state": done} | task.set("done_on", done_on) | _with_note(task.value("note"), note))
        else:
            act.insert(TASK, *_new_task(workspace, due, state=done, done_on=done_on, **_with_note(None, note)))
    return act.changes


def postpone(workspace: Workspace, due: Due, to: date, reason: str) -> Changes:
    """Postpone a deadline; the reason and the first day are kept.

    UserError `bad_postponement` for a day that is not later or is past, `reason_missing` without a reason.
    """
    _refuse_review(due)
    reason = text.clean(reason).strip()
    if to <= due.day or to < workspace.today():
        raise UserError(
            f"Ngày hoãn đến phải sau hạn {text.format_date(due.day)} và không ở quá khứ.",
            code="bad_postponement",
            field="due_on",
        )
    if not reason:
        raise UserError("Cần ghi lý do hoãn.", code="reason_missing", hint="Lý do được giữ cùng việc này.")
    sentence = f"Hoãn từ {text.format_date(due.day)} đến {text.format_date(to)}: {reason}"
    open_ = workspace.forms.workflow(TASK).initial
    with workspace.store.act(f"Hoãn đến {text.format_date(to)}: {due.what}") as act:
        if due.task:
            task = workspace.store.record(due.task)
            first = {} if task.value("first_due_on") else {"first_due_on": due.day.isoformat()}
            act.update(task.id, {"due_on": to.isoformat(), **first, **_with_note(task.value("note"), sentence)})
        else:
            act.insert(
                TASK, *_new_task(workspace, due, state=open_, due_on=to.isoformat(), **_with_note(None, sentence))
            )
    return act.changes


def _refuse_review(due: Due) -> None:
    """Refuse to settle by a tick what is settled elsewhere; UserError `review_by_comparison`, `terms_by_looking`."""
    if due.kind == TERMS:
        raise UserError(
            f"«{due.what}» xong khi không còn hồ sơ nào quá thời hạn, không đánh dấu hay hoãn ở đây được.",
            code="terms_by_looking",
            hint="Mở việc này rồi xem từng hồ sơ.",
        )
    if due.kind == LAW:
        raise UserError(
            f"«{due.what}» xong khi hai người đối chiếu lại văn bản, không đánh dấu hay hoãn ở đây được.",
            code="review_by_comparison",
            hint="Mở việc này rồi bấm «Đã đối chiếu…».",
        )


def _with_note(before: str | None, line: str) -> dict[str, str]:
    lines = [part for part in (before, text.clean(line).strip()) if part]
    return {"note": "\n".join(lines)} if line and lines else {}


def _new_task(workspace: Workspace, due: Due, **values: Any) -> tuple[str, dict[str, Any]]:
    """The form reference and the data of a new task for a deadline."""
    form = reading.form_of(workspace, TASK)
    day = due.day.isoformat()
    data = {"revision": 1, "title": due.what, "due_on": day, "first_due_on": day, "key": due.key, "source": due.source}
    return form.reference, data | values


def _settled(workspace: Workspace, first: date, last: date) -> set[str]:
    """The keys of the deadlines for which an officer of this unit has stored a task."""
    condition = f"WHERE {dated_records.on_days(workspace, TASK, 'first_due_on')} AND unit = :unit"
    span = {"first": first.isoformat(), "last": last.isoformat(), "unit": workspace.identity.unit.code}
    tasks = Asking(workspace).records.asked(TASK, condition, span, is_narrow=False)
    return {task.values["key"] for task in tasks if task.values.get("key")}


def _due_tasks(asking: Asking, own: Deadline, first: date, last: date) -> Iterator[Due]:
    """The unit's own tasks, and postponed deadlines that are still to do."""
    workspace = asking.workspace
    rules = {rule.id: rule for rule in workspace.calendar.deadlines}
    whole = Asking(workspace, is_narrow=False)  # a task says more than deadlines ask
    tasks = dated_records.dossiers_due(whole, own, first, last)
    ours = [dated for dated in tasks if dated.dossier.unit == workspace.identity.unit.code]
    dues = zip(ours, _dues_of_dossiers(whole, own, ours), strict=True)
    yield from filter(None, (_due_of_task(asking, rules, dated, due) for dated, due in dues))


def _due_of_task(asking: Asking, rules: dict[str, Deadline], dated: DatedDossier, due: Due) -> Due | None:
    workspace, data = asking.workspace, dated.dossier.values
    due = replace(due, key=dated.dossier.id, task=dated.dossier.id, first_day=_date(data.get("first_due_on")))
    if not data.get("key"):
        return _about_proposal(workspace, due, data)
    name, *about = str(data["key"]).split(_SLASH)
    due = replace(due, uid=_SLASH.join((name, *about[:-1])) if about[:-1] else str(data["key"]))
    rule = rules.get(name)
    papers = rule.papers if rule else ()
    due = replace(
        due, source=str(data.get("source", "")), unverified=bool(rule and _is_marked(workspace, rule)), papers=papers
    )
    if rule is None or not rule.kind or not about[:-1]:
        return due
    dossier = dated_records.still_open(asking, rule, about[0], about[1] if len(about) > 2 else "")
    if dossier is None:
        return None
    return replace(due, kind=dossier.kind, id=dossier.id, title=asking.known.titles([dossier])[dossier.id])


def _about_proposal(workspace: Workspace, due: Due, data: Mapping[str, Any]) -> Due:
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
    """The days left, as text: «hôm nay», «còn 3 ngày», «quá 2 ngày»."""
    left = (due.day - on).days
    return "hôm nay" if left == 0 else f"còn {left} ngày" if left > 0 else f"quá {-left} ngày"

"""The deadlines of `forms/calendar.toml`, read at first use, and the computation of their days.

A deadline is either recurring (before 20 May of every year) or depends on a date of a dossier (15 days after the last
acceptance of a contract). A province may replace deadlines in its own file, `forms/calendar/<name>.toml`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Literal

from kcdesk.formdef.activities import NAME
from kcdesk.formdef.computing import months_after
from kcdesk.formdef.conditions import holds
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.definition_files import CALENDAR, refuse_faults
from kcdesk.formdef.loading.form_checks import check_condition, check_name
from kcdesk.formdef.loading.toml_reader import Faults, read_definition
from kcdesk.formdef.model import Condition, Field, Form
from kcdesk.formdef.regulations.norms import check_periods
from kcdesk.runtime.frozen import Value, field

Every = Literal["", "month", "quarter", "half_year", "year"]
About = Literal["", "settlement", "liquidation"]

_MONTHS: Mapping[str, int] = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
_NUMBERS = ("year", "next_year", "last_year", "month", "quarter", "half")
_WORDS = (*_NUMBERS, "detail")
_LATE_FOR = 365  # days for which a missed deadline counts as late; later it is long late, or forgotten


class Need(Value, kw_only=True):
    """A recurring deadline applies only if there is such a dossier."""

    kind: str
    when: Condition = field(default_factory=dict)
    parent_when: Condition = field(default_factory=dict)  # on the parent of the dossier


class Link(Value, kw_only=True):
    """Dossiers of another kind that refer to this dossier in their field `by`."""

    kind: str
    by: str
    when: Condition = field(default_factory=dict)


class Newest(Value, kw_only=True):
    """The newest date `on` of the dossiers of another kind that refer to this dossier in their field `by`."""

    kind: str
    by: str
    on: str
    when: Condition = field(default_factory=dict)

    @property
    def columns(self) -> frozenset[str]:
        """The fields that have to be known of those dossiers."""
        return frozenset((self.on, self.by, *(name for name in self.when if name != NAME)))


class Deadline(Value, kw_only=True):
    """A deadline while one legal text is in force; `[[deadline]]` entries of the same id are consecutive periods."""

    id: str
    label: str  # what to do; may contain {year} {next_year} {last_year} {month} {quarter} {half}, {detail}
    source: str
    effective_from: date
    effective_to: date | None = None
    unverified: bool = False
    levels: tuple[str, ...] = ()  # levels of unit that it concerns; empty: all
    every: Every = ""  # recurring
    month: int = 0  # of the year, the half year or the quarter
    day: int = 0
    before: bool = False  # "trước ngày": the last day is the day before the named day
    needs: tuple[Need, ...] = ()
    kind: str = ""  # depends on dossiers of this kind
    on: str = ""  # counted from this date: a field, or "table.column"
    newests: tuple[Newest, ...] = ()  # or counted from the newest date of other dossiers
    days: int = 0
    working_days: int = 0  # Monday to Friday; public holidays are not known, so it may be too early
    months: int = 0
    years: int = 0  # with `month` and `day`: that day, this number of years later
    when: Condition = field(default_factory=dict)  # on the dossier (and the row): it is not yet done
    parent_when: Condition = field(default_factory=dict)  # on the parent of the dossier
    exceptions: tuple[Link, ...] = ()
    detail: str = ""  # column or field with further text
    late_for: int = 0  # days for which it is shown when missed; 0: a year, and of a dossier until it is done
    remind: int = 7  # days before, for the alarm of a calendar program
    papers: tuple[
        str, ...
    ] = ()  # layouts of what is due, of the dossier or of the period; the first that there is counts
    about: About = ""  # deadlines that the program itself uses: settlement and liquidation of a contract

    @property
    def table(self) -> str:
        """The table whose rows have the date; "" if it is a field of the dossier."""
        return self.on.partition(".")[0] if "." in self.on else ""

    @property
    def shown_late(self) -> int:
        """The days for which it counts as late."""
        return self.late_for or _LATE_FOR

    @property
    def lasts(self) -> bool:
        """Whether it is shown, as long late, until somebody has done it: a dossier says whether it is done."""
        return bool(self.kind) and not self.late_for

    def words(self, day: date, detail: str = "") -> str:
        """The label for one day and one dossier."""
        return self.label.format(**_named(day), detail=detail)

    def shifted(self, base: date) -> date | None:
        """The last day, counted from a date of the dossier; None beyond the calendar."""
        if self.day:
            return date(base.year + self.years, self.month, self.day) - timedelta(days=self.before)
        later = months_after(base, self.months)
        return _worked(later, self.working_days) + timedelta(days=self.days - self.before) if later else None

    def bases(self, first: date, last: date) -> tuple[date, date]:
        """A range with all dossier dates whose last day is between `first` and `last`; it may be too wide."""
        if self.day:
            return date(first.year - self.years, 1, 1), date(last.year - self.years + 1, 12, 31)
        extra = timedelta(days=self.days - self.before)
        weeks = timedelta(weeks=-(-self.working_days // 5))
        return first - extra - weeks - timedelta(days=31 * self.months), last - extra - timedelta(
            days=28 * self.months - 1
        )

    def rounds(self, first: date, last: date) -> Iterator[tuple[date, date]]:
        """Yield the occurrences of a recurring deadline between two days: (the day named in the text, the last day)."""
        step = _MONTHS[self.every]
        year, month = first.year - 1, self.month or 1
        while date(year, month, 1) <= last + timedelta(days=31):
            named = date(year, month, self.day)
            due = named - timedelta(days=self.before)
            if first <= due <= last:
                yield named, due
            year, month = (year, month + step) if month + step <= 12 else (year + 1, month + step - 12)

    def is_in_force(self, day: date) -> bool:
        """Whether the legal text is in force on a day."""
        return self.effective_from <= day and (self.effective_to is None or day <= self.effective_to)


class Calendar(Value, kw_only=True):
    """The content of one file: the common file, or that of a province."""

    province: str = ""  # code of today
    ahead: int = 45  # days ahead for which the list shows deadlines
    answer_within: int = 15  # days that a unit usually has to supplement a dossier; proposed, changed for each return
    omit: tuple[str, ...] = ()  # ids of common deadlines that do not apply in the province
    deadlines: tuple[Deadline, ...] = ()

    def about(self, what: About, on: date, parent: Mapping[str, object]) -> Deadline | None:
        """The deadline for `what`, in force on a day, for dossiers whose parent has these values; or None."""
        rules = (rule for rule in self.deadlines if rule.about == what and rule.is_in_force(on))
        return next((rule for rule in rules if holds(rule.parent_when, parent)), None)


def load(folder: Path, forms: Forms, province: str = "") -> Calendar:
    """Read the deadlines for a province; FormsError lists the faults of all files."""
    faults = Faults()
    common = read_definition(folder, CALENDAR, Calendar, faults)
    _judge(common, CALENDAR, forms, faults)
    own = Calendar()
    for path in sorted((folder / "calendar").glob("*.toml")):
        name = f"calendar/{path.name}"
        calendar = read_definition(folder, name, Calendar, faults)
        _judge(calendar, name, forms, faults)
        _judge_province(calendar, name, common, forms, faults)
        if calendar.province == province:
            own = calendar
    refuse_faults(faults, folder)
    return _merged(common, own)


def _merged(common: Calendar, own: Calendar) -> Calendar:
    """The common deadlines, with those of the province in place of common ones with the same id."""
    replaced = {*own.omit, *(deadline.id for deadline in own.deadlines)}
    kept = tuple(deadline for deadline in common.deadlines if deadline.id not in replaced)
    ahead = own.ahead if own.deadlines or own.omit else common.ahead
    days = own.answer_within if own.deadlines or own.omit else common.answer_within
    return Calendar(province=own.province, ahead=ahead, answer_within=days, deadlines=kept + own.deadlines)


@lru_cache(maxsize=1_000)  # thousands of dossiers have few different days
def _named(day: date) -> Mapping[str, int]:
    quarter, half = (day.month + 2) // 3, (day.month + 5) // 6
    numbers = (day.year, day.year + 1, day.year - 1, day.month, quarter, half)
    return dict(zip(_NUMBERS, numbers, strict=True))


# ---- checks of the files


def _judge(calendar: Calendar, file: str, forms: Forms, faults: Faults) -> None:
    by_id: dict[str, list[Deadline]] = {}
    for deadline in calendar.deadlines:
        by_id.setdefault(deadline.id, []).append(deadline)
        _Judge(deadline, file, forms, faults).judge()
    for id_, periods in by_id.items():
        check_periods(faults, file, id_, periods)


def _judge_province(calendar: Calendar, file: str, common: Calendar, forms: Forms, faults: Faults) -> None:
    codes = {province.code for province in forms.places.provinces}
    if not calendar.province:
        faults.add(file, "", "thiếu khoá “province”")
    elif calendar.province not in codes:
        faults.unknown(file, "", "mã tỉnh", calendar.province, codes)
    known = [deadline.id for deadline in common.deadlines]
    for id_ in calendar.omit:
        if id_ not in known:
            faults.unknown(file, "", "omit: thời hạn", id_, known)


class _Judge:
    """Checks one deadline."""

    def __init__(self, deadline: Deadline, file: str, forms: Forms, faults: Faults) -> None:
        self.deadline, self.file, self.forms, self.faults = deadline, file, forms, faults

    def judge(self) -> None:
        """Check all keys of the deadline."""
        deadline = self.deadline
        check_name(self.faults, self.file, deadline.id, deadline.id)
        self._words()
        for level in deadline.levels:
            if level not in self.forms.levels.names:
                self.faults.unknown(self.file, deadline.id, "cấp", level, self.forms.levels.names)
        if bool(deadline.every) == bool(deadline.kind):
            self._fault("phải có đúng một trong “every” và “kind”")
        elif deadline.every:
            self._comes_round()
        else:
            self._hangs()
        if deadline.about and deadline.kind != "contract":
            self._fault("“about” chỉ dùng cho thời hạn của hợp đồng")
        if deadline.late_for < 0 or deadline.remind < 0:
            self._fault("“late_for” và “remind” không được âm")

    def _comes_round(self) -> None:
        deadline = self.deadline
        if not self._is_day(deadline.month or 1, deadline.day):
            self._fault("không có ngày này trong tháng", "“day” từ 1 đến 28, hoặc ngày có trong tháng")
        longest = _MONTHS.get(deadline.every, 1)
        if not 0 <= deadline.month <= longest or (longest > 1 and not deadline.month):
            self._fault(f"“month” phải từ 1 đến {longest}")
        for need in deadline.needs:
            if form := self._form(need.kind):
                self._condition(need.when, _fields(form), need.kind)
                self._parent(form, need.parent_when)

    def _hangs(self) -> None:
        deadline = self.deadline
        form = self._form(deadline.kind)
        if form is None:
            return
        fields = _fields(form)
        if bool(deadline.on) == bool(deadline.newests):
            self._fault("phải có đúng một trong “on” và [[deadline.newest]]")
        elif deadline.on:
            fields |= self._date(deadline.kind, deadline.on)
        self._shift()
        self._condition(deadline.when, fields, deadline.kind)
        self._named(deadline.detail, "detail: ô", fields)
        self._parent(form, deadline.parent_when)
        for newest in deadline.newests:
            self._link(newest)
            self._date(newest.kind, newest.on)
        for link in deadline.exceptions:
            self._link(link)

    def _shift(self) -> None:
        deadline = self.deadline
        fixed = bool(deadline.month or deadline.day)
        if fixed and not self._is_day(deadline.month, deadline.day):
            self._fault("không có ngày này trong năm")
        if fixed and (deadline.days or deadline.months or deadline.working_days):
            self._fault("“days”, “working_days”, “months” không đi cùng “month”, “day”")
        if deadline.years and not fixed:
            self._fault("“years” chỉ dùng cùng “month” và “day”", "hãy dùng “months”")

    def _parent(self, form: Form, condition: Condition) -> None:
        if not condition:
            return
        target = form.field(form.parent).target if form.parent else ""
        if not target:
            self._fault("“parent_when”: loại hồ sơ này không thuộc hồ sơ nào")
        elif parent := self._form(target):
            self._condition(condition, _fields(parent), target)

    def _link(self, link: Link | Newest) -> None:
        if form := self._form(link.kind):
            fields = _fields(form)
            references = {name: item for name, item in fields.items() if item.target == self.deadline.kind}
            self._named(link.by, "by: ô", references)
            self._condition(link.when, fields, link.kind)

    def _date(self, kind: str, path: str) -> dict[str, Field]:
        """Check that a path is a date; returns the columns of its table, {} for a field."""
        table, dot, column = path.partition(".")
        form = self._form(kind)
        fields = _fields(form) if form else {}
        columns = {item.name: item for item in fields[table].columns} if dot and table in fields else {}
        name, known = (column, columns) if dot and table in fields else (table, fields)
        if name not in known:
            self.faults.unknown(self.file, self.deadline.id, "on: ô", name, known)
        elif known[name].type != "date":
            self._fault(f"on: “{path}” không phải là ngày")
        return columns

    def _condition(self, condition: Condition, fields: Mapping[str, Field], kind: str) -> None:
        check_condition(self.faults, self.file, self.deadline.id, condition, fields, self.forms)
        known = [state.name for state in self.forms.workflow(kind).states]
        for state in states_in(condition) or ():
            if state not in known:
                self.faults.unknown(self.file, self.deadline.id, "trạng thái", state, known)

    def _words(self) -> None:
        try:
            self.deadline.words(date(2024, 2, 29))
        except (KeyError, ValueError, IndexError, AttributeError):
            words = ", ".join(f"{{{word}}}" for word in _WORDS)
            self._fault("chữ trong ngoặc nhọn của “label” không dùng được", f"dùng được: {words}")

    def _form(self, kind: str) -> Form | None:
        if kind in self.forms.kinds:
            return self.forms.newest(kind)
        self.faults.unknown(self.file, self.deadline.id, "loại hồ sơ", kind, self.forms.kinds)
        return None

    def _named(self, name: str, what: str, known: Mapping[str, Field]) -> None:
        if name and name not in known:
            self.faults.unknown(self.file, self.deadline.id, what, name, known)

    def _is_day(self, month: int, day: int) -> bool:
        """Whether the day exists in every year or, for a deadline that recurs within a year, in every month."""
        try:
            date(2023, month, day)
        except ValueError:
            return False
        return day <= 28 or self.deadline.every in ("", "year")

    def _fault(self, message: str, hint: str = "") -> None:
        self.faults.add(self.file, self.deadline.id, message, hint)


def _worked(base: date, days: int) -> date:
    """The day after so many working days (Monday to Friday) after `base`."""
    for _ in range(days):
        base += timedelta(days=1 if base.weekday() < 4 else 7 - base.weekday())
    return base


def states_in(condition: Condition) -> Sequence[str] | None:
    """The states that a condition names; None if it names none plainly."""
    wanted = condition.get("state")
    if isinstance(wanted, str):
        return (wanted,)
    return tuple(map(str, wanted)) if isinstance(wanted, list | tuple) else None


def _fields(form: Form) -> dict[str, Field]:
    return {item.name: item for item in form.fields}

"""The dated ceilings of `forms/norms/`: read strictly, when they are first asked for.

A line of rules has one period after another: a day that two of them claim, or that falls between two, is a fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Literal, Protocol

from kcdesk import text
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.form_checks import check_condition, check_distinct, check_name
from kcdesk.formdef.loading.loader import FormsError
from kcdesk.formdef.loading.toml_reader import Faults, Reader, read_toml
from kcdesk.formdef.model import Condition, Field

Programme = Literal["national", "local"]

# What a condition of a line may ask besides the fields of a proposal.
FACTS: Mapping[str, Field] = {"priority": Field(name="priority", type="yes_no", label="Thuộc diện ưu tiên")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Multiplier:
    """What a cap is raised to, in percent of it, where `when` holds; dates and document only outside a period."""

    id: str
    label: str
    percent: int
    when: Condition
    article: str = ""
    document: str = ""
    effective_from: date = date.min
    effective_to: date | None = None
    unverified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NormPeriod:
    """What one text allows while it is in force; neither percent nor cap: `note` says why there is no figure."""

    effective_from: date
    effective_to: date | None = None
    document: str
    article: str = ""
    percent: int | str | None = None  # of the cost
    cap: int | None = None  # đồng
    once: bool = False  # one establishment is supported once only
    note: str = ""
    unverified: bool = False
    multipliers: tuple[Multiplier, ...] = ()

    @property
    def share(self) -> Fraction | None:
        """The allowed part of the cost, exactly."""
        return None if self.percent is None else Fraction(str(self.percent)) / 100

    @property
    def source(self) -> str:
        """Article and document."""
        return f"{self.article} {self.document}".strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class NormLine:
    """One kind of support through the years; a `part` is one item of cost inside the support of its activities."""

    id: str
    label: str
    activities: tuple[str, ...] = ()  # none: every activity
    when: Condition = field(default_factory=dict)  # on the proposal
    per: str = ""  # what one cap is for: "cơ sở", "mô hình"
    counted_by: tuple[str, ...] = ()  # lists of the proposal that tell how many caps there are
    part: bool = False
    periods: tuple[NormPeriod, ...] = ()

    def concerns(self, activity: str) -> bool:
        """Whether the line is about that activity."""
        return not self.activities or activity in self.activities


@dataclass(frozen=True, slots=True, kw_only=True)
class Caution:
    """What an officer should know about every figure of a file from a day on, since nobody could check it."""

    effective_from: date
    text: str
    when: Condition = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Norms:
    """The ceilings of one programme: the national one, or that of one province."""

    programme: Programme
    label: str
    province: str = ""  # code of today
    old_province: str = ""  # code before 1 July 2025, where the rules are those of a part of today's province
    cautions: tuple[Caution, ...] = ()
    multipliers: tuple[Multiplier, ...] = ()  # of the caps of every line
    lines: tuple[NormLine, ...] = ()


class Dated(Protocol):
    """Something in force from a day, to another one or until further notice."""

    @property
    def effective_from(self) -> date: ...
    @property
    def effective_to(self) -> date | None: ...


def in_force(entry: Dated, on: date) -> bool:
    """Whether it is in force on a day; both its first and its last day count."""
    return entry.effective_from <= on and (entry.effective_to is None or on <= entry.effective_to)


def load(folder: Path, forms: Forms) -> tuple[Norms, ...]:
    """Every file of `folder/norms`; FormsError lists everything that is wrong in any of them."""
    faults = Faults()
    found: list[tuple[str, Norms]] = []
    for path in sorted((folder / "norms").glob("*.toml")):
        name = f"norms/{path.name}"
        table = read_toml(path, name, faults)
        if table is not None and (norms := Reader(name, faults).build(Norms, table)):
            found.append((name, norms))
    for name, norms in found:
        _Checker(name, norms, forms, faults).check()
    _check_owners(found, faults)
    if faults.items:
        raise FormsError(faults.items)
    return tuple(norms for _, norms in found)


def check_periods(faults: Faults, file: str, place: str, periods: Sequence[Dated]) -> None:
    """Every day from the first one on belongs to exactly one period; they stand in the order of their dates."""
    if not periods:
        faults.add(file, place, "chưa có thời kỳ hiệu lực nào")
    for number, (one, following) in enumerate(pairwise(periods), start=2):
        where = f"{place}/period {number}"
        ends = one.effective_to
        if ends is None or following.effective_from <= ends:
            day = text.format_date(following.effective_from)
            hint = "hãy ghi ngày hết hiệu lực của thời kỳ trước là ngày liền trước ngày này"
            faults.add(file, where, f"thời gian hiệu lực từ {day} trùng với thời kỳ liền trước", hint)
        elif following.effective_from != ends + timedelta(days=1):
            first, last = ends + timedelta(days=1), following.effective_from - timedelta(days=1)
            gap = f"từ {text.format_date(first)} đến {text.format_date(last)}"
            faults.add(file, where, f"không có quy định cho thời gian {gap}", "hãy nối liền ngày hiệu lực")
    for number, period in enumerate(periods, start=1):
        if period.effective_to is not None and period.effective_to < period.effective_from:
            hint = "hãy sửa một trong hai ngày"
            faults.add(file, f"{place}/period {number}", "ngày hết hiệu lực trước ngày có hiệu lực", hint)


def _check_owners(found: Iterable[tuple[str, Norms]], faults: Faults) -> None:
    owners: dict[tuple[str, str, str], str] = {}
    for name, norms in found:
        owner = (norms.programme, norms.province, norms.old_province)
        if owner in owners:
            faults.add(name, "", f"định mức của địa bàn này đã có trong {owners[owner]}")
        owners[owner] = name


class _Checker:
    """Judges one file."""

    def __init__(self, file: str, norms: Norms, forms: Forms, faults: Faults) -> None:
        self.file, self.norms, self.forms, self.faults = file, norms, forms, faults
        proposals = [form for form in forms.all if form.id == "proposal"]
        self.fields: dict[str, Field] = {field.name: field for form in proposals for field in form.fields} | dict(FACTS)
        self.activities = {activity.code for activity in forms.activities}

    def check(self) -> None:
        """Everything in the file."""
        if bool(self.norms.province) is (self.norms.programme == "national"):
            self._fault("", "“province” phải có với khuyến công địa phương và chỉ với khuyến công địa phương")
        check_distinct(self.faults, self.file, "", "mã", (line.id for line in self.norms.lines))
        for caution in self.norms.cautions:
            self._condition("caution", caution.when)
        self._multipliers("", self.norms.multipliers)
        for line in self.norms.lines:
            self._line(line)

    def _line(self, line: NormLine) -> None:
        check_name(self.faults, self.file, line.id, line.id)
        for code in line.activities:
            self._known(line.id, "nội dung hoạt động", code, self.activities)
        for name in line.counted_by:
            self._known(line.id, "counted_by: ô", name, self.fields)
        self._condition(line.id, line.when)
        check_periods(self.faults, self.file, line.id, line.periods)
        for number, period in enumerate(line.periods, start=1):
            self._period(f"{line.id}/period {number}", period)

    def _period(self, place: str, period: NormPeriod) -> None:
        if period.percent is not None and not _is_percent(period.percent):
            self._fault(place, '“percent” phải lớn hơn 0 và không quá 100, ví dụ 50 hoặc "2.5"')
        if period.cap is not None and period.cap <= 0:
            self._fault(place, "“cap” phải là số đồng lớn hơn 0")
        if period.percent is None and period.cap is None and not period.note:
            self._fault(place, "không có “percent”, “cap” thì “note” phải nói vì sao")
        self._multipliers(place, period.multipliers)

    def _multipliers(self, place: str, multipliers: tuple[Multiplier, ...]) -> None:
        check_distinct(self.faults, self.file, place, "mã", (multiplier.id for multiplier in multipliers))
        for multiplier in multipliers:
            where = f"{place}/{multiplier.id}".lstrip("/")
            if multiplier.effective_to is not None and multiplier.effective_to < multiplier.effective_from:
                self._fault(where, "ngày hết hiệu lực trước ngày có hiệu lực")
            if multiplier.percent <= 100:
                self._fault(where, "“percent” của hệ số phải lớn hơn 100")
            self._condition(where, multiplier.when)

    def _condition(self, place: str, condition: Condition) -> None:
        check_condition(self.faults, self.file, place, condition, self.fields, self.forms)

    def _known(self, place: str, what: str, name: str, known: Iterable[str]) -> None:
        if name not in known:
            self.faults.unknown(self.file, place, what, name, known)

    def _fault(self, place: str, message: str) -> None:
        self.faults.add(self.file, place, message)


def _is_percent(percent: int | str) -> bool:
    try:
        return 0 < Fraction(str(percent)) <= 100 and "/" not in str(percent)
    except (ValueError, ZeroDivisionError):
        return False

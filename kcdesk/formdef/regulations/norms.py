"""The dated norms of `forms/norms/`, from which ceilings are computed; read strictly, at first use.

A line has consecutive periods: a day that belongs to two periods, or to none between two periods, is a fault.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Literal, Protocol

from kcdesk import text
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.definition_files import refuse_faults
from kcdesk.formdef.loading.form_checks import check_condition, check_distinct, check_name
from kcdesk.formdef.loading.toml_reader import Faults, TomlReader, read_toml
from kcdesk.formdef.model import Condition, Field
from kcdesk.runtime.frozen import Value, field

Programme = Literal["national", "local"]

# Names that the condition of a line may use besides the fields of a proposal.
FACTS: Mapping[str, Field] = {"priority": Field(name="priority", type="yes_no", label="Thuộc diện ưu tiên")}


class Multiplier(Value, kw_only=True):
    """A higher cap, in percent of the normal cap, if `when` holds; dates and document only outside a period."""

    id: str
    label: str
    percent: int
    when: Condition
    article: str = ""
    document: str = ""
    effective_from: date = date.min
    effective_to: date | None = None
    unverified: bool = False


class NormPeriod(Value, kw_only=True):
    """The limits of a line while one legal text is in force; without percent and cap, `note` gives the reason."""

    effective_from: date
    effective_to: date | None = None
    document: str
    article: str = ""
    percent: int | str | None = None  # of the cost
    cap: int | None = None  # đồng
    once: bool = False  # an establishment is supported only once
    note: str = ""
    unverified: bool = False
    multipliers: tuple[Multiplier, ...] = ()

    @property
    def share(self) -> Fraction | None:
        """The allowed share of the cost, as an exact fraction."""
        return None if self.percent is None else Fraction(str(self.percent)) / 100

    @property
    def source(self) -> str:
        """The article and the document."""
        return f"{self.article} {self.document}".strip()


class NormLine(Value, kw_only=True):
    """One kind of support, with its periods; a `part` is an item of cost within the support of its activities."""

    id: str
    label: str
    activities: tuple[str, ...] = ()  # empty: all activities
    when: Condition = field(default_factory=dict)  # on the proposal
    per: str = ""  # the unit of one cap: "cơ sở", "mô hình"
    counted_by: tuple[str, ...] = ()  # lists, or columns, of the proposal that count the caps
    part: bool = False
    periods: tuple[NormPeriod, ...] = ()

    def concerns(self, activity: str) -> bool:
        """Whether the line applies to an activity."""
        return not self.activities or activity in self.activities


class Caution(Value, kw_only=True):
    """A caution about all figures of a file from a day on, because they could not be verified."""

    effective_from: date
    text: str
    when: Condition = field(default_factory=dict)


class Norms(Value, kw_only=True):
    """The norms of one programme: the national programme, or that of one province."""

    programme: Programme
    label: str
    province: str = ""  # present-day code
    old_province: str = ""  # code before 1 July 2025, if the rules apply to a part of the present province
    cautions: tuple[Caution, ...] = ()
    multipliers: tuple[Multiplier, ...] = ()  # for the caps of all lines
    lines: tuple[NormLine, ...] = ()


class Dated(Protocol):
    """Something in force from a day until another day, or until further notice."""

    @property
    def effective_from(self) -> date: ...
    @property
    def effective_to(self) -> date | None: ...


def in_force(entry: Dated, on: date) -> bool:
    """Whether an entry is in force on a day; the first and the last day are included."""
    return entry.effective_from <= on and (entry.effective_to is None or on <= entry.effective_to)


def load(folder: Path, forms: Forms) -> tuple[Norms, ...]:
    """Read all files of `folder/norms`; FormsError lists the faults of all files."""
    faults = Faults()
    by_file: list[tuple[str, Norms]] = []
    for path in sorted((folder / "norms").glob("*.toml")):
        name = f"norms/{path.name}"
        table = read_toml(path, name, faults)
        if table is not None and (norms := TomlReader(name, faults).build_whole(Norms, table)):
            by_file.append((name, norms))
    for name, norms in by_file:
        _Checker(name, norms, forms, faults).check()
    _check_owners(by_file, faults)
    refuse_faults(faults, folder)
    return tuple(norms for _, norms in by_file)


def check_periods(faults: Faults, file: str, place: str, periods: Sequence[Dated]) -> None:
    """Check that periods are in the order of their dates, and that every day from the first on is in exactly one."""
    if not periods:
        faults.add(file, place, "chưa có thời kỳ hiệu lực nào")
    for number, (period, following) in enumerate(pairwise(periods), start=2):
        where = f"{place}/period {number}"
        ends = period.effective_to
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


def _check_owners(by_file: Iterable[tuple[str, Norms]], faults: Faults) -> None:
    """Check that no two files are for the same programme and territory."""
    owners: dict[tuple[str, str, str], str] = {}
    for name, norms in by_file:
        owner = (norms.programme, norms.province, norms.old_province)
        if owner in owners:
            faults.add(name, "", f"định mức của địa bàn này đã có trong {owners[owner]}")
        owners[owner] = name


class _Checker:
    """Checks one file."""

    def __init__(self, file: str, norms: Norms, forms: Forms, faults: Faults) -> None:
        self.file, self.norms, self.forms, self.faults = file, norms, forms, faults
        proposals = forms.versions_of("proposal")
        self.fields: dict[str, Field] = {field.name: field for form in proposals for field in form.fields} | dict(FACTS)
        self.activities = {activity.code for activity in forms.activities}

    def check(self) -> None:
        """Check all entries of the file."""
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
            self._known(line.id, "counted_by: ô", name.partition(".")[0], self.fields)
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

"""Reads the report definitions of a folder, strictly: the faults of all files are told together, each with its key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TypeVar

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.definition_files import refuse_faults
from kcdesk.formdef.loading.form_checks import check_condition, check_distinct, check_name
from kcdesk.formdef.loading.toml_reader import Faults, TomlReader, nearest, read_toml
from kcdesk.formdef.model import Condition
from kcdesk.formdef.types.registry import type_of
from kcdesk.reports import opening
from kcdesk.reports.expressions import Expression, ExpressionError, calls_in, names_in, parsed
from kcdesk.reports.formulas import FORMULA_FUNCTIONS
from kcdesk.reports.groups import field_of
from kcdesk.reports.model import (
    OF_PART,
    Apart,
    FigureUnit,
    Group,
    GroupsFile,
    Part,
    PlaceRegion,
    RegionsFile,
    Report,
    ReportChart,
    ReportColumn,
    Reports,
    UnitsFile,
)
from kcdesk.reports.scope import Catalogue, FieldScope, UnknownNameError
from kcdesk.reports.sql.expressions_sql import FUNCTIONS
from kcdesk.reports.sql.statement_parts import TIMES

T = TypeVar("T")
FOLDER, UNITS, GROUPS, REGIONS = "reports", "units.toml", "groups.toml", "regions.toml"
_AT_LEAST = ("at_least", "above")  # of how many records are wanted
_DAY_PARTS = ("year", "quarter", "month")
_PLACE_PARTS = ("new_province", "old_commune", "new_region")


def load(folder: Path, forms: Forms) -> Reports:
    """Read all reports of a folder of forms; FormsError lists all faults."""
    faults = Faults()
    reader = _Reader(folder / FOLDER, forms, faults)
    reports = reader.read()
    refuse_faults(faults, folder)
    return reports


def of_forms(forms: Forms) -> Reports:
    """The reports of the folder of these forms, read once; FormsError."""
    return forms.once("reports", lambda: load(forms.folder, forms))


class _Reader:
    def __init__(self, folder: Path, forms: Forms, faults: Faults) -> None:
        self.folder, self.forms, self.faults = folder, forms, faults
        self.catalogue = Catalogue(forms)

    def read(self) -> Reports:
        """Read and check everything."""
        units = {unit.name: unit for unit in (self._build(UNITS, UnitsFile) or UnitsFile()).units}
        shared = (self._build(GROUPS, GroupsFile) or GroupsFile()).groups
        reports = []
        paths = sorted(self.folder.glob("*.toml")) if self.folder.is_dir() else []
        for name in (path.name for path in paths if path.name not in (UNITS, GROUPS, REGIONS)):
            if (report := self._build(name, Report)) is not None:
                reports.append(report)
                _ReportChecker(report, name, self.catalogue, self.faults, units, shared).check()
        for group in shared:
            self._check_shared(group)
        regions = (self._build(REGIONS, RegionsFile) or RegionsFile()).regions
        self._check_regions(regions)
        ordered = tuple(sorted(reports, key=lambda report: (report.order, report.id)))
        named = Reports(ordered, shared, units, regions)
        check_distinct(self.faults, FOLDER, "", "mã báo cáo", (report.id for report in reports))
        return named

    def _build(self, name: str, cls: type[T]) -> T | None:
        file = f"{FOLDER}/{name}"
        if not (self.folder / name).exists():
            return None
        table = read_toml(self.folder / name, file, self.faults)
        return None if table is None else TomlReader(file, self.faults).build_whole(cls, table)

    def _check_regions(self, regions: tuple[PlaceRegion, ...]) -> None:
        """Each region has a name and provinces that exist; no province is in two."""
        file = f"{FOLDER}/{REGIONS}"
        known = {province.code for province in self.forms.places.provinces}
        for region in regions:
            check_name(self.faults, file, region.name, region.name)
            for code in region.provinces:
                if code not in known:
                    self.faults.unknown(file, region.name, "mã tỉnh", code, known)
        check_distinct(self.faults, file, "", "vùng", (region.name for region in regions))
        codes = (code for region in regions for code in region.provinces)
        check_distinct(self.faults, file, "", "mã tỉnh", codes)

    def _check_shared(self, group: Group) -> None:
        file = f"{FOLDER}/{GROUPS}"
        if group.subject not in self.forms.kinds:
            self.faults.unknown(file, group.name, "subject: loại hồ sơ", group.subject, self.forms.kinds)
            return
        stub = Report(id="", label="", source="", subject=group.subject, day="")
        _ReportChecker(stub, GROUPS, self.catalogue, self.faults, {}, ()).check_group(group)


class _ReportChecker:
    """Collects the faults of one report."""

    def __init__(
        self,
        report: Report,
        name: str,
        catalogue: Catalogue,
        faults: Faults,
        units: Mapping[str, FigureUnit],
        shared: tuple[Group, ...],
    ) -> None:
        self.report, self.file = report, f"{FOLDER}/{name}"
        self.catalogue, self.faults, self.units = catalogue, faults, units
        self.groups = {group.name for group in (*report.groups, *shared) if group.subject in ("", report.subject)}
        self.columns = {column.name: column for column in report.columns}

    def check(self) -> None:
        """Check the whole report."""
        report = self.report
        check_name(self.faults, self.file, "id", report.id)
        self._distinct("cột", (column.name for column in report.columns))
        self._distinct("nhóm", (group.name for group in report.groups))
        if report.subject not in self.catalogue.forms.kinds:
            self.faults.unknown(self.file, "subject", "loại hồ sơ", report.subject, self.catalogue.forms.kinds)
            return
        scope = self._scope("subject", "")
        if scope is not None:
            self._expression("day", report.day, scope)
            self._condition("when", report.when, scope)
        for name in report.by:
            self._known("by", "nhóm", name, self.groups)
        for level in report.levels:
            self._known("levels", "cấp", level, self.catalogue.forms.levels.names)
        if report.sort:
            self._shown("sort", report.sort)
        if not report.columns:
            self._fault("", "chưa có cột nào ([[column]])")
        for column in report.columns:
            self._column(column)
        self._check_beside(report)
        self._cycles()

    def _check_beside(self, report: Report) -> None:
        """Check what stands beside the columns: groups, records left out, charts."""
        for group in report.groups:
            self.check_group(group)
        for apart in report.aparts:
            self._apart(apart)
        for chart in report.charts:
            self._chart(chart)

    def _chart(self, chart: ReportChart) -> None:
        """A chart has one scale, so its columns have one unit."""
        for name in chart.columns:
            self._shown("chart/columns", name)
        units = {self.columns[name].unit for name in chart.columns if name in self.columns}
        if len(units) != 1:
            self._fault("chart/columns", "các cột của một biểu đồ phải cùng một đơn vị tính")

    # ---- columns

    def _column(self, column: ReportColumn) -> None:
        place = f"column/{column.name}"
        check_name(self.faults, self.file, place, column.name)
        self._known(f"{place}/unit", "đơn vị tính", column.unit, self.units)
        if column.adds_up:
            self._adds_up(place, column)
        if column.formula:
            self._formula(place, column)
            return
        if column.parts and any(getattr(column, key) for key in OF_PART):
            self._fault(place, "có “part” thì các khoá " + ", ".join(OF_PART) + " đứng trong từng “part”")
        if column.aggregate == "distinct" and not all(part.value for part in column.figures):
            self._fault(f"{place}/aggregate", "“distinct” cần “value”: đếm các giá trị khác nhau của ô nào")
        for number, part in enumerate(column.figures, start=1):
            self._part(f"{place}/part {number}" if column.parts else place, part)
        if column.opening:
            self._opening(f"{place}/opening", column.opening)
            fields = opening.fields(self.catalogue.forms)
            check_condition(
                self.faults, self.file, f"{place}/opening_when", column.opening_when, fields, self.catalogue.forms
            )

    def _adds_up(self, place: str, column: ReportColumn) -> None:
        """Only what is added up can be rounded to add up: sums of money, and shares of a total."""
        unit = self.units.get(column.unit)
        is_money = unit is not None and unit.rounding == "money" and not column.formula and column.aggregate == "sum"
        if not is_money and not column.formula.strip().startswith("share("):
            self._fault(f"{place}/adds_up", "chỉ dùng cho cột cộng tiền, hoặc cột có công thức “share(…)”")

    def _part(self, place: str, part: Part) -> None:
        scope = self._scope(f"{place}/of", part.of)
        if scope is None:
            return
        for key, text in (("value", part.value), ("day", part.day)):
            if text:
                self._expression(f"{place}/{key}", text, scope)
        self._condition(f"{place}/when", part.when, scope)
        for key, kinds in (("having", part.having), ("without", part.without)):
            for kind, condition in kinds.items():
                other = self._scope(f"{place}/{key}", kind)
                if other is not None and isinstance(condition, Mapping):
                    named = {name: wanted for name, wanted in condition.items() if name != TIMES}
                    self._condition(f"{place}/{key}/{kind}", named, other)
                    self._times(f"{place}/{key}/{kind}", condition.get(TIMES, {}))

    def _times(self, place: str, times: object) -> None:
        """Check how many records are wanted: comparisons with whole numbers."""
        for word, number in times.items() if isinstance(times, Mapping) else ((TIMES, None),):
            if word not in _AT_LEAST or not isinstance(number, int):
                self._fault(
                    place, f"“{TIMES}” so số lần bằng một trong: {', '.join(_AT_LEAST)}; ít hơn thì dùng “without”"
                )

    def _formula(self, place: str, column: ReportColumn) -> None:
        if column.parts or column.opening or any(getattr(column, key) for key in OF_PART):
            self._fault(place, "cột có “formula” thì không có “of”, “value”, “part”, “opening”")
        tree = self._tree(f"{place}/formula", column.formula, FORMULA_FUNCTIONS)
        for name in names_in(tree) if tree else ():
            self._known(f"{place}/formula", "cột", name, self.columns)

    def _opening(self, place: str, name: str) -> None:
        if known := opening.names(self.catalogue.forms):
            self._known(place, "ô của “opening_total”:", name, known)

    def _cycles(self) -> None:
        """A column must not be computed from itself."""
        needs = {name: self._operands(column) for name, column in self.columns.items()}
        for name in needs:
            path = _circle(name, needs)
            if path and name == min(path):
                self._fault(f"column/{name}/formula", f"công thức vòng tròn: {' → '.join((*path, name))}")

    def _operands(self, column: ReportColumn) -> list[str]:
        try:
            return [name for name in names_in(parsed(column.formula)) if name in self.columns] if column.formula else []
        except ExpressionError:
            return []

    # ---- groups and notes

    def check_group(self, group: Group) -> None:
        """Check one group of rows."""
        place = f"group/{group.name}"
        check_name(self.faults, self.file, place, group.name)
        scope = self._scope(place, "")
        if scope is None:
            return
        if group.part in _DAY_PARTS or not group.field:
            if group.field or group.part not in _DAY_PARTS:
                self._fault(place, f"nhóm cần “field”, hoặc “part” là một trong: {', '.join(_DAY_PARTS)}")
        else:
            self._group_field(place, group)
        for split in group.splits:
            self._expression(f"{place}/split/{split.key}", split.weight, scope)
        if group.opening:
            self._opening(f"{place}/opening", group.opening)

    def _group_field(self, place: str, group: Group) -> None:
        try:
            field = field_of(group, self.catalogue, self.report.subject)
        except UnknownNameError as fault:
            self.faults.add(self.file, f"{place}/field", str(fault), fault.hint)
            return
        if group.part in _PLACE_PARTS and not (field and type_of(field).is_place):
            self._fault(f"{place}/part", f"“{group.part}” cần một ô chọn xã, phường")

    def _apart(self, apart: Apart) -> None:
        scope = self._scope(f"apart/{apart.label}/of", apart.of)
        if scope is not None:
            self._condition(f"apart/{apart.label}", apart.when, scope)
            if apart.day:
                self._expression(f"apart/{apart.label}/day", apart.day, scope)
            if apart.value:
                self._expression(f"apart/{apart.label}/value", apart.value, scope)

    # ---- what the checks share

    def _scope(self, place: str, of: str) -> FieldScope | None:
        try:
            return FieldScope(self.catalogue, self.catalogue.chain(of, self.report.subject))
        except UnknownNameError as fault:
            self.faults.add(self.file, place, str(fault), fault.hint)
            return None

    def _expression(self, place: str, text: str, scope: FieldScope) -> None:
        tree = self._tree(place, text, {name: (least, most) for name, (least, most, _) in FUNCTIONS.items()})
        for name in names_in(tree) if tree else ():
            try:
                scope.resolve(name)
            except UnknownNameError as fault:
                self.faults.add(self.file, place, str(fault), fault.hint)

    def _tree(self, place: str, text: str, functions: Mapping[str, tuple[int, int]]) -> Expression | None:
        try:
            tree = parsed(text)
        except ExpressionError as fault:
            self._fault(place, str(fault))
            return None
        for call in calls_in(tree):
            if not self._known(place, "hàm", call.function, functions):
                continue
            least, most = functions[call.function]
            if not least <= len(call.operands) <= most:
                wanted = f"{least}" if least == most else f"từ {least} đến {most}"
                self._fault(place, f"“{call.function}” cần {wanted} số hạng")
        return tree

    def _condition(self, place: str, condition: Condition, scope: FieldScope) -> None:
        check_condition(self.faults, self.file, place, condition, scope.fields, self.catalogue.forms)
        for name, wanted in condition.items():
            if name.rpartition(".")[2] == "state":
                self._states(place, name, wanted, scope)

    def _states(self, place: str, name: str, wanted: object, scope: FieldScope) -> None:
        try:
            kind = scope.resolve(name).source.kind or scope.record.kind
        except UnknownNameError:
            return
        known = [state.name for state in self.catalogue.forms.workflow(kind).states]
        values = [wanted] if not isinstance(wanted, Mapping) else [v for k, v in wanted.items() if k != "filled"]
        for value in values:
            for state in value if isinstance(value, tuple) else (value,):
                self._known(place, f"trạng thái của “{kind}”", str(state), known)

    def _known(self, place: str, what: str, name: str, known: Iterable[str]) -> bool:
        if name not in known:
            self.faults.add(self.file, place, f"{what} “{name}” không có", nearest(name, known))
        return name in known

    def _shown(self, place: str, name: str) -> None:
        """Check a column by which rows are sorted or charts drawn: only shown columns are in the table."""
        if self._known(place, "cột", name, self.columns) and self.columns[name].hidden:
            self._fault(place, f"cột “{name}” là cột ẩn (“hidden”), không có trong bảng")

    def _distinct(self, what: str, names: Iterable[str]) -> None:
        check_distinct(self.faults, self.file, "", what, names)

    def _fault(self, place: str, message: str) -> None:
        self.faults.add(self.file, place, message)


def _circle(start: str, needs: Mapping[str, list[str]]) -> list[str]:
    """The columns on a way from a column back to itself; [] if there is none."""
    waiting = [[start]]
    seen: set[str] = set()
    while waiting:
        path = waiting.pop()
        for name in needs.get(path[-1], ()):
            if name == start:
                return path
            if name not in seen:
                seen.add(name)
                waiting.append([*path, name])
    return []

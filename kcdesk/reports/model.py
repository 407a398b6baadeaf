"""The model of report definitions, as frozen data: the grammar of `forms/reports/` (forms/README.md) in Python."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from kcdesk.formdef.model import Condition
from kcdesk.runtime.frozen import Value, field

Aggregate = Literal["sum", "count", "distinct"]
# What of a day or of a place makes the key of a group; "" is the value of the field itself.
KeyPart = Literal["", "year", "quarter", "month", "new_province", "old_commune", "new_region"]
Rounding = Literal["whole", "decimal", "percent", "money"]


class FigureUnit(Value, kw_only=True):
    """A unit of figures, with the way its figures are rounded and shown."""

    name: str
    rounding: Rounding


class Part(Value, kw_only=True):
    """Figures of one kind of records that a column adds up: which records, which value of each, on which day."""

    of: str = ""  # a kind, or `kind.table`; empty: the subject of the report
    value: str = ""  # an expression over the fields; empty: each record or row counts 1
    when: Condition = field(default_factory=dict)  # on the record or row, other records by `kind.field`
    # kind: condition; a record of the subject is needed, or as many as `times` in the condition says
    having: Mapping[str, Condition] = field(default_factory=dict)
    without: Mapping[str, Condition] = field(default_factory=dict)  # kind: condition; no such record of the subject
    day: str = ""  # an expression; empty: the day of the report
    positive: bool = False  # only values above zero count


OF_PART = ("of", "value", "when", "having", "without", "day", "positive")


class ReportColumn(Value, kw_only=True):
    """One figure of a report: an aggregate over records, or a formula over other columns."""

    name: str
    label: str
    unit: str
    definition: str
    source: str
    short_label: str = ""
    aggregate: Aggregate = "sum"
    of: str = ""
    value: str = ""
    when: Condition = field(default_factory=dict)
    having: Mapping[str, Condition] = field(default_factory=dict)
    without: Mapping[str, Condition] = field(default_factory=dict)
    day: str = ""
    positive: bool = False
    parts: tuple[Part, ...] = ()  # instead of the seven keys above: several figures that are added up
    formula: str = ""  # over names of columns
    opening: str = ""  # the field of `opening_total` with the same figure, or `indicators.code`
    opening_when: Condition = field(default_factory=dict)  # which totals
    adds_up: bool = False  # rounded so that the rows add up to the total: a sum of money, or a share
    hidden: bool = False  # only an operand of formulas
    cumulative: bool = False  # counted from the beginning to the end of the period
    estimate: bool = False
    unverified: bool = False

    @property
    def heading(self) -> str:
        """The short label if there is one, else the label."""
        return self.short_label or self.label

    @property
    def figures(self) -> tuple[Part, ...]:
        """The parts of the column; one part if its keys stand in the column itself; () for a formula."""
        if self.formula:
            return ()
        return self.parts or (Part(**{key: getattr(self, key) for key in OF_PART}),)


class Split(Value, kw_only=True):
    """The share of one key in the money of a subject: the weight is an amount of the subject."""

    key: str
    weight: str


class Group(Value, kw_only=True):
    """A way to group the figures of a subject into rows."""

    name: str
    label: str
    subject: str = ""  # in groups.toml: the kind whose reports offer the group
    field: str = ""  # a name in the record of the subject; empty: the day of the figure
    part: KeyPart = ""
    splits: tuple[Split, ...] = ()  # money is divided between the keys by these amounts, if there are any
    opening: str = ""  # the field of `opening_total` with the key
    all: bool = False  # keys without figures are shown as well


class Apart(Value, kw_only=True):
    """Records that the figures leave out; a note gives their number and the sum of `value`."""

    label: str
    when: Condition
    of: str = ""  # a kind that refers to the subject, whose records count; empty: the subject
    day: str = ""  # an expression; empty: the day of the report
    value: str = ""


class ReportChart(Value, kw_only=True):
    """A chart beside the table: columns of one unit over the rows."""

    label: str
    columns: tuple[str, ...]
    style: Literal["bars", "lines"] = "bars"


class Report(Value, kw_only=True):
    """The definition of one report."""

    id: str
    label: str
    source: str
    subject: str
    day: str  # an expression: the day that puts a record into a period
    day_definition: str = ""  # the same in words
    levels: tuple[str, ...] = ()  # the levels of office that use it; empty: all
    by: tuple[str, ...] = ()  # the groups of its rows unless others are asked for
    when: Condition = field(default_factory=dict)  # on the subject, for every figure
    order: int = 500
    sort: str = ""  # a column: the rows with the largest figures come first
    indicators_as_rows: bool = False  # without groups each column is a row: in the period, so far, beside its target
    columns: tuple[ReportColumn, ...] = ()
    groups: tuple[Group, ...] = ()
    aparts: tuple[Apart, ...] = ()
    charts: tuple[ReportChart, ...] = ()
    notes: tuple[str, ...] = ()
    heading: str = ""  # under which the list of reports shows it
    empty_label: str = ""  # what is said of a row without figures, if anything
    unverified: bool = False

    def column(self, name: str) -> ReportColumn:
        """The column with this name; KeyError if there is none."""
        return {column.name: column for column in self.columns}[name]

    @property
    def shown(self) -> tuple[ReportColumn, ...]:
        """The columns that are shown."""
        return tuple(column for column in self.columns if not column.hidden)


class UnitsFile(Value, kw_only=True):
    """The content of `forms/reports/units.toml`."""

    units: tuple[FigureUnit, ...] = ()


class PlaceRegion(Value, kw_only=True):
    """A region: provinces of today that report together."""

    name: str
    label: str
    source: str
    provinces: tuple[str, ...]  # codes
    unverified: bool = False


class RegionsFile(Value, kw_only=True):
    """The content of `forms/reports/regions.toml`."""

    regions: tuple[PlaceRegion, ...] = ()


class GroupsFile(Value, kw_only=True):
    """The content of `forms/reports/groups.toml`."""

    groups: tuple[Group, ...] = ()


class Reports(Value):
    """All report definitions of a folder, with the groups and units that they share."""

    all: tuple[Report, ...]
    shared_groups: tuple[Group, ...]
    units: Mapping[str, FigureUnit]
    regions: tuple[PlaceRegion, ...] = ()

    def groups_of(self, report: Report) -> tuple[Group, ...]:
        """The groups of a report: its own, then those of its subject."""
        own = {group.name for group in report.groups}
        shared = (group for group in self.shared_groups if group.subject == report.subject and group.name not in own)
        return (*report.groups, *shared)

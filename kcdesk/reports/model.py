"""The model of report definitions, as frozen data: the grammar of `forms/reports/` (forms/README.md) in Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from kcdesk.formdef.model import Condition

Aggregate = Literal["sum", "count", "distinct"]
# What of a day or of a place makes the key of a group; "" is the value of the field itself.
KeyPart = Literal["", "year", "quarter", "month", "new_province", "old_commune", "new_region"]
Rounding = Literal["whole", "decimal", "percent", "money"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureUnit:
    """A unit of figures, with the way its figures are rounded and shown."""

    name: str
    rounding: Rounding


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportColumn:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """The share of one key in the money of a subject: the weight is an amount of the subject."""

    key: str
    weight: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A way to group the figures of a subject into rows."""

    name: str
    label: str
    subject: str = ""  # in groups.toml: the kind whose reports offer the group
    field: str = ""  # a name in the record of the subject; empty: the day of the figure
    part: KeyPart = ""
    splits: tuple[Split, ...] = ()  # money is divided between the keys by these amounts, if there are any
    opening: str = ""  # the field of `opening_total` with the key
    all: bool = False  # keys without figures are shown as well


@dataclass(frozen=True, slots=True, kw_only=True)
class Apart:
    """Records that the figures leave out; a note gives their number and the sum of `value`."""

    label: str
    when: Condition
    of: str = ""  # a kind that refers to the subject, whose records count; empty: the subject
    day: str = ""  # an expression; empty: the day of the report
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportChart:
    """A chart beside the table: columns of one unit over the rows."""

    label: str
    columns: tuple[str, ...]
    style: Literal["bars", "lines"] = "bars"


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitsFile:
    """The content of `forms/reports/units.toml`."""

    units: tuple[FigureUnit, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRegion:
    """A region: provinces of today that report together."""

    name: str
    label: str
    source: str
    provinces: tuple[str, ...]  # codes
    unverified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionsFile:
    """The content of `forms/reports/regions.toml`."""

    regions: tuple[PlaceRegion, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupsFile:
    """The content of `forms/reports/groups.toml`."""

    groups: tuple[Group, ...] = ()


@dataclass(frozen=True, slots=True)
class Reports:
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

"""The rows of a report in order: their labels, and the rows without figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from kcdesk import text
from kcdesk.formdef.places import bare_name
from kcdesk.formdef.types.registry import type_of
from kcdesk.reports.groups import field_of
from kcdesk.reports.model import Group
from kcdesk.reports.report_question import ReportQuestion
from kcdesk.reports.report_source import ReportSource
from kcdesk.reports.scope import Catalogue
from kcdesk.reports.sql.row_keys import PLACE_TABLES, SEVERAL

UNKNOWN, SEVERAL_LABEL = "Chưa rõ", "Nhiều loại"
_UNIT = "unit"
RECORD = "id"  # the field of a group with a row for each record of the subject
_TITLES_AT_ONCE = 500
Keys = tuple[str | None, ...]


class RowLabels:
    """Labels and order of the keys of one group."""

    def __init__(
        self,
        reader: ReportSource,
        catalogue: Catalogue,
        question: ReportQuestion,
        group: Group,
        unit_names: Mapping[str, str],
    ) -> None:
        self._reader, self._catalogue, self._forms = reader, catalogue, catalogue.forms
        self._question, self._group, self._unit_names = question, group, unit_names
        self._field = field_of(group, catalogue, question.report.subject)
        self._choices = self._ordered_choices()

    def _ordered_choices(self) -> dict[str, str]:
        field = self._field
        if field is None:
            return {}
        if type_of(field).is_yes_no:
            return {"1": "Có", "0": "Không"}
        return {choice.value: choice.label for choice in self._forms.choices(field)}

    def every(self) -> list[str]:
        """The keys that have a row although no record has them."""
        if not self._group.all:
            return []
        if self._field is None:
            return self._question.period.months() if self._group.part == "month" else self._days()
        if self._field.name == _UNIT:
            return list(self._unit_names)
        if self._group.part in PLACE_TABLES:
            return self._places_above()
        if type_of(self._field).is_year:
            return [str(year) for year in self._question.period.years()]
        retired = {choice.value for choice in self._forms.choices(self._field) if choice.retired}
        return [value for value in self._choices if value not in retired]

    def _places_above(self) -> list[str]:
        """Every province or region, in a store above several provinces."""
        if not self._forms.levels.of(self._reader.identity.unit.level).spans_provinces:
            return []
        if self._group.part == "new_region":
            return [region.name for region in self._question.regions]
        return [province.code for province in self._forms.places.provinces]

    def _days(self) -> list[str]:
        if self._group.part == "year":
            return [str(year) for year in self._question.period.years()]
        months = self._question.period.months()
        return list(dict.fromkeys(f"{month[:4]}-Q{(int(month[5:]) + 2) // 3}" for month in months))

    def of(self, keys: Iterable[str | None]) -> dict[str | None, str]:
        """The labels of keys."""
        wanted = list(dict.fromkeys(keys))
        name = self._namer([key for key in wanted if key not in (None, SEVERAL)])
        return {
            key: UNKNOWN if key is None or key == "" else SEVERAL_LABEL if key == SEVERAL else name(key)
            for key in wanted
        }

    def _namer(self, keys: Sequence[Any]) -> Callable[[str], str]:
        field, places = self._field, self._forms.places
        if field is None:
            return _day_label
        if field.name == _UNIT:
            return lambda key: self._unit_names.get(key, key)
        if self._group.part in PLACE_TABLES:
            named = {region.name: region.label for region in self._question.regions}
            return lambda key: places.province_name(key) or named.get(key, key)
        if type_of(field).is_place:
            old = self._group.part == "old_commune"
            return lambda key: places.text({"old_commune" if old else "commune": key})
        if kind := self._question.report.subject if self._group.field == RECORD else field.target:
            titles = titles_of(self._reader, self._catalogue, kind, keys)
            return lambda key: titles.get(key, key)
        if type_of(field).is_date:
            return lambda key: text.format_date(date.fromisoformat(key))
        return lambda key: self._choices.get(key, key)

    def place(self, key: str | None, label: str) -> tuple[int, int, str]:
        """A sort key: the order of the list of choices, then of the alphabet; what is not known comes last."""
        if key is None or key == "":
            return 3, 0, ""
        if key == SEVERAL:
            return 2, 0, ""
        if self._group.part in PLACE_TABLES:
            return 1, 0, text.sort_key(bare_name(label))
        if key in self._choices:
            return 0, list(self._choices).index(key), ""
        keeps = self._field is None or type_of(self._field).is_year or type_of(self._field).is_date
        return 1, 0, key if keeps else text.sort_key(label)


def _day_label(key: str) -> str:
    """A year, quarter or month in words."""
    year, _, rest = key.partition("-")
    if rest.startswith("Q"):
        return f"Quý {('I', 'II', 'III', 'IV')[int(rest[1]) - 1]}/{year}"
    return f"Tháng {int(rest)}/{year}" if rest else f"Năm {year}"


def titles_of(reader: ReportSource, catalogue: Catalogue, kind: str, ids: Sequence[str]) -> dict[str, str]:
    """The titles of records by id; records that are not here have none."""
    form = catalogue.forms.newest(kind)
    renames = catalogue.forms.renames(kind)
    columns = [renames.newest(name) for name in form.title]
    titles: dict[str, str] = {}
    for start in range(0, len(ids), _TITLES_AT_ONCE):
        some = ids[start : start + _TITLES_AT_ONCE]
        places = ", ".join(f":p{number}" for number in range(len(some)))
        chosen = ", ".join(f'"{name}"' for name in ("id", *columns))
        sql = f'SELECT {chosen} FROM "{kind}" WHERE id IN ({places})'
        for row in reader.query(sql, {f"p{number}": id_ for number, id_ in enumerate(some)}):
            titles[row["id"]] = _title(catalogue, kind, columns, row) or form.label
    return titles


def _title(catalogue: Catalogue, kind: str, columns: Sequence[str], row: Mapping[str, Any]) -> str:
    """The title of a record, as `Record.title` writes it."""
    fields = catalogue.fields(kind)
    shown = (
        type_of(fields[name]).text(row[name], fields[name], catalogue.forms)
        for name in columns
        if row[name] is not None and type_of(fields[name]).is_plain
    )
    return " – ".join(part for part in shown if part)

"""The dossiers whose dates fall under a deadline, looked for along the dates.

Narrow tables with what deadlines ask say it all where the store keeps them. Else SQLite applies the plain conditions
first, so that ten years of finished work cost nothing, and every condition is checked on the records that it returned.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from kcdesk.formdef.conditions import holds
from kcdesk.formdef.model import Condition
from kcdesk.formdef.regulations.asked_columns import columns_of
from kcdesk.formdef.regulations.deadlines import Deadline, Link, Need, Newest
from kcdesk.runtime.frozen import Value
from kcdesk.services.deadlines.asked_sql import AskedSql, is_whole
from kcdesk.services.deadlines.known_dossiers import AskedDossier, KnownDossiers, dossier_of
from kcdesk.services.workspace import Workspace
from kcdesk.store.database.views import dated as is_dated
from kcdesk.store.database.views import extracted, living, rows_in

MOST = 500  # limit of listed dossiers per deadline; nobody reads more
_FEW = 20  # dossiers that are looked at first: of what a deadline needs nearly every one is there
_ROWS = 4 * MOST  # rows of tables that are read at first
_END = "9999-12-31"


class DatedDossier(Value):
    """A dossier, or a row of it, with something to do by `day`; `detail` is the text of the rule's detail field."""

    dossier: AskedDossier
    day: date
    row: str = ""
    detail: str = ""


def dossiers_due(asking: Asking, rule: Deadline, first: date, last: date) -> list[DatedDossier]:
    """List the dossiers with something still to do under a deadline between two days, while it is in force."""
    candidates = _newest(asking, rule, first, last) if rule.newests else _own(asking, rule, first, last)
    in_time = [dated for dated in candidates if first <= dated.day <= last and rule.is_in_force(dated.day)]
    open_ones = _open(asking, rule, {dated.dossier.id: dated.dossier for dated in in_time})
    return [dated for dated in in_time if dated.dossier.id in open_ones]


def still_open(asking: Asking, rule: Deadline, id_: str, row_id: str) -> AskedDossier | None:
    """The dossier, or None if it is deleted or nothing is left to do for the deadline in this row."""
    condition = f"WHERE id = :id AND {living(rule.kind)}"
    for candidate in asking.records.asked(rule.kind, condition, {"id": id_}, is_narrow=False):
        rows = candidate.values.get(rule.table, []) if rule.table else []
        row = next((row for row in rows if row.get("id") == row_id), None)
        if (row is not None or not rule.table) and holds(rule.when, {**candidate.values, **(row or {})}):
            return candidate if _open(asking, rule, {id_: candidate}) else None
    return None


def exists(asking: Asking, need: Need) -> bool:
    """Whether any dossier of the kind that a deadline needs exists, with a parent that it may ask for too."""
    is_narrow = asking.is_narrow(need.kind, need.when)
    query = asking.sql(need.kind, is_narrow=is_narrow)
    living_ = "TRUE" if is_narrow else living(need.kind)
    condition = f"WHERE {living_}{query.where(need.when)} LIMIT "
    for limit in (_FEW, MOST, -1):  # nearly always one of the first
        rows = list(asking.known.asked(need.kind, f"{condition}{limit}", query.values, is_narrow=is_narrow))
        fitting = [dossier for dossier in rows if holds(need.when, dossier.values)]
        is_there = bool(_with_fitting_parents(asking, need.parent_when, fitting) if need.parent_when else fitting)
        if is_there or len(rows) < limit:
            return is_there
    return False


def on_days(workspace: Workspace, kind: str, name: str) -> str:
    """The SQL condition that a date field lies between :first and :last, spelled as in the index so that it is used."""
    names = workspace.forms.renames(kind).names(name)
    return f"{living(kind)} AND {is_dated(names)} AND {extracted('data', names)} BETWEEN :first AND :last"


class Asking:
    """What one list of deadlines asks the store, each thing once."""

    def __init__(self, workspace: Workspace, *, is_narrow: bool = True) -> None:
        """Without `is_narrow` the records themselves are asked: the answers are the same."""
        self.workspace = workspace
        self.known = KnownDossiers(workspace, is_narrow=is_narrow)
        self.records = KnownDossiers(workspace, is_narrow=False)  # with all their values
        self.newest = NewestDays(workspace, self)

    def is_narrow(self, kind: str, condition: Condition, table: str = "") -> bool:
        """Whether narrow tables say all that a deadline asks of a kind, and of the rows of its table."""
        tables = ("", table) if table else ("",)
        return is_whole(condition) and all(self.known.columns(kind, name) for name in tables)

    def sql(self, kind: str, *, is_narrow: bool, **values: str) -> AskedSql:
        """The conditions of a question to a kind."""
        return AskedSql(self.workspace.forms.renames(kind), is_of_columns=is_narrow, **values)


# -- dossiers with a date in the span ------------------------------------------------------------------------------


def _own(asking: Asking, rule: Deadline, first: date, last: date) -> Iterator[DatedDossier]:
    begin, end = (day.isoformat() for day in rule.bases(first, last))
    is_narrow = asking.is_narrow(rule.kind, rule.when, rule.table)
    query = asking.sql(rule.kind, is_narrow=is_narrow, first=begin, last=end)
    if rule.table:
        yield from (_in_narrow_rows if is_narrow else _in_rows)(asking, rule, query)
        return
    day = query.left(rule.on)
    span = f"{day} BETWEEN :first AND :last" if is_narrow else on_days(asking.workspace, rule.kind, rule.on)
    condition = f"WHERE {span}{query.where(rule.when)} ORDER BY {day}, seq LIMIT {MOST}"
    for candidate in asking.known.asked(rule.kind, condition, query.values, is_narrow=is_narrow):
        if is_narrow or holds(rule.when, candidate.values):
            yield from _dated(rule, candidate, candidate.values[rule.on], candidate.values)


def _dated(
    rule: Deadline, dossier: AskedDossier, base: str, values: Mapping[str, Any], row: str = ""
) -> Iterator[DatedDossier]:
    """The dossier with its last day; nothing beyond the calendar."""
    if (day := rule.shifted(date.fromisoformat(base))) is not None:
        yield DatedDossier(dossier, day, row, str(values.get(rule.detail) or ""))


def _in_rows(asking: Asking, rule: Deadline, query: AskedSql) -> Iterator[DatedDossier]:
    table, column = rule.on.split(".")
    of_row, of_record = _parted(asking, rule)
    renames = asking.workspace.forms.renames(rule.kind)
    has_row = (
        f"EXISTS (SELECT 1 FROM json_each({rows_in('record.data', renames.names(table))}) AS line"
        f" WHERE {query.left(column, table)} BETWEEN :first AND :last{query.where(of_row, table)})"
    )
    where = f"{living(rule.kind)} AND {is_dated(renames.names(table))}{query.where(of_record)} AND {has_row}"
    along = asking.workspace.store.days_along(rule.kind, table)
    condition = f"{along} WHERE {where} ORDER BY seq DESC LIMIT {MOST}"
    for candidate in asking.records.asked(rule.kind, condition, query.values, is_narrow=False):
        for row in candidate.values[table]:
            values = {**candidate.values, **row}
            if row.get(column) and holds(rule.when, values):
                yield from _dated(rule, candidate, row[column], values, row["id"])


def _in_narrow_rows(asking: Asking, rule: Deadline, query: AskedSql) -> Iterator[DatedDossier]:
    """As `_in_rows`, with those rows alone that are in the span."""
    table, column = rule.on.split(".")
    of_row, of_record = _parted(asking, rule)
    known, kind = asking.known, rule.kind
    detail = query.left(rule.detail, table) if rule.detail in known.columns(kind, table) else "NULL"
    day = query.left(column, table)
    sql = (
        f"SELECT record.id AS dossier, line.id AS id, {day} AS day, {detail} AS detail"
        f" FROM {known.relation(kind, table)} AS line JOIN {known.relation(kind)} AS record USING (seq)"
        f" WHERE {day} BETWEEN :first AND :last{query.where(of_row, table)}{query.where(of_record)}"
        " ORDER BY seq DESC LIMIT "
    )
    for limit in (_ROWS, -1):
        rows = asking.workspace.store.query(f"{sql}{limit}", query.values)
        newest = list(dict.fromkeys(row["dossier"] for row in rows))
        if len(rows) < limit or len(newest) > MOST:
            break
    dossiers = known.by_ids(kind, newest[:MOST])
    for row in (row for row in rows if row["dossier"] in dossiers):
        dossier = dossiers[row["dossier"]]
        values = {rule.detail: row["detail"] or dossier.values.get(rule.detail)}
        yield from _dated(rule, dossier, row["day"], values, row["id"])


def _parted(asking: Asking, rule: Deadline) -> tuple[Condition, Condition]:
    """The condition of a deadline on a row, and that on its dossier."""
    columns = columns_of(asking.workspace.forms, rule)
    of_row = {name: wanted for name, wanted in rule.when.items() if name in columns}
    return of_row, {name: wanted for name, wanted in rule.when.items() if name not in columns}


def _newest(asking: Asking, rule: Deadline, first: date, last: date) -> Iterator[DatedDossier]:
    """The owners whose newest linked date gives a last day in the span, the most urgent first."""
    begin, end = (day.isoformat() for day in rule.bases(first, last))
    for newest in rule.newests:
        days = asking.newest.of(rule, newest, begin)
        shifted = {day: rule.shifted(date.fromisoformat(day)) for day in {*days.values()} if day <= end}
        dated = ((shifted.get(day), owner) for owner, day in days.items())
        in_span = sorted((day, owner) for day, owner in dated if day is not None and first <= day <= last)
        owners = dict(_owners(asking, rule, [owner for _, owner in in_span]))
        for day, owner in in_span:
            if owner in owners:
                yield DatedDossier(owners[owner], day, detail=str(owners[owner].values.get(rule.detail) or ""))


def _owners(asking: Asking, rule: Deadline, ids: Sequence[str]) -> Iterator[tuple[str, AskedDossier]]:
    """The first of these dossiers that fulfil the condition of a deadline, at most MOST."""
    is_narrow = asking.is_narrow(rule.kind, rule.when)
    query = asking.sql(rule.kind, is_narrow=is_narrow)
    living_ = "TRUE" if is_narrow else living(rule.kind)
    condition = f"WHERE id IN (SELECT value FROM json_each(:ids)) AND {living_}{query.where(rule.when)}"
    listed = 0
    for start in range(0, len(ids), MOST):
        some = ids[start : start + MOST]
        values = {**query.values, "ids": json.dumps(some)}
        known = {
            dossier.id: dossier for dossier in asking.known.asked(rule.kind, condition, values, is_narrow=is_narrow)
        }
        fitting = [id_ for id_ in some if id_ in known and (is_narrow or holds(rule.when, known[id_].values))]
        fitting = fitting[: MOST - listed]
        yield from ((id_, known[id_]) for id_ in fitting)
        listed += len(fitting)
        if listed == MOST:
            return


class NewestDays:
    """The newest linked dates, asked once for all deadlines that want the same ones, however far back."""

    def __init__(self, workspace: Workspace, asking: Asking) -> None:
        self._workspace, self._asking = workspace, asking
        self._known: dict[str, tuple[str, dict[str, str]]] = {}  # by what is asked: since when, and the days

    def of(self, rule: Deadline, newest: Newest, begin: str) -> dict[str, str]:
        """The newest linked date on or after the day `begin`, by owner id; dates are ISO.

        Owners that do not fulfil the condition of the deadline may be left out.
        """
        key = repr((newest, rule.kind, rule.when))
        since, days = self._known.get(key, (_END, {}))
        if begin < since:
            days = self._asked(rule, newest, begin)
            self._known[key] = (begin, days)
        return {owner: day for owner, day in days.items() if day >= begin} if begin > since else days

    def _asked(self, rule: Deadline, newest: Newest, begin: str) -> dict[str, str]:
        """As `of`: from the narrow table of the columns, where the store keeps one, else from the records."""
        relation = self._workspace.store.readings.relation(newest.kind, newest.columns)
        is_narrow = relation != newest.kind
        query = self._asking.sql(newest.kind, is_narrow=is_narrow, first=begin, last=_END)
        day, owner = query.left(newest.on), query.left(newest.by)
        if not is_narrow:
            source, span = "record", on_days(self._workspace, newest.kind, newest.on)
        else:
            source, span = f'"{relation}" AS record', f"{day} BETWEEN :first AND :last"
        where = f"{span}{query.where(newest.when)} AND {owner} IS NOT NULL"
        if is_narrow and self._asking.is_narrow(rule.kind, rule.when):
            owners = f"SELECT id FROM {self._asking.known.relation(rule.kind)} AS record WHERE TRUE"
            where += f" AND {owner} IN ({owners}{query.where(rule.when)})"
        sql = f"SELECT {owner} AS owner, max({day}) AS day FROM {source} WHERE {where} GROUP BY owner"
        return {row["owner"]: row["day"] for row in self._workspace.store.query(sql, query.values)}


# -- what is still to do -------------------------------------------------------------------------------------------


def _open(asking: Asking, rule: Deadline, dossiers: Mapping[str, AskedDossier]) -> set[str]:
    """The ids of dossiers whose parent fulfils the deadline's condition and that no exception exempts."""
    open_ids = set(dossiers)
    if rule.parent_when:
        open_ids = {dossier.id for dossier in _with_fitting_parents(asking, rule.parent_when, dossiers.values())}
    for link in rule.exceptions:
        open_ids -= _named_by_others(asking, link, open_ids) if open_ids else set()
    return open_ids


def _with_fitting_parents(asking: Asking, condition: Condition, dossiers: Iterable[AskedDossier]) -> list[AskedDossier]:
    """The dossiers whose parents fulfil a condition and are not deleted."""
    dossiers = list(dossiers)
    fitting = {id_ for id_, above in asking.known.parents(dossiers).items() if holds(condition, above.values)}
    return [dossier for dossier in dossiers if dossier.parent in fitting]


def _named_by_others(asking: Asking, link: Link, ids: set[str]) -> set[str]:
    """The ids that are named by a dossier of the kind of the exception."""
    if asking.is_narrow(link.kind, link.when):
        query = asking.sql(link.kind, is_narrow=True, ids=json.dumps(sorted(ids)))
        by = query.left(link.by)
        where = f"{by} IN (SELECT value FROM json_each(:ids)){query.where(link.when)}"
        sql = f"SELECT DISTINCT {by} AS id FROM {asking.known.relation(link.kind)} AS record WHERE {where}"
        return {row["id"] for row in asking.workspace.store.query(sql, query.values)}
    others = asking.workspace.store.page(link.kind, where={link.by: sorted(ids)}, limit=-1)
    documents = (dossier_of(asking.workspace, other).values for other in others)
    return {values[link.by] for values in documents if link.by in values and holds(link.when, values)}

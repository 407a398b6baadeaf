"""Laws over generated stores: parts add up to totals, records to numbers, conditions mean what they mean in forms."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kcdesk.formdef import conditions
from kcdesk.reports.report_period import Period
from kcdesk.reports.scope import Catalogue, FieldScope
from kcdesk.reports.sql.conditions_sql import Parameters, condition_sql
from kcdesk.reports.sql.dialects import SQLite
from kcdesk.services.reporting import running
from kcdesk.services.reporting.running import Wanted

ONE_STORE = settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
amounts = st.none() | st.integers(0, 10**12)
days = st.none() | st.dates(date(2020, 1, 1), date(2024, 12, 31)).map(date.isoformat)
proposals = st.fixed_dictionaries(
    {
        "state": st.sampled_from(["draft", "approved", "running", "accepted", "settled", "stopped", "rejected"]),
        "year": st.none() | st.integers(2020, 2024),
        "programme": st.sampled_from([None, "national", "local"]),
        "activity": st.sampled_from(["machinery", "vocational_training", None]),
        "decision_date": days,
        "approved_support": amounts,
        "approved_national": amounts,
        "approved_local": amounts,
    }
)
children = st.sampled_from(
    [("acceptance", "visited_on", "total_accepted_support"), ("settlement", "settled_on", "settled_support")]
) | st.just(("payment", "paid_on", "amount"))
SUMS = ("planned", "executed", "counterpart", "disbursed", "returned", "proposals")


def filled(values: dict[str, Any]) -> dict[str, Any]:
    """The values without the empty ones, as records hold them."""
    return {name: value for name, value in values.items() if value is not None}


def written(workspace, dossiers) -> None:
    """Put proposals with their dossiers in place of what the store holds."""
    forms = workspace.forms
    with workspace.store.act("Nạp") as act:
        for row in workspace.store.query("select id from record where deleted is null"):
            act.delete(row["id"])
        for proposal, belonging in dossiers:
            parent = act.insert("proposal", forms.current("proposal").reference, filled({"revision": 1, **proposal}))
            for (kind, day, amount), on, value, state in belonging:
                data = {"state": state, "revision": 1, "proposal": parent, day: on, amount: value}
                data |= {"payment_type": "advance"} if kind == "payment" else {}
                act.insert(kind, forms.current(kind).reference, filled(data), parent)


belonging = st.lists(st.tuples(children, days, amounts, st.sampled_from(["draft", "final"])), max_size=3)


@ONE_STORE
@given(
    dossiers=st.lists(st.tuples(proposals, belonging), max_size=5), by=st.sampled_from(["source", "month", "activity"])
)
def test_rows_add_up_and_so_do_the_records_behind_them(workspace, dossiers, by):
    written(workspace, dossiers)
    for period in (Period(), Period(date(2021, 1, 1), date(2022, 6, 30))):
        wanted = Wanted(name="funding", period=period, by=(by,))
        table = running.run(workspace, wanted)
        for name in SUMS:
            assert sum(row.values[name] for row in table.rows) == table.total.values[name]
            for row in table.rows:
                if row.values[name]:
                    assert (
                        sum(line.value for line in running.behind(workspace, wanted, row.key, name)) == row.values[name]
                    )


CONDITIONS = [
    {"state": "draft"},
    {"year": {"at_least": 2022}, "programme": ["national", "local"]},
    {"year": {"is_not": 2022}},
    {"activity": {"filled": False}},
    {"decision_date": {"above": "2021-06-30", "at_most": "2023-01-01"}},
    {"activities": {"contains": ["machinery", "brand"]}},
    {"activities": {"within": ["machinery", "vocational_training"]}},
    {"activities": {"not_within": ["machinery"]}},
    {"other_activities": {"contains": "brand"}},
    {"approved_support": {"below": 500_000_000}},
    {"multi_year": True},
    {"multi_year": {"is_not": True}},
]


@pytest.mark.parametrize("condition", CONDITIONS, ids=str)
def test_a_condition_means_in_sql_what_it_means_in_forms(workspace, insert, condition):
    frozen = {
        name: {word: tuple(v) if isinstance(v, list) else v for word, v in wanted.items()} if isinstance(wanted, dict)
        else tuple(wanted) if isinstance(wanted, list) else wanted
        for name, wanted in condition.items()
    }  # fmt: skip
    samples = [
        {},
        {"year": 2022, "programme": "national", "activity": "machinery", "decision_date": "2022-01-01"},
        {"year": 2023, "programme": "local", "activity": "vocational_training", "approved_support": 499_999_999},
        {
            "year": 2021,
            "activity": "machinery",
            "scheme": "flagship",
            "other_activities": ["brand"],
            "multi_year": True,
        },
        {"year": 2021, "activity": "machinery", "scheme": "single", "other_activities": ["brand"], "multi_year": False},
        {"activity": "machinery", "scheme": "flagship", "other_activities": ["vocational_training"]},
        {"activity": "brand", "approved_support": 500_000_000, "decision_date": "2023-01-01"},
    ]
    ids = {insert("proposal", state="draft", **values): values for values in samples}
    catalogue = Catalogue(workspace.forms)
    scope = FieldScope(catalogue, catalogue.chain("", "proposal"))
    parameters = Parameters(SQLite())
    where = " AND ".join(condition_sql(frozen, scope, parameters))
    rows = workspace.store.query(f"SELECT id FROM proposal WHERE {where}", parameters.values)
    expected = {id_ for id_, values in ids.items() if conditions.holds(frozen, {"state": "draft", **values})}
    assert {row["id"] for row in rows} == expected


def test_every_comparison_of_the_forms_has_its_sql(workspace):
    catalogue = Catalogue(workspace.forms)
    scope = FieldScope(catalogue, catalogue.chain("", "proposal"))
    for word in conditions.COMPARISONS:
        value = True if word == "filled" else ("brand",) if word in ("contains", "within", "not_within") else 1
        assert list(condition_sql({"other_activities": {word: value}}, scope, Parameters(SQLite())))

"""Figures about records that a record has, or has not, or has several of; and how their queries are run."""

import pytest

from kcdesk import moments
from kcdesk.errors import UserError
from kcdesk.reports import definitions
from kcdesk.reports.facts import Facts
from kcdesk.reports.report_period import Period, period_of
from kcdesk.reports.report_question import ReportQuestion
from kcdesk.reports.scope import Catalogue
from kcdesk.reports.sql.dialects import SQLite
from kcdesk.services.reporting import running
from kcdesk.services.reporting.running import Wanted


def test_establishments_are_counted_by_how_often_they_were_supported(workspace, insert):
    never, once, twice = (insert("beneficiary", name=name, legal_form="cooperative") for name in ("A", "B", "C"))
    for beneficiaries in ([once, twice], [twice]):
        insert("proposal", state="accepted", title="Máy", year=2022, beneficiaries=beneficiaries)
    insert("proposal", state="draft", title="Nháp", year=2022, beneficiaries=[never])
    total = running.run(workspace, Wanted(name="beneficiaries")).total.values
    assert [total[name] for name in ("establishments", "supported", "twice", "never")] == [3, 2, 1, 1]
    behind = running.behind(workspace, Wanted(name="beneficiaries"), "cooperative", "twice")
    assert [line.id for line in behind] == [twice]
    today = moments.today().isoformat()  # the last day of a period is a whole day
    until_today = running.run(workspace, Wanted(name="beneficiaries", period=period_of(today, today)))
    assert until_today.total.values["establishments"] == 3


def test_no_query_asks_a_kind_again_for_each_record(workspace):
    reports = definitions.of_forms(workspace.forms)
    catalogue = Catalogue(workspace.forms)
    repeated = []
    for report in reports.all:
        facts = Facts(ReportQuestion(report=report, groups=(), period=Period()), catalogue, SQLite())
        for column in (column for column in report.columns if not column.formula):
            query = facts.sums(column, is_money=False)
            plan = workspace.store.query(f"EXPLAIN QUERY PLAN {query.sql}", query.values)
            repeated += [(report.id, column.name) for line in plan if _asks_again(line, plan)]
    assert repeated == []


def _asks_again(line, plan):
    """Whether a line of a plan asks for each record, but for the few merged ones along their own index."""
    inner = [other["detail"] for other in plan if other["parent"] == line["id"]]
    merged = ("SEARCH merged USING INDEX hot_merged", "SEARCH kept EXISTS USING COVERING INDEX", "CORRELATED")
    return "CORRELATED" in line["detail"] and not all(detail.startswith(merged) for detail in inner)


def test_rows_may_be_a_field_of_a_linked_record(workspace, insert):
    wood, tea = (insert("beneficiary", name=name, legal_form=form) for name, form in (("A", "cooperative"), ("B", "")))
    for beneficiary in (wood, wood, tea):
        told = {"raised_on": "2022-01-01", "topic": "land", "content": "x", "progress": "open"}
        insert("difficulty", state="open", beneficiary=beneficiary, **told)
    asked = Wanted(name="difficulties", by=("beneficiary.legal_form",))
    table = running.run(workspace, asked)
    assert {row.key: row.values["raised"] for row in table.rows if row.values["raised"]} == {"cooperative": 2, "": 1}
    assert len(running.behind(workspace, asked, "cooperative", "raised")) == 2
    with pytest.raises(UserError):
        running.run(workspace, Wanted(name="difficulties", by=("beneficiary.legal",)))


def test_regions_say_how_well_they_are_known(workspace):
    notes = running.run(workspace, Wanted(name="funding", by=("region",))).notes
    assert any(
        note.startswith("Các tỉnh, thành phố phía Bắc: danh sách tỉnh, thành phố chưa đối chiếu") for note in notes
    )
    assert not any("chưa đối chiếu" in note for note in running.run(workspace, Wanted(name="funding")).notes)


def test_the_sites_of_a_group_scheme_count_in_their_own_communes(workspace, insert):
    first, second = list(workspace.places.communes)[:2]

    def site(number, commune, support):
        return {
            "id": f"s{number}",
            "position": float(number),
            "name": "x",
            "support": support,
            "place": {"commune": commune},
        }

    sites = [site(1, first, 100), site(2, second, 50), site(3, first, 30)]
    insert("proposal", state="approved", title="Nhóm", year=2022, scheme="group", sites=sites)
    insert("proposal", state="approved", title="Nhóm hai", year=2022, scheme="group", sites=[site(4, second, 20)])
    insert("proposal", state="draft", title="Nháp", year=2022, scheme="group", sites=[site(5, second, 999)])
    table = running.run(workspace, Wanted(name="sites", period=period_of(named="2022")))
    given = {row.key: [row.values[name] for name in ("sites", "proposals", "support", "share")] for row in table.rows}
    assert given == {first: [2, 1, 130, 65], second: [2, 2, 70, 35]}
    assert [table.total.values[name] for name in ("sites", "proposals", "support")] == [4, 2, 200]

"""The report on money: what is planned, executed, paid out and returned, by source; the records behind each number."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kcdesk.reports.report_period import period_of
from kcdesk.services.overview import year_money
from kcdesk.services.records import changing
from kcdesk.services.reporting import comparison, running
from kcdesk.services.reporting.running import Wanted

MILLION = 1_000_000


def values(table, key):
    """The figures of a row."""
    return next(row.values for row in table.rows if row.key == key)


def ask(**changes):
    """What is asked of the report on money, for 2022."""
    return Wanted(**{"name": "funding", "period": period_of("2022", "2022"), **changes})


@pytest.fixture
def year(insert):
    """The year 2022: proposals with both sources, settled, stopped, a draft; and one of another year."""
    both = insert(
        "proposal",
        state="accepted",
        title="Hai nguồn",
        year=2022,
        programme="national",
        activity="machinery",
        decision_date="2021-12-20",
        approved_support=300 * MILLION,
        approved_national=200 * MILLION,
        approved_local=100 * MILLION,
    )
    insert(
        "acceptance",
        parent=both,
        visited_on="2022-06-01",
        total_accepted_support=250 * MILLION + 1,
        total_accepted_counterpart=400 * MILLION,
    )
    insert("acceptance", parent=both, state="draft", visited_on="2022-07-01", total_accepted_support=9 * MILLION)
    settled = insert(
        "proposal", state="settled", title="Đã quyết toán", year=2022, programme="local", activity="machinery",
        decision_date="2022-02-10", approved_support=200 * MILLION,
    )  # fmt: skip
    insert("acceptance", parent=settled, visited_on="2022-11-01", total_accepted_support=200 * MILLION)
    insert("settlement", parent=settled, settled_on="2023-01-20", settled_support=190 * MILLION)
    insert("payment", parent=settled, payment_type="advance", paid_on="2022-03-01", amount=140 * MILLION)
    insert("payment", parent=settled, payment_type="returned", paid_on="2023-01-25", amount=10 * MILLION)
    insert("proposal", state="stopped", title="Ngừng", year=2022, programme="local", approved_support=50 * MILLION)
    insert("proposal", state="draft", title="Nháp", year=2022, programme="local", requested_support=70 * MILLION)
    insert("proposal", state="approved", title="Năm sau", year=2023, programme="local", approved_support=5 * MILLION)
    return both, settled


@pytest.mark.usefixtures("year")
def test_money_is_divided_between_its_sources_and_adds_up(workspace):
    table = running.run(workspace, ask())
    national, local = values(table, "national"), values(table, "local")
    assert (national["planned"], local["planned"]) == (200 * MILLION, 350 * MILLION)
    # 250.000.001 đồng at two to one: 166.666.667 and the rest
    assert (national["executed"], local["executed"]) == (166_666_667, 83_333_334 + 190 * MILLION)
    assert table.total.values["executed"] == 440 * MILLION + 1
    assert (national["proposals"], local["proposals"]) == (1, 2)
    assert table.total.values["rate"] == Decimal("80.0")  # 440.000.001 of 550.000.000
    assert national["share"] + local["share"] == 100
    assert (table.total.values["disbursed"], table.total.values["returned"]) == (140 * MILLION, 10 * MILLION)
    assert table.total.values["counterpart_share"] == Decimal("47.6")  # 400 of 840


@pytest.mark.usefixtures("year")
def test_drafts_are_counted_apart(workspace):
    assert running.run(workspace, ask()).notes == (
        "Không tính 1 đề án chưa được phê duyệt, đề nghị hỗ trợ (70.000.000 đồng).",
        "Không tính 1 biên bản nghiệm thu chưa chốt (9.000.000 đồng).",
    )


def test_opening_totals_that_are_no_final_figures_are_counted_with_a_note(workspace, insert):
    for state, year in (("draft", 2022), ("draft", 2022), ("final", 2022), ("draft", 2021)):
        insert("opening_total", state=state, unit_name="Sở mẫu", year_from=year, year_to=year, planned=MILLION)
    table = running.run(workspace, ask())
    assert table.total.values["planned"] == 3 * MILLION
    assert "Đã cộng 2 số đầu kỳ chưa chốt: số của chúng còn sửa được." in table.notes


@pytest.mark.usefixtures("year")
@pytest.mark.parametrize("by", ["source", "activity", "state", "unit", "month", "year", "officer", "size", "commune"])
def test_every_grouping_gives_the_same_total(workspace, by):
    table = running.run(workspace, ask(by=(by,)))
    whole = running.run(workspace, ask())
    for name in ("planned", "executed", "counterpart", "disbursed", "returned", "proposals"):
        assert sum(row.values[name] for row in table.rows) == table.total.values[name] == whole.total.values[name]


@pytest.mark.usefixtures("year")
def test_the_months_add_up_to_the_year(workspace):
    by_month = [
        running.run(workspace, ask(period=period_of(month, month))) for month in period_of("2022", "2022").months()
    ]
    whole = running.run(workspace, ask())
    for name in ("planned", "executed", "disbursed", "returned"):
        assert sum(table.total.values[name] for table in by_month) == whole.total.values[name]


@pytest.mark.usefixtures("year")
@pytest.mark.parametrize(("row", "column"), [("national", "executed"), ("local", "planned"), ("total", "proposals")])
def test_the_records_behind_a_number_add_up_to_it(workspace, row, column):
    table = running.run(workspace, ask())
    number = table.total.values[column] if row == "total" else values(table, row)[column]
    behind = running.behind(workspace, ask(), row, column)
    assert behind
    assert sum(line.value for line in behind) == number
    assert all(workspace.store.get(line.id).kind == line.kind for line in behind)


def test_nothing_divided_by_nothing_is_nothing(workspace):
    table = running.run(workspace, ask())
    assert [row.key for row in table.rows] == ["national", "local"]
    assert (table.total.values["planned"], table.total.values["rate"]) == (0, None)


def test_a_deleted_record_never_counts(workspace, year):
    both, _settled = year
    with workspace.store.act("Xoá") as act:
        act.delete(both)
    assert running.run(workspace, ask()).total.values["executed"] == 190 * MILLION


def test_a_record_without_a_day_is_told(workspace, insert):
    insert("proposal", state="approved", title="Không năm", approved_support=1 * MILLION)
    table = running.run(workspace, ask())
    assert table.total.values["planned"] == 0
    assert "1 đề án khuyến công chưa rõ ngày, không tính vào kỳ này." in table.notes
    assert running.run(workspace, ask(period=period_of())).total.values["planned"] == MILLION


def approved(office, title):
    """A proposal of 2022 with its approval, as the office itself has written it down."""
    id_ = changing.add(office, "proposal", {"title": title, "year": 2022, "programme": "local"}).items[0].id
    decision = {"decision_number": "1/QĐ", "decision_date": "2022-02-01", "decision_authority": "UBND tỉnh"}
    with office.store.act("Phê duyệt") as act:
        money = dict.fromkeys(("approved_total", "approved_support"), 5 * MILLION)
        act.update(id_, {"state": "approved", **decision, **money})
    return id_


def test_results_that_the_province_has_not_confirmed_are_counted_apart(offices, pair):
    unit, province = pair
    approved(province, "Của tỉnh")
    claimed = approved(unit, "Của đơn vị")
    offices.send(unit, province)
    table = running.run(province, ask())
    assert table.total.values["planned"] == 5 * MILLION
    assert table.notes == ("Không tính 1 đề án khuyến công mà đơn vị tự ghi kết quả, cấp tỉnh chưa xác nhận.",)
    assert running.run(unit, ask()).total.values["planned"] == 5 * MILLION
    with province.store.act("Xác nhận") as act:
        act.update(claimed, {"province_result": "approved"})
    assert running.run(province, ask()).total.values["planned"] == 10 * MILLION
    assert running.run(province, ask(unit=unit.identity.unit.code)).total.values["planned"] == 5 * MILLION


def test_a_proposal_of_several_years_counts_in_each_year_what_is_planned_for_it(workspace, insert):
    years = [(2022, 100), (2023, 60), (2024, 40)]
    rows = [{"id": f"y{year}", "position": 1.0, "year": year, "support": amount * MILLION} for year, amount in years]
    same = {"programme": "local", "multi_year": True, "year": 2022, "decision_date": "2022-03-01", "year_amounts": rows}
    asked = {"state": "approved", "requested_support": 200 * MILLION, **same}
    insert("proposal", title="Như đề nghị", approved_support=200 * MILLION, **asked)
    insert("proposal", title="Duyệt ít hơn", approved_support=100 * MILLION + 1, **asked)
    none = {**same, "year_amounts": []}
    insert("proposal", state="approved", title="Không phân bổ", approved_support=7 * MILLION, **none)
    given = [running.run(workspace, ask(period=period_of(named=str(year)))) for year in (2022, 2023, 2024)]
    # 100 + 50 + 7; 60 + 30; 40 + 20 million; the đồng that cannot be divided stays in the year of the plan
    assert [table.total.values["planned"] for table in given] == [157 * MILLION + 1, 90 * MILLION, 60 * MILLION]
    assert [table.total.values["proposals"] for table in given] == [3, 0, 0]
    whole = running.run(workspace, ask(period=period_of("2022", "2024")))
    assert whole.total.values["planned"] == 307 * MILLION + 1
    behind = running.behind(workspace, ask(period=period_of(named="2023")), "local", "planned")
    assert {line.title: line.value for line in behind} == {"Như đề nghị": 60 * MILLION, "Duyệt ít hơn": 30 * MILLION}
    conference = running.run(workspace, Wanted(name="conference", period=period_of(named="2023")))
    assert conference.total.values["local_planned"] == 90 * MILLION


def test_the_first_page_and_the_report_tell_the_same_change(workspace, insert):
    """Planned 100, nothing executed in 2021; planned 200, executed 50 in 2022: a rate of 0 is a figure to compare."""
    workspace.today = lambda: date(2022, 12, 31)
    for day, approved, accepted in (("2021-03-01", 100, 0), ("2022-03-01", 200, 50)):
        money = {"approved_support": approved * MILLION, "approved_local": approved * MILLION}
        known = {"year": int(day[:4]), "programme": "local", "activity": "machinery", "decision_date": day}
        id_ = insert("proposal", state="accepted", title=day, **known, **money)
        if accepted:
            result = {"conclusion": "accepted", "total_accepted_support": accepted * MILLION}
            insert("acceptance", parent=id_, visited_on=f"{day[:4]}-05-01", **result)
    money = year_money.year_money(workspace)
    label, figures = money.compared[1]
    assert [figure.text for figure in figures] == ["+100,0%", "–", "+25,0 điểm", "–"], label
    table = comparison.compared(running.run(workspace, ask(), against_last_year=True))
    changes = [table.total.values[f"{name}{comparison.CHANGE}"] for name in year_money.COLUMNS]
    assert changes == [100, None, 25, None]

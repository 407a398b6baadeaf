"""Figures that provinces and the Ministry have printed come out of the report on money.

Sources: the seventeenth conference of the northern provinces, July 2023; Sở Công Thương Bình Thuận, October 2018; the
provincial centre of Lạng Sơn, October 2024. Printed amounts are rounded to a tenth of a tỷ; the amounts below are
amounts in đồng that print so.
"""

from decimal import Decimal

import pytest

from kcdesk.reports.report_period import period_of
from kcdesk.services.reporting import csv_file, figures, running
from kcdesk.services.reporting.running import Wanted

MILLION, BILLION = 10**6, 10**9


def money(workspace, first, last, by="source", **changes):
    """The report on money for some years."""
    wanted = Wanted(name="funding", period=period_of(str(first), str(last)), by=(by,), **changes)
    return running.run(workspace, wanted), wanted


@pytest.fixture
def total(insert):
    """Writes an opening total of some years."""

    def write(unit, first, last, **values):
        return insert("opening_total", state="draft", unit_name=unit, year_from=first, year_to=last, **values)

    return write


def test_the_northern_provinces_in_2022(workspace, total):
    north = "28 tỉnh, thành phố phía Bắc"
    total(north, 2022, 2022, programme="national", planned=80_880 * MILLION, executed=79_500 * MILLION)
    total(north, 2022, 2022, programme="local", planned=98_160 * MILLION, executed=90_900 * MILLION)
    table, wanted = money(workspace, 2022, 2022)
    national, local = (row.values for row in table.rows)
    assert [row.key for row in table.rows] == ["national", "local"]
    assert (national["rate"], local["rate"], table.total.values["rate"]) == tuple(
        map(Decimal, ("98.3", "92.6", "95.2"))
    )
    assert (national["share"], local["share"]) == (Decimal("46.7"), Decimal("53.3"))

    billions = figures.money_unit("tỷ")
    shown = [line[1:3] for line in figures.lines(table, billions)]
    assert shown == [
        ["Kế hoạch (tỷ đồng)", "Thực hiện (tỷ đồng)"],
        ["80,9", "79,5"],
        ["98,2", "90,9"],
        ["179,0", "170,4"],
    ]
    assert list(figures.rounding_notes(table, billions)) == [
        "Kế hoạch: các phần cộng lại 179,1 so với 179,0 tỷ đồng đã in, do làm tròn."
    ]
    assert [line.kind for line in running.behind(workspace, wanted, "total", "planned")] == ["opening_total"] * 2
    assert table.opening.values["planned"] == table.total.values["planned"]


def test_binh_thuan_in_fourteen_years(workspace, total):
    rows = [{"id": "r1", "position": 1.0, "indicator": "workers_trained", "value": "7000"}]
    id_ = total("Tỉnh Bình Thuận", 2005, 2018, executed=17 * BILLION, counterpart=127 * BILLION, indicators=rows)
    table, _wanted = money(workspace, 2005, 2018)
    assert table.total.values["counterpart_share"] == Decimal("88.2")
    assert 100 - table.total.values["counterpart_share"] == Decimal("11.8")
    assert [row.key for row in table.rows if row.values["executed"]] == [""]
    partly, _wanted = money(workspace, 2010, 2018)
    assert partly.total.values["executed"] == 0
    assert any("chỉ nằm một phần trong kỳ" in note for note in partly.notes)

    wanted = Wanted(name="indicators", period=period_of("2018", "2018"))
    trained = next(row for row in running.run(workspace, wanted).rows if row.key == "workers_trained")
    assert (trained.values["period"], trained.values["to_date"]) == (0, 7000)
    behind = running.behind(workspace, wanted, "workers_trained", "to_date")
    assert [(line.id, line.value) for line in behind] == [(id_, 7000)]


def test_lang_son_counts_eleven_proposals_not_one_record(workspace, total):
    total("Lạng Sơn", 2024, 2024, programme="local", proposals=11, planned=2 * BILLION)
    total("Tỉnh Lạng Sơn", 2024, 2024, programme="national", proposals=2, planned=600 * MILLION)
    table, _wanted = money(workspace, 2024, 2024)
    assert [(row.key, row.values["proposals"]) for row in table.rows] == [("national", 2), ("local", 11)]
    by_province, wanted = money(workspace, 2024, 2024, by="province")
    assert [(row.key, row.label, row.values["proposals"]) for row in by_province.rows] == [("20", "Tỉnh Lạng Sơn", 13)]
    assert sum(line.value for line in running.behind(workspace, wanted, "20", "proposals")) == 13
    conference = running.run(workspace, Wanted(name="conference", period=period_of("2024", "2024"), by=("region",)))
    assert [(row.key, row.values["planned"]) for row in conference.rows] == [("north", 2_600 * MILLION)]


def test_what_a_total_counts_a_second_time_is_pointed_out(workspace, total, insert):
    name = workspace.identity.unit.name
    insert("proposal", state="approved", title="Máy", year=2024, programme="local", approved_support=MILLION)
    total(name, 2024, 2024, programme="local", planned=MILLION)
    table, _wanted = money(workspace, 2024, 2024)
    assert table.total.values["planned"] == 2 * MILLION
    assert any("Kho đã có 1 đề án năm 2024" in note and "báo cáo cộng cả hai" in note for note in table.notes)


def test_an_open_target_stands_beside_its_results(workspace, total, insert):
    rows = [{"id": "t1", "position": 1.0, "indicator": "workers_trained", "value": "10000"}]
    insert("programme_target", state="open", name="QĐ 1881", year_from=2021, year_to=2025, targets=rows)
    for year, number in ((2020, 500), (2021, 1500), (2022, 1000)):
        done = [{"id": f"r{year}", "position": 1.0, "indicator": "workers_trained", "value": str(number)}]
        total("Cả nước", year, year, indicators=done)
    table = running.run(workspace, Wanted(name="indicators", period=period_of("2022", "2022")))
    values = next(row.values for row in table.rows if row.key == "workers_trained")
    assert values == {"period": 1000, "to_date": 3000, "target": 10000, "towards_target": 2500, "achieved": 25}


def test_a_table_of_indicators_has_no_total_and_each_row_its_unit(workspace, tmp_path):
    table = running.run(workspace, Wanted(name="indicators", period=period_of("2022", "2022")))
    heads, *rows = figures.lines(table)
    assert heads[1:] == ["Trong kỳ", "Lũy kế", "Mục tiêu", "Từ đầu chương trình", "So mục tiêu (%)"]
    assert [row[0] for row in rows][:2] == ["Đề án được phê duyệt (đề án)", "Lao động được đào tạo nghề (người)"]
    csv_file.write_csv(table, tmp_path / "chi-tieu.csv")
    text = (tmp_path / "chi-tieu.csv").read_text(encoding="utf-8-sig")
    assert len(text.splitlines()) == 1 + len(rows) + 2


def test_no_text_of_a_csv_file_becomes_a_formula(workspace, insert, tmp_path):
    office = insert("staff", name="=HYPERLINK(1)")
    insert("proposal", state="approved", title="Máy", year=2022, handler=office, approved_support=1_234_567)
    table, _wanted = money(workspace, 2022, 2022, by="officer")
    csv_file.write_csv(table, tmp_path / "a.csv", unit=figures.money_unit("triệu"))
    line = (tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines()[1]
    assert line.startswith(f"{office};'=HYPERLINK(1);1,2;")
    csv_file.write_csv(table, tmp_path / "b.csv", ",", figures.money_unit("triệu"))
    line = (tmp_path / "b.csv").read_text(encoding="utf-8-sig").splitlines()[1]
    assert line.startswith(f"{office},'=HYPERLINK(1),1.2,")

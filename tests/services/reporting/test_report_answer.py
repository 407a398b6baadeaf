"""What the window shows of a report: last year beside it, rows without figures, periods in words, copied cells."""

from datetime import date
from decimal import Decimal

import openpyxl
import pytest

from kcdesk.documents import preview
from kcdesk.reports.report_period import Period
from kcdesk.runtime.frozen import replace
from kcdesk.services.derivations import report_annex, report_figures
from kcdesk.services.personal import rights
from kcdesk.services.records import changing
from kcdesk.services.reporting import (
    choices_offered,
    comparison,
    copied_table,
    figures,
    report_answer,
    report_files,
    running,
)
from kcdesk.services.reporting.figure_records import figure_records
from kcdesk.services.reporting.figures import money_unit
from kcdesk.services.reporting.report_answer import AskedReport
from kcdesk.services.reporting.running import Wanted

MILLION = 1_000_000


@pytest.fixture
def totals(workspace):
    """Planned and executed: 100 and 50 local in 2024; 150 and 90 local, 30 and 0 national in 2025. Millions."""
    for year, programme, planned, executed in (
        (2024, "local", 100, 50),
        (2025, "local", 150, 90),
        (2025, "national", 30, 0),
    ):
        values = {"unit_name": "=1+1", "year_from": year, "year_to": year, "programme": programme}
        changing.add(
            workspace, "opening_total", values | {"planned": planned * MILLION, "executed": executed * MILLION}
        )
    return AskedReport(
        wanted=Wanted(name="funding", period=running.wanted_period("", "", "2025")),
        unit=money_unit("triệu"),
        against_last_year=True,
    )


def test_last_year_stands_beside_each_figure_in_every_output(workspace, totals, tmp_path):
    answer = report_answer.answered(workspace, totals, 400)
    local = next(row for row in answer.table.rows if row.key == "local").values
    assert (local["planned"], local["planned.before"], str(local["planned.change"])) == (
        150 * MILLION,
        100 * MILLION,
        "50.0",
    )
    assert [str(local[f"rate{part}"]) for part in ("", comparison.BEFORE, comparison.CHANGE)] == [
        "60.0",
        "50.0",
        "10.0",
    ]
    national = next(row for row in answer.table.rows if row.key == "national").values
    assert (national["planned.before"], national["planned.change"]) == (0, None), "nothing to divide by"
    assert answer.notes[0].startswith("Cùng kỳ là Năm 2024.")
    assert answer.charts[0].startswith(b"\x89PNG")

    files = {kind: tmp_path / f"r.{kind}" for kind in ("xlsx", "pdf", "csv")}
    report_files.write_files(workspace, answer.table, files, totals.unit)
    heads = [cell.value for cell in openpyxl.load_workbook(files["xlsx"]).active[4]]
    assert heads[1:4] == ["Kế hoạch (triệu đồng)", "Kế hoạch, cùng kỳ (triệu đồng)", "Kế hoạch, tăng giảm (%)"]
    assert "Kế hoạch, cùng kỳ (triệu đồng)" in files["csv"].read_text("utf-8-sig")
    text = preview.page_text(files["pdf"], 0)
    assert "– cùng kỳ năm trước" in text
    assert "– tăng (giảm), %" in text

    asked, column = comparison.asked_before(totals.wanted, "planned.before")
    assert (asked.period.first, column) == (date(2024, 1, 1), "planned")
    assert figure_records(workspace, totals, "total", "planned.before").sums == (
        "Kế hoạch: 1 hồ sơ, cộng 100,0 triệu đồng",
    )
    assert figure_records(workspace, totals, "total", "planned.change").lines == ()


@pytest.mark.usefixtures("totals")
def test_a_row_of_the_year_before_stays_when_it_has_nothing_now(workspace):
    by_unit = Wanted(name="funding", period=running.wanted_period("", "", "2026"), by=("year",))
    table = comparison.compared(running.run(workspace, by_unit, against_last_year=True))
    before = next(row for row in table.rows if row.key == "2025").values
    assert (before["planned"], before["planned.before"], str(before["planned.change"])) == (0, 180 * MILLION, "-100.0")
    assert table.total.values["executed.before"] == 90 * MILLION


def test_a_change_that_means_nothing_is_none(workspace, totals):
    table = running.run(workspace, totals.wanted)
    money, rate = table.column("planned"), table.column("rate")
    changes = [(10, 8, money), (10, 0, money), (10, -5, money), (None, 8, money), (Decimal(40), Decimal(0), rate)]
    assert [comparison.exact_change(*change) for change in changes] == [25, None, None, None, 40]


def test_a_row_without_figures_says_so_and_rates_have_a_decimal(workspace, totals):
    table = running.run(workspace, Wanted(name="funding", period=running.wanted_period("", "", "2024")))
    lines = figures.lines(table, totals.unit)
    assert lines[1][0] == "Khuyến công quốc gia (chưa thực hiện)"
    assert lines[2][:5] == ["Khuyến công địa phương", "100,0", "50,0", "50,0", "100,0"]
    late = running.run(workspace, Wanted(name="late"))
    assert late.rows[0].is_empty
    assert late.label_of(late.rows[0]) == late.rows[0].label, "nothing late is not something left undone"


def test_cells_are_copied_exactly_and_are_no_formulas(workspace, totals):
    table = running.run(workspace, Wanted(name="funding", by=("unit",)))
    rows = [row for row in table.rows if row.label == "=1+1"]
    text = copied_table.as_text(table, totals.unit, rows, ["", "planned", "rate"], heads=True)
    assert text.split("\n")[1] == "'=1+1\t280,0\t50,0"  # 140 of 280
    html = copied_table.as_html(table, totals.unit, rows, ["", "planned"], heads=False)
    assert ">&#x27;=1+1</td>" in html
    assert 'x:num="280.0" sdval="280.0">280,0</td>' in html


def test_periods_have_names_that_follow_the_day(workspace):
    named = choices_offered.named_periods(date(2026, 1, 15))
    assert named["Tháng trước"].name == "Tháng 12/2025"
    assert named["Quý trước"].name == "Quý IV/2025"
    assert named["Từ đầu năm đến nay"] == Period(date(2026, 1, 1), date(2026, 1, 15))
    for name, period in named.items():
        assert choices_offered.read_period(name.upper(), date(2026, 1, 15)) == period
    assert choices_offered.read_period("quý 3/2026", workspace.today()).name == "Quý III/2026"


def test_every_choice_of_rows_runs(workspace):
    smallest = {}  # report of each kind of records
    for report in sorted(running.offered(workspace), key=lambda report: -len(report.columns)):
        smallest[report.subject] = report
    for report in smallest.values():
        names = [choice.name for choice in choices_offered.row_choices(workspace, report)]
        assert len(set(names)) == len(names)
        for name in names:
            assert running.run(workspace, Wanted(name=report.id, by=(name,))).group_labels


def test_many_records_are_summed_up_in_the_tree(workspace, monkeypatch):
    monkeypatch.setattr(report_figures, "MOST", 2)
    for place in range(4):
        values = {"unit_name": f"Sở {place}", "year_from": 2020, "year_to": 2020, "programme": "local"}
        changing.add(workspace, "opening_total", values | {"planned": (place + 1) * MILLION})
    tree = report_figures.why_figure(workspace, Wanted(name="funding"), "total", "planned")
    assert [part.value for part in tree.parts] == [4 * MILLION, 3 * MILLION, 3 * MILLION]
    assert tree.parts[2].label == "2 hồ sơ khác"
    assert not tree.is_wrong


@pytest.mark.usefixtures("totals")
def test_the_annex_tells_each_figure_and_stops_when_asked(workspace, tmp_path):
    pdf, steps = tmp_path / "annex.pdf", []
    wanted = Wanted(name="funding", period=running.wanted_period("", "", "2025"))
    report_annex.print_all(workspace, wanted, pdf, lambda done, total, _text="": steps.append((done, total)))
    text = " ".join(preview.page_text(pdf, page) for page in range(preview.page_count(pdf)))
    assert "180.000.000 đồng" in text  # 150 and 30
    assert len(steps) == steps[0][1] > 5

    def stop(_done, _total, _text=""):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        report_annex.print_all(workspace, wanted, tmp_path / "none.pdf", stop)
    assert not (tmp_path / "none.pdf").exists()


def test_the_legal_basis_of_a_report_says_what_is_unread_on_the_day(workspace):
    bases = []
    for day in (date(2026, 10, 5), date(2026, 10, 6)):
        then = replace(workspace, today=lambda day=day: day)
        bases.append(running.run(then, Wanted(name="funding")).source)
    assert all("TT 36/2013/TT-BCT" in basis and "TT 17/2018/TT-BCT" in basis for basis in bases)
    assert ["TT 66/2026/TT-BCT" in basis for basis in bases] == [False, True]


def test_a_record_that_may_only_be_kept_counts_and_is_not_named(workspace, totals):
    before = figure_records(workspace, totals, "local", "planned")
    (line,) = before.lines
    rights.restrict(workspace, [line.id], "Theo yêu cầu")
    after = figure_records(workspace, totals, "local", "planned")
    assert after.sums == before.sums
    assert [(shown.id, shown.title) for shown in after.lines] == [(line.id, "(hồ sơ chỉ được lưu giữ)")]
    assert line.title not in str(after)

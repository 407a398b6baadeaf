"""Reports on the command line."""

from tests.cli.test_plans_and_deadlines import run

__all__ = ["run"]

MONEY = ["planned", "executed", "rate", "share", "counterpart", "counterpart_share"]
MONEY += ["disbursed", "returned", "proposals"]


def test_a_report_has_the_documented_shape(run, tmp_path):
    file = tmp_path / "kinh-phi.csv"
    table = run("report", "funding", "--from", "2022", "--to", "2022", "--by", "source", "--csv", file)
    assert table["period"] == {"from": "2022-01-01", "to": "2022-12-31", "name": "Năm 2022"}
    assert [column["name"] for column in table["columns"]] == MONEY
    assert [row["key"] for row in table["rows"]] == ["national", "local"]
    assert (table["total"]["planned"], table["total"]["rate"], table["notes"]) == (0, None, [])
    assert file.read_bytes().startswith(b"\xef\xbb\xbfM\xc3\xa3;")
    listed = run("report", "funding", "--records", "total/planned")
    assert listed["records"] == []
    assert "–" in run("report", "funding", as_json=False)


def test_the_records_behind_a_figure_are_shown_as_the_figure_is(run):
    years = ("year_from=2021", "year_to=2021", "unit_name=Sở Công Thương", "programme=local", "planned=1250000000")
    total = run("add", "opening_total", *years)["id"]
    behind = ("report", "funding", "--period", "2021", "--records", "total/planned")
    assert [record["value"] for record in run(*behind, "--money", "tỷ")["records"]] == [1_250_000_000]
    assert f"{total}  1.250.000.000 đồng  " in run(*behind, as_json=False)
    assert f"{total}  1,3 tỷ đồng  " in run(*behind, "--money", "tỷ", as_json=False)


def test_the_text_and_the_csv_file_say_whose_figures_are_shown_and_what_rounding_does(run, tmp_path):
    for programme, planned in (("national", "80880000000"), ("local", "98160000000")):
        years = ("year_from=2022", "year_to=2022", "unit_name=Trung tâm Khuyến công mẫu")
        run("add", "opening_total", *years, f"programme={programme}", f"planned={planned}")
    asked = ("report", "funding", "--period", "2022", "--by", "source", "--unit", "TTKC", "--money", "tỷ")
    shown = run(*asked, "--csv", tmp_path / "a.csv", as_json=False)
    head = "Năm 2022 – Trung tâm Khuyến công mẫu"
    rounding = "Kế hoạch: các phần cộng lại 179,1 so với 179,0 tỷ đồng đã in, do làm tròn."
    written = (tmp_path / "a.csv").read_text(encoding="utf-8-sig")
    for text in (shown, written):
        assert head in text
        assert rounding in text


def test_the_reports_are_listed_with_what_they_count(run):
    funding = next(line for line in run("reports") if line["name"] == "funding")
    assert {"name": "source", "label": "Nguồn kinh phí"} in funding["groups"]
    assert all(column["definition"] and column["source"] for column in funding["columns"])
    assert "funding" in run("reports", as_json=False)


def test_a_summary_is_written_printed_and_compared_with_its_print(run, tmp_path):
    years = ("year_from=2026", "year_to=2026", "unit_name=Sở Công Thương", "programme=local")
    total = run("add", "opening_total", *years, "planned=400000000", "proposals=4")["id"]
    asked = ("summary", "--period", "2026")
    written = run(
        *asked, "--docx", tmp_path / "a.docx", "--number", "7", "--dated", "05/01/2027", "--own", "tasks=Làm."
    )
    assert written["figures"]["planned"]["records"] == [total]
    assert "since" not in written
    assert run(*asked)["since"]["changes"] == []
    run("set", total, "planned=450000000")
    label = "Kinh phí khuyến công theo kế hoạch được phê duyệt"
    (change,) = (line for line in run(*asked)["since"]["changes"] if line["label"] == label)
    assert (change["before"], change["after"]) == ("400 triệu đồng", "450 triệu đồng")
    assert [dossier["id"] for dossier in change["dossiers"]] == [total]
    assert "400 triệu đồng → 450 triệu đồng" in run(*asked, as_json=False)
    (kept,) = run(*asked, "--prints")["prints"]
    assert (kept["number"], kept["id"]) == ("7", written["print"])
    assert run(*asked, "--since", "zz", code=1)["error"]["code"] == "no_print"
    assert run(*asked, "--own", "tasks", code=1)["error"]["code"] == "missing"


def test_what_cannot_be_reported_is_refused(run):
    def code(*arguments):
        return run("report", *arguments, code=1)["error"]["code"]

    assert code("fundng") == "no_report"
    assert code("funding", "--from", "2023", "--to", "2022") == "bad_period"
    assert code("funding", "--period", "2022-Q5") == "bad_period"
    assert code("funding", "--by", "colour") == "no_group"
    assert code("funding", "--unit", "Không có") == "no_unit"
    assert code("funding", "--level", "galaxy") == "no_level"
    assert code("funding", "--records", "national/colour") == "no_column"
    assert code("funding", "--money", "dollar") == "no_money_unit"

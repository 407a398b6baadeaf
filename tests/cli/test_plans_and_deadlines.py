"""Deadlines and the year plan on the command line."""

import json

import pytest

from kcdesk.cli.program import main

INIT = ("--unit", "Trung tâm Khuyến công mẫu", "--code", "TTKC", "--level", "lower", "--province", "Cần Thơ")


@pytest.fixture
def run(tmp_path, capsys):
    """Run a command on a new practice store with `--json`; gives what it printed."""
    store = tmp_path / "store"
    assert main(["--store", str(store), "init", *INIT, "--officer", "Nguyễn Thị Mẫu", "--practice"]) == 0

    def call(*arguments, code=0, as_json=True):
        capsys.readouterr()
        options = ["--json"] if as_json else []
        assert main(["--store", str(store), *options, *map(str, arguments)]) == code
        printed = capsys.readouterr().out
        return json.loads(printed) if as_json else printed

    return call


def test_deadlines_are_listed_marked_postponed_printed_and_exported(run, tmp_path):
    task = run("add", "task", "title=Gọi cho xưởng", "due_on=3/3/2031")["id"]

    listed = run(
        "deadlines", "--on", "5/3/2031", "--ics", tmp_path / "lich.ics", "--pdf", tmp_path / "thang.pdf"
    )  # fmt: skip

    assert listed["late"][-1] == {
        "due": "2031-03-03",
        "key": task,
        "what": "Gọi cho xưởng",
        "source": "Cán bộ tự ghi",
        "unverified": False,
        "kind": "task",
        "id": task,
        "title": "",
        "task": task,
        "papers": [],
        "postponed_from": None,
        "unit": "TTKC",
        "unit_name": "Trung tâm Khuyến công mẫu",
        "officer": "",
    }
    assert (tmp_path / "lich.ics").stat().st_size
    assert (tmp_path / "thang.pdf").read_bytes().startswith(b"%PDF")
    assert "  03/3/2031   Gọi cho xưởng (Cán bộ tự ghi)" in run("deadlines", "--on", "5/3/2031", as_json=False)


def test_a_deadline_is_postponed_with_a_reason_only(run):
    task = run("add", "task", "title=Gọi cho xưởng", "due_on=1/1/2024")["id"]

    assert run("deadlines", "--postpone", f"{task}=3/1/2099", code=1)["error"]["code"] == "reason_missing"
    assert run("deadlines", "--postpone", f"{task}=1/1/2023", "--reason", "Chờ", code=1)["error"]["field"] == "due_on"
    assert run("deadlines", "--postpone", "none=3/1/2099", "--reason", "Chờ", code=1)["error"]["code"] == "not_found"
    assert run("deadlines", "--on", "32/1/2035", code=1)["error"]["code"] == "bad_date"

    run("deadlines", "--postpone", f"{task}=3/1/2099", "--reason", "Chờ hóa đơn")
    (due,) = [due for due in run("deadlines", "--on", "1/1/2099")["week"] if due["id"] == task]
    assert (due["due"], due["postponed_from"]) == ("2099-01-03", "2024-01-01")


def test_what_is_due_today_is_marked_done(run):
    task = run("add", "task", "title=Gọi cho xưởng", "due_on=1/1/2020")["id"]
    run("set", task, "due_on=1/1/2024")

    assert run("deadlines", "--done", task, "--reason", "Đã gọi")["changes"][0]["kind"] == "task"
    assert "Đã gọi" in json.dumps(run("show", task), ensure_ascii=False)
    assert run("deadlines", "--done", task, code=1)["error"]["code"] == "not_found"


def test_a_plan_is_filled_moved_printed_and_written_as_a_workbook(run, tmp_path):
    plan = run("add", "plan", "year=2027", "programme=local", "budget=1 tỷ")["id"]
    run("add", "proposal", "title=Chưa đăng ký", "year=2027", "programme=local")

    assert run("plan", "fill", plan)["summary"].startswith("0 đề án")
    assert (
        run("plan", "move", plan, "--row", "none", "--to", 1, "--reason", "Thử", code=1)["error"]["code"] == "not_found"
    )
    assert run("plan", "approve", plan, code=1)["error"]["code"] == "not_decided"
    late = run("add", "proposal", "title=Đến sau", "year=2027", "programme=local")["id"]
    paper = ("--number", "9/QĐ", "--date", "1/3/2026", "--authority", "Ủy ban", "--reason", "Phát sinh")
    assert run("plan", "add", plan, "--row", late, *paper, code=1)["error"]["code"] == "not_decided"
    assert run("plan", "budget", plan, "--amount", "2 tỷ", *paper, code=1)["error"]["code"] == "not_decided"
    assert run("plan", "workbook", plan, code=1)["error"]["field"] == "xlsx"
    assert run("plan", "workbook", plan, "--xlsx", tmp_path / "m2.xlsx")["rows"] == 0
    assert run("print", plan, "--document", "registration_report", "--pdf", tmp_path / "m2.pdf")["pages"] >= 1
    assert "Đã xuất 0 đề án" in run("plan", "workbook", plan, "--xlsx", tmp_path / "m2.xlsx", as_json=False)


def test_the_monthly_report_is_written_for_national_contracts(run, tmp_path):
    pdf = tmp_path / "thang.pdf"
    assert run("month-report", "--period", "2018", "--pdf", pdf, code=1)["error"]["code"] == "bad_period"
    refused = run("month-report", "--period", "9/2018", "--pdf", pdf, code=1)["error"]
    assert (refused["code"], pdf.exists()) == ("nothing_to_report", False)

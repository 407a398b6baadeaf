"""The command line through its own door: every command, its JSON, its Vietnamese, its exit codes."""

import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from openpyxl import load_workbook

import kcdesk
from kcdesk import paths
from kcdesk.cli.parser import commands
from kcdesk.cli.program import main
from kcdesk.cli.window import options_of_window, window
from kcdesk.documents import preview
from tests.examples import IS_LONG
from tests.store_files import at_home_anywhere

ROOT = Path(kcdesk.__file__).parent.parent
IDENTITY = ("--unit", "Trung tâm Khuyến công mẫu", "--code", "TTKC", "--level", "lower", "--province", "Cần Thơ")
INIT = ("init", *IDENTITY, "--officer", "Nguyễn Thị Mẫu")
RECORD = {"id", "kind", "form", "state", "title", "data", "problems"}


@pytest.fixture(scope="session")
def made(tmp_path_factory):
    """A practice store made by `init`; copy it before writing."""
    folder = tmp_path_factory.mktemp("cli") / "store"
    assert main(["--store", str(folder), *INIT, "--practice"]) == 0
    return at_home_anywhere(folder)


@pytest.fixture
def store(made, tmp_path):
    """A practice store of this test's own."""
    return Path(shutil.copytree(made, tmp_path / "store"))


@pytest.fixture
def run(store, capsys):
    """Run a command on the store with `--json`; gives the exit code and what it printed."""

    def call(*arguments, code=0):
        capsys.readouterr()
        assert main(["--store", str(store), "--json", *map(str, arguments)]) == code
        return json.loads(capsys.readouterr().out)

    return call


@pytest.fixture
def refused(run):
    """Run a command that is refused; gives code and field."""

    def call(*arguments):
        error = run(*arguments, code=1)["error"]
        assert error["message"]
        assert error.keys() >= {"code", "message", "field"}
        return error["code"], error["field"]

    return call


@pytest.fixture
def say(store, capsys):
    """Run a command on the store without `--json`; gives the exit code and the lines of both outputs."""

    def call(*arguments):
        capsys.readouterr()
        code = main(["--store", str(store), *map(str, arguments)])
        printed = capsys.readouterr()
        return code, (printed.out + printed.err).splitlines()

    return call


def rows(folder, name, *content):
    """A JSON file of rows, as `FIELD=@file` takes them."""
    path = folder / f"{name}.json"
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    return path


# -- the loop ----------------------------------------------------------------------------------------------------


OWNER = """\
name=Cơ sở Mẫu
legal_form=household_business
representative=Người Mẫu
phone=0900000001
territory=provincial_ward
sector=a
place=00004""".splitlines()
PROPOSAL = """\
title=Hỗ trợ máy móc
year=2018
programme=local
scheme=single
activity=machinery
implementing_unit=Trung tâm
place=00004
necessity=Cần
legal_basis=NĐ 45/2012/NĐ-CP
goals=Một máy
scale=Một cơ sở
machine_kind=single
machines_new=có
machine_benefits=productivity
machines=[{"name": "Máy", "quantity": 1, "unit_price": 570000000}]
starts_on=1/3/2018
ends_on=31/12/2018
work_plan=[{"task": "Mua máy", "responsible": "Cơ sở"}]
organisation=Trung tâm tổ chức
economic_effect=Có
social_effect=Có
environmental_effect=Có""".splitlines()
APPROVAL = """\
decision_number=1/QĐ
decision_date=1/4/2018
decision_authority=Ủy ban
approved_total=570tr
approved_support=200tr
approved_local=200tr
approved_counterpart=370tr""".splitlines()


def found_on_site(taken_over):
    """The rows of a visit with everything answered that it had to find out."""
    machine = {"quantity": 1, "value": 570_000_000}
    money = {"done": 570_000_000, "accepted": 570_000_000}
    money |= {"accepted_support": 200_000_000, "accepted_counterpart": 370_000_000}
    return {
        "checklist": [row | {"result": "pass"} for row in taken_over["checklist"]],
        "machines": [row | machine for row in taken_over["machines"]],
        "budget": [row | money for row in taken_over["budget"]],
        "participants": [{"party": "department", "name": "Người A"}, {"party": "beneficiary", "name": "Người B"}],
    }


def test_the_whole_loop_from_a_beneficiary_to_a_package(run, tmp_path):
    line = {"item": "Máy", "cost": 570_000_000, "local": "200 triệu", "counterpart": 370_000_000}
    owner = run("add", "beneficiary", *OWNER)["id"]
    run("move", owner, "finalise")
    budget = f"budget=@{rows(tmp_path, 'budget', line)}"
    proposal = run("add", "proposal", *PROPOSAL, f"beneficiaries={owner}", budget)["id"]
    run("move", proposal, "finalise")
    run("set", proposal, *APPROVAL)
    run("move", proposal, "approve")
    contract = run("add", "contract", f"proposal={proposal}", "basis=support", "number=1/HĐ", "signed_on=5/4/2018")[
        "id"
    ]
    run("move", contract, "finalise")
    run("move", proposal, "contract")

    visit = run("add", "acceptance", f"proposal={proposal}")["id"]
    taken_over = run("show", visit)["data"]
    assert taken_over["contract"] == contract
    found = found_on_site(taken_over)
    answers = [f"{name}=@{rows(tmp_path, name, *content)}" for name, content in found.items()]
    run("set", visit, "visited_on=18/10/2018", "work_done=Đã lắp", "conclusion=accepted", *answers)
    assert run("show", visit)["problems"] == []
    run("move", visit, "finalise")
    assert run("move", proposal, "accept")["changes"][0]["fields"] == ["state"]

    paper = run("print", visit, "--document", "minutes_5a", "--pdf", tmp_path / "minutes.pdf")
    assert (paper["pdf"], Path(paper["pdf"]).read_bytes()[:5]) == (str(tmp_path / "minutes.pdf"), b"%PDF-")
    run("print", visit, "--document", "minutes_5a", "--pdf", tmp_path / "blank.pdf", "--blank")
    package = run("export", tmp_path / "package.xlsx")
    assert package["counts"] == {"beneficiary": 1, "proposal": 1, "contract": 1, "acceptance": 1}
    inspected = run("inspect", tmp_path / "package.xlsx")
    assert (inspected["status"], inspected["package"]) == ("authentic", package["package"])
    assert run("check")["sound"]


# -- shapes ------------------------------------------------------------------------------------------------------


def test_a_record_has_the_promised_shape(run):
    added = run("add", "proposal", "title=Máy", "year=2026")
    assert added.keys() >= {"id", "changes"}
    assert added["changes"] == [{"id": added["id"], "kind": "proposal", "fields": []}]
    record = run("show", added["id"])
    assert record.keys() >= RECORD
    assert (record["id"], record["kind"], record["form"].partition("@")[0]) == (added["id"], "proposal", "proposal")
    assert (record["state"], record["title"], record["data"]) == ("draft", "Máy", {"title": "Máy", "year": 2026})
    assert {"field": "programme", "message": "Nguồn kinh phí: chưa nhập."} in record["problems"]


def test_changes_have_the_promised_shape(run, tmp_path):
    id_ = run("add", "proposal", "title=Máy")["id"]
    for arguments, fields in (
        (("set", id_, "year=2026", "title=Máy sấy"), ["title", "year"]),
        (("delete", id_), []),
    ):
        result = run(*arguments)
        assert result["id"] == id_
        assert [(c["id"], c["kind"], sorted(c["fields"])) for c in result["changes"]] == [(id_, "proposal", fields)]
    assert run("undo")["id"] == id_
    assert run("set", id_, "title=Máy sấy") == {"id": id_, "action": "Sửa đề án khuyến công", "changes": []}
    (tmp_path / "a.txt").write_text("a", encoding="utf-8")
    assert run("attach", id_, "attachments", tmp_path / "a.txt")["changes"][0]["fields"] == ["attachments"]


def test_lists_search_filter_and_limit(run):
    ids = [
        run("add", "beneficiary", f"name={name}", f"legal_form={form}")["id"]
        for name, form in (("Gốm sứ Đông Triều", "cooperative"), ("Chè Thái", "cooperative"), ("Áo dài", "partnership"))
    ]
    listed = run("list", "beneficiary")
    assert [record["title"] for record in listed] == ["Áo dài", "Chè Thái", "Gốm sứ Đông Triều"]
    assert listed[0].keys() >= RECORD - {"data"}
    assert "data" not in listed[0]
    assert run("list", "beneficiary", "--full")[0]["data"]["legal_form"] == "partnership"
    assert [record["id"] for record in run("list", "beneficiary", "--search", "dong trieu")] == ids[:1]
    assert len(run("list", "beneficiary", "--where", "legal_form=Hợp tác xã")) == 2
    both = run("list", "beneficiary", "--where", "legal_form=cooperative", "--where", "state=draft", "--search", "chè")
    assert [record["id"] for record in both] == ids[1:2]
    assert len(run("list", "beneficiary", "--limit", "1")) == 1
    assert run("list", "beneficiary", "--where", "state=final") == []
    assert len(run("list", "beneficiary", "--where", "phone=")) == 3


def test_history_tells_who_did_what(run):
    id_ = run("add", "beneficiary", "name=A")["id"]
    run("set", id_, "name=B")
    newest, oldest = run("history", id_)
    assert newest.keys() >= {"at", "officer", "action", "fields", "before", "after"}
    assert (newest["action"], newest["officer"]) == ("Sửa tên đơn vị", "Nguyễn Thị Mẫu")
    assert (newest["before"], newest["after"]) == ({"name": "A"}, {"name": "B"})
    assert (oldest["action"], oldest["before"]) == ("Thêm đơn vị thụ hưởng", None)


def test_an_inspection_has_the_promised_shape(run, tmp_path):
    run("add", "beneficiary", "name=A")
    run("export", tmp_path / "a.xlsx", "--to", "SCT", "--period", "2026-Q1", "--full")
    found = run("inspect", tmp_path / "a.xlsx")
    keys = {"status", "package", "type", "period", "sender", "counts", "rows", "applied"}
    assert found.keys() >= keys
    assert (found["type"], found["period"], found["sender"]) == ("C", "2026-Q1", "TTKC")
    assert found["rows"].keys() == {"new", "changed", "same", "conflict", "refused"}
    assert found["applied"] is False
    assert run("export", tmp_path / "b.xlsx", "--to", "SCT", "--period", "2026-Q1")["type"] == "B1"


def test_undo_takes_back_commands_one_by_one(run, refused):
    id_ = run("add", "beneficiary", "name=A")["id"]
    for name in "BCD":
        run("set", id_, f"name={name}")
    run("undo")
    assert run("show", id_)["title"] == "C"
    run("undo", 2)
    assert run("show", id_)["title"] == "A"
    run("undo", 99)
    assert run("list", "beneficiary") == []
    assert refused("undo") == ("nothing_to_undo", "")


def test_a_deleted_record_is_shown_as_such_and_comes_back(run, refused):
    id_ = run("add", "beneficiary", "name=A")["id"]
    run("delete", id_)
    assert run("show", id_)["deleted"] is True
    assert refused("set", id_, "name=B") == ("deleted", "")
    run("undo")
    assert run("show", id_)["deleted"] is False


# -- refusals ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (("list", "invoice"), ("unknown_kind", "")),
        (("add", "invoice", "a=b"), ("unknown_kind", "")),
        (("show", "nothing"), ("not_found", "")),
        (("history", "nothing"), ("not_found", "")),
        (("delete", "nothing"), ("not_found", "")),
        (("set", "nothing", "a=b"), ("not_found", "")),
        (("move", "nothing", "finalise"), ("not_found", "")),
        (("attach", "nothing", "files", "a.txt"), ("not_found", "")),
        (("print", "nothing", "--document", "minutes_5a", "--pdf", "a.pdf"), ("not_found", "")),
        (("list", "proposal", "--where", "nothing=1"), ("unknown_field", "nothing")),
        (("list", "proposal", "--where", "year=năm nay"), ("bad_value", "year")),
        (("list", "proposal", "--where", "state=lost"), ("unknown_state", "state")),
        (("list", "proposal", "--where", "budget=1"), ("not_filterable", "budget")),
        (("list", "proposal", "--where", "year"), ("bad_pair", "")),
        (("add", "proposal", "=x"), ("bad_pair", "")),
        (("export", "a.xlsx"), ("nothing_to_export", "")),
        (("inspect", "nothing.xlsx"), ("no_file", "")),
    ],
    ids=lambda value: " ".join(map(str, value)),
)
def test_what_is_not_there_is_refused(refused, arguments, expected):
    assert refused(*arguments) == expected


@pytest.mark.parametrize(
    ("pair", "code"),
    [
        ("nothing=1", "unknown_field"),
        ("state=final", "unknown_field"),
        ("total_cost=5", "computed"),
        ("province_note=x", "not_owner"),
        ("year=năm nay", "bad_value"),
        ("starts_on=31/2/2026", "bad_value"),
        ("activity=đi chơi", "bad_value"),
        ("beneficiaries=nobody", "unknown_reference"),
        ("budget=không phải JSON", "bad_value"),
        ("budget=@nothing.json", "bad_file"),
        ("budget=@.", "bad_file"),
    ],
)
def test_a_field_that_cannot_be_set_is_named(run, refused, pair, code):
    id_ = run("add", "proposal", "title=A")["id"]
    assert refused("set", id_, "title=B", pair) == (code, pair.partition("=")[0])
    assert refused("add", "proposal", pair) == (code, pair.partition("=")[0])
    assert run("show", id_)["title"] == "A"
    assert len(run("list", "proposal")) == 1


@pytest.mark.parametrize(
    "content", [b'[{"item": ', b"\xff\xfe", b'{"item": "x"}', b"[1]", b'[{"nothing": 1}]', b"[" * 9999]
)
def test_broken_rows_are_refused(run, refused, tmp_path, content):
    id_ = run("add", "proposal", "title=A")["id"]
    (tmp_path / "rows.json").write_bytes(content)
    code, field = refused("set", id_, f"budget=@{tmp_path / 'rows.json'}")
    assert code in ("bad_file", "bad_value")
    assert field.startswith("budget")


def test_rows_come_from_a_file_and_an_at_sign_can_be_typed(run, tmp_path):
    (tmp_path / "rows.json").write_text('\ufeff[{"item": "Máy", "cost": "1,5 tỷ"}]', encoding="utf-8")
    id_ = run("add", "proposal", f"budget=@{tmp_path / 'rows.json'}", "title=@@ mười đồng")["id"]
    data = run("show", id_)["data"]
    assert (data["title"], data["total_cost"]) == ("@ mười đồng", 1_500_000_000)
    run("set", id_, f"budget/{data['budget'][0]['id']}/cost=7", "title=a=b=c")
    data = run("show", id_)["data"]
    assert (data["title"], data["total_cost"]) == ("a=b=c", 7)
    run("set", id_, "budget=[]", "title=")
    assert run("show", id_)["data"] == {}


def test_a_record_that_is_not_complete_lists_everything(run, say):
    id_ = run("add", "beneficiary", "name=A")["id"]
    error = run("move", id_, "finalise", code=1)["error"]
    assert (error["code"], error["field"]) == ("incomplete", "legal_form")
    assert len(error["problems"]) > 3
    assert error["problems"][0].keys() == {"field", "message"}
    code, lines = say("move", id_, "finalise")
    assert code == 1
    assert lines[1:-1] == [f"  - {problem['message']}" for problem in error["problems"]]
    assert lines[-1] == "Xem: kcdesk help steps"


def test_steps_are_refused_with_a_reason(run, refused):
    id_ = run("add", "beneficiary", *OWNER)["id"]
    assert refused("move", id_, "nonsense") == ("wrong_step", "")
    run("move", id_, "finalise")
    assert refused("set", id_, "name=B") == ("locked", "name")
    assert refused("delete", id_) == ("locked", "")
    assert refused("move", id_, "correct") == ("reason_missing", "reason")
    run("move", id_, "correct", "--reason", "Ghi nhầm tên")
    assert run("show", id_)["revision"] == 2
    assert "Ghi nhầm tên" in run("history", id_)[0]["action"]


def test_attaching_and_printing_refuse_what_they_cannot_take(run, refused, tmp_path):
    id_ = run("add", "proposal", "title=A")["id"]
    assert refused("attach", id_, "attachments", tmp_path / "nothing.txt") == ("file_missing", "")
    assert refused("attach", id_, "title", __file__) == ("not_files", "title")
    assert refused("print", id_, "--document", "minutes_5a", "--pdf", tmp_path / "a.pdf") == ("unknown_document", "")
    visit = run("add", "acceptance", f"proposal={run('add', 'proposal', 'title=Đề án mẫu')['id']}", "site=Xưởng")["id"]
    (tmp_path / "file").write_text("x", encoding="utf-8")
    assert refused("attach", visit, "photos", tmp_path / "file") == ("no_photos", "")
    assert refused("attach", visit, "photos", tmp_path / "file", "--row", "checklist/x") == ("no_such_row", "")
    assert refused("print", visit, "--document", "minutes_5a", "--pdf", tmp_path / "file" / "a.pdf")
    assert refused("export", tmp_path / "file" / "a.xlsx")
    assert run("list", "acceptance")


# -- stores ------------------------------------------------------------------------------------------------------


def refusal(capsys, *arguments):
    """The code of a refusal without a fixed store."""
    capsys.readouterr()
    assert main(["--json", *map(str, arguments)]) == 1
    return json.loads(capsys.readouterr().out)["error"]["code"]


def test_init_makes_a_store_once(tmp_path, capsys):
    folder = tmp_path / "new" / "store"
    assert main([*INIT, "--practice", "--json", "--store", str(folder)]) == 0
    made = json.loads(capsys.readouterr().out)
    assert (made["store"], made["practice"], made["recovery_code"]) == (str(folder), True, "")
    assert refusal(capsys, "--store", folder, *INIT, "--practice") == "store_exists"
    (tmp_path / "file").write_text("x", encoding="utf-8")
    assert refusal(capsys, "--store", tmp_path / "file", *INIT, "--practice") == "not_a_folder"
    assert refusal(capsys, "--store", tmp_path / "file" / "under", *INIT, "--practice") == "disk_error"
    assert refusal(capsys, "--store", tmp_path / "other", *INIT) == "weak_passphrase"


def test_a_store_is_found_without_being_named(capsys, tmp_path, monkeypatch, made):
    assert refusal(capsys, "list", "proposal") == "no_store"
    shutil.copytree(made, paths.default_store())
    assert main(["list", "proposal"]) == 0
    monkeypatch.setattr(paths, "program_folder", lambda: tmp_path)
    (tmp_path / "kcdesk-data").mkdir()
    assert refusal(capsys, "list", "proposal") == "no_store"


def test_a_real_store_wants_its_passphrase(capsys, tmp_path, monkeypatch):
    store = ["--store", str(tmp_path / "real")]
    monkeypatch.setenv("KCDESK_PASSPHRASE", "một câu dễ nhớ")
    assert main([*store, *INIT]) == 0
    assert "Mã khôi phục" in capsys.readouterr().out
    assert main([*store, "add", "beneficiary", "name=Bí mật"]) == 0
    for wrong in ("sai", ""):
        monkeypatch.setenv("KCDESK_PASSPHRASE", wrong)
        assert refusal(capsys, *store, "list", "beneficiary") == "wrong_passphrase"
    monkeypatch.delenv("KCDESK_PASSPHRASE")
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert refusal(capsys, *store, "list", "beneficiary") == "wrong_passphrase"


def test_real_data_leave_only_with_a_word_about_the_password(capsys, tmp_path, monkeypatch):
    store = ["--json", "--store", str(tmp_path / "real")]
    monkeypatch.setenv("KCDESK_PASSPHRASE", "một câu dễ nhớ")
    main([*store, *INIT])
    main([*store, "add", "beneficiary", "name=A"])
    path = tmp_path / "a.xlsx"
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert refusal(capsys, *store, "export", path) == "password_missing"
    assert not path.exists()

    def inspected():
        capsys.readouterr()
        assert main([*store, "inspect", str(path)]) == 0
        return json.loads(capsys.readouterr().out)["status"]

    for weak in ("12345678", "password", "mật khẩu", "ngắn"):
        monkeypatch.setenv("KCDESK_PACKAGE_PASSWORD", weak)
        assert main([*store, "export", str(path)]) == 1
        assert not path.exists()
    monkeypatch.setenv("KCDESK_PACKAGE_PASSWORD", "mật khẩu gói")
    assert main([*store, "export", str(path)]) == 0
    assert inspected() == "authentic"
    monkeypatch.setenv("KCDESK_PACKAGE_PASSWORD", "sai")
    assert inspected() == "locked"
    monkeypatch.delenv("KCDESK_PACKAGE_PASSWORD")
    assert inspected() == "locked"
    monkeypatch.setenv("KCDESK_PACKAGE_PASSWORD", "")
    assert main([*store, "export", str(path)]) == 0
    assert inspected() == "authentic"
    load_workbook(path)


def test_stores_that_are_not_ours_are_left_alone(capsys, store, tmp_path):
    path = store / "kcdesk.db"
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA user_version = 9999")
    connection.close()
    assert refusal(capsys, "--store", store, "list", "proposal") == "newer_store"
    path.write_bytes(b"x" * 4096)
    assert refusal(capsys, "--store", store, "list", "proposal") == "damaged_store"
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    with closing(sqlite3.connect(foreign / "kcdesk.db")) as connection, connection:
        connection.execute("CREATE TABLE t (x)")
    connection.close()
    before = (foreign / "kcdesk.db").read_bytes()
    assert refusal(capsys, "--store", foreign, "add", "beneficiary", "name=A") == "foreign_store"
    assert (foreign / "kcdesk.db").read_bytes() == before


def test_a_package_can_be_looked_at_without_a_store(run, capsys, tmp_path):
    run("add", "beneficiary", "name=A")
    run("export", tmp_path / "a.xlsx")
    assert main(["--json", "--store", str(tmp_path / "none"), "inspect", str(tmp_path / "a.xlsx")]) == 0
    assert json.loads(capsys.readouterr().out)["status"] == "unknown_sender"
    (tmp_path / "b.xlsx").write_text("x", encoding="utf-8")
    assert run("inspect", tmp_path / "b.xlsx")["status"] == "foreign"


def test_an_unsound_store_is_an_error_for_a_script(run, store, say):
    run("add", "beneficiary", "name=A")
    with closing(sqlite3.connect(store / "kcdesk.db")) as connection, connection:
        for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute("UPDATE act SET officer = 'Người khác'")
    connection.close()
    found = run("check", code=1)
    assert (found["sound"], found["error"]["code"]) == (False, "unsound")
    code, lines = say("check")
    assert (code, len(lines)) == (1, 1 + len(found["problems"]))


# -- usage and words ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["add"],
        ["add", "proposal"],
        ["set", "x"],
        ["list"],
        ["list", "proposal", "--limit", "-1"],
        ["list", "proposal", "--limit", "0"],
        ["list", "proposal", "--limit", "nhiều"],
        ["list", "proposal", "--limit", "9" * 30],
        ["list", "proposal", "--limit"],
        ["undo", "0"],
        ["undo", "-1"],
        ["undo", "một"],
        ["print", "x"],
        ["show"],
        ["attach", "x", "files"],
        ["init", "--practice"],
        [*INIT[:-2], "--practice"],
        ["init", *IDENTITY, "--officer", "A", "--level", "central"],
        ["list", "proposal", "--nonsense"],
    ],
    ids=" ".join,
)
def test_wrong_usage_is_code_2_in_vietnamese(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    printed = capsys.readouterr()
    assert (ended.value.code, printed.out) == (2, "")
    assert printed.err.startswith("cách dùng: kcdesk")
    assert "Lệnh chưa đúng: " in printed.err
    assert printed.err.rstrip().endswith("kcdesk help command_line")
    assert "argument" not in printed.err


@pytest.mark.parametrize("command", commands())
def test_an_option_that_a_command_lacks_is_told_with_the_usage_of_the_command(command, capsys):
    needed = ["x"] * sum(1 for name, details in commands()[command] if _is_needed(name, details))
    with pytest.raises(SystemExit) as ended:
        main([command, *needed, "--jsno"])
    printed = capsys.readouterr().err
    assert ended.value.code == 2
    assert printed.startswith(f"cách dùng: kcdesk {command} ")
    assert f"Xem: kcdesk {command} --help" in printed


def _is_needed(name, details):
    return not name.startswith("-") and details.get("nargs") not in ("*", "?")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--dry-rum"], "lệnh load không có tuỳ chọn --dry-rum, gần nhất là «--dry-run»"),
        (["--nonsense", "1"], "lệnh load không có tuỳ chọn --nonsense"),
        (["more.xlsx"], "thừa more.xlsx"),
    ],
    ids=["misspelt", "unknown", "too many"],
)
def test_what_a_command_does_not_know_is_told_in_a_sentence(words, told, capsys):
    with pytest.raises(SystemExit):
        main(["load", "beneficiary", "so.xlsx", *words])
    assert f"Lệnh chưa đúng: {told}.\n" in capsys.readouterr().err


def test_a_refused_word_names_the_nearest_in_place_of_all(capsys):
    with pytest.raises(SystemExit):
        main(["lst"])
    printed = capsys.readouterr().err
    assert "không có lựa chọn 'lst', gần nhất là «list»" in printed
    assert "word-check" not in printed.partition("Lệnh chưa đúng")[2], "not a page of commands"


def test_help_is_vietnamese_and_names_every_command(capsys):
    for arguments in (["--help"], ["export", "--help"]):
        with pytest.raises(SystemExit) as ended:
            main(arguments)
        printed = capsys.readouterr().out
        assert ended.value.code == 0
        assert not [word for word in ("usage", "options", "arguments", "show this") if word in printed]
    with pytest.raises(SystemExit):
        main(["--help"])
    printed = capsys.readouterr().out
    commands = "demo init add set show list move delete undo history attach print export inspect check"
    assert [name for name in commands.split() if f"    {name} " not in printed] == []


def test_options_stand_before_or_after_the_command(store, capsys):
    for arguments in (
        ["--json", "--store", str(store), "list", "proposal"],
        ["list", "--json", "--store", str(store), "proposal"],
        ["list", "proposal", "--store", str(store), "--json"],
        ["--store", str(store), "list", "proposal", "--json"],
    ):
        assert main(arguments) == 0
        assert json.loads(capsys.readouterr().out) == []


def test_results_are_said_in_vietnamese(say, run, tmp_path):
    code, (action, id_) = say("add", "proposal", "title=Máy sấy", "programme=local", 'budget=[{"item":"Máy","cost":5}]')
    assert (code, action) == (0, "Lập đề án")
    assert say("set", id_, "title=Máy sấy") == (0, ["Không có gì thay đổi."])
    _, lines = say("show", id_)
    assert lines[0] == "Máy sấy  [Đang soạn]"
    assert "  Nguồn kinh phí: Khuyến công địa phương" in lines
    assert "  Tổng kinh phí: 5 đồng" in lines
    assert any(line.startswith("  ! ") for line in lines)
    assert say("list", "proposal")[1] == [f"{id_}  {'Đang soạn':<15}  Máy sấy", "1 hồ sơ"]
    act, *fields = say("history", id_)[1]
    assert "Nguyễn Thị Mẫu  [Máy này]  Lập đề án: " in act
    assert any("Tên đề án" in field and "Máy sấy" in field for field in fields)
    assert say("undo") == (0, ["Hoàn tác: Lập đề án", id_])
    assert say("undo") == (1, ["Không còn việc nào để hoàn tác.", "Xem: kcdesk help undo"])
    year = ["year: Năm phải có bốn chữ số, ví dụ 2026.", "Xem: kcdesk help values"]
    assert say("add", "proposal", "year=26") == (1, year)
    assert say("check") == (0, ["Kho dữ liệu nguyên vẹn."])
    run("add", "beneficiary", "name=A")
    _, lines = say("export", tmp_path / "a.xlsx", "--period", "2026-Q1")
    assert lines[0] == f"Đã kết xuất 1 hồ sơ, quý I/2026: {tmp_path / 'a.xlsx'}"
    _, lines = say("inspect", tmp_path / "a.xlsx")
    assert lines[0].startswith("Gói nguyên vẹn")
    assert lines[1] == "Đơn vị gửi: TTKC"
    visit = run("add", "acceptance", f"proposal={run('add', 'proposal', 'title=Đề án mẫu')['id']}", "site=Xưởng")["id"]
    _, (line,) = say("print", visit, "--document", "minutes_5a", "--pdf", tmp_path / "a.pdf")
    assert line.startswith("Đã in ")


def test_odd_text_is_kept_clean(run):
    odd = "title=A & B <i> =1+1 🙂 \x07 cộng hoà \udce9"
    id_ = run("add", "proposal", odd)["id"]
    assert run("show", id_)["title"] == "A & B <i> =1+1 🙂 cộng hoà"


def test_a_demo_is_not_played_over_other_peoples_files(capsys, tmp_path):
    (tmp_path / "luận văn.docx").write_text("x", encoding="utf-8")
    assert refusal(capsys, "demo", "--no-window", "--out", tmp_path) == "folder_not_empty"
    assert [path.name for path in tmp_path.iterdir()] == ["luận văn.docx"]


# -- as a program of its own -------------------------------------------------------------------------------------


def program(*arguments, **environment):
    """`python -m kcdesk` in a process of its own, on a terminal that speaks ASCII."""
    return subprocess.run(
        [sys.executable, "-m", "kcdesk", *map(str, arguments)],
        capture_output=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONIOENCODING": "ascii", **environment},
        stdin=subprocess.DEVNULL,
        check=False,
    )


def test_the_program_speaks_utf8_and_ends_with_its_code(store):
    done = program("--store", store, "add", "beneficiary", "name=Cơ sở Mẫu")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode("utf-8").startswith("Thêm đơn vị thụ hưởng")
    listed = program("--store", store, "--json", "list", "beneficiary")
    assert [record["title"] for record in json.loads(listed.stdout)] == ["Cơ sở Mẫu"]
    refused = program("--store", store, "show", "nothing")
    assert (refused.returncode, refused.stdout) == (1, b"")
    assert refused.stderr.decode("utf-8").startswith("Không tìm thấy hồ sơ")


def test_the_program_takes_the_passphrase_from_its_environment(tmp_path, monkeypatch):
    folder = tmp_path / "real"
    assert program("--store", folder, *INIT, KCDESK_PASSPHRASE="một câu dễ nhớ").returncode == 0
    check = ["--store", str(folder), "check"]
    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert main(check) == 1
    for passphrase, code in (("câu khác", 1), ("một câu dễ nhớ", 0)):
        monkeypatch.setenv("KCDESK_PASSPHRASE", passphrase)
        assert main(check) == code


@pytest.mark.skipif(not IS_LONG, reason="the long run; the workflow runs the command itself beside the tests")
def test_the_demo_leaves_its_papers_its_package_and_pictures(tmp_path):
    """Twice, as on a second look: an earlier demo is replaced."""
    out = tmp_path / "demo"
    (out / "screens").mkdir(parents=True)
    (out / "minutes.pdf").write_text("old", encoding="utf-8")
    done = program("demo", "--no-window", "--out", out, PYTHONIOENCODING="utf-8")
    assert done.returncode == 0, done.stderr.decode()
    printed = [Path(line) for line in done.stdout.decode().splitlines()]
    assert {"minutes.pdf", "package.xlsx", "receipt.xlsx", "store", "province"} <= {path.name for path in printed}
    assert all(path.exists() for path in printed)
    assert (out / "minutes.pdf").read_bytes().startswith(b"%PDF-")
    assert {"report.pdf", "report.xlsx"} <= {path.name for path in printed}
    assert "Khuyến công địa phương" in preview.page_text(out / "report.pdf", 0)
    assert [path for path in printed if path.parent.name == "screens"] == sorted((out / "screens").glob("*.png"))
    inspected = program("--json", "--store", out / "store", "inspect", out / "package.xlsx")
    assert json.loads(inspected.stdout)["status"] == "authentic"


# -- the hand-off ------------------------------------------------------------------------------------------------


@pytest.fixture
def offices(tmp_path, monkeypatch, capsys):
    """Two practice stores, a unit's and its province's, and a way to command each."""
    monkeypatch.setenv("KCDESK_PACKAGE_PASSWORD", "")
    for code, level in (("TTKC", "lower"), ("SCT", "province")):
        arguments = ["init", "--unit", f"Đơn vị {code}", "--code", code, "--level", level, "--province", "Lạng Sơn"]
        assert main(["--store", str(tmp_path / code), *arguments, "--officer", "Mẫu", "--practice"]) == 0
    capsys.readouterr()

    def command(code, *arguments, expected=0):
        assert main(["--store", str(tmp_path / code), "--json", *map(str, arguments)]) == expected
        return json.loads(capsys.readouterr().out)

    return command


def test_decisions_of_a_receipt_are_made_and_amended_by_commands(offices, tmp_path):
    id_ = offices("TTKC", "add", "proposal", "title=Máy cưa")["id"]
    package = offices("TTKC", "export", tmp_path / "1.xlsx", "--to", "SCT", "--period", "2026-Q1")["package"]
    offices("SCT", "import", tmp_path / "1.xlsx", "--trust")
    early = offices("SCT", "decide", package, id_, "approved", "--support", "900 tr")
    assert (early["support"], early["missing"]) == ("900.000.000", "Đề án đang «Đang soạn», đơn vị chưa gửi thẩm định.")
    assert offices("SCT", "receipt", package, tmp_path / "r.xlsx", expected=1)["error"]["code"] == "incomplete"
    assert offices("SCT", "decide", package, id_, "returned", "--reason", "budget=Thiếu báo giá")["missing"] == ""
    made = offices("SCT", "receipt", package, tmp_path / "r.xlsx")
    assert (made["results"], made["undecided"]) == ({"returned": 1}, [])
    assert offices("SCT", "decide", package, id_, "received", expected=1)["error"]["code"] == "sent"


def test_a_hand_off_and_its_answer_from_the_command_line(offices, tmp_path, capsys):
    stick = tmp_path / "stick"
    stick.mkdir()
    id_ = offices("TTKC", "add", "proposal", "title=Máy cưa")["id"]
    package = offices("TTKC", "export", stick / "1.xlsx", "--to", "SCT", "--period", "2026-Q1")["package"]
    assert offices("SCT", "import", stick / "1.xlsx", expected=1)["error"]["code"] == "unknown_sender"
    looked = offices("SCT", "import", stick / "1.xlsx", "--dry-run", "--trust")
    assert (looked["status"], looked["rows"]["new"], looked["applied"]) == ("unknown_sender", 1, False)
    taken = offices("SCT", "import", stick / "1.xlsx", "--trust")
    assert (taken["rows"]["new"], taken["applied"], taken["package"]) == (1, True, package)
    assert offices("SCT", "import", stick / "1.xlsx")["rows"]["same"] == 1
    assert [line["package"] for line in offices("SCT", "packages")] == [package]
    answer = offices("SCT", "receipt", package, stick / "r.xlsx", "--return", f"{id_}/budget=Thiếu báo giá")
    assert answer["results"] == {"returned": 1}
    card = offices("SCT", "identity", stick / "sct.xlsx")
    assert offices("TTKC", "trust", stick / "sct.xlsx")["fingerprint"] == card["fingerprint"]
    assert [key["unit"] for key in offices("TTKC", "trust")] == ["SCT"]
    assert offices("TTKC", "import", stick / "r.xlsx")["answers"] == package
    assert offices("SCT", "undo-import", package)["changes"][0]["id"] == id_
    assert offices("SCT", "undo-import", package, expected=1)["error"]["code"] == "undone"
    assert offices("TTKC", "trust", "--withdraw", card["fingerprint"], "--reason", "Mất máy")["trusted"] is False
    for arguments in (["packages"], ["trust"], ["import", str(stick / "1.xlsx")], ["identity", str(stick / "x.xlsx")]):
        assert main(["--store", str(tmp_path / "SCT"), *arguments]) == 0
        assert capsys.readouterr().out.strip()


def test_a_folder_of_packages_and_who_is_late_from_the_command_line(offices, tmp_path, capsys):
    stick = tmp_path / "stick"
    stick.mkdir()
    offices("TTKC", "identity", tmp_path / "ttkc.xlsx")
    offices("SCT", "trust", tmp_path / "ttkc.xlsx")
    offices("TTKC", "add", "proposal", "title=Máy cưa")
    offices("TTKC", "export", stick / "1.xlsx", "--to", "SCT", "--period", "2026-01")
    looked = offices("SCT", "collect", stick, "--dry-run")
    assert [(file["file"], file["acceptable"], file["applied"]) for file in looked["files"]] == [
        ("1.xlsx", True, False)
    ]
    assert not offices("SCT", "late", "--period", "2026-01")["units"][0]["late"], "known only since then"
    late = offices("SCT", "late", "--period", "2026-01", "--due", "1/2/2026", "--pdf", tmp_path / "late.pdf")
    assert [(unit["unit"], unit["late"]) for unit in late["units"]] == [("TTKC", True)]
    assert (tmp_path / "late.pdf").read_bytes().startswith(b"%PDF")
    assert offices("SCT", "collect", stick)["applied"]
    assert not offices("SCT", "late", "--period", "2026-01")["units"][0]["late"]
    assert offices("SCT", "late", "--due", "31/2/2026", expected=1)["error"]["code"] == "bad_value"
    for arguments in (["collect", str(stick)], ["late", "--pdf", str(tmp_path / "late.pdf")]):
        assert main(["--store", str(tmp_path / "SCT"), *arguments]) == 0
        assert capsys.readouterr().out.strip()


def test_decisions_and_the_paper_of_a_package_from_the_command_line(offices, tmp_path, capsys):
    id_ = offices("TTKC", "add", "proposal", "title=Máy cưa")["id"]
    package = offices("TTKC", "export", tmp_path / "1.xlsx", "--to", "SCT", "--period", "2026-01")["package"]
    made = offices("TTKC", "decision-workbook", package, tmp_path / "d.xlsx")
    assert made["records"] == 1
    looked = offices("TTKC", "import", tmp_path / "d.xlsx", "--accept-edits")
    assert (looked["applied"], looked["rows"]["same"]) == (False, 1)
    paper = offices("TTKC", "handover-record", package, "--pdf", tmp_path / "h.pdf", "--docx", tmp_path / "h.docx")
    assert paper["docx"].endswith("h.docx")
    assert offices("TTKC", "renew-device")["before"]
    assert offices("TTKC", "history", id_)
    for arguments in (["decision-workbook", package, str(tmp_path / "e.xlsx")], ["renew-device"]):
        assert main(["--store", str(tmp_path / "TTKC"), *arguments]) == 0
        assert capsys.readouterr().out.strip()


def test_a_receipt_with_a_file_from_the_command_line(offices, tmp_path, capsys):
    offices("TTKC", "add", "proposal", "title=Máy cưa")
    package = offices("TTKC", "export", tmp_path / "1.xlsx", "--to", "SCT", "--period", "2026-01")["package"]
    offices("SCT", "import", tmp_path / "1.xlsx", "--trust")
    (tmp_path / "letter.pdf").write_bytes(b"%PDF letter")
    made = offices("SCT", "receipt", package, tmp_path / "r.xlsx", "--enclose", tmp_path / "letter.pdf")
    offices("TTKC", "import", tmp_path / "r.xlsx", "--trust")
    (tmp_path / "out").mkdir()
    found = offices("TTKC", "answers", made["package"], "--save", tmp_path / "out")
    assert [line["result"] for line in found["lines"]] == ["received"]
    assert (tmp_path / "out" / "letter.pdf").read_bytes() == b"%PDF letter"
    assert main(["--store", str(tmp_path / "TTKC"), "answers", made["package"]]) == 0
    assert "letter.pdf" in capsys.readouterr().out


@pytest.mark.parametrize(("arguments", "store"), [((), None), (("--store", "kho"), "kho"), (("--json",), None)])
def test_without_a_command_the_window_is_asked_for(arguments, store):
    options = options_of_window(arguments)
    assert (options.run, options.store) == (window, store)


@pytest.mark.parametrize(
    "arguments", [("gói.xlsx",), ("open", "gói.xlsx"), ("--store", "kho", "E:/gói"), ("open", "gói")]
)
def test_a_file_is_opened_in_the_window(arguments):
    options = options_of_window(arguments)
    assert (options.run, options.file) == (window, arguments[-1])


OTHERS = (("init",), ("--store", "kho", "list"), ("--store",), ("-h",), ("--khac",), ("open",), ("open", "-h"))


@pytest.mark.parametrize("arguments", [*OTHERS, ("inspect", "gói.xlsx"), ("a.xlsx", "b.xlsx")])
def test_every_other_line_is_read_by_the_grammar_of_the_commands(arguments):
    assert options_of_window(arguments) is None


def test_the_window_does_not_wait_for_the_commands():
    program = "import sys, kcdesk.cli.program; print([name for name in sys.modules if 'kcdesk.services' in name])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

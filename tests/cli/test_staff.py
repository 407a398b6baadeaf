"""Offices, officers and handing over on the command line."""

import json

import pytest

from kcdesk.cli.program import main
from kcdesk.errors import UserError
from kcdesk.services.maintenance import backup_copies, opening, outside_copies
from kcdesk.services.maintenance.opening import NewStore
from kcdesk.services.records import changing
from tests.cli.test_plans_and_deadlines import run

__all__ = ["run"]

OFFICE = {"unit": "Trung tâm A", "code": "TT-A", "level": "lower", "province": "20", "officer": "Nguyễn Văn An"}


@pytest.fixture
def office(run):
    """An office, two officers and two open proposals of the first."""
    top = run("add", "office", "name=Sở Công Thương mẫu", "level=province")["id"]
    old = run("add", "office", "name=Phòng Kinh tế huyện", "level=district", f"above={top}", "valid_to=30/6/2025")["id"]
    giver = run("add", "staff", "name=Cán bộ Mẫu Hai", "title=Chuyên viên", f"office={top}")["id"]
    receiver = run("add", "staff", "name=Cán bộ Mẫu Bốn", f"office={top}")["id"]
    dossiers = [run("add", "proposal", f"title=Đề án {n}", f"handler={giver}")["id"] for n in ("một", "hai")]
    return {"top": top, "old": old, "giver": giver, "receiver": receiver, "dossiers": dossiers}


def test_the_tree_of_a_day(run, office):
    assert [line["id"] for line in run("offices", "--on", "30/6/2025")] == [office["top"], office["old"]]
    assert [(line["id"], line["people"], line["dossiers"]) for line in run("offices")] == [(office["top"], 2, 2)]
    told = run("offices", "--on", "30/6/2025", as_json=False)
    assert "    Phòng Kinh tế huyện (Cấp huyện; đến 30/6/2025; 0 cán bộ; 0 đề án đang làm)" in told


def test_work_is_looked_at_handed_over_printed_and_taken_back(run, office, tmp_path):
    arguments = ("hand-over", "--from", "can bo mau hai", "--to", office["receiver"], "--reason", "move")
    looked = run(*arguments, "--dry-run", "--pdf", tmp_path / "thu.pdf")
    assert len(looked["dossiers"]) == 2
    assert run("staff", "--name", office["giver"])["dossiers"]
    made = run(*arguments, "--pdf", tmp_path / "bien-ban.pdf")
    assert made["pages"] == 1
    assert (tmp_path / "bien-ban.pdf").stat().st_size
    assert {one["id"] for one in run("staff", "--name", office["receiver"])["dossiers"]} == set(office["dossiers"])
    run("undo")
    assert {one["id"] for one in run("staff", "--name", office["giver"])["dossiers"]} == set(office["dossiers"])


def test_what_cannot_be_is_refused(run, office):
    loop = run("set", office["top"], f"above={office['old']}", code=1)
    assert loop["error"]["code"] == "loop"
    assert run("offices", "--on", "31/2/2025", code=1)["error"]["code"] == "bad_date"
    assert run("staff", "--name", "Không có ai", code=1)["error"]["code"] == "not_found"
    run("set", office["receiver"], "serves_to=1/1/2026")
    refused = run("hand-over", "--from", office["giver"], "--to", office["receiver"], "--reason", "move", code=1)
    assert refused["error"]["problems"][0]["field"] == "to_staff"


@pytest.mark.usefixtures("office")
def test_what_nobody_is_in_charge_of_is_assigned(run):
    stray = run("add", "proposal", "title=Đề án chưa giao")["id"]
    assert [one["id"] for one in run("staff", "--unassigned")["dossiers"]] == [stray]
    run("assign", "Cán bộ Mẫu Bốn", stray)
    assert run("staff", "--unassigned")["dossiers"] == []
    assert "Cán bộ Mẫu Bốn" in run("staff", as_json=False)


def test_an_officer_leaves_once_the_work_is_with_another(run, office):
    refused = run("leave", "can bo mau hai", "--on", "31/3/2026", code=1)
    assert (refused["error"]["code"], refused["error"]["field"]) == ("open_work", "serves_to")
    left = run("leave", "can bo mau hai", "--to", office["receiver"], "--on", "31/3/2026")
    assert (left["officer"], left["handed"], left["serves_to"]) == (office["giver"], 2, "2026-03-31")
    assert {one["id"] for one in run("staff", "--name", office["receiver"])["dossiers"]} == set(office["dossiers"])
    assert run("show", office["giver"])["data"]["serves_to"] == "2026-03-31"
    assert run("leave", office["receiver"], "--on", "32/3/2026", code=1)["error"]["code"] == "bad_date"


def test_whoever_leaves_a_real_store_no_longer_opens_it(tmp_path, monkeypatch, capsys):
    old, new = "một câu dễ nhớ", "bảy cây cầu nhỏ"
    monkeypatch.setenv("KCDESK_PASSPHRASE", old)
    folder = tmp_path / "real"
    code = opening.create(folder, NewStore(**OFFICE, practice=False, passphrase=old))["recovery_code"]
    workspace = opening.open_workspace(folder, old)
    officer = changing.add(workspace, "staff", {"name": "Nguyễn Văn An"}).items[0].id
    outside_copies.choose_for_closing(workspace, tmp_path)
    backup_copies.back_up(workspace)
    workspace.close()
    monkeypatch.setenv("KCDESK_NEW_PASSPHRASE", "12345678")
    assert main(["--json", "--store", str(folder), "leave", officer]) == 1
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "weak_passphrase"
    monkeypatch.setenv("KCDESK_NEW_PASSPHRASE", new)
    assert main(["--json", "--store", str(folder), "leave", officer]) == 0
    left = json.loads(capsys.readouterr().out)
    assert [str(tmp_path) in way for way in left["ways_in"]].count(True) == 1
    assert any("bản sao lưu cạnh kho" in way for way in left["ways_in"])
    assert left["old_copies"]
    for secret in (old, code):
        with pytest.raises(UserError, match="chưa đúng"):
            opening.open_workspace(folder, secret)
    workspace = opening.open_workspace(folder, new)
    acts = [act.action for act in workspace.store.acts()]
    assert any("Nguyễn Văn An thôi việc sau ngày" in action for action in acts)
    assert any(action.startswith("Đổi mật khẩu") for action in acts)
    workspace.close()

"""Offices, officers and handing over on the command line."""

import pytest

from tests.cli.test_plans_and_deadlines import run

__all__ = ["run"]


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

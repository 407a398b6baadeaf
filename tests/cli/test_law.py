"""`kcdesk law`, and the cautions of `ceiling` and `rules-for`."""

import json
from datetime import date

import pytest

from kcdesk.cli import main


@pytest.fixture
def run(capsys, tmp_path):
    def run(*words, code=0):
        assert main(["--store", str(tmp_path / "store"), *words, "--json"]) == code
        return json.loads(capsys.readouterr().out)

    return run


def test_the_register_says_of_each_instrument_who_read_it_and_how_often_it_is_cited(run):
    by_id = {entry["id"]: entry for entry in run("law")}
    circular = by_id["TT 36/2013/TT-BCT"]
    assert (circular["issued_on"], circular["effective_from"], circular["reading"]) == (
        "2013-12-27",
        "2014-02-10",
        "whole",
    )
    assert circular["cited"] > 500
    assert [change["instrument"] for change in circular["changed_by"]] == ["TT 17/2018/TT-BCT", "TT 66/2026/TT-BCT"]
    unread = by_id["TT 139/2026/TT-BTC"]
    assert (unread["effective_from"], unread["reading_label"]) == (None, "biết qua văn bản khác dẫn lại")
    assert unread["replaces"] == ["TT 28/2018/TT-BTC"]


def test_one_instrument_has_the_places_that_cite_it(run):
    entry = run("law", "Thông tư số 64/2024/TT-BTC")
    assert (entry["id"], entry["cited"], entry["citations"]) == ("TT 64/2024/TT-BTC", 0, [])
    entry = run("law", "NĐ 139/2025/NĐ-CP")
    assert {place["file"] for place in entry["citations"]} == {"office.toml"}
    assert entry["cited"] == len(entry["citations"]) == 3


def test_an_instrument_that_is_not_there_is_refused_with_the_nearest(run):
    error = run("law", "TT 28/2019/TT-BTC", code=1)["error"]
    assert error["code"] == "no_instrument"
    assert "“TT 28/2018/TT-BTC”" in error["message"]


def _ceiling(run, on):
    return run("ceiling", "--programme", "national", "--activity", "machinery", "--on", on, "--cost", "900000000")


def test_a_ceiling_carries_its_cautions_from_their_day_on(run):
    before, after = _ceiling(run, "2026-09-24"), _ceiling(run, "2026-09-25")
    assert [caution["instrument"] for caution in before["cautions"]] == ["TT 64/2024/TT-BTC"]
    assert after["cautions"][-1] == {
        "instrument": "TT 139/2026/TT-BTC",
        "text": "Theo TT 28/2018/TT-BTC; TT 139/2026/TT-BTC đã ban hành, chưa đối chiếu.",
        "from": "2026-09-25",
    }
    assert {**before, "cautions": []} == {**after, "cautions": []}, "before that day nothing changes"
    assert _ceiling(run, "2019-01-01")["cautions"] == []


def test_the_rules_of_a_dossier_carry_the_cautions_of_the_day_that_governs_it(run):
    office = ("--unit", "Trung tâm mẫu", "--code", "TT", "--level", "lower", "--province", "Cần Thơ", "--officer", "A")
    run("init", *office, "--practice")
    values = ("title=Máy", "programme=national", "scheme=single", "activity=machinery", "year=2026")
    created = run("add", "proposal", *values)
    id_ = created["id"] if "id" in created else created["items"][0]["id"]
    groups = run("rules-for", id_)
    [ceiling] = [group for group in groups if group["label"] == "Mức hỗ trợ tối đa"]
    assert date.fromisoformat(ceiling["on"]) >= date(2026, 11, 30)
    named = {caution["instrument"] for caution in ceiling["cautions"]}
    assert {"TT 64/2024/TT-BTC", "TT 139/2026/TT-BTC"} <= named
    cited = [line for line in ceiling["lines"] if line["source"].startswith("Khoản 4 Điều 8 TT 28/2018")]
    assert cited
    for line in cited:
        assert {caution["instrument"] for caution in line["cautions"]} == named
        assert line["proof"] == "second_hand"


def test_two_officers_tick_a_text_and_take_it_back(run):
    office = ("--unit", "Sở mẫu", "--code", "SCT", "--level", "province", "--province", "Cần Thơ", "--officer", "A")
    run("init", *office, "--practice")
    run("add", "staff", "name=Trần Văn Bình")
    number = "TT 28/2018/TT-BTC"
    entry = run("law", number, "--tick", "Đọc Công báo", "--articles", "Khoản 4 Điều 8")
    assert [(check["articles"], check["complete"]) for check in entry["checks"]] == [("Khoản 4 Điều 8", False)]
    assert run("law", number, "--confirm", "Đọc lại", code=1)["error"]["code"] == "same_person"
    entry = run("law", number, "--confirm", "Đọc lại", "--officer", "Trần Văn Bình")
    assert entry["checks"][0]["confirmed_by"] == "Trần Văn Bình (Sở mẫu)"
    assert run("law", number)["checks"] == entry["checks"], "the register of the store, not only of the files"
    assert run("law", number, "--take-back", "Nhầm")["checks"] == []
    assert run("law", number, "--take-back", "Nhầm", code=1)["error"]["code"] == "not_found"


def test_what_was_compared_is_signed(run, tmp_path):
    office = ("--unit", "Sở mẫu", "--code", "SCT", "--level", "province", "--province", "Cần Thơ", "--officer", "A")
    run("init", *office, "--practice")
    assert run("pack-law", str(tmp_path / "x.xlsx"), code=1)["error"]["code"] == "no_rules"
    run("law", "TT 28/2018/TT-BTC", "--tick", "Đọc Công báo")
    assert run("pack-law", str(tmp_path / "x.xlsx"))["files"] == 1

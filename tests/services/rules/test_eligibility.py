"""Eligibility before and from 15 October 2025, line by line; and what is wrong in a file of rules."""

from datetime import date, timedelta

import pytest

from kcdesk import paths
from kcdesk.formdef.loading.loader import FormsError
from kcdesk.formdef.regulations import eligibility as rules
from kcdesk.services.rules import eligibility
from tests.services.samples import beneficiary, new

BEFORE, FROM = date(2025, 10, 14), date(2025, 10, 15)


@pytest.fixture
def judged(workspace):
    """What the rules say of a made-up beneficiary: label to (status, source)."""

    def judge(on, activity="", **values):
        record = workspace.store.record(beneficiary(workspace, **values))
        found = eligibility.explain(workspace, record, [activity] if activity else [], on)
        assert all(line.text and line.source for line in found)
        return {line.label: line for line in found}

    return judge


@pytest.mark.parametrize(
    ("territory", "before", "after"),
    [
        ("commune", "ok", "ok"),
        ("provincial_ward", "fail", "ok"),
        ("special_zone", "fail", "ok"),
        ("craft_village", "fail", "ok"),
        ("city_ward", "fail", "fail"),
        ("township", "ok", "fail"),
        ("town_ward", "ok", "fail"),
        ("class_2_3_ward", "ok", "fail"),
        ("converted_ward", "ok", "fail"),
    ],
)
def test_the_territory_changes_with_the_decree_of_2025(judged, territory, before, after):
    assert judged(BEFORE, territory=territory)["Địa bàn"].status == before
    assert judged(FROM, territory=territory)["Địa bàn"].status == after


@pytest.mark.parametrize(
    ("values", "before", "after"),
    [
        ({"legal_form": "limited_company"}, "ok", "ok"),
        ({"legal_form": "household_business"}, "ok", "ok"),
        ({"legal_form": "cooperative_union"}, "fail", "ok"),
        ({"legal_form": "other", "legal_form_note": "Nghệ nhân", "artisan": "people"}, "fail", "ok"),
        ({"legal_form": "other", "legal_form_note": "Chủ đầu tư", "cluster_investor": True}, "fail", "ok"),
        ({"legal_form": "other", "legal_form_note": "Khác", "cleaner_production": True}, "ok", "ok"),
        ({"legal_form": "other", "legal_form_note": "Khác", "sustainable_production": True}, "fail", "ok"),
        ({"legal_form": "other", "legal_form_note": "Khác"}, "fail", "fail"),
    ],
)
def test_the_subjects_change_with_the_decree_of_2025(judged, values, before, after):
    assert judged(BEFORE, **values)["Đối tượng"].status == before
    assert judged(FROM, **values)["Đối tượng"].status == after


def test_every_line_names_the_text_of_its_day(judged):
    assert judged(BEFORE)["Địa bàn"].source == "Điểm a khoản 2 Điều 1 NĐ 45/2012/NĐ-CP"
    assert judged(FROM)["Địa bàn"].source == "Khoản 1 Điều 1 NĐ 235/2025/NĐ-CP"


def test_cleaner_production_knows_no_limit_of_place_or_size(judged):
    big = {"legal_form": "joint_stock_company", "capital": 10**12, "workers": 5_000, "territory": "city_ward"}
    for activity in ("machinery", "cleaner_production_pilot"):
        found = judged(FROM, activity, **big)
        wanted = "fail" if activity == "machinery" else "ok"
        assert (found["Địa bàn"].status, found["Quy mô"].status) == (wanted, wanted)


@pytest.mark.parametrize(
    ("values", "first", "second"),  # up to 10 March 2018; from 11 March 2018, and again from 15 October 2021
    [
        ({"capital": 100_000_000_000}, "ok", "unknown"),
        ({"capital": 100_000_000_001}, "unknown", "unknown"),
        ({"workers": 300}, "ok", "fail"),
        ({"workers": 301}, "unknown", "fail"),
        ({"workers": 200}, "ok", "unknown"),
        ({"workers": 200, "capital": 100_000_000_000}, "ok", "ok"),
        ({"workers": 200, "capital": 100_000_000_001, "revenue": 200_000_000_000}, "ok", "ok"),
        ({"workers": 200, "capital": 100_000_000_001}, "ok", "unknown"),
        ({"workers": 200, "capital": 100_000_000_001, "revenue": 200_000_000_001}, "ok", "fail"),
        ({"capital": 100_000_000_001, "workers": 301}, "fail", "fail"),
        ({"workers": 900, "capital": 50_000_000_000}, "ok", "fail"),
        ({}, "unknown", "unknown"),
    ],
)
def test_the_size_of_an_enterprise_follows_the_text_of_its_day(judged, values, first, second):
    days = {date(2018, 3, 10): (first, True), date(2018, 3, 11): (second, True), date(2021, 10, 14): (second, True)}
    for on, (status, unverified) in (days | {date(2021, 10, 15): (second, False)}).items():
        line = judged(on, legal_form="limited_company", **values)["Quy mô"]
        assert (line.status, line.unverified) == (status, unverified), on


def test_investors_of_clusters_have_no_territory_and_artisans_are_left_to_the_officer(judged):
    ward = {"territory": "city_ward"}
    assert judged(FROM, **ward)["Địa bàn"].status == "fail"
    assert judged(FROM, **ward, cluster_investor=True)["Địa bàn"].status == "ok"
    assert judged(FROM, "cluster_infrastructure", **ward)["Địa bàn"].status == "unknown", "it is asked"
    assert judged(FROM, "cluster_infrastructure", **ward, cluster_investor=False)["Địa bàn"].status == "fail"
    assert judged(FROM, **ward, artisan="people")["Địa bàn"].status == "unknown"
    assert judged(BEFORE, **ward, cluster_investor=True)["Địa bàn"].status == "fail"


def test_a_household_is_not_asked_for_its_size(judged):
    assert "Quy mô" not in judged(FROM, legal_form="household_business")


@pytest.mark.parametrize(("sector", "before", "after"), [("a", "ok", "ok"), ("clean_industry", "fail", "ok")])
def test_the_new_trades_count_from_the_decree_of_2025(judged, sector, before, after):
    assert judged(BEFORE, sector=sector)["Ngành, nghề"].status == before
    line = judged(FROM, sector=sector)["Ngành, nghề"]
    assert (line.status, line.unverified) == (after, True)


@pytest.mark.parametrize(
    ("areas", "status"),
    [(None, "unknown"), (["difficult"], "ok"), (["highland", "very_difficult"], "ok"), (["highland"], "fail")],
)
def test_minerals_and_new_enterprises_only_in_difficult_areas(judged, areas, status):
    values = {"sector": "e"} | ({"priority_areas": areas} if areas else {})
    found = judged(FROM, "start_up", **values)
    assert (found["Khoáng sản"].status, found["Địa bàn thành lập doanh nghiệp"].status) == (status, status)


def test_what_only_an_officer_can_see_is_left_open(judged):
    found = judged(FROM, "machinery", sector="c")
    assert (found["Loại trừ"].status, found["Máy móc mới"].status) == ("unknown", "unknown")
    assert "gạch đất sét nung" in found["Loại trừ"].text
    assert "Loại trừ" not in judged(FROM, "machinery", sector="a")


@pytest.mark.parametrize(("answer", "status"), [(None, "unknown"), (True, "ok"), (False, "fail")])
def test_the_promises(judged, answer, status):
    values = {} if answer is None else {"no_other_state_money": answer, "counterpart_commitment": answer}
    for on, unverified in ((date(2018, 5, 10), False), (date(2018, 5, 11), True)):
        found = judged(on, **values)
        for label in ("Không trùng hỗ trợ", "Vốn đối ứng"):
            assert (found[label].status, found[label].unverified) == (status, unverified)


@pytest.fixture
def derived(workspace):
    """The finding about the territory of an establishment that has only a commune."""

    def derive(words, on):
        place = workspace.places.search(words, 1)[0].commune
        id_ = new(workspace, "beneficiary", name="Cơ sở mẫu", place={"commune": place})
        with workspace.store.act("Địa bàn chưa ghi") as act:
            act.update(id_, {"territory": None})
        record = workspace.store.record(id_)
        return {f.label: f.status for f in eligibility.explain(workspace, record, [], on)}["Địa bàn"]

    return derive


@pytest.mark.parametrize(
    ("words", "before", "status"),
    [
        ("phuong ba dinh ha noi", "unknown", "fail"),
        ("xa krong buk dak lak", "ok", "ok"),
        ("phuong buon ma thuot", "unknown", "ok"),
        ("dac khu phu quoc", "unknown", "ok"),
    ],
)
def test_a_territory_that_nobody_has_written_follows_from_the_commune(derived, words, before, status):
    assert (derived(words, BEFORE), derived(words, FROM)) == (before, status)


@pytest.mark.parametrize(
    ("words", "city_from"),
    [
        ("phuong vo cuong bac ninh", date(2026, 9, 20)),
        ("phuong bien hoa dong nai", date(2026, 4, 30)),
        ("phuong ha long quang ninh", date(2026, 9, 1)),
    ],
)
def test_the_wards_of_a_new_city_were_those_of_a_province_until_its_day(derived, words, city_from):
    assert derived(words, city_from - timedelta(days=1)) == "ok"
    assert derived(words, city_from) == "fail"


def test_before_any_rule_nothing_is_said(workspace):
    record = workspace.store.record(beneficiary(workspace))
    assert eligibility.explain(workspace, record, ["machinery"], date(2012, 7, 4)) == []


# ---- the file

GOOD = """
[[rule]]
id = "territory"
label = "Địa bàn"
[[rule.period]]
effective_from = 2020-01-01
effective_to = 2024-12-31
source = "Điều 1"
needs = ["territory"]
ok_when = [{ territory = "commune" }]
ok = "Được."
fail = "Không được."
unknown = "Chưa rõ."
[[rule.period]]
effective_from = 2025-01-01
source = "Điều 2"
unknown = "Cần kiểm tra."
"""


@pytest.mark.parametrize(
    ("old", "new_text", "told"),
    [
        (
            "2024-12-31",
            "2024-12-30",
            "territory/period 2: không có quy định cho thời gian từ 31/12/2024 đến 31/12/2024",
        ),
        ("2024-12-31", "2025-01-01", "territory/period 2: thời gian hiệu lực từ 01/01/2025 trùng"),
        ('"commune" }', '"comune" }', "territory/period 1: điều kiện trên “territory”"),
        ('needs = ["territory"]', 'needs = ["teritory"]', "có phải ý là “territory”"),
        ('fail = "Không được."', "", "có “ok_when” thì phải có “ok” và “fail”"),
        ('label = "Địa bàn"', 'label = "Địa bàn"\nactivities = ["machinary"]', "có phải ý là “machinery”"),
        ('unknown = "Chưa rõ."', "", "thiếu khoá “unknown”"),
        ("[[rule]]", "[[ruel]]", "có phải ý là “rule”"),
    ],
)
def test_a_fault_is_told_with_its_place(tmp_path, forms, old, new_text, told):
    assert old in GOOD
    (tmp_path / "eligibility.toml").write_text(GOOD.replace(old, new_text, 1), encoding="utf-8")
    with pytest.raises(FormsError, match=r"eligibility\.toml") as refused:
        rules.load(tmp_path, forms)
    assert told in str(refused.value)


def test_the_shipped_rules_stand_for_themselves(forms):
    assert {rule.id for rule in rules.load(paths.forms(), forms)} >= {
        "territory",
        "subject",
        "size",
        "sector",
        "bricks",
    }

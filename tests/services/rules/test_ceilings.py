"""The ceiling of a proposal: shown while typing, and in the way of a step until the excess has a reason."""

from datetime import date

import pytest

from kcdesk.cli import main
from kcdesk.errors import IncompleteError, UserError
from kcdesk.services.lifecycle import steps
from kcdesk.services.records import changing
from kcdesk.services.rules import ceilings, earlier_support, norm_lookup
from tests.services.samples import APPROVAL, MACHINE, begin, beneficiary, proposal


@pytest.fixture
def national(workspace):
    """Makes a complete national proposal of 2019 for a machine of 900 triệu, with this much support."""

    def make(support, **changes):
        line = {"item": "Máy mẫu", "cost": 900_000_000, "national": support, "counterpart": 900_000_000 - support}
        values = {"programme": "national", "year": 2019, "budget": [line], "machines": [MACHINE]} | changes
        return proposal(workspace, **values)

    return make


def _judged(workspace, id_):
    return ceilings.of_proposal(workspace, workspace.store.record(id_))


def test_the_rule_of_the_plan_year_is_taken_until_there_is_a_decision(workspace, national):
    id_ = national(300_000_000, year=2017)
    assert _judged(workspace, id_).on == date(2017, 12, 31)
    assert _judged(workspace, id_).ceiling.cap == 200_000_000
    changing.set_values(workspace, id_, {"decision_date": "11/5/2018"})
    assert _judged(workspace, id_).ceiling.cap == 300_000_000
    changing.set_values(workspace, id_, {"decision_date": "10/5/2018"})
    assert _judged(workspace, id_).ceiling.cap == 200_000_000


def test_a_plan_of_next_year_is_judged_by_the_rules_of_today(workspace, national):
    assert _judged(workspace, national(1, year=2027)).on == date(2026, 3, 5)


def test_support_at_the_ceiling_is_no_obstacle(workspace, national):
    id_ = national(300_000_000)
    assert _judged(workspace, id_).problems == ()
    assert ceilings.has_amount(_judged(workspace, id_))
    steps.take_step(workspace, id_, "finalise")


def test_one_dong_over_the_ceiling_needs_a_reason(workspace, national):
    id_ = national(300_000_001)
    with pytest.raises(IncompleteError) as refused:
        steps.take_step(workspace, id_, "finalise")
    (problem,) = refused.value.problems
    assert problem.field == "budget"
    assert problem.message == (
        "Kinh phí khuyến công đề nghị hỗ trợ vượt mức tối đa 300.000.000 đồng là 1 đồng"
        " (Khoản 4 Điều 8 TT 28/2018/TT-BTC, có hiệu lực từ ngày 11/5/2018, chưa đối chiếu);"
        " hãy giảm hoặc ghi «Lý do hỗ trợ vượt mức tối đa»."
    )
    changing.set_values(workspace, id_, {"ceiling_override_reason": "Theo văn bản cho phép của cấp trên"})
    steps.take_step(workspace, id_, "finalise")
    assert _judged(workspace, id_).reasons[-1].text.endswith("Theo văn bản cho phép của cấp trên")


def test_what_was_approved_is_compared_too(workspace, national):
    id_ = national(300_000_000)
    steps.take_step(workspace, id_, "finalise")
    money = {"approved_total": 900_000_000, "approved_support": 300_000_001, "approved_counterpart": 599_999_999}
    decision = {**APPROVAL, **money, "approved_local": None, "approved_national": 300_000_001}
    changing.set_values(workspace, id_, {name: value for name, value in decision.items() if value is not None})
    changing.set_values(workspace, id_, {"decision_date": "15/2/2019"})
    with pytest.raises(IncompleteError) as refused:
        steps.take_step(workspace, id_, "approve")
    above_ceiling, above_request = refused.value.problems
    assert above_ceiling.field == above_request.field == "approved_support"
    assert "Duyệt 300.000.001, đề nghị 300.000.000: hơn 1; hãy giảm" in above_request.message
    reasons = {"ceiling_override_reason": "Được phép", "excess_reason": "Được phép"}  # each limit has its own
    changing.set_values(workspace, id_, reasons)
    steps.take_step(workspace, id_, "approve")


def test_a_group_has_one_ceiling_for_each_and_each_site_its_own(workspace, national):
    owners = [beneficiary(workspace, name=f"Cơ sở {letter}") for letter in "AB"]
    sites = [
        {"name": "A", "beneficiary": owners[0], "support": 100_000_000},
        {"name": "B", "beneficiary": owners[1], "support": 300_000_001},
    ]
    id_ = national(400_000_001, scheme="group", beneficiaries=owners, sites=sites)
    judged = _judged(workspace, id_)
    assert judged.ceiling.amount == 450_000_000  # half of 900 triệu is below two caps of 300
    (problem,) = judged.problems
    assert problem.field.startswith("sites/")


def test_a_priority_of_every_beneficiary_raises_the_old_cap(workspace, national):
    plain = beneficiary(workspace, name="Thường")
    prior = beneficiary(workspace, name="Ưu tiên", priority_areas=["highland"])
    day = {"year": 2016}
    assert _judged(workspace, national(1, beneficiaries=[prior], **day)).ceiling.cap == 300_000_000
    assert _judged(workspace, national(1, beneficiaries=[prior, plain], **day)).ceiling.cap == 200_000_000


def test_the_province_is_the_one_of_the_place_before_the_one_of_the_unit(workspace):
    place = workspace.places.search("krong buk dak lak", 1)[0].commune
    id_ = proposal(workspace, place={"commune": place}, activity="start_up", year=2026)
    assert _judged(workspace, id_).ceiling.source.endswith("Đắk Lắk về mức chi khuyến công")
    place = workspace.places.search("cao lanh dong thap", 20)
    old = next(match for match in place if match.old_commune)
    values = {"place": {"commune": old.commune, "old_commune": old.old_commune}, "year": 2025}
    found = _judged(workspace, proposal(workspace, **values)).ceiling
    assert (found.cap, found.unverified) == (300_000_000, False)


def test_a_province_without_norms_stands_in_nobodys_way(workspace):
    id_ = proposal(workspace)
    judged = _judged(workspace, id_)
    assert judged.ceiling is None
    assert not ceilings.has_amount(judged)
    assert "Chưa có định mức khuyến công của địa bàn này" in judged.reasons[0].text
    steps.take_step(workspace, id_, "finalise")


def test_the_hint_says_the_ceiling_and_the_excess(workspace, national):
    id_ = national(300_000_000)
    said = ceilings.hint(workspace, id_, "requested_support", 300_000_000)
    assert said == (
        "Tối đa 300.000.000 đồng vì 50% của 900.000.000 đồng là 450.000.000 đồng, vượt mức trần là 300.000.000 đồng. "
        "(Khoản 4 Điều 8 TT 28/2018/TT-BTC, có hiệu lực từ ngày 11/5/2018), chưa đối chiếu."
    )
    assert ceilings.hint(workspace, id_, "approved_support", 300_000_001).endswith("Vượt 1 đồng.")
    assert ceilings.hint(workspace, id_, "title", "Máy") == ""
    assert ceilings.hint(workspace, proposal(workspace), "approved_support", 5) == ""


def test_an_unfinished_proposal_says_what_is_to_be_chosen(workspace):
    made = changing.add(workspace, "proposal", {"title": "Máy"})
    judged = _judged(workspace, made.items[0].id)
    assert judged.reasons[0].text == "Chưa chọn nguồn kinh phí và nội dung hoạt động."


# ---- typed words


def _asked(forms, **changes):
    words = {"programme": "national", "activity": "machinery", "on": "2019-03-01"} | changes
    return norm_lookup.norm_for_words(forms, **words)


def test_the_answer_has_the_promised_shape(forms):
    found = _asked(forms, cost="600 triệu")
    promised = {name: found[name] for name in ("percent", "cap", "amount", "source", "unverified")}
    assert promised == {
        "percent": 50,
        "cap": 300_000_000,
        "amount": 300_000_000,
        "source": "Khoản 4 Điều 8 TT 28/2018/TT-BTC",
        "unverified": False,
    }


def test_names_and_facts_as_people_type_them(forms):
    label = forms.activity("machinery").label
    found = _asked(forms, activity=label, facts={"production_line": "có"}, cost="900.000.000")
    assert found["amount"] == 450_000_000
    assert _asked(forms, activity="may moc", cost="900.000.000")["label"] == found["label"]
    assert _asked(forms, activity="Phòng trưng bày", on="2016-01-01")["label"].startswith("Phòng trưng bày")
    found = _asked(forms, programme="local", on="01/8/2024", province="dong thap")
    assert found["source"] == "NQ 08/2024/NQ-HĐND tỉnh Đồng Tháp"
    assert _asked(forms, activity="programme_management", on="2016-01-01")["percent"] == 1.5


@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [
        ({"on": "31/2/2019"}, "bad_value", "on"),
        ({"cost": "nhiều"}, "bad_value", "cost"),
        ({"cost": "-5"}, "bad_value", "cost"),
        ({"activity": "may bay"}, "unknown_activity", "activity"),
        ({"activity": "hoi cho"}, "unknown_activity", "activity"),  # one of three
        ({"activity": ""}, "unknown_activity", "activity"),
        ({"programme": "local"}, "province_missing", "province"),
        ({"programme": "local", "province": "Atlantis"}, "unknown_province", "province"),
        ({"programme": "local", "province": "Lạng Sơn"}, "no_norms", ""),
        ({"facts": {"production_line": "mấy"}}, "bad_value", "production_line"),
        ({"facts": {"nothing": "1"}}, "unknown_field", "nothing"),
    ],
)
def test_what_cannot_be_read_is_refused(forms, changes, code, field):
    with pytest.raises(UserError) as refused:
        _asked(forms, **changes)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_the_command_needs_no_store_and_takes_the_province_of_one(tmp_path, capsys):
    words = ["--store", str(tmp_path / "s"), "ceiling", "--programme", "local", "--activity", "start_up"]
    assert main([*words, "--on", "2026-01-01"]) == 1
    assert "--province" in capsys.readouterr().err
    store = ["--store", str(tmp_path / "s"), "init", "--unit", "TT", "--code", "TT", "--level", "province"]
    main([*store, "--province", "66", "--officer", "Mẫu", "--practice"])
    capsys.readouterr()
    assert main([*words, "--on", "2026-01-01", "--cost", "30 triệu"]) == 0
    assert capsys.readouterr().out.startswith("Tối đa 10.000.000 đồng")


def _site(id_, owner, **money):
    return {"id": id_, "name": f"Xưởng {id_}", "beneficiary": owner, **money}


def _line(site, cost, support):
    return {"item": f"Máy {site}", "site": site, "cost": cost, "national": support, "counterpart": cost - support}


def test_each_site_is_held_against_half_of_its_own_cost(workspace, national):
    owners = [beneficiary(workspace, name=f"Cơ sở {letter}") for letter in "AB"]
    lines = [_line("a", 600_000_000, 250_000_000), _line("b", 300_000_000, 150_000_001)]
    sites = [_site("a", owners[0]), _site("b", owners[1])]
    id_ = national(0, scheme="group", beneficiaries=owners, sites=sites, budget=lines)
    judged = _judged(workspace, id_)
    (problem,) = judged.problems
    assert problem.field == "sites/b/support"
    assert "«Xưởng b»" in problem.message
    assert "vượt mức tối đa 150.000.000 đồng là 1 đồng" in problem.message
    said = [reason.text for reason in judged.reasons if reason.text.startswith("«Xưởng")]
    assert "tối đa 300.000.000 đồng" in said[0]
    assert "Hỗ trợ 250.000.000 đồng, đối ứng 350.000.000 đồng." in said[0]
    with pytest.raises(IncompleteError):
        steps.take_step(workspace, id_, "finalise")


def test_the_command_answers_for_a_dossier_and_each_of_its_sites(workspace, national, capsys):
    owners = [beneficiary(workspace, name=f"Cơ sở {letter}") for letter in "AB"]
    lines = [_line("a", 600_000_000, 250_000_000), _line("b", 300_000_000, 150_000_001)]
    id_ = national(
        0, scheme="group", beneficiaries=owners, sites=[_site("a", owners[0]), _site("b", owners[1])], budget=lines
    )
    answer = norm_lookup.norm_of_record(workspace, begin(workspace, id_, "appraisal"))
    assert [(site["name"], site["limit"], site["support"]) for site in answer["sites"]] == [
        ("«Xưởng a»", 300_000_000, 250_000_000),
        ("«Xưởng b»", 150_000_000, 150_000_001),
    ]
    assert (answer["percent"], answer["proposal"], answer["sites"][0]["percent"]) == (50, id_, 50)
    assert any(line["text"].startswith("«Xưởng b»: tối đa 150.000.000 đồng") for line in answer["lines"])
    with pytest.raises(UserError, match="không thuộc đề án nào"):
        norm_lookup.norm_of_record(workspace, owners[0])
    folder = str(workspace.store.folder)
    workspace.close()
    assert main(["--store", folder, "ceiling", id_]) == 0
    assert "«Xưởng a»" in capsys.readouterr().out
    assert main(["--store", folder, "ceiling", "--activity", "machinery"]) == 1
    assert "--programme, --on" in capsys.readouterr().err


def test_two_sites_of_one_establishment_share_its_cap(workspace, national):
    owner, other = beneficiary(workspace), beneficiary(workspace, name="Cơ sở khác")
    sites = [_site("a", owner), _site("b", owner), _site("c", other)]
    lines = [_line("a", 800_000_000, 200_000_000), _line("b", 800_000_000, 200_000_000), _line("c", 10, 5)]
    id_ = national(0, scheme="group", beneficiaries=[owner, other], sites=sites, budget=lines)
    judged = _judged(workspace, id_)
    assert judged.ceiling.count == 2
    (problem,) = judged.problems
    assert "«Xưởng a» và «Xưởng b»" in problem.message
    assert "tối đa 300.000.000 đồng là 100.000.000 đồng" in problem.message


def test_sites_of_a_scheme_that_was_made_single_are_not_counted(workspace, national):
    owners = [beneficiary(workspace, name=f"Cơ sở {letter}") for letter in "AB"]
    sites = [_site("a", owners[0], support=1), _site("b", owners[1], support=2)]
    id_ = national(1, scheme="group", beneficiaries=owners[:1], sites=sites)
    assert _judged(workspace, id_).ceiling.count == 2
    changing.set_values(workspace, id_, {"scheme": "single"})
    judged = _judged(workspace, id_)
    assert (judged.ceiling.count, judged.sites) == (1, ())
    assert earlier_support.beneficiaries_of(workspace.store.record(id_)) == owners[:1]
    found = earlier_support.of_beneficiary(workspace, owners[1])  # other establishments may resemble it
    assert owners[1] not in {entry.beneficiary for entry in found}

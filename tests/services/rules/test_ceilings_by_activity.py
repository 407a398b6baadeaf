"""A flagship proposal is judged activity by activity: what is said for each, for their sum, and on the paper.

Norms of 2019 (TT 28/2018/TT-BTC): machines half of the cost up to 300 triệu, a brand up to 35 triệu (unverified).
"""

import pytest

from kcdesk.errors import UserError
from kcdesk.services.rules import ceilings, norm_lookup
from tests.services.samples import MACHINE, beneficiary, new, proposal

MACHINES = "Ứng dụng máy móc thiết bị, chuyển giao công nghệ tiên tiến"
ASKED = "Kinh phí khuyến công đề nghị hỗ trợ"


def line(activity, cost, national, local=0):
    money = {"cost": cost, "national": national, "local": local, "counterpart": cost - national - local}
    return {"item": "Khoản mẫu", "activity": activity, **money}


@pytest.fixture
def flagship(workspace):
    """Makes a national flagship proposal of 2019 for machines and a brand, and gives back the record."""

    def make(*budget, **changes):
        values = {
            "programme": "national",
            "scheme": "flagship",
            "other_activities": ["brand"],
            "year": 2019,
            "budget": list(budget),
            "machines": [MACHINE],
        }
        return workspace.store.record(proposal(workspace, **{**values, **changes}))

    return make


def label(workspace, code):
    return workspace.forms.activity(code).label


def source(workspace, record, number):
    """The article of an activity's norm, with its dates."""
    return ceilings.of_proposal(workspace, record).parts[number].ceiling.dated_source


def test_every_activity_has_its_own_sentence_and_the_sum_follows(workspace, flagship):
    record = flagship(line("machinery", 400_000_000, 100_000_000), line("brand", 60_000_000, 10_000_000, 5_000_000))
    judged = ceilings.of_proposal(workspace, record)
    assert judged.ceiling is None
    assert [(part.label, part.support) for part in judged.parts] == [
        (label(workspace, "machinery"), 100_000_000),
        (label(workspace, "brand"), 15_000_000),  # of both programmes
    ]
    texts = [reason.text for reason in judged.reasons]
    assert texts[0] == (
        f"{label(workspace, 'machinery')}: tối đa 200.000.000 đồng vì 50% của 400.000.000 đồng là 200.000.000 đồng,"
        " không vượt mức trần là 300.000.000 đồng."
    )
    assert f"{label(workspace, 'brand')}: tối đa 35.000.000 đồng vì mức trần là 35.000.000 đồng." in texts
    (whole,) = [reason for reason in judged.reasons if reason.text.startswith("Cộng")]
    assert whole.text == "Cộng các nội dung: tối đa 235.000.000 đồng."
    assert whole.source == "; ".join(dict.fromkeys(source(workspace, record, number) for number in (0, 1)))
    assert whole.unverified, "one of them is"
    assert judged.reasons[-1].text.startswith("Tính theo quy định ngày 31/12/2019 vì chưa có ngày quyết định")
    assert judged.reasons[-1].unverified


def test_an_activity_without_a_line_is_pointed_out_and_leaves_no_sum(workspace, flagship):
    record = flagship(line("machinery", 400_000_000, 100_000_000), {"item": "Không ghi nội dung", "cost": 5})
    judged = ceilings.of_proposal(workspace, record)
    (missing,) = [reason for reason in judged.reasons if "chưa có dòng dự toán" in reason.text]
    assert missing.text == f"{label(workspace, 'brand')}: chưa có dòng dự toán nào ghi nội dung này."
    assert missing.source == "Khoản 3 Điều 2 TT 36/2013/TT-BCT"
    assert (judged.parts[1].support, judged.parts[1].ceiling.amount) == (None, None)
    assert not [reason for reason in judged.reasons if reason.text.startswith("Cộng")]
    assert ceilings.hint(workspace, record.id, "requested_support", 10**12) == "", "no sum, so nothing to compare with"


def test_a_line_without_a_cost_counts_as_nothing(workspace, flagship):
    record = flagship(line("brand", 60_000_000, 0), {"item": "Chưa có giá", "activity": "machinery", "national": 7})
    machines = ceilings.of_proposal(workspace, record).parts[0]
    assert (machines.support, machines.ceiling.amount) == (7, 0)
    odd = line("machinery", 399_999_999, 0)
    record = flagship(odd, {"item": "Chưa có giá", "activity": "machinery", "local": 7}, line("brand", 60_000_000, 0))
    assert ceilings.of_proposal(workspace, record).parts[0].ceiling.amount == 199_999_999


def test_an_activity_without_a_norm_says_so_and_the_others_are_judged(workspace, flagship):
    record = flagship(
        line("machinery", 400_000_000, 200_000_001),
        line("typical_product_vote", 60_000_000, 9),
        other_activities=["typical_product_vote"],
    )
    judged = ceilings.of_proposal(workspace, record)
    vote = judged.parts[1]
    assert (vote.ceiling, vote.support) == (None, 9)
    (asked,) = [reason for reason in judged.reasons if reason.text.startswith(f"{vote.label}: mức tối đa tùy")]
    assert asked.text.endswith(f"Hãy ghi «{record.field('vote_level').label}».")
    (problem,) = judged.problems
    assert problem.message.startswith(f"{label(workspace, 'machinery')}: kinh phí khuyến công đề nghị hỗ trợ vượt")


def test_the_command_gives_the_same_keys_with_and_without_a_norm(workspace, flagship):
    lines = (line("machinery", 400_000_000, 200_000_000), line("typical_product_vote", 60_000_000, 9))
    record = flagship(*lines, other_activities=["typical_product_vote"])
    answer = norm_lookup.norm_of_record(workspace, record.id)
    machines, vote = answer["activities"]
    assert (machines["percent"], machines["amount"], machines["proof"]) == (50, 200_000_000, "second_hand")
    assert (vote["percent"], vote["amount"], vote["proof"], vote["label"]) == (
        None,
        None,
        None,
        label(workspace, "typical_product_vote"),
    )
    assert [entry["text"] for entry in vote["lines"]], "it says why there is none"
    assert machines.keys() == vote.keys()
    assert answer.keys() >= vote.keys() - {"activity", "support"}


def test_a_province_without_norms_gives_no_ceiling_for_any_activity(workspace, flagship):
    record = flagship(line("machinery", 400_000_000, 0, 1), line("brand", 60_000_000, 0, 1), programme="local")
    judged = ceilings.of_proposal(workspace, record)
    assert [part.ceiling for part in judged.parts] == [None, None]
    reasons = [reason for reason in judged.reasons if "chưa có định mức khuyến công" in reason.text]
    assert [reason.text.partition(":")[0] for reason in reasons] == [part.label for part in judged.parts]
    assert all(reason.unverified for reason in reasons), "a rule may exist that the program does not have"
    assert judged.problems == ()


def test_the_hint_of_a_flagship_proposal_is_the_sum(workspace, flagship):
    record = flagship(line("machinery", 400_000_000, 100_000_000), line("brand", 60_000_000, 10_000_000))
    sources = "; ".join(dict.fromkeys(source(workspace, record, number) for number in (0, 1)))
    sentence = f"Cộng các nội dung: tối đa 235.000.000 đồng. ({sources}, chưa đối chiếu)"
    assert ceilings.hint(workspace, record.id, "requested_support", 235_000_000) == sentence
    assert ceilings.hint(workspace, record.id, "approved_support", 235_000_003) == f"{sentence} Vượt 3 đồng."
    assert ceilings.hint(workspace, record.id, "requested_support", "nhiều") == ""
    assert ceilings.in_force(workspace, record) is None


def test_the_hint_of_verified_norms_has_no_mark(workspace, flagship):
    """Of 2016 (TTLT 26/2014/TTLT-BTC-BCT): half of the cost up to 200 and up to 35 triệu."""
    record = flagship(line("machinery", 300_000_000, 1), line("brand", 60_000_000, 1), year=2016)
    sources = "; ".join(source(workspace, record, number) for number in (0, 1))
    sentence = f"Cộng các nội dung: tối đa 180.000.000 đồng. ({sources})"
    assert ceilings.hint(workspace, record.id, "requested_support", 180_000_000) == sentence


# -- the paper and what else is said -------------------------------------------------------------------------------


@pytest.fixture
def national(workspace):
    def make(support, cost=900_000_000, **changes):
        values = {"programme": "national", "year": 2019, "machines": [MACHINE]}
        return workspace.store.record(
            proposal(workspace, **{**values, "budget": [line("machinery", cost, support)], **changes})
        )

    return make


def test_the_paper_lists_the_reasons_with_their_articles_and_then_the_excess(workspace, national):
    rows = ceilings.paper_rows(workspace, national(300_000_001))
    assert rows[0] == {
        "text": "Tối đa 300.000.000 đồng vì 50% của 900.000.000 đồng là 450.000.000 đồng,"
        " vượt mức trần là 300.000.000 đồng.",
        "source": "Khoản 4 Điều 8 TT 28/2018/TT-BTC, có hiệu lực từ ngày 11/5/2018 (chưa đối chiếu)",
    }
    assert rows[-2] == {
        "text": "Tính theo quy định ngày 31/12/2019 vì chưa có ngày quyết định phê duyệt.",
        "source": "(chưa đối chiếu)",
    }
    assert rows[-1]["source"] == ""
    assert rows[-1]["text"].startswith(f"{ASKED} vượt mức tối đa 300.000.000 đồng là 1 đồng")


def test_a_decided_proposal_is_judged_on_the_day_of_its_decision(workspace, national):
    record = national(300_000_001, decision_date="15/2/2019", ceiling_override_reason="Được phép")
    judged = ceilings.of_proposal(workspace, record)
    assert (judged.parts[0].activity, judged.parts[0].ceiling) == ("machinery", judged.ceiling)
    assert judged.parts[0].label == judged.ceiling.label == MACHINES
    assert not [reason for reason in judged.reasons if reason.text.startswith("Tính theo")]
    assert judged.reasons[-1].text == "Lý do hỗ trợ vượt mức tối đa: Được phép"
    assert judged.reasons[-1].unverified
    assert ceilings.obstacles(workspace, record) == []


def test_an_unverified_ceiling_says_so_in_the_hint_and_the_problem(workspace, national):
    record = national(
        300_000_001, programme="local", place=None, budget=[line("machinery", 900_000_000, 0, 300_000_001)]
    )
    place = workspace.places.search("cao lanh dong thap", 1)[0].commune
    with workspace.store.act("Nơi thuộc tỉnh mới") as act:
        act.update(record.id, {"place": {"commune": place}, "decision_date": "2025-08-01"})
    record = workspace.store.record(record.id)
    norm = ceilings.in_force(workspace, record)
    assert norm.unverified
    hint = ceilings.hint(workspace, record.id, "requested_support", 300_000_001)
    assert f"({norm.dated_source}), chưa đối chiếu. Vượt " in hint
    assert f"({norm.dated_source}, chưa đối chiếu); hãy giảm" in ceilings.obstacles(workspace, record)[0].message


def test_the_place_of_a_site_says_which_province_it_is(workspace):
    place = workspace.places.search("krong buk dak lak", 1)[0].commune
    sites = [{"name": "Chưa rõ"}, {"name": "Ở Đắk Lắk", "place": {"commune": place}}]
    id_ = proposal(workspace, place=None, scheme="group", sites=sites, activity="start_up", year=2026)
    record = workspace.store.record(id_)
    assert ceilings.in_force(workspace, record).source.endswith("Đắk Lắk về mức chi khuyến công")


def test_a_priority_sector_counts_as_a_priority_area_does(workspace, national):
    sector = workspace.forms.choices(workspace.forms.current("beneficiary").field("priority_sectors"))[0].value
    owner = beneficiary(workspace, name="Ngành ưu tiên", priority_sectors=[sector])
    judged = ceilings.of_proposal(workspace, national(1, beneficiaries=[owner], year=2016))
    assert judged.ceiling.cap == 300_000_000


def test_nothing_but_a_proposal_with_an_activity_has_obstacles(workspace, national):
    assert ceilings.obstacles(workspace, workspace.store.record(beneficiary(workspace))) == []
    assert ceilings.obstacles(workspace, workspace.store.record(new(workspace, "proposal", title="Máy"))) == []
    assert len(ceilings.obstacles(workspace, national(300_000_001))) == 1


def test_without_programme_or_activity_there_is_no_norm_to_ask(workspace):
    for values in ({"title": "Máy"}, {"programme": "local"}, {"activity": "machinery"}):
        record = workspace.store.record(new(workspace, "proposal", **values))
        with pytest.raises(UserError) as refused:
            ceilings.in_force(workspace, record)
        assert refused.value.code == "not_chosen"


def test_what_is_approved_is_compared_with_the_approved_cost(workspace, national):
    record = national(200_000_000, cost=500_000_000)
    with workspace.store.act("Phê duyệt ít hơn") as act:
        act.update(record.id, {"approved_total": 300_000_000, "approved_support": 150_000_001})
    judged = ceilings.of_proposal(workspace, workspace.store.record(record.id))
    assert judged.ceiling.amount == 150_000_000
    (problem,) = judged.problems
    assert (problem.field, "tối đa 150.000.000 đồng là 1 đồng" in problem.message) == ("approved_support", True)

"""What a ceiling says, for made-up norms of 2020 small enough to be worked out in the head."""

from datetime import date

import pytest

from kcdesk.errors import UserError
from kcdesk.formdef.regulations.ceilings import CeilingQuery, Reason, ceiling
from kcdesk.formdef.regulations.norms import Caution, Multiplier, NormLine, NormPeriod, Norms
from kcdesk.runtime.frozen import replace

FIRST, LAST, DAY = date(2020, 1, 1), date(2020, 12, 31), date(2020, 6, 1)
SOURCE = "Khoản 1 QĐ 1, có hiệu lực từ ngày 01/01/2020 đến ngày 31/12/2020"
OPEN_SOURCE = "Khoản 1 QĐ 1, có hiệu lực từ ngày 01/01/2020"


def period(**changes):
    facts = {"effective_from": FIRST, "effective_to": LAST, "document": "QĐ 1", "article": "Khoản 1"}
    return NormPeriod(**{**facts, "percent": 50, "cap": 100, **changes})


def line(*periods, **changes):
    facts = {"id": "machines", "label": "Máy", "activities": ("machinery",), "per": "cơ sở"}
    return NormLine(**{**facts, "periods": periods or (period(),), **changes})


def norms(*lines, **changes):
    return Norms(**{"programme": "national", "label": "Quốc gia", "lines": lines or (line(),), **changes})


def ask(found, on=DAY, **changes):
    facts = {"programme": "national", "activity": "machinery", "on": on, "cost": 180}
    return ceiling([found], CeilingQuery(**{**facts, **changes}))


def refusal(*found, on=DAY, **changes):
    with pytest.raises(UserError) as refused:
        ceiling(found, CeilingQuery(**{"programme": "national", "activity": "machinery", "on": on, **changes}))
    return refused.value


def sentences(found):
    return [reason.text for reason in found.reasons]


def test_a_ceiling_names_share_and_cap_and_which_of_them_counts():
    below = ask(norms())
    assert sentences(below) == [
        "Tối đa 90 đồng vì 50% của 180 đồng là 90 đồng, không vượt mức trần là 100 đồng.",
        "Máy: tối đa 50% chi phí, không quá 100 đồng/cơ sở.",
    ]
    assert {(reason.source, reason.unverified) for reason in below.reasons} == {(SOURCE, False)}
    assert below.dated_source == SOURCE
    assert ask(norms(), cost=200).sentence.endswith("là 100 đồng, không vượt mức trần là 100 đồng.")
    above = ask(norms(), cost=204)
    assert above.sentence == "Tối đa 100 đồng vì 50% của 204 đồng là 102 đồng, vượt mức trần là 100 đồng."
    assert ask(norms(), cost=None).sentence == "Máy: tối đa 50% chi phí, không quá 100 đồng/cơ sở."


@pytest.mark.parametrize(
    ("limits", "amount", "first", "rule"),
    [
        ({"cap": None}, 90, "Tối đa 90 đồng vì 50% của 180 đồng là 90 đồng.", "Máy: tối đa 50% chi phí."),
        ({"percent": None}, 100, "Tối đa 100 đồng vì mức trần là 100 đồng.", "Máy: không quá 100 đồng/cơ sở."),
        (
            {"percent": "2.5", "cap": None},
            4,
            "Tối đa 4 đồng vì 2,5% của 180 đồng là 4 đồng.",
            "Máy: tối đa 2,5% chi phí.",
        ),
    ],
)
def test_one_limit_alone(limits, amount, first, rule):
    found = ask(norms(line(period(**limits))))
    assert (found.amount, sentences(found)) == (amount, [first, rule])


def test_a_norm_without_figures_says_why():
    unclear = ask(norms(line(period(percent=None, cap=None, unverified=True, note="Chưa đọc."))))
    assert (unclear.amount, unclear.cap, unclear.percent) == (None, None, None)
    assert unclear.reasons == (Reason("Máy: chưa rõ mức tối đa.", SOURCE, True), Reason("Chưa đọc.", SOURCE, True))
    free = ask(norms(line(period(percent=None, cap=None))))
    assert (sentences(free), free.unverified) == (["Máy: không có mức tối đa bằng số."], False)


def test_a_cap_without_a_unit_and_an_establishment_supported_once():
    found = ask(norms(line(period(once=True, unverified=True), per="")))
    assert found.once
    assert found.unverified
    assert found.reasons[1:] == (
        Reason("Máy: tối đa 50% chi phí, không quá 100 đồng.", SOURCE, True),
        Reason("Mỗi cơ sở chỉ được hỗ trợ một lần.", SOURCE, True),
    )
    assert sentences(ask(norms(line(period(once=True), per="nhãn hiệu"))))[-1] == (
        "Mỗi nhãn hiệu chỉ được hỗ trợ một lần."
    )


def test_each_of_several_establishments_has_its_cap():
    several = norms(line(counted_by=("sites", "beneficiaries")))
    one = ask(several, cost=1_000, facts={"sites": ["a"], "beneficiaries": "a"})
    assert (one.count, one.amount, len(one.reasons)) == (1, 100, 2)
    three = ask(several, cost=1_000, facts={"sites": ["a", "b"], "beneficiaries": ["a", "b", "c"]})
    assert (three.count, three.amount) == (3, 300)
    assert three.reasons[2] == Reason("Mức trần tính cho 3 cơ sở: 300 đồng.", SOURCE, False)
    shares = ask(norms(line(period(cap=None), counted_by=("sites",))), facts={"sites": ["a", "b"]})
    assert sentences(shares)[1:] == ["Máy: tối đa 50% chi phí."], "nothing is counted where there is no cap"


def raising(id_, percent, **changes):
    facts = {"id": id_, "label": f"Ưu tiên {id_}", "percent": percent, "when": {id_: True}}
    return Multiplier(**{**facts, **changes})


def test_the_largest_multiplier_that_applies_raises_the_cap_alone():
    general = raising("b", 200, article="Điều 9", document="QĐ 2", effective_from=date(2020, 2, 1), unverified=True)
    inside = raising("a", 150, article="Điều 3")
    found = norms(line(period(multipliers=(inside,))), multipliers=(general,))
    both = ask(found, cost=1_000, facts={"a": True, "b": True})
    assert (both.cap, both.amount, both.unverified) == (200, 200, True)
    assert both.reasons[2] == Reason(
        "Ưu tiên b: mức trần không quá 2 lần, bằng 200 đồng.", "Điều 9 QĐ 2, có hiệu lực từ ngày 01/02/2020", True
    )
    smaller = ask(found, cost=1_000, facts={"a": True})
    assert (smaller.cap, smaller.unverified) == (150, False)
    assert smaller.reasons[2] == Reason(
        "Ưu tiên a: mức trần không quá 1,5 lần, bằng 150 đồng.",
        "Điều 3 QĐ 1, có hiệu lực từ ngày 01/01/2020 đến ngày 31/12/2020",
        False,
    )
    assert ask(found, on=date(2020, 1, 31), facts={"b": True}).cap == 100, "the decision was not in force yet"
    uncapped = norms(line(period(cap=None, multipliers=(inside,))))
    assert sentences(ask(uncapped, facts={"a": True}))[1:] == ["Máy: tối đa 50% chi phí."]


def test_a_raised_cap_is_whole_dong():
    found = norms(line(period(cap=101, multipliers=(raising("a", 150),))))
    assert ask(found, facts={"a": True}).cap == 151


def test_items_of_cost_and_cautions_stand_behind_the_ceiling():
    item = line(
        period(percent="1.5", cap=None, note="Không tính thuế.", effective_to=None, unverified=True),
        id="costs",
        label="Chi quản lý",
        part=True,
        when={"scheme": "group"},
    )
    other = replace(item, id="other", label="Khác", activities=("brand",))
    cautions = (
        Caution(effective_from=DAY, text="Chưa đọc sửa đổi.", when={"scheme": "group"}),
        Caution(effective_from=date(2020, 6, 2), text="Về sau."),
    )
    found = norms(line(), item, other, cautions=cautions)
    assert ask(found, facts={"scheme": "group"}).reasons[2:] == (
        Reason("Chưa đọc sửa đổi.", "", True),
        Reason("Trong đó, Chi quản lý: tối đa 1,5% chi phí. Không tính thuế.", OPEN_SOURCE, True),
    )
    assert len(ask(found).reasons) == 2
    plain = norms(line(), replace(item, periods=(period(percent=5, cap=None),)))
    assert ask(plain, facts={"scheme": "group"}).reasons[2] == Reason(
        "Trong đó, Chi quản lý: tối đa 5% chi phí.", SOURCE, False
    )


def test_the_fact_that_decides_between_norms_is_asked_for():
    single = line(label="Một máy", when={"machine_kind": "single"})
    several = line(period(document="QĐ 3"), label="Dây chuyền", when={"machine_kind": "line", "area": "x"})
    refused = refusal(norms(single, several))
    assert (refused.code, refused.field) == ("variant_needed", "area")
    assert refused.message == (
        "Mức tối đa tùy từng trường hợp: Một máy; Dây chuyền"
        f" ({SOURCE}; Khoản 1 QĐ 3, có hiệu lực từ ngày 01/01/2020 đến ngày 31/12/2020)."
    )
    assert refused.hint == "Hãy cho biết: area, machine_kind."
    unread = refusal(norms(single, line(period(unverified=True), label="Dây chuyền", when={"machine_kind": "line"})))
    assert unread.message == f"Mức tối đa tùy từng trường hợp: Một máy; Dây chuyền ({SOURCE}, chưa đối chiếu)."
    assert ask(norms(single, several), facts={"machine_kind": "single"}).label == "Một máy"


def test_a_day_without_a_norm_says_when_the_first_began():
    later = line(period(effective_from=date(2021, 1, 1), effective_to=None), id="later")
    item = line(period(effective_from=date(2010, 1, 1), effective_to=date(2010, 12, 31)), part=True)
    refused = refusal(norms(later, line(), item), on=date(2019, 12, 31))
    assert refused.code == "no_norm"
    assert refused.message == "Quốc gia: chương trình chưa có mức tối đa cho nội dung này vào ngày 31/12/2019."
    assert refused.hint == "Quy định đầu tiên có hiệu lực từ ngày 01/01/2020.", "an item of cost is no ceiling"
    never = refusal(norms(line(activities=("brand",))))
    assert never.message == "Quốc gia: chưa có định mức của nội dung này trong hồ sơ quy định."
    assert never.hint == "Hãy xem văn bản trước khi duyệt mức hỗ trợ."


def test_a_province_without_norms_is_told_which_there_are():
    local = norms(programme="local", label="Tỉnh A", province="01")
    other = norms(programme="local", label="Tỉnh B", province="02")
    refused = refusal(norms(), local, other, programme="local", province="03")
    assert refused.message == "Chưa có định mức khuyến công của địa bàn này trong chương trình."
    assert (refused.code, refused.hint) == (
        "no_norms",
        "Đã có: Tỉnh A; Tỉnh B. Có thể nhận thêm tệp quy định của tỉnh ở «Cài đặt».",
    )
    assert refusal(norms(), programme="local", province="03").hint == ""


def place(*found, **changes):
    return ceiling(found, CeilingQuery(programme="local", activity="machinery", on=DAY, **changes))


def test_the_smaller_territory_is_preferred_where_it_is_known():
    def of(name, **changes):
        return norms(line(label=name), programme="local", label=f"Tỉnh {name}", **changes)

    whole = of("nay", province="82")
    part = of("cũ", province="82", old_province="87")
    assert place(whole, part, province="82", old_province="87").label == "cũ"
    assert place(part, whole, province="82", old_province="87").label == "cũ"
    assert place(whole, part, province="87").label == "cũ", "the old code alone is enough"
    assert place(whole, part, province="82", old_province="86").label == "nay"
    unknown = place(part, province="82")
    assert unknown.unverified
    assert unknown.reasons[-1] == Reason(
        "Tỉnh cũ: chỉ áp dụng trên địa bàn của tỉnh trước ngày 01/7/2025.", "", unverified=True
    )
    assert not place(part, province="87").unverified
    expired = replace(part, lines=(line(period(effective_to=date(2020, 5, 31)), label="cũ"),))
    assert place(expired, whole, province="82", old_province="87").label == "nay", "norms in force come first"
    with pytest.raises(UserError, match="Tỉnh cũ: chương trình chưa có"):
        place(expired, province="82")

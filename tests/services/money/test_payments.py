"""What stands in the way of a payment: the contract, the rate of a first advance, the accepted work, the papers."""

import pytest

from kcdesk.services.money import payments
from kcdesk.services.records import changing
from tests.services import lives, samples
from tests.services.samples import begin

ADVANCE_SOURCE = "Điểm b khoản 2 Điều 13 TT 36/2013/TT-BCT"
UNREAD = "TT 17/2018/TT-BCT đã ban hành, chưa đối chiếu"  # on 1 September 2018


@pytest.fixture
def running(workspace):
    """A running proposal of one year with 4 triệu and one contract of the whole."""
    id_ = lives.write(workspace, "brand")
    lives.approve(workspace, id_)
    lives.sign(workspace, id_)
    return id_


def draft(workspace, id_, **values):
    payment = begin(workspace, id_, "payment")
    changing.set_values(workspace, payment, {"payment_type": "advance", "requested_on": "1/9/2018", **values})
    return payment


def problems_of(workspace, payment):
    found = payments.problems_of_payment(workspace, workspace.store.record(payment))
    return [(problem.field, problem.message) for problem in found]


def obstacles(workspace, id_, **values):
    return problems_of(workspace, draft(workspace, id_, **values))


def test_nothing_is_paid_before_there_is_a_contract(workspace):
    id_ = lives.write(workspace, "brand")
    lives.approve(workspace, id_)
    message = "Đề án ở trạng thái «Đã phê duyệt», chưa có hợp đồng được ghi nhận nên chưa chi được."
    assert obstacles(workspace, id_, amount=1) == [("proposal", message)]


def test_what_is_paid_and_asked_for_stays_within_the_contract(workspace, running):
    lives.pay(workspace, running, "advance", amount=1_000_000)
    asked = draft(workspace, running, amount=500_000, override_reason="Văn bản mẫu")
    with workspace.store.act("Đã đề nghị, chưa chi") as act:
        act.update(asked, {"state": "final"})
    free = {"override_reason": "Văn bản mẫu"}
    assert obstacles(workspace, running, amount=2_500_000, **free) == []
    assert obstacles(workspace, running, amount=2_500_001, **free) == [
        (
            "amount",
            "Kinh phí theo hợp đồng 4.000.000 đồng, đã tạm ứng và đề nghị 1.500.000 đồng;"
            " chỉ còn 2.500.000 đồng, vượt 1 đồng.",
        )
    ]
    (contract,) = workspace.store.children(running, "contract")
    with workspace.store.act("Hợp đồng nhỏ hơn số đã chi") as act:
        act.update(contract.id, {"value": 1_000_000})
    ((_, message),) = obstacles(workspace, running, amount=1, **free)
    assert message.endswith("đã tạm ứng và đề nghị 1.500.000 đồng; chỉ còn 0 đồng, vượt 1 đồng.")


def test_each_contract_has_its_own_limit(workspace, signed):
    id_, first, second = signed
    free = {"override_reason": "Văn bản mẫu"}
    lives.pay(workspace, id_, "advance", amount=1_500_000, contract=second)
    assert obstacles(workspace, id_, contract=first, amount=2_500_000, **free) == []
    ((field, message),) = obstacles(workspace, id_, contract=first, amount=2_500_001, **free)
    assert (field, message.startswith("Kinh phí theo hợp đồng 2.500.000 đồng, đã tạm ứng và đề nghị 0 đồng;")) == (
        "amount",
        True,
    )


def test_a_payment_does_not_count_against_itself(workspace, running):
    payment = draft(workspace, running, amount=4_000_000, override_reason="Văn bản mẫu")
    with workspace.store.act("Chốt") as act:
        act.update(payment, {"state": "final"})
    assert problems_of(workspace, payment) == []


def test_no_more_is_returned_than_is_held(workspace, running):
    lives.pay(workspace, running, "advance", amount=1_000_000)
    returned = {"payment_type": "returned"}
    assert obstacles(workspace, running, amount=1_000_000, **returned) == []
    message = "Hoàn trả 1.000.001 đồng vượt số đang giữ 1.000.000 đồng."
    assert obstacles(workspace, running, amount=1_000_001, **returned) == [("amount", message)]


def test_a_first_advance_keeps_to_its_rate_unless_a_text_allows_more(workspace, running):
    assert obstacles(workspace, running, amount=2_800_000) == []
    basis = f"({ADVANCE_SOURCE}; {UNREAD})"
    message = f"Tạm ứng lần một không quá 70% là 2.800.000 đồng {basis}; hãy giảm hoặc ghi văn bản cho phép."
    assert obstacles(workspace, running, amount=2_800_001) == [("amount", message)]
    assert obstacles(workspace, running, amount=2_800_001, override_reason="Văn bản mẫu") == []


def test_before_the_circular_an_advance_needs_a_text_that_allows_it(workspace, running):
    message = (
        "Nội dung này chưa có tỷ lệ tạm ứng; ghi văn bản quyết định của cơ quan quản lý kinh phí"
        " (khoản 2 Điều 16 TT 36/2013/TT-BCT)."
    )
    assert obstacles(workspace, running, amount=1, requested_on="9/2/2014") == [("override_reason", message)]
    assert obstacles(workspace, running, amount=1, requested_on="10/2/2014") == []


def test_an_advance_for_machines_waits_for_the_work_to_be_done(workspace):
    id_ = lives.write(workspace, "machinery")
    lives.approve(workspace, id_)
    lives.sign(workspace, id_)
    source = f"Điểm d khoản 2 Điều 13 TT 36/2013/TT-BCT; {UNREAD}"
    waits = [("progress", f"Phải đã thực hiện trên 70% khối lượng ({source}).")]
    assert obstacles(workspace, id_, amount=1) == waits, "nothing is written about the work"
    assert obstacles(workspace, id_, amount=1, progress=70) == waits
    assert obstacles(workspace, id_, amount=1, progress="70,1") == []


def test_only_a_proposal_of_several_years_is_paid_in_between(workspace, running):
    ((path, message),) = obstacles(workspace, running, payment_type="interim", amount=1)
    assert path == "payment_type"
    assert message.startswith("Chỉ đề án thực hiện nhiều năm mới tạm ứng lần tiếp theo (Điều 15)")
    assert "«Đề án thực hiện nhiều năm» và phân bổ theo năm" in message, "where it is put right"


def test_the_rest_is_paid_for_accepted_work_and_no_dong_more(workspace, running):
    rest = {"payment_type": "remaining"}
    assert obstacles(workspace, running, amount=1, **rest) == [
        ("", "Chưa có biên bản nghiệm thu nào của đề án được chốt.")
    ]
    lives.pay(workspace, running, "advance", amount=1_000_000)
    lives.accept(workspace, running)
    (visit,) = workspace.store.children(running, "acceptance")
    with workspace.store.act("Nghiệm thu ít hơn") as act:
        act.update(visit.id, {"total_accepted_support": 3_000_000})
    assert workspace.store.record(draft(workspace, running, **rest)).value("amount") == 2_000_000
    assert obstacles(workspace, running, amount=2_000_000, **rest) == []
    message = (
        "Được nghiệm thu 3.000.000 đồng, đã tạm ứng 1.000.000 đồng: còn được tạm ứng 2.000.000 đồng"
        " (Điều 14 TT 36/2013/TT-BCT)."
    )
    assert obstacles(workspace, running, amount=2_000_001, **rest) == [("amount", message)]


def test_a_missing_paper_is_named_unless_a_note_explains_it(workspace, running):
    payment = draft(workspace, running, amount=1)
    first, second = workspace.store.record(payment).rows("papers")
    rows = [first | {"paper_form": "missing"}, second | {"paper_form": "missing", "note": "Nộp sau"}]
    changing.set_values(workspace, payment, {"papers": rows})
    message = f"Thiếu: Hợp đồng thực hiện đề án ({ADVANCE_SOURCE})."
    assert problems_of(workspace, payment) == [(f"papers/{first['id']}/paper_form", message)]
    changing.set_values(workspace, payment, {"papers": [{"item": "Giấy tự thêm", "paper_form": "missing"}]})
    ((_, added),) = problems_of(workspace, payment)
    assert added == "Thiếu: Giấy tự thêm.", "a paper that the officer has added has no article"
    with workspace.store.act("Nộp trả") as act:
        act.update(payment, {"payment_type": "returned", "amount": 0})
    assert problems_of(workspace, payment) == [], "money that comes back needs no papers"


# -- several years -------------------------------------------------------------------------------------------------

YEARS = [{"year": 2018, "support": 120_000_000}, {"year": 2019, "support": 80_000_000}]


@pytest.fixture
def of_two_years(workspace):
    id_ = samples.approved(workspace, multi_year=True, year_amounts=YEARS, ends_on="31/12/2019")
    samples.contract(workspace, id_, basis="contract", due_on="31/12/2019")
    lives.take(workspace, id_, "contract", "start")
    return id_


def test_a_year_that_is_not_planned_pays_nothing(workspace, of_two_years):
    found = obstacles(workspace, of_two_years, payment_type="interim", year=2017, amount=1)
    message = "«Kinh phí của năm» phải là một năm của đề án: 2018, 2019 (khoản 2 Điều 15 TT 36/2013/TT-BCT)."
    assert found[0] == ("year", message)
    assert obstacles(workspace, of_two_years, payment_type="interim", year=2019, amount=1) == []


def test_a_year_says_what_it_has_planned_and_what_is_left_of_it(workspace, of_two_years):
    lives.pay(workspace, of_two_years, "interim", year=2018, amount=100_000_000)
    lives.pay(workspace, of_two_years, "returned", year=2018, amount=5_000_000)
    interim = {"payment_type": "interim", "year": 2018}
    assert obstacles(workspace, of_two_years, amount=25_000_000, **interim) == []
    assert obstacles(workspace, of_two_years, amount=25_000_001, **interim) == [
        (
            "amount",
            "Kinh phí phân bổ đến hết năm 2018 là 120.000.000 đồng, đã tạm ứng và đề nghị 95.000.000 đồng;"
            " còn 25.000.000 đồng (khoản 2 Điều 15 TT 36/2013/TT-BCT)."
            " Hãy giảm số tiền hoặc ghi kinh phí của năm sau.",
        )
    ]


def test_all_advances_together_keep_to_the_limit_of_the_treasury_and_no_agency_goes_beyond_it(workspace, running):
    lives.pay(workspace, running, "advance", amount=1_000_000)
    allowed = {"override_reason": "Văn bản mẫu"}
    assert obstacles(workspace, running, amount=1_800_000, requested_on="10/5/2018", **allowed) == []
    ((field, message),) = obstacles(workspace, running, amount=1_800_001, requested_on="10/5/2018", **allowed)
    assert field == "amount"
    assert "không quá 70% kinh phí hỗ trợ (Điểm b khoản 2 Điều 8 TTLT 26/2014/TTLT-BTC-BCT" in message
    assert "còn 1.800.000 đồng" in message
    assert obstacles(workspace, running, amount=1_800_001, requested_on="11/5/2018", **allowed) == []


def test_relocation_has_papers_and_no_rate(workspace):
    id_ = lives.write(workspace, "relocation_interest")
    lives.approve(workspace, id_)
    lives.sign(workspace, id_)
    payment = workspace.store.record(draft(workspace, id_, amount=4_000_000))
    assert [problem for problem in problems_of(workspace, payment.id) if problem[0] == "amount"] == []
    assert len(payment.rows("papers")) == 6

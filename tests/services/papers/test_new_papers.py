"""Papers of the way before and beside the visits: requests, contracts with annexes, councils, the report on votes."""

from __future__ import annotations

from datetime import UTC, date, datetime

import docx
import pypdfium2
import pytest

from kcdesk import moments
from kcdesk.documents import block_json
from kcdesk.formdef import computing
from kcdesk.formdef.record import Record
from kcdesk.services.maintenance import opening
from kcdesk.services.papers import filling, printing
from tests.services import samples
from tests.services.samples import new


@pytest.fixture(scope="module")
def shared(tmp_path_factory):
    made, _key = opening.create_workspace(tmp_path_factory.mktemp("kho") / "kho", samples.practice_answers())
    yield made
    made.close()


@pytest.fixture
def text_of(shared, tmp_path):
    """The words of a paper in PDF, after a look at its Word file."""

    def read(id_, document):
        pdf, word = tmp_path / "a.pdf", tmp_path / "a.docx"
        printing.print_record(shared, id_, document, pdf, docx=word)
        assert len(docx.Document(word).tables) > 0
        with pypdfium2.PdfDocument(pdf) as paper:
            return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in paper).split())

    return read


@pytest.fixture
def december(shared, monkeypatch):
    """The clock stands after the first day of the papers' second versions."""
    _stands_on(shared, monkeypatch, date(2026, 12, 3))


@pytest.fixture
def november(shared, monkeypatch):
    """The clock stands on the last day of the papers' first versions."""
    _stands_on(shared, monkeypatch, date(2026, 11, 30))


def _stands_on(shared, monkeypatch, day):
    monkeypatch.setattr(moments, "now", lambda: datetime(day.year, day.month, day.day, 8, tzinfo=UTC))
    monkeypatch.setattr(shared, "today", lambda: day)


def names(workspace, id_):
    return {paper.name for paper in printing.papers_of(workspace, id_)}


def test_a_request_goes_to_the_office_above_until_the_proposal_is_decided(shared, text_of):
    proposal = samples.proposal(shared, title="Máy sấy chè (mẫu)")
    words = text_of(proposal, "approval_request")
    assert "TỜ TRÌNH Về việc đề nghị thẩm định, phê duyệt đề án khuyến công địa phương năm 2018" in words
    assert "Kính gửi: Sở Công Thương mẫu" in words
    assert "Máy sấy chè (mẫu)" in words
    assert "570.000.000" in words
    assert "200.000.000 đồng Bằng chữ: Hai trăm triệu đồng" in words
    assert "Bố cục do chương trình đề xuất" in words
    approved = samples.approved(shared)
    assert "approval_request" not in names(shared, approved)


def test_the_request_for_a_plan_lists_its_proposals(shared, text_of):
    words = text_of(new(shared, "plan", year=2027, programme="local"), "plan_submission")
    assert "Về việc phê duyệt kế hoạch khuyến công địa phương năm 2027" in words
    assert "Kính gửi: Sở Công Thương mẫu" in words


def test_a_contract_is_printed_with_its_budget_machines_and_progress(shared, text_of):
    proposal = samples.approved(shared)
    contract = samples.contract(shared, proposal, due_on="30/11/2018")
    assert {"contract_text", "liquidation_record"} <= names(shared, contract)
    assert not {"contract_annex", "task_assignment"} & names(shared, contract)
    words = text_of(contract, "contract_text")
    for said in (
        "HỢP ĐỒNG Hỗ trợ kinh phí thực hiện đề án khuyến công địa phương",
        "Số: 01/HĐ",
        "Bên A: Trung tâm Khuyến công mẫu",
        "Kinh phí khuyến công theo hợp đồng: 200.000.000 đồng Bằng chữ: Hai trăm triệu đồng",
        "đến hết ngày 30 tháng 11 năm 2018",
        "PHỤ LỤC 1. DỰ TOÁN KINH PHÍ",
        "PHỤ LỤC 2. MÁY MÓC, THIẾT BỊ",
        "(Kèm theo Hợp đồng số 01/HĐ ngày 05 tháng 3 năm 2018)",
    ):
        assert said in words
    assert "chưa đối chiếu với mẫu hợp đồng nào" in words
    planned = shared.store.record(proposal).rows("work_plan")
    assert [row["task"] for row in shared.store.record(contract).rows("schedule")] == [row["task"] for row in planned]


@pytest.mark.usefixtures("december")
def test_a_contract_without_machines_counts_its_annexes_on_and_party_a_signs_at_the_left(shared, text_of):
    proposal = samples.approved(shared)
    contract = samples.contract(shared, proposal, signed_on="2/12/2026", due_on="30/11/2027", machines=[])
    words = text_of(contract, "contract_text")
    assert "dự toán tại Phụ lục 1 và tiến độ tại Phụ lục 2" in words
    assert "PHỤ LỤC 2. TIẾN ĐỘ THỰC HIỆN" in words
    assert "PHỤ LỤC 3" not in words
    assert words.index("ĐẠI DIỆN BÊN A") < words.index("ĐẠI DIỆN BÊN B")


@pytest.mark.usefixtures("november")
def test_a_contract_printed_before_december_2026_has_party_b_at_the_left(shared, text_of):
    proposal = samples.approved(shared)
    words = text_of(samples.contract(shared, proposal, due_on="30/11/2018"), "contract_text")
    assert "máy móc, thiết bị tại Phụ lục 2 và tiến độ tại Phụ lục 3" in words
    assert words.index("ĐẠI DIỆN BÊN B") < words.index("ĐẠI DIỆN BÊN A")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Cụm công nghiệp Đồng Bành", "Tình hình đầu tư hạ tầng cụm công nghiệp Đồng Bành"),
        ("Đồng Bành", "Tình hình đầu tư hạ tầng cụm công nghiệp Đồng Bành"),
    ],
)
@pytest.mark.usefixtures("december")
def test_a_report_on_a_cluster_says_what_it_is_once(shared, text_of, name, said):
    cluster = new(shared, "proposal", activity="cluster_infrastructure", cluster_name=name, year=2026)
    words = text_of(cluster, "infrastructure_report")
    assert said in words
    assert "cụm công nghiệp Cụm" not in words


def test_an_adjusted_contract_has_its_latest_annex_on_paper(shared, text_of):
    annexes = [
        {"number": "01/PL", "signed_on": "1/6/2018", "content": "Đổi ký mã hiệu"},
        {"number": "02/PL", "signed_on": "1/9/2018", "content": "Gia hạn", "new_due_on": "15/12/2018"},
    ]
    proposal = samples.proposal(shared)
    contract = new(shared, "contract", proposal=proposal, number="9/HĐ", signed_on="5/3/2018", annexes=annexes)
    words = text_of(contract, "contract_annex")
    assert "Số: 02/PL" in words
    assert "Sửa đổi, bổ sung Hợp đồng số 9/HĐ ngày 05 tháng 3 năm 2018" in words
    assert "Điều 1. Nội dung sửa đổi, bổ sung: Gia hạn" in words
    assert "đổi thành 15/12/2018" in words
    assert "Đổi ký mã hiệu" not in words


def test_an_assignment_is_a_decision_in_place_of_a_contract(shared, text_of):
    proposal = samples.proposal(shared)
    values = {"party_a": "Sở Công Thương mẫu", "party_b": "Trung tâm Khuyến công mẫu", "value": 200_000_000}
    contract = new(shared, "contract", proposal=proposal, basis="assignment", number="8/QĐ-SCT", **values)
    assert "contract_text" not in names(shared, contract)
    words = text_of(contract, "task_assignment")
    assert "QUYẾT ĐỊNH Về việc giao nhiệm vụ thực hiện đề án khuyến công địa phương" in words
    assert "GIÁM ĐỐC SỞ CÔNG THƯƠNG MẪU" in words
    assert "Điều 1. Giao Trung tâm Khuyến công mẫu thực hiện đề án" in words
    assert "200.000.000 đồng (bằng chữ: hai trăm triệu đồng)" in words


MEMBERS = [
    {"name": "Trần Mẫu Một", "title": "Phó Giám đốc Sở", "role": "chair", "present": True, "vote": "approve"},
    {"name": "Lê Mẫu Hai", "title": "Trưởng phòng", "role": "member", "present": True, "vote": "supplement"},
    {"name": "Ngô Mẫu Ba", "title": "Chuyên viên", "role": "secretary", "present": True, "vote": "approve"},
    {"name": "Hồ Mẫu Tư", "title": "Chuyên viên", "role": "member", "present": False},
]


def test_the_council_of_a_local_appraisal_has_its_decision_and_its_minutes(shared, text_of):
    values = {
        "council_decision": "15/QĐ-SCT",
        "council_decided_on": "1/10/2026",
        "council_authority": "Giám đốc Sở Công Thương Lạng Sơn",
        "appraised_on": "5/10/2026",
        "conclusion": "supplement",
        "conclusion_note": "Bổ sung báo giá",
        "members": MEMBERS,
    }
    kind = {"level": "grassroots", "model": "4a", "body": "council"}
    appraisal = new(shared, "appraisal", proposal=samples.proposal(shared), **kind, **values)
    decision = text_of(appraisal, "council_decision")
    assert "ỦY BAN NHÂN DÂN TỈNH LẠNG SƠN SỞ CÔNG THƯƠNG LẠNG SƠN" in decision
    assert "Số: 15/QĐ-SCT" in decision
    assert "3 Ngô Mẫu Ba Chuyên viên Thư ký" in decision
    minutes = text_of(appraisal, "council_minutes")
    assert "(có mặt 3/4 thành viên)" in minutes
    votes = "2 đề nghị phê duyệt, 1 đề nghị bổ sung, hoàn chỉnh, 0 đề nghị không phê duyệt trên 3 phiếu"
    assert votes in minutes
    assert "Nội dung cần bổ sung, lý do: Bổ sung báo giá" in minutes
    assert "CHỦ TỊCH HỘI ĐỒNG" in minutes
    by_staff = new(shared, "appraisal", proposal=samples.proposal(shared), level="grassroots", model="4a", body="staff")
    assert not {"council_decision", "council_minutes"} & names(shared, by_staff)


def test_the_report_on_a_vote_has_its_results_and_what_became_of_the_holders(shared, text_of):
    """Điểm g khoản 2 và khoản 3 Điều 23 TT 26/2014/TT-BCT."""
    maker = samples.beneficiary(shared, name="Hợp tác xã miến dong mẫu")
    figures = {"yearly_output": "12 tấn", "yearly_revenue": 900_000_000, "workers": 14}
    product = new(shared, "typical_product", name="Miến dong", beneficiary=maker, **figures)
    vote = new(shared, "product_vote", name="Kỳ 2026", year=2026, judges=[{"name": "Người Mẫu Năm"}])
    entry = new(shared, "product_entry", product_vote=vote, typical_product=product)
    certified = {"certificate_number": "07/GCN", "certified_on": "2026-08-01", "expires_on": "2029-12-31"}
    with shared.store.act("Cấp giấy chứng nhận") as act:
        act.update(entry, {**certified, "state": shared.forms.workflow("product_entry").step("certify").to})
    words = text_of(vote, "vote_report")
    assert "Kính gửi: Sở Công Thương" in words
    assert "1 Miến dong Hợp tác xã miến dong mẫu" in words
    assert "07/GCN" in words
    assert "12 tấn 900.000.000 14" in words


def test_part_three_of_the_report_on_a_vote_says_what_establishments_raised(shared):
    maker = samples.beneficiary(shared, name="Cơ sở mộc mẫu")
    product = new(shared, "typical_product", name="Tủ mẫu", beneficiary=maker)
    vote = new(shared, "product_vote", name="Kỳ 2025", year=2025, judges=[{"name": "Người Mẫu Năm"}])
    new(shared, "product_entry", product_vote=vote, typical_product=product)
    raised = {"beneficiary": maker, "topic": "capital", "content": "Thiếu vốn lưu động", "wish": "Vay ưu đãi"}
    new(shared, "difficulty", raised_on="2025-05-06", **raised)
    new(shared, "difficulty", raised_on="2021-05-06", **(raised | {"content": "Chuyện đã lâu"}))
    new(shared, "difficulty", raised_on="2025-05-06", **(raised | {"beneficiary": samples.beneficiary(shared)}))
    layout = shared.layouts.current("vote_report", date(2026, 12, 1))
    document = filling.filled(shared, shared.store.record(vote), layout).document
    words = block_json.to_json(document).decode()
    assert words.count("Thiếu vốn lưu động (vốn, tín dụng)") == 1
    assert "Vay ưu đãi" in words
    assert "Chưa xử lý" in words
    assert "Chuyện đã lâu" not in words


def test_vouchers_of_a_visit_are_never_less_than_none(shared):
    """What is done without vouchers, and vouchers beyond what is done, are two figures, neither negative."""
    form = shared.forms.get("acceptance", 4)
    for done, vouched, missing, beyond in ((100, 40, 60, 0), (40, 100, 0, 60), (100, None, 100, 0), (None, 30, 0, 30)):
        rows = {"budget": [{"id": "b", "item": "Máy", "done": done}], "vouchers": [{"id": "v", "amount": vouched}]}
        record = Record("x", "acceptance", form, rows, forms=shared.forms)
        computing.compute_all(form, record.data, shared.forms)
        figures = (record.value("vouchers_missing"), record.value("vouchers_beyond"))
        assert figures == (missing, beyond), (done, vouched)


def test_a_unit_that_issues_invoices_has_no_empty_table_of_vouchers(shared):
    layout = shared.layouts.current("volume_vouchers", date(2026, 12, 1))
    form = shared.forms.current("settlement")
    for issues, suits in ((True, False), (False, True), (None, True)):
        data = {"force_majeure": True} | ({} if issues is None else {"issues_invoice": issues})
        assert layout.suits(Record("x", "settlement", form, data, forms=shared.forms), {}) is suits, issues

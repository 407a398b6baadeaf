"""The papers that the circular asks for and that belong to no visit, read back from PDFs: one store, one table."""

from __future__ import annotations

from datetime import date

import pytest
from pypdfium2 import PdfDocument

from kcdesk.errors import UserError
from kcdesk.services.maintenance import opening
from kcdesk.services.overview import monthly_progress
from kcdesk.services.papers import printing
from kcdesk.services.records import changing
from tests.services import lives, samples
from tests.services.samples import begin

LONG = ("Hỗ trợ đào tạo nghề chế biến nông sản cho lao động nông thôn " * 4)[:199] + "X"
AGENCY = "Cục Công nghiệp"  # its name since 2026; bên A of the sample contracts has another one
SEPTEMBER = date(2018, 9, 5)
NUMBERS = ("Mẫu 3", "Mẫu số 3", "Mẫu 9", "Mẫu số 9", "Mẫu 1", "Mẫu số 1", "Phụ lục 1 TT 36")
PARTY_A = "Cục Công Thương địa phương (mẫu)"
EVENT = "Lũ quét ngày 10/9/2018 cuốn trôi xưởng (mẫu)"


class Played:
    """A store with a national scheme that ran to its settlement, a local one, and one stopped by a flood."""

    def __init__(self, folder) -> None:
        opening.create(folder, samples.practice_answers())
        self.workspace = opening.open_workspace(folder)
        self.national = self._ran("vocational_training", "national", title=LONG)
        self.local = self._ran("vocational_training", "local", title="Đề án địa phương (mẫu)")
        self.flooded = self._ran("brand", "national", title="Đề án gặp lũ (mẫu)", flood=True)
        self.cluster = lives.write(self.workspace, "cluster_infrastructure", "national")

    def _ran(self, activity, programme, *, title, flood=False):
        workspace = self.workspace
        id_ = lives.write(workspace, activity, programme)
        plan = [
            {"task": "Khảo sát nhu cầu", "responsible": "Trung tâm", "starts_on": "1/3/2018", "ends_on": "31/3/2018"},
            {"task": "Mở lớp", "responsible": "Trung tâm", "starts_on": "1/10/2018", "ends_on": "30/11/2018"},
        ]
        changing.set_values(workspace, id_, {"title": title, "work_plan": plan, "implementing_title": "Giám đốc"})
        lives.approve(workspace, id_)
        contract = samples.contract(
            workspace,
            id_,
            basis="contract",
            value=4_000_000,
            party_a=PARTY_A,
            due_on="30/11/2018",
        )
        lives.take(workspace, id_, "contract", "start")
        lives.pay(workspace, id_, "advance", amount=1_000_000, contract=contract)
        lives.accept(workspace, id_)
        settlement = begin(workspace, id_, "settlement")
        values = {"settled_on": "20/12/2018", "settled_support": 4_000_000, "contract": contract}
        changing.set_values(workspace, settlement, values)
        if flood:
            self._confirm(settlement)
        return {"proposal": id_, "contract": contract, "settlement": settlement}

    def _confirm(self, settlement):
        workspace = self.workspace
        changing.set_values(workspace, settlement, {"force_majeure": True})
        (volume,) = workspace.store.record(settlement).rows("volumes")
        assert (volume["item"], volume["contracted_value"]) == ("Khoản mẫu", 100_000_000), "taken over from the budget"
        people = (("department", "Phó Giám đốc", "Sở Công Thương"), ("commune", "Phó Chủ tịch", "UBND xã Mẫu"))
        voucher = {"number": "UNC 07", "dated": "12/9/2018", "content": "In nhãn", "amount": 2_000_000}
        values = {
            "event": EVENT,
            "explanation": "Không thể giao hàng",
            "confirmed_on": "15/9/2018",
            "volumes": [volume | {"done_value": 2_000_000, "done_support": 1_500_000}],
            "confirmers": [
                {"party": party, "title": title, "organisation": organisation, "name": "Người Mẫu Bảy"}
                for party, title, organisation in people
            ],
            "vouchers": [voucher | {"support": 1_500_000}],
            "settled_support": 1_500_000,
        }
        changing.set_values(workspace, settlement, values)

    def text(self, tmp, id_, layout):
        made = tmp / f"{layout}.pdf"
        printing.print_record(self.workspace, id_, layout, made, docx=tmp / f"{layout}.docx")
        with PdfDocument(made) as pdf:
            pages = [page.get_textpage().get_text_bounded() for page in pdf]
        return " ".join("\n".join(pages).split())

    def offered(self, id_):
        return {paper.name: paper.title for paper in printing.papers_of(self.workspace, id_)}


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    play = Played(tmp_path_factory.mktemp("asked") / "store")
    yield play
    play.workspace.close()


LIABLE = "chịu trách nhiệm về tính chính xác, trung thực và đầy đủ của số liệu"
PROOF = "Bố cục do chương trình đề xuất, chưa đối chiếu với Mẫu số {} Phụ lục 1 TT 36/2013/TT-BCT"
FORMS = {
    "volume_report": "3b",
    "progress_report": "3a",
    "plan_11": "11",
    "training_programme": "12",
    "payment_form": "9",
    "settlement_reconciliation": "10",
}
TABLE = {  # whose paper, which, what must stand on it, as it was written down when the store was played
    ("national", "contract", "volume_report"): (LONG, f"{PARTY_A}; Sở Công Thương", "số 01/HĐ", LIABLE),
    ("national", "contract", "progress_report"): (LONG, "Khảo sát nhu cầu", "31/3/2018", "chưa kiểm tra", LIABLE),
    ("national", "proposal", "plan_11"): ("Mở lớp", "SỞ CÔNG THƯƠNG PHÊ DUYỆT", AGENCY, "GIÁM ĐỐC"),
    ("national", "proposal", "training_programme"): ("CHƯƠNG TRÌNH ĐÀO TẠO NGHỀ", "Số lao động dự kiến"),
    ("national", "proposal", "result_report"): (f"Kính gửi: {AGENCY}", "05/12/2018", "100.000.000", "chưa có"),
    ("national", "settlement", "payment_form"): ("4.000.000", "Bốn triệu đồng", "3.000.000", "05/12/2018"),
    ("national", "settlement", "settlement_reconciliation"): (PARTY_A, "01/HĐ", "năm 2018"),
    ("flooded", "settlement", "force_majeure_letter"): (EVENT, PARTY_A, "2.000.000 đồng", "1.500.000"),
    ("flooded", "settlement", "volume_confirmation"): (
        "ỦY BAN NHÂN DÂN TỈNH LẠNG SƠN", EVENT, "Người Mẫu Bảy", "UBND XÃ MẪU",
        "KT. GIÁM ĐỐC PHÓ GIÁM ĐỐC", "2.000.000",
    ),
    ("flooded", "settlement", "volume_vouchers"): ("UNC 07", "12/9/2018", "2.000.000"),
    ("local", "contract", "volume_report"): ("Đề án địa phương (mẫu)", "100.000.000", LIABLE),
    ("local", "contract", "progress_report"): ("Đề án địa phương (mẫu)", "Khảo sát nhu cầu"),
    ("local", "proposal", "plan_11"): ("Đề án địa phương (mẫu)", "Mở lớp"),
    ("local", "proposal", "training_programme"): ("CHƯƠNG TRÌNH ĐÀO TẠO NGHỀ",),
    ("local", "proposal", "result_report"): ("Đề án địa phương (mẫu)", "khuyến công địa phương"),
    ("local", "settlement", "payment_form"): ("4.000.000", "Bốn triệu đồng"),
    ("local", "settlement", "settlement_reconciliation"): ("01/HĐ", "4.000.000"),
}  # fmt: skip


def test_each_paper_says_what_its_article_asks_for(played, tmp_path):
    for (whose, kind, layout), wanted in TABLE.items():
        printed = played.text(tmp_path, getattr(played, whose)[kind], layout)
        assert [words for words in wanted if words not in printed] == [], layout
        assert (tmp_path / f"{layout}.docx").stat().st_size > 5_000
        if whose == "national" and layout in FORMS:
            assert PROOF.format(FORMS[layout]) in printed, layout
        if whose == "local":
            assert [words for words in NUMBERS if words in printed] == [], layout
            assert AGENCY not in printed, layout


def test_a_local_scheme_is_offered_no_paper_with_a_national_number(played):
    for whose, ids in (("national", played.national), ("local", played.local)):
        labels = {name: label for id_ in ids.values() for name, label in played.offered(id_).items()}
        asked = {name for person, _kind, name in TABLE if person == whose}
        assert asked <= labels.keys()
        named = {name: f"(Mẫu {number})" for name, number in FORMS.items()} if whose == "national" else {}
        assert [name for name in asked if named.get(name, "") not in labels[name]] == []
        assert any("Mẫu" in labels[name] for name in asked) is (whose == "national")
    assert "infrastructure_report" in played.offered(played.cluster)
    assert "implementation_plan" in played.offered(played.flooded["proposal"]), "Điểm b khoản 2 Điều 13 names no form"
    assert not {"implementation_plan", "infrastructure_report"} & played.offered(played.local["proposal"]).keys()


def test_the_plan_of_a_scheme_waits_for_its_approval(played):
    assert "plan_11" not in played.offered(played.cluster)
    assert "result_report" not in played.offered(played.cluster)


def papers_of_settlement(played, whose, **answers):
    workspace, id_ = played.workspace, getattr(played, whose)["settlement"]
    changing.set_values(workspace, id_, answers)
    return [row["item"].partition(" (")[0] for row in workspace.store.record(id_).rows("papers")]


def test_the_papers_of_a_settlement_follow_its_case(played):
    asked = papers_of_settlement(played, "national", asks_payment=None, last_of_year=None)
    assert "Biểu đề nghị thanh toán kinh phí thực hiện đề án" in asked
    assert "Bảng đối chiếu kinh phí" in asked
    fewer = papers_of_settlement(played, "national", asks_payment=False, last_of_year=False)
    assert set(asked) - set(fewer) == {"Biểu đề nghị thanh toán kinh phí thực hiện đề án", "Bảng đối chiếu kinh phí"}
    late = papers_of_settlement(played, "national", late_reason="Chờ hóa đơn")
    assert "Biểu đề nghị thanh toán kinh phí thực hiện đề án" in late, (
        "khoản 3 Điều 18: whoever is late always needs it"
    )
    papers_of_settlement(played, "national", asks_payment=None, last_of_year=None, late_reason=None)
    flooded = papers_of_settlement(played, "flooded", last_of_year=False)
    assert [item.partition(" của ")[0] for item in flooded] == [
        "Văn bản giải trình", "Biên bản nghiệm thu xác nhận khối lượng đã thực hiện",
        "Chứng từ chi cho khối lượng công việc đã thực hiện",
    ], "khoản 4 Điều 18 names three papers"  # fmt: skip


def test_more_than_the_confirmed_volume_is_not_settled(played):
    workspace, id_ = played.workspace, played.flooded["settlement"]
    changing.set_values(workspace, id_, {"settled_support": 1_600_000})
    problems = [problem.message for problem in workspace.store.record(id_).problems()]
    assert any("1.600.000" in said and "vượt 100.000" in said for said in problems)
    changing.set_values(workspace, id_, {"settled_support": 1_500_000})


def test_the_monthly_report_is_about_national_contracts_only(played, tmp_path):
    rows = monthly_progress.month_rows(played.workspace, SEPTEMBER)
    assert [(row.title, row.amounts["paid_now"], row.amounts["paid"]) for row in rows] == [
        (LONG, "1.000.000", "1.000.000"),
        ("Đề án gặp lũ (mẫu)", "1.000.000", "1.000.000"),
        ("", "2.000.000", "2.000.000"),
    ]
    assert rows[0].next_tasks == "Mở lớp", "October is the month after"
    assert rows[0].troubles == rows[1].troubles == "chưa có"
    october, december = (monthly_progress.month_rows(played.workspace, date(2018, m, 9)) for m in (10, 12))
    assert (october[0].amounts["paid_now"], october[0].amounts["paid"]) == ("0", "1.000.000")
    assert (october[0].amounts["accepted"], december[0].amounts["accepted"]) == ("0", "4.000.000")
    monthly_progress.write_month(
        played.workspace, monthly_progress.VOLUME, SEPTEMBER, rows, pdf=tmp_path / "m.pdf", docx=tmp_path / "m.docx"
    )
    with PdfDocument(tmp_path / "m.pdf") as pdf:
        printed = " ".join(" ".join(page.get_textpage().get_text_bounded() for page in pdf).split())
    wanted = (f"Kính gửi: {AGENCY}; Sở Công Thương mẫu", "tháng 9/2018", LONG, "2.000.000", PROOF.format("3b"))
    assert [words for words in wanted if words not in printed] == []
    assert "Đề án địa phương (mẫu)" not in printed


def test_the_money_of_a_province_stands_on_no_national_form(played, tmp_path):
    printed = played.text(tmp_path, played.national["settlement"], "settlement_reconciliation")
    assert [words for words in (LONG, "Đề án gặp lũ (mẫu)", "8.000.000") if words not in printed] == []
    assert "Đề án địa phương (mẫu)" not in printed, "signed between the same parties in the same year"


def test_a_month_without_such_a_contract_is_refused_with_the_way_out(played):
    february = date(2018, 2, 1)
    rows = monthly_progress.month_rows(played.workspace, february)
    with pytest.raises(UserError, match="không có hợp đồng khuyến công quốc gia nào") as refused:
        monthly_progress.month_paper(played.workspace, monthly_progress.VOLUME, february, rows)
    assert (refused.value.code, refused.value.hint[:13]) == ("nothing_to_report", "Báo cáo tháng")
    with pytest.raises(UserError, match="lập cho một tháng"):
        monthly_progress.month_named("2018")


def test_every_paper_of_a_deadline_is_there(played):
    workspace = played.workspace
    for rule in workspace.calendar.deadlines:
        for name in rule.papers:
            layout = workspace.layouts[name]
            assert layout.kind == rule.kind or (rule.every and layout.kind in ("contract_month", "summary")), rule.id

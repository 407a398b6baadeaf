"""The definitions that we ship: they load, cite their source, and hold the names that other code relies on."""

from __future__ import annotations

import re
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kcdesk import paths
from kcdesk.errors import UserError
from kcdesk.formdef import model
from kcdesk.formdef.activities import Activity
from kcdesk.formdef.computing import COMPUTATIONS
from kcdesk.formdef.conditions import COMPARISONS, holds
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.loader import load
from kcdesk.formdef.model import Field
from kcdesk.formdef.new_record import new_record
from kcdesk.formdef.record import Record
from kcdesk.formdef.rules import CHECKS, PLACEHOLDERS
from kcdesk.formdef.searched_fields import searched_fields
from kcdesk.formdef.types.registry import TYPES
from kcdesk.runtime import frozen

TODAY = date(2026, 3, 5)
DETAILED = ("machinery", "demonstration_model", "vocational_training")
README = (paths.forms() / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def forms() -> Forms:
    return load()


def every_field(forms: Forms) -> list[Field]:
    top = [field for form in forms.all for field in form.fields]
    return top + [column for field in top for column in field.columns]


def names(items: Any) -> set[str]:
    return {item.name for item in items}


# ---- names that other code relies on (docs: command line)


@pytest.mark.parametrize(
    ("kind", "wanted"),
    [
        (
            "beneficiary",
            "name legal_form tax_code registration_number representative citizen_id phone address place sector workers",
        ),
        (
            "proposal",
            "title year programme scheme activity beneficiaries approved_support budget machines results sites",
        ),
        ("contract", "proposal number signed_on value budget machines"),
        (
            "acceptance",
            "proposal contract contract_signed_on site beneficiary visited_on conclusion participants checklist"
            " model previous planned_on force_majeure photos plate_photos signed_papers vouchers remedies revisit_on",
        ),
        ("inspection", "proposal contract purpose planned_on visited_on site participants findings progress remedies"),
    ],
)
def test_forms_hold_the_promised_fields(forms: Forms, kind: str, wanted: str) -> None:
    assert set(wanted.split()) <= names(forms.current(kind, TODAY).fields)


@pytest.mark.parametrize(
    ("kind", "table", "row", "wanted"),
    [
        ("proposal", "budget", "budget_line", "item unit quantity cost national local counterpart other"),
        ("proposal", "machines", "machine", "name maker model quantity unit_price amount"),
        ("proposal", "results", "result", "goal unit before target"),
        ("proposal", "sites", "site", "beneficiary name address place support"),
        ("contract", "budget", "budget_line", "item unit quantity cost national local counterpart other"),
        ("contract", "machines", "machine", "name maker model quantity unit_price amount"),
        ("acceptance", "participants", "participant", "party name title"),
        ("acceptance", "checklist", "checklist_item", "code group item source paper_form result finding note"),
        ("acceptance", "vouchers", "voucher", "number issued_on content amount item"),
        ("acceptance", "remedies", "remedy", "remedy responsible due_on done done_on note"),
        ("inspection", "progress", "progress_line", "item contracted claimed found difference"),
        ("inspection", "remedies", "remedy", "remedy responsible due_on done done_on note"),
        (
            "acceptance",
            "machines",
            "machine",
            "name maker model serial_number year quantity value contracted_name contracted_quantity contracted_value"
            " origin is_new unit_price invoice invoiced_on",
        ),
        ("acceptance", "budget", "budget_line", "item planned contracted done accepted accepted_counterpart"),
        ("acceptance", "results", "result", "goal unit before target actual percent gap"),
    ],
)
def test_rows_hold_the_promised_columns(forms: Forms, kind: str, table: str, row: str, wanted: str) -> None:
    field = forms.current(kind, TODAY).field(table)
    assert field.row == row
    assert set(wanted.split()) <= names(field.columns)


def test_the_proposal_has_the_eight_parts_of_the_circular_in_its_order(forms: Forms) -> None:
    parts = [
        int(found[1])
        for section in forms.current("proposal", TODAY).sections
        if (found := re.match(r"Khoản (\d) Điều 5 .*TT 36/2013", section.source.replace("và Mẫu số 1 Phụ lục 1 ", "")))
    ]
    assert parts == [1, 2, 3, 4, 5, 6, 7, 8]


def test_only_the_province_owns_its_word(forms: Forms) -> None:
    proposal = forms.current("proposal", TODAY)
    owned = [field.name for field in proposal.fields if field.owner == "province"]
    section = next(section for section in proposal.sections if section.id == "province")
    assert owned == [field.name for field in section.fields]
    result = forms.choices(proposal.field("province_result"))
    assert [choice.value for choice in result] == ["received", "returned", "approved", "rejected"]


def test_every_kind_can_be_listed_found_and_begun(forms: Forms) -> None:
    for form in forms.all:
        assert form.title
        assert form.list
        assert searched_fields(form)
        assert form.sort
        assert form.new_label
        assert "Ctrl+N" in form.empty_text


def test_personal_data_is_marked(forms: Forms) -> None:
    beneficiary = forms.current("beneficiary", TODAY)
    for name in ("representative", "citizen_id", "phone", "email"):
        assert beneficiary.field(name).personal
    assert beneficiary.field("citizen_id_files").sensitive
    assert beneficiary.field("minority_owned").sensitive
    assert forms.current("acceptance", TODAY).field("participants").column("name").personal
    for form in forms.all:
        searched = searched_fields(form)
        assert not any(item.sensitive for field in searched for item in (field, *field.columns))


# ---- sources


def test_what_is_said_to_be_law_names_its_text(forms: Forms) -> None:
    cited = re.compile(r"(NĐ|TT|TTLT|QĐ) \d+/\d{4}|Luật [\w ]+ \d+/\d{4}/QH\d+")
    own = "Đề xuất của chương trình, chưa có văn bản quy định"
    sources = [(item.source, item.unverified) for item in (*every_field(forms), *forms.activities, *forms.all)]
    sources += [(item.source, item.unverified) for each in forms.checklists for item in (*each.papers, *each.facts)]
    sources += [(section.source, False) for form in forms.all for section in form.sections]
    wrong = [
        text for text, unverified in sources if text and not cited.search(text) and not (text == own and unverified)
    ]
    assert not wrong


def test_rules_of_the_circulars_carry_a_source_or_are_marked(forms: Forms) -> None:
    assert all(activity.source for activity in forms.activities)
    assert all(item.source for each in forms.checklists for item in (*each.papers, *each.facts))
    assert all(form.source for form in forms.all)
    for field in every_field(forms):
        if field.choices_from and field.choices_from != "activities":
            assert shared_source(field.choices_from), field.name


def shared_source(name: str) -> str:
    return str(tomllib.loads((paths.forms() / "choices.toml").read_text(encoding="utf-8"))[name]["source"])


def test_what_nobody_has_read_is_marked(forms: Forms) -> None:
    """Of NĐ 235/2025 only points a and b of khoản 1 Điều 1 have been read."""
    items: list[Any] = [*every_field(forms), *forms.activities]
    items += [choice for field in every_field(forms) for choice in forms.choices(field)]
    for item in items:
        if "235/2025" in item.source and "khoản 1 Điều 1 NĐ 235/2025" not in item.source.replace("K", "k"):
            assert item.unverified, item.label


def test_every_shared_list_is_used(forms: Forms) -> None:
    used = {field.choices_from for field in every_field(forms)} | {"activity_groups"}
    assert used - {""} == set(forms.shared_names)


# ---- activities and checklists


def test_activities_are_those_of_the_glossary_each_in_a_group(forms: Forms) -> None:
    glossary = (paths.forms() / "glossary.md").read_text(encoding="utf-8")
    groups = tomllib.loads((paths.forms() / "choices.toml").read_text(encoding="utf-8"))["activity_groups"]
    assert not [activity.code for activity in forms.activities if f"`{activity.code}`" not in glossary]
    assert {activity.group for activity in forms.activities} == {choice["value"] for choice in groups["choices"]}


def test_every_activity_gets_the_papers_that_are_always_required(forms: Forms) -> None:
    """Điều 13 and Điều 15, of two activities, ask for no report of the results."""
    without_report = {"start_up", "relocation_interest"}
    for activity in forms.activities:
        rows = papers_of(forms, activity.code)
        assert any("Biên bản nghiệm thu cơ sở" in row["item"] for row in rows), activity.code
        assert any("Mẫu số 3b" in row["item"] for row in rows), activity.code
        has_report = any("Báo cáo tổng hợp kết quả" in row["item"] for row in rows)
        assert has_report is (activity.code not in without_report)


def papers_of(forms: Forms, activity: str, **proposal: Any) -> list[dict[str, str]]:
    rows = forms.checklist_items({"activity": activity, **proposal}, TODAY)
    return [row for row in rows if row["group"] == "paper"]


def test_every_activity_with_a_site_has_a_checklist_of_papers_and_facts(forms: Forms) -> None:
    for activity in forms.activities:
        checklist = forms.checklist(activity.code, TODAY)
        if activity.visit:
            assert checklist is not None, activity.code
            assert checklist.papers
            assert len(checklist.facts) >= 3
        else:
            assert checklist is None, activity.code
    assert {"international_cooperation", "programme_management"} <= {a.code for a in forms.activities if not a.visit}


PAID_IN_FULL = "Bảng kê chứng từ thanh toán kèm theo chứng từ chi tương ứng 100% số kinh phí thực hiện"

# Điều 14 TT 36/2013/TT-BCT, khoản by khoản: what each paper is called there.
CLAUSES = {
    1: "vocational_training",
    2: "consultancy management_training",
    3: "demonstration_model model_replication",
    4: "technology_transfer",
    5: "machinery",
    6: "cleaner_production_assessment",
    7: "brand",
    8: "information e_commerce",
    9: "association",
    10: "fair_organisation",
    11: "fair_participation",
    12: "linked_cluster",
    13: "cluster_planning",
    14: "cluster_infrastructure cluster_treatment site_treatment",
    15: "design_contest",
}
MODEL = [
    "Hóa đơn chứng từ hạng mục được hỗ trợ",
    "Danh sách đại biểu tham dự hội nghị mô hình trình diễn kỹ thuật (có chữ ký của đại biểu)",
    "Tài liệu giới thiệu mô hình",
    "danh sách ký nhận tiền ăn, tiền thuê chỗ nghỉ, tiền đi lại của đại biểu",
]
SUPPLIER = [
    "Hợp đồng của nhà thầu hoặc nhà cung cấp dịch vụ",
    "Biên bản nghiệm thu hợp đồng",
    "Biên bản thanh lý hợp đồng",
    "Danh sách các sản phẩm kèm theo sản phẩm mẫu (nếu có)",
    "Giấy phép hoạt động (đối với trang thông tin điện tử)",
]
COMPLETION = [
    "Biên bản nghiệm thu hoàn thành hạng mục hoặc công trình (được hỗ trợ) đưa vào sử dụng của chủ đầu tư",
    "Bảng xác định giá trị khối lượng công việc hoàn thành",
]
STANDARD = "Văn bản xác nhận kết quả đầu ra đạt chuẩn quy định của hệ thống xử lý ô nhiễm môi trường"
AUDIT = "Báo cáo kiểm toán quyết toán hạng mục hoặc công trình được hỗ trợ của đơn vị kiểm toán độc lập"
PAPERS = {
    "consultancy": [
        "Hợp đồng thuê tư vấn",
        "kèm theo sản phẩm hoặc kết quả của hoạt động tư vấn",
        "Biên bản thanh lý hợp đồng thuê tư vấn",
        PAID_IN_FULL,
    ],
    "management_training": [
        "Danh sách học viên được cấp chứng nhận (có chữ ký của học viên)",
        "Giáo trình, tài liệu đào tạo",
        "danh sách ký nhận tiền ăn của học viên (nếu có)",
        "Danh sách đại biểu tham dự (có chữ ký của đại biểu)",
        "Tài liệu",
        "danh sách ký nhận tiền ăn, tiền thuê chỗ nghỉ, tiền đi lại của đại biểu không hưởng lương",
    ],
    "model_replication": MODEL,
    "demonstration_model": MODEL,
    "technology_transfer": [
        "Hợp đồng chuyển giao công nghệ",
        "Biên bản nghiệm thu hợp đồng chuyển giao công nghệ",
        "Biên bản thanh lý hợp đồng chuyển giao công nghệ",
    ],
    "cleaner_production_assessment": [
        "Báo cáo đánh giá sản xuất sạch hơn được cơ quan có thẩm quyền phê duyệt",
        "tài liệu có liên quan",
    ],
    "brand": [
        "Giấy chứng nhận đăng ký thương hiệu hoặc nhãn hiệu hàng hóa",
        "Quy chế sử dụng nhãn hiệu (đối với nhãn hiệu tập thể)",
        "Chiến lược hoặc kế hoạch xây dựng quảng bá thương hiệu",
        PAID_IN_FULL,
    ],
    "information": SUPPLIER,
    "e_commerce": SUPPLIER,
    "association": [
        "Quyết định thành lập hiệp hội, hội ngành nghề do cấp có thẩm quyền phê duyệt",
        "Điều lệ hoạt động của hiệp hội, hội ngành nghề do cấp có thẩm quyền phê duyệt",
        "Danh sách các hội viên",
        PAID_IN_FULL,
    ],
    "fair_organisation": [
        "có xác nhận của Sở Công Thương nơi tổ chức (bản chính)",
        "Hợp đồng thuê gian hàng giữa đơn vị được hỗ trợ và đơn vị sự kiện tổ chức hội chợ, triển lãm",
    ],
    "fair_participation": [
        "Danh sách cơ sở công nghiệp nông thôn được hỗ trợ kinh phí khuyến công quốc gia tham gia hội chợ",
        "Hợp đồng thuê gian hàng giữa cơ sở công nghiệp nông thôn và đơn vị sự kiện tổ chức hội chợ",
        "Hóa đơn tài chính của đơn vị sự kiện",
    ],
    "linked_cluster": ["Quyết định phê duyệt cụm liên kết của cơ quan có thẩm quyền", PAID_IN_FULL],
    "cluster_planning": ["Quyết định phê duyệt quy hoạch chi tiết của cơ quan có thẩm quyền", PAID_IN_FULL],
    "cluster_infrastructure": [*COMPLETION, AUDIT],
    "cluster_treatment": [*COMPLETION, STANDARD, AUDIT],
    "site_treatment": [*COMPLETION, STANDARD],
    "design_contest": [
        "Quyết định thành lập Ban Tổ chức",
        "Quyết định thành lập Ban Giám khảo",
        "Quyết định kèm danh sách đạt giải thưởng",
    ],
    "vocational_training": [
        "Quyết định cấp chứng chỉ hoặc chứng nhận",
        "Danh sách học viên được cấp chứng chỉ hoặc chứng nhận (có chữ ký của học viên)",
        "Danh sách lao động được sử dụng sau đào tạo",
        "danh sách ký nhận tiền ăn, tiền đi lại của học viên (nếu có)",
    ],
    "machinery": [
        "Hợp đồng mua máy móc",
        "Biên bản nghiệm thu hợp đồng mua máy móc",
        "Biên bản thanh lý hợp đồng mua máy móc",
    ],
}


@pytest.mark.parametrize(
    ("clause", "activity"), [(clause, code) for clause, codes in CLAUSES.items() for code in codes.split()]
)
def test_checklists_hold_the_papers_of_the_circular(forms: Forms, clause: int, activity: str) -> None:
    papers = papers_of(forms, activity)[3:]  # after those that every activity needs
    assert len(papers) == len(PAPERS[activity])
    for paper, words in zip(papers, PAPERS[activity], strict=True):
        assert words in paper["item"]
        assert re.search(rf"[Kk]hoản {clause} Điều 14 TT 36/2013/TT-BCT", paper["source"])


def test_activities_beside_the_article_have_the_papers_of_theirs(forms: Forms) -> None:
    start_up = [paper["source"] for paper in papers_of(forms, "start_up")[2:]]
    assert set(start_up) == {"Điểm b khoản 3 Điều 13 TT 36/2013/TT-BCT"}
    relocation = papers_of(forms, "relocation_interest")[2:]
    assert len(relocation) == 5
    assert {paper["source"] for paper in relocation} == {"Khoản 1 Điều 15 TT 36/2013/TT-BCT"}
    unlisted = forms.checklist("showroom", TODAY)
    assert unlisted is not None
    assert unlisted.unverified
    assert all(paper.unverified for paper in unlisted.papers)


def test_a_visit_has_no_two_items_of_one_code(forms: Forms) -> None:
    for checklist in forms.checklists:
        now = forms.checklist("common", TODAY)
        both = {id(each): each for each in (now, checklist) if each.activity != "common" or each is now}
        codes = [item.code for each in both.values() for item in (*each.papers, *each.facts)]
        assert len(codes) == len(set(codes)), checklist.activity


def test_every_item_of_a_checklist_can_be_met_on_a_visit(forms: Forms) -> None:
    """A condition that no activity with this checklist fulfils would be an item that nobody ever sees."""
    for activity_list in forms.checklists:
        users = [a.code for a in forms.activities if activity_list in (forms.checklist(a.code, TODAY),)]
        for item in (*activity_list.papers, *activity_list.facts):
            wanted = item.when.get("activity")
            if isinstance(wanted, str | tuple):
                assert set([wanted] if isinstance(wanted, str) else wanted) <= set(users), item.code


def test_checklists_follow_the_proposal(forms: Forms) -> None:
    def codes(proposal: dict[str, object]) -> set[str]:
        return {row["code"] for row in forms.checklist_items(proposal, TODAY)}

    assert "line_complete" in codes({"activity": "machinery", "production_line": True})
    assert "line_complete" not in codes({"activity": "machinery"})
    model_a = codes({"activity": "demonstration_model", "model_type": "new_technology", "programme": "national"})
    model_b = codes({"activity": "demonstration_model", "model_type": "replication", "programme": "national"})
    assert {"technology_new", "technology_better"} <= model_a - model_b
    assert "effect_outstanding" in model_b - model_a


def test_each_detailed_activity_has_a_part_of_its_own_in_the_proposal(forms: Forms) -> None:
    sections = [
        section for section in forms.current("proposal", TODAY).sections if "activities" in section.visible_when
    ]
    for activity in DETAILED:
        assert any(holds(section.visible_when, {"activity": activity}) for section in sections)


# ---- workflow


def test_a_proposal_can_go_all_the_way_to_accepted(forms: Forms) -> None:
    workflow = forms.workflow("proposal")
    state, steps = workflow.initial, ["finalise", "approve", "contract", "accept"]
    for name in steps:
        step = next(step for step in workflow.leaving(state) if step.name == name)
        state = step.to
    assert state == "accepted"


def test_every_state_is_reached_and_final_papers_can_be_corrected(forms: Forms) -> None:
    for kind in forms.kinds:
        workflow = forms.workflow(kind)
        assert {step.to for step in workflow.transitions} | {workflow.initial} == names(workflow.states)
        if kind == "task" or not workflow.transitions:
            continue  # is no paper
        locking = [step for step in workflow.leaving("draft") if step.complete]
        assert locking, kind
        for step in locking:
            assert step.snapshot
            assert not workflow.state(step.to).editable
            correct = next(back for back in workflow.leaving(step.to) if back.name == "correct")
            assert (correct.to, correct.needs_reason, correct.new_revision) == ("draft", True, True)


def test_the_copy_of_a_paper_is_filed_after_the_step_that_the_paper_brought_about(forms: Forms) -> None:
    """A decision is signed, recorded by its number, and scanned afterwards: the place of the scan stays open."""
    shut = []
    for workflow in map(forms.workflow, forms.kinds):
        for section in forms.current(workflow.kind, TODAY).sections:
            numbers = {field.name for field in section.fields if field.name.endswith("_number")}
            scans = [field.name for field in section.fields if field.type == "files"]
            for step in workflow.transitions:
                state = workflow.state(step.to)
                if numbers & set(step.requires) and not state.editable:
                    named = f"{workflow.kind}: {step.name}, "
                    shut += [named + scan for scan in scans if not state.leaves_open(section.id, scan)]
    assert shut == []


def test_approval_is_entered_while_the_rest_is_locked(forms: Forms) -> None:
    final = forms.workflow("proposal").state("final")
    assert set(final.open_sections) == {"approval", "province"}
    approve = next(step for step in forms.workflow("proposal").leaving("final") if step.name == "approve")
    section = next(part for part in forms.current("proposal", TODAY).sections if part.id == "approval")
    assert set(approve.requires) <= names(section.fields)
    assert not any(field.required for field in section.fields)


# ---- filled in: the machine of Hậu Giang 2018 (570 triệu, of which 200 triệu supported), and made-up other parts


def filled(forms: Forms, kind: str, values: dict[str, Any]) -> Record:
    record = new_record(forms, kind, "r1", TODAY)
    for path, raw in values.items():
        record.parse(path, raw)
    return record


def problem_fields(record: Record) -> list[str]:
    return [re.sub(r"/[^/]+/", "/", problem.field) for problem in record.problems(final=True)]


MONEY = {"item": "Máy mẫu", "cost": 570_000_000, "local": 200_000_000, "counterpart": 370_000_000}
PROPOSAL = {
    "title": "Hỗ trợ ứng dụng máy móc tiên tiến (mẫu)",
    "year": 2018,
    "programme": "local",
    "scheme": "single",
    "activity": "machinery",
    "implementing_unit": "Trung tâm Khuyến công (mẫu)",
    "beneficiaries": ["b1"],
    "place": "Phường Ba Đình",
    "necessity": "Cần thiết",
    "legal_basis": "NĐ 45/2012/NĐ-CP",
    "goals": "Một máy",
    "scale": "Một cơ sở",
    "machine_kind": "single",
    "machines_new": True,
    "machine_benefits": ["productivity"],
    "machines": [{"name": "Máy mẫu", "quantity": 1, "unit_price": 570_000_000}],
    "starts_on": "01/3/2018",
    "ends_on": "31/12/2018",
    "work_plan": [{"task": "Mua máy", "responsible": "Cơ sở"}],
    "budget": [MONEY],
    "organisation": "Trung tâm tổ chức",
    "economic_effect": "Tăng năng suất",
    "social_effect": "Thêm việc làm",
    "environmental_effect": "Giảm bụi",
}


def proposal_of(forms: Forms, **changes: Any) -> Record:
    place = forms.places.search("phuong ba dinh", limit=1)[0].commune
    values = {**PROPOSAL, "place": {"commune": place}, **changes}
    return filled(forms, "proposal", {name: value for name, value in values.items() if value is not None})


def test_a_whole_machinery_proposal_is_complete_and_adds_up(forms: Forms) -> None:
    proposal = proposal_of(forms)
    assert proposal.problems(final=True) == []
    assert proposal.value("total_cost") == proposal.value("total_machines") == 570_000_000
    assert proposal.value("requested_support") == proposal.value("total_local") == 200_000_000
    assert proposal.value("total_counterpart") == 370_000_000
    assert proposal.value("total_national") is None


def test_an_empty_proposal_asks_for_what_every_activity_needs_only(forms: Forms) -> None:
    asked = problem_fields(new_record(forms, "proposal", "r1", TODAY))
    assert asked[:4] == ["title", "year", "programme", "scheme"]
    assert not {"machines", "occupation", "model_type", "decision_number", "beneficiaries"} & set(asked)


@pytest.mark.parametrize(
    ("activity", "asked"),
    [
        ("vocational_training", ["occupation", "curriculum", "classes", "employment_after"]),
        ("demonstration_model", ["model_type", "technology"]),
        ("information", ["media_form", "media_name", "media_issues"]),
    ],
)
def test_each_activity_asks_for_its_own_part(forms: Forms, activity: str, asked: list[str]) -> None:
    assert problem_fields(proposal_of(forms, activity=activity)) == asked


def test_a_model_of_each_type_says_why_it_deserves_it(forms: Forms) -> None:
    model_a = proposal_of(forms, activity="demonstration_model", model_type="new_technology", technology="Sấy")
    model_b = proposal_of(forms, activity="demonstration_model", model_type="replication", technology="Sấy")
    assert problem_fields(model_a) == ["technology_advantage"]
    assert problem_fields(model_b) == ["outstanding_effect"]


def test_a_group_proposal_may_name_its_beneficiaries_later(forms: Forms) -> None:
    assert problem_fields(proposal_of(forms, scheme="group", beneficiaries=None)) == []
    assert problem_fields(proposal_of(forms, scheme="single", beneficiaries=None)) == ["beneficiaries"]


def test_the_budget_closes_to_the_dong_and_says_so_in_a_draft(forms: Forms) -> None:
    proposal = proposal_of(forms, budget=[MONEY | {"counterpart": 369_999_999}])
    (problem,) = proposal.problems()
    assert problem.field.startswith("budget/")
    assert "lệch 1" in problem.message


def test_approval_figures_agree(forms: Forms) -> None:
    approved = {"approved_total": 570_000_000, "approved_support": 200_000_000, "approved_counterpart": 370_000_000}
    assert problem_fields(proposal_of(forms, **approved)) == []
    assert problem_fields(proposal_of(forms, **approved | {"approved_counterpart": 1})) == ["approved_total"]
    assert problem_fields(proposal_of(forms, **approved, approved_local=1)) == ["approved_support"]
    assert problem_fields(proposal_of(forms, approved_total=1, approved_support=2)) == ["approved_support"]


def test_a_company_needs_a_tax_code_and_a_cooperative_group_does_not(forms: Forms) -> None:
    asked = {
        legal_form: "tax_code" in problem_fields(filled(forms, "beneficiary", {"legal_form": legal_form}))
        for legal_form in ("limited_company", "cooperative", "household_business", "cooperative_group")
    }
    assert asked == {
        "limited_company": True,
        "cooperative": True,
        "household_business": False,
        "cooperative_group": False,
    }


ACCEPTANCE = {
    "proposal": "p1",
    "activity": "machinery",
    "contract_signed_on": "01/4/2018",
    "visited_on": "05/12/2018",
    "site": "Xưởng mẫu",
    "beneficiary": "b1",
    "participants": [
        {"party": "department", "name": "Người mẫu A"},
        {"party": "beneficiary", "name": "Người mẫu B"},
    ],
    "checklist": [{"item": "Hợp đồng mua máy móc", "group": "paper", "result": "pass"}],
    "work_done": "Đã mua và lắp đặt",
    "machines": [
        {"contracted_name": "Máy mẫu", "contracted_quantity": 1, "contracted_value": 570_000_000}
        | {"name": "Máy mẫu", "quantity": 1, "value": 570_000_000}
    ],
    "budget": [
        {"item": "Máy mẫu", "planned": 570_000_000, "contracted": 570_000_000, "done": 570_000_000}
        | {"accepted": 570_000_000, "accepted_support": 200_000_000, "accepted_counterpart": 370_000_000}
    ],
    "results": [{"goal": "Sản lượng", "unit": "tấn", "before": 10, "target": 20, "actual": "23"}],
    "advanced": 140_000_000,
    "conclusion": "accepted",
}


PAPER = {"item": "Hợp đồng mua máy móc", "group": "paper", "result": "pass"}
VOUCHER = {"number": "PC-01", "issued_on": "01/11/2018", "amount": 570_000_000, "item": "Máy mẫu"}
REMEDY = {"remedy": "Lắp chắn bảo vệ", "responsible": "Cơ sở", "due_on": "31/12/2018"}
DUE = REMEDY | {"since": "05/11/2018"}
SECOND = {
    "previous": "a1",
    "previous_visited_on": "05/11/2018",
    "checklist": None,
    "machines": None,
    "budget": None,
    "support_before": 200_000_000,
    "cost_before": 570_000_000,
    "remedies": [DUE],
}


def acceptance_of(forms: Forms, **changes: Any) -> Record:
    return filled(forms, "acceptance", {**ACCEPTANCE, **changes})


def test_a_whole_acceptance_is_complete_and_computes_what_it_can(forms: Forms) -> None:
    acceptance = acceptance_of(forms)
    assert acceptance.problems(final=True) == []
    assert acceptance.value("remaining") == 60_000_000
    assert acceptance.value("total_accepted_counterpart") == 370_000_000
    assert acceptance.value("revisit_on") == "2019-12-05"
    (result,) = acceptance.rows("results")
    assert (result["percent"], result["gap"], result["change"]) == ("115", "3", "130")


def test_an_empty_acceptance_has_no_answer_in_it(forms: Forms) -> None:
    acceptance = new_record(forms, "acceptance", "r1", TODAY)
    assert set(acceptance.data) == {"state", "revision", "revisit_months"}
    asked = problem_fields(acceptance)
    assert asked == ["proposal", "visited_on", "site", "participants", "checklist", "work_done", "budget", "conclusion"]


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({"checklist": [{"item": "Hợp đồng", "result": "fail"}]}, ["checklist/finding"]),
        ({"checklist": [{"item": "Hợp đồng"}]}, ["checklist/result"]),
        ({"visited_on": "31/3/2018"}, ["visited_on"]),
        ({"participants": ACCEPTANCE["participants"][:1]}, ["participants"]),
        ({"started_at": "10:00", "ended_at": "09:59"}, ["ended_at"]),
        ({"conclusion": "conditional"}, ["remedies"]),
        ({"conclusion": "refused"}, ["conclusion_note"]),
        ({"proposed_payment": 60_000_001}, ["proposed_payment"]),
        ({"budget": [ACCEPTANCE["budget"][0] | {"done": 569_999_999}]}, ["budget/accepted"]),
        ({"budget": [ACCEPTANCE["budget"][0] | {"accepted_support": 1}]}, ["budget/accepted"]),
        ({"machines": [ACCEPTANCE["machines"][0] | {"quantity": 2}]}, ["machines/quantity"]),
        ({"machines": [ACCEPTANCE["machines"][0] | {"quantity": 2, "note": "Giao thêm"}]}, []),
        ({"machines": [ACCEPTANCE["machines"][0] | {"value": 1}]}, ["machines/value"]),
        ({"machines": [ACCEPTANCE["machines"][0] | {"is_new": False}]}, ["machines/note"]),
        ({"checklist": [PAPER | {"paper_form": "missing"}]}, ["checklist/result"]),
        ({"checklist": [PAPER | {"paper_form": "valid_copy"}]}, []),
        ({"force_majeure": True}, ["force_majeure_reason", "explanation_letter"]),
        ({"vouchers": [VOUCHER]}, []),
        ({"vouchers": [VOUCHER, VOUCHER | {"amount": 1}]}, ["vouchers"]),
        ({"vouchers": [VOUCHER | {"item": "Máy khác"}]}, ["vouchers"]),
        ({"vouchers": [{"amount": 1, "item": "Máy mẫu"}]}, ["vouchers/number", "vouchers/issued_on"]),
        ({"conclusion": "conditional", "remedies": [REMEDY]}, []),
        (SECOND, ["remedies/done"]),
        (SECOND | {"remedies": [DUE | {"done": False}]}, ["remedies/done"]),
        (SECOND | {"remedies": [DUE | {"done": False}], "conclusion": "conditional"}, []),
        (SECOND | {"remedies": [DUE | {"done": True, "done_on": "05/12/2018"}]}, []),
        (SECOND | {"remedies": [DUE | {"done": True}], "visited_on": "04/11/2018"}, ["visited_on"]),
        ({"activity": "vocational_training"}, ["classes"]),
    ],
)
def test_an_acceptance_says_what_is_wrong_where_it_is(forms: Forms, changes: dict[str, Any], fields: list[str]) -> None:
    assert problem_fields(acceptance_of(forms, **changes)) == fields


def test_a_second_acceptance_counts_on_from_the_first(forms: Forms) -> None:
    second = acceptance_of(forms, **SECOND | {"remedies": [DUE | {"done": True}]})
    assert second.value("support_so_far") == 200_000_000
    assert second.value("remaining") == 60_000_000
    line = ACCEPTANCE["budget"][0]
    rest = {"done": 3, "accepted": 3, "accepted_support": 3, "accepted_counterpart": None}
    second.parse("budget", [{**line, **rest, "accepted_before": 570_000_000}])
    assert second.value("total_accepted_support") == 3
    assert second.value("remaining") == 60_000_003


def test_the_models_say_who_uses_them(forms: Forms) -> None:
    models = forms.choices(forms.current("acceptance", TODAY).field("model"))
    assert [model.value for model in models] == ["5a", "5b", "5c"]
    assert all(model.help and "Điều 19" in model.source for model in models)


INSPECTION = {
    "proposal": "p1",
    "purpose": "interim",
    "visited_on": "05/8/2018",
    "site": "Xưởng mẫu",
    "participants": ACCEPTANCE["participants"],
    "progress": [{"item": "Máy mẫu", "contracted": 570_000_000, "claimed": 400_000_000, "found": 400_000_000}],
    "conclusion": "confirmed",
}


@pytest.mark.parametrize(
    ("changes", "fields"),
    [
        ({}, []),
        ({"progress": None}, ["progress"]),
        ({"progress": [INSPECTION["progress"][0] | {"found": None}]}, ["progress/found"]),
        ({"progress": [INSPECTION["progress"][0] | {"found": 1}]}, ["progress/found"]),
        ({"progress": [INSPECTION["progress"][0] | {"found": 1, "note": "Máy chưa về"}]}, []),
        ({"purpose": "force_majeure"}, ["force_majeure_reason", "explanation_letter"]),
        ({"purpose": "after_check", "progress": None}, []),
        ({"purpose": "revisit", "progress": None}, ["acceptance", "results"]),
        ({"conclusion": "remedies"}, ["remedies"]),
        ({"conclusion": "change"}, ["conclusion_note"]),
        ({"machines": [{"name": "Máy mẫu", "found": "gone"}]}, ["machines/note"]),
        ({"findings": [{"item": "An toàn điện", "result": "fail"}]}, ["findings/finding"]),
    ],
)
def test_an_inspection_says_what_is_wrong_where_it_is(forms: Forms, changes: dict[str, Any], fields: list[str]) -> None:
    assert problem_fields(filled(forms, "inspection", {**INSPECTION, **changes})) == fields


def test_an_inspection_compares_what_is_claimed_with_what_is_found(forms: Forms) -> None:
    line = INSPECTION["progress"][0] | {"found": "342 triệu", "note": "Chưa lắp đặt"}
    inspection = filled(forms, "inspection", {**INSPECTION, "progress": [line]})
    assert inspection.rows("progress")[0]["difference"] == -58_000_000
    assert inspection.value("found_percent") == "60"
    assert "found" not in new_record(forms, "inspection", "r1", TODAY).data


def test_a_contract_is_liquidated_after_it_is_final(forms: Forms) -> None:
    workflow = forms.workflow("contract")
    contract = filled(forms, "contract", {"settled_support": 200_000_000, "paid": 210_000_000})
    assert contract.value("payable") == -10_000_000  # to be paid back
    contract.set("state", "final")
    assert contract.is_editable("liquidated_on", workflow, "lower")
    assert not contract.is_editable("value", workflow, "lower")


def test_a_visit_is_not_in_the_future(forms: Forms) -> None:
    with pytest.raises(UserError) as refused:
        acceptance_of(forms, visited_on="05/12/2199")
    assert refused.value.field == "visited_on"


def test_a_training_acceptance_counts_people_not_machines(forms: Forms) -> None:
    classes = [{"name": "Lớp 1", "attended": 30, "certified": 31, "employed": 20}]
    acceptance = acceptance_of(forms, activity="vocational_training", classes=classes)
    assert problem_fields(acceptance) == ["classes/certified"]
    assert not acceptance.is_visible("machines")


# ---- the grammar as written for people


def test_the_worked_example_of_the_grammar_loads(tmp_path: Path) -> None:
    blocks = re.findall(r"```toml\n(.*?)```", README, re.DOTALL)
    example = next(block for block in blocks if block.startswith('id = "repair"'))
    workflow = next(block for block in blocks if block.startswith("[[workflow]]"))
    (tmp_path / "repair.toml").write_text(example, encoding="utf-8")
    (tmp_path / "workflow.toml").write_text(workflow, encoding="utf-8")
    loaded = load(tmp_path)
    assert loaded.kinds == ("repair",)
    assert loaded.workflow("repair").leaving("final")[0].new_revision


@pytest.mark.parametrize(
    "cls",
    [
        model.Form,
        model.Section,
        model.Field,
        model.Choice,
        model.Check,
        model.State,
        model.Transition,
        model.Workflow,
        model.Checklist,
        model.ChecklistItem,
        Activity,
    ],
)
def test_the_grammar_names_every_key(cls: type) -> None:
    in_toml = {"from_states": "from"} | {
        name: name[:-1]
        for name in ("sections", "fields", "columns", "checks", "papers", "facts", "states", "transitions", "waits")
    }
    for name in frozen.names(cls):
        key = name if cls is model.Check else in_toml.get(name, name)
        assert re.search(rf"\b{key}\b", README), f"{cls.__name__}.{name}"


def test_the_grammar_names_every_type_rule_and_comparison() -> None:
    for name in (*TYPES, *COMPUTATIONS, *CHECKS, *COMPARISONS):
        assert f"`{name}`" in README, name
    for name in PLACEHOLDERS:
        assert f"{{{name}}}" in README, name

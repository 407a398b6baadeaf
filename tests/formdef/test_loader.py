"""The loader accepts what is sound and tells everything that is not, with file, place and hint."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from kcdesk.errors import UserError
from kcdesk.formdef.loading.loader import Forms, FormsError, load
from kcdesk.formdef.model import Choice
from tests.formdef import samples


def faults(folder: Path, **changed: str) -> list[str]:
    with pytest.raises(FormsError) as refused:
        assert load(samples.write(folder, **changed)).checklists
    return [str(fault) for fault in refused.value.faults]


def spoiled(old: str, new: str, text: str = samples.PROPOSAL) -> str:
    assert old in text
    return text.replace(old, new, 1)


def test_a_sound_folder_is_read_in_the_order_of_the_papers(forms: Forms) -> None:
    assert forms.kinds == ("beneficiary", "proposal")
    form = forms.current("proposal")
    assert form.reference == "proposal@1"
    assert [section.id for section in form.sections] == ["general", "scale", "budget", "decision"]
    assert form.field("machines").column("amount").computed_from == ("quantity", "unit_price")
    assert [table.name for table in form.tables] == ["machines", "budget"]
    assert forms.versions == {"beneficiary": 1, "proposal": 1}


def test_a_form_cannot_be_changed(forms: Forms) -> None:
    field = forms.current("proposal").field("many_reason")
    with pytest.raises(AttributeError):
        field.label = "khác"  # type: ignore[misc]
    with pytest.raises(TypeError):
        field.visible_when["workers"] = 1  # type: ignore[index]


def test_shared_choices_and_activities_are_choices(forms: Forms) -> None:
    form = forms.current("proposal")
    assert [choice.value for choice in forms.choices(form.field("programme"))] == ["national", "local"]
    brand = forms.choices(form.field("activity"))[1]
    assert (brand.value, brand.label, brand.retired) == ("brand", "Xây dựng thương hiệu", True)


def test_a_kind_without_workflow_is_always_open(forms: Forms) -> None:
    workflow = forms.workflow("beneficiary")
    assert workflow.state(workflow.initial).editable
    assert forms.workflow("proposal").leaving("draft")[0].to == "final"


def test_the_version_in_force_on_a_day(tmp_path: Path) -> None:
    first = spoiled("effective_from = 2014-01-01", "effective_from = 2014-01-01\neffective_to = 2025-12-31")
    second = spoiled("version = 1\nlabel", "version = 2\nlabel", spoiled("= 2014-01-01", "= 2026-01-01"))
    forms = load(samples.write(tmp_path, proposal=first, proposal_2=second))
    assert forms.current("proposal", date(2025, 12, 31)).version == 1
    assert forms.current("proposal", date(2026, 1, 1)).version == 2
    with pytest.raises(UserError, match="Không có mẫu"):
        forms.current("proposal", date(2013, 12, 31))
    assert forms.by_reference("proposal@1").effective_to == date(2025, 12, 31)
    assert forms.get("proposal", 2) is forms.by_reference("proposal@2")
    with pytest.raises(UserError) as unknown:
        forms.by_reference("proposal@3")
    assert unknown.value.code == "no_form"


def test_the_checklist_of_a_proposal(forms: Forms) -> None:
    day = date(2026, 3, 5)
    rows = forms.checklist_items({"activity": "machinery", "programme": "national"}, day)
    assert [(row["group"], row["code"]) for row in rows] == [
        ("paper", "minutes"),
        ("paper", "purchase_contract"),
        ("fact", "machine_is_new"),
        ("fact", "national_sign"),
    ]
    assert rows[0]["source"] == "Điều 14 TT 36/2013/TT-BCT"
    local = forms.checklist_items({"activity": "machinery", "programme": "local"}, day)
    assert "national_sign" not in [row["code"] for row in local]
    assert [row["code"] for row in forms.checklist_items({"activity": "brand"}, day)] == ["minutes"]
    assert forms.checklist("machinery", date(2010, 1, 1)) is None
    with pytest.raises(UserError):
        forms.activity("nothing")


FAULTS = [
    ("label = \"Tên đề án\"", "lable = \"Tên đề án\"", "general/title: khoá “lable” không có (có phải ý là “label”)"),
    ("label = \"Tên đề án\"", "", "general/title: thiếu khoá “label”"),
    ("required = true", "required = \"true\"", "general/title: “required” phải là true hoặc false"),
    ("max_length = 40", "max_length = true", "“max_length” phải là một số nguyên"),
    ("effective_from = 2014-01-01", 'effective_from = "01/01/2014"', "“effective_from” phải là một ngày"),
    ("effective_from = 2014-01-01", "effective_from = 2014-02-30", "không đọc được TOML ở dòng"),
    ("effective_from = 2014-01-01", "effective_from = 2014-01-01\neffective_to = 2013-01-01", "“effective_to” đứng"),
    ('title = ["title", "year"]', 'title = "title"', "“title” phải là một danh sách"),
    ('title = ["title", "year"]', 'title = ["titel"]', "title: ô “titel” không có (có phải ý là “title”)"),
    ('list = ["title"', 'list = ["budget_"', "list: ô “budget_” không có (có phải ý là “budget”)"),
    ('filters = ["programme"', 'filters = ["title"', "filters: “title” phải thuộc loại choice"),
    ('search = ["title"]', 'search = ["nothing"]', "search: ô “nothing” không có"),
    ('sort = "title"', 'sort = "budget"', "sort: “budget” không phải là một giá trị"),
    ('sort = "title"', 'parent = "programme"', "parent: “programme” phải thuộc loại reference"),
    ('type = "year"', 'type = "yaer"', "general/year: loại “yaer” không có (có phải ý là “year”)"),
    ('name = "year"', 'name = "title"', "tên ô “title” bị trùng"),
    ('name = "year"', 'name = "revision"', "“revision” là tên dành riêng"),
    ('name = "year"', 'name = "Năm"', "“Năm” chỉ được gồm"),
    ('id = "scale"', 'id = "general"', "mã phần “general” bị trùng"),
    ('name = "quantity"', 'name = "unit_price"', "scale/machines: tên cột “unit_price” bị trùng"),
    ('row = "machine"', "", "scale/machines: loại table phải có “row”"),
    ('row = "machine"', 'row = "budget_line"', "tên dòng (row) “budget_line” bị trùng"),
    ('totals = ["amount"]', 'totals = ["amuont"]', "totals: cột “amuont” không có (có phải ý là “amount”)"),
    ('totals = ["amount"]', 'totals = ["name"]', "totals: “name” phải là số"),
    ('choices_from = "programmes"', 'choices_from = "programs"', "(có phải ý là “programmes”)"),
    ('choices_from = "programmes"', "", "đúng một trong “choices” và “choices_from”"),
    ('type = "integer"', 'type = "integer"\nchoices_from = "programmes"', "loại integer không có danh mục"),
    ('default = "national"', 'default = "nationl"', "“default” không hợp"),
    ('target = "beneficiary"', 'target = "benefciary"', "loại hồ sơ “benefciary” không có (có phải ý là “beneficiary”"),
    ('target = "beneficiary"', "", "loại references phải có “target”"),
    ("min = 2014", 'min = "soon"', "giới hạn “soon” không hợp"),
    ("min = 2014", 'max_length = 4', "“max_length” chỉ dùng cho chữ"),
    ("max_length = 40", "min = 4", "“min” và “max” chỉ dùng cho số và ngày"),
    ('computed = "product"', 'computed = "produkt"', "quy tắc “produkt” không có (có phải ý là “product”)"),
    ('computed = "percent_of"', "", "“computed_from” cần có “computed”"),
    ('["quantity", "unit_price"]', '["quantity"]', "quy tắc “product” cần từ 2 ô, ở đây có 1"),
    ('["quantity", "unit_price"]', '["quantity", "unit_prise"]', "(có phải ý là “unit_price”)"),
    ('["quantity", "unit_price"]', '["quantity", "name"]', "computed_from: “name” phải là số"),
    ('computed = "percent_of"', 'computed = "months_after"', "ô tính tự động phải thuộc loại date"),
    ('["quantity", "unit_price"]', '["quantity", "machine_cost"]', "phụ thuộc vào chính nó"),
    ('["machines.amount"]', '["machines.amont"]', "(có phải ý là “machines.amount”)"),
    ("{ workers = { at_least", "{ worker = { at_least", "điều kiện: ô “worker” không có (có phải ý là “workers”)"),
    ("{ workers = { at_least", "{ workers = { atleast", "phép so sánh “atleast” không có (có phải ý là “at_least”)"),
    ("{ at_least = 50 }", "{ filled = 1 }", "“filled” phải là true hoặc false"),
    ("{ at_least = 50 }", "{ at_least = true }", "“at_least” cần một số hoặc ngày"),
    ("{ at_least = 50 }", '"nhiều"', "điều kiện trên “workers”: giá trị “nhiều”"),
    ('["national", "local"] }', '["national", "province"] }', "giá trị “province”"),
    ('required_when = { activity = "machinery" }', 'required_when = { beneficiaries = "a" }', "hãy dùng “contains”"),
    ('rule = "budget_closes"', 'rule = "budget_close"', "(có phải ý là “budget_closes”)"),
    ('"budget.counterpart"]', '"budget.counterpat"]', "(có phải ý là “budget.counterpart”)"),
    ('"budget.counterpart"]', '"budget.item"]', "fields: “budget.item” phải là số"),
    ('"approved_support", "total_cost"]', '"approved_support"]', "quy tắc “at_most” cần 2 ô, ở đây có 1"),
    ("đứng trước ngày bắt đầu.", "đứng trước {befor}.", "chỗ điền “befor” không có"),
    ("version = 1", "version = 0", "“version” phải từ 1"),
    ('owner = "province"', 'owner = "provinse"', "owner: cấp “provinse” không có (có phải ý là “province”)"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), FAULTS)
def test_one_fault_in_a_form(tmp_path: Path, old: str, new: str, expected: str) -> None:
    found = faults(tmp_path, proposal=spoiled(old, new))
    assert any(fault.startswith("proposal.toml") and expected in fault for fault in found), found


SHARED_FAULTS = [
    ("choices", samples.CHOICES, 'value = "local"', 'value = "national"', "programmes: giá trị “national” bị trùng"),
    ("choices", samples.CHOICES, "địa phương", "quốc gia", "nhãn “Khuyến công quốc gia” bị trùng"),
    ("choices", samples.CHOICES, "[programmes]", "[activities]", "activities: danh mục này được lấy từ"),
    ("activities", samples.ACTIVITIES, 'code = "brand"', 'code = "machinery"', "mã “machinery” bị trùng"),
    ("activities", samples.ACTIVITIES, "retired = true", 'checklist = "machinary"', "(có phải ý là “machinery”)"),
    ("activities", samples.ACTIVITIES, "[[activity]]", "[[activities]]", "khoá “activities” không có"),
    ("workflow", samples.WORKFLOW, 'kind = "proposal"', 'kind = "propsal"', "loại hồ sơ “propsal” không có"),
    ("workflow", samples.WORKFLOW, 'initial = "draft"', 'initial = "darft"', "initial: trạng thái “darft” không có"),
    ("workflow", samples.WORKFLOW, 'initial =', 'parent_marks = ["payable"]\ninitial =', "parent_marks: dấu “payable”"),
    ("workflow", samples.WORKFLOW, 'to = "final"', 'to = "finl"', "proposal/finalise: trạng thái “finl” không có"),
    ("workflow", samples.WORKFLOW, 'from = ["draft"]', 'from = ["drafts"]', "(có phải ý là “draft”)"),
    ("workflow", samples.WORKFLOW, '["decision"]', '["decisions"]', "open_sections: phần “decisions” không có"),
    ("workflow", samples.WORKFLOW, "open_sections", "open_fields", "open_fields: ô “decision” không có"),
    ("workflow", samples.WORKFLOW, 'requires = ["title"]', 'requires = ["titel"]', "requires: ô “titel” không có"),
    ("workflow", samples.WORKFLOW, 'name = "final"', 'name = "draft"', "trạng thái “draft” bị trùng"),
    ("machinery", samples.MACHINERY, 'activity = "machinery"', 'activity = "machines"', "“machines” không có"),
    ("machinery", samples.MACHINERY, '"machine_is_new"', '"minutes"', "mã mục “minutes” bị trùng"),
    ("machinery", samples.MACHINERY, "{ programme =", "{ program =", "national_sign: điều kiện: ô “program” không có"),
]  # fmt: skip


@pytest.mark.parametrize(("stem", "text", "old", "new", "expected"), SHARED_FAULTS)
def test_one_fault_in_what_forms_share(tmp_path: Path, stem: str, text: str, old: str, new: str, expected: str) -> None:
    found = faults(tmp_path, **{stem: spoiled(old, new, text)})
    assert any(f"{stem}.toml" in fault and expected in fault for fault in found), found


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    proposal = spoiled('label = "Tên đề án"', 'lable = "Tên đề án"')
    proposal = spoiled('type = "integer"', 'type = "intger"', proposal)
    found = faults(tmp_path, proposal=proposal, beneficiary="id = ", workflow="[[workflow]]\nkind = 1")
    files = {fault.split(",")[0].split(":")[0] for fault in found}
    assert files == {"proposal.toml", "beneficiary.toml", "workflow.toml"}
    assert len(found) >= 6


@pytest.mark.parametrize(("to", "fault"), [("", True), ("effective_to = 2025-12-31", False)])
def test_two_versions_may_not_hold_on_one_day(tmp_path: Path, to: str, fault: bool) -> None:
    first = spoiled("effective_from = 2014-01-01", f"effective_from = 2014-01-01\n{to}")
    second = spoiled("version = 1", "version = 2", spoiled("= 2014-01-01", "= 2026-01-01"))
    if fault:
        found = faults(tmp_path, proposal=first, proposal_2=second)
        (told,) = found
        assert told.startswith("proposal_2.toml, proposal: thời gian hiệu lực trùng với proposal.toml")
        assert told.endswith("(hãy ghi ngày hết hiệu lực của bản trước)")
    else:
        assert load(samples.write(tmp_path, proposal=first, proposal_2=second)).versions["proposal"] == 2


def test_the_same_version_twice(tmp_path: Path) -> None:
    found = faults(tmp_path, proposal_copy=samples.PROPOSAL)
    assert "proposal_copy.toml, proposal: phiên bản 1 đã có trong proposal.toml" in found


def test_a_form_that_is_no_text(tmp_path: Path) -> None:
    samples.write(tmp_path)
    (tmp_path / "proposal.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(FormsError, match="UTF-8"):
        load(tmp_path)


def test_an_empty_folder_is_no_set_of_forms(tmp_path: Path) -> None:
    with pytest.raises(FormsError, match="không có mẫu nào"):
        load(tmp_path)


def test_a_lone_table_where_a_list_is_meant(tmp_path: Path) -> None:
    assert any("phải viết [[activity]]" in fault for fault in faults(tmp_path, activities="[activity]\ncode = 'a'"))


def test_inline_choices(tmp_path: Path) -> None:
    inline = 'choices = [{ value = "national", label = "Quốc gia" }, { value = "local", label = "Địa phương" }]'
    forms = load(samples.write(tmp_path, proposal=spoiled('choices_from = "programmes"', inline)))
    field = forms.current("proposal").field("programme")
    assert forms.choices(field) == (
        Choice(value="national", label="Quốc gia"),
        Choice(value="local", label="Địa phương"),
    )


def long_ago(folder: Path) -> Path:
    for path in folder.rglob("*.toml"):
        os.utime(path, (1_500_000_000, 1_500_000_000))
    return folder


def test_a_folder_that_has_not_changed_is_not_read_again(tmp_path: Path) -> None:
    forms = load(long_ago(samples.write(tmp_path)))
    assert load(tmp_path) is forms
    os.utime(tmp_path / "proposal.toml", (1_500_000_001, 1_500_000_001))
    assert load(tmp_path) is not forms


def test_what_was_written_just_now_is_read_again(tmp_path: Path) -> None:
    samples.write(tmp_path)
    assert load(tmp_path) is not load(tmp_path)


def test_faults_of_a_settled_folder_are_told_each_time(tmp_path: Path) -> None:
    long_ago(samples.write(tmp_path, proposal_copy=samples.PROPOSAL))
    for _ in range(2):
        with pytest.raises(FormsError, match="phiên bản 1 đã có"):
            load(tmp_path)
    (tmp_path / "proposal_copy.toml").unlink()
    assert load(tmp_path).kinds


def test_a_folder_among_many_is_read_again_and_no_other_is_taken_for_it(tmp_path: Path) -> None:
    folders = [tmp_path / str(number) for number in range(4)]
    for number, folder in enumerate(folders):
        proposal = spoiled('label = "Tên đề án"', f'label = "Tên {number}"')
        long_ago(samples.write(folder, proposal=proposal))
    labels = [load(folder).current("proposal").field("title").label for folder in folders * 2]
    assert labels == [f"Tên {number}" for number in range(4)] * 2


def test_what_is_read_once_belongs_to_the_folder(forms: Forms, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert [forms.once("numbers", lambda: [1]), forms.once("numbers", lambda: [2])] == [[1], [1]]
    monkeypatch.setattr(forms, "folder", tmp_path)
    assert forms.once("numbers", lambda: [3]) == [3]

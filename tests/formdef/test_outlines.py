"""Parts of a form in files of their own, and outlines: what a proposal of each activity is made of."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.loader import FormsError, load
from kcdesk.formdef.new_record import new_record
from kcdesk.formdef.record import Record
from kcdesk.formdef.suggested_rows import add_suggested_rows, missing_papers, suggestions
from tests.formdef import samples

TODAY = date(2026, 3, 5)
PART = """
after = "scale"

[[section]]
id = "brand"
label = "Thương hiệu"
visible_when = { activity = "brand" }

[[section.field]]
name = "mark"
type = "text"
label = "Nhãn hiệu"
required = true

[[check]]
rule = "any_filled"
field = "mark"
fields = ["mark", "title"]
"""
OUTLINE = """
activity = "machinery"
version = 1
effective_from = 2014-02-10
source = "Điều 10 TT 36/2013/TT-BCT"

[[paper]]
code = "quotation"
item = "Báo giá"

[[cost]]
item = "Mua máy"
unit = "máy"
paid_by = ["counterpart"]
when = { programme = "national" }
"""


def folder_with(folder: Path, **files: str) -> Path:
    """The small sound folder with `proposal/<name>` or `activities/<name>` beside it."""
    samples.write(folder)
    for name, content in files.items():
        path = folder / (name.replace("__", "/") + ".toml")
        path.parent.mkdir(exist_ok=True)
        path.write_text(content, encoding="utf-8")
    return folder


def faults(folder: Path, **files: str) -> list[str]:
    with pytest.raises(FormsError) as refused:
        assert load(folder_with(folder, **files)).outlines
    return [str(fault) for fault in refused.value.faults]


def test_a_part_stands_behind_the_section_that_it_names(tmp_path: Path) -> None:
    form = load(folder_with(tmp_path, proposal__brand=PART)).current("proposal")
    assert [section.id for section in form.sections] == ["general", "scale", "brand", "budget", "decision"]
    assert form.field("mark").required
    assert form.checks[-1].rule == "any_filled"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('after = "scale"', 'after = "scael"', "proposal/brand.toml: after: phần “scael” không có"),
        ('type = "text"', 'type = "txt"', "proposal/brand.toml, brand/mark: loại “txt” không có"),
        ('name = "mark"', 'name = "title"', "proposal/brand.toml, brand/title: ô “title” đã có trong proposal.toml"),
        ('id = "brand"', 'id = "scale"', "proposal/brand.toml, scale: phần “scale” đã có trong proposal.toml"),
        ('["mark", "title"]', '["mark", "titel"]', "proposal/brand.toml, check any_filled: fields: ô “titel” không có"),
        ('activity = "brand"', 'activity = "brandy"', "proposal/brand.toml, brand: điều kiện trên “activity”"),
        ("required = true", "needed = true", "proposal/brand.toml, brand/mark: khoá “needed” không có"),
    ],
)
def test_a_fault_names_the_file_of_the_part(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert any(fault.startswith(said) for fault in faults(tmp_path, proposal__brand=PART.replace(old, new, 1)))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('activity = "machinery"', 'activity = "machines"', "nội dung hoạt động “machines” không có"),
        ('["counterpart"]', '["counterparts"]', "không nhận “counterparts”"),
        ("programme =", "programmes =", "ô “programmes” không có"),
        ("[[cost]]", "[[costs]]", "khoá “costs” không có"),
    ],
)
def test_a_fault_in_an_outline_is_told_when_it_is_first_asked_for(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    told = faults(tmp_path, activities__machinery=OUTLINE.replace(old, new, 1))
    assert all("activities/machinery.toml" in fault for fault in told)
    assert any(said in fault for fault in told)


@pytest.fixture(scope="module")
def shipped() -> Forms:
    return load()


def proposal(forms: Forms, **values: object) -> Record:
    record = new_record(forms, "proposal", "r1", TODAY)
    for name, value in values.items():
        record.set(name, value)
    return record


def test_every_activity_has_papers_costs_and_goals_with_their_source(shipped: Forms) -> None:
    assert {outline.activity for outline in shipped.outlines} == {a.code for a in shipped.activities} | {"common"}
    for activity in shipped.activities:
        outline = next(entry for entry in shipped.outlines if entry.activity == activity.code)
        assert min(map(len, (outline.papers, outline.costs, outline.results))) >= 2, activity.code
        assert all(entry.source for entry in (*outline.papers, *outline.costs, *outline.results, *outline.closures))
        assert all(result.unit for result in outline.results)


def test_papers_of_the_annex_that_nobody_has_read_are_unverified(shipped: Forms) -> None:
    for outline in shipped.outlines:
        assert all(paper.unverified for paper in outline.papers if "Phụ lục 2" in paper.source)


def test_suggested_rows_are_those_of_the_activity_that_are_not_there_yet(shipped: Forms) -> None:
    record = proposal(shipped, activity="brand", mark_type="collective")
    record.add_row("budget", {"item": "TRA CỨU, lập hồ sơ và lệ phí đăng ký nhãn hiệu", "cost": 5_000_000})
    items = [found.values["item"] for found in suggestions(record, "budget")]
    assert "Xây dựng quy chế sử dụng nhãn hiệu tập thể" in items
    assert not any(item.startswith("Tra cứu") for item in items)
    changes = add_suggested_rows(record, "budget")
    assert len(changes) == len(items)
    assert len(record.rows("budget")) == len(items) + 1
    assert not any("cost" in row for row in record.rows("budget")[1:])
    assert add_suggested_rows(record, "budget") == {}


def test_without_an_activity_nothing_is_suggested(shipped: Forms) -> None:
    record = proposal(shipped)
    assert not suggestions(record, "budget")
    assert not list(missing_papers(record))
    assert not suggestions(proposal(shipped, activity="brand"), "work_plan")


def test_a_paper_is_missing_until_it_is_recorded_as_being_there(shipped: Forms) -> None:
    record = proposal(shipped, activity="vocational_training")
    wanted = [paper.code for paper, _sites in missing_papers(record)]
    assert "request_letter" in wanted
    assert "curriculum" in wanted
    assert "beneficiary_request" not in wanted
    add_suggested_rows(record, "papers")
    assert [paper.code for paper, _sites in missing_papers(record)] == wanted
    for row in record.rows("papers"):
        record.set(f"papers/{row['id']}/status", "copy" if "đào tạo nghề" in row["item"] else "missing")
    assert "curriculum" not in [paper.code for paper, _sites in missing_papers(record)]

"""A later version says only what differs from the one that it extends; what it cannot extend is a fault."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from kcdesk import paths
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.loader import FormsError, load
from tests.formdef import samples

HEAD = """
extends = "proposal@1"
version = 2
effective_from = 2026-01-01
"""
ENDED = samples.PROPOSAL.replace(
    "effective_from = 2014-01-01", "effective_from = 2014-01-01\neffective_to = 2025-12-31"
)


def extended(folder: Path, text: str = "", head: str = HEAD, **more: str) -> Forms:
    return load(samples.write(folder, **({"proposal": ENDED, "proposal_2": head + text} | more)))


def faults(folder: Path, text: str = "", head: str = HEAD, **more: str) -> list[str]:
    with pytest.raises(FormsError) as refused:
        assert extended(folder, text, head, **more).checklists
    return [str(fault) for fault in refused.value.faults]


def test_a_version_that_changes_nothing_says_the_same(tmp_path: Path) -> None:
    forms = extended(tmp_path)
    first, second = forms.get("proposal", 1), forms.get("proposal", 2)
    assert second.reference == "proposal@2"
    assert (second.sections, second.checks, second.title) == (first.sections, first.checks, first.title)
    assert (second.effective_from, second.effective_to) == (date(2026, 1, 1), None)
    assert second.source == first.source


def test_a_version_changes_what_it_names(tmp_path: Path) -> None:
    text = """
list = ["title", "state"]
omit = ["field:many_reason", "section:decision", "check:at_most:approved_support", "column:machines.note"]

[[section]]
id = "general"
label = "Thông tin"

[[section.field]]
name = "title"
max_length = 60

[[section.field]]
name = "short_title"
type = "text"
label = "Tên gọi tắt"
after = "title"

[[section.field]]
name = "begins_on"
renamed_from = "starts_on"

[[section]]
id = "scale"

[[section.field]]
name = "machines"

[[section.field.column]]
name = "maker"
type = "text"
label = "Hãng"
after = "name"

[[section]]
id = "risks"
label = "Rủi ro"
after = "general"

[[section.field]]
name = "risk"
type = "paragraph"
label = "Rủi ro"

[[check]]
rule = "any_filled"
field = "risk"
fields = ["risk", "short_title"]
"""
    text = text.replace("omit = [", 'omit = ["check:date_order:ends_on", ')
    workflow = samples.WORKFLOW.replace('open_sections = ["decision"]\n', "")
    forms = extended(tmp_path, text, workflow=workflow)
    first, second = forms.get("proposal", 1), forms.get("proposal", 2)
    assert second.list == ("title", "state")
    assert [section.id for section in second.sections] == ["general", "risks", "scale", "budget"]
    assert second.section_of("title").label == "Thông tin"
    names = [field.name for field in second.sections[0].fields]
    assert names[:2] == ["title", "short_title"]
    assert names.index("begins_on") == [field.name for field in first.sections[0].fields].index("starts_on") + 1
    title, began = second.field("title"), second.field("begins_on")
    assert (title.max_length, title.required, title.label) == (60, True, "Tên đề án")
    assert (began.renamed_from, began.type, began.default) == ("starts_on", "date", "today")
    assert [column.name for column in second.field("machines").columns][:2] == ["name", "maker"]
    assert [check.rule for check in second.checks] == ["budget_closes", "any_filled"]
    assert "many_reason" in first.by_name
    assert first.field("title").max_length == 40
    assert "note" in [column.name for column in first.field("machines").columns]


def test_versions_may_follow_each_other(tmp_path: Path) -> None:
    second = HEAD + 'effective_to = 2026-12-31\nlabel = "Đề án hai"\n'
    third = 'extends = "proposal@2"\nversion = 3\neffective_from = 2027-01-01\nplural = "Các đề án"\n'
    form = extended(tmp_path, head=second, proposal_3=third).get("proposal", 3)
    assert (form.label, form.plural, form.effective_to) == ("Đề án hai", "Các đề án", None)


def test_the_parts_of_a_form_are_extended_with_it(tmp_path: Path) -> None:
    folder = shutil.copytree(paths.forms(), tmp_path / "forms")
    whole = folder / "proposal.toml"
    text = whole.read_text(encoding="utf-8")
    ended = "effective_to = 2025-12-31"
    assert ended in text
    whole.write_text(text.replace(ended, "effective_to = 2026-12-31", 1), encoding="utf-8")
    later = 'extends = "proposal@1"\nversion = 2\neffective_from = 2027-01-01\nomit = ["field:mark_plan"]\n'
    (folder / "proposal-2.toml").write_text(later, encoding="utf-8")
    for newer in folder.glob("proposal-[3-9].toml"):
        newer.unlink()
    forms = load(folder)
    first, second = forms.get("proposal", 1), forms.get("proposal", 2)
    assert [section.id for section in second.sections] == [section.id for section in first.sections]
    assert set(first.by_name) - set(second.by_name) == {"mark_plan"}
    assert second.checks == first.checks


def test_a_checklist_is_extended_by_the_codes_of_its_entries(tmp_path: Path) -> None:
    ended = samples.MACHINERY.replace(
        "effective_from = 2014-02-10", "effective_from = 2014-02-10\neffective_to = 2025-12-31"
    )
    later = """
extends = "machinery@1"
version = 2
effective_from = 2026-01-01
omit = ["fact:national_sign"]

[[paper]]
code = "invoice"
item = "Hóa đơn"

[[fact]]
code = "machine_is_new"
unverified = true
"""
    folder = samples.write(tmp_path, machinery=ended)
    (folder / "checklists" / "machinery-2.toml").write_text(later, encoding="utf-8")
    (checklist,) = [item for item in load(folder).checklists if item.activity == "machinery" and item.version == 2]
    assert [paper.code for paper in checklist.papers] == ["purchase_contract", "invoice"]
    assert [(fact.code, fact.item, fact.unverified) for fact in checklist.facts] == [
        ("machine_is_new", "Máy mới", True)
    ]


@pytest.mark.parametrize(
    ("head", "text", "fault"),
    [
        (
            HEAD.replace("proposal@1", "proposal@7"),
            "",
            "proposal_2.toml: extends: bản “proposal@7” không có (có phải ý là “proposal@1”)",
        ),
        (
            HEAD.replace("proposal@1", "proposal@2"),
            "",
            "proposal_2.toml: extends: “proposal@2” không phải là bản trước của bản này",
        ),
        (
            HEAD.replace("proposal@1", "beneficiary@1") + 'id = "proposal"\n',
            "",
            "proposal_2.toml: extends: “beneficiary@1” là bản của một định nghĩa khác",
        ),
        (
            HEAD,
            'omit = ["field:titel"]',
            "proposal_2.toml: omit: field “titel” không có (có phải ý là “title”)",
        ),
        (
            HEAD,
            'omit = ["feld:title"]',
            "proposal_2.toml: omit: loại “feld” không có (có phải ý là “field”)",
        ),
        (HEAD, "omit = 5", "proposal_2.toml: “omit” phải là một danh sách [ … ]"),
        (
            HEAD,
            '[[section]]\nid = "general"\n[[section.field]]\nname = "neu"\ntype = "text"\nlabel = "M"\nafter="titel"',
            "proposal_2.toml, general/neu: after: field “titel” không có (có phải ý là “title”)",
        ),
        (
            HEAD,
            '[[section]]\nid = "general"\n[[section.field]]\nname = "neu"\ntype = "text"',
            "proposal_2.toml, proposal/general/neu: thiếu khoá “label”",
        ),
        (
            HEAD,
            '[[section]]\nid = "general"\n[[section.field]]\nname = "title"\nmax_lenght = 3',
            "proposal_2.toml, proposal/general/title: khoá “max_lenght” không có (có phải ý là “max_length”)",
        ),
    ],
)
def test_what_cannot_be_extended_is_a_fault_of_the_later_file(tmp_path: Path, head: str, text: str, fault: str) -> None:
    assert faults(tmp_path, text, head) == [fault]


def test_number_and_day_are_not_inherited(tmp_path: Path) -> None:
    found = faults(tmp_path, head='extends = "proposal@1"\n')
    assert "proposal_2.toml, proposal: thiếu khoá “version”" in found
    assert "proposal_2.toml, proposal: thiếu khoá “effective_from”" in found


def test_a_circle_is_a_fault(tmp_path: Path) -> None:
    third = HEAD.replace("version = 2", "version = 3").replace("2026-01-01", "2027-01-01")
    second = HEAD.replace("proposal@1", "proposal@3") + "effective_to = 2026-12-31\n"
    found = faults(tmp_path, head=second, proposal_3=third.replace("proposal@1", "proposal@2"))
    assert found == ["proposal_2.toml: extends: “proposal@3” không phải là bản trước của bản này"]


def test_an_earlier_version_cannot_extend_a_later_one(tmp_path: Path) -> None:
    first = 'extends = "proposal@2"\nversion = 1\neffective_from = 2014-01-01\neffective_to = 2025-12-31\n'
    second = samples.PROPOSAL.replace("version = 1", "version = 2").replace("2014-01-01", "2026-01-01")
    found = faults(tmp_path, proposal=first, proposal_2=second)
    assert found == ["proposal.toml: extends: “proposal@2” không phải là bản trước của bản này"]


def test_a_field_moves_only_when_it_is_left_out_first(tmp_path: Path) -> None:
    moved = '[[section]]\nid = "scale"\n[[section.field]]\nname = "ends_on"\ntype = "date"\nlabel = "Đến ngày"\n'
    (found, *_) = faults(tmp_path, moved)
    assert found == (
        "proposal_2.toml, scale/ends_on: ô này đang ở phần “general”"
        " (hãy thêm “field:ends_on” vào omit rồi viết lại cả ô)"
    )
    form = extended(tmp_path / "again", 'omit = ["field:ends_on"]\n' + moved).get("proposal", 2)
    assert form.section_of("ends_on").id == "scale"


def test_the_example_of_the_grammar_extends_the_worked_example(tmp_path: Path) -> None:
    blocks = (paths.forms() / "README.md").read_text(encoding="utf-8").split("```")
    examples = [block.removeprefix("toml\n") for block in blocks]
    first = next(block for block in examples if block.startswith('id = "repair"'))
    later = next(block for block in examples if block.startswith('extends = "repair@1"'))
    ended = first.replace("effective_from = 2026-01-01", "effective_from = 2026-01-01\neffective_to = 2026-12-31")
    (tmp_path / "repair.toml").write_text(ended, encoding="utf-8")
    (tmp_path / "repair-2.toml").write_text(later, encoding="utf-8")
    form = load(tmp_path).get("repair", 2)
    assert [field.name for field in form.fields] == ["name", "place", "noticed_on", "cause", "lines", "total"]
    assert [section.id for section in form.sections] == ["fault", "money", "repair"]
    assert (form.field("name").max_length, form.checks) == (300, ())

"""The handbook: every page, field text, link and topic of a refusal leads somewhere."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import kcdesk
from kcdesk import handbook
from kcdesk.errors import UserError
from kcdesk.formdef.loading.loader import load
from kcdesk.services.guidance import topic_pages
from kcdesk.services.records import changing
from kcdesk.services.visits import visits

ROOT = Path(kcdesk.__file__).parent
MODULES = {".".join(("kcdesk", *path.relative_to(ROOT).with_suffix("").parts)): path for path in ROOT.rglob("*.py")}
FILES = sorted(handbook.folder().rglob("*.md"))


@pytest.fixture(scope="module")
def trees():
    """The syntax tree of every module: read for these tests only, not wherever tests are collected."""
    return {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}


def test_every_page_has_a_title_and_something_to_say():
    assert len(handbook.shipped_pages()) > 60
    for topic, page in handbook.shipped_pages().items():
        assert page.title, topic
        assert len(page.text) > 60, topic


def test_every_text_of_a_field_belongs_to_a_field():
    forms = load()
    types = {field.type for kind in forms.kinds for field in _fields(forms.current(kind)).values()}
    assert set(handbook.field_texts("types")) == types
    for path in (handbook.folder() / "fields").glob("*.md"):
        if path.stem != "types":
            assert set(handbook.field_texts(path.stem)) <= _fields(forms.current(path.stem)).keys(), path.stem


def _fields(form):
    own = {field.name: field for field in form.fields}
    return own | {f"{field.name}.{column.name}": column for field in form.fields for column in field.columns}


def test_every_field_has_a_page_that_says_how_and_why():
    forms = load()
    for kind in forms.kinds:
        for path, field in _fields(forms.current(kind)).items():
            page = topic_pages.page_of((f"{kind}.{path}",), forms)
            assert page.title == field.label
            assert field.source in page.text
            assert ("Cách nhập" in page.text) != bool(field.computed or field.owner == "province"), (kind, path)
            is_marked = "chưa đối chiếu" in page.text or "Đề xuất của chương trình" in page.text
            assert is_marked >= field.unverified


def test_a_page_of_a_field_says_what_to_type_which_rule_and_how_far_it_was_checked():
    text = topic_pages.page_of(("beneficiary.women_owned",)).text
    assert "NĐ 235/2025/NĐ-CP, chưa đối chiếu." in text
    text = topic_pages.page_of(("proposal.budget.cost",)).text
    assert "4,105 tỷ" in text
    assert "Bảng «Dự toán kinh phí»" in text
    assert "TT 36/2013/TT-BCT" in text
    assert "Khuyến công quốc gia" in topic_pages.page_of(("proposal.programme",)).text


@pytest.mark.parametrize("topics", [(), ("",), ("nowhere",), ("proposal.nothing",), ("nothing.title", "..", "../x")])
def test_an_unknown_topic_shows_the_contents(topics):
    assert topic_pages.page_of(topics).topic == handbook.CONTENTS


def test_the_first_topic_that_has_a_page_is_shown():
    assert topic_pages.page_of(("acceptance.nothing", "acceptance.number", "acceptance")).topic == "acceptance.number"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_link_and_picture_leads_somewhere(path):
    for _text, link in handbook.links(path.read_text(encoding="utf-8")):
        scheme, _, rest = link.partition(":")
        if scheme == "help":
            assert topic_pages.has_page(rest), link
        elif scheme not in ("go", "do"):  # those are followed in the window's own test
            assert re.fullmatch(r"\.\./pictures/[a-z0-9_]+\.webp", link), link


# -- refusals ------------------------------------------------------------------------------------------------------


_ERRORS = {
    "UserError",
    "KnownError",
    "KcdeskError",
    "FormsError",
    "LayoutsError",
    "ValueProblem",
    "ChangedVersionsError",
    "FormFaultsError",
}
_OTHER_CODES = {"kcdesk.demo.journey"}  # codes of units


def _codes(tree):
    """The codes that a module gives away: constants, what a name of the module holds, and the parts of a choice."""
    names = {
        node.targets[0].id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "code":
            value = names.get(node.value.id, node.value) if isinstance(node.value, ast.Name) else node.value
            yield from (part.value for part in ast.walk(value) if isinstance(part, ast.Constant) and part.value)


def _raises(tree):
    called = (node.func for node in ast.walk(tree) if isinstance(node, ast.Call))
    return any(isinstance(name, ast.Name) and name.id in _ERRORS for name in called)


def test_the_kinds_of_refusals_are_all_known(trees):
    bases = {
        node.name: {ast.unparse(base) for base in node.bases} for tree in trees.values() for node in _classes(tree)
    }
    known = {"KcdeskError"}
    for _depth in range(3):
        known |= {name for name, above in bases.items() if above & known}
    assert known - {"IncompleteError"} == _ERRORS  # that has one code, in `errors`


def _classes(tree):
    return (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))


def test_every_refusal_has_a_page(trees):
    topics = {}
    for module, tree in trees.items():
        if module in _OTHER_CODES:
            continue
        topics |= {(module, code): handbook.topic_of_module(module, code) for code in _codes(tree)}
        if _raises(tree):
            topics[module, ""] = handbook.topic_of_module(module)
            assert topics[module, ""] != handbook.topic_of_module(""), module
    assert len(topics) > 280
    assert [place for place, topic in topics.items() if topic not in handbook.shipped_pages()] == []
    assert [place for place, topic in topics.items() if topic == handbook.topic_of_module("")] == []


def test_no_row_of_the_table_of_refusals_is_idle(trees):
    table = handbook.folder() / "refusals.toml"
    rows = re.findall(r'^"?([\w/:]+)"? = "(\w+)"$', table.read_text(encoding="utf-8"), flags=re.MULTILINE)
    raised = {
        (module.removeprefix("kcdesk.").replace(".", "/"), code) for module, t in trees.items() for code in _codes(t)
    }
    rooms = {name.removeprefix("kcdesk.").replace(".", "/") for name in MODULES}
    rooms |= {room.rpartition("/__init__")[0] for room in rooms if room.endswith("/__init__")}
    in_rooms = {f"{room}:{code}" for room in rooms for module, code in raised if f"{module}/".startswith(f"{room}/")}
    assert len(rows) > 100
    assert [name for name, _ in rows if name not in {code for _, code in raised} | rooms | in_rooms | {"default"}] == []
    assert [topic for _name, topic in rows if topic not in handbook.shipped_pages()] == []


def test_a_refusal_is_explained_by_its_code_else_by_the_room_that_raised_it(workspace):
    with pytest.raises(UserError) as refusal:
        changing.set_values(workspace, "nowhere", {"title": "x"})
    assert handbook.topic_of(refusal.value) == "lost_records"
    assert handbook.topic_of(UserError("Không được.", code="new_code")) == "problems"
    assert handbook.topic_of(UserError("Không được.", code="locked")) == "steps"
    assert handbook.topic_of_module("kcdesk.exchange.verification", "locked") == "intake"
    with pytest.raises(UserError) as refusal:
        visits.second_visit(workspace, changing.add(workspace, "proposal", {}).items[0].id)
    assert handbook.topic_of(refusal.value) == "acceptance"


def test_plain_text_has_no_marks():
    for topic in handbook.shipped_pages():
        text = handbook.in_plain_text(topic_pages.page_of((topic,)))
        assert not re.search(r"\*\*|\]\(|!\[|^#", text, flags=re.MULTILINE), topic


def test_a_piece_of_a_page_shows_no_lines_of_a_table_or_a_heading():
    pages = handbook.shipped_pages().values()
    assert not [page.topic for page in pages if "===" in handbook.in_running_text(page)]
    tables = [page for page in pages if "|---|" in page.text]
    assert tables
    for page in tables:
        words = handbook.in_running_text(page)
        assert "|" not in words
        assert "---" not in words
        assert " · " in words

"""The glossary: every name in it exists, and forms/ uses the same Vietnamese for it."""

import ast
import re
import tomllib
from itertools import pairwise
from pathlib import Path

import pytest

from kcdesk import paths
from kcdesk.documents.layouts.layout import load_layouts
from kcdesk.formdef.loading import loader

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "forms" / "glossary.md").read_text(encoding="utf-8")
FORMS = loader.load()
WORKFLOWS = [FORMS.workflow(kind) for kind in FORMS.kinds]
SHARED = tomllib.loads((ROOT / "forms" / "choices.toml").read_text(encoding="utf-8"))
LAYOUTS = load_layouts(paths.forms() / "documents", FORMS)
STATES = {f"{w.kind}:{state.name}": {state.label} for w in WORKFLOWS for state in w.states}
STEPS = {f"{w.kind}:{step.name}": {step.label} for w in WORKFLOWS for step in w.transitions}
MARKS = {mark: set() for w in WORKFLOWS for state in w.states for mark in state.marks}
KINDS = {form.id: {form.label, form.plural} for form in FORMS.all}
ACTIVITIES = {activity.code: {activity.label, activity.short_label} for activity in FORMS.activities}
PAPERS = {layout.id: {layout.label} for layout in LAYOUTS.values()}
FIELDS = {f"{form.id}.{field.name}": set() for form in FORMS.all for field in form.fields}
COLUMNS = {f"{form.id}.{t.name}.{c.name}": set() for form in FORMS.all for t in form.tables for c in t.columns}
CHOICES = {f"{name}.{choice['value']}": set() for name, list_ in SHARED.items() for choice in list_["choices"]}
NAMES = STATES | STEPS | MARKS | KINDS | ACTIVITIES | PAPERS | FIELDS | COLUMNS | CHOICES


def _rows() -> list[list[str]]:
    """The cells of every row of every table, without heads."""
    lines = TEXT.splitlines()
    below_head = (line for before, line in pairwise(lines) if before.startswith("|"))
    return [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in below_head if line[:2] == "| "]


ROWS = _rows()
NAMED = [(row, name) for row in ROWS for cell in row[:2] for name in re.findall(r"`([^`]+)`", cell)]
IN_FORMS = [(row, name) for row, name in NAMED if "/" not in name and not name[0].isupper()]
IN_CODE = [pair for pair in NAMED if pair not in IN_FORMS]


@pytest.mark.parametrize(("row", "name"), IN_FORMS, ids=[name for _, name in IN_FORMS])
def test_a_name_of_the_glossary_stands_in_forms(row, name):
    assert name in NAMES, row


@pytest.mark.parametrize(("row", "name"), IN_FORMS, ids=[name for _, name in IN_FORMS])
def test_forms_call_it_by_the_same_words(row, name):
    labels = NAMES[name]
    is_other_word = row[0] == "cơ sở công nghiệp nông thôn (CNNT)"  # the law's word for who becomes a beneficiary
    assert not labels or is_other_word or row[0] in labels


@pytest.mark.parametrize(("row", "name"), IN_CODE, ids=[name for _, name in IN_CODE])
def test_a_word_of_the_code_stands_in_its_module(row, name):
    path = re.search(r"`((?:kcdesk|forms)/[^`]+)`", row[1])
    assert path, row
    assert (ROOT / path[1]).exists()
    assert name == path[1] or re.search(rf"\bclass {name}\b", (ROOT / path[1]).read_text(encoding="utf-8"))


def test_the_glossary_has_rows_of_every_sort():
    named = {name for _, name in NAMED}
    for sort in (STATES, STEPS, MARKS, KINDS, ACTIVITIES, PAPERS, FIELDS, COLUMNS, CHOICES):
        assert named & set(sort)


# -- one word for one thing on the screen -----------------------------------------------------------------------------

FORBIDDEN = {
    variant.strip(): right
    for right, never in (row[:2] for row in ROWS if len(row) == 2 and "`" not in "".join(row))
    for variant in never.split(",")
}
_VIETNAMESE = re.compile("[àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ]", re.IGNORECASE)
_QUOTED = re.compile(r"^## \S+$|`[^`]*`|\{[^}]*\}|\[[^\]]*\]\([^)]*\)|--?[a-z-]+|\*\.\w+|\S+\.(?:py|toml|md|xlsx)")
_FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)  # commands for a server
_HELP = ROOT / "resources" / "help"


def _python_texts(path: Path) -> list[str]:
    """The Vietnamese texts of a module, without docstrings."""
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source if _VIETNAMESE.search(source) else "")  # to parse every module takes two seconds
    owners = [node for node in ast.walk(tree) if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)]
    docstrings = {id(node.body[0].value) for node in owners if node.body and isinstance(node.body[0], ast.Expr)}
    constants = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return [node.value for node in constants if id(node) not in docstrings and _VIETNAMESE.search(node.value)]


def _form_texts() -> list[str]:
    """Labels and helps of fields, sections, states and steps: what is ours, not the law's."""
    fields = [field for form in FORMS.all for section in form.sections for field in (section, *section.fields)]
    steps = [part for workflow in WORKFLOWS for part in (*workflow.states, *workflow.transitions)]
    return [text for part in (*fields, *steps) for text in (part.label, getattr(part, "help", "")) if text]


# A page about pages, and names of packages.
_NO_SCREENS = ("resources/help/README.md", "resources/help/pages/licences.md")


def test_one_thing_has_one_word_on_every_screen():
    assert len(FORBIDDEN) > 25
    texts = {str(path.relative_to(ROOT)): _python_texts(path) for path in (ROOT / "kcdesk").rglob("*.py")}
    texts |= {
        str(path.relative_to(ROOT)): _FENCED.sub("", path.read_text(encoding="utf-8")).splitlines()
        for path in _HELP.rglob("*.md")
    }
    texts["forms"] = _form_texts()
    words = re.compile(r"(?<![\w.])(" + "|".join(map(re.escape, FORBIDDEN)) + r")(?![\w.])", re.IGNORECASE)
    wrong = [
        (place, match[0], text[:80])
        for place, lines in texts.items()
        for text in lines
        if place not in _NO_SCREENS and (match := words.search(_QUOTED.sub("", text)))
    ]
    assert wrong == [], "\n".join(map(str, wrong))

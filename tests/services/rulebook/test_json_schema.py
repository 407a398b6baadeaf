"""The schemas in `forms/schema` agree with the loaders: the shipped files pass, the same mistakes are refused."""

from __future__ import annotations

import json
import shutil
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import fastjsonschema
import pytest

from kcdesk import paths
from kcdesk.formdef.loading.loader import load
from kcdesk.services.rulebook import json_schema, validation
from kcdesk.services.workspace import Workspace
from tests.examples import some

README = (paths.forms() / "README.md").read_text(encoding="utf-8")
FILES = sorted(path.relative_to(paths.forms()).as_posix() for path in paths.forms().rglob("*.toml"))


def test_the_written_schemas_are_those_of_today() -> None:
    """When this fails, run `python -m kcdesk.services.rulebook.json_schema`."""
    home = paths.forms().parent
    made = dict(json_schema.files(README))
    for name, text in made.items():
        assert (home / name).read_text(encoding="utf-8") == text, name
    kept = {f"forms/schema/{path.name}" for path in (paths.forms() / "schema").iterdir()}
    assert kept == made.keys() - {json_schema.TAPLO}


@pytest.fixture(scope="module")
def schemas() -> list[json_schema.SchemaFile]:
    return json_schema.schema_files(README)


@pytest.fixture(scope="module")
def validate(schemas: list[json_schema.SchemaFile]) -> Any:
    """Holds the text of a file of `forms/` against its schema, as an editor does."""
    compiled = {one.name: fastjsonschema.compile(one.schema) for one in schemas}

    def run(file: str, text: str) -> Any:
        return compiled[json_schema.schema_of(file, schemas).name](as_json(tomllib.loads(text)))

    return run


def as_json(value: Any) -> Any:
    """TOML as editors hold it against a schema: a date becomes text."""
    if isinstance(value, dict):
        return {key: as_json(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [as_json(entry) for entry in value]
    return value.isoformat() if isinstance(value, date) else value


@pytest.mark.parametrize("file", FILES)
def test_every_shipped_file_is_right(file: str, validate: Any) -> None:
    assert validate(file, (paths.forms() / file).read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("office.toml", "form"),
        ("a_new_kind.toml", "form"),
        ("choices.toml", "choices"),
        ("released.toml", "released"),
        ("proposal/brand.toml", "form_part"),
        ("checklists/common.toml", "checklist"),
        ("activities/machinery.toml", "outline"),
        ("rules/payments.toml", "payments"),
        ("documents/minutes_5a.toml", "layout"),
        ("documents/parts/header.toml", "layout_part"),
        ("calendar/a_province.toml", "calendar"),
    ],
)
def test_each_file_has_its_schema(file: str, name: str, schemas: list[json_schema.SchemaFile]) -> None:
    assert json_schema.schema_of(file, schemas).name == name


WRONG = [
    ("office.toml", 'label = "Tên', 'lable = "Tên'),
    ("office.toml", "version = 1", 'version = "1"'),
    ("office.toml", 'type = "text"', 'type = "txt"'),
    ("office.toml", "required = true", 'required = "yes"'),
    ("office.toml", 'name = "code"\n', ""),
    ("office.toml", 'rule = "date_order"', 'rule = "day_order"'),
    ("office.toml", 'id = "office"', 'id = "Office"'),
    ("proposal/brand.toml", 'after = "', 'behind = "'),
    ("choices.toml", "value = ", "valu = "),
    ("activities.toml", "[[activity]]", "[[activities]]"),
    ("workflow.toml", 'tone = "good"', 'tone = "fine"'),
    ("workflow.toml", 'marks = ["ended", "decided"]', 'marks = ["endet", "decided"]'),
    ("checklists/machinery.toml", "\n[[fact]]\ncode = ", "\n[[fact]]\nkode = "),
    ("activities/machinery.toml", "effective_from = ", "efective_from = "),
    ("norms/national.toml", "cap = ", "kap = "),
    ("eligibility.toml", "unknown = ", "unkown = "),
    ("priorities.toml", "[[criterion.level]]", "[[criterion.levels]]"),
    ("levels.toml", "decides = ", "decide = "),
    ("package.toml", "programme = ", "program = "),
    ("calendar.toml", 'every = "year"', 'every = "yearly"'),
    ("rules/payments.toml", "rate = ", "rates = "),
    ("rules/authorities.toml", "decided_by = ", "decides = "),
    ("documents/minutes_5a.toml", 'type = "include"', 'type = "inclued"'),
    ("documents/minutes_5a.toml", "copies = ", "copys = "),
    ("documents/parts/signatures.toml", "person = ", "persons = "),
    ("released.toml", "[form]", "[forms]"),
    ("eligibility.toml", "when = { ", "when = { workers = { at_leest = 5 }, "),
]


@pytest.mark.parametrize(("file", "old", "new"), some(9, WRONG))
def test_a_mistake_is_refused_by_schema_and_loader(
    file: str, old: str, new: str, validate: Any, workspace: Workspace, tmp_path: Path
) -> None:
    folder = shutil.copytree(paths.forms(), tmp_path / "forms")
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    changed = text.replace(old, new, 1)
    with pytest.raises(fastjsonschema.JsonSchemaValueException):
        validate(file, changed)
    (folder / file).write_text(changed, encoding="utf-8")
    assert refusals(workspace, folder)


def refusals(workspace: Workspace, folder: Path) -> list[str]:
    """What the loaders say of a folder."""
    try:
        forms = load(folder)
    except Exception as error:
        return [str(error)]
    return validation.wrong_definitions(Workspace(workspace.store, forms, workspace.extensions, workspace.today))


def test_a_version_that_extends_another_says_only_what_differs(validate: Any) -> None:
    later = 'extends = "office@1"\nversion = 2\neffective_from = 2027-01-01\n'
    field = '[[section]]\nid = "general"\n[[section.field]]\nname = "name"\nmax_length = 300\nafter = "code"\n'
    validate("office-2.toml", later + 'omit = ["field:note"]\n' + field)
    validate("checklists/machinery-2.toml", later.replace("office", "machinery") + '[[fact]]\ncode = "a"\n')
    for wrong in (
        later.replace("version = 2\n", ""),
        later + 'omit = ["feld:note"]\n',
        later + field.replace("max_length", "max_lenght"),
        later + field.replace('name = "name"\n', ""),
        later.replace("extends", "extend"),
    ):
        with pytest.raises(fastjsonschema.JsonSchemaValueException):
            validate("office-2.toml", wrong)


def test_keys_are_explained_in_the_words_of_the_grammar(schemas: list[json_schema.SchemaFile]) -> None:
    form = next(one.schema for one in schemas if one.name == "form")
    fields = form["definitions"]["Field"]["properties"]
    assert fields["unit"]["description"] == "shown in the field"
    assert set(fields) == {name for name, key in fields.items() if "description" in key}
    assert json.dumps(form, ensure_ascii=False)

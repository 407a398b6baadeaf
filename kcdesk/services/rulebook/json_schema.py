"""JSON Schemas of everything in `forms/`, so that an editor completes and checks the TOML files.

    python -m kcdesk.services.rulebook.json_schema

writes them to `forms/schema`, and to `.taplo.toml` which files each of them is for. They follow from the classes that
the loaders build, and from the tables of keys in forms/README.md for what the keys mean.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from kcdesk import paths
from kcdesk.documents.blocks import Page
from kcdesk.documents.layouts.block_reader import BLOCKS, INCLUDE, Include
from kcdesk.documents.layouts.layout import Head
from kcdesk.formdef import model
from kcdesk.formdef.forms import SharedChoices
from kcdesk.formdef.loading.class_schema import DRAFT, NAME, ClassSchemas, Schema
from kcdesk.formdef.loading.released import GROUPS
from kcdesk.formdef.regulations import deadlines, eligibility, norms, priorities, procedures

FOLDER = "schema"
TAPLO = ".taplo.toml"
_TAPLO_HEAD = (
    "# Which schema an editor holds a file of forms/ against. Written by kcdesk/services/rulebook/json_schema.py.\n"
)
# Under which headings of forms/README.md the keys of a class are explained.
_EXPLAINED = {"A form": model.Form, "A field, or a column of a table": model.Field}
_ROW = re.compile(r"^\| ((?:`[a-z_.\[\]]+`(?:, | or )?)+) \| ([^|]+) \|$")


@dataclass(frozen=True, slots=True)
class SchemaFile:
    """One schema: its name, and the files of `forms/` that it is for, by patterns of paths in that folder."""

    name: str
    files: tuple[str, ...]
    schema: Schema


def schema_of(path: str, files: Sequence[SchemaFile]) -> SchemaFile:
    """The schema of a file of `forms/`: the last that is for it, as an editor chooses too."""
    depth = len(PurePosixPath(path).parts)
    return next(
        one
        for one in reversed(files)
        for pattern in one.files
        if PurePosixPath(path).match(pattern) and len(PurePosixPath(pattern).parts) == depth
    )


def schema_files(readme: str) -> list[SchemaFile]:
    """Every schema, the general ones first; `readme` is the text of forms/README.md."""
    of = _Schemas(_descriptions(readme))
    single = {
        "choices": of.choices(),
        "activities": of.arrays(activity=model.Activity),
        "workflow": of.arrays(workflow=model.Workflow),
        "eligibility": of.whole(eligibility.Rules),
        "priorities": of.whole(priorities.Priorities),
        "released": of.released(),
        **{f"rules/{name}": of.whole(cls) for name, cls in procedures.FILES.items()},
    }
    several = {
        "calendar": (("calendar.toml", "calendar/*.toml"), of.whole(deadlines.Calendar)),
        "checklist": (("checklists/*.toml",), of.version(model.Checklist)),
        "outline": (("activities/*.toml",), of.version(model.Outline)),
        "norms": (("norms/*.toml",), of.whole(norms.Norms)),
        "layout": (("documents/*.toml",), of.layout()),
        "layout_part": (("documents/parts/*.toml",), of.layout_part()),
    }
    found = [SchemaFile(PurePosixPath(name).name, (f"{name}.toml",), schema) for name, schema in single.items()]
    found += [SchemaFile(name, files, schema) for name, (files, schema) in several.items()]
    form = SchemaFile("form", ("*.toml",), of.version(model.Form))
    return [form, SchemaFile("form_part", ("*/*.toml",), of.whole(model.FormPart)), *found]


class _Schemas:
    """Makes one schema after another, each with the definitions that it needs."""

    def __init__(self, descriptions: Mapping[type, Mapping[str, str]]) -> None:
        self._descriptions = descriptions

    def whole(self, cls: type) -> Schema:
        """Of a file that is one table of this class."""
        classes = self._classes()
        return _root(classes, classes.whole(cls))

    def version(self, cls: type) -> Schema:
        """Of a file that is one version, or extends one."""
        classes = self._classes()
        return _root(classes, classes.version(cls))

    def arrays(self, **entries: type) -> Schema:
        """Of a file with `[[key]]` tables and nothing else."""
        classes = self._classes()
        lists = {key: {"type": "array", "items": classes.whole(cls)} for key, cls in entries.items()}
        return _root(classes, classes.table(lists))

    def choices(self) -> Schema:
        """Of the shared lists of choices, by their names."""
        classes = self._classes()
        shared = {"type": "object", "patternProperties": {NAME: classes.whole(SharedChoices)}}
        return _root(classes, shared | {"additionalProperties": False})

    def released(self) -> Schema:
        """Of the manifest of released versions."""
        classes = self._classes()
        entries = {"type": "object", "additionalProperties": {"type": "string", "pattern": "^[0-9a-f]{64}$"}}
        return _root(classes, classes.table(dict.fromkeys(GROUPS, entries)))

    def layout(self) -> Schema:
        """Of a paper layout."""
        classes = self._classes()
        classes.whole(Head)
        head = classes.definitions.pop(Head.__name__)
        more = {"page": classes.whole(Page), "block": _blocks(classes, [*BLOCKS, INCLUDE])}
        return _root(classes, classes.table(head["properties"] | more, [*head["required"], "block"]))

    def layout_part(self) -> Schema:
        """Of blocks that several layouts share."""
        classes = self._classes()
        return _root(classes, classes.table({"block": _blocks(classes, list(BLOCKS))}, ["block"]))

    def _classes(self) -> ClassSchemas:
        return ClassSchemas(self._descriptions)


def _root(classes: ClassSchemas, schema: Schema) -> Schema:
    return {"$schema": DRAFT, **schema, "definitions": dict(sorted(classes.definitions.items()))}


def _blocks(classes: ClassSchemas, kinds: list[str]) -> Schema:
    """A list of blocks: `type` says which keys one has."""
    choices = []
    for kind in kinds:
        cls = Include if kind == INCLUDE else BLOCKS[kind]
        reference, is_kind = classes.whole(cls), {"properties": {"type": {"const": kind}}}
        table = classes.definitions[cls.__name__]
        table["properties"] = is_kind["properties"] | table["properties"]
        table["required"] = ["type", *table["required"]]
        choices.append({"if": is_kind, "then": reference})
    block = {"type": "object", "required": ["type"], "properties": {"type": {"enum": kinds}}, "allOf": choices}
    return {"type": "array", "minItems": 1, "items": block}


def _descriptions(readme: str) -> dict[type, dict[str, str]]:
    """What the tables of keys in the grammar say, by class and key."""
    found: dict[type, dict[str, str]] = {}
    cls: type | None = None
    for line in readme.splitlines():
        if line.startswith("## "):
            cls = _EXPLAINED.get(line[3:])
        elif cls is not None and (row := _ROW.match(line)):
            names = [name.rpartition(".")[2] for name in re.findall(r"`\[*([a-z_.]+)\]*`", row[1])]
            found.setdefault(cls, {}).update(dict.fromkeys(names, row[2]))
    return found


def files(readme: str) -> Iterator[tuple[str, str]]:
    """Path, from the folder above `forms/`, and text of every file that is written."""
    found = schema_files(readme)
    for one in found:
        yield f"forms/{FOLDER}/{one.name}.json", json.dumps(one.schema, ensure_ascii=False, indent=1) + "\n"
    yield TAPLO, _TAPLO_HEAD + "".join(map(_rule, found))


def _rule(one: SchemaFile) -> str:
    include = json.dumps([f"forms/{file}" for file in one.files])
    return f'\n[[rule]]\ninclude = {include}\nschema = {{ path = "forms/{FOLDER}/{one.name}.json" }}\n'


def main() -> int:
    """Write every file; the exit code."""
    home: Path = paths.forms().parent
    for name, text in files((paths.forms() / "README.md").read_text(encoding="utf-8")):
        (home / name).parent.mkdir(exist_ok=True)
        (home / name).write_text(text, encoding="utf-8")
        sys.stdout.write(f"{name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

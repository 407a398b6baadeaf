"""Make JSON Schemas of everything in `forms/`, so that an editor completes and checks the TOML files.

    python -m kcdesk.services.rulebook.json_schema

writes them to `forms/schema`, and to `.taplo.toml` the files that each of them applies to. They are derived from the
classes that the loaders build; the descriptions of the keys come from the tables in forms/README.md.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from kcdesk import paths
from kcdesk.documents.blocks import PageSetup
from kcdesk.documents.layouts.block_reader import BLOCKS, INCLUDE, IncludeSpec
from kcdesk.documents.layouts.layout import LayoutHead
from kcdesk.documents.ticked.answer_places import PaperAnswers
from kcdesk.formdef import model
from kcdesk.formdef.activities import Activity
from kcdesk.formdef.forms import SharedChoices
from kcdesk.formdef.law.law_files import InstrumentsFile
from kcdesk.formdef.loading.class_schema import DRAFT, NAME, ClassSchemas, Schema
from kcdesk.formdef.loading.placeholder_names import PlaceholdersFile
from kcdesk.formdef.loading.released import GROUPS
from kcdesk.formdef.regulations import (
    areas,
    dated_names,
    deadlines,
    early_warnings,
    eligibility,
    evidence,
    governing_days,
    levels,
    norms,
    package_pages,
    phrases,
    priorities,
    procedures,
    retention,
    territories,
)
from kcdesk.reports.model import GroupsFile, RegionsFile, Report, UnitsFile
from kcdesk.reports.summary.model import SummaryOutline
from kcdesk.runtime.frozen import Value
from kcdesk.sheets.matching.kind_words import SheetsFile

FOLDER = "schema"
TAPLO = ".taplo.toml"
_TAPLO_HEAD = (
    "# Which schema an editor holds a file of forms/ against. Written by kcdesk/services/rulebook/json_schema.py.\n"
)
# The headings of forms/README.md under which the keys of a class are explained.
_EXPLAINED = {"A form": model.Form, "A field, or a column of a table": model.Field}
_ROW = re.compile(r"^\| ((?:`[a-z_.\[\]]+`(?:, | or )?)+) \| ([^|]+) \|$")


class SchemaFile(Value):
    """A schema, its name, and path patterns of the files of `forms/` that it applies to."""

    name: str
    files: tuple[str, ...]
    schema: Schema


def schema_of(path: str, files: Sequence[SchemaFile]) -> SchemaFile:
    """The schema of a file of `forms/`: the last that matches, as in an editor."""
    depth = len(PurePosixPath(path).parts)
    return next(
        schema_file
        for schema_file in reversed(files)
        for pattern in schema_file.files
        if PurePosixPath(path).match(pattern) and len(PurePosixPath(pattern).parts) == depth
    )


def schema_files(readme: str) -> list[SchemaFile]:
    """Make every schema, general ones first; `readme` is the text of forms/README.md."""
    schemas = _Schemas(_descriptions(readme))
    single = {
        "choices": schemas.choices(),
        "activities": schemas.arrays(activity=Activity),
        "workflow": schemas.arrays(workflow=model.Workflow),
        "eligibility": schemas.whole(eligibility.EligibilityRules),
        "priorities": schemas.whole(priorities.Priorities),
        "law": schemas.whole(InstrumentsFile),
        "governing_days": schemas.whole(governing_days.GoverningDaysFile),
        "names": schemas.whole(dated_names.NamesFile),
        "territories": schemas.whole(territories.Territories),
        "retention": schemas.whole(retention.RetentionFile),
        "evidence": schemas.whole(evidence.EvidenceFile),
        "phrases": schemas.whole(phrases.Phrases),
        "sheets": schemas.whole(SheetsFile),
        "warnings": schemas.whole(early_warnings.WarningsFile),
        "levels": schemas.whole(levels.LevelsFile),
        "package": schemas.whole(package_pages.PackagePages),
        "placeholders": schemas.whole(PlaceholdersFile),
        "released": schemas.released(),
        "reports/units": schemas.whole(UnitsFile),
        "reports/groups": schemas.whole(GroupsFile),
        "reports/regions": schemas.whole(RegionsFile),
        **{f"rules/{name}": schemas.whole(cls) for name, cls in procedures.FILES.items()},
    }
    several = {
        "calendar": (("calendar.toml", "calendar/*.toml"), schemas.whole(deadlines.Calendar)),
        "checklist": (("checklists/*.toml",), schemas.version(model.Checklist)),
        "outline": (("activities/*.toml",), schemas.version(model.Outline)),
        "areas": (("areas/*.toml",), schemas.whole(areas.ProvinceAreas)),
        "norms": (("norms/*.toml",), schemas.whole(norms.Norms)),
        "layout": (("documents/*.toml",), schemas.layout()),
        "layout_part": (("documents/parts/*.toml",), schemas.layout_part()),
        "paper_answers": (("documents/answers/*.toml",), schemas.whole(PaperAnswers)),
    }
    result = [SchemaFile(PurePosixPath(name).name, (f"{name}.toml",), schema) for name, schema in single.items()]
    result += [SchemaFile(name, files, schema) for name, (files, schema) in several.items()]
    result.insert(0, SchemaFile("report", ("reports/*.toml",), schemas.whole(Report)))
    result.insert(0, SchemaFile("summary", ("summaries/*.toml",), schemas.whole(SummaryOutline)))
    form = SchemaFile("form", ("*.toml",), schemas.version(model.Form))
    return [form, SchemaFile("form_part", ("*/*.toml",), schemas.whole(model.FormPart)), *result]


class _Schemas:
    """Makes schemas, each with the definitions that it needs."""

    def __init__(self, descriptions: Mapping[type, Mapping[str, str]]) -> None:
        self._descriptions = descriptions

    def whole(self, cls: type) -> Schema:
        """The schema of a file that is a single table of this class."""
        classes = self._classes()
        return _root(classes, classes.whole(cls))

    def version(self, cls: type) -> Schema:
        """The schema of a file that is a version, or extends another version."""
        classes = self._classes()
        return _root(classes, classes.version(cls))

    def arrays(self, **entries: type) -> Schema:
        """The schema of a file with only `[[key]]` tables."""
        classes = self._classes()
        lists = {key: {"type": "array", "items": classes.whole(cls)} for key, cls in entries.items()}
        return _root(classes, classes.table(lists))

    def choices(self) -> Schema:
        """The schema of the shared lists of choices."""
        classes = self._classes()
        shared = {"type": "object", "patternProperties": {NAME: classes.whole(SharedChoices)}}
        return _root(classes, shared | {"additionalProperties": False})

    def released(self) -> Schema:
        """The schema of the manifest of released versions."""
        classes = self._classes()
        entries = {"type": "object", "additionalProperties": {"type": "string", "pattern": "^[0-9a-f]{64}$"}}
        return _root(classes, classes.table(dict.fromkeys(GROUPS, entries)))

    def layout(self) -> Schema:
        """The schema of a paper layout."""
        classes = self._classes()
        classes.whole(LayoutHead)
        head = classes.definitions.pop(LayoutHead.__name__)
        more = {"page": classes.whole(PageSetup), "block": _blocks(classes, [*BLOCKS, INCLUDE])}
        return _root(classes, classes.table(head["properties"] | more, [*head["required"], "block"]))

    def layout_part(self) -> Schema:
        """The schema of blocks that several layouts share."""
        classes = self._classes()
        return _root(classes, classes.table({"block": _blocks(classes, list(BLOCKS))}, ["block"]))

    def _classes(self) -> ClassSchemas:
        return ClassSchemas(self._descriptions)


def _root(classes: ClassSchemas, schema: Schema) -> Schema:
    return {"$schema": DRAFT, **schema, "definitions": dict(sorted(classes.definitions.items()))}


def _blocks(classes: ClassSchemas, kinds: list[str]) -> Schema:
    """The schema of a list of blocks; the keys of a block depend on its `type`."""
    choices = []
    for kind in kinds:
        cls = IncludeSpec if kind == INCLUDE else BLOCKS[kind]
        reference, is_kind = classes.whole(cls), {"properties": {"type": {"const": kind}}}
        table = classes.definitions[cls.__name__]
        table["properties"] = is_kind["properties"] | table["properties"]
        table["required"] = ["type", *table["required"]]
        choices.append({"if": is_kind, "then": reference})
    block = {"type": "object", "required": ["type"], "properties": {"type": {"enum": kinds}}, "allOf": choices}
    return {"type": "array", "minItems": 1, "items": block}


def _descriptions(readme: str) -> dict[type, dict[str, str]]:
    """The descriptions in the tables of keys of the grammar, by class and key."""
    descriptions: dict[type, dict[str, str]] = {}
    cls: type | None = None
    for line in readme.splitlines():
        if line.startswith("## "):
            cls = _EXPLAINED.get(line[3:])
        elif cls is not None and (row := _ROW.match(line)):
            names = [name.rpartition(".")[2] for name in re.findall(r"`\[*([a-z_.]+)\]*`", row[1])]
            descriptions.setdefault(cls, {}).update(dict.fromkeys(names, row[2]))
    return descriptions


def files(readme: str) -> Iterator[tuple[str, str]]:
    """Yield path (relative to the folder above `forms/`) and text of every file to write."""
    schemas = schema_files(readme)
    for schema_file in schemas:
        yield (
            f"forms/{FOLDER}/{schema_file.name}.json",
            json.dumps(schema_file.schema, ensure_ascii=False, indent=1) + "\n",
        )
    yield TAPLO, _TAPLO_HEAD + "".join(map(_rule, schemas))


def _rule(schema_file: SchemaFile) -> str:
    include = json.dumps([f"forms/{file}" for file in schema_file.files])
    return f'\n[[rule]]\ninclude = {include}\nschema = {{ path = "forms/{FOLDER}/{schema_file.name}.json" }}\n'


def main() -> int:
    """Write every file; returns the exit code."""
    home: Path = paths.forms().parent
    for name, text in files((paths.forms() / "README.md").read_text(encoding="utf-8")):
        (home / name).parent.mkdir(exist_ok=True)
        (home / name).write_text(text, encoding="utf-8")
        sys.stdout.write(f"{name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

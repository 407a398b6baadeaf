"""The layers of the design: who may import whom, read from every module; and no Qt below the window."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import kcdesk

ROOT = Path(kcdesk.__file__).parent
BASE = {
    "text",
    "letters",
    "likeness",
    "addresses",
    "notations",
    "moments",
    "errors",
    "paths",
    "settings",
    "temporary",
    "foreign_files",
    "log",
    "placing",
    "progress",
    "runtime",
    "given_files",
    "bounded",
    "handbook",
    "later",
}
MAY_IMPORT = {
    "formdef": {"formdef"},
    "store": {"formdef", "store"},
    "documents": {"formdef", "documents"},
    "exchange": {"formdef", "store", "exchange"},
    "reports": {"formdef", "store", "documents", "reports"},
    "publishing": {"formdef", "store", "publishing"},
    "sheets": {"formdef", "exchange", "sheets"},
    "services": {"formdef", "store", "exchange", "documents", "reports", "publishing", "sheets", "services"},
    "ui": {"formdef", "sheets", "services", "ui"},
    "cli": {"formdef", "services", "app", "demo", "cli"},
    "demo": {"formdef", "services", "ui", "app", "demo"},
    "__main__": {"bounded", "cli"},
    **{name: set() for name in BASE},
    "errors": {"runtime"},
    "text": {"letters"},
    "likeness": {"text"},
    "addresses": {"runtime", "text", "letters"},
    "moments": {"errors"},  # a clock may show no real day
    "given_files": {"bounded", "errors"},
    "bounded": {
        "errors",
        "paths",
        "progress",
        "runtime",
        "temporary",
        "bounded",
    },  # the worker imports the module of a job by its name
    "handbook": {"paths", "runtime"},  # it reads shipped pages
    "temporary": {"paths", "temporary"},
    "foreign_files": {"paths", "errors", "letters", "runtime", "foreign_files"},  # it reads the shipped list of kinds
    "settings": {"bounded", "placing"},  # its file is its owner's
    "log": {"bounded", "errors", "temporary"},  # as above; it knows the codes of errors, and what is no log
    "placing": {"errors", "given_files", "temporary"},  # it says what the disk refuses
    "notations": {
        "text",
        "moments",
        "runtime",
    },  # it reads what `text` cleans and shows; days without a year are near
}
# The rooms of services/: which other rooms each may use, besides `workspace`.
SERVICES_MAY_IMPORT: dict[str, set[str]] = {
    "workspace": set(),
    "records": set(),
    "intake": {"records"},
    "attachments": {"records"},
    "lifecycle": {"records"},
    "law": {"records", "attachments", "staff"},
    "papers": {"records", "attachments", "lifecycle", "papers/own_forms"},
    "papers/own_forms": {"papers"},
    "papers/ticked": {"papers", "records"},
    "codes": {"papers", "records"},
    "rules": {"records", "law"},
    "plans": {"records", "rules", "lifecycle"},
    "proposals": {"records", "law", "lifecycle", "plans"},
    "beneficiaries": {"records", "lifecycle"},
    "visits": {"records", "rules", "lifecycle", "papers", "law"},
    "money": {"records", "law", "lifecycle", "visits"},
    "votes": {"records", "rules", "lifecycle", "papers"},
    "invoices": {"records", "rules", "visits"},
    "staff": {"records", "lifecycle", "papers"},
    "totals": {"records"},
    "questions": {"records"},
    "deadlines": {"records", "papers", "visits", "law", "personal"},
    "handover/trust": {"records"},
    "personal": {"papers", "phrases"},
    "handover/packages": {"handover/trust", "records", "papers", "attachments", "personal"},
    "handover/collecting": {"handover/trust", "handover/packages", "staff", "papers"},
    "handover/receipts": {"handover/trust", "handover/packages", "records", "lifecycle", "rules"},
    "catalogue": {
        *("records", "lifecycle", "papers", "handover/receipts"),
        *("rules", "plans", "proposals", "visits", "money", "votes", "staff", "totals", "deadlines"),
        "warnings",
        "law",
        "invoices",
    },
    "phrases": set(),
    "guidance": set(),
    "reporting": {"records", "totals", "papers", "handover/trust"},
    "warnings": {"records", "money", "papers"},
    "overview": {
        *("warnings", "reporting", "law"),
        *("rules", "proposals", "money", "records", "lifecycle", "deadlines", "maintenance", "papers", "questions"),
        *("handover/trust", "handover/packages", "handover/receipts", "handover/collecting"),
    },
    "derivations": {"records", "overview", "papers", "reporting"},
    "rulebook": {
        *("catalogue", "handover/trust", "rules", "papers", "papers/own_forms", "questions", "law"),
        "rulebook/drafts",
    },
    "rulebook/drafts": {"rulebook", "law"},
    "effects": {"law", "records", "lifecycle", "plans", "papers", "deadlines", "warnings", "overview", "rulebook"},
    "maintenance": {"rulebook", "catalogue", "handover/trust", "handover/packages", "law", "personal"},
    "publication": {"reporting", "records"},
    "updating": set(),
}
_REASONED = re.compile(r"# type: ignore\[[a-z-]+\]  # \S")
_FEATURE = {"dossier", "papers", "opening", "shell", "toolkit"}
UI_MAY_IMPORT = {
    "toolkit": set(),
    "help": {"toolkit"},  # it knows no page: widgets say their topic
    "shell": {"toolkit", "help"},
    "form": {"shell", "toolkit"},
    "papers": {"shell", "toolkit"},
    "window": {"shell", "toolkit", "help"},  # it knows no page
    "handover": {"papers", "intake", "shell", "toolkit"},  # a dropped file may be a list, no package
    "intake": {"form", "shell", "toolkit"},
    "dossier": {"form", "papers", "handover", "intake", "shell", "toolkit"},
    "opening": {"handover", "shell", "toolkit"},
    "visits": {*_FEATURE, "form"},  # field mode is the dossier's form, one step at a time
    "votes": _FEATURE,
    "staff": _FEATURE,
    "planning": {*_FEATURE, "reports"},  # the first page opens the records behind a figure as the reports do
    "reports": {*_FEATURE, "form"},  # its table keeps the labels in sight as the tables of forms do
    "settings": _FEATURE,
}
MODULES = sorted(path.relative_to(ROOT) for path in ROOT.rglob("*.py"))
NAMES = {".".join(("kcdesk", *path.with_suffix("").parts)).removesuffix(".__init__"): path for path in MODULES}


@cache
def _source(module: Path) -> str:
    return (ROOT / module).read_text(encoding="utf-8")


def _layer(module: Path) -> str:
    return module.parts[0].removesuffix(".py")


@cache
def _names(module: Path) -> list[tuple[str, int]]:
    """Everything that a module imports, also inside functions and under TYPE_CHECKING: dotted name and line.

    `from a import b` gives "a.b", whether b is a module or not.
    """
    return list(_walked_names(ast.parse(_source(module))))


def _walked_names(tree: ast.AST) -> Iterator[tuple[str, int]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "relative imports hide their layer"
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def _room(module: str, layer: str) -> str:
    """The room of a module `kcdesk.<layer>.…`: its package below the layer, else its own name; "" outside the layer."""
    parts = module.split(".")[1:]
    if len(parts) < 2 or parts[0] != layer:
        return ""
    folder, room = ROOT / layer, []
    for part in parts[1:]:
        folder = folder / part
        if not folder.is_dir():
            break
        room.append(part)
    return "/".join(room) or parts[1]


def _imports(module: Path) -> set[str]:
    """Every module of kcdesk that a module imports, also inside functions and under TYPE_CHECKING."""
    dotted = {name for name, _line in _names(module)}
    return {part for name in dotted for part in (name, name.rpartition(".")[0])} & NAMES.keys()


def _circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """The modules that import each other in a circle: what stays when modules without arrows are taken out."""
    left = {name: set(targets) - {name} for name, targets in graph.items()}
    while True:
        ends = {name for name in left if not left[name] or not any(name in targets for targets in left.values())}
        if not ends:
            return sorted([name, *sorted(targets)] for name, targets in left.items())
        left = {name: targets - ends for name, targets in left.items() if name not in ends}


def _imported(module: Path) -> Iterator[tuple[str, int]]:
    """Every kcdesk layer that a module imports, with the line."""
    for name, line in _names(module):
        parts = name.split(".")
        if parts[0] == "kcdesk" and len(parts) > 1 and parts[1] not in ("__version__", "RELEASED"):
            yield parts[1], line


def test_each_module_imports_only_the_layers_below_it():
    bound = [
        (module, _layer(module)) for module in MODULES if _layer(module) not in ("app", "__init__")
    ]  # they know all
    assert not [
        f"{module}:{line} imports kcdesk.{name}"
        for module, layer in bound
        for name, line in _imported(module)
        if name not in MAY_IMPORT[layer] | (BASE if layer not in BASE else set())
    ]


def test_no_modules_import_each_other_in_a_circle():
    assert _circles({name: _imports(path) for name, path in NAMES.items()}) == []


@pytest.mark.parametrize(("layer", "table"), [("services", SERVICES_MAY_IMPORT)])
def test_each_room_imports_only_the_rooms_that_it_may(layer, table):
    assert {room for name in NAMES if (room := _room(name, layer))} - {layer, "__init__"} <= table.keys() | {"handover"}
    wrong = [
        f"{name} imports {target}"
        for name, path in NAMES.items()
        if (room := _room(name, layer))
        for target in _imports(path)
        if (other := _room(target, layer)) and other not in {room, "workspace", *table.get(room, ())}
    ]
    assert wrong == []


def test_each_room_of_the_window_imports_only_the_rooms_below_it():
    assert not [
        f"{module}:{line} imports {name}"
        for module in MODULES
        if _layer(module) == "ui" and len(module.parts) > 2
        for name, line in _names(module)
        if name.startswith("kcdesk.ui.")
        and name.split(".")[2] not in UI_MAY_IMPORT[module.parts[1]] | {module.parts[1]}
    ]


def test_the_toolkit_knows_nothing_of_records():
    toolkit = [module for module in MODULES if module.parts[:2] == ("ui", "toolkit")]
    assert toolkit
    known = {name for module in toolkit for name, _line in _imported(module)}
    assert not known - BASE - {"ui"}


def test_only_the_window_knows_qt():
    below = [module for module in MODULES if _layer(module) not in ("ui", "app", "demo")]
    assert not [f"{module}:{line}" for module in below for line in _imports_of(module, {"PySide6"})]


def test_no_sql_where_the_design_says_so():
    without = [module for module in MODULES if _layer(module) in ("formdef", "documents", "ui")]
    sql = {"sqlite3", "sqlite_utils", "sqlcipher3"}
    assert not [f"{module}:{line}" for module in without for line in _imports_of(module, sql)]


def test_an_import_that_waits_says_why():
    assert not [f"{module}:{line}" for module in MODULES for line in _waiting_without_a_word(module)]


def _imports_of(module: Path, libraries: set[str]) -> list[int]:
    """The lines on which a module imports one of these libraries."""
    return [line for name, line in _names(module) if name.split(".")[0] in libraries]


def _waiting_without_a_word(module: Path) -> list[int]:
    """The lines inside functions that import and have no comment."""
    lines = _source(module).splitlines()
    if not any(line.lstrip().startswith(("import ", "from ")) for line in lines if line.startswith(" ")):
        return []
    functions = [node for node in ast.walk(ast.parse(_source(module))) if isinstance(node, ast.FunctionDef)]
    waiting = {n.lineno for f in functions for n in ast.walk(f) if isinstance(n, ast.Import | ast.ImportFrom)}
    return [line for line in sorted(waiting) if "#" not in lines[line - 1]]


def test_everything_but_the_window_loads_without_qt():
    names = [
        ".".join(("kcdesk", *module.with_suffix("").parts)).removesuffix(".__init__")
        for module in MODULES
        if _layer(module) not in ("ui", "app", "demo", "__main__")
    ]
    program = (
        "import importlib, sys\n"
        f"for name in {names!r}: importlib.import_module(name)\n"
        "print([name for name in sys.modules if name.startswith('PySide6')])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr


def test_the_way_to_the_first_window_imports_nothing_heavy():
    heavy = {"reportlab", "openpyxl", "cryptography", "jinja2", "msoffcrypto", "pypdfium2", "rapidfuzz", "lxml", "PIL"}
    heavy |= {"kcdesk.demo", "kcdesk.ui.help.drawer", "kcdesk.ui.help.tour", "kcdesk.services.guidance.topic_pages"}
    program = (
        "import sys\n"
        "import kcdesk.app, kcdesk.ui.dossier.list_page, kcdesk.ui.planning.overview_page\n"
        f"print(sorted({heavy!r} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "[]"), done.stderr


def test_what_the_types_pass_over_has_a_name_and_a_reason():
    assert not [
        f"{module}:{number}"
        for module in MODULES
        for number, line in enumerate(_source(module).splitlines(), start=1)
        if "# type: ignore" in line and not _REASONED.search(line)
    ]


def test_no_part_of_the_program_is_left_out_of_the_types():
    settings = tomllib.loads((ROOT.parent / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mypy"]
    assert (settings["strict"], settings["files"]) == (
        True,
        ["kcdesk", "tests/bench", "tests/faults", "tests/journeys/random_user"],
    )
    assert not [override for override in settings["overrides"] if "ignore_errors" in override]

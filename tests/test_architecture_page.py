"""kcdesk/README.md: what it names exists, and its tables say what tests/test_layers.py enforces."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

import kcdesk
from tests import test_layers

ROOT = Path(kcdesk.__file__).parent
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")
PROSE = re.sub(r"^```.*?^```", "", TEXT, flags=re.DOTALL | re.MULTILINE)
SPANS = sorted(set(re.findall(r"`([^`\n]+)`", PROSE)))
LAYERS = {path.name.removesuffix(".py") for path in ROOT.iterdir() if path.suffix in ("", ".py")}
# `services/records/changing.save`: a path below kcdesk/, then what the module defines.
NAME = re.compile(r"([a-z_]+(?:/[a-z_]+)*)((?:\.[A-Za-z_]+)*)")
NAMES = [span for span in SPANS if (m := NAME.fullmatch(span)) and m[1].split("/")[0] in LAYERS]


@cache
def _defined(body: str) -> dict[str, str]:
    """What a module or class defines, each with its own source."""
    found = {}
    for node in ast.parse(body).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            found[node.name] = ast.unparse(ast.Module(node.body, []))
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {target.id: "" for target in targets if isinstance(target, ast.Name)}
    return found


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_the_page_exists(name):
    path, members = NAME.fullmatch(name).groups()
    file = ROOT / f"{path}.py"
    if not file.exists():
        assert (ROOT / path).is_dir(), f"no module and no folder {path}"
        assert not members
        return
    source = file.read_text(encoding="utf-8")
    for member in filter(None, members.split(".")):
        defined = _defined(source)
        assert member in defined, f"{path} defines no {member}"
        source = defined[member]


def test_the_page_names_modules_of_every_layer():
    named = {name.split("/")[0] for name in NAMES if "/" in name}
    assert {"formdef", "store", "documents", "exchange", "services", "ui"} <= named


def _table(heading: str) -> dict[str, set[str]]:
    """The rooms of a table and what each may import."""
    section = re.search(rf"^## {re.escape(heading)}\n(.*?)^## ", TEXT, re.DOTALL | re.MULTILINE)
    assert section, heading
    rows = [line.strip("| ").split(" | ") for line in section[1].splitlines() if line.startswith("| `")]
    return {row[0].strip("`"): set(re.findall(r"`([^`]+)`", row[-1])) for row in rows}


def test_the_layers_are_those_that_are_enforced():
    enforced = {
        layer: allowed - {layer} for layer, allowed in test_layers.MAY_IMPORT.items() if (ROOT / layer).is_dir()
    }
    existing = set(enforced) | test_layers.BASE | {"app"}
    assert _table("The layers") == {layer: allowed & existing for layer, allowed in enforced.items()}


def test_the_ground_is_named():
    section = TEXT.partition("Every layer may import the small modules at the ground:")[2].partition("`app`")[0]
    assert set(re.findall(r"`(\w+)`", section)) == test_layers.BASE


@pytest.mark.parametrize(
    ("heading", "enforced"),
    [
        ("The rooms of `services/`", test_layers.SERVICES_MAY_IMPORT),
        ("The rooms of `ui/`", test_layers.UI_MAY_IMPORT),
    ],
)
def test_the_rooms_are_those_that_are_enforced(heading, enforced):
    assert _table(heading) == {room: set(allowed) for room, allowed in enforced.items()}

"""Pages for people: the links, files, commands and decisions that they name exist."""

import re
import runpy
import shlex
from pathlib import Path

import pytest

from kcdesk.cli.parser import parser

ROOT = Path(__file__).parent.parent
FOLDERS = ("kcdesk", "forms", "resources", "tests", ".github")
PAGES = sorted(
    (
        ROOT / "README.md",
        *(page for folder in FOLDERS for page in (ROOT / folder).rglob("*.md")),
    )
)
IN_REPOSITORY = re.compile(rf"(?:{'|'.join(map(re.escape, (*FOLDERS, '.ci')))})/[\w./*-]+")
CODE_BLOCK = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
DECISIONS = ROOT / "kcdesk" / "decisions"


def _name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def _without_code_blocks(text: str) -> str:
    return CODE_BLOCK.sub("", text)


# -- what a page names -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_links_lead_somewhere(page):
    targets = re.findall(r"\]\(([^)\s]+)\)", _without_code_blocks(page.read_text(encoding="utf-8")))
    local = [target.partition("#")[0] for target in targets if not re.match(r"[a-z]+:", target)]
    assert not [target for target in local if target and not (page.parent / target).exists()]


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_paths_exist(page):
    code = re.findall(r"`([^`\n]+)`", _without_code_blocks(page.read_text(encoding="utf-8")))
    paths = [span for span in code if IN_REPOSITORY.fullmatch(span)]
    assert not [path for path in paths if not any(ROOT.glob(path.rstrip("/")))]


def _code_and_data() -> list[Path]:
    folders = [ROOT / name for name in ("kcdesk", "forms", "tests")]
    return sorted(path for folder in folders for suffix in ("py", "toml") for path in folder.rglob(f"*.{suffix}"))


def test_comments_name_files_that_exist():
    """Paths from the top of the repository, or below kcdesk/ («services/catalogue.py»)."""
    layers = "|".join(path.name for path in (ROOT / "kcdesk").iterdir() if path.is_dir())
    named = re.compile(rf"(?<![\w/.<])((?:kcdesk|tests|forms|{layers})/[\w/]+)\.py\b")
    wrong = [
        f"{_name(file)}: {path}.py"
        for file in _code_and_data()
        for path in named.findall(file.read_text(encoding="utf-8"))
        if not any((folder / f"{path}.py").exists() for folder in (ROOT, ROOT / "kcdesk"))
    ]
    assert not wrong


# -- commands ----------------------------------------------------------------------------------------------------


def test_the_commands_of_every_page_and_hook_exist():
    tasks = runpy.run_path(str(ROOT / ".ci" / "fresh.py"))["TASKS"]
    files = [*PAGES, ROOT / ".pre-commit-config.yaml", *(ROOT / ".github" / "workflows").glob("*.yml")]
    named = {name for file in files for name in re.findall(r"\.ci/fresh\.py (\w+)", file.read_text(encoding="utf-8"))}
    assert named <= set(tasks)
    assert {"demo", "test", "lint", "ruff", "mypy"} <= named


def _command_lines() -> list[str]:
    """Every example of a `kcdesk` command in a block of code, without comments."""
    blocks = [block for page in PAGES for block in CODE_BLOCK.findall(page.read_text(encoding="utf-8"))]
    return [line.partition(" #")[0].strip() for block in blocks for line in block.splitlines() if line[:7] == "kcdesk "]


@pytest.mark.parametrize("line", _command_lines())
def test_an_example_is_a_command_with_its_options(line):
    assert callable(parser().parse_args(shlex.split(line)[1:]).run)


# -- decisions ---------------------------------------------------------------------------------------------------


def test_every_decision_is_listed_once():
    listed = re.findall(r"\]\((\d{4}-[^)]+\.md)\)", (DECISIONS / "README.md").read_text(encoding="utf-8"))
    assert sorted(listed) == sorted(page.name for page in DECISIONS.glob("[0-9]*.md"))


def test_decisions_are_numbered_without_a_gap():
    numbers = [int(page.name[:4]) for page in sorted(DECISIONS.glob("[0-9]*.md"))]
    assert numbers == list(range(1, len(numbers) + 1))


@pytest.mark.parametrize("page", sorted(DECISIONS.glob("[0-9]*.md")), ids=lambda page: page.stem)
def test_a_decision_has_its_parts(page):
    number, text = int(page.name[:4]), page.read_text(encoding="utf-8")
    title = re.match(rf"# {number}\. (.+)\n\n20\d\d-\d\d-\d\d · (.+)\n", text)
    assert title
    index = (DECISIONS / "README.md").read_text(encoding="utf-8")
    section = re.search(rf"^## {re.escape(title[2])}\n(.*?)(?=^## |\Z)", index, re.DOTALL | re.MULTILINE)
    assert section
    assert f"- [{number}. {title[1]}]({page.name})" in section[1]
    assert re.findall(r"^\*\*(\w+)\.\*\*", text, re.MULTILINE) == ["Decision", "Why", "Rejected"]

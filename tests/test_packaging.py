"""What is installed: every folder of the program and of its data, none forgotten."""

import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["packages"]


def packages(folder: Path, name: str) -> set[str]:
    """The package names of a folder and of all below it that hold a file."""
    return {
        ".".join((name, *path.parent.relative_to(folder).parts))
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


@pytest.mark.parametrize(
    ("folder", "name"), [("kcdesk", "kcdesk"), ("forms", "kcdesk.forms"), ("resources", "kcdesk.resources")]
)
def test_every_folder_is_installed(folder, name):
    wanted = packages(ROOT / folder, name)
    assert wanted
    assert wanted <= set(PACKAGES)


def test_nothing_is_installed_that_is_not_there():
    there = packages(ROOT / "kcdesk", "kcdesk") | packages(ROOT / "forms", "kcdesk.forms")
    assert set(PACKAGES) <= there | packages(ROOT / "resources", "kcdesk.resources")

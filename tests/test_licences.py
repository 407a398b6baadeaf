"""Everything that is shipped has its licence with it, and its versions are locked with hashes."""

import re
import tomllib
from pathlib import Path

import pytest

from kcdesk import handbook

ROOT = Path(__file__).parent.parent
LOCKED = (ROOT / ".ci" / "locked.txt").read_text("utf-8")
TESTS = (ROOT / ".ci" / "locked_tests.txt").read_text("utf-8")
PINS = dict(re.findall(r"^([a-z0-9][\w.-]*)==([^\s;\\]+)", LOCKED, re.MULTILINE))
BUILDERS = {"hatchling", "editables", "packaging", "pathspec", "pluggy", "trove-classifiers", "pip"}  # not shipped
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
TEXTS = ROOT / "resources" / "licences"


def _plain(requirement):
    name, _, version = requirement.partition("==")
    return re.sub(r"\[.*\]", "", re.sub(r"[-_.]+", "-", name)).lower(), version


def test_every_pinned_package_is_locked_in_the_same_version():
    direct = dict(map(_plain, PROJECT["dependencies"]))
    assert direct
    assert {name: PINS.get(name) for name in direct} == direct
    for requirement in PROJECT["optional-dependencies"]["test"][1:]:
        assert "{}=={}".format(*_plain(requirement)) in TESTS.lower()


@pytest.mark.parametrize("locked", [LOCKED, TESTS])
def test_every_locked_package_has_hashes(locked):
    blocks = re.split(r"\n(?=[a-z0-9])", locked.split("\n", 1)[1])
    assert len(blocks) > 30
    assert [block.partition("\n")[0] for block in blocks if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize(
    "name", ["pillow", "lxml", "sqlcipher3", "cryptography", "uharfbuzz", "zxing-cpp", "rapidfuzz"]
)
def test_files_for_all_systems_are_locked(name):
    (block,) = (block for block in re.split(r"\n(?=[a-z])", LOCKED) if block.startswith(f"{name}=="))
    assert (
        block.count("--hash") >= 9
    )  # three versions of Python on Windows, macOS and Linux, or one file for all versions


def test_every_shipped_package_has_its_text_and_a_line_on_the_page():
    page = handbook.shipped_pages()["licences"].text
    shipped = PINS.keys() - BUILDERS
    assert [name for name in shipped if f"| {name} | {PINS[name]} |" not in page] == []
    assert [name for name in shipped if not (TEXTS / f"{name}.txt").read_text("utf-8").strip()] == []
    assert {path.stem for path in TEXTS.glob("*.txt")} == shipped


@pytest.mark.parametrize("name", ["Python", "Qt 6", "pdfium", "OpenSSL", "SQLCipher", "SQLite", "Tinos", "Lucide"])
def test_what_is_inside_of_packages_or_beside_them_is_named_with_its_text(name):
    assert name in handbook.shipped_pages()["licences"].text


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("lgpl-3.0", "GNU LESSER GENERAL PUBLIC LICENSE"),
        ("gpl-3.0", "GNU GENERAL PUBLIC LICENSE"),
        ("openssl", "Apache License"),
        ("sqlcipher", "ZETETIC LLC"),
        ("sqlite", "public domain"),
        ("python", "PYTHON SOFTWARE FOUNDATION LICENSE"),
        ("harfbuzz", "HarfBuzz"),
        ("libxml2", "Daniel Veillard"),
    ],
)
def test_the_texts_of_what_has_no_package_are_those(file, words):
    assert words in (TEXTS / "others" / f"{file}.txt").read_text("utf-8")


def test_about_leads_to_the_licences_and_to_what_is_defended():
    assert {"help:licences", "help:security"} <= set(re.findall(r"help:\w+", handbook.shipped_pages()["about"].text))

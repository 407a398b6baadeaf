"""`.ci/wheels.py`: which Python takes a wheel on which system, by its name, and what a locked file asks for."""

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# Names of wheels: (Python 3.x, system, whether pip takes it there), as the packaging guide reads the tags.
NAMES = [
    ("a-1-py3-none-any.whl", 11, "Windows x86_64", True),
    ("a-1-py2.py3-none-any.whl", 13, "macOS arm64", True),
    ("a-1-py2-none-any.whl", 13, "macOS arm64", False),
    ("a-1-cp311-cp311-win_amd64.whl", 11, "Windows x86_64", True),
    ("a-1-cp311-cp311-win_amd64.whl", 12, "Windows x86_64", False),
    ("a-1-cp311-cp311-win32.whl", 11, "Windows x86_64", False),
    ("a-1-cp39-abi3-manylinux_2_28_x86_64.whl", 13, "Linux x86_64", True),
    ("a-1-cp312-abi3-manylinux_2_28_x86_64.whl", 11, "Linux x86_64", False),
    ("a-1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl", 11, "Linux x86_64", True),
    ("a-1-cp311-cp311-musllinux_1_2_x86_64.whl", 11, "Linux x86_64", False),
    ("a-1-cp313-cp313t-win_amd64.whl", 13, "Windows x86_64", False),
    ("a-1-cp313-cp313-macosx_11_0_universal2.whl", 13, "macOS x86_64", True),
    ("a-1-cp313-cp313-macosx_11_0_arm64.whl", 13, "macOS x86_64", False),
    ("a-1-py3-none-manylinux_2_17_x86_64.whl", 12, "Linux x86_64", True),
]


@pytest.fixture
def wheels(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / ".ci"))
    import wheels  # its folder is no package

    return wheels


def test_which_python_takes_a_wheel(wheels):
    wrong = [case for case in NAMES if wheels.tags_of(case[0]).fits(case[1], case[2]) is not case[3]]
    assert wrong == []


def test_what_a_locked_file_asks_for(wheels):
    packages = {
        package.name: package for package in wheels.locked_packages((ROOT / ".ci" / "locked.txt").read_text("utf-8"))
    }
    assert len(packages) > 40
    assert all(len(digest) == 64 for package in packages.values() for digest in package.hashes)
    assert all(package.hashes for package in packages.values())
    windows = wheels.LockedPackage("a", "1", "sys_platform == 'win32'", frozenset())
    assert {line.rpartition(" on ")[2] for line in wheels.lacking(windows, [])} == {"Windows x86_64"}
    assert len(wheels.lacking(windows._replace(marker=""), [])) == len(wheels.PYTHONS) * len(wheels.SYSTEMS)


def test_an_index_is_read_in_both_of_its_forms(wheels):
    digest = "a" * 64
    page = f'<a href="../../x/a-1-py3-none-any.whl#sha256={digest}" data-x="&gt;=3.9">a-1-py3-none-any.whl</a>'
    answer = f'{{"files": [{{"filename": "a-1-py3-none-any.whl", "hashes": {{"sha256": "{digest}"}}}}]}}'
    assert wheels.listed(page) == wheels.listed(answer) == [("a-1-py3-none-any.whl", digest)]

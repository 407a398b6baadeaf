"""What is installed: every file of the program and of its data, none forgotten."""

import zipfile
from pathlib import Path

import pytest
from hatchling.build import build_wheel

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The names of the files in a wheel that is built here."""
    folder = tmp_path_factory.mktemp("wheel")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(ROOT)
        name = build_wheel(str(folder))
    with zipfile.ZipFile(folder / name) as wheel:
        return set(wheel.namelist())


@pytest.mark.parametrize(
    ("folder", "inside"), [("kcdesk", "kcdesk"), ("forms", "kcdesk/forms"), ("resources", "kcdesk/resources")]
)
def test_every_file_is_installed(installed, folder, inside):
    files = {
        f"{inside}/{path.relative_to(ROOT / folder).as_posix()}"
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert files
    assert files <= installed


def test_nothing_else_is_installed(installed):
    assert {name.split("/")[0] for name in installed if ".dist-info/" not in name} == {"kcdesk"}

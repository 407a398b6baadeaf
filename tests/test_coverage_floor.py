"""The floors of coverage: what has fallen is named, and a floor only rises."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

FILE = Path(__file__).parents[1] / ".ci" / "coverage_floor.py"


@pytest.fixture(scope="module")
def script():
    """The script, which is no part of a package."""
    spec = importlib.util.spec_from_file_location("coverage_floor", FILE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def summary(lines, of_lines, branches=0, of_branches=0):
    return {
        "covered_lines": lines,
        "num_statements": of_lines,
        "covered_branches": branches,
        "num_branches": of_branches,
    }


@pytest.mark.parametrize(
    ("file", "package"),
    [
        ("kcdesk/text.py", "kcdesk"),
        ("kcdesk/store/safety/backup.py", "kcdesk/store"),
        ("kcdesk/services/workspace.py", "kcdesk/services"),
        ("kcdesk/services/handover/trust/partners.py", "kcdesk/services/handover"),
        ("kcdesk/ui/form/editors/base.py", "kcdesk/ui/form"),
    ],
)
def test_a_package_is_a_folder_and_a_room_of_services_or_ui(script, file, package):
    assert script.package(file) == package


def test_lines_and_branches_of_a_package_count_together(script):
    files = {
        "kcdesk/store/files.py": summary(8, 10, 1, 4),
        "kcdesk/store/clock.py": summary(6, 6),
        "kcdesk/log.py": summary(0, 0),
    }
    assert script.percents(files) == {"kcdesk/store": 75}


def test_what_falls_is_new_or_is_gone_is_named(script):
    measured = {"kcdesk/store": 90, "kcdesk/cli": 70, "kcdesk/new": 80}
    wrong = script.faults(measured, {"kcdesk/store": 90, "kcdesk/cli": 71, "kcdesk/old": 50})
    assert [sentence.partition(":")[0] for sentence in wrong] == ["kcdesk/cli", "kcdesk/new", "kcdesk/old"]
    assert "70 % is below its floor of 71 %" in wrong[0]


def test_a_floor_is_raised_and_never_lowered(script, monkeypatch, tmp_path):
    monkeypatch.setattr(script, "FLOORS", tmp_path / "floors.toml")
    monkeypatch.setattr(
        script, "report", lambda: {"kcdesk/store/files.py": summary(8, 10), "kcdesk/cli/parser.py": summary(5, 10)}
    )
    script.write({"kcdesk/store": 70, "kcdesk/cli": 60})
    assert script.main([]) == 1
    assert script.main(["--raise"]) == 0
    assert script.FLOORS.read_text("utf-8").endswith('[floor]\n"kcdesk/cli" = 60\n"kcdesk/store" = 80\n')

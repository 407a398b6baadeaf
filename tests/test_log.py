"""The log and the reports of faults: types, places and codes, never a value."""

from __future__ import annotations

import ast
import logging
import os
import stat
import traceback
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlcipher3 import dbapi2

from kcdesk import log
from kcdesk.cli import program
from kcdesk.errors import KnownError
from kcdesk.paths import machine_folder
from kcdesk.ui.opening.crash_dialog import report
from tests.sources import modules_with

NAME, NUMBER = "Nguyễn Thị Kim Hồng", "001199012345"


def _of_sqlite() -> None:
    connection = dbapi2.connect(":memory:")
    connection.execute(f'SELECT * FROM "{NAME} {NUMBER}"')


def _of_workbook() -> None:
    Workbook().active.append([{NAME: NUMBER}])  # type: ignore[union-attr]  # openpyxl has no types


def _chained() -> None:
    try:
        int(NAME)
    except ValueError as error:
        raise KeyError(NUMBER) from error


def _grouped() -> None:
    raise ExceptionGroup(NAME, [ValueError(NUMBER), OSError(28, NAME, f"/home/{NAME}.pdf")])


def _ours() -> None:
    raise KnownError(f"Không ghi được {NAME}.pdf.", code="disk_full")


def _of_date() -> None:
    date.fromisoformat(NAME)


FAULTS = (_of_sqlite, _of_workbook, _chained, _grouped, _ours, _of_date)


def caught(act) -> BaseException:
    with pytest.raises(Exception) as info:  # noqa: PT011 - each act has its own
        act()
    return info.value


@pytest.mark.parametrize("act", FAULTS)
def test_an_error_is_told_by_types_and_places(act):
    error = caught(act)
    assert any(value in "".join(traceback.format_exception(error)) for value in (NAME, NUMBER)), (
        "else this proves little"
    )
    told = report(log.places_of(error), "")
    assert NAME not in told
    assert NUMBER not in told
    assert str(Path.home()) not in told
    assert f"test_log.py:{act.__code__.co_firstlineno}" in told or act.__name__ in told
    assert type(error).__qualname__ in told


def test_causes_and_codes_are_told():
    assert "KnownError disk_full" in log.places_of(caught(_ours))
    assert "ENOSPC" in log.places_of(caught(_grouped))
    chained = log.places_of(caught(_chained))
    assert chained.index("ValueError") < chained.index("KeyError")


def test_no_line_of_the_log_has_a_value(tmp_path, caplog):
    recorder, file = log.start(), log.to_file(tmp_path)
    area = log.logger("store")
    for value in (NAME, NUMBER, int(NUMBER), NAME.encode(), [NAME], ValueError(NAME), Path(f"/home/{NAME}"), 90.5):
        area.info("kept %s of %s", value, "beneficiary.full_name")
    area.info("%(a)s", {"a": 1})
    area.info("%d records of %s", 317, "proposal")
    for act in FAULTS:
        try:
            act()
        except Exception:
            area.exception("not done")
    area.error("%s", log.places_of(caught(_chained)), stack_info=True)
    log.stop(file)
    log.stop(recorder)
    caplog.clear()
    written = (tmp_path / log.FILE_NAME).read_text(encoding="utf-8")
    logging.getLogger(log.ROOT).setLevel(logging.NOTSET)
    for text in (written, recorder.text()):
        assert NAME not in text
        assert NUMBER not in text
        assert "Kim" not in text
        assert "317 records of proposal" in text
        assert "of beneficiary.full_name" in text
        assert "builtins.KeyError" in text
    assert os.name != "posix" or stat.S_IMODE((tmp_path / log.FILE_NAME).stat().st_mode) & 0o077 == 0


def test_every_call_names_its_words_in_the_code():
    """What a formatter cannot see: a text that was put together before."""
    levels = {"debug", "info", "warning", "error", "exception", "critical"}
    guilty = []
    for path, tree in modules_with(rf"\.(?:{'|'.join(levels)})\("):
        for node in ast.walk(tree):
            if (
                not isinstance(node, ast.Call)
                or not isinstance(node.func, ast.Attribute)
                or node.func.attr not in levels
            ):
                continue
            owner = ast.unparse(node.func.value)
            if ("log" in owner) and not isinstance(node.args[0], ast.Constant):
                guilty.append(f"{path}:{node.lineno}")
    assert guilty == []


def test_a_fault_of_a_command_leaves_a_report_without_values(monkeypatch, capsys, caplog):
    monkeypatch.setattr(program, "_parsed", lambda _given: caught_options())
    assert program.main(["list", "x"]) == 1
    caplog.clear()
    left = (machine_folder() / "kcdesk-loi.txt").read_text(encoding="utf-8")
    assert "KeyError" in left
    assert NUMBER not in left
    assert NAME not in left
    assert NUMBER not in "".join(capsys.readouterr())


def caught_options():
    import argparse

    return argparse.Namespace(run=lambda _options: _chained(), json=False, edited_rules=False)


def test_reports_of_earlier_versions_are_deleted(tmp_path):
    old = tmp_path / log.FILE_NAME
    old.write_text(f"Traceback (most recent call last):\nKeyError: {NAME}\n", encoding="utf-8")
    log.stop(log.to_file(tmp_path))
    assert old.read_text(encoding="utf-8") == ""

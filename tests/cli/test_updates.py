"""`kcdesk update` and `kcdesk news` in the folder of a built program."""

import json
import sys

import pytest

import kcdesk
from kcdesk.cli.program import main


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The folder of this version as a built program, and an older version that was put aside."""
    present, aside = tmp_path / f"kcdesk-{kcdesk.__version__}", tmp_path / "kcdesk-0.0.9" / "programs"
    for path in (present, aside):
        path.mkdir(parents=True)
    (tmp_path / "kcdesk").write_text("present", encoding="utf-8")
    (aside / "kcdesk").write_text("older", encoding="utf-8")
    (aside / "schema").write_text("1\n", encoding="utf-8")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(tmp_path / "kcdesk"))
    return tmp_path


def _run(capsys, *arguments):
    """Exit code and JSON of a command."""
    code = main(["--json", *map(str, arguments)])
    return code, json.loads(capsys.readouterr().out)


def test_going_back_is_only_told_when_it_is_tried_dry(folder, capsys):
    code, answer = _run(capsys, "update", "--back", "--dry-run")
    assert (code, answer["version"]) == (0, "0.0.9")
    assert "bản 0.0.9 không mở được" in answer["note"]
    assert (folder / "kcdesk").read_text("utf-8") == "present"
    assert main(["update", "--back", "--dry-run"]) == 0
    assert capsys.readouterr().out.startswith("Bản trước là 0.0.9, còn trong thư mục chương trình.")
    code, answer = _run(capsys, "update", "--back")
    assert (code, answer["version"]) == (0, "0.0.9")
    assert (folder / "kcdesk").read_text("utf-8") == "older"


def test_what_cannot_be_is_refused(folder, tmp_path, capsys):
    (tmp_path / "goi.xlsx").write_bytes(b"PK")
    (folder / "kcdesk-0.0.9" / "programs" / "kcdesk").unlink()
    for arguments, code in (
        ((), "bad_usage"),
        ((tmp_path / "goi.xlsx", "--back"), "bad_usage"),
        ((tmp_path / "goi.xlsx",), "no_update"),
        ((tmp_path / "khong-co.kcupdate",), "no_file"),
        (("--back",), "no_former_version"),
        (("--back", "--dry-run"), "no_former_version"),
    ):
        assert _run(capsys, "update", *arguments)[1]["error"]["code"] == code, arguments
    assert (folder / "kcdesk").read_text("utf-8") == "present"


def test_news_are_told_by_version(capsys):
    code, answer = _run(capsys, "news")
    assert (code, answer["versions"][0]["version"]) == (0, kcdesk.__version__)
    assert main(["news"]) == 0
    assert capsys.readouterr().out.startswith(f"{kcdesk.__version__}:\n  - ")

"""Spreadsheets of other people through the command line, against their right values in `tests/data/foreign_sheets`."""

import json
from pathlib import Path

import pytest

from kcdesk.cli.program import main

FOLDER = Path(__file__).parent.parent / "data" / "foreign_sheets"
RIGHT = {sheet["file"]: sheet for sheet in json.loads((FOLDER / "right.json").read_text("utf-8"))}
KINDS = {
    "01_bao_cao_trieu_dong.xlsx": "proposal",
    "02_ocop.xlsx": "ocop_mark",
    "03_doanh_nghiep.xlsx": "beneficiary",
    "05_cong_thuc.xlsx": "proposal",
    "08_so_tien.xlsx": "proposal",
    "10_html.xls": "beneficiary",
    "11_csv.csv": "beneficiary",
    "12_tcvn3.xlsx": "beneficiary",
}


@pytest.fixture
def run(empty_store, tmp_path, capsys):
    """Run a command on a store of this test's own; returns its JSON."""
    import shutil

    store = tmp_path / "store"
    shutil.copytree(empty_store, store)

    def command(*arguments, code=0):
        capsys.readouterr()
        assert main(["--store", str(store), *map(str, arguments), "--json"]) == code
        return json.loads(capsys.readouterr().out)

    return command


def test_headings_and_rows_of_every_messy_sheet_are_found(run):
    wrong = {}
    for name, right in RIGHT.items():
        result = run("load", KINDS[name], FOLDER / name, "--dry-run")
        rows = sorted(record["row"] for record in result["records"])
        expected = sorted(row.get("row", row.get("record", 0) + 1) for row in right["rows"])
        more = {row for row in rows if row not in expected}
        asked = {
            int("".join(filter(str.isdigit, cell["cell"])))
            for key in ("ask", "refuse")
            for cell in right[key]
            if ":" not in cell["cell"]
        }
        left = {entry["row"] for entry in result["ignored"]}
        if result["headings"] != right["headings"] or set(expected) - set(rows) or more - asked:
            wrong[name] = (result["headings"], rows)
        if not {entry["row"] for entry in right["ignore"]} <= left:
            wrong[name, "ignored"] = sorted({entry["row"] for entry in right["ignore"]} - left)
    assert wrong == {}


def test_a_sheet_is_one_act_and_comes_in_once(run):
    first = run("load", "beneficiary", FOLDER / "10_html.xls")
    assert first["rows"] == {"new": 3, "joined": 0, "changed": 0, "refused": 0, "ignored": 3}
    assert first["applied"]
    again = run("load", "beneficiary", FOLDER / "10_html.xls")
    assert again["rows"]["joined"] == 3
    assert again["rows"]["new"] == again["rows"]["changed"] == 0
    assert [record["id"] for record in again["records"]] == [record["id"] for record in first["records"]]
    assert len(run("list", "beneficiary")) == 3
    run("undo")
    assert run("list", "beneficiary") == []
    assert run("load", "beneficiary", FOLDER / "10_html.xls")["rows"]["new"] == 3  # what was undone is no longer known


def test_a_dry_run_writes_nothing(run):
    assert not run("load", "proposal", FOLDER / "08_so_tien.xlsx", "--dry-run")["applied"]
    assert run("list", "proposal") == []


def test_one_sheet_fills_several_kinds(run):
    result = run("load", "proposal", FOLDER / "01_bao_cao_trieu_dong.xlsx")
    assert result["rows"]["new"] == 4
    assert len(result["linked"]) == 4
    shown = run("show", result["records"][0]["id"])["data"]
    assert shown["title"] == "Máy chẻ nan"
    assert shown["programme"] == "national"
    assert shown["year"] == 2024
    assert run("show", shown["beneficiaries"][0])["data"]["name"] == "Công ty TNHH Mây tre Sao Mai"

"""Spreadsheets of other people through the command line, against their right values in `tests/data/foreign_sheets`."""

import io
import json
import shutil
import zipfile
from pathlib import Path

import openpyxl
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
# A support below zero is read as it is meant and asked about, because its field does not take it.
ASKED_BESIDES = {"05_cong_thuc.xlsx": {"A2"}, "08_so_tien.xlsx": {"C7"}}


@pytest.fixture
def run(empty_store, tmp_path, capsys):
    """Run a command on a store of this test's own; returns its JSON."""
    store = tmp_path / "store"
    shutil.copytree(empty_store, store)

    def command(*arguments, code=0):
        capsys.readouterr()
        assert main(["--store", str(store), *map(str, arguments), "--json"]) == code
        return json.loads(capsys.readouterr().out)

    return command


def _wrong_values(name, result):
    """The cells whose value is not the right one: address, wanted, read."""
    right, cells = RIGHT[name], {}
    for cell in result["cells"]:
        cells.setdefault(cell["cell"], []).append(cell["value"])
    letters = {field: letter for letter, field in right["columns"].items()}
    for row in right["rows"]:
        number = row.get("row", row.get("record", 0) + 1)
        for field in row.keys() & letters.keys():
            place = f"{letters[field]}{number}"
            read = cells.get(place, [None])
            if str(row[field]) not in map(str, read):
                yield place, row[field], read


def test_every_value_of_the_messy_sheets_is_right(run):
    wrong = {}
    for name, right in RIGHT.items():
        result = run("load", KINDS[name], FOLDER / name, "--dry-run", "--full", "--no-checked")
        if values := list(_wrong_values(name, result)):
            wrong[name, "values"] = values
        if result["headings"] != right["headings"]:
            wrong[name, "headings"] = result["headings"]
        if left := {entry["row"] for entry in right["ignore"]} - {entry["row"] for entry in result["ignored"]}:
            wrong[name, "ignored"] = left
        asked, refused = ({cell["cell"] for cell in right[key]} for key in ("ask", "refuse"))
        for key, wanted in (("ask", asked | ASKED_BESIDES.get(name, set())), ("refused", refused)):
            if wanted != (given := {cell["cell"] for cell in result[key]}):
                wrong[name, key] = (wanted, given)
    assert wrong == {}


def test_a_value_that_its_field_does_not_take_is_asked_about_and_never_written(run):
    tried = run("load", "proposal", FOLDER / "08_so_tien.xlsx", "--dry-run", "--no-checked")
    (asked,) = (cell for cell in tried["ask"] if cell["cell"] == "C7")
    assert (asked["reading"], "0 đồng trở lên" in asked["question"]) == ("-20.000.000 đồng", True)
    taken = run("load", "proposal", FOLDER / "08_so_tien.xlsx", "--accept-readings", "--no-checked")
    by_row = {record["row"]: record["id"] for record in taken["records"]}
    assert "C7" in {cell["cell"] for cell in taken["ask"]}
    assert run("show", by_row[7])["data"].get("approved_support") is None
    assert run("show", by_row[15])["data"]["approved_support"] == 300_000


def test_cells_of_columns_without_a_field_are_told_also_without_the_list_of_cells(run):
    result = run("load", "ocop_mark", FOLDER / "02_ocop.xlsx", "--no-checked")
    assert [cell["cell"] for cell in result["ask"]] == ["F4", "D5"]
    assert [cell["cell"] for cell in result["refused"]] == ["F5"]
    assert all("không nhận vào trường nào" in cell["reason"] for cell in result["refused"])
    again = run("load", "ocop_mark", FOLDER / "02_ocop.xlsx", "--no-checked")
    assert [cell["cell"] for cell in again["ask"]] == ["D5"]  # the row of F4 was taken before


def test_a_sheet_is_one_act_and_comes_in_once(run):
    first = run("load", "beneficiary", FOLDER / "10_html.xls", "--no-checked")
    assert first["rows"] == {"new": 3, "joined": 0, "changed": 0, "refused": 0, "ignored": 3}
    assert first["applied"]
    again = run("load", "beneficiary", FOLDER / "10_html.xls", "--no-checked")
    assert {status: count for status, count in again["rows"].items() if count} == {"joined": 3, "ignored": 3}
    assert [record["id"] for record in again["records"]] == [record["id"] for record in first["records"]]
    run("undo")
    assert run("list", "beneficiary") == []
    assert run("load", "beneficiary", FOLDER / "10_html.xls", "--no-checked")["rows"]["new"] == 3


def test_a_dry_run_writes_nothing_and_a_map_says_more(run, tmp_path):
    sheet = FOLDER / "08_so_tien.xlsx"
    written = tmp_path / "map.toml"
    assert not run("load", "proposal", sheet, "--dry-run", "--no-checked", "--write-map", written)["applied"]
    assert run("list", "proposal") == []
    text = written.read_text("utf-8").replace('"approved_support"', '"budget.local"')
    written.write_text(text.replace("[values]", '[values]\nprogramme = "local"'), "utf-8")
    made = run("load", "proposal", sheet, "--no-checked", "--map", written)["records"][0]
    data = run("show", made["id"])["data"]
    assert (data["programme"], data["total_local"], data["budget"][0]["item"]) == ("local", 300_000_000, "Đề án mẫu 1")
    refused = tmp_path / "wrong.toml"
    refused.write_text('[columns]\nZ = "title"\n', "utf-8")
    assert run("load", "proposal", sheet, "--map", refused, code=1)["error"]["code"] == "bad_map"


def test_one_sheet_fills_several_kinds(run):
    result = run("load", "proposal", FOLDER / "01_bao_cao_trieu_dong.xlsx", "--no-checked")
    assert result["rows"]["new"] == 4
    shown = run("show", result["records"][0]["id"])["data"]
    wanted = {"title": "Máy chẻ nan", "programme": "national", "year": 2024, "total_cost": 612_500_000}
    assert {name: shown[name] for name in wanted} == wanted
    assert run("show", shown["beneficiaries"][0])["data"]["name"] == "Công ty TNHH Mây tre Sao Mai"


def test_the_checked_copy_changes_nothing_but_colours_and_comments(run, tmp_path):
    sheet = tmp_path / "so.xlsx"
    shutil.copy(FOLDER / "08_so_tien.xlsx", sheet)
    checked = Path(run("load", "proposal", sheet)["checked"])
    assert checked == tmp_path / "so.checked.xlsx"
    before, after = zipfile.ZipFile(sheet), zipfile.ZipFile(checked)
    changed = {name for name in before.namelist() if before.read(name) != after.read(name)}
    assert changed <= {"xl/worksheets/sheet1.xml", "xl/styles.xml", "[Content_Types].xml"}
    cells = openpyxl.load_workbook(io.BytesIO(checked.read_bytes())).active
    values = [[cell.value for cell in row] for row in openpyxl.load_workbook(sheet).active]
    assert [[cell.value for cell in row] for row in cells] == values
    assert {cell.coordinate for row in cells for cell in row if cell.comment} == {"C7", "C14", "C15", "C16", "C18"}
    again = run("load", "proposal", checked, "--no-checked")
    assert again["rows"] == {"new": 0, "joined": 17, "changed": 0, "refused": 0, "ignored": 0}


def test_a_template_comes_back_exactly(run, tmp_path):
    path = tmp_path / "mau.xlsx"
    run("template", "beneficiary", path)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    places = {sheet.cell(1, column).value.rpartition(":")[2]: column for column in range(1, sheet.max_column + 1)}
    typed = {
        "name": "Cơ sở mẫu",
        "legal_form": "Hộ kinh doanh",
        "phone": "0912345678",
        "women_owned": "Có",
        "workers": 7,
    }
    for name, value in typed.items():
        sheet.cell(3, places[name]).value = value
    book.save(path)
    result = run("load", "beneficiary", path, "--no-checked")
    assert (result["rows"]["new"], result["refused"], result["ask"]) == (1, [], [])
    data = run("show", result["records"][0]["id"])["data"]
    wanted = typed | {"legal_form": "household_business", "women_owned": True}
    assert {name: data[name] for name in typed} == wanted
    assert run("load", "proposal", path, code=1)["error"]["code"] == "wrong_template"


def _saved(path, *rows, hidden=0):
    """A workbook of these rows at a place; the row with the number `hidden` is not shown."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if hidden:
        book.active.row_dimensions[hidden].hidden = True
    book.save(path)
    return path


def test_columns_of_one_heading_keep_their_own_cells(run, tmp_path):
    headings = ("TT", "Tên cơ sở", "Điện thoại", "Điện thoại")
    path = _saved(tmp_path / "hai.xlsx", headings, (1, "Cơ sở A", "0912345678", "0987654321"))
    result = run("load", "beneficiary", path, "--full", "--no-checked")
    written = {cell["cell"]: cell["written"] for cell in result["cells"]}
    assert (written["C2"], written["D2"]) == ("0912345678", "0987654321")
    assert run("show", result["records"][0]["id"])["data"]["phone"] == "0912345678"


def test_hidden_rows_are_asked_about(run, tmp_path):
    rows = (("TT", "Tên cơ sở", "Địa chỉ"), (1, "Cơ sở A", "xã Mẫu"), (2, "Cơ sở B", "xã Mẫu"))
    path = _saved(tmp_path / "an.xlsx", *rows, hidden=3)
    asked = run("load", "beneficiary", path, "--dry-run", "--no-checked")
    assert (asked["rows"]["new"], [cell["cell"] for cell in asked["ask"]]) == (1, ["A3:C3"])
    assert "--hidden take" in asked["ask"][0]["question"]
    assert asked["ignored"] == [{"row": 3, "why": "dòng ẩn, chưa lấy"}]
    assert run("load", "beneficiary", path, "--dry-run", "--no-checked", "--hidden", "take")["rows"]["new"] == 2
    left = run("load", "beneficiary", path, "--dry-run", "--no-checked", "--hidden", "leave")
    assert (left["rows"]["new"], left["ask"]) == (1, [])


def test_a_copy_that_cannot_be_written_refuses_only_the_order_for_it(run, tmp_path):
    headings = ("TT", "Tên cơ sở", "Điện thoại")
    path = _saved(tmp_path / "so.xlsx", headings, (1, "Cơ sở A", "0912345678"), (2, "Cơ sở B", "không có"))
    run("load", "beneficiary", path, "--checked", tmp_path / "nowhere" / "so.xlsx", code=1)
    assert run("list", "beneficiary") == []
    (tmp_path / "so.checked.xlsx").mkdir()
    loaded = run("load", "beneficiary", path)
    assert (loaded["applied"], loaded["checked"], loaded["rows"]["new"]) == (True, "", 2)
    assert [note.partition(":")[0] for note in loaded["notes"]] == ["Không ghi được bảng tô màu"]


def test_what_is_no_spreadsheet_is_refused_with_a_sentence(run, tmp_path):
    damaged = (FOLDER / "03_doanh_nghiep.xlsx").read_bytes()[:3000]
    bad = {
        "a.xlsx": damaged,
        "b.xls": b"%PDF-1.7 x",
        "c.csv": b"",
        "d.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4000),
    }
    answers = {}
    for name, content in bad.items():
        (tmp_path / name).write_bytes(content)
        answers[name] = run("load", "beneficiary", tmp_path / name, code=1)["error"]["code"]
    assert set(answers.values()) == {"bad_sheet"}
    assert run("list", "beneficiary") == []

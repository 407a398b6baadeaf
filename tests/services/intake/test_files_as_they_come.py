"""Files of every format with what is wrong in them: each is told with a sentence, and nothing is written.

`errors.xls` and `hidden.ods` in `tests/data/foreign_files` were written by LibreOffice.
"""

from __future__ import annotations

import io
import zipfile
from itertools import product
from pathlib import Path

import openpyxl
import pytest

from kcdesk.errors import UserError
from kcdesk.services.intake.load_order import LoadOrder
from kcdesk.services.intake.sheet_loading import prepare_load
from tests.examples import some
from tests.services.intake import locked_files

FOLDER = Path(__file__).parents[2] / "data" / "foreign_files"
ROWS = (("TT", "Tên cơ sở", "Điện thoại"), (1, "Cơ sở A", "0912345678"), (2, "Cơ sở B", "0912345679"))


def _loaded(workspace, path):
    return prepare_load(workspace, LoadOrder(kind="beneficiary", path=path))


def _book():
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _patched(change):
    """A workbook whose sheet is other XML."""
    given, buffer = zipfile.ZipFile(io.BytesIO(_book())), io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as made:
        for name in given.namelist():
            content = given.read(name)
            made.writestr(name, change(content) if name.endswith("sheet1.xml") else content)
    return buffer.getvalue()


REFUSED = {
    "entities.xlsx": (lambda: _patched(lambda xml: b'<!DOCTYPE x [<!ENTITY a "aa">]>' + xml), "entity"),
    "half.xlsx": (lambda: _patched(lambda xml: xml[: len(xml) // 2]), "hỏng"),
    "bomb.xlsx": (lambda: _patched(lambda _xml: b"<worksheet>" + b" " * 400_000_000 + b"</worksheet>"), "giải nén"),
    "quote.csv": (lambda: 'TT,Tên cơ sở\n1,"Cơ sở A\n2,Cơ sở B\n'.encode(), "dấu nháy"),
    "zeros.csv": (lambda: b"TT;T\x00n;\n1;a;\x00\n", "không phải là bảng tính"),
    "secret.xml": (
        lambda: (
            b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/hostname">]><Workbook xmlns='
            b'"urn:schemas-microsoft-com:office:spreadsheet"><Worksheet>&e;</Worksheet></Workbook>'
        ),
        "hỏng",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_read_is_told(workspace, tmp_path, name):
    make, words = REFUSED[name]
    (tmp_path / name).write_bytes(make())
    with pytest.raises(UserError) as refused:
        _loaded(workspace, tmp_path / name)
    assert refused.value.code == "bad_sheet"
    assert words in f"{refused.value.message} {refused.value.hint}"
    assert workspace.store.page("beneficiary") == []


LOCKED = {
    "so.xlsx": lambda: locked_files.locked_xlsx(_book()),
    "so.xls": lambda: locked_files.locked_xls((FOLDER / "errors.xls").read_bytes()),
    "so.ods": lambda: locked_files.locked_ods(FOLDER / "hidden.ods"),
}


@pytest.mark.parametrize("name", LOCKED)
def test_a_file_with_a_password_is_told_with_the_way_out(workspace, tmp_path, name):
    (tmp_path / name).write_bytes(LOCKED[name]())
    with pytest.raises(UserError, match="có mật khẩu") as refused:
        _loaded(workspace, tmp_path / name)
    assert refused.value.code == "sheet_locked"
    assert "bỏ mật khẩu" in refused.value.hint


def test_a_file_with_too_many_rows_is_told_before_it_is_read_to_its_end(workspace, tmp_path):
    (tmp_path / "so.csv").write_text("TT;Tên cơ sở\n" + "1;Cơ sở A\n" * 50_001, "utf-8")
    with pytest.raises(UserError, match=r"hơn 50\.000 dòng") as refused:
        _loaded(workspace, tmp_path / "so.csv")
    assert "chia bảng thành nhiều tệp" in refused.value.hint


def test_a_binary_workbook_of_excel_is_read(workspace, tmp_path):
    (tmp_path / "so.xlsb").write_bytes(locked_files.binary_book(ROWS))
    loaded = _loaded(workspace, tmp_path / "so.xlsb")
    assert [(row.values["name"], row.values["phone"]) for row in loaded.rows] == [row[1:] for row in ROWS[1:]]


def test_values_from_other_files_are_told(workspace, tmp_path):
    given, buffer = zipfile.ZipFile(FOLDER / "hidden.ods"), io.BytesIO()
    cell = b"<table:table-cell "
    linked = cell + b"table:formula=\"of:=['file:///D:/khac.ods'#$Sheet1.A1]\" "
    with zipfile.ZipFile(buffer, "w") as made:
        for name in given.namelist():
            made.writestr(
                name, given.read(name).replace(cell, linked, 1) if name == "content.xml" else given.read(name)
            )
    (tmp_path / "so.ods").write_bytes(buffer.getvalue())
    assert ["tệp khác" in note for note in _loaded(workspace, tmp_path / "so.ods").notes] == [True]
    assert _loaded(workspace, FOLDER / "hidden.ods").notes == []


def test_a_layout_that_changes_in_the_middle_is_read_by_its_own_headings(workspace, tmp_path):
    book = openpyxl.Workbook()
    for row in (*ROWS, ("TT", "Điện thoại", "Địa chỉ", "Tên cơ sở"), (3, "0912345670", "xã Mẫu", "Cơ sở C")):
        book.active.append(row)
    book.save(tmp_path / "so.xlsx")
    rows = [row.values for row in _loaded(workspace, tmp_path / "so.xlsx").rows]
    assert [(row["name"], row["phone"]) for row in rows][2] == ("Cơ sở C", "0912345670")
    assert rows[2]["address"] == "xã Mẫu"


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]


@pytest.mark.parametrize(("encoding", "separator"), some(6, product(ENCODINGS, [";", ",", "\t"])))
def test_texts_in_every_unicode(workspace, tmp_path, encoding, separator):
    lines = ("TT|Tên cơ sở|Điện thoại", '1|"Cơ sở ""A"", xã Mẫu"|0912345678', '2|"Cơ\nsở B, xã Mẫu"|0912345679')
    (tmp_path / "so.csv").write_bytes("\r\n".join(lines).replace("|", separator).encode(encoding))
    rows = [row.values for row in _loaded(workspace, tmp_path / "so.csv").rows]
    assert [row["name"] for row in rows] == ['Cơ sở "A", xã Mẫu', "Cơ sở B, xã Mẫu"]
    assert [row["phone"] for row in rows] == ["0912345678", "0912345679"]


def test_errors_of_old_workbooks_are_told(workspace):
    refused = {cell.cell: cell.reason for cell in _loaded(workspace, FOLDER / "errors.xls").judged.refused}
    errors = {"D2": "#REF!", "D3": "#N/A", "C4": "#VALUE!"}
    assert refused.keys() == errors.keys()
    assert all(error in refused[place] for place, error in errors.items())


def test_hidden_rows_and_columns_of_open_documents_are_asked_about(workspace):
    loaded = _loaded(workspace, FOLDER / "hidden.ods")
    assert [cell.cell for cell in loaded.judged.asked] == ["A3:D3", "C1:C4"]
    assert [row.number for row in loaded.rows] == [2, 4]

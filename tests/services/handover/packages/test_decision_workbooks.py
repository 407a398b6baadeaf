"""The decision workbook: filled in with Excel or LibreOffice, taken in cell by cell after consent."""

import json
import shutil
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook

from kcdesk.errors import UserError
from kcdesk.services.handover.collecting import batch_receiving
from kcdesk.services.handover.packages import decision_workbooks, receiving
from kcdesk.services.records import changing
from tests.exchange.raw_books import to_strict, without_properties
from tests.services.exchange_support import Offices, contents
from tests.services.samples import new
from tests.store_files import at_home_anywhere


@pytest.fixture(scope="module")
def made(tmp_path_factory, forms):
    """The folder of the unit of `sent`, its dossiers, the package and the workbook; copy what is written to."""
    office = Offices(tmp_path_factory.mktemp("sent"), forms)
    unit = office.make("TT-A")
    ids = [new(unit, "proposal", title=f"Máy {n}", budget=[{"item": "Máy", "cost": 5, "local": 5}]) for n in range(3)]
    new(unit, "beneficiary", name="Cơ sở Mẫu")
    _, package = office.export(unit)
    path = office.path()
    assert decision_workbooks.make_decision_workbook(unit, package, path)["records"] == 3
    office.close()
    return at_home_anywhere(unit.store.folder), ids, package, path


@pytest.fixture
def sent(offices, made):
    """A unit that has sent three dossiers to a province without the program, and the workbook for its decisions."""
    folder, ids, package, path = made
    (unit,) = offices.take_all([folder])
    return unit, ids, package, Path(shutil.copy(path, offices.path()))


def fill(path, **cells):
    """Fill cells of rows in by title, as a person does: nothing but what is seen is touched."""
    book = load_workbook(path)
    page = book["Đề án"]
    columns = {cell.value: cell.column for cell in page[2]}
    for row in page.iter_rows(min_row=3):
        for name, value in cells.get(str(row[columns["title"] - 1].value).replace(" ", "_"), {}).items():
            assert not row[columns[name] - 1].protection.locked
            row[columns[name] - 1].value = value
    return book, page, columns


def test_the_workbook_asks_for_the_provinces_columns_only(sent):
    unit, ids, _, path = sent
    book = load_workbook(path)
    page = book["Đề án"]
    columns = {cell.value: cell.column for cell in page[2]}
    shown = [c.value for c in page[2] if not page.column_dimensions[c.column_letter].hidden]
    assert shown[0] == "title"
    assert {"total_cost", "province_result", "province_support", "province_note"} <= set(shown)
    assert {"package", "id", "base"}.isdisjoint(shown)
    assert [row[columns["id"] - 1].value for row in page.iter_rows(min_row=3)] == ids
    lists = [rule.formula1 for rule in page.data_validations.dataValidation]
    assert len(lists) == 1  # the result, from a list
    assert decision_workbooks.is_workbook(unit, path)
    (verdict,) = [one for one in batch_receiving.preview_folder(unit, path.parent) if one.file == path]
    assert (verdict.code, verdict.acceptable) == ("decisions", False)


def test_filled_cells_are_proposals_until_somebody_agrees(sent):
    unit, ids, _, path = sent
    book, _, _ = fill(
        path,
        Máy_0={"province_result": "Phê duyệt", "province_support": "200.000.000"},
        Máy_1={"province_result": "Trả lại để bổ sung", "province_note": "Thiếu báo giá"},
        Máy_2={"province_support": "hai trăm"},
    )
    book.save(path)
    before = contents(unit)
    looked = decision_workbooks.read_decisions(unit, path)
    assert contents(unit) == before
    assert (looked["applied"], looked["rows"]["changed"], looked["rows"]["refused"]) == (False, 2, 1)
    assert looked["checked"].endswith(".checked.xlsx")
    marked = load_workbook(looked["checked"])["Đề án"]
    assert [cell.comment is not None for row in marked.iter_rows(min_row=3) for cell in row].count(True) == 5
    done = decision_workbooks.read_decisions(unit, path, accept=True)
    assert done["applied"]
    data = [unit.store.get(id_).data for id_ in ids]
    assert (data[0]["province_result"], data[0]["province_support"]) == ("approved", 200_000_000)
    assert (data[1]["province_result"], data[1]["province_note"]) == ("returned", "Thiếu báo giá")
    assert "province_support" not in data[2]
    assert (
        decision_workbooks.read_decisions(unit, path)["rows"]["changed"] == 0
    )  # a second time there is nothing to take
    assert "không ký" in unit.store.acts(1)[0].action


def test_what_a_province_with_the_program_says_is_not_overruled(offices, sent):
    unit, ids, _, path = sent
    province = offices.make("SCT", "province")
    offices.acquaint(unit, province)
    offices.send(unit, province, full=True)
    book, _, _ = fill(path, Máy_0={"province_result": "Phê duyệt"})
    book.save(path)
    changing.set_values(province, ids[0], {"province_result": "rejected"})
    receiving.receive(unit, offices.export(province, receiver="TT-A")[0])
    (edit,) = decision_workbooks.read_decisions(unit, path, accept=True)["edits"]
    assert "đã được sửa trong kho sau khi lập bảng" in edit["reason"]
    assert unit.store.get(ids[0]).data["province_result"] == "rejected"


def test_rows_sorted_cut_doubled_and_columns_moved(sent):
    unit, ids, _, path = sent
    book, page, columns = fill(path, Máy_1={"province_result": "Phê duyệt"})
    page.move_range(f"A3:{page.cell(3, page.max_column).coordinate}", rows=20)  # cut and pasted below
    page.delete_rows(5)
    doubled = [cell.value for cell in page[4]]
    for column, value in enumerate(doubled, start=1):
        page.cell(30, column).value = value
    page.cell(31, columns["id"]).value = "stranger"
    page.delete_cols(columns["province_note"])
    book.save(path)
    found = decision_workbooks.read_decisions(unit, path, accept=True)
    assert [edit["reason"] for edit in found["edits"] if edit["reason"]] == [
        "Hồ sơ này có hai dòng trong bảng.",
        "Dòng này không có trong bảng đã lập.",
    ]
    assert unit.store.get(ids[1]).data["province_result"] == "approved"


def test_spoilt_marks_and_foreign_files(offices, sent, tmp_path):
    unit, _, _, path = sent
    book, page, columns = fill(path, Máy_0={"province_result": "Phê duyệt"})
    page.cell(3, columns["base"]).value = "{"
    book.save(path)
    assert (
        decision_workbooks.read_decisions(unit, path)["rows"]["changed"] == 1
    )  # nothing was there, nothing is overwritten
    other = offices.make("TT-B")
    with pytest.raises(UserError, match="không lập từ một gói của kho này"):
        decision_workbooks.read_decisions(other, path)
    plain = tmp_path / "plain.xlsx"
    book.remove(page)
    book.save(plain)
    assert not decision_workbooks.is_workbook(unit, plain)
    (tmp_path / "x.xlsx").write_bytes(b"no zip")
    assert not decision_workbooks.is_workbook(unit, tmp_path / "x.xlsx")


def test_a_locked_workbook_and_a_package_without_dossiers(offices, sent):
    unit, _, package, path = sent
    decision_workbooks.make_decision_workbook(unit, package, path, password="mật")
    assert decision_workbooks.is_workbook(unit, path, "mật")
    with pytest.raises(UserError):
        decision_workbooks.read_decisions(unit, path, "sai")
    assert decision_workbooks.read_decisions(unit, path, "mật")["rows"]["same"] == 4
    lone = offices.make("TT-C")
    new(lone, "beneficiary", name="Cơ sở")
    _, bare = offices.export(lone)
    for wanted in (bare, "gone"):
        with pytest.raises(UserError):
            decision_workbooks.make_decision_workbook(lone, wanted, path)


def decided(unit, path):
    """What the cells of a workbook propose, by title and path, and why others are refused."""
    edits = decision_workbooks.read_decisions(unit, path)["edits"]
    return {(edit["title"], edit["path"]): edit["reason"] or edit["note"] or True for edit in edits}


def test_a_title_above_the_names_changes_nothing(sent):
    unit, _, _, path = sent
    book, page, _ = fill(path, Máy_0={"province_note": "Đồng ý"})
    page.insert_rows(1)
    page["D1"].value = "BẢNG QUYẾT ĐỊNH NĂM 2026"
    book.save(path)
    assert decided(unit, path) == {("Máy 0", "province_note"): True}


def test_formulas_errors_and_what_excel_changed_are_refused_in_their_cells(sent):
    unit, ids, _, path = sent
    changing.set_values(unit, ids[1], {"year": 2026})
    book, page, columns = fill(
        path,
        Máy_0={"province_decision_number": '="12/QĐ-"&"SCT"', "province_note": "=A1", "province_support": "=100*2"},
        Máy_1={"province_decision_number": "#REF!", "province_note": timedelta(hours=30)},
    )
    text = page.cell(5, columns["province_note"])
    text.value, text.data_type = "=1+1", "s"  # typed into a cell of text
    book.save(path)
    reasons = decided(unit, path)
    assert len(reasons) == 6
    assert all("công thức" in reason for (_, name), reason in reasons.items() if name != "province_note")
    assert "khoảng giờ" in reasons["Máy 1", "province_note"]
    assert "công thức" in reasons["Máy 2", "province_note"]


def test_a_merged_result_counts_for_every_row(sent):
    unit, ids, _, path = sent
    book, page, columns = fill(path, Máy_0={"province_result": "Phê duyệt", "province_note": "Gộp"})
    result, note = (page.cell(3, columns[name]).column_letter for name in ("province_result", "province_note"))
    page.merge_cells(f"{result}3:{result}5")
    book.save(path)
    notes = decided(unit, path)
    assert notes.pop(("Máy 0", "province_note")) is True
    assert notes.pop(("Máy 0", "province_result")) is True
    assert notes.keys() == {("Máy 1", "province_result"), ("Máy 2", "province_result")}
    assert all(f"Ô trộn {result}3:{result}5" in sentence for sentence in notes.values())
    page.merge_cells(f"{note}4:{note}5")  # without a value
    page.cell(4, columns["id"]).value = page.cell(5, columns["id"]).value
    book.save(path)
    decision_workbooks.read_decisions(unit, path, accept=True)
    assert unit.store.get(ids[0]).data["province_result"] == "approved"
    assert "province_result" not in unit.store.get(ids[2]).data  # two rows, and nobody knows which is right


def test_a_workbook_sorted_without_its_hidden_columns_decides_nothing(sent):
    unit, ids, _, path = sent
    book, page, columns = fill(path, Máy_0={"province_result": "Phê duyệt"})
    visible = [column for column in range(1, page.max_column + 1) if column > columns["base"]]
    swapped = [[page.cell(row, column).value for column in visible] for row in (5, 4, 3)]
    for row, values in zip((3, 4, 5), swapped, strict=True):
        for column, value in zip(visible, values, strict=True):
            page.cell(row, column).value = value
    book.save(path)
    found = decision_workbooks.read_decisions(unit, path, accept=True)
    (edit,) = found["edits"]
    assert "sắp xếp mà bỏ sót các cột ẩn" in edit["reason"]
    assert "«Máy 0»" in edit["reason"]
    assert all("province_result" not in unit.store.get(id_).data for id_ in ids)


def test_two_rows_of_one_dossier_decide_only_if_they_are_equal(sent):
    unit, _, _, path = sent
    book, page, columns = fill(path, Máy_0={"province_result": "Phê duyệt"})
    for cell in page[3]:
        page.cell(6, cell.column).value = cell.value
    page.cell(6, columns["province_result"]).value = "Không phê duyệt"
    book.save(path)
    reasons = [edit["reason"] for edit in decision_workbooks.read_decisions(unit, path)["edits"]]
    assert len(reasons) == 2
    assert all("không biết dòng nào đúng" in reason for reason in reasons)


def test_a_workbook_without_its_row_of_names_is_still_known(sent):
    unit, _, _, path = sent
    book, page, _ = fill(path, Máy_0={"province_result": "Phê duyệt"})
    page.delete_rows(2)
    book.save(path)
    assert decision_workbooks.is_workbook(unit, path)
    assert list(decided(unit, path).values()) == [
        "Trang này mất dòng tên cột (dòng ẩn thứ hai) nên không đọc được; hãy điền lại vào bảng gốc."
    ]


def test_a_damaged_hidden_cell_overwrites_nothing(sent):
    unit, _, package, path = sent
    fill(path, Máy_0={"province_note": "Đã có"})[0].save(path)
    decision_workbooks.read_decisions(unit, path, accept=True)
    decision_workbooks.make_decision_workbook(unit, package, path)
    book, page, columns = fill(path, Máy_0={"province_note": "Khác"})
    page.cell(3, columns["base"]).value = "{"
    book.save(path)
    assert "đã hỏng" in decided(unit, path)["Máy 0", "province_note"]


def test_strict_workbooks_and_those_without_properties_are_read(sent, tmp_path):
    unit, _, _, path = sent
    book, _, _ = fill(path, Máy_0={"province_note": "Đồng ý", "province_support": "hai trăm"})
    book.save(path)
    to_strict(path, tmp_path / "strict.xlsx")
    without_properties(path, tmp_path / "bare.xlsx")
    for other in ("strict.xlsx", "bare.xlsx"):
        found = decision_workbooks.read_decisions(unit, tmp_path / other)
        assert [(edit["path"], edit["accepted"]) for edit in found["edits"]] == [
            ("province_support", False),
            ("province_note", True),
        ]
        assert load_workbook(found["checked"]).sheetnames[0] == "Kết quả xem"


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not here")
def test_libreoffice_saves_the_workbook_and_the_marks_survive(sent, tmp_path):
    unit, ids, _, path = sent
    book, _, _ = fill(path, Máy_2={"province_result": "Phê duyệt", "province_decision_date": "05/3/2026"})
    book.save(path)
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/office", "--headless", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", tmp_path / "saved", path], check=True, capture_output=True)
    found = decision_workbooks.read_decisions(unit, tmp_path / "saved" / path.name, accept=True)
    assert json.dumps(found)
    assert (found["rows"]["changed"], found["rows"]["refused"]) == (1, 0)
    assert unit.store.get(ids[2]).data["province_decision_date"] == "2026-03-05"

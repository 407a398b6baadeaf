"""What a package holds: sheets for people, records for merging, and the ledger that remembers it."""

import json
import re
import zipfile
import zlib
from contextlib import suppress
from datetime import date

import pytest
from openpyxl import load_workbook

from kcdesk.errors import KnownError, UserError
from kcdesk.exchange import handing_over, package_file, sent_packages
from kcdesk.exchange.container import parts, signing
from kcdesk.exchange.container.manifest import Receiver
from kcdesk.exchange.verification import inspect_package
from kcdesk.runtime.frozen import replace
from tests.exchange.conftest import PHOTO, RECEIVER, add, known, send


def named_values(page):
    """The values of a page by machine name, which stands in its last, hidden column."""
    rows = [[cell.value for cell in row if cell.value is not None] for row in page.iter_rows()]
    return {row[2]: row[1] for row in rows if len(row) == 3 and re.fullmatch("[a-z_/]+", str(row[2]))}


@pytest.fixture(scope="module")
def book(sent):
    return load_workbook(sent.path)


def rows(sheet):
    """The rows by machine name."""
    names = [cell.value for cell in sheet[2]]
    return [dict(zip(names, row, strict=True)) for row in sheet.iter_rows(min_row=3)]


def test_lists_stand_before_tables_and_technical_sheets(book):
    assert book.sheetnames == [
        "Bìa", "Hồ sơ", "Tệp đính kèm", "Hồ sơ - Các dòng", "Đối chiếu", "Hướng dẫn", "Danh mục"
    ]  # fmt: skip
    assert book["Danh mục"].sheet_state == "hidden"


def test_labels_stand_in_the_first_row_and_machine_names_in_the_hidden_second(book):
    sheet = book["Hồ sơ"]

    assert [cell.value for cell in sheet[1]][:4] == ["Mã hồ sơ", "Mẫu", "Tên", "Ý kiến"]
    assert [cell.value for cell in sheet[2]][:4] == ["id", "form", "name", "decision"]
    assert sheet.row_dimensions[2].hidden
    assert sheet.column_dimensions["A"].hidden


def test_every_value_has_its_type_and_its_format(book):
    first = rows(book["Hồ sơ"])[0]

    assert (first["name"].value, first["name"].data_type) == ("=HTX Gỗ & <Mẫu>", "s")
    assert (first["code"].value, first["code"].number_format) == ("00123", "@")
    assert first["note"].value == "Dòng một\nDòng hai"
    assert (first["born"].value.date(), first["born"].number_format) == (date(2026, 3, 5), "dd/mm/yyyy")
    assert (first["amount"].value, first["amount"].number_format) == (1_250_000_000, "#,##0")
    assert first["share"].value == pytest.approx(0.467)
    assert first["share"].number_format.endswith("%")
    assert first["answer"].value == "Có"
    assert first["kind_of"].value == "Loại A, thường"
    assert first["files.title"].value == "ảnh xưởng.png"


def test_no_cell_of_the_whole_workbook_is_a_formula(book):
    for sheet in book:
        for row in sheet.iter_rows():
            assert not [cell.coordinate for cell in row if cell.data_type in ("f", "e")]


def test_a_reference_shows_its_title_and_keeps_its_id(book):
    first, second, _ = rows(book["Hồ sơ"])

    assert second["other"].value == first["id"].value
    assert second["other.title"].value == "=HTX Gỗ & <Mẫu>"
    assert second["extra"].value == "mới"


def test_a_deleted_record_is_shown_as_deleted(book):
    *living, gone = rows(book["Hồ sơ"])

    assert isinstance(gone["deleted"].value.date(), date)
    assert not any(row["deleted"].value for row in living)


def test_rows_of_tables_have_a_sheet_and_name_their_record(book):
    lines = rows(book["Hồ sơ - Các dòng"])

    assert [line["item"].value for line in lines] == ["+Máy CNC", "@Lắp đặt"]
    assert [line["id"].value for line in lines] == ["r1", "r2"]
    assert {line["record.title"].value for line in lines} == {"=HTX Gỗ & <Mẫu>"}


def test_only_the_receiver_s_columns_are_unlocked(book):
    for sheet in book:
        assert sheet.protection.sheet, sheet.title
    unlocked = {name for row in rows(book["Hồ sơ"]) for name, cell in row.items() if not cell.protection.locked}
    assert unlocked == {"decision"}


def test_choices_are_drop_down_lists_without_the_retired_ones(book):
    (validation,) = book["Hồ sơ"].data_validations.dataValidation

    assert validation.formula1 == "'Danh mục'!$A$1:$A$2"
    assert [cell.value for cell in book["Danh mục"]["A"]] == ["Loại A, thường", "Loại B"]


def test_the_sheets_print_on_landscape_a4_with_their_titles(book):
    sheet = book["Hồ sơ"]

    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.paperSize == "9" or sheet.page_setup.paperSize == 9
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.freeze_panes == "D3"


def test_the_cover_tells_who_sends_what_to_whom(book, sent, sender):
    values = named_values(book["Bìa"]) | named_values(book["Đối chiếu"])

    assert values["type"] == "Chính thức"
    assert values["period"] == "2026-Q1"
    assert values["sender"] == "Trung tâm Khuyến công Mẫu (TTKC-M)"
    assert values["counts/thing"] == 2
    assert values["deleted/thing"] == 1
    assert values["totals/thing/amount"] == 1_250_000_000
    assert values["totals/thing/lines/cost"] == 1_500_000
    assert values["package"] == sent.manifest.package
    assert values["fingerprint"] == signing.fingerprint(signing.public_key(signing.signing_key(sender)))
    assert "DỮ LIỆU TẬP HUẤN" in book["Bìa"]["A2"].value


def test_the_document_properties_name_the_package(book, sent):
    assert book.custom_doc_props["kcdesk.package"].value == sent.manifest.package


def test_the_records_inside_are_those_of_the_store(sent, sender):
    with zipfile.ZipFile(sent.path) as archive:
        lines = [json.loads(line) for line in archive.read(parts.RECORDS).splitlines()]

    stored = list(sender.changed_since({}))
    assert [line["id"] for line in lines] == [record.id for record in stored]
    assert lines[1]["data"] == stored[1].data
    assert lines[1]["stamps"] == stored[1].stamps
    assert lines[2]["deleted"] == stored[2].deleted


def test_the_manifest_tells_everything_that_merging_needs(sent, sender):
    manifest, identity = sent.manifest, sender.identity

    assert manifest.vector == sender.vector()
    assert (manifest.sender.store, manifest.sender.device) == (identity.store_id, identity.device_id)
    assert manifest.sender.officer == "Nguyễn Văn Mẫu"
    assert manifest.receiver == RECEIVER
    assert manifest.forms == ("thing@1", "thing@2")
    assert manifest.practice
    assert manifest.left_out == {"thing": ("secret", "secret_files", "lines/hidden")}


def test_sensitive_values_and_files_stay_out_unless_asked_for(sender, sent, tmp_path):
    asked = send(sender, tmp_path / "a.xlsx", include_sensitive=True, package_type="B1")

    for made, travels in ((sent, False), (asked, True)):
        with zipfile.ZipFile(made.path) as archive:
            everything = b"".join(archive.read(name) for name in archive.namelist())
        assert ("Tày".encode() in everything) is travels
        assert (b"anh the can cuoc" in everything) is travels
        assert PHOTO in everything
    assert asked.manifest.left_out == {}


def test_the_ledger_remembers_what_was_sent(make_store, small, tmp_path):
    store = make_store(small)
    record = add(store, name="Một")

    first = send(store, tmp_path / "1.xlsx")
    add(store, name="Hai")
    second = send(store, tmp_path / "2.xlsx", package_type="B1")

    newest, oldest = store.packages.list()
    assert (oldest.id, oldest.partner, oldest.number, oldest.sha256) == (
        first.manifest.package,
        "SCT-M",
        0,
        first.sha256,
    )
    assert (newest.id, newest.type, newest.number) == (second.manifest.package, "B1", 1)
    assert second.manifest.previous == first.manifest.package
    assert newest.vector == store.vector()
    assert store.packages.next_number("2026-Q1", "SCT-M") == 2
    assert record.encode() in sent_packages.sent_records(store, first.manifest.package)
    assert sent_packages.sent_records(store, first.manifest.package) == first.records
    with pytest.raises(UserError):
        sent_packages.sent_records(store, "khong-co")


def test_a_locked_package_is_authentic_behind_its_password(sender, tmp_path):
    made = send(sender, tmp_path / "khoá.xlsx", password="Mật khẩu dài", package_type="B2")

    assert inspect_package(made.path, "Mật khẩu dài", known(sender)).status == "authentic"
    assert inspect_package(made.path, "", known(sender)).status == "locked"
    assert inspect_package(made.path, "sai", known(sender)).status == "locked"


def test_columns_that_nobody_filled_are_left_out_but_those_to_fill_in(make_store, small, tmp_path):
    store = make_store(small)
    add(store, name="Nghèo")

    sheet = load_workbook(send(store, tmp_path / "p.xlsx").path)["Hồ sơ"]

    names = {cell.value: cell.column_letter for cell in sheet[2]}
    assert "note" not in names
    assert not sheet.column_dimensions[names["name"]].hidden
    assert not sheet.column_dimensions[names["decision"]].hidden


def test_long_hard_and_decomposed_text_survives(make_store, small, tmp_path):
    store = make_store(small)
    hard = "tiê\u0309u\x07 +x = 1\u0000 _x0041_ 😀"
    add(store, name=hard, note="từ dài " * 6_000, code="-5", amount=9_876_543_210_987_654)

    made = send(store, tmp_path / "p.xlsx")

    (row,) = rows(load_workbook(made.path)["Hồ sơ"])
    assert row["name"].value == "tiểu +x = 1 _x005F_x0041_ 😀"
    assert row["note"].value.endswith("của gói này]")
    assert (row["amount"].value, row["amount"].data_type) == ("9876543210987654", "s")
    assert json.loads(made.records)["data"]["note"].count("từ") == 6_000


def test_a_package_for_the_lower_unit_unlocks_what_the_lower_unit_owns(sender, tmp_path):
    receiver = Receiver(unit="TTKC-M", name="Trung tâm", level="lower")

    sheet = load_workbook(send(sender, tmp_path / "p.xlsx", receiver=receiver).path)["Hồ sơ"]

    (row, *_) = rows(sheet)
    assert not row["name"].protection.locked
    assert "decision" not in row  # empty, and not the lower unit's
    assert row["id"].protection.locked


def test_nothing_to_hand_over_still_makes_a_sound_package(sender, tmp_path):
    made = send(sender, tmp_path / "rỗng.xlsx", records=[], package_type="B9")

    assert inspect_package(made.path, "", known(sender)).status == "authentic"
    assert made.manifest.counts == {}


@pytest.mark.parametrize("wrong", [{"package_type": "D"}, {"package_type": "B0"}, {"period": " "}])
def test_a_wrong_type_or_period_is_refused(sender, tmp_path, wrong):
    with pytest.raises(UserError):
        send(sender, tmp_path / "p.xlsx", **wrong)

    assert list(tmp_path.iterdir()) == []


def test_progress_counts_rows_and_may_stop_the_work(sender, tmp_path):
    seen = []
    send(sender, tmp_path / "p.xlsx", progress=lambda done, total: seen.append((done, total)))
    before = len(sender.packages.list())

    class StoppedError(Exception):
        pass

    def stop(_done, _total):
        raise StoppedError

    with pytest.raises(StoppedError):
        send(sender, tmp_path / "q.xlsx", progress=stop)

    assert seen[-1] == (6, 6)
    assert [path.name for path in tmp_path.iterdir()] == ["p.xlsx"]
    assert len(sender.packages.list()) == before


def test_a_stick_that_is_gone_is_a_sentence_and_nothing_is_noted(sender, tmp_path):
    before = len(sender.packages.list())

    with pytest.raises(KnownError) as refused:
        send(sender, tmp_path / "E" / "p.xlsx")

    assert refused.value.code == "no_folder"
    assert len(sender.packages.list()) == before


def test_a_package_can_be_made_over_a_second_read_only_connection(sender, tmp_path):
    key = signing.signing_key(sender)
    with sender.reader() as reader:
        records = list(reader.changed_since({}))
        order = package_file.PackageOrder(
            path=tmp_path / "p.xlsx", records=records, receiver=RECEIVER, period="2026", package_type="C"
        )
        made = package_file.make_package(order, reader, key)

    assert inspect_package(made.path, "", known(sender)).status == "authentic"


def test_the_file_name_says_unit_period_and_type():
    assert package_file.package_file_name("TTKC-LS", "2026-Q1", "B1") == "KC_TTKC-LS_2026-Q1_B1.xlsx"
    assert package_file.package_file_name("../A B", "Quý 1/2026", "C") == "KC_A-B_Quý-1-2026_C.xlsx"
    assert [package_file.type_of_number(number) for number in (0, 1, 12)] == ["C", "B1", "B12"]


def test_real_forms_make_a_package_with_every_kind(make_store, shipped, tmp_path):
    store = make_store(shipped)
    beneficiary = add(store, "beneficiary@1", name="HTX Mẫu", tax_code="0100109106", minority_owned=True)
    proposal = add(
        store,
        "proposal@1",
        title="Ứng dụng máy móc tiên tiến (mẫu)",
        year=2026,
        activity="machinery",
        beneficiaries=[beneficiary],
        budget=[{"id": "b1", "position": 1.0, "item": "Máy", "cost": 500_000_000, "local": 200_000_000}],
    )
    add(store, "acceptance@1", parent=proposal, proposal=proposal, site="Xưởng 1", visited_on="2026-03-05")

    made = send(store, tmp_path / "p.xlsx")

    book = load_workbook(made.path)
    assert made.manifest.counts == {"beneficiary": 1, "proposal": 1, "acceptance": 1}
    assert made.manifest.totals["proposal/budget/local"] == 200_000_000
    (row,) = rows(book["Đề án"])
    assert row["beneficiaries.title"].value == "HTX Mẫu"
    assert book.sheetnames == [
        "Bìa",
        "Đề án",
        "Đơn vị thụ hưởng",
        "Nghiệm thu",
        "Đề án - Dự toán kinh phí",
        "Đối chiếu",
        "Hướng dẫn",
        "Danh mục",
    ]  # none of the sheets is empty
    assert zlib.crc32(made.records)


@pytest.mark.parametrize("room", [2_000, 9_000, 12_000])
def test_a_disk_that_fills_up_on_the_way_is_named_and_nothing_is_left(sender, tmp_path, room):
    resource = pytest.importorskip("resource", reason="a limit on file sizes stands in for the full disk")
    records, key = list(sender.changed_since({})), signing.signing_key(sender)
    order = package_file.PackageOrder(
        path=tmp_path / "p.xlsx", records=records, receiver=RECEIVER, period="2026", package_type="C"
    )
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        with pytest.raises(KnownError) as refused:
            package_file.make_package(order, sender, key)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert refused.value.code == "disk_full"
    assert list(tmp_path.iterdir()) == []


def test_a_package_that_fails_takes_nothing_from_an_earlier_one_of_the_same_records(make_store, small, tmp_path):
    store = make_store(small)
    add(store, name="Một")
    first = send(store, tmp_path / "1.xlsx")
    again = send(make_store(small), tmp_path / "2.xlsx")
    with suppress(KeyboardInterrupt), handing_over.handing_over(store) as sending:
        handing_over.note_sent(store, replace(first, manifest=again.manifest, path=again.path), sending)
        raise KeyboardInterrupt
    assert sent_packages.sent_records(store, first.manifest.package) == first.records

"""A folder of packages at once, and who is late."""

import shutil
import zipfile
from datetime import date

import pypdfium2
import pytest
from openpyxl import load_workbook

from kcdesk.errors import UserError
from kcdesk.services.handover.collecting import batch_receiving, late_units, period_handovers, periods
from kcdesk.services.handover.packages import edited_workbooks, original_requests, receiving
from kcdesk.services.handover.receipts import writing
from kcdesk.services.handover.trust import partners
from kcdesk.services.staff import units_below
from tests.services.exchange_support import contents, know_since, whole
from tests.services.samples import new


@pytest.fixture
def people(offices):
    """A province and three units below it; the last one has never handed anything over."""
    province, *units = (offices.make(code, level) for code, level in _PEOPLE)
    offices.acquaint(province, *units)
    return province, units


_PEOPLE = (("SCT", "province"), ("TT-A", "lower"), ("TT-B", "lower"), ("TT-C", "lower"))


@pytest.fixture
def folder(offices):
    """The stick; what lies on it is put there by `drop`."""
    path = offices.folder / "stick"
    path.mkdir()
    return path


def drop(offices, folder, unit, name, **order):
    """A package of a unit on the stick."""
    new(unit, "proposal", title=f"Máy {name}")
    path, package = offices.export(unit, **order)
    path.rename(folder / name)
    return package


def test_a_folder_is_judged_and_taken_in_with_one_backup(offices, people, folder):
    province, (a, b, _) = people
    drop(offices, folder, a, "z1.xlsx")
    drop(offices, folder, a, "a2.xlsx")
    drop(offices, folder, b, "b.xlsx", password="mật")
    (folder / "hong.xlsx").write_bytes(b"not a workbook")
    (folder / "~$a2.xlsx").write_bytes(b"")
    (folder / "note.txt").write_text("x", encoding="utf-8")
    before, seen = whole(province), []
    found = batch_receiving.preview_folder(province, folder, progress=lambda *at: seen.append(at))
    assert seen == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert {verdict.file.name: verdict.code for verdict in found} == {
        "z1.xlsx": "",
        "a2.xlsx": "",
        "b.xlsx": "locked",
        "hong.xlsx": "foreign",
    }
    names = [verdict.file.name for verdict in found]
    assert names.index("z1.xlsx") < names.index("a2.xlsx")  # by the numbers of the packages, not by name
    assert whole(province) == before

    found = batch_receiving.preview_folder(province, folder, passwords={"b.xlsx": "mật"})
    results = batch_receiving.receive_folder(province, found, passwords={"b.xlsx": "mật"})
    done = {result.verdict.file.name: result for result in results}
    assert done["b.xlsx"].sentence == "Đã nhận: 1 hồ sơ mới."
    assert done["a2.xlsx"].sentence == "Đã nhận: 1 hồ sơ mới, 1 như cũ."
    assert done["hong.xlsx"].received is None
    assert done["hong.xlsx"].sentence == "Tệp này không phải gói bàn giao của chương trình."
    backups = {result.received.backup for result in results if result.received}
    assert len(backups) == 1
    assert len(contents(province)) == 3
    again = batch_receiving.receive_folder(
        province, batch_receiving.preview_folder(province, folder, passwords={"b.xlsx": "mật"})
    )
    assert not any(result.received for result in again)
    assert any("đã được nhận ngày" in result.sentence for result in again)
    receiving.undo(province, done["b.xlsx"].received.preview.package)  # each by itself
    assert len([said for said in contents(province).values() if not said[2]]) == 2


def test_a_stopped_batch_says_what_was_left(offices, people, folder):
    province, (a, b, _) = people
    drop(offices, folder, a, "a.xlsx")
    drop(offices, folder, b, "b.xlsx")
    answers = iter([False, True])
    found = batch_receiving.preview_folder(province, folder)
    results = batch_receiving.receive_folder(province, found, cancelled=lambda: next(answers))
    assert [bool(result.received) for result in results] == [True, False]
    assert results[1].sentence == "Chưa nhận vì đã dừng trước tệp này."
    with pytest.raises(UserError, match="Không có thư mục"):
        batch_receiving.preview_folder(province, folder / "gone")


def test_a_file_that_vanishes_between_holds_no_other_up(offices, people, folder):
    province, (a, b, _) = people
    drop(offices, folder, a, "a.xlsx")
    drop(offices, folder, b, "b.xlsx")
    found = batch_receiving.preview_folder(province, folder)
    (folder / "a.xlsx").unlink()
    assert [bool(result.received) for result in batch_receiving.receive_folder(province, found)] == [False, True]


def test_who_is_late_and_which_packages_are_missing(offices, people, folder):
    province, (a, b, _) = people
    first = drop(offices, folder, a, "a1.xlsx", period="2026-01")
    batch_receiving.receive_folder(province, batch_receiving.preview_folder(province, folder))
    receipt = offices.path()
    writing.make(province, first, receipt)
    receiving.receive(a, receipt)
    drop(offices, offices.folder, a, "lost.xlsx", period="2026-02")
    lost_receipt = offices.path()
    receiving.receive(province, offices.folder / "lost.xlsx")
    writing.make(province, province.store.packages.list()[0].id, lost_receipt)
    receiving.receive(a, lost_receipt)
    receiving.undo(province, province.store.packages.list()[1].id)
    drop(offices, folder, a, "a3.xlsx", period="2026-03")
    drop(offices, folder, b, "b.xlsx", period="2026-Q1")
    batch_receiving.receive_folder(province, batch_receiving.preview_folder(province, folder))
    lines = {
        handed.unit: handed for handed in period_handovers.period_handovers(province, "2026-02")
    }  # today is 5 March
    assert list(lines) == ["TT-A", "TT-C", "TT-B"]  # the package of March does not hand February over
    assert [handed.late for handed in lines.values()] == [True, True, False]
    assert (lines["TT-A"].period, lines["TT-A"].missing, lines["TT-B"].period) == ("2026-03", (2,), "2026-Q1")
    assert not any(handed.late for handed in period_handovers.period_handovers(province, "2026-04"))  # not due yet
    assert [h.unit for h in period_handovers.period_handovers(province, "2026-04", due=date(2026, 3, 1)) if h.late] == [
        "TT-A", "TT-B", "TT-C",
    ]  # fmt: skip
    pdf = offices.folder / "late.pdf"
    late_units.print_late(province, "2026-02", pdf)
    with pypdfium2.PdfDocument(pdf) as paper:
        said = " ".join(paper[0].get_textpage().get_text_range().split())
    for wanted in ("2/3", "Trung tâm TT-C", "Quá hạn", "Chưa bàn giao lần nào", "Tháng 03/2026"):
        assert wanted in said
    with pytest.raises(UserError):
        late_units.print_late(offices.make("TT-D"), "2026-02", pdf)


@pytest.mark.parametrize(
    ("period", "day"),
    [
        ("2026", date(2026, 12, 31)),
        ("Năm 2026", date(2026, 12, 31)),
        ("2026-Q1", date(2026, 3, 31)),
        ("Quý II/2026", date(2026, 6, 30)),
        ("2024-02", date(2024, 2, 29)),
        ("tháng 12/2026", date(2026, 12, 31)),
        ("2026-13", None),
        ("đợt 3", None),
    ],
)
def test_the_last_day_of_a_period(period, day):
    assert periods.last_day(period) == day


@pytest.mark.parametrize(
    ("handed_over", "wanted", "covered"),
    [
        (["2026-Q1"], "2026-02", True),
        (["2026"], "Quý III/2026", True),
        (["2026-Q1"], "2026-04", False),
        (["2026-11"], "2026-10", False),  # a later month is no hand-over of an earlier one
        (["2026-03", "2026-01", "2026-02"], "2026-Q1", True),
        (["2026-01", "2026-03"], "2026-Q1", False),
        (["2026-Q1", "2026-Q2", "tháng 7/2026", "2026-Q3", "2026-Q4"], "2026", True),
        (["Đợt 3"], "đợt 3", True),
        (["2026-03"], "đợt 3", False),
        ([], "2026-03", False),
    ],
)
def test_hand_overs_cover_a_period_when_they_hold_all_its_days(handed_over, wanted, covered):
    assert periods.covers(handed_over, wanted) is covered


@pytest.mark.parametrize(
    ("period", "name"),
    [("2026-11", "Tháng 11/2026"), ("2026-Q4", "Quý IV/2026"), ("2026", "Năm 2026"), ("đợt 3", "đợt 3")],
)
def test_a_period_is_named_as_officers_say_it(period, name):
    assert periods.name(period) == name
    assert periods.covers([period], name)


def test_this_month_is_offered_first_and_every_offer_is_a_period():
    offered = periods.offered(date(2026, 2, 28))
    assert offered[:3] == ["2026-02", "2026-01", "2025-12"]
    assert {"2026-Q1", "2025-Q4", "2026", "2025"} <= set(offered)
    assert all(periods.span(period) for period in offered)
    assert len(offered) == len(set(offered))


def test_a_unit_that_became_known_after_a_period_was_due_is_not_late_for_it(people):
    province, _units = people
    assert all(handed.late for handed in period_handovers.period_handovers(province, "2026-02"))
    know_since(province, "2026-03-04T05:00:00Z")
    february = period_handovers.period_handovers(province, "2026-02")
    assert not any(handed.late for handed in february)
    assert {late_units.state_text(handed) for handed in february} == {"Mới biết từ 04/3/2026, chưa đến hạn"}
    assert all(h.late for h in period_handovers.period_handovers(province, "2026-02", date(2026, 3, 1))), "a given day"
    know_since(province, "2026-02-28T05:00:00Z")
    assert all(handed.late for handed in period_handovers.period_handovers(province, "2026-02")), "its first due day"


def test_every_unit_of_the_tree_is_expected_and_a_damaged_file_stands_beside_its_unit(offices, people, folder):
    province, (a, b, _) = people
    commune = new(province, "office", name="UBND xã Tây Sơn", level="commune")
    new(province, "office", name="Trung tâm TT-A", code="tt-a", level="commune", above=commune, phone="0256 3 822 111")
    new(province, "office", name="Phòng Kinh tế xã Phù Cát", code="PC", level="commune", phone="0905 111 222")
    new(province, "office", name="UBND xã An Nhơn", level="commune")
    new(province, "office", name="Huyện Tây Sơn", code="HTS", level="district", valid_to="2025-06-30")
    new(province, "office", name="Phòng Quản lý công nghiệp", level="province")
    drop(offices, folder, a, "a.xlsx", period="2026-02")
    drop(offices, folder, b, "KC_TT-B_2026-02_C.xlsx", period="2026-02")
    (folder / "KC_PC_2026-02_C.xlsx").write_bytes(b"PK broken")
    (folder / "lạ.xlsx").write_bytes(b"PK broken too")
    batch_receiving.receive_folder(
        province, [v for v in batch_receiving.preview_folder(province, folder) if v.file.name == "a.xlsx"]
    )
    verdicts = batch_receiving.preview_folder(province, folder)

    due = date(2026, 3, 4)
    units = {u.name: u for u in period_handovers.period_handovers(province, "2026-02", due, verdicts)}

    assert set(units) == {
        "Trung tâm TT-A", "Trung tâm TT-B", "Trung tâm TT-C", "Phòng Kinh tế xã Phù Cát", "UBND xã An Nhơn",
    }  # fmt: skip
    assert {name for name, unit in units.items() if unit.late} == set(units) - {"Trung tâm TT-A"}
    broken = units["Phòng Kinh tế xã Phù Cát"]
    assert [trouble.partition(":")[0] for trouble in broken.troubles] == ["KC_PC_2026-02_C.xlsx"]
    assert broken.phone == "0905 111 222"
    assert not broken.is_known
    assert units["Trung tâm TT-A"].phone == "0256 382 2111"
    assert "chưa nhận" in units["Trung tâm TT-B"].troubles[0]
    assert not units["UBND xã An Nhơn"].troubles
    stray = period_handovers.unassigned(province, "2026-02", verdicts)
    assert [verdict.file.name for verdict in stray] == ["lạ.xlsx"]
    before_the_reform = period_handovers.period_handovers(province, "2025-05")
    assert "Huyện Tây Sơn" in {unit.name for unit in before_the_reform}


def test_every_other_spreadsheet_in_the_folder_is_called_what_it_is(offices, people, folder):
    province, (unit, other, _) = people
    drop(offices, folder, unit, "whole.xlsx")
    load_workbook(folder / "whole.xlsx").save(folder / "edited.xlsx")
    partners.write_identity(other, folder / "the.xlsx")
    (folder / "old.XLS").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    (folder / "page.xls").write_text("<html><table></table></html>", encoding="utf-8")
    with zipfile.ZipFile(folder / "calc.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    before = whole(province)

    verdicts = {verdict.file.name: verdict for verdict in batch_receiving.preview_folder(province, folder)}

    assert {name: verdict.code for name, verdict in verdicts.items()} == {
        "whole.xlsx": "",
        "edited.xlsx": "edited",
        "the.xlsx": "trusted",
        "old.XLS": "foreign",
        "page.xls": "foreign",
        "calc.ods": "foreign",
    }
    assert "Trung tâm TT-A (TT-A)" in verdicts["edited.xlsx"].hint
    own = {verdict.file.name: verdict for verdict in batch_receiving.preview_folder(unit, folder)}
    assert (own["whole.xlsx"].code, own["edited.xlsx"].code) == ("own_package", "edits")
    assert "mở riêng tệp này" in own["edited.xlsx"].hint
    assert "thẻ nhận diện của Trung tâm TT-B (TT-B)" in verdicts["the.xlsx"].obstacle
    for name, label in (("old.XLS", "(.xls)"), ("page.xls", "HTML"), ("calc.ods", "(.ods)")):
        assert label in verdicts[name].obstacle
        assert "Excel Workbook (*.xlsx)" in verdicts[name].hint
    assert whole(province) == before


def test_an_identity_of_an_unknown_unit_waits_to_be_compared_and_is_no_trouble(offices, people, folder):
    province, _units = people
    stranger = offices.make("TT-X")
    partners.write_identity(stranger, folder / "the-XA.xlsx")
    partners.write_identity(province, folder / "own.xlsx")
    drop(offices, folder, stranger, "x.xlsx", period="2026-02")
    verdicts = {verdict.file.name: verdict for verdict in batch_receiving.preview_folder(province, folder)}
    assert {name: verdict.code for name, verdict in verdicts.items()} == {
        "the-XA.xlsx": "identity",
        "own.xlsx": "trusted",
        "x.xlsx": "unknown_sender",
    }
    assert "đối chiếu" in verdicts["the-XA.xlsx"].hint
    assert not verdicts["the-XA.xlsx"].acceptable
    stray = period_handovers.unassigned(province, "2026-02", list(verdicts.values()))
    assert [verdict.file.name for verdict in stray] == ["x.xlsx"]  # TT-X is not in the tree
    partners.trust(province, folder / "the-XA.xlsx")
    again = {verdict.file.name: verdict for verdict in batch_receiving.preview_folder(province, folder)}
    assert again["the-XA.xlsx"].code == "trusted"
    assert again["x.xlsx"].acceptable


def test_the_second_copy_of_a_package_is_a_twin_before_and_after(offices, people, folder):
    province, (a, _, _) = people
    drop(offices, folder, a, "a.xlsx")
    shutil.copy(folder / "a.xlsx", folder / "b (1).xlsx")
    (folder / "c.xlsx").write_bytes(b"broken")
    shutil.copy(folder / "c.xlsx", folder / "d.xlsx")
    before = batch_receiving.preview_folder(province, folder)
    twins = {verdict.file.name: verdict.twin for verdict in before}
    assert twins == {"a.xlsx": "", "b (1).xlsx": "a.xlsx", "c.xlsx": "", "d.xlsx": "c.xlsx"}
    results = batch_receiving.receive_folder(province, before)
    done = {result.verdict.file.name: result for result in results}
    assert done["a.xlsx"].received
    assert not done["b (1).xlsx"].received
    assert done["b (1).xlsx"].sentence == "Cùng một gói với tệp a.xlsx."
    after = batch_receiving.preview_folder(province, folder)
    assert {verdict.file.name: verdict.twin for verdict in after} == twins


@pytest.mark.parametrize("is_here_before", [True, False], ids=["received", "unknown"])
def test_an_edited_package_lists_its_cells_and_asks_for_the_original(offices, people, folder, is_here_before):
    province, (a, _, _) = people
    id_ = new(a, "proposal", title="Máy cưa", implementing_unit="Đổi máy cũ")
    path, _package = offices.export(a, period="2026-02")
    path.rename(folder / "goi.xlsx")
    if is_here_before:
        receiving.receive(province, folder / "goi.xlsx")
    book = load_workbook(folder / "goi.xlsx")
    sheet = next(s for s in book.worksheets if s.max_row > 2 and "implementing_unit" in [c.value for c in s[2]])
    sheet.cell(3, [cell.value for cell in sheet[2]].index("implementing_unit") + 1).value = "Mua máy mới"
    book.save(folder / "goi.xlsx")
    before = whole(province)

    (verdict,) = batch_receiving.preview_folder(province, folder)
    request = batch_receiving.original_request(province, verdict)
    made = original_requests.print_request(province, request, offices.folder / "xin.pdf")

    assert verdict.code == "edited"
    assert verdict.may_be_asked_again
    assert request.sender.startswith("Trung tâm TT-A")
    assert request.period == "tháng 02/2026"
    cells = [(edit["id"], edit["was"], edit["shown"]) for edit in request.edits]
    assert cells == ([(id_, "Đổi máy cũ", "Mua máy mới")] if is_here_before else [])
    assert not any(edit["accepted"] for edit in request.edits)
    shown = edited_workbooks.read_changes_of_others(province, folder / "goi.xlsx")
    assert shown["compared"] == (
        "1 ô khác với hồ sơ ở kho này, chưa ô nào được ghi vào kho."
        if is_here_before
        else "Kho này chưa có hồ sơ nào của đơn vị đó nên không biết ô nào đã sửa; kho giữ nguyên."
    )
    assert all("Hãy chuyển lại tệp này" in edit["reason"] for edit in shown["edits"])
    with pypdfium2.PdfDocument(made["pdf"]) as paper:
        printed = " ".join(paper[0].get_textpage().get_text_range().split())
    for wanted in ("Trung tâm TT-A", "tháng 02/2026", "goi.xlsx", *(["Mua máy mới"] if is_here_before else [])):
        assert wanted in printed
    assert whole(province) == before
    handovers = {u.unit: u for u in period_handovers.period_handovers(province, "2026-02", verdicts=[verdict])}
    assert "goi.xlsx" in handovers["TT-A"].troubles[0]


def test_changed_cells_without_a_field_are_named_as_in_the_workbook(offices, people, folder):
    """The title of another record, or what is asked of the receiver: never the machine name of the column."""
    province, (a, _, _) = people
    owner = new(a, "beneficiary", name="Hộ kinh doanh An")
    new(a, "proposal", title="Máy cưa", beneficiaries=[owner])
    path, _package = offices.export(a, period="2026-02")
    path.rename(folder / "goi.xlsx")
    receiving.receive(province, folder / "goi.xlsx")
    book = load_workbook(folder / "goi.xlsx")
    for cell in (cell for sheet in book.worksheets[1:] for row in sheet.iter_rows(min_row=3) for cell in row):
        if cell.value == "Hộ kinh doanh An":
            cell.value = "Hộ kinh doanh Anh"
    book.save(folder / "goi.xlsx")

    shown = edited_workbooks.read_changes_of_others(province, folder / "goi.xlsx")

    labels = {edit["path"]: edit["label"] for edit in shown["edits"]}
    assert labels == {"beneficiaries.title": "Đơn vị thụ hưởng", "name": "Tên đơn vị"}


def test_no_letter_asks_for_a_package_that_can_be_received(offices, people, folder):
    province, (a, _, _) = people
    drop(offices, folder, a, "a.xlsx")
    (verdict,) = batch_receiving.preview_folder(province, folder)
    with pytest.raises(UserError, match="không xin gói gốc"):
        batch_receiving.original_request(province, verdict)


def test_the_telephone_is_that_of_the_office_or_of_an_officer_who_serves_there(people):
    province, _units = people
    office = new(province, "office", name="Phòng Kinh tế xã Bình Phú", code="BP", level="commune")
    assert units_below.phone_of(province, "BP", "tên khác") == ""
    new(province, "staff", name="Lê An", office=office, phone="0905 000 001", serves_to="2026-01-31")
    new(province, "staff", name="Trần Bình", office=office, phone="0905 000 002")
    assert units_below.phone_of(province, "bp", "") == "0905 000 002 (Trần Bình)"
    assert units_below.phone_of(province, "", "phòng kinh tế xã bình phú") == "0905 000 002 (Trần Bình)"
    assert units_below.phone_of(province, "KHAC", "Phòng Kinh tế xã Bình Phú") == ""

    own = new(province, "office", name="Phòng Kinh tế xã An Lão", code="AL", level="commune", phone="0905 000 003")
    new(province, "staff", name="Lý Chi", office=own, phone="0905 000 004")
    bare = new(province, "office", name="UBND xã Vĩnh Sơn", level="commune")
    known = {office: "0905 000 002 (Trần Bình)", own: "0905 000 003"}
    assert units_below.phones(province, [office, own, bare]) == known
    assert units_below.phones(province, []) == {}
    shown = {unit.key: unit.phone for unit in period_handovers.period_handovers(province, "2026-02")}
    assert {key: number for key, number in shown.items() if number} == known
    quick = period_handovers.period_handovers(province, "2026-02", with_phones=False)
    assert {unit.key: unit.phone for unit in quick} == dict.fromkeys(shown, "")

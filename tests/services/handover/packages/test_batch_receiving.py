"""A folder of packages at once, and who is late."""

import zipfile
from datetime import date

import pypdfium2
import pytest
from openpyxl import load_workbook

from kcdesk.errors import UserError
from kcdesk.services.handover.packages import batch_receiving, late_units, periods, receiving
from kcdesk.services.handover.receipts import writing
from kcdesk.services.handover.trust import partners
from tests.services.exchange_support import contents, whole
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
    (folder / "note.txt").write_text("x")
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
        handed.unit: handed for handed in batch_receiving.period_handovers(province, "2026-02")
    }  # today is 5 March
    assert list(lines) == ["TT-C", "TT-A", "TT-B"]
    assert [handed.late for handed in lines.values()] == [True, False, False]
    assert (lines["TT-A"].period, lines["TT-A"].missing, lines["TT-B"].period) == ("2026-03", (2,), "2026-Q1")
    assert not any(handed.late for handed in batch_receiving.period_handovers(province, "2026-04"))  # not due yet
    assert [h.unit for h in batch_receiving.period_handovers(province, "2026-04", due=date(2026, 3, 1)) if h.late] == [
        "TT-A", "TT-B", "TT-C",
    ]  # fmt: skip
    pdf = offices.folder / "late.pdf"
    late_units.print_late(province, "2026-02", pdf)
    with pypdfium2.PdfDocument(pdf) as paper:
        said = " ".join(paper[0].get_textpage().get_text_range().split())
    for wanted in ("1/3", "Trung tâm TT-C", "Quá hạn", "Chưa bàn giao lần nào", "Kỳ 2026-03"):
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


def test_a_longer_period_covers_a_shorter_one():
    assert periods.reaches("2026-Q1", "2026-02")
    assert not periods.reaches("2026-Q1", "2026-04")
    assert periods.reaches("Đợt 3", "đợt 3")


def test_every_other_spreadsheet_in_the_folder_is_called_what_it_is(offices, people, folder):
    province, (unit, other, _) = people
    drop(offices, folder, unit, "whole.xlsx")
    load_workbook(folder / "whole.xlsx").save(folder / "edited.xlsx")
    partners.write_identity(other, folder / "the.xlsx")
    (folder / "old.XLS").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600))
    (folder / "page.xls").write_text("<html><table></table></html>")
    with zipfile.ZipFile(folder / "calc.ods", "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    before = whole(province)

    verdicts = {verdict.file.name: verdict for verdict in batch_receiving.preview_folder(province, folder)}

    assert {name: verdict.code for name, verdict in verdicts.items()} == {
        "whole.xlsx": "",
        "edited.xlsx": "edited",
        "the.xlsx": "foreign",
        "old.XLS": "foreign",
        "page.xls": "foreign",
        "calc.ods": "foreign",
    }
    assert "Trung tâm TT-A (TT-A)" in verdicts["edited.xlsx"].hint
    own = {verdict.file.name: verdict for verdict in batch_receiving.preview_folder(unit, folder)}
    assert (own["whole.xlsx"].code, own["edited.xlsx"].code) == ("own_package", "edits")
    assert "mở riêng tệp này" in own["edited.xlsx"].hint
    assert "tệp nhận diện đơn vị" in verdicts["the.xlsx"].obstacle
    for name, label in (("old.XLS", "(.xls)"), ("page.xls", "HTML"), ("calc.ods", "(.ods)")):
        assert label in verdicts[name].obstacle
        assert "Excel Workbook (*.xlsx)" in verdicts[name].hint
    assert whole(province) == before

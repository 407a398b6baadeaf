"""The days in a package are those of the sender's zone, whatever the zone of the receiver."""

import time
from datetime import UTC, date, datetime

import pytest
from openpyxl import load_workbook

from kcdesk.exchange.compare import differences
from kcdesk.exchange.container.entries import read_lines
from kcdesk.exchange.sent_packages import sent_records
from kcdesk.exchange.workbook.sheet_content import Content
from kcdesk.exchange.workbook.titles import titles
from kcdesk.services.handover.packages import receiving
from kcdesk.services.records import changing
from tests.services.samples import new

pytestmark = pytest.mark.skipif(not hasattr(time, "tzset"), reason="Windows has one zone for all programs")

HALF_PAST_SIX = datetime(2026, 3, 5, 23, 30, tzinfo=UTC)  # on 6 March in Viet Nam


@pytest.fixture
def deleted(offices, zone):
    """A record deleted in Viet Nam before seven in the morning; the sender and its package with the deletion."""
    zone("Asia/Ho_Chi_Minh")
    clock = int(HALF_PAST_SIX.timestamp() * 1000)
    unit = offices.make("TT-A", now=lambda: clock)
    id_ = new(unit, "beneficiary", name="Cơ sở Mẫu")
    offices.export(unit)
    changing.delete(unit, id_)
    return unit, *offices.export(unit, full=True)


def shown_day(path):
    sheet = load_workbook(path)["Đơn vị thụ hưởng"]
    column = next(cell.column for cell in sheet[1] if cell.value == "Đã xoá ngày")
    return sheet.cell(3, column).value.date()


def test_a_deletion_before_seven_has_the_local_day(deleted):
    assert shown_day(deleted[1]) == date(2026, 3, 6)


@pytest.mark.parametrize("place", ["UTC", "America/New_York"])
def test_a_receiver_in_another_zone_takes_the_package(offices, zone, deleted, place):
    unit, path, _ = deleted
    province = offices.make("SCT", "province")
    offices.acquaint(unit, province)
    zone(place)
    assert receiving.receive(province, path).preview.to_json()["rows"]["new"] == 1


def test_the_day_of_earlier_versions_is_no_edit(deleted):
    """They showed the day in UTC."""
    unit, path, package = deleted
    entries = list(read_lines(sent_records(unit.store, package)))
    book = load_workbook(path)
    sheet = book["Đơn vị thụ hưởng"]
    column = next(cell.column for cell in sheet[1] if cell.value == "Đã xoá ngày")
    content = Content(unit.forms, entries, titles(unit.store, entries))
    for day, expected in ((5, 0), (4, 1)):
        sheet.cell(3, column).value = date(2026, 3, day)
        book.save(path)
        with path.open("rb") as file:
            assert len(list(differences(file, content))) == expected

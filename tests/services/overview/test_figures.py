"""Figures of the overview and the report page."""

from kcdesk.services.overview import figures
from kcdesk.services.records import changing
from tests.services import samples
from tests.services.samples import new


def test_records_are_counted_by_kind_and_state(workspace):
    samples.approved(workspace)
    gone = new(workspace, "proposal", title="Nháp")
    new(workspace, "proposal", title="Nháp nữa")
    changing.delete(workspace, gone)
    found = {line.kind: line for line in figures.overview(workspace)}
    assert found["proposal"].label == "Đề án"
    assert found["proposal"].states == (("draft", "Đang soạn", 1), ("approved", "Đã phê duyệt", 1))
    assert (found["proposal"].total, found["contract"].total) == (2, 0)


def test_the_latest_comes_first(workspace):
    for title in "ABC":
        new(workspace, "proposal", title=title)
    assert {line["title"] for line in figures.recent(workspace, 2)} <= {"A", "B", "C"}
    assert len(figures.recent(workspace, 2)) == 2
    assert figures.recent(workspace)[0]["label"] == "Đề án khuyến công"


def test_money_is_added_by_year_and_programme(workspace):
    for cost in (5, 7):
        new(workspace, "proposal", title="A", year=2026, programme="local", budget=[{"item": "x", "cost": cost}])
    new(workspace, "proposal", title="B", year=2025)
    lines = figures.money_by_year(workspace)
    assert [(line.year, line.programme, line.proposals, line.total) for line in lines] == [
        (2026, "Khuyến công địa phương", 2, 12),
        (2025, "(chưa chọn)", 1, 0),
    ]

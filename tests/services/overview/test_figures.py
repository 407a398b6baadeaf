"""Figures of the overview."""

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

"""The first page begins with what waits: each line names it and leads to where it is done."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kcdesk.services.deadlines import listing
from kcdesk.services.handover.packages import receiving
from kcdesk.services.handover.receipts import writing
from kcdesk.services.lifecycle import steps
from kcdesk.services.maintenance import backup_copies, outside_copies
from kcdesk.services.overview.todays_work import WorkLine, todays_work
from kcdesk.services.records import changing
from kcdesk.services.workspace import Workspace
from tests.services import lives, samples
from tests.services.samples import begin, new

MEMORY = Path("/dev/shm")  # another drive than that of the test's store


def work(workspace: Workspace, name: str = "") -> list[WorkLine]:
    return [line for line in todays_work(workspace, listing.listing(workspace)) if line.name == name or not name]


def of_dossiers(dues: Any) -> list[Any]:
    """Without the reports of every year and quarter, which any store is reminded of."""
    return [due for due in dues if due.id]


def test_an_empty_store_has_nothing_to_do_but_its_reports(workspace: Workspace) -> None:
    assert {line.name for line in work(workspace)} <= {"late"}


def test_a_returned_dossier_comes_first_with_its_reason(offices: Any, pair: tuple[Workspace, Workspace]) -> None:
    unit, province = pair
    sent = lives.write(unit, "brand")
    lives.take(unit, sent, "finalise", "send")
    owner = new(unit, "beneficiary", name="HTX Dệt Mẫu")
    package, _ = offices.send(unit, province)
    path = offices.path()
    writing.make(province, package, path, returned={sent: [("goals", "Chưa rõ")], owner: [("phone", "Thiếu số")]})
    receiving.receive(unit, path)
    lines = work(unit)
    assert [line.name for line in lines[:2]] == ["returned", "returned"]
    assert {line.record for line in lines[:2]} == {sent, owner}
    assert "Chưa rõ" in lines[0].text
    assert lines[1].text == "Bị trả lại – HTX Dệt Mẫu: Thiếu số"
    assert not work(province, "returned")
    changing.set_values(unit, owner, {"phone": "0900000001"})
    assert [line.record for line in work(unit, "returned")] == [sent]


def test_amounts_that_differ_are_named(workspace: Workspace) -> None:
    id_ = samples.approved(workspace)
    samples.contract(workspace, id_, basis="contract", value=230_000_000)
    (line,) = work(workspace, "difference")
    assert line.record == id_
    assert line.text.endswith("hợp đồng ghi 230.000.000, lệch 30.000.000.")


def test_what_is_late_is_counted_also_after_a_year(workspace: Workspace) -> None:
    id_ = samples.approved(workspace)
    samples.contract(workspace, id_, due_on="31/12/2018")
    (line,) = work(workspace, "late")
    deadlines = listing.listing(workspace)
    assert deadlines.long_late
    assert not of_dossiers(deadlines.late)
    assert f"Quá hạn lâu: {len(deadlines.long_late)}" in line.text
    assert line.place == "deadlines"


@pytest.mark.parametrize(("due_on", "group"), [("4/3/2025", "long_late"), ("5/3/2025", "late"), ("4/3/2026", "late")])
def test_a_year_divides_late_from_long_late(workspace: Workspace, due_on: str, group: str) -> None:
    new(workspace, "proposal", title="Mẫu", ends_on=due_on)
    (stored,) = workspace.store.page("proposal")
    with workspace.store.act("Đang làm") as act:
        act.update(stored.id, {"state": "running"})
    deadlines = listing.listing(workspace)
    assert [due.id for due in of_dossiers(getattr(deadlines, group))] == [stored.id]
    assert workspace.today() == date(2026, 3, 5)
    (due,) = of_dossiers(getattr(deadlines, group))
    listing.mark_done(workspace, listing.by_key(workspace, due.key))
    after = listing.listing(workspace)
    assert not of_dossiers([*after.late, *after.long_late])


def test_a_remedy_waits_until_the_next_visit_is_final(workspace: Workspace) -> None:
    id_ = samples.approved(workspace)
    samples.contract(workspace, id_)
    steps.take_step(workspace, id_, "contract")
    visit = begin(workspace, id_, "acceptance")
    conditional = {"conclusion": "conditional", "conclusion_note": "Còn thiếu che chắn"}
    remedies = [{"remedy": "Lắp che chắn", "due_on": "1/1/2019", "responsible": "Cơ sở"}]
    samples.answer(workspace, visit, **conditional, remedies=remedies)
    steps.take_step(workspace, visit, "finalise")
    (line,) = work(workspace, "remedy")
    assert line.record == visit
    assert line.text.endswith("Lắp che chắn")


def test_the_province_sees_packages_and_units(offices: Any, pair: tuple[Workspace, Workspace]) -> None:
    unit, province = pair
    assert [line.place for line in work(province, "late_units")] == ["late_units"]
    sent = lives.write(unit, "brand")
    lives.take(unit, sent, "finalise", "send")
    package, _ = offices.send(unit, province)
    assert [line.text for line in work(province, "receipts")] == ["Gói chưa trả lời: 1"]
    (waiting,) = work(province, "examined")
    assert waiting.text == "Đề án chờ cấp tỉnh thẩm định, trả lời: 1 – đã gửi thẩm định 1"
    assert not work(province, "late_units")
    writing.make(province, package, offices.path())
    assert not work(province, "receipts")
    assert not work(unit, "receipts")


def test_a_backup_counts_only_on_another_drive(workspace: Workspace, tmp_path: Path) -> None:
    new(workspace, "beneficiary", name="Cơ sở Mẫu")
    assert [line.place for line in work(workspace, "backup")] == ["backup"]
    backup_copies.back_up(workspace)
    backup_copies.back_up(workspace, tmp_path / "same-drive")
    assert work(workspace, "backup")


@pytest.mark.skipif(not MEMORY.is_dir(), reason="this system has no second drive for a test")
def test_a_backup_on_a_stick_is_enough_for_a_month(workspace: Workspace, tmp_path_factory: Any) -> None:
    new(workspace, "beneficiary", name="Cơ sở Mẫu")
    stick = MEMORY / tmp_path_factory.mktemp("stick").name
    try:
        made = backup_copies.back_up(workspace, stick / "kcdesk")
        at = outside_copies.latest_outside(workspace)
        assert made.folder.is_dir()
        assert at is not None
        workspace.today = at.date
        assert not work(workspace, "backup")
        workspace.today = lambda: date(at.year + 1, at.month, 1)
        assert "đã cũ" in work(workspace, "backup")[0].text
    finally:
        shutil.rmtree(stick, ignore_errors=True)

"""Stores and packages made before the rooms of November 2026 still open: `tests/data/made-before`, never made anew."""

import shutil
from pathlib import Path

import pytest

from kcdesk.services.handover.packages import preview, receiving, sending
from kcdesk.services.maintenance import opening, soundness
from kcdesk.services.papers import printing
from kcdesk.services.records import changing, reading

MADE_BEFORE = Path(__file__).parents[1] / "data" / "made-before"
# What the program that made the stores counted in both of them.
KEPT = {
    "beneficiary": 2,
    "proposal": 13,
    "contract": 3,
    "inspection": 1,
    "acceptance": 4,
    "payment": 2,
    "settlement": 1,
}


@pytest.fixture(params=["lower", "province"])
def kept(request, tmp_path):
    """One of the kept stores, copied and opened, with its name."""
    workspace = opening.open_workspace(Path(shutil.copytree(MADE_BEFORE / request.param, tmp_path / request.param)))
    yield request.param, workspace
    workspace.close()


def test_a_kept_store_opens_sound_with_all_its_records(kept):
    _name, workspace = kept
    assert soundness.check(workspace)["sound"]
    assert {kind: reading.count(workspace, kind) for kind in KEPT} == KEPT


def test_a_kept_store_is_changed_undone_and_printed(kept, tmp_path):
    _name, workspace = kept
    changing.add(workspace, "beneficiary", {"name": "Cơ sở Mẫu mới"})
    assert reading.count(workspace, "beneficiary") == KEPT["beneficiary"] + 1
    changing.undo(workspace)
    assert reading.count(workspace, "beneficiary") == KEPT["beneficiary"]
    visit = reading.list_page(workspace, "acceptance", limit=1)[0]
    printing.print_record(workspace, visit.id, "minutes_5a", tmp_path / "minutes.pdf")
    assert (tmp_path / "minutes.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("name", ["package.xlsx", "receipt.xlsx", "supplement.xlsx"])
def test_a_kept_workbook_is_whole(kept, name):
    _name, workspace = kept
    found = sending.inspect(workspace, MADE_BEFORE / name, "")
    assert found["status"] in ("authentic", "unknown_sender")


@pytest.mark.parametrize("kept", ["province"], indirect=True)
def test_a_kept_province_takes_in_the_kept_supplement(kept):
    _name, workspace = kept
    seen = preview.preview_package(workspace, MADE_BEFORE / "supplement.xlsx")
    assert (seen.obstacle, seen.rows["changed"], seen.rows["conflict"]) == ("", 1, 1)
    assert receiving.receive(workspace, MADE_BEFORE / "supplement.xlsx").applied
    assert soundness.check(workspace)["sound"]

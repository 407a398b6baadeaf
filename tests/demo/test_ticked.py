"""The step of the demo with a checklist ticked by hand."""

import shutil

from kcdesk.demo import journey_ticked
from kcdesk.services.lifecycle import steps
from kcdesk.services.maintenance import opening
from kcdesk.services.records import changing


def test_the_ticked_checklist_of_the_demo_comes_in(journey, tmp_path):
    workspace = opening.open_workspace(shutil.copytree(journey.store, tmp_path / "store"))
    steps.take_step(workspace, journey.acceptance, "correct", reason="Sửa sai sót")
    rows = workspace.store.record(journey.acceptance).rows("checklist")
    changing.save(workspace, journey.acceptance, {f"checklist/{row['id']}/result": None for row in rows})
    scan, sentence = journey_ticked.take_in_sheet(workspace, journey.acceptance, tmp_path)
    results = [row.get("result") for row in workspace.store.record(journey.acceptance).rows("checklist")]
    workspace.close()
    assert scan.is_file()
    first_page = results.count("pass")
    assert first_page >= 4
    assert results == ["pass"] * first_page + [None] * (len(rows) - first_page)
    assert f"{first_page} câu trả lời đọc được" in sentence

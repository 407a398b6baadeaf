"""The journey on practice stores: everything an officer does in a year, with its papers and its package."""

import shutil
import unicodedata
from pathlib import Path

import pypdfium2
from openpyxl import load_workbook

from kcdesk.demo import journey as demo_journey
from kcdesk.demo import journey_handover
from kcdesk.services.handover.packages import conflicts, preview, sending
from kcdesk.services.handover.receipts import drafts, standing
from kcdesk.services.maintenance import opening, soundness
from kcdesk.services.records import changing, reading


def test_the_journey_ends_in_the_archive(played):
    workspace, journey = played
    states = {
        name: workspace.store.record(getattr(journey, name)).state
        for name in ("beneficiary", "proposal", "contract", "acceptance")
    }
    assert states == {"beneficiary": "final", "proposal": "archived", "contract": "final", "acceptance": "final"}
    assert workspace.identity.practice
    assert soundness.check(workspace)["sound"]
    for name in states:
        problems = workspace.store.record(getattr(journey, name)).problems(final=True)
        assert [problem for problem in problems if not problem.advice] == []


def test_figures_are_the_published_ones(played):
    workspace, journey = played
    proposal = workspace.store.record(journey.proposal)
    assert (proposal.value("total_cost"), proposal.value("requested_support")) == (570_000_000, 200_000_000)
    years = {row.stored.data["year"] for row in reading.list_page(workspace, "proposal")}
    assert years == {2018, 2020, 2021, 2024}


def test_people_and_establishments_are_marked_as_samples(played):
    workspace, journey = played
    visit = workspace.store.record(journey.acceptance)
    assert all(row["name"].startswith("Người Mẫu") for row in visit.rows("participants"))
    assert all("Mẫu" in row.title for row in reading.list_page(workspace, "beneficiary"))


def test_the_minutes_are_vietnamese_in_an_embedded_font(journey):
    with pypdfium2.PdfDocument(journey.minutes) as document:
        text = " ".join(page.get_textpage().get_text_range() for page in document)
    text = " ".join(unicodedata.normalize("NFC", text).split())
    for words in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "BIÊN BẢN", "570.000.000", "200.000.000", "Đại diện"):
        assert words.casefold() in text.casefold()
    assert b"Tinos" in journey.minutes.read_bytes()


def test_the_package_holds_every_record_and_opens(played):
    workspace, journey = played
    found = sending.inspect(workspace, journey.package, "")
    assert (found["status"], found["type"], found["sender"]) == ("authentic", "C", "TTKC-MAU")
    counts = {kind: reading.count(workspace, kind) for kind in workspace.forms.kinds}
    assert found["counts"] == {kind: number for kind, number in counts.items() if number}
    assert "Bìa" in load_workbook(journey.package).sheetnames


def test_the_province_does_not_know_the_sender_yet(journey):
    workspace = opening.open_workspace(journey.province)
    assert workspace.identity.unit.level == "province"
    assert sending.inspect(workspace, journey.package, "")["status"] == "unknown_sender"
    workspace.close()


def test_the_hand_off_leaves_something_to_do_on_both_sides(played, tmp_path):
    workspace, journey = played
    province = opening.open_workspace(Path(shutil.copytree(journey.province, tmp_path / "sct")))
    package = Path(shutil.copy(journey.package, tmp_path))
    exchange = journey_handover.play_handover(workspace, province, package)
    assert preview.preview_package(province, package).already
    seen = preview.preview_package(province, exchange.supplement)
    assert (seen.obstacle, seen.rows["changed"], seen.rows["conflict"]) == ("", 1, 1)
    assert all(line.receipt for line in drafts.outbox(province))
    province.close()
    assert conflicts.count(workspace) == 1
    assert standing.handover_state(workspace, exchange.returned).standing == "returned"


def test_the_whole_journey_can_be_undone(played):
    workspace, _ = played
    changing.undo(workspace, 10_000)
    assert {kind: reading.count(workspace, kind) for kind in workspace.forms.kinds} == dict.fromkeys(
        workspace.forms.kinds, 0
    )
    assert soundness.check(workspace)["sound"]


def test_the_demo_shows_conditions_the_second_visit_and_one_under_way(tmp_path):
    journey = demo_journey.play(tmp_path / "demo", more_visits=True)
    with opening.open_workspace(journey.store).store as store:
        first, second, under_way = (
            store.record(id_) for id_ in (journey.more.conditional, journey.more.second, journey.more.under_way)
        )
        assert (first.state, first.value("conclusion")) == ("final", "conditional")
        assert (second.value("previous"), second.value("conclusion")) == (first.id, "accepted")
        assert second.rows("checklist")[0]["earlier_finding"] == first.rows("checklist")[-1]["finding"]
        answered = [row for row in under_way.rows("checklist") if "result" in row]
        assert under_way.state == "draft"
        assert 0 < len(answered) < len(under_way.rows("checklist"))

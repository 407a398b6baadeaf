"""The Ministry's agency above provinces above units: packages up two levels, its word down two levels."""

from __future__ import annotations

from datetime import date
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from openpyxl import load_workbook

from kcdesk.errors import UserError
from kcdesk.formdef.forms import Forms
from kcdesk.services.deadlines import listing
from kcdesk.services.handover.collecting import period_handovers
from kcdesk.services.handover.packages import conflicts, receiving
from kcdesk.services.handover.receipts import drafts, receipt_lines, standing, writing
from kcdesk.services.handover.receipts.receipt_lines import Decision
from kcdesk.services.handover.trust import partners, unconfirmed_results
from kcdesk.services.lifecycle import steps
from kcdesk.services.overview import filter_options, todays_work
from kcdesk.services.records import changing
from kcdesk.services.workspace import Workspace
from tests.examples import chosen, some
from tests.services import samples
from tests.services.exchange_support import Offices, contents
from tests.store_files import at_home_anywhere

AGENCY = "Cục mẫu"
MONEY = {"item": "Máy mẫu", "cost": 570_000_000, "national": 200_000_000, "counterpart": 370_000_000}
APPROVAL = samples.APPROVAL | {
    "decision_authority": "Bộ Công Thương (mẫu)",
    "approved_national": 200_000_000,
    "approved_local": None,
}


class Nation(NamedTuple):
    """One agency, three provinces with the codes 20, 04 and 22, each with a unit."""

    offices: Offices
    agency: Workspace
    provinces: list[Workspace]
    units: list[Workspace]


@pytest.fixture(scope="module")
def acquainted_nation(tmp_path_factory: pytest.TempPathFactory, forms: Forms) -> list[Path]:
    """The folders of the agency and of each province and its unit, which know each other; copy them before writing."""
    made = Offices(tmp_path_factory.mktemp("nation"), forms)
    agency = made.make("CUC", "nation", name=AGENCY, province="", parent="")
    for code in ("20", "04", "22"):
        name = f"Sở Công Thương {code}"
        province = made.make(f"SCT-{code}", "province", name=name, province=code, parent=AGENCY)
        made.acquaint(province, made.make(f"TT-{code}", province=code, parent=name))
        made.acquaint(agency, province)
    made.close()
    return [at_home_anywhere(workspace.store.folder) for workspace in made.made]


@pytest.fixture
def nation(offices: Offices, acquainted_nation: list[Path]) -> Nation:
    agency, *others = offices.take_all(acquainted_nation)
    return Nation(offices, agency, others[::2], others[1::2])


def write(workspace: Workspace, id_: str, **values: Any) -> None:
    """A write past every guard of the window."""
    with workspace.store.act("Ghi thẳng") as act:
        act.update(id_, values)


def data(workspace: Workspace, id_: str) -> dict[str, Any]:
    return workspace.store.get(id_).data


def last_received(workspace: Workspace) -> str:
    lines = standing.packages(workspace)
    return next(line["package"] for line in lines if line["direction"] == "in" and line["type"] != "R")


def answer(nation: Nation, sender: Workspace, receiver: Workspace, **returned: Any) -> receiving.Received:
    """A receipt for the last package, taken in."""
    path = nation.offices.path()
    writing.make(sender, last_received(sender), path, **returned)
    return receiving.receive(receiver, path)


def forwarded(nation: Nation, place: int = 0, **values: Any) -> str:
    """A national proposal of a unit that its province has sent up to the agency; its id."""
    unit, province = nation.units[place], nation.provinces[place]
    id_ = samples.proposal(unit, programme="national", budget=[MONEY], **values)
    write(unit, id_, state="sent")
    nation.offices.send(unit, province)
    steps.take_step(province, id_, "appraise")
    write(province, id_, state="ministry_appraisal", province_result="received", province_note="Đề nghị Bộ phê duyệt")
    nation.offices.send(province, nation.agency)
    return id_


def approve(agency: Workspace, id_: str) -> None:
    changing.set_values(agency, id_, {name: value for name, value in APPROVAL.items() if value is not None})
    steps.take_step(agency, id_, "approve_nationally")


SHOWN = ("state", "revision", "title", "approved_support", "decision_number", "decision_authority", "rejection_reason")
SHOWN += ("rejection_number", "province_result", "province_support", "province_decision_number", "province_note")


def seen(workspace: Workspace, id_: str) -> tuple[list[Any], list[tuple[str, str]]]:
    """What an office says of a dossier: fields, and remarks with their places."""
    record = workspace.store.record(id_)
    rows = [(row.get("path", ""), row["reason"]) for row in record.rows("remarks")]
    return [record.data.get(name) for name in SHOWN], rows


def pass_on(nation: Nation, way: str, place: int = 0) -> receiving.Received:
    """The province's second receipt for its unit, as the window or the command line writes it."""
    province, path = nation.provinces[place], nation.offices.path()
    package = next(line.package for line in drafts.outbox(province) if line.passed_down)
    if way == "window":
        drafts.write_receipt(province, package, path)
    else:
        writing.make(province, package, path)
    return receiving.receive(nation.units[place], path)


WAYS = ("window", "command")
WORDS = {"approved": ("approved", "", "200.000.000"), "rejected": ("rejected", "Hết kinh phí", "")}


@pytest.mark.parametrize(("way", "result"), some(2, product(WAYS, WORDS)))
def test_the_agencys_decision_comes_down_two_levels(nation: Nation, way: str, result: str) -> None:
    unit, province, agency = nation.units[0], nation.provinces[0], nation.agency
    id_ = forwarded(nation)
    assert (data(agency, id_)["state"], data(agency, id_)["province_note"]) == (
        "ministry_appraisal",
        "Đề nghị Bộ phê duyệt",
    )
    answer(nation, province, unit)  # the unit learns that its dossier came, before the agency has decided
    state, reason, support = WORDS[result]
    if result == "approved":
        approve(agency, id_)
    else:
        steps.take_step(agency, id_, "reject_nationally", reason)
    [line] = [line for line in drafts.lines(agency, last_received(agency)) if line.record == id_]
    assert (line.decision.result, line.decision.support, line.decision.note) == (result, support, reason)
    got = answer(nation, agency, province)
    assert got.preview.replies[id_].result == result
    assert not any(line.claim for line in got.preview.lines)
    assert any(line.name == "passed_down" for line in todays_work.todays_work(province, listing.listing(province)))
    assert standing.handover_state(province, id_).owed
    got = pass_on(nation, way)
    reply = got.preview.replies[id_]
    assert (reply.result, [kept.text for kept in reply.reasons]) == (result, [reason] if reason else [])
    assert seen(unit, id_) == seen(province, id_)
    assert data(unit, id_)["province_result"] == result
    assert data(unit, id_)["province_note"] == (f"Cục: {reason}" if reason else "Đề nghị Bộ phê duyệt")
    assert {data(office, id_)["state"] for office in (unit, province, agency)} == {state}
    assert standing.handover_state(unit, id_).standing == result
    assert not standing.handover_state(province, id_).owed
    assert unconfirmed_results.sentence(unit, id_) == unconfirmed_results.sentence(province, id_) == ""


SHORT = (("window", "receipt"), ("command", "step"), ("window", "general"))


@pytest.mark.parametrize(("way", "by"), chosen(SHORT, product(WAYS, ["receipt", "step", "general"])))
def test_a_return_comes_down_with_its_remarks_and_the_dossier_goes_up_again(nation: Nation, by: str, way: str) -> None:
    unit, province, agency = nation.units[0], nation.provinces[0], nation.agency
    id_ = forwarded(nation)
    remarks = [("", "Thiếu phiếu thẩm định")] if by == "general" else [("title", "Tên chưa rõ")]
    if by == "receipt":
        answer(nation, agency, province, returned={id_: remarks})
    else:
        asked = [] if by == "general" else remarks
        steps.take_step(agency, id_, "return_nationally", remarks[0][1], asked)
        answer(nation, agency, province)
    assert list(standing.handover_state(province, id_).reasons) == remarks
    got = pass_on(nation, way)
    assert [(kept.path, kept.text) for kept in got.preview.replies[id_].reasons] == remarks
    assert standing.handover_state(unit, id_).standing == "returned"
    for office in (unit, province, agency):
        assert data(office, id_)["state"] == "supplement"
        assert seen(office, id_)[1] == remarks
    assert seen(unit, id_) == seen(province, id_)
    [row] = unit.store.record(id_).rows("remarks")
    changing.set_values(unit, id_, {"title": "Tên đã rõ", f"remarks/{row['id']}/answer": "Đã sửa"})
    write(unit, id_, state="sent")
    nation.offices.send(unit, province)
    [line] = [line for line in drafts.lines(province, last_received(province)) if line.record == id_]
    assert line.decision.result == "received"  # what came again is judged anew
    answer(nation, province, unit)
    assert data(unit, id_)["state"] == "sent"
    write(province, id_, state="ministry_appraisal")
    nation.offices.send(province, agency)
    assert (data(agency, id_)["state"], data(agency, id_)["title"]) == ("ministry_appraisal", "Tên đã rõ")
    steps.take_step(agency, id_, "return_nationally", "Vẫn thiếu báo giá")  # a second return is told as well
    answer(nation, agency, province)
    assert [kept.text for kept in pass_on(nation, way).preview.replies[id_].reasons] == ["Vẫn thiếu báo giá"]
    assert data(unit, id_)["province_note"] == "Cục: Vẫn thiếu báo giá"


def test_a_province_gives_no_other_answer_than_the_agency(nation: Nation) -> None:
    province, agency = nation.provinces[0], nation.agency
    id_ = forwarded(nation)
    package = last_received(province)
    approve(agency, id_)
    answer(nation, agency, province)
    with pytest.raises(UserError) as refused:
        drafts.choose(province, package, id_, Decision(result="rejected", note="Không"))
    assert refused.value.code == "given"
    with pytest.raises(UserError) as refused:
        writing.make(province, package, nation.offices.path(), returned={id_: [("", "Thiếu")]})
    assert "Cục đã trả lời «Phê duyệt»" in refused.value.message


def test_what_the_agency_rejected_no_province_approves(nation: Nation) -> None:
    province, agency = nation.provinces[0], nation.agency
    id_ = forwarded(nation)
    steps.take_step(agency, id_, "reject_nationally", "Hết kinh phí")
    answer(nation, agency, province)
    assert data(province, id_)["state"] == "rejected"
    write(province, id_, state="approved", decision_number="9", decision_date="2026-03-01", decision_authority="Sở",
          approved_total=9, approved_support=9)  # fmt: skip
    _, taken = nation.offices.send(province, agency)
    assert next(row.reason for row in taken.preview.lines if row.id == id_).startswith(
        "Trạng thái «Đã phê duyệt» cần xác nhận của Cục mà gói này không có"
    )
    assert data(agency, id_)["state"] == "rejected"


def test_a_province_decides_its_own_local_proposals(nation: Nation) -> None:
    unit, province, agency = nation.units[1], nation.provinces[1], nation.agency
    id_ = samples.proposal(unit)
    write(unit, id_, state="sent")
    nation.offices.send(unit, province)
    changing.set_values(province, id_, samples.APPROVAL)
    write(province, id_, state="approved", province_result="approved", province_support=200_000_000)
    nation.offices.send(province, agency)
    assert (data(agency, id_)["state"], data(agency, id_)["province_result"]) == ("approved", "approved")
    assert unconfirmed_results.sentence(agency, id_) == ""


def test_a_province_never_changes_the_dossiers_of_another(nation: Nation) -> None:
    first, second, agency = nation.provinces[0], nation.provinces[1], nation.agency
    id_ = forwarded(nation)
    before = contents(agency)[id_]
    with second.store.act("Chép hồ sơ của tỉnh khác") as act:
        act.insert("proposal", "proposal@1", data(first, id_) | {"title": "Chiếm", "beneficiaries": []}, id=id_)
    _, taken = nation.offices.send(second, agency)
    assert taken.preview.rows["refused"] >= 1
    assert "tỉnh khác" in next(row.reason for row in taken.preview.lines if row.id == id_)
    assert contents(agency)[id_] == before


def test_the_agency_sees_which_province_is_late(nation: Nation) -> None:
    forwarded(nation)
    late = {
        unit.name: unit.late for unit in period_handovers.period_handovers(nation.agency, "2026-Q1", date(2026, 3, 1))
    }
    assert late == {"Sở Công Thương 20": False, "Sở Công Thương 04": True, "Sở Công Thương 22": True}


def test_values_of_both_sides_wait_for_a_decision(nation: Nation) -> None:
    province, agency = nation.provinces[0], nation.agency
    id_ = forwarded(nation)
    write(agency, id_, goals="Cục sửa")
    write(province, id_, goals="Tỉnh sửa")
    nation.offices.send(province, agency)
    assert [entry.path for entry in conflicts.pile(agency)] == ["goals"]


def test_trust_knows_one_agency_and_one_department_for_each_province(nation: Nation) -> None:
    offices = nation.offices
    others = (
        (offices.make("CUC2", "nation", name="Cục khác", province="", parent=""), nation.provinces[0]),
        (offices.make("SCT-20B", "province", name="Sở khác", province="20"), nation.agency),
    )
    for other, knows in others:
        card = offices.path()
        partners.write_identity(other, card)
        with pytest.raises(UserError) as refused:
            partners.trust(knows, card)
        assert refused.value.code == "second_province"


def test_the_first_page_of_a_package_asks_the_agency_for_its_decision(nation: Nation) -> None:
    forwarded(nation)
    path, _ = nation.offices.export(nation.provinces[0], full=True)
    cover = [[cell.value for cell in row if cell.value] for row in load_workbook(path)["Bìa"].iter_rows()]
    assert ["Nơi nhận", AGENCY] in cover
    assert ["Thẩm định, phê duyệt cấp Bộ", "1 đề án khuyến công"] in cover


def test_the_agencys_receipt_says_how_it_decides_and_asks_before_it_leaves_dossiers_undecided(nation: Nation) -> None:
    id_ = forwarded(nation)
    agency, package = nation.agency, last_received(nation.agency)
    first = drafts.lines(agency, package)[0]
    assert (first.record, first.undecided) == (id_, True)  # what is decided about comes first
    assert [line.record for line in drafts.undecided(agency, package)] == [id_]
    closed = receipt_lines.closed_answers(agency, first)
    assert closed["approved"] == "hãy mở hồ sơ và bấm «Phê duyệt đề án quốc gia»; biên nhận lấy theo bước đó."
    assert set(closed) == {"approved", "rejected"}
    approve(agency, id_)
    assert not drafts.undecided(agency, package)


def test_a_region_watches_three_provinces_and_answers_them(nation: Nation) -> None:
    offices = nation.offices
    region = offices.make("VUNG", "region", name="Trung tâm vùng", province="", parent="")
    for place, province in enumerate(nation.provinces[:2]):
        offices.acquaint(region, province)
        forwarded(nation, place)
        receiving.receive(region, offices.export(province, receiver="Trung tâm vùng", period="2026-02")[0])
    offices.acquaint(region, nation.provinces[2])
    work = {line.name: line.text for line in todays_work.todays_work(region, listing.listing(region))}
    assert work["receipts"] == "Gói chưa trả lời: 2"
    assert work["late_units"] == "Đơn vị chưa gửi gói tháng 02/2026: 1 – Sở Công Thương 22"
    assert "examined" not in work  # it decides nothing
    assert {code for code, _name in filter_options.units(region, "proposal")} == {"TT-04", "TT-20"}
    assert not any(line.undecided for line in drafts.lines(region, last_received(region)))
    answer(nation, region, nation.provinces[1])
    assert any(line["type"] == "R" for line in standing.packages(nation.provinces[1]))
    assert [line.is_open for line in drafts.outbox(region)] == [True, False]

"""Every activity: its proposal is complete, suggests its rows, prints its own part, and is paid once."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from kcdesk.demo.sample_proposals import OWN, proposal_answers
from kcdesk.errors import IncompleteError, UserError
from kcdesk.formdef.loading.loader import load
from kcdesk.formdef.model import Section
from kcdesk.formdef.record import Record
from kcdesk.services.lifecycle import missing, steps
from kcdesk.services.overview import rules_panel
from kcdesk.services.papers import printing
from kcdesk.services.proposals import suggested_rows
from kcdesk.services.records import changing, table_offers
from kcdesk.services.rules import funding_checks
from kcdesk.services.workspace import Workspace
from tests.examples import some
from tests.services.samples import beneficiary, new

CODES = tuple(activity.code for activity in load().activities)


def proposal(workspace: Workspace, activity: str, **changes: object) -> str:
    place = workspace.places.search("phuong ba dinh", 1)[0].commune
    values = proposal_answers(activity, place={"commune": place})
    values["beneficiaries"] = changes.pop("beneficiaries", None) or [beneficiary(workspace)]
    return new(workspace, "proposal", **{**values, **changes})


def own_sections(record: Record) -> list[Section]:
    """The sections that only some activities have."""
    return [section for section in record.form.sections if "activities" in section.visible_when]


def read(pdf: Path) -> str:
    document = pypdfium2.PdfDocument(pdf)
    told = "\n".join(page.get_textpage().get_text_range() for page in document)
    document.close()
    return " ".join(told.split())


def test_there_are_answers_for_every_activity_that_asks_for_its_own(workspace: Workspace) -> None:
    """What one activity asks beyond the common part stands in `OWN`; a new activity without such a part needs none."""
    assert set(OWN) <= set(CODES)
    for activity in set(CODES) - set(OWN):
        record = workspace.store.record(new(workspace, "proposal", title="Đề án mới", activity=activity))
        own = {field.name for section in own_sections(record) for field in section.fields}
        assert own.isdisjoint(field.name for field in record.fields_required()), activity


@pytest.mark.parametrize("activity", CODES)
def test_a_whole_proposal_is_final_without_problems(workspace: Workspace, activity: str) -> None:
    id_ = proposal(workspace, activity)
    assert [problem.message for problem in workspace.store.record(id_).problems(final=True)] == []
    steps.take_step(workspace, id_, "finalise")
    assert workspace.store.record(id_).state == "final"


@pytest.mark.parametrize("activity", some(10, CODES))
def test_the_paper_of_a_proposal_shows_the_part_of_its_activity(
    workspace: Workspace, activity: str, tmp_path: Path
) -> None:
    id_ = proposal(workspace, activity)
    pdf = tmp_path / "paper.pdf"
    printing.print_record(workspace, id_, "proposal_outline", pdf)
    told = read(pdf)
    record = workspace.store.record(id_)
    shown = [section for section in own_sections(record) if record.value(section.fields[0].name)]
    assert bool(shown) is (activity in OWN)
    assert all(section.label in told for section in shown)
    for section in shown:
        for field in section.fields:
            if field.type in ("text", "choice") and record.value(field.name):
                assert " ".join(record.text(field.name).split()) in told, field.name


@pytest.mark.parametrize("activity", some(10, CODES))
def test_suggested_rows_come_as_one_act(workspace: Workspace, activity: str) -> None:
    id_ = new(workspace, "proposal", title="Đề án mới", activity=activity)
    table_offers.fill_tables(workspace, id_)
    record = workspace.store.record(id_)
    assert min(len(record.rows(table)) for table in suggested_rows.TABLES) >= 1
    assert not any(row.get("cost") or row.get("target") for row in record.rows("budget") + record.rows("results"))
    with pytest.raises(UserError) as refused:
        table_offers.fill_tables(workspace, id_)
    assert refused.value.code == "nothing_suggested"
    changing.undo(workspace)
    assert not any(workspace.store.record(id_).rows(table) for table in suggested_rows.TABLES)


def test_suggestions_need_an_activity_and_a_table_that_has_some(workspace: Workspace) -> None:
    id_ = new(workspace, "proposal", title="Đề án mới")
    with pytest.raises(UserError) as refused:
        table_offers.fill_tables(workspace, id_, ("budget",))
    assert refused.value.code == "not_chosen"
    with pytest.raises(UserError) as refused:
        table_offers.fill_tables(workspace, beneficiary(workspace))
    assert refused.value.code == "no_suggestions"


def test_the_papers_of_the_activity_are_missing_until_they_are_recorded(workspace: Workspace) -> None:
    id_ = proposal(workspace, "vocational_training")
    [whole] = [
        one for one in missing.outlook_of(workspace, workspace.store.record(id_)).problems if one.field == "papers"
    ]
    assert whole.message.startswith("Chưa lập «Danh mục giấy tờ kèm theo»")
    table_offers.fill_tables(workspace, id_, ("papers",))
    rows = workspace.store.record(id_).rows("papers")
    changing.set_values(workspace, id_, {f"papers/{row['id']}/status": "copy" for row in rows[1:]})
    [first] = [
        one for one in missing.outlook_of(workspace, workspace.store.record(id_)).problems if one.field == "papers"
    ]
    assert first.message.startswith("Thiếu công văn đề nghị của đơn vị thực hiện đề án (Điểm a khoản 1 Điều 10")
    steps.take_step(workspace, id_, "finalise")


# ---- where the money comes from


def test_a_source_that_is_closed_to_the_programme_stops_the_proposal(workspace: Workspace) -> None:
    line = {"item": "Chi thực hiện đề án", "cost": 100_000_000, "national": 9_000_000, "counterpart": 91_000_000}
    id_ = proposal(workspace, "brand", budget=[line])
    with pytest.raises(IncompleteError) as refused:
        steps.take_step(workspace, id_, "finalise")
    problem = refused.value.problems[0]
    row = workspace.store.record(id_).rows("budget")[0]["id"]
    assert problem.field == f"budget/{row}/national"
    assert "Khoản 3 Điều 2 TT 46/2012/TT-BCT" in problem.message
    changing.set_values(workspace, id_, {"budget": [line | {"national": None, "local": 9_000_000}]})
    steps.take_step(workspace, id_, "finalise")


@pytest.mark.parametrize(("level", "programme", "stopped"), [("province", "local", False), ("nation", "local", True)])
def test_the_level_of_a_vote_decides_who_pays(workspace: Workspace, level: str, programme: str, stopped: bool) -> None:
    id_ = proposal(workspace, "typical_product_vote", vote_level=level, programme=programme)
    told = [found.source for found in funding_checks.objections(workspace, workspace.store.record(id_))]
    assert told == (["Khoản 2 Điều 19 TT 26/2014/TT-BCT"] if stopped else [])


def test_a_cost_that_the_establishment_bears_is_not_supported(workspace: Workspace) -> None:
    line = {"item": "Vận chuyển sản phẩm trưng bày", "cost": 10_000_000, "local": 5_000_000, "counterpart": 5_000_000}
    id_ = proposal(workspace, "fair_participation", budget=[line])
    [found] = funding_checks.objections(workspace, workspace.store.record(id_))
    assert "chỉ chi từ vốn đối ứng" in found.problem.message
    assert found.unverified


# ---- the same cost twice


def test_one_cost_of_one_establishment_is_paid_by_one_proposal(workspace: Workspace) -> None:
    owner = beneficiary(workspace)
    first = proposal(workspace, "brand", beneficiaries=[owner])
    second = proposal(workspace, "brand", beneficiaries=[owner], title="Nhãn hiệu lần hai")
    with pytest.raises(IncompleteError) as refused:
        steps.take_step(workspace, second, "finalise")
    assert "Khoản 4 Điều 7" in refused.value.problems[0].message
    [found] = funding_checks.objections(workspace, workspace.store.record(second))
    assert found.dossier == first
    groups = rules_panel.beside(workspace, workspace.store.record(second))
    assert any(line.dossier == first for group in groups for line in group.lines if group.label.startswith("Nguồn"))
    changing.set_values(workspace, second, {"different_cost_reason": "Nhãn hiệu của sản phẩm khác"})
    steps.take_step(workspace, second, "finalise")


@pytest.mark.parametrize(
    "changes",
    [
        {
            "year": 2027,
            "starts_on": "1/3/2027",
            "ends_on": "30/11/2027",
            "work_plan": [{"task": "a", "responsible": "b"}],
        },
        {"budget": [{"item": "Khoản khác", "cost": 10_000_000, "local": 4_000_000, "counterpart": 6_000_000}]},
        {"beneficiaries": None},
    ],
)
def test_another_year_another_cost_or_another_establishment_is_no_double(
    workspace: Workspace, changes: dict[str, object]
) -> None:
    owner = beneficiary(workspace)
    proposal(workspace, "brand", beneficiaries=[owner])
    second = proposal(workspace, "brand", **{"beneficiaries": [owner], **changes})
    assert funding_checks.objections(workspace, workspace.store.record(second)) == []


def test_a_broken_promise_is_told_in_the_draft(workspace: Workspace) -> None:
    id_ = proposal(workspace, "brand", no_other_state_money=False)
    told = [problem.field for problem in workspace.store.record(id_).problems()]
    assert told == ["no_other_state_money"]


# ---- support that is given once


def test_support_that_is_given_once_is_refused_the_second_time(workspace: Workspace) -> None:
    commune = workspace.places.search("xã Cao Lãnh Đồng Tháp", 1)[0].commune
    assert workspace.places.commune(commune).province_code == "82"
    owner = beneficiary(workspace)
    place = {"commune": commune}
    earlier = {
        "year": 2024,
        "starts_on": "1/8/2024",
        "ends_on": "30/11/2024",
        "work_plan": [{"task": "a", "responsible": "b"}],
    }
    first = proposal(workspace, "machinery", beneficiaries=[owner], place=place, **earlier)
    changing.set_values(
        workspace, first, {"decision_number": "1/QĐ", "decision_date": "1/8/2024", "approved_support": 200_000_000}
    )
    again = proposal(workspace, "machinery", beneficiaries=[owner], place=place)
    [found] = funding_checks.objections(workspace, workspace.store.record(again))
    assert found.problem.field == "beneficiaries"
    assert "chỉ được hỗ trợ một lần (NQ 08/2024/NQ-HĐND tỉnh Đồng Tháp, chưa đối chiếu)" in found.problem.message
    assert found.dossier == first
    changing.set_values(workspace, again, {"ceiling_override_reason": "Máy cũ hư hỏng vì thiên tai"})
    assert funding_checks.objections(workspace, workspace.store.record(again)) == []


def test_the_reason_to_go_beyond_a_ceiling_prints_in_the_annex(workspace: Workspace, tmp_path: Path) -> None:
    reason = "Cơ sở thuộc địa bàn đặc biệt khó khăn, được Ủy ban nhân dân tỉnh đồng ý."
    line = {"item": "Mua máy móc, thiết bị", "cost": 900_000_000, "national": 400_000_000, "counterpart": 500_000_000}
    id_ = proposal(workspace, "machinery", programme="national", budget=[line], ceiling_override_reason=reason)
    steps.take_step(workspace, id_, "finalise")
    pdf = tmp_path / "annex.pdf"
    printing.print_record(workspace, id_, "proposal_ceilings", pdf, docx=tmp_path / "annex.docx")
    told = read(pdf)
    assert reason in told
    assert "vượt mức tối đa 300.000.000 đồng là 100.000.000 đồng" in told
    assert "Khoản 4 Điều 8 TT 28/2018/TT-BTC" in told

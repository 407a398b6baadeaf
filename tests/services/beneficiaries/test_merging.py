"""Two records of one establishment become one: what they say, what refers to them, and back again by one undo."""

import json
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kcdesk.cli.program import main
from kcdesk.errors import UserError
from kcdesk.services.beneficiaries import merging, unit_changes
from kcdesk.services.lifecycle import steps
from kcdesk.services.records import changing
from kcdesk.services.rules import earlier_support
from kcdesk.services.workspace import Workspace
from tests.services.samples import approved, beneficiary, new, proposal

KEPT, LOST = "Công ty TNHH Gốm Tân Vạn", "Gốm Tân Vạn (ghi lần hai)"


@pytest.fixture
def twins(workspace):
    """Two records of one unit, each with a supported proposal; the second has what the first lacks."""
    kept = beneficiary(workspace, name=KEPT, phone="0901234567", tax_code="0101243150", email=None)
    lost = beneficiary(workspace, name=LOST, phone="0977777777", tax_code=None, email="gom@example.vn")
    return kept, lost, approved(workspace, beneficiaries=[kept]), approved(workspace, beneficiaries=[lost], year=2017)


def contents(workspace: Workspace) -> dict[str, tuple[str, str | None]]:
    """What every record of the store says, byte by byte, and whether it is deleted."""
    rows = workspace.store.query("SELECT id, data, deleted IS NOT NULL AS gone FROM record")
    return {row["id"]: (row["data"], row["gone"]) for row in rows}


def sums(workspace: Workspace) -> list[dict[str, object]]:
    """Number and support of all proposals, and of those by beneficiary that a report counts."""
    return workspace.store.query("SELECT count(*) AS n, sum(approved_support) AS support FROM proposal")


def test_what_refers_to_the_duplicate_leads_to_the_survivor(workspace, twins):
    kept, lost, of_kept, of_lost = twins
    before = sums(workspace)
    merging.merge(workspace, kept, lost)
    assert workspace.store.record(of_lost).value("beneficiaries") == [kept]
    assert {stored.id for stored in workspace.store.find("proposal", "beneficiaries", kept)} == {of_kept, of_lost}
    listed = workspace.store.query("SELECT DISTINCT value FROM proposal_beneficiaries_list")
    assert [row["value"] for row in listed] == [kept]
    assert lost not in {stored.id for stored in workspace.store.page("beneficiary")}
    assert sums(workspace) == before
    for asked in (KEPT, LOST, "0977777777", "0101243150", "tan van"):
        answer = earlier_support.search(workspace, asked)
        assert [(entry.proposal, entry.beneficiary) for entry in answer] == [(of_kept, kept), (of_lost, kept)], asked
    (row, *_) = earlier_support.search(workspace, "0977777777")
    assert row.reason == "cùng số điện thoại trong hồ sơ đã gộp vào"


def test_the_signed_paper_is_not_rewritten_and_one_undo_gives_the_same_bytes(workspace, twins):
    kept, lost, _, of_lost = twins
    before = contents(workspace)
    merging.merge(workspace, kept, lost)
    assert contents(workspace)[of_lost] == before[of_lost]
    changing.undo(workspace)
    assert contents(workspace) == before
    assert workspace.store.record(of_lost).value("beneficiaries") == [lost]
    assert [stored.id for stored in workspace.store.find("proposal", "beneficiaries", lost)] == [of_lost]
    assert [entry.proposal for entry in earlier_support.search(workspace, "0977777777")] == [of_lost]
    changing.redo(workspace)
    assert workspace.store.record(of_lost).value("beneficiaries") == [kept]


def test_fields_are_chosen_side_by_side(workspace, twins):
    kept, lost, *_ = twins
    planned = {field.field: field for field in merging.plan(workspace, kept, lost, {"phone": "other"}).fields}
    assert (planned["name"].survivor, planned["name"].other, planned["name"].taken) == (KEPT, LOST, "survivor")
    assert [planned[name].taken for name in ("phone", "email", "tax_code")] == ["other", "other", "survivor"]
    merging.merge(workspace, kept, lost, {"phone": "other"})
    data = workspace.store.get(kept).data
    assert (data["name"], data["phone"], data["email"]) == (KEPT, "0977777777", "gom@example.vn")


def test_lists_and_files_of_both_are_joined(workspace, tmp_path):
    paper = tmp_path / "gcn.txt"
    paper.write_text("Giấy chứng nhận mẫu", encoding="utf-8")
    ids = [beneficiary(workspace, name=name, phone=f"090123456{n}") for n, name in enumerate((KEPT, LOST))]
    rows = [{"product": "Gạch", "level": "district"}, {"product": "Ngói", "level": "province"}]
    changing.set_values(workspace, ids[0], {"certificates": rows[:1]})
    changing.set_values(workspace, ids[1], {"certificates": rows})
    changing.attach(workspace, ids[1], "registration_files", [paper])
    merging.merge(workspace, *ids)
    merged = workspace.store.record(ids[0])
    assert [row["product"] for row in merged.rows("certificates")] == ["Gạch", "Ngói"]
    assert len(merged.value("registration_files")) == 1


def test_a_locked_survivor_becomes_a_new_revision_and_one_undo_takes_all_back(workspace, twins):
    kept, lost, *_ = twins
    steps.take_step(workspace, kept, "finalise")
    before = contents(workspace)
    assert any("bản 2" in note for note in merging.plan(workspace, kept, lost).notes)
    merging.merge(workspace, kept, lost)
    stored = workspace.store.get(kept)
    assert (stored.data["state"], stored.data["revision"], stored.data["email"]) == ("final", 2, "gom@example.vn")
    changing.undo(workspace)
    assert contents(workspace) == before


def test_a_duplicate_of_a_duplicate_leads_to_the_last(workspace, twins):
    kept, lost, of_kept, of_lost = twins
    third = beneficiary(workspace, name="HTX Gốm Biên Hoà", phone="0911111111")
    merging.merge(workspace, kept, lost)
    merging.merge(workspace, third, kept)
    for id_ in (of_kept, of_lost):
        assert workspace.store.record(id_).value("beneficiaries") == [third]
    assert {row["value"] for row in workspace.store.query("SELECT value FROM proposal_beneficiaries_list")} == {third}
    assert {entry.proposal for entry in earlier_support.search(workspace, "0977777777")} == {of_kept, of_lost}
    fourth = beneficiary(workspace, name="Bốn", phone="0922222222")
    with pytest.raises(UserError, match="qua 2 lần"):
        merging.plan(workspace, fourth, third)


@pytest.mark.parametrize("typed", ["Đúc gang Minh Long", "minh long duc", "Đúc Hải Phong", "0309532909"])
def test_a_unit_that_came_from_a_duplicate_came_from_its_survivor(workspace, twins, typed):
    kept, lost, *_ = twins
    half = beneficiary(workspace, name="Đúc Hải Phong", phone="0933333333", tax_code="0309532909")
    unit_changes.note_predecessor(workspace, half, lost, "divided", date(2019, 3, 5))
    unit_changes.change_unit(workspace, half, {"name": "Đúc gang Minh Long", "tax_code": None})
    merging.merge(workspace, kept, lost)
    assert {entry.beneficiary for entry in earlier_support.search(workspace, typed)} == {kept}


def test_a_dossier_with_both_names_the_survivor_once(workspace, twins):
    kept, lost, *_ = twins
    both = proposal(workspace, beneficiaries=[lost, kept])
    merging.merge(workspace, kept, lost)
    assert workspace.store.record(both).value("beneficiaries") == [kept]


def test_what_belongs_to_the_duplicate_belongs_to_the_survivor(workspace, twins):
    kept, lost, *_ = twins
    product = new(workspace, "typical_product", beneficiary=lost, name="Bình gốm")
    merging.merge(workspace, kept, lost)
    assert [stored.id for stored in workspace.store.children(kept, "typical_product")] == [product]
    (row,) = workspace.store.query("SELECT parent, beneficiary FROM typical_product")
    assert (row["parent"], row["beneficiary"]) == (kept, kept)


def test_what_makes_no_sense_is_refused(workspace, twins):
    kept, lost, of_kept, _ = twins
    for pair, take in (
        ((kept, kept), {}),
        ((kept, of_kept), {}),
        ((kept, lost), {"nam": "other"}),
        ((kept, lost), {"name": "both"}),
        ((kept, lost), {"name": "trái"}),
    ):
        with pytest.raises(UserError):
            merging.plan(workspace, *pair, take)
    unit_changes.note_predecessor(workspace, lost, kept, "converted", date(2019, 3, 5))
    with pytest.raises(UserError, match="đơn vị trước"):
        merging.plan(workspace, kept, lost)


def test_the_command(workspace, twins, capsys):
    kept, lost, _, of_lost = twins
    folder = str(workspace.store.folder)
    workspace.close()

    def run(*arguments):
        assert main(["--store", folder, "--json", *arguments]) == 0
        return json.loads(capsys.readouterr().out)

    planned = run("merge", kept, lost, "--take", "phone=other", "--dry-run")
    assert (planned["applied"], [moved["id"] for moved in planned["moves"]]) == (False, [of_lost])
    assert run("show", of_lost)["data"]["beneficiaries"] == [lost]
    assert run("merge", kept, lost, "--take", "phone=other")["applied"] is True
    assert run("show", of_lost)["data"]["beneficiaries"] == [kept]
    assert run("show", kept)["data"]["phone"] == "0977777777"
    assert [row["id"] for row in run("list", "proposal", "--where", f"beneficiaries={kept}")] != []
    run("undo")
    assert run("show", of_lost)["data"]["beneficiaries"] == [lost]


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.integers(0, 3), min_size=1, max_size=4),
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=4),
)
def test_sums_stay_the_same_whatever_is_merged(workspace, owners, pairs):
    """Whoever is merged into whom, in any order: nothing is lost or counted twice, and undoing gives it all back."""
    units = [new(workspace, "beneficiary", name=f"Cơ sở {n}", phone=f"09000000{n:02}") for n in range(4)]
    dossiers = {proposal(workspace, title=f"Đề án {n}", beneficiaries=[units[own]]) for n, own in enumerate(owners)}
    query = (
        "SELECT sum(requested_support) AS asked, count(*) AS n FROM proposal JOIN proposal_beneficiaries_list AS named"
        " ON named.proposal_id = proposal.id JOIN beneficiary ON beneficiary.id = named.value"
    )
    before, said = workspace.store.query(query), contents(workspace)
    done = 0
    for survivor, other in pairs:
        try:
            merging.merge(workspace, units[survivor], units[other])
            done += 1
        except UserError:
            continue
    assert workspace.store.query(query) == before
    living = [stored.id for stored in workspace.store.page("beneficiary") if stored.id in units]
    helped = [entry for id_ in living for entry in _own(workspace, id_)]
    assert sorted(helped) == sorted(dossiers)
    for _ in range(done):
        changing.undo(workspace)
    assert contents(workspace) == said
    changing.delete_several(workspace, [*dossiers])
    changing.delete_several(workspace, [*units])


def _own(workspace: Workspace, id_: str) -> list[str]:
    return [stored.id for stored in workspace.store.find("proposal", "beneficiaries", id_)]

"""Nothing is made that belongs to nothing; what earlier versions made so can still be opened, tied and deleted."""

from __future__ import annotations

import pytest

from kcdesk.errors import UserError
from kcdesk.formdef.new_record import new_record
from kcdesk.services.lifecycle import missing, steps
from kcdesk.services.overview import record_json, rules_panel
from kcdesk.services.papers import printing
from kcdesk.services.records import changing, parents, reading, related
from kcdesk.services.workspace import Workspace
from tests.services import samples


def kinds_below(workspace: Workspace) -> dict[str, str]:
    """Every kind whose records must belong to another one, and the kind of that one."""
    above = {kind: parents.parent_kind(workspace, kind) for kind in workspace.forms.kinds}
    return {kind: parent for kind, parent in above.items() if parent}


def ghost(workspace: Workspace, kind: str, parent: str | None = None) -> str:
    """A record as an earlier version left it: it belongs to nothing, or to something that is not here."""
    record = new_record(workspace.forms, kind, f"ghost-{kind}-{parent}", workspace.today())
    if parent:
        record.set(record.form.parent, parent)
    with workspace.store.act("Bản cũ") as act:
        return act.insert(kind, record.form.reference, record.data, id=record.id)


def test_the_kinds_that_belong_to_another_are_those_of_the_papers(workspace: Workspace) -> None:
    of_proposal = {"appraisal", "contract", "adjustment", "inspection", "acceptance", "payment", "settlement"}
    expected = dict.fromkeys(of_proposal, "proposal") | {
        "product_entry": "product_vote",
        "typical_product": "beneficiary",
    }
    assert kinds_below(workspace) == expected


def test_a_record_that_belongs_to_nothing_is_refused_and_nothing_is_written(workspace: Workspace) -> None:
    for kind in kinds_below(workspace):
        with pytest.raises(UserError) as refused:
            changing.add(workspace, kind, {})
        form = workspace.forms.current(kind)
        assert (refused.value.code, refused.value.field) == ("parent_missing", form.parent)
        assert form.field(form.parent).label in refused.value.hint
        assert workspace.store.count(kind) == 0
    assert workspace.store.undoable() is None


def test_a_record_without_its_parent_is_opened_tied_and_deleted(workspace: Workspace) -> None:
    """Every question that the page of a dossier asks has an answer; the first thing missing is to what it belongs."""
    gone = changing.add(workspace, "proposal", {"title": "Đã xoá"}).items[0].id
    changing.delete(workspace, gone)
    for kind in kinds_below(workspace):
        for parent in (None, "not-in-this-store", gone):
            id_ = ghost(workspace, kind, parent)
            record = workspace.store.record(id_)
            told = missing.outlook_of(workspace, record)
            assert told.must[0].field == record.form.parent, (kind, parent)
            for step in told.possible:
                assert steps.step_obstacles(workspace, record, step)[0].field == record.form.parent
            related.related(workspace, record)
            rules_panel.beside(workspace, record)
            record_json.record_as_text(workspace, id_)
            printing.papers_of(workspace, id_)
            reading.list_page(workspace, kind)
            changing.delete(workspace, id_)
            assert workspace.store.count(kind) == 0


def test_a_tied_record_is_filled_in_as_if_it_had_been_begun_there(workspace: Workspace) -> None:
    proposal = samples.approved(workspace)
    id_ = ghost(workspace, "contract")
    changing.set_values(workspace, id_, {"proposal": proposal})
    record = workspace.store.record(id_)
    assert (record.parent, record.value("value")) == (proposal, 200_000_000)
    assert parents.problems_of_parent(workspace, record) == []


def test_no_record_is_settled_paid_or_accepted_by_a_contract_of_another_proposal(workspace: Workspace) -> None:
    ours, theirs = (samples.approved(workspace, title=title) for title in ("Đề án nhà", "Đề án bạn"))
    own = samples.contract(workspace, ours, number="01/HĐ")
    foreign = samples.contract(workspace, theirs, number="02/HĐ")
    for kind in ("settlement", "payment", "acceptance", "inspection"):
        id_ = samples.begin(workspace, ours, kind)
        for contract, is_refused in ((foreign, True), (own, False)):
            changing.set_values(workspace, id_, {"contract": contract})
            told = missing.outlook_of(workspace, workspace.store.record(id_)).must
            strange = [problem.message for problem in told if "thuộc đề án khuyến công khác" in problem.message]
            assert bool(strange) is is_refused, kind
            assert not strange or ("02/HĐ" in strange[0] and "«Đề án bạn»" in strange[0])


def test_what_is_over_or_has_not_come_yet_is_not_offered_to_be_begun(workspace: Workspace) -> None:
    """Which kinds each state begins: by the circular, appraisals precede the decision, money follows the contract."""
    decided = {"contract", "acceptance", "adjustment", "inspection"}
    expected = {
        "draft": set(),
        "sent": {"appraisal"},
        "approved": decided,
        "running": decided | {"payment", "settlement"},
        "accepted": {"inspection", "payment", "settlement"},
        "rejected": set(),
        "archived": set(),
    }
    id_ = samples.proposal(workspace)
    below = kinds_below(workspace)
    for state, kinds in expected.items():
        record = workspace.store.record(id_)
        record.data["state"] = state
        groups = related.related(workspace, record).groups
        assert {group.kind for group in groups if group.create_label and below.get(group.kind)} == kinds, state

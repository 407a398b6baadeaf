"""A record that is only begun is written in the transaction of its first change; what is refused writes none.

That it is one transaction is watched in every test (tests/one_transaction.py).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from kcdesk.errors import UserError
from kcdesk.services.lifecycle import steps
from kcdesk.services.plans import year_plans
from kcdesk.services.records import changing, copies, reading, table_offers
from kcdesk.services.visits import visits
from kcdesk.services.workspace import Workspace

Act = Callable[[Workspace, str], object]


def acts_of(workspace: Workspace) -> list[str]:
    """The names of all acts, the oldest first."""
    return [act.action for act in reversed(workspace.store.acts(20))]


def test_what_is_refused_writes_nothing(workspace: Workspace, tmp_path: Path) -> None:
    refused: tuple[tuple[str, str, Act], ...] = (
        ("proposal", "incomplete", lambda w, id_: steps.take_step(w, id_, "finalise")),
        ("proposal", "not_files", lambda w, id_: changing.attach(w, id_, "title", [tmp_path / "x.pdf"])),
        ("proposal", "no_suggestions", lambda w, id_: table_offers.fill_tables(w, id_, ("x",))),
        ("beneficiary", "not_copied", copies.copy),
        ("proposal", "wrong_kind", visits.ready_to_leave),
        ("plan", "reason_missing", lambda w, id_: year_plans.move(w, id_, "x", 1, "")),
    )
    before = acts_of(workspace)
    for kind, code, act in refused:
        begun = changing.begin(workspace, kind, {"programme": "local", "year": 2026} if kind == "plan" else {})
        with pytest.raises(UserError) as caught:
            act(workspace, begun)
        assert caught.value.code == code
        assert (reading.count(workspace, kind), acts_of(workspace)) == (0, before), code
        assert changing.forget_untouched(workspace, begun), code


def test_it_is_written_by_an_act_of_its_own_before_the_first_change(workspace: Workspace, tmp_path: Path) -> None:
    paper = tmp_path / "don.pdf"
    paper.write_bytes(b"%PDF-1.4 mau")
    made: tuple[tuple[str, Act], ...] = (
        ("attached", lambda w, id_: changing.attach(w, id_, "attachments", [paper])),
        ("deleted", changing.delete),
    )
    for name, act in made:
        begun = changing.begin(workspace, "proposal", {})
        before = len(acts_of(workspace))
        act(workspace, begun)
        assert len(acts_of(workspace)) == before + 2, name
        assert changing.undo(workspace).items[0].id == begun
        assert not workspace.store.get(begun).deleted, name
        changing.undo(workspace)
        assert workspace.store.get(begun).deleted, name
    assert workspace.store.check() == []


def test_a_copy_of_it_leaves_it_begun(workspace: Workspace) -> None:
    begun = changing.begin(workspace, "proposal", {"title": "Máy cưa"})
    copy = copies.copy(workspace, begun).items[0].id
    assert [stored.id for stored in workspace.store.page("proposal")] == [copy]
    assert changing.forget_untouched(workspace, begun)

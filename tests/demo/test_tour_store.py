"""The store of the tour: a sample dossier of every activity, every state of a proposal, and nothing that is real."""

from __future__ import annotations

import pytest

from kcdesk.demo import tour_store
from kcdesk.services.maintenance import opening


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The tour's store, opened."""
    folder = tmp_path_factory.mktemp("tour") / "kho tập"
    reported = []
    tour_store.make(folder, lambda *step: reported.append(step))
    workspace = opening.open_workspace(folder)
    yield workspace, reported
    workspace.close()


def test_every_activity_and_every_state_is_there(made):
    workspace, reported = made
    proposals = [workspace.store.record(row.id) for row in workspace.store.page("proposal", limit=100)]
    assert {proposal.data["activity"] for proposal in proposals} == {a.code for a in workspace.forms.activities}
    states = {state.name for state in workspace.forms.workflow("proposal").states}
    assert {proposal.state for proposal in proposals} == states
    assert workspace.identity.practice
    assert reported[0][0] == 0
    assert len(reported) == reported[-1][1]
    labels = {activity.label for activity in workspace.forms.activities}
    assert {text for _done, _total, text in reported[:-1]} == labels, "the officer reads no code"


def test_a_stop_leaves_no_half_store(tmp_path):
    folder = tmp_path / "kho tập"

    def stop(done, _total, _text=""):
        if done == 2:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        tour_store.make(folder, stop)
    assert not folder.exists()

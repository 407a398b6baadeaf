"""Results after support are asked for while an acceptance is written, and never stand in the way."""

from datetime import date

from kcdesk.services.lifecycle import missing
from kcdesk.services.records import changing
from kcdesk.services.visits import benefits
from tests.services import lives
from tests.services.samples import begin


def test_an_acceptance_without_results_is_asked_for_them(workspace):
    workspace.today = lambda: date(2026, 11, 30)
    proposal = lives.write(workspace, "machinery")
    lives.approve(workspace, proposal)
    lives.sign(workspace, proposal)
    id_ = begin(workspace, proposal, "acceptance")
    changing.set_values(workspace, id_, {"conclusion": "accepted"})
    (asked,) = benefits.unasked_results(workspace, workspace.store.record(id_))
    assert asked.advice
    for words in ("năng lực sản xuất", "năng suất", "thị trường", "vốn xã hội"):
        assert words in asked.message
    outlook = missing.outlook_of(workspace, workspace.store.record(id_))
    assert asked in outlook.wishes
    assert asked not in (*outlook.contradictions, *outlook.must, *outlook.advice)
    changing.set_values(workspace, id_, {"benefits": [{"indicator": "capacity", "actual": 12}]})
    assert benefits.unasked_results(workspace, workspace.store.record(id_)) == []

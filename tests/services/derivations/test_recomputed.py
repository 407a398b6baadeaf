"""Every number of generated dossiers of every activity comes out of its tree, to the đồng."""

import pytest

from kcdesk.services.derivations import explaining, wording
from tests.services.derivations.dossiers import DossierMaker, exact, nodes, recomputed


@pytest.mark.parametrize("seed", [74])
def test_every_number_of_every_activity_comes_out_of_its_tree(workspace, seed):
    maker = DossierMaker(workspace, seed)
    seen: set[str] = set()
    for number in range(len(workspace.forms.activities)):
        dossier = maker.make(number)
        ids = [id_ for _kind, id_ in dossier.records]
        for path, node in explaining.every_number(workspace, *ids):
            tree = wording.as_json(node)
            seen |= {part["operation"] for part in nodes(tree)}
            assert [part["label"] for part in nodes(tree) if part["fault"]] == [], path
            assert recomputed(tree) == exact(tree["value"]), (path, tree["id"])
        _check_balance(workspace, dossier)
    assert {
        "sum",
        "difference",
        "product",
        "change_percent",
        "part_of",
        "least",
        "percent_of",
        "at_least_zero",
        "taken_over",
    } <= seen


def _check_balance(workspace, dossier):
    """The balance of the proposal is what was entered."""
    entered = dossier.entered
    for name in ("paid", "asked", "returned", "accepted"):
        assert explaining.why(workspace, dossier.proposal, f"balance.{name}").value == entered[name]
    held = explaining.why(workspace, dossier.proposal, "balance.held")
    assert held.value == entered["paid"] - entered["returned"]

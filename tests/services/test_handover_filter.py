"""Lists narrowed to where the dossiers stand between the offices."""

import json

import pytest

from kcdesk.cli import main
from kcdesk.errors import UserError
from kcdesk.services import handovers, receipts, records, shapes, taking_in
from kcdesk.services.handovers import FILTER

from .exchange_support import Offices
from .samples import new


@pytest.fixture
def offices(tmp_path, forms):
    made = Offices(tmp_path, forms)
    yield made
    made.close()


@pytest.fixture
def pair(offices):
    """A unit with a dossier in every state, and its province; the ids by state, and the package."""
    unit, province = offices.make("TT-A"), offices.make("SCT", "province")
    offices.acquaint(unit, province)
    names = ("received", "returned", "approved", "rejected", "changed")
    ids = {name: new(unit, "proposal", title=name) for name in names}
    package, _ = offices.send(unit, province)
    for name in ("approved", "rejected"):
        records.set_values(province, ids[name], {"province_result": name})
    receipt = offices.path()
    receipts.make(province, package, receipt, returned={ids["returned"]: [("", "Thiếu")]})
    taking_in.take(unit, receipt)
    records.set_values(unit, ids["changed"], {"goals": "Sửa sau"})
    ids["handed_over"] = new(unit, "proposal", title="handed_over")
    _, second = offices.export(unit)
    records.set_values(unit, ids["changed"], {"goals": "Sửa nữa"})
    ids["none"] = new(unit, "proposal", title="none")
    return unit, province, ids, package, second


def found(workspace, wanted, **more):
    return {row.id for row in records.list_page(workspace, "proposal", where={FILTER: wanted}, **more)}


def test_each_state_finds_its_dossiers_and_the_filter_agrees_with_the_list(pair):
    unit, province, ids, package, _ = pair
    for workspace in (unit, province):
        every = [row.id for row in records.list_page(workspace, "proposal")]
        standings = handovers.standings(workspace, every)
        for wanted in handovers.LABELS:
            expected = {id_ for id_ in every if standings[id_].standing == wanted}
            assert found(workspace, wanted) == expected
            assert records.count(workspace, "proposal", where={FILTER: wanted}) == len(expected)
    for name, id_ in ids.items():
        assert found(unit, name) == {id_}
    assert found(province, "answered") == found(province, package)
    assert found(unit, package) == set(ids.values()) - {ids["handed_over"], ids["none"]}
    assert found(unit, "received", search="received") == {ids["received"]}
    assert found(unit, "received", search="khac") == set()


def test_the_command_lists_by_state_and_names_the_states(pair, capsys):
    unit, _, ids, _, second = pair
    (line,) = shapes.listed(unit, "proposal", handover="returned")
    assert line["id"] == ids["returned"]
    with pytest.raises(UserError, match="tình trạng bàn giao") as caught:
        shapes.listed(unit, "proposal", handover="x")
    assert caught.value.code == "unknown_standing"
    folder = unit.store.folder
    unit.close()
    assert main(["list", "proposal", "--handover", second, "--store", str(folder), "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert {line["id"] for line in listed} == {ids["changed"], ids["handed_over"]}

"""Lists narrowed to where the dossiers stand between the offices."""

import json

import pytest

from kcdesk.cli.program import main
from kcdesk.errors import UserError
from kcdesk.services.handover.packages import receiving
from kcdesk.services.handover.receipts import standing, writing
from kcdesk.services.handover.receipts.standing import FILTER
from kcdesk.services.overview import record_json
from kcdesk.services.records import changing, reading
from tests.services.exchange_support import Offices
from tests.services.samples import new


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
        changing.set_values(province, ids[name], {"province_result": name})
    receipt = offices.path()
    writing.make(province, package, receipt, returned={ids["returned"]: [("", "Thiếu")]})
    receiving.receive(unit, receipt)
    changing.set_values(unit, ids["changed"], {"goals": "Sửa sau"})
    ids["handed_over"] = new(unit, "proposal", title="handed_over")
    _, second = offices.export(unit)
    changing.set_values(unit, ids["changed"], {"goals": "Sửa nữa"})
    ids["none"] = new(unit, "proposal", title="none")
    return unit, province, ids, package, second


def found(workspace, wanted, **more):
    where = standing.narrowed(workspace, "proposal", {FILTER: wanted})
    return {row.id for row in reading.list_page(workspace, "proposal", where=where, **more)}


def test_each_state_finds_its_dossiers_and_the_filter_agrees_with_the_list(pair):
    unit, province, ids, package, _ = pair
    for workspace in (unit, province):
        every = [row.id for row in reading.list_page(workspace, "proposal")]
        standings = standing.standings(workspace, every)
        for wanted in standing.LABELS:
            expected = {id_ for id_ in every if standings[id_].standing == wanted}
            assert found(workspace, wanted) == expected
            where = standing.narrowed(workspace, "proposal", {FILTER: wanted})
            assert reading.count(workspace, "proposal", where=where) == len(expected)
    for name, id_ in ids.items():
        assert found(unit, name) == {id_}
    in_package = set(ids.values()) - {ids["handed_over"], ids["none"]}
    assert found(province, "answered") == found(province, package) == in_package
    assert found(unit, package) == in_package
    assert found(unit, "received", search="received") == {ids["received"]}
    assert found(unit, "received", search="khac") == set()


def test_the_command_lists_by_state_and_names_the_states(pair, capsys):
    unit, _, ids, _, second = pair
    (line,) = record_json.list_as_json(unit, "proposal", handover="returned")
    assert line["id"] == ids["returned"]
    with pytest.raises(UserError, match="tình trạng bàn giao") as caught:
        record_json.list_as_json(unit, "proposal", handover="x")
    assert caught.value.code == "unknown_standing"
    folder = unit.store.folder
    unit.close()
    assert main(["list", "proposal", "--handover", second, "--store", str(folder), "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert {line["id"] for line in listed} == {ids["changed"], ids["handed_over"]}

"""Each unit is sent its own dossiers, and what the province says of them; never those of the others."""

import pytest

from kcdesk.errors import UserError
from kcdesk.exchange import inspect
from kcdesk.services import partners, records, taking_in

from .exchange_support import ABOVE, Offices, contents
from .samples import new


@pytest.fixture
def offices(tmp_path, forms):
    made = Offices(tmp_path, forms)
    yield made
    for workspace in made.made:
        assert workspace.store.check() == []
    made.close()


def opened(workspace, path):
    """The manifest and the records of a package."""
    with inspect.opened(path, "", partners.known_keys(workspace)) as package:
        return package.inspection.manifest, package.entries


def test_a_unit_below_gets_its_own_business_only(offices):
    province, a, a2, b = (
        offices.make("SCT", "province"), offices.make("TT-A", officer="An"), offices.make("TT-A", officer="Ba"),
        offices.make("TT-B", officer="Bình"),
    )  # fmt: skip
    offices.acquaint(province, a, a2, b)
    shared = new(province, "beneficiary", name="Xưởng của tỉnh")
    idle = new(province, "beneficiary", name="Xưởng không ai nhắc đến")
    mine = new(a, "proposal", title="Máy của A")
    sisters = new(a2, "proposal", title="Máy của máy thứ hai")
    theirs = new(b, "proposal", title="Máy của B", beneficiaries=[new(b, "beneficiary", name="Xưởng của B")])
    for unit in (a, a2, b):
        offices.send(unit, province)
    records.set_values(province, mine, {"province_result": "approved", "beneficiaries": [shared]})
    contract = new(province, "contract", proposal=mine)
    path, _ = offices.export(province, receiver="TT-A")
    manifest, entries = opened(a, path)
    assert {entry.id for entry in entries} == {mine, sisters, shared, contract}
    assert {worker.officer for worker in manifest.devices.values()} == {"An", "Ba", "Cán bộ SCT"}
    assert manifest.vector.keys() == {office.identity.device_id for office in (province, a, a2)}
    assert (manifest.receiver.name, manifest.receiver.level) == ("Trung tâm TT-A", "lower")
    assert not {theirs, idle} & {entry.id for entry in entries}

    taking_in.take(a, path)
    assert contents(a)[mine] == contents(province)[mine]
    assert {entry.id for entry in opened(a2, offices.export(a, receiver="TT-A")[0])[1]} == {
        mine, sisters, shared, contract,
    }  # fmt: skip
    assert len(opened(province, offices.export(a, receiver=ABOVE)[0])[1]) == 4  # upwards everything goes


def test_what_was_undone_does_not_travel_on(offices):
    province, a = offices.make("SCT", "province"), offices.make("TT-A")
    offices.acquaint(province, a)
    new(a, "proposal", title="Một")
    package, _ = offices.send(a, province)

    taking_in.undo(province, package)
    new(province, "proposal", title="Của tỉnh")
    with pytest.raises(UserError, match="Không có hồ sơ nào"):
        offices.export(province, receiver="TT-A")

"""Each unit is sent its own dossiers, and what the province says of them; never those of the others."""

import pytest

from kcdesk.errors import UserError
from kcdesk.exchange import verification
from kcdesk.services.handover.packages import receiving
from kcdesk.services.handover.receipts import standing, writing
from kcdesk.services.handover.trust import partners
from kcdesk.services.records import changing, reading
from tests.services.exchange_support import ABOVE, contents
from tests.services.samples import new


def opened(workspace, path):
    """The manifest and the records of a package."""
    with verification.opened_package(path, "", partners.known_keys(workspace)) as package:
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
    changing.set_values(province, mine, {"province_result": "approved", "beneficiaries": [shared]})
    contract = new(province, "contract", proposal=mine)
    path, _ = offices.export(province, receiver="TT-A")
    manifest, entries = opened(a, path)
    assert {entry.id for entry in entries} == {mine, sisters, shared, contract}
    assert {worker.officer for worker in manifest.devices.values()} == {"An", "Ba", "Cán bộ SCT"}
    assert manifest.vector.keys() == {office.identity.device_id for office in (province, a, a2)}
    assert (manifest.receiver.name, manifest.receiver.level) == ("Trung tâm TT-A", "lower")
    assert not {theirs, idle} & {entry.id for entry in entries}

    receiving.receive(a, path)
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

    receiving.undo(province, package)
    new(province, "proposal", title="Của tỉnh")
    with pytest.raises(UserError, match="Không có hồ sơ nào"):
        offices.export(province, receiver="TT-A")


@pytest.fixture
def chain(offices):
    """A commune that hands over to a branch, which hands over to the province; the commune knows all their keys."""
    province = offices.make("SCT", "province")
    branch = offices.make("CN-1")
    commune = offices.make("XA-1", parent="Trung tâm CN-1")
    other = offices.make("XA-2", parent="Trung tâm CN-1")
    offices.acquaint(province, branch, commune, other)
    return province, branch, commune, other


def up(offices, commune, branch, province):
    """A dossier goes up two levels; the packages by which it came."""
    below, _ = offices.send(commune, branch)
    above, _ = offices.send(branch, province)
    return below, above


def answer(offices, sender, package, receiver):
    path = offices.path()
    made = writing.make(sender, package, path)
    receiving.receive(receiver, path)
    return made


def test_a_decision_comes_down_two_levels_with_the_provinces_word(offices, chain):
    province, branch, commune, other = chain
    id_ = new(commune, "proposal", title="Máy của xã")
    theirs = new(other, "proposal", title="Máy của xã khác")
    offices.send(other, branch)
    below, above = up(offices, commune, branch, province)
    changing.set_values(province, id_, {"province_result": "approved", "province_support": 200_000_000})
    assert answer(offices, province, above, branch)["results"] == {"approved": 1, "received": 1}
    assert answer(offices, branch, below, commune)["results"] == {"approved": 1}
    assert commune.store.get(id_).data["province_support"] == 200_000_000
    assert contents(commune)[id_] == contents(province)[id_]
    assert standing.handover_state(commune, id_).standing == "approved"
    assert theirs not in contents(commune)
    path, _ = offices.export(branch, receiver="XA-1")
    assert {entry.id for entry in opened(commune, path)[1]} == {id_}


def test_the_unit_between_can_neither_decide_nor_alter_a_decision(offices, chain):
    province, branch, commune, _ = chain
    id_, second = (new(commune, "proposal", title=title) for title in ("Một", "Hai"))
    below, above = up(offices, commune, branch, province)
    changing.set_values(province, id_, {"province_result": "rejected"})
    answer(offices, province, above, branch)
    for forged in (id_, second):  # past every guard of the window
        with branch.store.act("Giả mạo") as act:
            act.update(forged, {"province_result": "approved"})
    answer(offices, branch, below, commune)
    assert commune.store.get(id_).data["province_result"] == "rejected"
    assert "province_result" not in commune.store.get(second).data
    assert standing.handover_state(commune, second).standing == "received"
    assert standing.handover_state(commune, id_).standing == "received"  # the forged answer is not believed


def test_an_old_decision_played_again_does_not_replace_the_new_one(offices, chain):
    province, branch, commune, _ = chain
    id_ = new(commune, "proposal", title="Máy")
    below, above = up(offices, commune, branch, province)
    changing.set_values(province, id_, {"province_result": "approved"})
    answer(offices, province, above, branch)
    old = offices.path()
    writing.make(branch, below, old)
    changing.set_values(province, id_, {"province_result": "rejected"})
    answer(offices, province, above, branch)
    answer(offices, branch, below, commune)
    receiving.receive(commune, old)
    assert commune.store.get(id_).data["province_result"] == "rejected"


def test_a_withdrawn_key_vouches_for_nothing(offices, chain):
    province, branch, commune, _ = chain
    id_ = new(commune, "proposal", title="Máy")
    below, above = up(offices, commune, branch, province)
    changing.set_values(province, id_, {"province_result": "approved"})
    answer(offices, province, above, branch)
    key = next(key for key in partners.known_partners(commune) if key["level"] == "province")
    partners.withdraw(commune, key["fingerprint"], "Lộ khoá")
    answer(offices, branch, below, commune)
    assert "province_result" not in commune.store.get(id_).data


def test_what_a_dossier_points_to_beyond_its_unit_is_no_fault_and_is_named_so(offices):
    province, a, b = offices.make("SCT", "province"), offices.make("TT-A"), offices.make("TT-B")
    offices.acquaint(province, a, b)
    theirs = new(b, "proposal", title="Máy của B")
    plan = new(a, "plan", year=2026)
    for unit in (a, b):
        offices.send(unit, province)
    changing.set_values(province, plan, {"entries": [{"proposal": theirs}]})
    path, _ = offices.export(province, receiver="TT-A")
    receiving.receive(a, path)
    assert theirs not in contents(a)
    assert a.store.check() == []
    (row,) = a.store.record(plan).rows("entries")
    path = f"entries/{row['id']}/proposal"
    assert reading.text_of(a, a.store.record(plan), path) == "(hồ sơ của đơn vị khác)"
    own = new(a, "plan", year=2027, entries=[{"proposal": new(a, "proposal", title="Máy của A")}])
    (row,) = a.store.record(own).rows("entries")
    with a.store.act("Ghi thẳng") as act:  # what only this laptop has written must lead somewhere
        act.update(own, {f"entries/{row['id']}/proposal": "x"})
    assert [own in sentence for sentence in a.store.check()] == [True]
    changing.undo(a)

"""The sites of a group proposal take over what is known of their establishments, and their money adds up."""

from kcdesk.services.lifecycle import missing
from kcdesk.services.records import changing
from tests.services.samples import beneficiary, proposal

PLACE = {"commune": "00004"}


def group(workspace, *sites):
    return proposal(workspace, scheme="group", beneficiaries=[], place=None, sites=list(sites))


def told(workspace, id_):
    return [gap.message for gap in missing.outlook_of(workspace, workspace.store.record(id_)).differences]


def test_a_site_takes_name_address_and_commune_of_its_establishment(workspace):
    owner = beneficiary(workspace, name="Cơ sở Mẫu Một", address="Thôn Mẫu", place=PLACE)
    id_ = group(workspace, {"name": "Xưởng đã đặt tên"})
    (row,) = workspace.store.record(id_).rows("sites")
    changing.set_values(workspace, id_, {"sites": [row | {"beneficiary": owner}, {"beneficiary": owner}]})
    first, second = workspace.store.record(id_).rows("sites")
    assert (first["name"], first["address"]) == ("Xưởng đã đặt tên", "Thôn Mẫu")
    assert first["place"]["commune"] == PLACE["commune"]
    assert second["name"] == "Cơ sở Mẫu Một"


def test_sites_that_do_not_add_up_are_told(workspace):
    # the sample asks for 200 million of support
    id_ = group(workspace, {"name": "Một", "support": 120_000_000}, {"name": "Hai", "support": 50_000_000})
    (sentence,) = told(workspace, id_)
    assert "170.000.000" in sentence
    assert "200.000.000" in sentence
    assert "lệch 30.000.000" in sentence


def test_sites_without_their_amounts_are_still_being_written(workspace):
    id_ = group(workspace, {"name": "Một", "support": 120_000_000}, {"name": "Hai"})
    assert told(workspace, id_) == []
    id_ = group(workspace, {"name": "Một", "support": 120_000_000}, {"name": "Hai", "support": 80_000_000})
    assert told(workspace, id_) == []

"""The sites of a group proposal take over what is known of their establishments, and their money adds up."""

from dataclasses import replace

from kcdesk.services.lifecycle import missing
from kcdesk.services.proposals import site_rows
from kcdesk.services.records import changing
from kcdesk.services.workspace import Preparer
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


def test_a_copied_cell_that_is_cleared_stays_empty_until_an_establishment_is_chosen(workspace):
    one, two = (beneficiary(workspace, name=f"Cơ sở Mẫu {n}", address=f"Thôn {n}", place=PLACE) for n in ("Một", "Hai"))
    id_ = group(workspace, {"beneficiary": one})
    (row,) = workspace.store.record(id_).rows("sites")
    assert (row["name"], row["address"]) == ("Cơ sở Mẫu Một", "Thôn Một")
    site = f"sites/{row['id']}"

    changing.save(workspace, id_, {f"{site}/address": None})
    changing.save(workspace, id_, {f"{site}/support": 120_000_000})
    (row,) = workspace.store.record(id_).rows("sites")
    assert "address" not in row
    assert row["name"] == "Cơ sở Mẫu Một"

    changing.save(workspace, id_, {f"{site}/beneficiary": two})
    (row,) = workspace.store.record(id_).rows("sites")
    assert (row["name"], row["address"]) == ("Cơ sở Mẫu Một", "Thôn Hai")
    changing.save(workspace, id_, {"sites/second": {"beneficiary": two, "position": 2.0}})
    assert workspace.store.record(id_).rows("sites")[1]["address"] == "Thôn Hai"
    added = changing.save(workspace, id_, {"sites/third": {"support": 1_000_000, "position": 3.0}}).record
    assert "name" not in added.rows("sites")[2]


def test_a_cell_of_a_site_that_ties_it_to_nothing_fills_nothing_in(workspace):
    filled = []

    def counting(office, record):
        filled.append(record.id)
        site_rows.prepare_sites(office, record)

    workspace.extensions = replace(workspace.extensions, preparers={"proposal": (Preparer(counting, site_rows.TIES),)})
    owner = beneficiary(workspace)
    id_ = group(workspace, {"name": "Một"})
    site = f"sites/{workspace.store.record(id_).rows('sites')[0]['id']}"
    filled.clear()
    changing.save(workspace, id_, {f"{site}/support": 120_000_000, f"{site}/name": "Xưởng"})
    assert filled == []
    changing.save(workspace, id_, {f"{site}/beneficiary": owner})
    assert set(filled) >= {id_}


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

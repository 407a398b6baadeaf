"""A merge between offices: what another office owns is not rewritten, and what it still sends leads to the survivor."""

import pytest

from kcdesk.services.beneficiaries import merging
from kcdesk.services.handover.packages import conflicts, foreign_records, receiving
from kcdesk.services.handover.receipts import writing
from kcdesk.services.records import changing
from kcdesk.services.rules import earlier_support
from tests.services.samples import approved, beneficiary, proposal

A, B = "Gốm sứ Minh Phát", "Xưởng Gốm Minh Phát (B)"


@pytest.fixture
def offices_three(offices):
    """Two units that each registered the same establishment, and the province that took both in and merged them."""
    one, two, province = offices.make("DVA"), offices.make("DVB"), offices.make("SCT", "province")
    offices.acquaint(one, two, province)
    kept, lost = beneficiary(one, name=A, phone="0901234567"), beneficiary(two, name=B, phone="0977777777")
    dossiers = approved(one, beneficiaries=[kept]), approved(two, beneficiaries=[lost])
    offices.send(one, province)
    sent, _ = offices.send(two, province)
    merging.merge(province, kept, lost)
    return one, two, province, kept, lost, dossiers, sent


def test_what_the_other_office_still_sends_leads_to_the_survivor(offices, offices_three):
    _, two, province, kept, lost, (_, of_two), _ = offices_three
    assert province.store.get(kept).data["name"] == A
    changing.set_values(two, lost, {"phone": "0966666666", "name": "Xưởng Gốm Minh Phát mới"})
    later = proposal(two, beneficiaries=[lost], year=2026)
    offices.send(two, province)
    for dossier in (of_two, later):
        assert province.store.record(dossier).value("beneficiaries") == [kept]
    assert lost not in {stored.id for stored in province.store.page("beneficiary")}
    assert conflicts.count(province) == 0
    helped = {entry.proposal for entry in earlier_support.of_beneficiary(province, kept)}
    assert {of_two, later} <= helped


def test_the_owner_of_the_duplicate_is_asked(offices_three, tmp_path):
    _, two, province, _, lost, (_, of_two), sent = offices_three
    receipt = tmp_path / "receipt.xlsx"
    writing.make(province, sent, receipt)
    receiving.receive(two, receipt)
    assert two.store.get(lost).deleted is None
    assert two.store.record(of_two).value("beneficiaries") == [lost]
    (waiting,) = foreign_records.waiting(two)
    assert waiting.record == lost
    foreign_records.accept(two, waiting.key)
    assert two.store.get(lost).deleted
    assert two.store.record(of_two).value("beneficiaries") == [lost]  # the survivor is not in this store


def test_a_merge_of_the_own_office_travels_up_and_back_by_undo(offices, pair):
    unit, province = pair
    kept, lost = beneficiary(unit, name=A, phone="0901234567"), beneficiary(unit, name=B, phone="0977777777")
    dossier = approved(unit, beneficiaries=[lost])
    offices.send(unit, province)
    merging.merge(unit, kept, lost)
    offices.send(unit, province)
    assert province.store.record(dossier).value("beneficiaries") == [kept]
    assert [entry.beneficiary for entry in earlier_support.search(province, "0977777777")] == [kept]
    changing.undo(unit)
    offices.send(unit, province)
    assert province.store.record(dossier).value("beneficiaries") == [lost]

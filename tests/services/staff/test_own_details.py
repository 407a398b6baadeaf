"""Own names and addresses: from now on in papers, packages and history; keys, locked papers and old packages stay."""

from __future__ import annotations

import pytest

from kcdesk.errors import KcdeskError
from kcdesk.runtime.frozen import replace
from kcdesk.services.handover.packages import recipients
from kcdesk.services.handover.trust import partners
from kcdesk.services.maintenance import opening
from kcdesk.services.records import changing, reading
from kcdesk.services.staff import own_details


def test_names_title_telephone_and_address_are_changed_and_kept(workspace):
    before = own_details.details_of(workspace)
    fingerprint = partners.own_identity(workspace)["fingerprint"]
    wanted = replace(
        before,
        officer="Trần Thị Mẫu",
        title="Phó Giám đốc",
        phone="0912 345 678",
        unit="Trung tâm Mẫu mới",
        address="Số 1 đường Mẫu",
        above="Sở Công Thương tỉnh Mẫu",
    )
    assert own_details.change(workspace, wanted) == []
    now = own_details.details_of(workspace)
    assert replace(now, phone="") == replace(wanted, phone="")
    assert "912" in now.phone
    assert workspace.identity.officer.title == "Phó Giám đốc"
    assert partners.own_identity(workspace)["fingerprint"] == fingerprint
    id_ = changing.add(workspace, "beneficiary", {"name": "Cơ sở"}).items[0].id
    assert reading.history(workspace, id_)[0]["officer"] == "Trần Thị Mẫu"


def test_the_change_survives_the_end_of_the_program(workspace):
    folder = workspace.store.folder
    wanted = replace(own_details.details_of(workspace), unit="Trung tâm Mẫu mới", above="Sở Mẫu")
    own_details.change(workspace, wanted)
    workspace.close()
    again = opening.open_workspace(folder)
    assert (again.identity.unit.name, again.identity.unit.parent) == ("Trung tâm Mẫu mới", "Sở Mẫu")
    again.close()


def test_a_package_to_the_former_name_is_still_for_this_unit(workspace):
    former, code = workspace.identity.unit.name, workspace.identity.unit.code
    own_details.change(workspace, replace(own_details.details_of(workspace), unit="Trung tâm Mẫu mới"))
    assert set(recipients.own_names(workspace)) == {code, former, "Trung tâm Mẫu mới"}
    assert recipients.unit_below(workspace, former) is None


@pytest.mark.parametrize("wrong", [{"officer": " "}, {"unit": ""}, {"phone": "không có"}])
def test_a_wrong_detail_changes_nothing(workspace, wrong):
    before = own_details.details_of(workspace)
    with pytest.raises(KcdeskError):
        own_details.change(workspace, replace(before, title="Trưởng phòng", **wrong))
    assert own_details.details_of(workspace) == before


def test_the_record_of_the_officer_follows_and_a_locked_one_is_named(workspace):
    own_details.change(workspace, replace(own_details.details_of(workspace), phone="0912 345 678"))
    assert own_details.change(workspace, replace(own_details.details_of(workspace), title="Trưởng phòng")) == []
    (person,) = reading.list_page(workspace, "staff")
    record = workspace.store.record(person.id)
    assert (record.value("title"), record.value("phone")) == ("Trưởng phòng", "0912345678")
    with workspace.store.act("Khoá") as act:
        act.update(person.id, {"state": "final"})
    (sentence,) = own_details.change(workspace, replace(own_details.details_of(workspace), title="Giám đốc"))
    assert "đã chốt" in sentence
    assert workspace.store.record(person.id).value("title") == "Trưởng phòng"
    assert workspace.identity.officer.title == "Giám đốc"

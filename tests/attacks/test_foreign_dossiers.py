"""A unit that writes into another unit's dossiers, or in its name: nothing of it is in force before somebody agrees."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kcdesk.errors import UserError
from kcdesk.services.handover.packages import foreign_records, preview, receiving, recipients, waiting_records
from kcdesk.services.handover.receipts import writing
from kcdesk.services.records import changing
from kcdesk.services.workspace import Workspace
from kcdesk.store.identity import FORMER_NAMES
from tests.attacks.forged_packages import forged
from tests.services.exchange_support import Offices, contents
from tests.services.samples import new
from tests.store_files import change

Trio = tuple[Workspace, Workspace, Workspace]


@pytest.fixture
def borrowed(offices: Offices, trio: Trio) -> str:
    """A dossier of TT-B that the province has, and TT-A too, because TT-B gave it a package."""
    one, other, province = trio
    id_ = new(other, "proposal", title="Của B", goals="Một máy")
    offices.send(other, province)
    one.store.set_setting(FORMER_NAMES, ["Phòng cũ"])
    receiving.receive(one, offices.export(other, receiver="Phòng cũ", full=True)[0])
    new(one, "proposal", title="Của A")
    return id_


def test_another_units_dossier_stays_as_it_is_until_somebody_agrees(
    offices: Offices, trio: Trio, borrowed: str
) -> None:
    one, _, province = trio
    before = contents(province)[borrowed]
    changing.save(one, borrowed, {"goals": "Chiếm"})
    bad, _ = offices.export(one)
    shown = {line.id: line for line in preview.preview_package(province, bad).lines}
    assert (shown[borrowed].status, "Trung tâm TT-B" in shown[borrowed].reason) == ("refused", True)
    assert [(change.ours, change.theirs) for change in shown[borrowed].fields] == [("Một máy", "Chiếm")]
    receiving.receive(province, bad)
    assert contents(province)[borrowed] == before
    assert "Chiếm" not in str(contents(province))

    [waiting] = foreign_records.waiting(province)
    assert (waiting.record, waiting.sender_name, waiting.owner_name) == (borrowed, "Trung tâm TT-A", "Trung tâm TT-B")
    assert [(change.ours, change.theirs) for change in waiting.changes] == [("Một máy", "Chiếm")]
    foreign_records.refuse(province, waiting.key)
    assert waiting_records.number_waiting(province) == 0
    assert contents(province)[borrowed] == before
    assert province.store.acts(1)[0].action.startswith("Không nhận «Của B»")
    with pytest.raises(UserError) as gone:
        foreign_records.accept(province, waiting.key)
    assert gone.value.code == "not_found"


def test_consent_takes_exactly_one_record_and_can_be_undone(offices: Offices, trio: Trio, borrowed: str) -> None:
    one, _, province = trio
    changing.save(one, borrowed, {"goals": "Sửa giúp"})
    added = new(one, "proposal", title="Thêm trong tên B")
    change(one.store.folder, f"UPDATE record SET unit = 'TT-B' WHERE id = '{added}'")
    offices.send(one, province)
    waiting = {record.record: record for record in foreign_records.waiting(province)}
    assert set(waiting) == {borrowed, added}
    assert waiting[added].is_new
    assert any(field.theirs == "Thêm trong tên B" for field in waiting[added].changes)
    assert added not in contents(province)
    foreign_records.accept(province, waiting[borrowed].key)
    assert province.store.get(borrowed).data["goals"] == "Sửa giúp"
    assert [record.record for record in foreign_records.waiting(province)] == [added]
    changing.undo(province)
    assert province.store.get(borrowed).data["goals"] == "Một máy"


def test_undoing_the_package_takes_what_waits_away(offices: Offices, trio: Trio, borrowed: str) -> None:
    one, _, province = trio
    changing.save(one, borrowed, {"goals": "Chiếm"})
    package, _ = offices.send(one, province)
    assert waiting_records.number_waiting(province) == 1
    receiving.undo(province, package)
    assert waiting_records.number_waiting(province) == 0
    assert province.store.get(borrowed).data["goals"] == "Một máy"


def test_deletions_and_children_wait_too(offices: Offices, trio: Trio, borrowed: str) -> None:
    one, _, province = trio
    child = new(one, "acceptance", proposal=borrowed)
    with one.store.act("Xoá") as act:
        act.delete(borrowed)
    offices.send(one, province)
    assert province.store.get(borrowed).deleted is None
    assert child not in contents(province)
    assert {record.record for record in foreign_records.waiting(province)} == {borrowed, child}


def test_a_mention_without_news_gives_nobody_the_dossiers_of_others(
    offices: Offices, trio: Trio, borrowed: str
) -> None:
    """A record that is named without news once counted as handed over by whoever named it, and was sent to it."""
    one, _, province = trio
    _, taken = offices.send(one, province, full=True)
    assert borrowed in {line.id for line in taken.preview.lines}
    assert borrowed not in {record.id for record in recipients.business(province.store, "TT-A")}
    assert waiting_records.number_waiting(province) == 0


def test_nobody_has_seen_what_this_store_has_not_written_yet(offices: Offices, trio: Trio, tmp_path: Path) -> None:
    """A claim to know the province's coming writes would make them count as overwritten."""
    one, _, province = trio
    id_ = new(one, "proposal", title="Của A", goals="Một máy")
    genuine, _ = offices.export(one)
    device = province.identity.device_id
    far = str(int(one.store.vector()[one.identity.device_id].split("-")[0]) + 3_600_000).rjust(14, "0")

    def claim(lines: list[dict[str, Any]]) -> None:
        lines[0]["seen"][device] = f"{far}-0000-{device}"

    receiving.receive(province, forged(genuine, tmp_path / "a.xlsx", one, records=claim))
    changing.save(province, id_, {"goals": "Tỉnh sửa"})
    again = forged(genuine, tmp_path / "b.xlsx", one, records=claim, package="0" * 36)
    receiving.receive(province, again)
    assert province.store.get(id_).data["goals"] == "Tỉnh sửa"


def test_a_unit_above_still_speaks_for_the_units_below_it(offices: Offices) -> None:
    commune, district = offices.make("XA", parent="Trung tâm HUYEN"), offices.make("HUYEN")
    stranger, province = offices.make("TT-B"), offices.make("SCT", "province")
    offices.acquaint(commune, district, stranger, province)
    id_ = new(commune, "proposal", title="Của xã")
    offices.send(commune, district)
    changing.save(district, id_, {"goals": "Huyện sửa"})
    _, taken = offices.send(district, province)
    assert taken.preview.rows["refused"] == 0
    assert province.store.get(id_).data["goals"] == "Huyện sửa"
    assert waiting_records.number_waiting(province) == 0


def test_nobody_answers_a_package_that_was_sent_to_another(offices: Offices, trio: Trio) -> None:
    one, other, province = trio
    other.store.set_setting(FORMER_NAMES, ["Phòng cũ"])
    id_ = new(one, "proposal", title="Của A")
    to_province, package = offices.export(one)
    receiving.receive(province, to_province)
    theirs, _ = offices.export(one, receiver="Phòng cũ", full=True)
    taken = receiving.receive(other, theirs)
    receipt = offices.path()
    writing.make(other, taken.preview.package, receipt, returned={id_: [("title", "Sai")]})
    false = forged(receipt, offices.path(), other, manifest=lambda said: said.update(answers=package))
    with pytest.raises(UserError) as refused:
        receiving.receive(one, false)
    assert refused.value.code == "foreign_receipt"
    assert one.store.packages.last_answer(id_) is None

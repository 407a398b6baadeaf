"""A stamp of the far future would win against every later write, in every store that takes it in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kcdesk.errors import KnownError, UserError
from kcdesk.services.handover.packages import conflicts, preview, receiving
from kcdesk.services.handover.trust import stamps_ahead
from kcdesk.services.records import changing, reading
from kcdesk.services.workspace import Workspace
from kcdesk.store.clock import AHEAD, now_ms
from kcdesk.store.store import Store
from tests.attacks.forged_packages import forged
from tests.services.exchange_support import Offices, contents, whole
from tests.services.samples import new
from tests.store_files import change

DAY = 24 * 3600 * 1000
FAR = 4_080_000_000_000  # in April of 2099


class Laptop:
    """A laptop whose clock the test sets."""

    def __init__(self) -> None:
        self.ahead = 0

    def __call__(self) -> int:
        return now_ms() + self.ahead


def title_of(workspace: Workspace, id_: str) -> str:
    return str(workspace.store.get(id_).data.get("title"))


def moved(line: dict[str, Any], milliseconds: int) -> None:
    """Give the title of a record a stamp of this time."""
    device = next(iter(line["seen"]))
    stamp = f"{milliseconds:014d}-0000-{device}"
    line["stamps"]["title"] = line["seen"][device] = stamp


@pytest.mark.parametrize("place", ["seen", "private", "vector", "acknowledged", "base"])
def test_a_stamp_of_the_future_is_refused_wherever_it_stands(
    offices: Offices, pair: tuple[Workspace, Workspace], tmp_path: Path, place: str
) -> None:
    unit, province = pair
    new(unit, "proposal", title="Máy cưa")
    genuine, _ = offices.export(unit)
    device = unit.identity.device_id
    stamp = f"{FAR:014d}-0000-{device}"

    def into_records(lines: list[dict[str, Any]]) -> None:
        for line in lines:
            if place == "seen":
                moved(line, FAR)
            elif place == "private":
                line["private"] = line["private"] | {device: stamp}
                line["seen"][device] = stamp

    def into_manifest(said: dict[str, Any]) -> None:
        if place in said:
            said[place] = said[place] | {device: stamp}

    bad = forged(genuine, tmp_path / "bad.xlsx", unit, records=into_records, manifest=into_manifest)
    before = whole(province)
    with pytest.raises(UserError) as refused:
        receiving.receive(province, bad)
    assert refused.value.code == "future_stamps"
    assert "Trung tâm TT-A" in refused.value.message
    assert "2099" in refused.value.message
    assert "«Sửa dấu thời gian…»" in refused.value.hint
    assert preview.preview_package(province, bad).code == "future_stamps"
    assert whole(province) == before
    assert receiving.receive(province, genuine).applied  # the clock was not moved


@pytest.mark.parametrize(("ahead", "is_taken"), [(-400 * DAY, True), (AHEAD - 60_000, True), (AHEAD + 60_000, False)])
def test_a_clock_that_is_merely_wrong_is_no_hindrance(offices: Offices, ahead: int, is_taken: bool) -> None:
    laptop = Laptop()
    laptop.ahead = ahead
    unit, province = offices.make("TT-A", now=laptop), offices.make("SCT", "province")
    offices.acquaint(unit, province)
    id_ = new(unit, "proposal", title="Máy cưa")
    path, _ = offices.export(unit)
    if is_taken:
        assert receiving.receive(province, path).applied
        changing.save(province, id_, {"title": "Máy cưa đĩa"})
        assert title_of(province, id_) == "Máy cưa đĩa"
    else:
        with pytest.raises(UserError, match="quá một ngày"):
            receiving.receive(province, path)


def test_a_laptop_that_stood_in_2099_is_put_right_and_hands_over_again(offices: Offices) -> None:
    laptop = Laptop()
    unit, province = offices.make("TT-A", now=laptop), offices.make("SCT", "province")
    offices.acquaint(unit, province)
    first = new(unit, "proposal", title="Trước")
    offices.send(unit, province)
    laptop.ahead = FAR - now_ms()
    changing.save(unit, first, {"title": "Ở năm 2099"})
    second = new(unit, "proposal", title="Cũng ở 2099")
    changing.save(unit, second, {"title": "Cũng ở 2099, sửa"})
    laptop.ahead = 0

    with pytest.raises(UserError) as refused:
        offices.export(unit)
    assert refused.value.code == "stamps_ahead"
    assert "2099" in stamps_ahead.trouble(unit).message  # type: ignore[union-attr]
    old_device, values = unit.identity.device_id, {id_: line[0] for id_, line in contents(unit).items()}
    repaired = stamps_ahead.repair(unit)

    assert repaired.records == 2
    assert unit.identity.device_id != old_device
    assert {id_: line[0] for id_, line in contents(unit).items()} == values
    assert stamps_ahead.trouble(unit) is None
    assert unit.store.stamp_ahead(0) == ""
    assert any(act.action.startswith("Sửa dấu thời gian") for act in unit.store.acts(1))
    assert any("Sửa dấu thời gian" in line.action for line in unit.store.history(first))
    assert unit.store.get(second).created[:4] < "2099" > unit.store.get(second).updated[:4]
    changing.save(unit, first, {"title": "Sau khi sửa giờ"})
    _, taken = offices.send(unit, province)
    assert taken.applied
    assert title_of(province, first) == "Sau khi sửa giờ"
    assert title_of(province, second) == "Cũng ở 2099, sửa"
    assert conflicts.count(province) == 0
    with pytest.raises(UserError, match="Không có dấu thời gian nào"):
        stamps_ahead.repair(unit)


def test_stamps_of_another_unit_that_came_before_are_brought_back_in_their_order(
    offices: Offices, pair: tuple[Workspace, Workspace]
) -> None:
    """A store that took in such stamps with an earlier version of the program."""
    unit, province = pair
    id_ = new(unit, "proposal", title="Máy cưa")
    offices.send(unit, province)
    device = unit.identity.device_id
    late = {"title": f"{FAR:014d}-0001-{device}", "state": f"{FAR:014d}-0000-{device}"}
    stamps = json.dumps(province.store.get(id_).stamps | late)
    change(
        province.store.folder,
        f"UPDATE record SET stamps = '{stamps}', updated = '2099-04-16T00:00:00.000Z'",
        f"UPDATE touched SET stamp = '{late['title']}'",
    )
    province.store.set_setting("clock", f"{FAR:014d}-0002-{province.identity.device_id}")
    changing.save(province, id_, {"title": "Tỉnh sửa sau"})

    stamps_ahead.repair(province)

    brought = province.store.get(id_).stamps
    assert brought["state"] < brought["title"] < f"{now_ms():014d}-g"
    assert brought["title"].endswith(province.identity.device_id)
    assert title_of(province, id_) == "Tỉnh sửa sau"
    changing.save(unit, id_, {"address": "Thôn 1"})
    assert offices.send(unit, province)[1].applied
    assert title_of(province, id_) == "Tỉnh sửa sau"


@pytest.mark.parametrize("year", [1970, 12_000])
def test_a_clock_of_no_real_year_ends_in_a_sentence(offices: Offices, year: int) -> None:
    laptop = Laptop()
    unit = offices.make("TT-A", now=laptop)
    id_ = new(unit, "proposal", title="Máy cưa")
    laptop.ahead = (year - 2026) * 365 * DAY
    before, stamp = contents(unit), unit.store.get(id_).stamps["title"]
    if year == 1970:
        changing.save(unit, id_, {"title": "Vẫn ghi được"})
        assert unit.store.get(id_).stamps["title"] > stamp
        return
    with pytest.raises(KnownError) as refused:
        changing.save(unit, id_, {"title": "Năm 12000"})
    assert refused.value.code == "wrong_clock"
    assert contents(unit) == before


MALFORMED = (
    *("x", "", "1-2", "99999999999999999999-0000-a", "00000000000001-0000-", "00000000000001-00000-a"),
    *(
        "-0000000000001-0000-a",
        "00000000000001-ffff-A",
        "0000000000000１-0000-a",
        "00000000000001-0000-a-b",
        None,
        5,
        [],
    ),
)


def test_a_malformed_stamp_is_a_sentence(offices: Offices, pair: tuple[Workspace, Workspace], tmp_path: Path) -> None:
    unit, province = pair
    id_ = new(unit, "proposal", title="Máy cưa")
    genuine, _ = offices.export(unit)
    device = unit.identity.device_id
    for stamp in MALFORMED:
        for place in ("stamps", "seen", "private", "others"):

            def spoil(lines: list[dict[str, Any]], place: str = place, stamp: object = stamp) -> None:
                for line in lines:
                    key = device if place in ("seen", "private") else "title"
                    line[place] = line[place] | {key: {str(stamp): "x"} if place == "others" else stamp}

            shown = preview.preview_package(province, forged(genuine, tmp_path / "bad.xlsx", unit, records=spoil))
            assert shown.code in ("", "damaged"), (stamp, place)
            assert all(line.status == "refused" and line.reason for line in shown.lines), (stamp, place)
    assert not reading.list_page(province, "proposal")
    assert id_ not in contents(province)


def test_a_full_counter_carries_on(offices: Offices, pair: tuple[Workspace, Workspace], tmp_path: Path) -> None:
    unit, province = pair
    id_ = new(unit, "proposal", title="Máy cưa")
    genuine, _ = offices.export(unit)
    newest = now_ms() + AHEAD - 1000

    def full(lines: list[dict[str, Any]]) -> None:
        device = unit.identity.device_id
        lines[0]["stamps"]["title"] = lines[0]["seen"][device] = f"{newest:014d}-ffff-{device}"

    assert receiving.receive(province, forged(genuine, tmp_path / "full.xlsx", unit, records=full)).applied
    changing.save(province, id_, {"title": "Sau"})
    assert province.store.get(id_).stamps["title"] == f"{newest + 1:014d}-0000-{province.identity.device_id}"


def test_two_units_with_one_device_id_are_told_apart(
    offices: Offices, trio: tuple[Workspace, Workspace, Workspace], tmp_path: Path
) -> None:
    one, other, province = trio
    new(one, "proposal", title="Của A")
    new(other, "proposal", title="Của B")
    offices.send(one, province)
    genuine, _ = offices.export(other)
    device, stolen = other.identity.device_id, one.identity.device_id

    def as_the_other(lines: list[dict[str, Any]]) -> None:
        lines[:] = json.loads(json.dumps(lines).replace(device, stolen))

    def manifest(said: dict[str, Any]) -> None:
        said["sender"]["device"] = stolen
        said["devices"][stolen] = said["devices"].pop(device)
        said["vector"] = {stolen: said["vector"][device].replace(device, stolen)}
        said["lineages"][stolen] = said["lineages"].pop(device) | {"base": stolen}

    bad = forged(genuine, tmp_path / "bad.xlsx", other, records=as_the_other, manifest=manifest)
    before = whole(province)
    with pytest.raises(UserError) as refused:
        receiving.receive(province, bad)
    assert refused.value.code == "device_of_another"
    assert "Trung tâm TT-A" in refused.value.message
    assert whole(province) == before


def test_the_store_opens_after_any_clock(offices: Offices) -> None:
    laptop = Laptop()
    unit = offices.make("TT-A", now=laptop)
    new(unit, "proposal", title="Máy cưa")
    folder = unit.store.folder
    unit.close()
    for year in (1970, 2099, 12_000):
        laptop.ahead = (year - 2026) * 365 * DAY
        with Store.open(folder, unit.forms, now=laptop) as again:
            assert again.check() == []
    offices.made.clear()

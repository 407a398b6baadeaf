"""Names, codes and places written with look-alike letters and unseen marks are read, found and compared as meant."""

from __future__ import annotations

import pytest

from kcdesk.services.proposals import duplicate_beneficiaries
from kcdesk.services.records import changing
from kcdesk.services.workspace import Workspace
from tests.services.samples import new


def names(workspace: Workspace, search: str) -> list[str]:
    return [stored.data["name"] for stored in workspace.store.page("beneficiary", search)]


def hints(workspace: Workspace, name: str) -> list[str]:
    entries = duplicate_beneficiaries.possible_duplicates(workspace, "x", "name", name)
    return [workspace.store.get(entry.id).data["name"] for entry in entries]


def test_look_alikes_of_d(workspace: Workspace) -> None:
    new(workspace, "beneficiary", name="Cơ sở \u00d0ồng Tâm")
    new(workspace, "beneficiary", name="Hợp tác xã Đồng Tiến")
    assert names(workspace, "Đồng Tâm") == names(workspace, "dong tam") == ["Cơ sở Đồng Tâm"]
    assert hints(workspace, "Hợp tác xã \u0189ồng Tiến") == ["Hợp tác xã Đồng Tiến"]


def test_names_that_were_stored_with_look_alikes_before(workspace: Workspace) -> None:
    with workspace.store.act("Nạp") as act:
        form = workspace.forms.current("beneficiary").reference
        act.insert("beneficiary", form, {"name": "Cơ sở \u00d0ồng Tâm", "state": "draft", "revision": 1})
    assert names(workspace, "đồng tâm") == hints(workspace, "CS Đồng Tâm") == ["Cơ sở \u00d0ồng Tâm"]


def test_a_name_with_a_break_inside(workspace: Workspace) -> None:
    name = "Lò rèn Bình Minh Hưng\u00adThịnh"
    new(workspace, "beneficiary", name=name)
    assert names(workspace, "hungthinh") == names(workspace, "hung thinh") == [name]
    assert hints(workspace, "Lò rèn Bình Minh HưngThịnh") == hints(workspace, "Lò rèn Bình Minh Hưng Thịnh") == [name]


@pytest.mark.parametrize("mark", ["\u200b", "\u00ad", "\u200e", "\u200f", "\u2060", "\ufeff", "\u200d", "\u202c"])
def test_codes_amounts_and_days_with_an_unseen_mark(workspace: Workspace, mark: str) -> None:
    id_ = new(workspace, "beneficiary", name="A")
    plain = {
        "tax_code": "0100109106",
        "phone": "0912345678",
        "capital": "300.000.000",
        "registration_date": "05/3/2020",
        "email": "co.so@vidu.vn",
        "owner_id": "001085012345",
        "employees": "12",
    }
    known = {path: raw for path, raw in plain.items() if path in workspace.forms.current("beneficiary").by_name}
    assert len(known) >= 4
    changing.set_values(workspace, id_, known)
    expected = workspace.store.record(id_).data
    changing.set_values(workspace, id_, {path: f"{mark}{raw[:4]}{mark}{raw[4:]}{mark}" for path, raw in known.items()})
    assert workspace.store.record(id_).data == expected


def test_full_width_digits_of_a_code(workspace: Workspace) -> None:
    id_ = new(workspace, "beneficiary", name="A", tax_code="０１００１０９１０６", phone="０９１２　３４５　６７８")
    record = workspace.store.record(id_)
    assert (record.value("tax_code"), record.value("phone")) == ("0100109106", "0912345678")


def test_a_place_with_look_alikes(workspace: Workspace) -> None:
    new(workspace, "beneficiary", name="A", place="xã \u00d0ông Hiệp, huyện Cờ Đỏ,\u200b thành phố Cần Thơ")
    new(workspace, "beneficiary", name="B", place="xã Đông Hiệp, huyện Cờ Đỏ, thành phố Cần Thơ")
    first, second = (stored.data["place"] for stored in workspace.store.page("beneficiary", order="name"))
    assert first == second

"""What a receipt brings: results, reasons by field, amounts, what can be done now, and files that came along.

And what by default does not travel at all.
"""

import pytest

from kcdesk import __version__
from kcdesk.errors import UserError
from kcdesk.exchange import package_file, verification
from kcdesk.services.handover.packages import receiving
from kcdesk.services.handover.receipts import received, standing, writing
from kcdesk.services.handover.trust import partners
from kcdesk.services.records import changing
from tests.services.samples import new


def test_a_receipt_told_record_by_record(offices, pair, tmp_path):
    unit, province = pair
    granted, refused, back, plain = (new(unit, "proposal", title=f"Máy {n}", programme="national") for n in range(4))
    package, _ = offices.send(unit, province)
    changing.set_values(province, granted, {"province_result": "approved", "province_support": 150_000_000})
    changing.set_values(province, refused, {"province_result": "rejected", "province_note": "Không thuộc đối tượng"})
    rules = tmp_path / "quy-dinh.xlsx"
    rules.write_bytes(b"rules")
    path = offices.path()
    made = writing.make(
        province, package, path, returned={back: [("budget", "Thiếu báo giá"), ("", "Xem lại")]}, enclosed=[rules]
    )
    shown = receiving.receive(unit, path).preview
    assert [shown.replies[line.id].result for line in shown.lines].index("received") == 3  # decisions come first
    found = received.read_receipt(unit, made["package"])
    lines = {line.record: line for line in found.lines}
    assert (found.answers, found.sender) == (package, province.identity.unit.name)
    assert {id_: line.result for id_, line in lines.items()} == {
        granted: "approved", refused: "rejected", back: "returned", plain: "received",
    }  # fmt: skip
    assert lines[granted].support == 150_000_000
    assert [said.text for said in lines[refused].reasons] == ["Không thuộc đối tượng"]
    assert [(said.path, said.text) for said in lines[back].reasons] == [("budget", "Thiếu báo giá"), ("", "Xem lại")]
    assert lines[back].reasons[0].label
    assert lines[plain].steps == ()
    assert found.to_json()["newer_program"] == ""
    with unit.store.act("Bị bác") as act:
        act.update(refused, {"state": "rejected"})
    again = {line.record: line for line in received.read_receipt(unit, made["package"]).lines}
    assert again[refused].steps == (("move_to_local", "Chuyển sang kế hoạch địa phương"),)
    assert [file["name"] for file in found.enclosed] == ["quy-dinh.xlsx"]
    received.save_enclosed(unit, made["package"], "quy-dinh.xlsx", tmp_path / "out.xlsx")
    assert (tmp_path / "out.xlsx").read_bytes() == b"rules"
    assert found.to_json()["lines"][0]["label"] == "Được phê duyệt"
    for wrong in (
        lambda: received.read_receipt(unit, package),
        lambda: received.save_enclosed(unit, made["package"], "x", path),
    ):
        with pytest.raises(UserError):
            wrong()


def test_by_default_no_sensitive_value_and_no_image_of_a_card_travels(offices, pair, tmp_path):
    unit, province = pair
    card = tmp_path / "cccd.jpg"
    card.write_bytes(b"\xff\xd8 card")
    id_ = new(unit, "beneficiary", name="Cơ sở Mẫu", minority_owned=True)
    changing.attach(unit, id_, "citizen_id_files", [card])
    path, package = offices.export(unit)
    content = path.read_bytes()
    with verification.opened_package(path, "", partners.known_keys(province)) as opened:
        (entry,) = opened.entries
        assert not {"minority_owned", "citizen_id_files"} & (entry.data.keys() | entry.stamps.keys())
        assert (entry.private, opened.inspection.manifest.attachments) == ({}, ())
        assert set(opened.inspection.manifest.left_out["beneficiary"]) == {"minority_owned", "citizen_id_files"}
    assert b"\xff\xd8 card" not in content
    receiving.receive(province, path)
    changing.set_values(province, id_, {"note": "Đã xem"})
    answer = offices.path()
    writing.make(province, package, answer)
    receiving.receive(unit, answer)
    data = unit.store.get(id_).data
    assert data["minority_owned"] is True  # what the province was never shown is not wiped
    assert data["citizen_id_files"]
    offices.send(unit, province, include_sensitive=True, purpose="Thẩm định tư cách")
    assert province.store.get(id_).data["minority_owned"] is True
    ledger = standing.packages(unit)
    assert [line["direction"] for line in ledger] == ["out", "in", "out"]
    assert all(line["sha256"] and line["at"] and line["partner"] for line in ledger)


@pytest.mark.parametrize(
    ("program", "newer"),
    [
        ("kcdesk 999.0", "999.0"),
        (f"kcdesk {__version__}", ""),
        ("kcdesk 0.0.1", ""),
        ("", ""),
        ("other 999.0", ""),
        ("kcdesk 999; rm", ""),
    ],
)
def test_a_newer_program_above_is_named(program, newer):
    assert received.newer_version(program) == newer


def test_a_receipt_of_a_newer_program_says_so(offices, pair, monkeypatch):
    unit, province = pair
    new(unit, "proposal", title="Máy", programme="national")
    package, _ = offices.send(unit, province)
    monkeypatch.setattr(package_file, "__version__", "7.1")  # of the program at the province
    path = offices.path()
    made = writing.make(province, package, path)
    monkeypatch.undo()
    receiving.receive(unit, path)
    assert received.read_receipt(unit, made["package"]).newer_program == "7.1"
    assert "bản 7.1, mới hơn bản ở máy này" in received.newer_notice(unit, made["package"])
    assert received.newer_notice(province, package) == received.newer_notice(unit, "") == ""

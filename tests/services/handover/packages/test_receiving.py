"""Taking packages in: every gate, row by row, undo, and nothing changed by whatever fails."""

import shutil
from contextlib import suppress

import pytest
from openpyxl import load_workbook

from kcdesk.errors import KcdeskError, UserError
from kcdesk.exchange import package_file
from kcdesk.exchange.container import signing
from kcdesk.exchange.container.manifest import Receiver
from kcdesk.services.handover.packages import preview as package_preview
from kcdesk.services.handover.packages import receiving, sending
from kcdesk.services.handover.receipts import standing, writing
from kcdesk.services.handover.trust import partners
from kcdesk.services.records import changing, reading
from tests.services.exchange_support import ABOVE, contents, whole
from tests.services.samples import new


def dossier(workspace, title="Máy cưa"):
    return new(workspace, "proposal", title=title, budget=[{"item": "Máy", "cost": 5}])


def refused(act):
    with pytest.raises(UserError) as caught:
        act()
    return caught.value.code


def test_a_first_package_brings_everything_with_a_backup_before(offices, pair):
    unit, province = pair
    beneficiary = new(unit, "beneficiary", name="Cơ sở Mẫu")
    id_ = new(unit, "proposal", title="Máy cưa", beneficiaries=[beneficiary])
    path, id_package = offices.export(unit)
    preview = package_preview.preview_package(province, path)
    assert preview.to_json() | {"lines": 0} == {
        "status": "authentic",
        "package": id_package,
        "type": "C",
        "period": "2026-Q1",
        "sender": "TT-A",
        "counts": {"beneficiary": 1, "proposal": 1},
        "rows": {"new": 2, "changed": 0, "same": 0, "conflict": 0, "refused": 0},
        "applied": False,
        "sentence": "Gói nguyên vẹn, do đúng đơn vị đã biết lập.",
        "fingerprint": preview.fingerprint,
        "already": "",
        "missing": [],
        "answers": "",
        "problems": [],
        "lines": 0,
    }
    assert contents(province) == {}
    taken = receiving.receive(province, path)
    assert taken.applied
    assert taken.backup.is_dir()
    assert contents(province) == contents(unit)
    assert province.store.history(id_)[0].action == "Nhập gói chính thức quý I/2026 của Trung tâm TT-A"
    assert reading.list_page(province, "proposal", search="co so mau")[0].id == id_


def test_the_same_file_twice_is_harmless_and_says_so(offices, pair):
    unit, province = pair
    dossier(unit)
    path, _ = offices.export(unit)
    receiving.receive(province, path)
    before = whole(province)
    again = receiving.receive(province, path)
    assert not again.applied
    assert again.preview.rows["same"] == 1
    assert "không có gì thay đổi" in again.preview.notes[0]
    assert whole(province) == before


def test_another_content_under_the_same_id_is_refused(offices, pair, monkeypatch):
    unit, province = pair
    dossier(unit)
    path, id_ = offices.export(unit)
    receiving.receive(province, path)
    dossier(unit, "Khác")
    monkeypatch.setattr(package_file, "new_id", lambda: id_)
    forged = offices.path()
    order = package_file.PackageOrder(
        path=forged,
        records=list(unit.store.changed_since({})),
        receiver=Receiver(unit=ABOVE, name=ABOVE),
        period="2026-Q1",
        package_type="C",
    )
    package_file.make_package(order, unit.store, signing.signing_key(unit.store))
    before = whole(province)
    assert refused(lambda: receiving.receive(province, forged)) == "package_replaced"
    assert whole(province) == before


def test_an_unknown_sender_is_shown_and_taken_in_only_after_trust(offices):
    unit, province = offices.make("TT-A"), offices.make("SCT", "province")
    dossier(unit)
    path, _ = offices.export(unit)
    preview = package_preview.preview_package(province, path)
    assert (preview.status, preview.code, preview.rows["new"]) == ("unknown_sender", "unknown_sender", 1)
    assert refused(lambda: receiving.receive(province, path)) == "unknown_sender"
    assert contents(province) == {}
    assert receiving.receive(province, path, trust=True).applied
    assert [partner["unit"] for partner in partners.known_partners(province)] == ["TT-A"]
    dossier(unit, "Sau")
    assert offices.send(unit, province)[1].applied


def test_packages_for_others_of_ourselves_and_of_the_other_sort_are_refused(offices, pair):
    unit = pair[0]
    other = offices.make("TT-B")
    real = offices.make("SCT2", "lower", practice=False, passphrase="mật khẩu dài", parent=ABOVE)
    dossier(unit)
    path, _ = offices.export(unit)
    assert refused(lambda: receiving.receive(other, path, trust=True)) == "not_for_us"
    assert refused(lambda: receiving.receive(unit, path)) == "own_package"
    assert refused(lambda: receiving.receive(real, path, trust=True)) == "practice"
    assert contents(other) == contents(real) == {}


def test_a_damaged_a_foreign_and_a_locked_file_change_nothing(offices, pair):
    unit, province = pair
    dossier(unit)
    path, _ = offices.export(unit, password="khoá gói")
    before = whole(province)
    assert refused(lambda: receiving.receive(province, path)) == "locked"
    assert refused(lambda: receiving.receive(province, path, "sai")) == "locked"
    damaged = offices.path()
    damaged.write_bytes(path.read_bytes()[:-100])
    assert refused(lambda: receiving.receive(province, damaged, "khoá gói")) == "damaged"
    foreign = offices.path()
    foreign.write_text("không phải bảng tính", encoding="utf-8")
    assert refused(lambda: receiving.receive(province, foreign)) == "foreign"
    assert whole(province) == before
    assert receiving.receive(province, path, "khoá gói").applied


def test_whatever_fails_half_way_leaves_the_store_as_it_was(offices, pair, tmp_path):
    unit, province = pair
    for number in range(3):
        id_ = dossier(unit, f"Số {number}")
    (tmp_path / "anh.txt").write_text("ảnh", encoding="utf-8")
    kept = unit.store.files.add(tmp_path / "anh.txt", "anh.txt")
    with unit.store.act("Đính kèm") as act:
        act.update(id_, {"decision_files": [kept]})
    path, _ = offices.export(unit)
    before = whole(province)

    def stop(_done, _total):
        raise KeyboardInterrupt

    with suppress(KeyboardInterrupt):
        receiving.receive(province, path, progress=stop)
    assert whole(province) == before
    assert receiving.receive(province, path).applied
    assert province.store.files.read(kept["sha256"]) == "ảnh".encode()


def test_a_conflict_names_both_sides_and_stays_until_decided(offices, pair):
    unit, province = pair
    id_ = dossier(unit)
    offices.send(unit, province)
    changing.set_values(province, id_, {"title": "Của tỉnh"})
    changing.set_values(unit, id_, {"title": "Của trung tâm"})
    path, _ = offices.export(unit)
    preview = package_preview.preview_package(province, path)
    assert preview.rows["conflict"] == 1
    (change,) = [field for field in preview.lines[0].fields if field.status == "conflict"]
    assert (change.label, change.ours, change.theirs) == ("Tên đề án", "Của tỉnh", "Của trung tâm")
    receiving.receive(province, path)
    (conflict,) = province.store.merging.conflicts()
    assert {conflict.shown.value, conflict.waiting[0].value} == {"Của tỉnh", "Của trung tâm"}


def test_undo_brings_back_the_state_before_and_the_package_can_come_again(offices, pair):
    unit, province = pair
    id_ = dossier(unit)
    offices.send(unit, province)
    before = contents(province)
    changing.set_values(unit, id_, {"title": "Sửa"})
    late = dossier(unit, "Mới")
    path, package_id = offices.export(unit)
    receiving.receive(province, path)
    changes, kept = receiving.undo(province, package_id)
    assert kept == []
    assert changes.action == "Hoàn tác nhập gói bổ sung lần 1 quý I/2026"
    assert {key: value for key, value in contents(province).items() if key != late} == before
    assert province.store.get(late).deleted
    assert refused(lambda: receiving.undo(province, package_id)) == "undone"
    receiving.receive(province, path)
    assert contents(province) == contents(unit)
    assert changing.undo_label(province) == ""


def test_undo_keeps_what_was_edited_since_and_piles_up_what_collides(offices, pair):
    unit, province = pair
    id_ = dossier(unit)
    offices.send(unit, province)
    changing.set_values(unit, id_, {"title": "Từ gói", "goals": "Từ gói"})
    late = dossier(unit, "Mới")
    package_id, _ = offices.send(unit, province)
    changing.set_values(province, id_, {"title": "Sửa sau"})
    changing.set_values(province, late, {"goals": "Sửa sau"})
    _, kept = receiving.undo(province, package_id)
    assert kept == ["Mới"]
    data = province.store.get(id_).data
    assert data["title"] == "Sửa sau"
    assert "goals" not in data
    (conflict,) = province.store.merging.conflicts(id_)
    assert [write.value for write in conflict.waiting] == ["Máy cưa"]


def test_a_lost_package_is_noticed_and_healed_by_a_full_one(offices, pair):
    unit, province = pair
    first, second = dossier(unit), dossier(unit, "Hai")
    package_id, _ = offices.send(unit, province)
    receipt = offices.path()
    writing.make(province, package_id, receipt)
    receiving.receive(unit, receipt)
    backup = province.store.backup(offices.folder / "backup")
    changing.set_values(unit, second, {"title": "Hai, sửa"})
    package_id, _ = offices.send(unit, province)
    receipt = offices.path()
    writing.make(province, package_id, receipt)
    receiving.receive(unit, receipt)
    province.close()
    shutil.copyfile(backup / "kcdesk.db", province.store.folder / "kcdesk.db")
    for name in ("kcdesk.db-wal", "kcdesk.db-shm"):
        (province.store.folder / name).unlink(missing_ok=True)
    province.store = province.store.open(province.store.folder, offices.forms)
    changing.set_values(unit, first, {"title": "Một, sửa"})
    _, taken = offices.send(unit, province)
    assert taken.preview.missing == (2,)
    assert "hiếu gói số 2" in taken.preview.notes[0]
    assert standing.packages(province)[0]["notes"] == ["Thiếu gói số 2"]
    assert province.store.get(second).data["title"] == "Hai"
    offices.send(unit, province, full=True)
    assert all(line["notes"] == [] for line in standing.packages(province))
    assert contents(province) == contents(unit)


def test_receipts_mark_every_dossier_and_thin_out_the_next_package(offices, pair):
    unit, province = pair
    one, two, three = (dossier(unit, name) for name in ("Một", "Hai", "Ba"))
    assert standing.handover_state(unit, one).standing == "none"
    package_id, _ = offices.send(unit, province)
    assert standing.handover_state(unit, one).standing == "handed_over"
    assert standing.handover_state(unit, one).package == package_id
    changing.set_values(province, three, {"province_result": "approved", "province_support": "200 triệu"})
    receipt = offices.path()
    made = writing.make(province, package_id, receipt, returned={two: [("budget", "Thiếu báo giá")]})
    assert made["results"] == {"received": 1, "returned": 1, "approved": 1}
    receiving.receive(unit, receipt)
    assert [standing.handover_state(unit, id_).standing for id_ in (one, two, three)] == [
        "received",
        "returned",
        "approved",
    ]
    assert standing.handover_state(unit, two).reasons == (("budget", "Thiếu báo giá"),)
    assert unit.store.get(three).data["province_support"] == 200_000_000
    assert sending.plan(unit).records == 0
    assert refused(lambda: offices.export(unit)) == "nothing_to_export"
    changing.set_values(unit, two, {"goals": "Bổ sung"})
    assert standing.handover_state(unit, two).standing == "changed"
    _, taken = offices.send(unit, province)
    assert taken.preview.counts == {"proposal": 1}
    assert standing.handover_state(unit, two).standing == "handed_over"


def test_a_receipt_that_is_undone_says_nothing_any_more(offices, pair):
    unit, province = pair
    id_ = dossier(unit)
    package_id, _ = offices.send(unit, province)
    receipt = offices.path()
    made = writing.make(province, package_id, receipt)
    receiving.receive(unit, receipt)
    receiving.undo(unit, made["package"])
    assert standing.handover_state(unit, id_).standing == "handed_over"
    assert offices.send(unit, province)[1].preview.counts == {"proposal": 1}


def test_a_receipt_needs_a_package_and_reasons(offices, pair):
    unit, province = pair
    id_ = dossier(unit)
    package_id, _ = offices.send(unit, province)
    path = offices.path()
    assert refused(lambda: writing.make(province, "x", path)) == "not_found"
    assert refused(lambda: writing.make(province, package_id, path, returned={"x": [("", "vì")]})) == "not_in_package"
    assert refused(lambda: writing.make(province, package_id, path, returned={id_: [("", " ")]})) == "reason_missing"
    assert refused(lambda: writing.make(province, package_id, path, returned={id_: [("x", "y")]})) == "unknown_field"
    assert not path.exists()


def test_only_the_province_s_signature_approves(offices, pair):
    unit, province = pair
    id_ = dossier(unit)
    with unit.store.act("Giả mạo") as act:
        act.update(id_, {"province_result": "approved"})
    _, taken = offices.send(unit, province)
    assert "province_result" not in province.store.get(id_).data
    assert [field.status for field in taken.preview.lines[0].fields] == ["refused"]
    with unit.store.act("Giả mạo") as act:
        act.update(id_, {"province_result": "approved", "province_support": 9})
    _, taken = offices.send(unit, province)
    assert taken.preview.rows["refused"] == 1
    assert "province_result" not in province.store.get(id_).data


def test_an_old_receipt_cannot_bring_back_an_old_decision(offices, pair):
    unit, province = pair
    id_ = dossier(unit)
    package_id, _ = offices.send(unit, province)
    changing.set_values(province, id_, {"province_result": "approved"})
    old, new_ = offices.path(), offices.path()
    writing.make(province, package_id, old)
    changing.set_values(province, id_, {"province_result": "rejected"})
    writing.make(province, package_id, new_)
    receiving.receive(unit, new_)
    receiving.receive(unit, old)
    assert unit.store.get(id_).data["province_result"] == "rejected"


def test_a_second_laptop_of_the_unit_and_a_replaced_one(offices, pair):
    unit, province = pair
    second = offices.make("TT-A", officer="Người thứ hai")
    offices.acquaint(unit, second)
    partners_card, vouched_card = offices.path(), offices.path()
    partners.write_identity(second, partners_card)
    assert refused(lambda: partners.trust(province, partners_card)) == "known_unit"
    partners.write_identity(unit, vouched_card, beside=partners_card)
    partners.trust(province, vouched_card)
    id_ = dossier(unit)
    path, _ = offices.export(unit)
    receiving.receive(second, path)
    receiving.receive(province, path)
    assert contents(second) == contents(unit)
    changing.set_values(second, id_, {"goals": "Trên máy mới"})
    offices.send(second, province)
    assert province.store.get(id_).data["goals"] == "Trên máy mới"
    assert province.store.partners.devices()[0].unit == "TT-A"


def test_two_levels_below_the_province(offices):
    commune, district = offices.make("XA", parent="Trung tâm HUYEN"), offices.make("HUYEN")
    province = offices.make("SCT", "province")
    offices.acquaint(commune, district, province)
    id_ = dossier(commune)
    offices.send(commune, district)
    package_id, _ = offices.send(district, province)
    assert contents(province) == contents(commune)
    changing.set_values(province, id_, {"province_result": "approved"})
    receipt = offices.path()
    writing.make(province, package_id, receipt)
    receiving.receive(district, receipt)
    receiving.receive(commune, receipt)  # the very file, passed on
    assert commune.store.get(id_).data["province_result"] == "approved"


def test_keys_are_renewed_and_withdrawn(offices, pair):
    unit, province = pair
    dossier(unit)
    card = offices.path()
    old = partners.known_partners(province)[0]["fingerprint"]
    new_card = partners.write_identity(unit, card, renew=True)
    assert new_card["fingerprint"] != old
    assert partners.trust(province, card)["renewed"]
    assert [(key["fingerprint"] == old, bool(key["ended"])) for key in partners.known_partners(province)].count(
        (True, True)
    ) == 1
    path, _ = offices.export(unit)
    assert receiving.receive(province, path).applied
    partners.withdraw(province, new_card["fingerprint"], "Mất máy")
    dossier(unit, "Sau khi huỷ")
    path, _ = offices.export(unit)
    assert refused(lambda: receiving.receive(province, path)) == "unknown_sender"
    assert refused(lambda: receiving.receive(province, path, trust=True)) == "withdrawn"
    assert refused(lambda: partners.trust(province, card)) == "withdrawn"
    assert refused(lambda: partners.withdraw(province, "1", "Nhầm")) == "not_found"


def test_nobody_else_becomes_the_province(offices, pair):
    unit, _ = pair
    impostor = offices.make("GIA", "province")
    card = offices.path()
    partners.write_identity(impostor, card)
    assert refused(lambda: partners.trust(unit, card)) == "second_province"
    other = offices.path()
    other.write_bytes(card.read_bytes()[:-30])
    assert refused(lambda: partners.trust(unit, other)) == "not_identity"
    own = offices.path()
    partners.write_identity(unit, own)
    assert refused(lambda: partners.trust(unit, own)) == "own_identity"
    assert partners.read_identity(card)["unit"] == "GIA"


def edited(path, sheet, changes):
    """The package saved by another program, with cells of a row changed by machine name."""
    book = load_workbook(path)
    page = book[sheet]
    names = {cell.value: cell.column for cell in page[2]}
    for (row, name), value in changes.items():
        page.cell(row, names[name]).value = value
    book.save(path)


def test_cells_filled_in_excel_are_proposals_taken_in_with_consent(offices, pair):
    from kcdesk.services.handover.packages import edited_workbooks

    unit, _ = pair
    id_ = dossier(unit)
    path, _ = offices.export(unit)
    edited(
        path,
        "Đề án",
        {
            (3, "province_result"): "Phê duyệt",
            (3, "province_support"): "200.000.000",
            (3, "province_decision_date"): "hôm qua",
            (3, "state"): "Đã chốt",
            (3, "title"): "Máy cưa, tên sửa",
        },
    )
    assert edited_workbooks.is_edited(unit, path)
    before = contents(unit)
    looked = edited_workbooks.read_edits(unit, path)
    assert (looked["applied"], looked["rows"]["changed"]) == (False, 1)
    assert contents(unit) == before
    refused_paths = {edit["path"] for edit in looked["edits"] if not edit["accepted"]}
    assert refused_paths == {"province_decision_date", "state"}
    page = load_workbook(looked["checked"])["Đề án"]
    column = next(cell.column for cell in page[2] if cell.value == "province_decision_date")
    assert page.cell(3, column).comment.text
    assert edited_workbooks.read_edits(unit, path, accept=True)["applied"]
    data = unit.store.get(id_).data
    assert (data["province_result"], data["province_support"]) == ("approved", 200_000_000)
    assert data["title"] == "Máy cưa, tên sửa"
    assert "nguồn không ký" in unit.store.history(id_)[0].action
    again = edited_workbooks.read_edits(unit, path, accept=True)
    assert not again["applied"]


def test_what_was_edited_in_excel_approves_nothing_at_the_province(offices, pair):
    from kcdesk.services.handover.packages import edited_workbooks

    unit, province = pair
    id_ = dossier(unit)
    path, _ = offices.export(unit)
    edited(path, "Đề án", {(3, "province_result"): "Phê duyệt"})
    assert refused(lambda: receiving.receive(province, path)) == "edited"
    edited_workbooks.read_edits(unit, path, accept=True)
    offices.send(unit, province)
    assert "province_result" not in province.store.get(id_).data
    changing.set_values(province, id_, {"province_result": "rejected", "province_note": "Không"})
    package_id = standing.packages(province)[0]["package"]
    receipt = offices.path()
    writing.make(province, package_id, receipt)
    receiving.receive(unit, receipt)
    assert unit.store.get(id_).data["province_result"] == "rejected"


def test_the_ledger_tells_both_ways(offices, pair):
    unit, province = pair
    dossier(unit)
    package_id, _ = offices.send(unit, province)
    (out,) = standing.packages(unit)
    (came,) = standing.packages(province)
    assert (out["direction"], out["partner"], out["records"]) == ("out", ABOVE, 1)
    assert (came["direction"], came["partner"], came["package"]) == ("in", "TT-A", package_id)
    with pytest.raises(KcdeskError):
        receiving.undo(province, "x")

"""Who may say what: states that only the province gives, its word passed on, old words, withdrawn keys."""

import pytest

from kcdesk.errors import UserError
from kcdesk.services.handover.packages import preview, receiving
from kcdesk.services.handover.receipts import standing, writing
from kcdesk.services.handover.trust import partners
from kcdesk.services.lifecycle import steps
from kcdesk.services.records import changing
from tests import store_files
from tests.services.exchange_support import contents
from tests.services.samples import new


@pytest.fixture
def pair(offices):
    """A unit and its province, with one dossier that was sent to be appraised."""
    unit, province = offices.make("TT-A"), offices.make("SCT", "province")
    offices.acquaint(unit, province)
    id_ = new(unit, "proposal", title="Máy cưa", programme="local")
    write(unit, id_, state="sent")
    offices.send(unit, province)
    return unit, province, id_


@pytest.fixture
def chain(offices):
    """A commune, its branch and the province, with one dossier of the commune that all have."""
    commune, branch = offices.make("XA", parent="Trung tâm CN"), offices.make("CN")
    province = offices.make("SCT", "province")
    offices.acquaint(commune, branch, province)
    id_ = new(commune, "proposal", title="Máy của xã", programme="local")
    write(commune, id_, state="sent")
    below, _ = offices.send(commune, branch)
    above, _ = offices.send(branch, province)
    return commune, branch, province, id_, below, above


def write(workspace, id_, **values):
    """A write past every guard of the window, as somebody who edits the file of his own store does it."""
    with workspace.store.act("Ghi thẳng") as act:
        act.update(id_, values)


def answer(offices, sender, package, receiver):
    path = offices.path()
    writing.make(sender, package, path)
    return receiving.receive(receiver, path)


def last_received(workspace):
    return next(line["package"] for line in standing.packages(workspace) if line["direction"] == "in")


def the_row(taken, id_):
    return next(row for row in taken.preview.lines if row.id == id_)


@pytest.mark.parametrize("state", ["grassroots_appraisal", "ministry_appraisal", "supplement", "approved", "archived"])
def test_a_state_that_no_step_of_the_unit_leads_to_is_put_aside(offices, pair, state):
    unit, province, id_ = pair
    before = contents(province)
    write(unit, id_, state=state, title="Đổi luôn tên")
    _, taken = offices.send(unit, province)
    row = the_row(taken, id_)
    assert (row.status, taken.preview.rows["refused"]) == ("refused", 1)
    assert ("cần xác nhận của cấp tỉnh" in row.reason, row.title) == (True, "Máy cưa")
    assert contents(province) == before


def test_what_the_province_has_taken_up_no_unit_below_can_approve(offices, pair):
    unit, province, id_ = pair
    steps.take_step(province, id_, "appraise")
    answer(offices, province, last_received(province), unit)
    assert unit.store.get(id_).data["state"] == "grassroots_appraisal"
    decision = {"decision_number": "1/QĐ", "decision_date": "2026-03-01", "decision_authority": "UBND tỉnh"}
    write(unit, id_, state="approved", approved_total=9, approved_support=9, **decision)
    _, taken = offices.send(unit, province)
    assert the_row(taken, id_).status == "refused"
    assert province.store.get(id_).data["state"] == "grassroots_appraisal"


def test_a_decision_that_a_unit_holds_on_paper_is_its_own_claim(offices, pair):
    unit, province, _ = pair
    id_ = new(unit, "proposal", title="Đề án năm trước")
    decision = {"decision_number": "1/QĐ", "decision_date": "2025-03-01", "decision_authority": "UBND tỉnh"}
    write(unit, id_, state="approved", approved_total=9, approved_support=9, **decision)
    offices.send(unit, province)
    data = province.store.get(id_).data
    assert (data["state"], data["decision_number"]) == ("approved", "1/QĐ")
    assert "province_result" not in data


def test_a_stamp_in_the_provinces_name_is_no_word_of_the_province(offices, pair):
    unit, province, id_ = pair
    answer(offices, province, last_received(province), unit)
    before = contents(province)
    write(unit, id_, state="ministry_appraisal")
    device = province.identity.device_id
    stamps = f"json_set(stamps, '$.state', '9999999999999-0-{device}')"
    store_files.change(unit.store.folder, f"UPDATE record SET stamps = {stamps} WHERE id = '{id_}'")
    path, _ = offices.export(unit)
    assert preview.preview_package(province, path).rows["refused"] == 1
    receiving.receive(province, path)
    assert contents(province) == before
    offices.made.remove(unit)  # its own store is not what it was
    unit.close()


def test_a_unit_goes_on_by_its_own_steps_from_where_the_province_left_it(offices, pair):
    unit, province, id_ = pair
    steps.take_step(province, id_, "appraise")
    steps.take_step(province, id_, "return", "Thiếu báo giá")
    answer(offices, province, last_received(province), unit)
    assert unit.store.get(id_).data["state"] == "supplement"
    write(unit, id_, state="sent", goals="Đã bổ sung")
    offices.send(unit, province)
    assert (province.store.get(id_).data["state"], province.store.get(id_).data["goals"]) == ("sent", "Đã bổ sung")
    changing.undo(unit)  # back to where the province left it
    offices.send(unit, province)
    assert province.store.get(id_).data["state"] == "supplement"


def test_a_step_that_did_not_know_of_the_provinces_is_a_conflict_and_no_refusal(offices, pair):
    unit, province, id_ = pair
    steps.take_step(province, id_, "appraise")
    steps.take_step(unit, id_, "withdraw", "Chủ cơ sở đổi ý")
    _, taken = offices.send(unit, province)
    assert the_row(taken, id_).status == "conflict"


def test_only_the_unit_that_sent_a_dossier_withdraws_it(pair):
    _unit, province, id_ = pair
    assert "withdraw" not in {step.name for step in steps.possible(province, province.store.record(id_))}
    with pytest.raises(UserError, match="do đơn vị lập hồ sơ làm"):
        steps.take_step(province, id_, "withdraw", "Nhầm")


def test_the_provinces_state_is_passed_on_with_its_word(offices, chain):
    commune, branch, province, id_, below, above = chain
    steps.take_step(province, id_, "appraise")
    receipt = offices.path()
    writing.make(province, above, receipt)
    receiving.receive(commune, receipt)  # straight to the commune; the branch learns it from there
    _, taken = offices.send(commune, branch)
    assert the_row(taken, id_).status == "changed"
    assert branch.store.get(id_).data["state"] == "grassroots_appraisal"
    answer(offices, branch, below, commune)
    assert contents(commune) == contents(branch)


def test_the_unit_between_leads_no_dossier_where_only_the_province_leads_it(offices, chain):
    commune, branch, _, id_, below, _ = chain
    write(branch, id_, state="ministry_appraisal")
    taken = answer(offices, branch, below, commune)
    assert the_row(taken, id_).status == "refused"
    assert commune.store.get(id_).data["state"] == "sent"


def test_an_old_receipt_brings_back_no_old_state(offices, chain):
    commune, branch, province, id_, _, above = chain
    steps.take_step(province, id_, "appraise")
    old = offices.path()
    writing.make(province, above, old)
    steps.take_step(province, id_, "return", "Thiếu báo giá")
    new_ = offices.path()
    writing.make(province, above, new_)
    receiving.receive(commune, new_)
    receiving.receive(commune, old)
    assert commune.store.get(id_).data["state"] == "supplement"
    receiving.receive(branch, old)
    offices.send(commune, branch)
    offices.send(branch, province)
    assert branch.store.get(id_).data["state"] == province.store.get(id_).data["state"] == "supplement"


def test_an_old_word_of_the_province_takes_no_newer_ones_place(offices, chain):
    commune, branch, province, id_, below, above = chain
    old, latest = offices.path(), offices.path()
    changing.set_values(province, id_, {"province_result": "received"})
    writing.make(province, above, old)
    changing.set_values(province, id_, {"province_result": "rejected"})
    writing.make(province, above, latest)
    receiving.receive(branch, latest)
    receiving.receive(branch, old)
    answer(offices, branch, below, commune)
    assert commune.store.get(id_).data["province_result"] == "rejected"


def test_what_was_vouched_with_a_key_stays_when_it_is_withdrawn_and_what_is_relayed_later_asks_for_more(offices, chain):
    commune, branch, province, first, below, above = chain
    second = new(commune, "proposal", title="Hai")
    below, _ = offices.send(commune, branch)
    above, _ = offices.send(branch, province)
    changing.set_values(province, first, {"province_result": "received"})
    answer(offices, province, above, branch)
    answer(offices, branch, below, commune)
    changing.set_values(province, second, {"province_result": "received"})
    steps.take_step(province, first, "appraise")
    full, _ = offices.export(province, receiver="CN", full=True)
    receiving.receive(branch, full)
    key = next(key for key in partners.known_partners(commune) if key["level"] == "province")
    partners.withdraw(commune, key["fingerprint"], "Lộ khoá")
    path, _ = offices.export(branch, receiver="XA", full=True)
    taken = receiving.receive(commune, path)
    assert commune.store.get(first).data["province_result"] == "received"
    assert "province_result" not in commune.store.get(second).data
    reasons = {row.id: row.reason for row in taken.preview.lines if row.status == "refused"}
    assert set(reasons) == {first, second}
    assert all("đề nghị tỉnh gửi lại" in reason for reason in reasons.values())

    card = offices.path()
    partners.write_identity(province, card, renew=True)
    partners.trust(commune, card)
    partners.trust(branch, card)
    again, _ = offices.export(province, receiver="CN", full=True)
    receiving.receive(branch, again)
    path, _ = offices.export(branch, receiver="XA", full=True)
    taken = receiving.receive(commune, path)
    assert taken.preview.rows["refused"] == 0
    assert commune.store.get(second).data["province_result"] == "received"
    assert commune.store.get(first).data["state"] == "grassroots_appraisal"


def test_a_province_that_lost_its_laptop_gets_its_own_words_back_from_below(offices, pair, tmp_path):
    unit, province, id_ = pair
    backup = province.store.backup(tmp_path / "ban-sao")
    package = last_received(province)
    changing.set_values(province, id_, {"province_result": "received", "province_support": "90 triệu"})
    steps.take_step(province, id_, "appraise")
    answer(offices, province, package, unit)
    province.close()
    province.store = type(province.store).open(backup, offices.forms)
    partners.renew_device(province)
    assert "province_result" not in province.store.get(id_).data
    offices.send(unit, province, full=True)
    data = province.store.get(id_).data
    assert (data["province_support"], data["state"]) == (90_000_000, "grassroots_appraisal")

"""«Đã đối chiếu» by two people: what counts, what is refused, how it is taken back, and how it travels."""

from datetime import date
from decimal import Decimal

import pytest

from kcdesk.errors import IncompleteError, UserError
from kcdesk.formdef.loading.loader import load
from kcdesk.runtime.frozen import replace
from kcdesk.services.law import checking, own_file, store_register
from kcdesk.services.lifecycle import steps
from kcdesk.services.records import changing, reading
from kcdesk.services.rulebook import installed, norm_drafts, updates
from kcdesk.services.rules import norm_lookup
from tests.services import samples

NEW, OLD = "TT 139/2026/TT-BTC", "TT 28/2018/TT-BTC"
ENTRY = {
    "number": "Thông tư số 139/2026/TT-BTC",
    "title": "Thông tư hướng dẫn lập, quản lý, sử dụng và quyết toán kinh phí khuyến công",
    "issuer": "Bộ Tài chính",
    "issued_on": "2026-01-25",
    "effective_from": "2026-02-15",
    "replaces": OLD,
    "reading": "whole",
    "read_by": "Nguyễn Thị Lan",
    "read_on": "2026-03-05",
}
ON = date(2026, 3, 5)
SOURCE = f"Khoản 4 Điều 8 {OLD}"


def _reopened(workspace):
    """The store with the rules that are in force now, as at the next opening."""
    workspace.forms = workspace.store.forms = load(installed.folder_in_force(workspace.store.folder))
    store_register.refresh(workspace)


def _officer(workspace, name):
    changing.add(workspace, "staff", {"name": name})


def _enlisted(workspace, **values):
    id_ = samples.new(workspace, "instrument", **(ENTRY | values))
    steps.take_step(workspace, id_, "enlist")
    store_register.refresh(workspace)
    return id_


def _ticked(workspace, number=NEW, articles="", second="Trần Văn Bình"):
    checking.tick(workspace, number, "Đọc bản Công báo, đúng.", articles)
    checking.confirm(workspace, checking.waiting_check(workspace, number), "Đọc lại, đúng.", officer=second)


def _named(workspace, source=SOURCE, on=ON):
    return {caution.instrument: caution.words for caution in workspace.forms.law.cautions(source, on)}


def test_one_person_is_not_enough_and_two_make_the_register_treat_a_text_as_read(workspace):
    _officer(workspace, "Trần Văn Bình")
    _enlisted(workspace)
    assert _named(workspace)[NEW] == "đã ban hành, chưa đối chiếu", "what one officer entered as read is not yet"
    checking.tick(workspace, NEW, "Đọc bản Công báo, đúng.")
    law = workspace.forms.law
    assert law.is_waiting(NEW)
    assert (law.proof(f"Điều 8 {NEW}"), _named(workspace)[NEW]) == ("second_hand", "đã ban hành, chưa đối chiếu")

    checking.confirm(workspace, checking.waiting_check(workspace, NEW), "Đọc lại, đúng.", officer="Trần Văn Bình")

    law = workspace.forms.law
    entry = law.get(NEW)
    assert (entry.reading, entry.checked_until) == ("whole", date(2026, 12, 31))
    assert "Trần Văn Bình" in entry.read_by
    assert workspace.identity.officer.name in entry.read_by
    assert law.proof(f"Điều 8 {NEW}") == "read"
    assert law.cautions(f"Điều 8 {NEW}", ON) == ()
    assert _named(workspace)[NEW].startswith("thay thế từ ngày 15/02/2026"), "a rule that was not entered anew says so"
    assert NEW not in _named(workspace, on=date(2026, 2, 14))


def test_the_same_person_is_not_two_also_under_a_new_name_and_at_the_dossier(workspace):
    own = workspace.identity.officer.name
    checking.tick(workspace, OLD, "Đúng.")
    check = checking.waiting_check(workspace, OLD)
    for name in ("", own):
        with pytest.raises(UserError) as refusal:
            checking.confirm(workspace, check, "Đúng.", officer=name)
        assert refusal.value.code == "same_person"
    [staff] = workspace.store.find("staff", "name", own)
    changing.set_values(workspace, staff.id, {"name": "Tên Mới"})
    with pytest.raises(UserError, match="thứ nhất"):
        checking.confirm(workspace, check, "Đúng.", officer="Tên Mới")
    with pytest.raises(UserError) as refusal:
        checking.confirm(workspace, check, "Đúng.", officer="Người Lạ")
    assert refusal.value.code == "unknown_officer"
    changing.set_values(workspace, check.id, {"confirmer": staff.id, "confirmed_words": "Đúng."})
    with pytest.raises(IncompleteError, match="thứ nhất"):
        steps.take_step(workspace, check.id, "confirm")


def test_a_comparison_of_an_article_proves_that_article_only(workspace):
    _officer(workspace, "Trần Văn Bình")
    _ticked(workspace, OLD, "Khoản 4, 5 Điều 8")
    law = workspace.forms.law
    proofs = {source: law.proof(f"{source} {OLD}", unverified=True) for source in ("Khoản 4 Điều 8", "Khoản 6 Điều 8")}
    assert proofs == {"Khoản 4 Điều 8": "read", "Khoản 6 Điều 8": "second_hand"}
    assert law.proof(f"Điều 8 {OLD}") == "second_hand", "the whole article was not compared"
    assert "Mẫu 1" not in law.statement(f"Khoản 4 Điều 8 {OLD}", ON)


def test_it_is_taken_back_with_a_reason_and_undo_brings_it_back(workspace):
    _officer(workspace, "Trần Văn Bình")
    _ticked(workspace, OLD)
    check = checking.present_check(workspace, OLD)
    with pytest.raises(UserError) as refusal:
        checking.take_back(workspace, check, " ")
    assert refusal.value.code == "reason_missing"
    checking.take_back(workspace, check, "Bản đã đọc không phải bản chính")
    assert workspace.forms.law.get(OLD).reading == "second_hand"
    assert any("bản chính" in str(line) for line in reading.history(workspace, check.id))
    changing.undo(workspace)
    store_register.refresh(workspace)
    assert workspace.forms.law.get(OLD).reading == "whole"


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ({"number": "TT 1/1999/TT-X"}, "không có văn bản"),
        ({"number": NEW}, "ngày có hiệu lực"),
        ({"number": OLD, "articles": "phần đầu"}, "không phải điều, khoản"),
        ({"number": OLD, "words": " "}, "một câu"),
        ({"number": OLD, "until": date(2025, 12, 31)}, "từ hôm nay"),
    ],
)
def test_what_a_comparison_lacks_is_said(workspace, call, words):
    with pytest.raises(UserError, match=words):
        checking.tick(workspace, **({"words": "Đúng."} | call))
    assert workspace.store.count("instrument_check") == 0


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"number": "139/2026"}, "number", "viết tắt"),
        ({"replaces": "Nghị định cũ"}, "replaces", "không có số hiệu"),
        ({"amends": "TT 29/2018/TT-BTC"}, "amends", "có phải ý là “TT 28/2018/TT-BTC”"),
        ({"issued_on": "2018-03-01"}, "replaces", "trước khi văn bản ấy được ban hành"),
        ({"effective_from": ""}, "effective_from", "ngày có hiệu lực"),
        ({"number": OLD, "issued_on": "2018-03-28", "replaces": NEW}, "replaces", "thành vòng"),
    ],
)
def test_an_instrument_that_cannot_be_so_is_refused_beside_its_field(workspace, values, field, words):
    id_ = samples.new(workspace, "instrument", **{key: value for key, value in (ENTRY | values).items() if value})
    record = workspace.store.record(id_)
    [step] = steps.possible(workspace, record)
    problems = {problem.field: problem.message for problem in steps.step_obstacles(workspace, record, step)}
    assert words in problems.get(field, ""), problems


def test_instruments_that_replace_each_other_in_a_circle_are_refused(workspace):
    known = {"title": "X", "issuer": "Y", "reading": "name"}
    first = samples.new(workspace, "instrument", number="TT 1/2026/TT-BTC", **known)
    steps.take_step(workspace, first, "enlist")
    second = samples.new(workspace, "instrument", number="TT 2/2026/TT-BTC", **known)
    store_register.refresh(workspace)
    changing.set_values(workspace, second, {"replaces": "TT 1/2026/TT-BTC"})
    steps.take_step(workspace, second, "enlist")
    store_register.refresh(workspace)
    steps.take_step(workspace, first, "correct", "Đọc thêm")
    changing.set_values(workspace, first, {"replaces": "TT 2/2026/TT-BTC"})
    with pytest.raises(IncompleteError, match="thành vòng"):
        steps.take_step(workspace, first, "enlist")


def test_ticks_and_instruments_travel_with_the_rules_and_a_second_unit_may_confirm(pair, tmp_path):
    unit, province = pair
    _officer(province, "Trần Văn Bình")
    _enlisted(province)
    _ticked(province)
    checking.tick(province, OLD, "Mức máy móc: đúng.", "Khoản 4 Điều 8")
    updates.pack_texts(province, {}, tmp_path / "doi-chieu.xlsx", "Đối chiếu")
    updates.install_update(unit, tmp_path / "doi-chieu.xlsx")
    _reopened(unit)

    law = unit.forms.law
    assert law.get(NEW).reading == "whole"
    assert "Trần Văn Bình" in law.get(NEW).read_by
    assert law.is_waiting(OLD)
    checking.confirm(unit, checking.waiting_check(unit, OLD), "Xem lại, đúng.")
    assert unit.forms.law.proof(SOURCE) == "read"
    checking.take_back(unit, checking.present_check(unit, NEW), "Bản của Sở thiếu trang")
    assert unit.forms.law.get(NEW).reading == "second_hand"


def test_what_was_taken_back_after_signing_no_longer_travels(province, tmp_path):
    _officer(province, "Trần Văn Bình")
    _ticked(province, OLD)
    updates.pack_texts(province, {}, tmp_path / "1.xlsx")
    _reopened(province)
    checking.take_back(province, checking.present_check(province, OLD), "Nhầm bản")
    assert province.forms.law.get(OLD).reading == "second_hand"
    assert own_file.law_file(province) == {
        "law/sct-mau.toml": "# What " + province.identity.unit.name + " entered and compared. Grammar: ../README.md.\n"
    }


def test_trust_lasts_to_the_end_of_the_year_and_a_new_comparison_moves_it(workspace):
    _officer(workspace, "Trần Văn Bình")
    _ticked(workspace, OLD)
    in_2027 = date(2027, 1, 5)
    assert _named(workspace, on=in_2027)[OLD] == "chưa rà soát năm 2027"
    workspace.today = lambda: in_2027
    _ticked(workspace, OLD)
    assert OLD not in _named(workspace, on=in_2027)


NATIONAL = norm_drafts.NormEntry(
    activity="machinery",
    document=NEW,
    article="Khoản 5 Điều 8",
    first=date(2026, 2, 15),
    percent=Decimal(50),
    cap=500_000_000,
    per="cơ sở",
    examples=(norm_drafts.WorkedExample(900_000_000, 450_000_000),),
)


def _ceiling(workspace, on, activity="machinery"):
    return norm_lookup.norm_for_words(workspace.forms, programme="national", activity=activity, on=on, cost="900 triệu")


def test_the_caution_of_a_circular_goes_once_its_figures_are_entered_and_two_people_have_ticked(pair, tmp_path):
    unit, province = pair
    _officer(province, "Trần Văn Bình")
    before = {caution["instrument"] for caution in _ceiling(unit, "1/12/2026")["cautions"]}
    assert NEW in before
    _enlisted(province)
    late = replace(NATIONAL, document=OLD, first=date(2026, 3, 1))
    with pytest.raises(UserError, match="không còn hiệu lực từ ngày 15/02/2026 do TT 139/2026/TT-BTC") as refusal:
        norm_drafts.norm_file(province, norm_drafts.NATIONAL, [late])
    assert refusal.value.field == "document"
    files = norm_drafts.norm_file(province, norm_drafts.NATIONAL, [NATIONAL])
    updates.pack_texts(province, files, tmp_path / "1.xlsx", "TT 139")
    _reopened(province)
    new = _ceiling(province, "1/12/2026")
    assert (new["amount"], new["source"]) == (450_000_000, f"Khoản 5 Điều 8 {NEW}")
    assert province.forms.law.proof(new["source"]) == "second_hand", "one officer entered it"

    _ticked(province)
    updates.pack_texts(province, {}, tmp_path / "2.xlsx", "Đối chiếu")
    for file in ("1.xlsx", "2.xlsx"):
        updates.install_update(unit, tmp_path / file)
        _reopened(unit)
    for office in (province, unit):
        new = _ceiling(office, "1/12/2026")
        assert (new["amount"], new["cautions"]) == (450_000_000, [])
        assert office.forms.law.proof(new["source"]) == "read"
        [other] = [c for c in _ceiling(office, "1/12/2026", "brand")["cautions"] if c["instrument"] == NEW]
        assert "thay thế từ ngày 15/02/2026, quy định này chưa nhập theo văn bản mới" in other["text"]
        old = _ceiling(office, "14/2/2026")
        assert old["source"].endswith(OLD), "the figure before it ends the day before"


def test_an_officer_is_known_by_name_whatever_the_office_is_called(workspace):
    workspace.store.set_officer(workspace.identity.officer, "Trung tâm Khuyến công (đơn vị mẫu)")
    for name in ("Trần Thị Thứ Hai", "tran thi thu hai"):
        checking.tick(workspace, OLD, "Đọc bản Công báo.", "Điều 5", officer=name, is_new=True)
    label = "Trần Thị Thứ Hai (Trung tâm Khuyến công (đơn vị mẫu))"
    assert [check.checked_by for check in workspace.forms.law.checks_of(OLD)] == [label, label]
    assert [each.label for each in checking.checkers(workspace)].count(label) == 1


def test_a_refused_comparison_lists_no_new_officer(workspace):
    before = checking.checkers(workspace)
    with pytest.raises(UserError, match="một câu"):
        checking.tick(workspace, OLD, "", "Điều 5", officer="Trần Thị Thứ Hai", is_new=True)
    checking.tick(workspace, OLD, "Đọc bản Công báo.", "Điều 5")
    [check] = workspace.forms.law.checks_of(OLD)
    with pytest.raises(UserError, match="một câu"):
        checking.confirm(workspace, check, " ", officer="Trần Thị Thứ Hai", is_new=True)
    assert [each.name for each in checking.checkers(workspace)] == [each.name for each in before]

"""Trust expires: after its last day a legal text is a task of who compared it, until two people compare it again."""

from datetime import date

import pytest

from kcdesk.errors import UserError
from kcdesk.services.deadlines import due_list, due_owners, listing
from kcdesk.services.law import checking
from tests.services import samples
from tests.services.law.test_ticks import OLD

NEW_YEAR = date(2027, 1, 2)


def _reviews(workspace):
    return {due.what: due for due in listing.listing(workspace).every if due.kind == listing.LAW}


def test_the_province_reviews_every_text_and_a_unit_what_its_officers_compared(province, workspace):
    assert _reviews(province) == {}
    for office in (province, workspace):
        office.today = lambda: NEW_YEAR
    due = _reviews(province)[f"Rà soát {OLD} cho năm 2027"]
    assert (due.day, due.id) == (date(2027, 1, 31), f"law:{OLD}")
    assert len(_reviews(province)) > 8
    assert _reviews(workspace) == {}


def test_it_belongs_to_who_compared_else_to_the_head_and_is_done_by_two_people(province):
    head = samples.new(province, "staff", name="Phạm Văn Trưởng", title="Trưởng phòng")
    other = samples.new(province, "staff", name="Trần Văn Bình")
    province.today = lambda: date(2026, 12, 1)
    checking.tick(province, OLD, "Đúng.", officer="Trần Văn Bình")
    checking.confirm(province, checking.waiting_check(province, OLD), "Đúng.", officer="Phạm Văn Trưởng")
    province.today = lambda: NEW_YEAR
    dues = _reviews(province)
    owners = due_owners.owners(province, dues.values())
    assert owners[f"law:{OLD}"].officer == other
    assert owners["law:NĐ 45/2012/NĐ-CP"].officer == head
    assert "Trần Văn Bình" in str(due_list.due_lines(province, list(dues.values()), owners))

    due = dues[f"Rà soát {OLD} cho năm 2027"]
    for act in (
        lambda: listing.mark_done(province, due),
        lambda: listing.postpone(province, due, date(2027, 6, 1), "bận"),
    ):
        with pytest.raises(UserError) as refusal:
            act()
        assert refusal.value.code == "review_by_comparison"
    checking.tick(province, OLD, "Đúng.", officer="Trần Văn Bình")
    assert f"Rà soát {OLD} cho năm 2027 (một người đã đối chiếu, chờ người thứ hai)" in _reviews(province)
    checking.confirm(province, checking.waiting_check(province, OLD), "Đúng.", officer="Phạm Văn Trưởng")
    assert not any(OLD in what for what in _reviews(province))
    assert province.forms.law.get(OLD).checked_until == date(2027, 12, 31)


def test_a_part_that_was_compared_expires_by_itself(workspace):
    samples.new(workspace, "staff", name="Trần Văn Bình")
    workspace.today = lambda: date(2026, 12, 1)
    for articles, until in (("Khoản 4 Điều 8", date(2026, 12, 20)), ("Khoản 5 Điều 8", date(2026, 12, 31))):
        checking.tick(workspace, "TT 64/2024/TT-BTC", "Đúng.", articles, until=until)
        check = checking.waiting_check(workspace, "TT 64/2024/TT-BTC")
        checking.confirm(workspace, check, "Đúng.", officer="Trần Văn Bình")
    assert _reviews(workspace) == {}
    workspace.today = lambda: date(2026, 12, 25)
    [due] = _reviews(workspace).values()
    assert due.day == date(2027, 1, 20)

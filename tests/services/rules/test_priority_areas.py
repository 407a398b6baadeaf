"""Priority areas by the dated list of a commune: they go before ticks in eligibility, ceiling, order and warnings."""

from datetime import date

import pytest

from kcdesk.formdef.loading.loader import FormsError
from kcdesk.services.rulebook import trial
from kcdesk.services.rules import ceilings, eligibility, priority_areas
from tests.examples import some
from tests.services.samples import beneficiary, proposal

IN_LIST, OUTSIDE = "24305", "24310"  # communes of Đắk Lắk
LIST = """
province = "66"
label = "Địa bàn khó khăn tỉnh mẫu"

[[list]]
effective_from = 2026-06-23
source = "QĐ 2167/QĐ-UBND"
covers = ["difficult", "very_difficult"]

[[list.area]]
kind = "very_difficult"
communes = ["{code}"]
"""
OLDER = """
province = "66"
label = "Địa bàn khó khăn tỉnh mẫu"

[[list]]
effective_from = 2021-04-09
effective_to = 2026-06-22
source = "QĐ 12/QĐ-UBND"
covers = ["very_difficult"]

[[list.area]]
kind = "very_difficult"
communes = [{codes}]
"""


@pytest.fixture
def communes(workspace):
    """Two communes of the province of the sample office."""
    found = [place.commune for place in workspace.places.search("xa dak lak", 8) if place.commune]
    return [code for code in dict.fromkeys(found) if workspace.places.commune(code).province_code == "66"][:2]


def _status(workspace, owner, on):
    findings = eligibility.explain(workspace, workspace.store.record(owner), ["start_up"], on)
    return next((line.status, line.text) for line in findings if line.label == "Địa bàn thành lập doanh nghiệp")


def test_the_list_of_the_day_goes_before_the_tick(workspace, communes):
    listed, other = communes
    inside = beneficiary(workspace, place={"commune": listed}, production_place=None)
    ticked = beneficiary(workspace, name="B", tax_code="", place={"commune": other}, priority_areas=["very_difficult"])
    before, after = date(2026, 6, 22), date(2026, 6, 23)
    with trial.workspace_with(workspace, {"areas/mau.toml": LIST.format(code=listed)}) as ruled:
        assert _status(ruled, inside, before)[0] == "unknown"
        status, words = _status(ruled, inside, after)
        assert status == "ok"
        assert "Theo danh mục: QĐ 2167/QĐ-UBND, từ ngày 23/6/2026" in words
        status, words = _status(ruled, ticked, before)
        assert status == "ok"
        assert "Theo khai báo, chưa có danh mục" in words
        assert _status(ruled, ticked, after)[0] == "fail", "the list does not name its commune"
        (warning,) = priority_areas.contradictions(_on(ruled, after), ruled.store.record(ticked))
        assert "không có tên trong danh mục QĐ 2167/QĐ-UBND" in warning.message
        assert priority_areas.contradictions(_on(ruled, before), ruled.store.record(ticked)) == []


def _on(workspace, day):
    workspace.today = lambda: day
    return workspace


def test_the_areas_of_an_establishment_change_with_the_day(workspace, communes):
    inside = beneficiary(workspace, place={"commune": communes[0]}, production_place=None)
    with trial.workspace_with(workspace, {"areas/mau.toml": LIST.format(code=communes[0])}) as ruled:
        for on, listed in ((date(2026, 6, 22), False), (date(2026, 6, 23), True)):
            owner = ruled.store.record(inside).data
            assert (priority_areas.areas_of(ruled, owner, on) == ["very_difficult"]) is listed


def test_a_list_of_the_former_communes_answers_where_all_parts_agree(workspace, communes):
    place = {"commune": communes[0]}
    parts = [part.code for part in workspace.places.predecessors(communes[0])]
    assert len(parts) > 1
    other = next(code for code in (IN_LIST, OUTSIDE) if code not in parts)
    for codes, wanted in ((parts, [True]), (parts[:1], []), ([other], [False])):
        known = ", ".join(f'"{code}"' for code in codes)
        with trial.workspace_with(workspace, {"areas/mau.toml": OLDER.format(codes=known)}) as ruled:
            found = priority_areas.answers(ruled, {"place": place}, date(2022, 1, 1))
            assert [answer.holds for answer in found] == wanted
            exact = {"place": {**place, "old_commune": parts[0]}}
            (answer,) = priority_areas.answers(ruled, exact, date(2022, 1, 1))
            assert answer.holds is (parts[0] in codes)


def test_a_ceiling_is_raised_by_the_list_and_says_so(workspace, communes):
    owner = beneficiary(workspace, place={"commune": communes[0]}, production_place=None)
    id_ = proposal(workspace, beneficiaries=[owner], programme="national", activity="machinery", year=2016)
    older = OLDER.format(codes=", ".join(f'"{p.code}"' for p in workspace.places.predecessors(communes[0])))
    older = older.replace("2021-04-09", "2015-01-01").replace("2026-06-22", "2016-12-31")
    plain = ceilings.of_proposal(workspace, workspace.store.record(id_)).ceiling
    with trial.workspace_with(workspace, {"areas/mau.toml": older}) as ruled:
        judged = ceilings.of_proposal(ruled, ruled.store.record(id_))
    assert (plain.cap, judged.ceiling.cap) == (200_000_000, 300_000_000)
    assert any("theo danh mục: QĐ 12/QĐ-UBND" in reason.text for reason in judged.reasons)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    some(
        3,
        [
            ('"66"', '"67"', "tỉnh"),
            ('kind = "very_difficult"', 'kind = "highland"', "highland"),
            ('covers = ["difficult", "very_difficult"]', 'covers = ["very_dificult"]', "có phải ý là"),
            ('communes = ["{code}"]', 'communes = ["00004"]', "mã 00004 không phải xã, phường của tỉnh"),
            ('communes = ["{code}"]', 'communes = ["{code}", "{code}"]', "ghi hai lần"),
            ("2026-06-23", "2026-06-23\neffective_to = 2026-01-01", "hết hiệu lực trước ngày"),
        ],
    ),
)
def test_a_wrong_list_is_refused_with_its_place(workspace, communes, old, new, words):
    assert old in LIST
    content = LIST.replace(old, new).format(code=communes[0])
    with trial.workspace_with(workspace, {"areas/mau.toml": content}) as ruled, pytest.raises(FormsError) as refused:
        _ = ruled.areas
    assert "areas/mau.toml" in str(refused.value)
    assert words in str(refused.value)


def test_two_lists_of_one_kind_in_force_on_a_day_are_refused(workspace, communes):
    first = LIST.format(code=communes[0])
    second = first[first.index("[[list]]") :].replace("2026-06-23", "2026-09-01")
    with trial.workspace_with(workspace, {"areas/mau.toml": first + second}) as ruled, pytest.raises(FormsError) as no:
        _ = ruled.areas
    assert "cùng có hiệu lực" in str(no.value)

"""The ceilings: a grid of cases worked by hand, laws that hold for every cost, and what is said about them."""

import tomllib
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal
from math import ceil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kcdesk import paths
from kcdesk.errors import UserError
from kcdesk.formdef.conditions import holds
from kcdesk.formdef.loading.loader import load
from kcdesk.formdef.regulations import norms as norm_files
from kcdesk.formdef.regulations.ceilings import CeilingQuery, ceiling, excess
from kcdesk.formdef.regulations.norms import in_force
from kcdesk.runtime.frozen import replace

CASES = tomllib.loads((Path(__file__).parents[1] / "data/ceiling_cases.toml").read_text(encoding="utf-8"))["case"]
NORMS = norm_files.load(paths.forms(), load())


def _query(case):
    names = ("programme", "activity", "on", "province", "old_province", "facts", "cost")
    return CeilingQuery(**{name: case[name] for name in names if name in case})


def _has_figures(line):
    return any(period.percent is not None or period.cap is not None for period in line.periods)


def _ask(activity, on, programme="national", **more):
    return ceiling(NORMS, CeilingQuery(programme=programme, activity=activity, on=on, **more))


def test_the_grid_is_wide_enough():
    assert len(CASES) >= 60
    assert len({case["name"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_case_worked_by_hand(case):
    if "error" in case:
        with pytest.raises(UserError) as refused:
            ceiling(NORMS, _query(case))
        assert refused.value.code == case["error"]
        return
    found = ceiling(NORMS, _query(case))
    percent = Decimal(str(case["percent"])) if "percent" in case else None
    assert (found.percent, found.cap, found.amount) == (percent, case.get("cap"), case.get("amount"))
    assert (found.source, found.unverified) == (case["source"], case.get("unverified", False))
    if "asked" in case:
        assert excess(case["asked"], found.amount) == case["over"]


LINES = [(n, line) for n in NORMS for line in n.lines if line.activities and not line.part and _has_figures(line)]
IDS = [f"{n.label}: {line.id}" for n, line in LINES]


def _cases_of(norms, line, periods):
    """The cases of the grid that ask for a line, on a day of one of these periods."""
    for case in CASES:
        place = (case.get("province", ""), case.get("old_province", ""))
        here = norms.programme == "national" or (norms.old_province or norms.province) in place
        asks = case["programme"] == norms.programme and line.concerns(case["activity"]) and here
        if asks and holds(line.when, case.get("facts", {})) and any(in_force(period, case["on"]) for period in periods):
            yield case


@pytest.mark.parametrize(("norms", "line"), LINES, ids=IDS)
def test_the_grid_looks_at_both_sides_of_every_change_of_rule(norms, line):
    """A case lies on the first day of each period, and one on the day before it, when the line said something else."""
    always = [replace(line.periods[0], effective_from=date.min, effective_to=None)]
    days = {case["on"] for case in _cases_of(norms, line, always)}
    for period in line.periods:
        assert {period.effective_from, period.effective_from - timedelta(days=1)} <= days, period


@pytest.mark.parametrize(("norms", "line"), LINES, ids=IDS)
def test_the_grid_looks_one_dong_around_every_edge(norms, line):
    """Where the share reaches the cap, one đồng of cost more and less; exactly what is allowed, and one đồng more."""
    for period in (period for period in line.periods if period.percent is not None or period.cap is not None):
        cases = list(_cases_of(norms, line, [period]))
        if period.share is not None and period.cap is not None:
            edge = ceil(period.cap / period.share)
            assert {edge - 1, edge, edge + 1} <= {case["cost"] for case in cases if "cost" in case}, period
        assert {0, 1} <= {case["over"] for case in cases if "over" in case}, period


@pytest.mark.parametrize("activity", [activity.code for activity in load().activities])
@pytest.mark.parametrize("on", [date(2016, 1, 1), date(2020, 1, 1), date(2026, 3, 5)])
@given(cost=st.integers(0, 10**13))
@settings(max_examples=10)
def test_never_more_than_the_share_nor_the_cap(activity, on, cost):
    with suppress(UserError):
        _stays_below(_ask(activity, on, cost=cost), cost)


def _stays_below(found, cost):
    if found.amount is None:
        assert (found.percent, found.cap) == (None, None)
        return
    if found.percent is not None:
        assert found.amount * 100 <= found.percent * cost
    if found.cap is not None:
        assert found.amount <= found.cap * found.count
    assert found.amount in (
        found.cap,
        None if found.percent is None else int(found.percent * cost / 100),
    )


# ---- what is said


def test_the_sentence_says_how_much_and_why():
    found = _ask("machinery", date(2019, 3, 1), cost=570_000_000)
    assert found.sentence == (
        "Tối đa 285.000.000 đồng vì 50% của 570.000.000 đồng là 285.000.000 đồng, "
        "không vượt mức trần là 300.000.000 đồng."
    )
    assert found.reasons[0].source == "Khoản 4 Điều 8 TT 28/2018/TT-BTC, có hiệu lực từ ngày 11/5/2018"
    assert found.reasons[1].text == (
        "Ứng dụng máy móc thiết bị, chuyển giao công nghệ tiên tiến: tối đa 50% chi phí, "
        "không quá 300.000.000 đồng/cơ sở."
    )


def test_every_step_of_a_raised_cap_is_said_with_its_article():
    found = _ask("machinery", date(2016, 1, 1), cost=900_000_000, facts={"priority": True, "sites": [1, 2]})
    raised, counted = found.reasons[2], found.reasons[3]
    assert raised.text == "Địa bàn, ngành nghề ưu tiên: mức trần không quá 1,5 lần, bằng 300.000.000 đồng."
    assert raised.source.startswith("Điểm t khoản 2 Điều 6 TTLT 26/2014/TTLT-BTC-BCT, có hiệu lực từ ngày 08/4/2014")
    assert counted.text == "Mức trần tính cho 2 cơ sở: 600.000.000 đồng."


def test_without_a_cost_the_rule_itself_is_said():
    found = _ask("start_up", date(2020, 1, 1))
    assert found.amount is None
    assert found.sentence.endswith("không quá 10.000.000 đồng/doanh nghiệp.")


def test_what_nobody_has_read_is_said_to_be_unverified():
    found = _ask("consultancy", date(2020, 1, 1), cost=100_000_000)
    assert found.unverified
    assert all(reason.unverified for reason in found.reasons[:2])
    assert "Chưa đọc được mức hỗ trợ" in found.reasons[1].text


def test_items_of_cost_are_told_beside_the_support():
    texts = [reason.text for reason in _ask("machinery", date(2016, 1, 1)).reasons]
    assert any(
        text.startswith("Trong đó, Chi quản lý của đơn vị thực hiện đề án: tối đa 2,5% chi phí") for text in texts
    )


def test_once_only_is_said():
    found = _ask("machinery", date(2024, 8, 1), "local", province="87")
    assert "Mỗi cơ sở chỉ được hỗ trợ một lần." in [reason.text for reason in found.reasons]


def test_rules_of_a_part_of_a_province_say_so_where_the_part_is_not_known():
    found = _ask("machinery", date(2025, 8, 1), "local", province="82")
    assert any("trên địa bàn của tỉnh trước ngày 01/7/2025" in reason.text for reason in found.reasons)


def test_a_missing_norm_says_when_the_first_one_began():
    with pytest.raises(UserError) as refused:
        _ask("machinery", date(2014, 4, 7))
    assert refused.value.hint == "Quy định đầu tiên có hiệu lực từ ngày 08/4/2014."


def test_a_missing_province_says_which_there_are():
    with pytest.raises(UserError) as refused:
        _ask("machinery", date(2026, 3, 5), "local", province="20")
    assert "Khuyến công địa phương tỉnh Đắk Lắk" in refused.value.hint


def test_the_fact_that_decides_is_named():
    with pytest.raises(UserError) as refused:
        _ask("typical_product_vote", date(2020, 1, 1))
    assert refused.value.field == "vote_level"


@pytest.mark.parametrize(("amount", "limit", "over"), [(None, 5, 0), (5, None, 0), (5, 5, 0), (6, 5, 1), (4, 5, 0)])
def test_excess(amount, limit, over):
    assert excess(amount, limit) == over

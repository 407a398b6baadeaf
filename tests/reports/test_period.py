"""Periods of reports, as officers write them."""

from datetime import date

import pytest

from kcdesk.errors import UserError
from kcdesk.reports.report_period import period_of


@pytest.mark.parametrize(
    ("first", "last", "named", "days", "name"),
    [
        ("2022", "2022", "", (date(2022, 1, 1), date(2022, 12, 31)), "Năm 2022"),
        ("01/01/2022", "2022-03-31", "", (date(2022, 1, 1), date(2022, 3, 31)), "Quý I/2022"),
        ("", "", "2022-Q4", (date(2022, 10, 1), date(2022, 12, 31)), "Quý IV/2022"),
        ("", "", "quý II/2022", (date(2022, 4, 1), date(2022, 6, 30)), "Quý II/2022"),
        ("", "", "2022-H1", (date(2022, 1, 1), date(2022, 6, 30)), "6 tháng đầu năm 2022"),
        ("", "", "6 tháng cuối năm 2022", (date(2022, 7, 1), date(2022, 12, 31)), "6 tháng cuối năm 2022"),
        ("", "", "02/2024", (date(2024, 2, 1), date(2024, 2, 29)), "Tháng 2/2024"),
        ("", "", "2021..2025", (date(2021, 1, 1), date(2025, 12, 31)), "Các năm 2021–2025"),
        ("2022", "", "", (date(2022, 1, 1), None), "Từ ngày 01/01/2022"),
        ("", "2022-Q1", "", (None, date(2022, 3, 31)), "Đến ngày 31/3/2022"),
        ("", "", "", (None, None), "Tất cả các kỳ"),
        ("2022", "15/9/2022", "", (date(2022, 1, 1), date(2022, 9, 15)), "Từ ngày 01/01/2022 đến ngày 15/9/2022"),
        ("", "", "6m2022", (date(2022, 1, 1), date(2022, 6, 30)), "6 tháng đầu năm 2022"),
        ("", "", "9 tháng đầu năm 2022", (date(2022, 1, 1), date(2022, 9, 30)), "9 tháng đầu năm 2022"),
        ("2022", "2022-09", "", (date(2022, 1, 1), date(2022, 9, 30)), "9 tháng đầu năm 2022"),
    ],
)
def test_a_period_is_read_and_named(first, last, named, days, name):
    period = period_of(first, last, named)
    assert ((period.first, period.last), period.name) == (days, name)


@pytest.mark.parametrize(
    ("first", "last", "named"),
    [
        ("2023", "2022", ""),
        ("2022-02-30", "", ""),
        ("", "", "2022-Q5"),
        ("", "", "13m2022"),
        ("", "", "13/2022"),
        ("nay", "", ""),
        ("1", "", "2022"),
        ("", "", "13 tháng đầu năm 2022"),
        ("", "", "từ 2023 đến 2022"),
        ("", "", "đến nay"),
    ],
)
def test_a_period_that_cannot_be_is_refused_with_a_sentence(first, last, named):
    with pytest.raises(UserError) as refusal:
        period_of(first, last, named)
    assert refusal.value.code == "bad_period"


@pytest.mark.parametrize(
    ("named", "before"),
    [
        ("2024-02", (date(2023, 2, 1), date(2023, 2, 28))),
        ("2025-02", (date(2024, 2, 1), date(2024, 2, 29))),
        ("2024-H1", (date(2023, 1, 1), date(2023, 6, 30))),
    ],
)
def test_the_same_period_of_the_year_before_has_whole_months(named, before):
    earlier = period_of(named=named).a_year_before()
    assert (earlier.first, earlier.last) == before


@pytest.mark.parametrize(
    ("named", "kind", "following"),
    [
        ("2026", "year", "Năm 2027"),
        ("6m2026", "half_year", "6 tháng cuối năm 2026"),
        ("2026-Q4", "quarter", "Quý I/2027"),
        ("12/2026", "month", "Tháng 1/2027"),
        ("9m2026", "other", "Quý IV/2026"),
        ("2021..2025", "other", "Năm 2026"),
    ],
)
def test_a_period_has_a_kind_and_one_that_follows(named, kind, following):
    period = period_of(named=named)
    assert (period.kind, period.following.name) == (kind, following)


WRITTEN = (
    *("2022", "2022-Q3", "2022-H1", "2022-H2", "02/2024", "2021..2025", "2022..15/9/2022", "2022..2022-09"),
    *("3/5/2022", "1/12/2021..5/2/2022", "2022..", "..2022-Q1", "2021-Q4..2022-Q1"),
)


def test_the_name_of_a_period_is_read_back_as_the_same_period():
    """An officer sees a name in the box and types another one in its manner."""
    for written in WRITTEN:
        period = period_of(named=written)
        assert period_of(named=period.name) == period, period.name
    assert period_of(named=period_of().name) == period_of()


@pytest.mark.parametrize(
    ("named", "days"),
    [
        ("từ 1/3/2026 đến 15/3/2026", (date(2026, 3, 1), date(2026, 3, 15))),
        ("tu ngay 1/3/2026 den het ngay 15/3/2026", (date(2026, 3, 1), date(2026, 3, 15))),
        ("1/3/2026 - 15/3/2026", (date(2026, 3, 1), date(2026, 3, 15))),
        ("2021-2025", (date(2021, 1, 1), date(2025, 12, 31))),
        ("các năm 2021–2025", (date(2021, 1, 1), date(2025, 12, 31))),
        ("9 tháng đầu năm 2026", (date(2026, 1, 1), date(2026, 9, 30))),
        ("đến 15/3/2026", (None, date(2026, 3, 15))),
        ("quý IV - 2022", (date(2022, 10, 1), date(2022, 12, 31))),
        ("ngày 15/3/2026", (date(2026, 3, 15), date(2026, 3, 15))),
    ],
)
def test_a_span_is_read_in_words(named, days):
    period = period_of(named=named)
    assert (period.first, period.last) == days

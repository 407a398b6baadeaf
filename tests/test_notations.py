"""The laws of kcdesk.notations: what the program shows is read back, and nothing but a sentence is raised."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcdesk import notations, text

dates = st.dates(date(1900, 1, 1), date(2199, 12, 31))
decimals = st.decimals(-(10**9), 10**9, places=3)
TODAY = date(2026, 3, 5)


def refusal(parse: Callable[[str], object], raw: str) -> str:
    """The sentence of the refusal, "." when the text is read."""
    try:
        parse(raw)
    except ValueError as error:
        return str(error) if str(error).startswith(("“", "Ngày ", "Năm ")) else ""
    return "."


@given(st.integers(-(10**18), 10**18))
def test_integers_come_back(number: int) -> None:
    shown = text.format_integer(number)
    assert notations.parse_integer(shown) == number
    assert notations.parse_money(shown) == number
    assert notations.parse_money(f"{shown} đồng") == number


@given(decimals)
def test_decimals_come_back(number: Decimal) -> None:
    assert notations.parse_decimal(notations.typed_decimal(number)) == number
    assert notations.parse_percent(notations.typed_percent(number)) == number


@given(dates)
def test_dates_come_back(day: date) -> None:
    for written in (text.format_date(day), text.date_in_words(day), day.isoformat(), f"{day:%d%m%Y}"):
        assert notations.parse_date(written) == day


@given(dates, dates)
def test_a_day_without_its_year_is_near_or_asked_about(day: date, today: date) -> None:
    try:
        near = notations.parse_date(f"{day.day}/{day.month}", today)
    except ValueError as error:
        assert f"/{today.year}" in str(error) or "29" in str(error)  # noqa: PT017 (the other case is below)
    else:
        assert (near.day, near.month, near.year) == (day.day, day.month, today.year)
        assert abs((near - today).days) <= 92


@given(st.text(max_size=12) | st.text("0123456789., -+tỷriệu/", max_size=12))
def test_nothing_but_a_sentence_is_raised(raw: str) -> None:
    readers = (notations.parse_decimal, notations.parse_percent, notations.parse_integer, notations.parse_money)
    for parse in (*readers, notations.parse_date):
        assert refusal(parse, raw).endswith(".")


@given(st.integers(1, 999), st.integers(0, 999), st.sampled_from(["tỷ", "triệu", "nghìn", "tr", "k"]))
def test_a_comma_before_three_digits_and_a_unit_is_never_guessed(whole: int, decimals: int, unit: str) -> None:
    assert "có thể hiểu là" in refusal(notations.parse_money, f"{whole},{decimals:03} {unit}")


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("31/2/2026", "không có trong lịch"),
        ("5/13/2026", "ngày ghi trước tháng"),
        ("5/3/1026", "không hợp lý"),
        ("hôm nay", "không phải là ngày"),
        ("2/9", "«02/9/2025» hoặc «02/9/2026»"),
    ],
)
def test_a_refused_date_tells_why(raw: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        notations.parse_date(raw, TODAY)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("", "không phải là số tiền"),
        ("5 trâu", "không phải là số tiền"),
        ("12,5", "ví dụ «12,5 triệu»"),
        ("0912345678", "mã hay số điện thoại"),
        ("1,2345678 triệu", "số đồng chẵn"),
        ("1,250 triệu", "«1.250.000 đồng» hoặc «1.250.000.000 đồng»"),
    ],
)
def test_a_refused_amount_tells_why(raw: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        notations.parse_money(raw)

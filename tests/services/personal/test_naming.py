"""The words of a person: in which texts they are found, however these are written, and in which they are not."""

from __future__ import annotations

import unicodedata

import pytest

from kcdesk.services.personal.naming import PersonWords

NAME, PHONE, CARD = "Nguyễn Văn Ân", "0912345678", "079123456789"


@pytest.mark.parametrize(
    "text",
    [
        NAME,
        NAME.upper(),
        "nguyen van an",
        "ông Nguyễn  Văn\nÂn, giám đốc",
        "(Nguyễn Văn Ân)",
        unicodedata.normalize("NFD", f"bà {NAME}"),
        "số 0912345678.",
        "0912 345 678",
        "0912.345-678",
        "+84912345678",
        "+84 912 345 678",
        "thẻ 079 123 456 789",
    ],
)
def test_a_text_that_names_the_person(text: str) -> None:
    assert PersonWords((NAME, PHONE, CARD)).is_within(text)


@pytest.mark.parametrize(
    "text", ["Nguyễn Văn Ânh", "TNguyễn Văn Ân", "Nguyễn Ân", "10912345678", "09123456789", "5+84912345678", "12345678"]
)
def test_a_text_that_names_somebody_else(text: str) -> None:
    assert not PersonWords((NAME, PHONE, CARD)).is_within(text)


@pytest.mark.parametrize("name", ["A B", "(An)", "v. An", "[xy^-]"])
def test_a_name_of_any_letters_is_a_pattern(name: str) -> None:
    assert PersonWords((name,)).is_within(f"gửi {name}, hôm nay")

"""New passwords: what everybody would try is refused, a sentence of some words is praised."""

import pytest

from kcdesk.errors import UserError
from kcdesk.services.maintenance.secret_strength import refuse_weak, strength_of

OWNER = ("Trung tâm Khuyến công Lạng Sơn", "TTKC-LS", "Nguyễn Văn Mẫu")


@pytest.mark.parametrize(
    "guessed",
    [
        "",
        "ngắn",
        "12345678",
        "password",
        "Password1",
        "matkhau123",
        "Mật khẩu",
        "Mật khẩu 1",
        "khuyencong",
        "Khuyến công",
        "anhyeuem",
        "19801231",
        "01/01/1980",
        "aaaaaaaaaaaa",
        "qwertyuiop",
        "abcd1234",
        "TTKC-LS1",
        "Nguyễn Văn Mẫu",
        "nguyenvanmau",
        "trungtamkhuyenconglangson",
    ],
)
def test_what_everybody_tries_is_refused(guessed):
    strength = strength_of(guessed, *OWNER)
    assert not strength.is_enough
    assert strength.sentence.endswith(".")
    with pytest.raises(UserError) as refused:
        refuse_weak(guessed, *OWNER)
    assert (refused.value.code, refused.value.field) == ("weak_passphrase", "passphrase")


@pytest.mark.parametrize("kept", ["bốn chữ dễ nhớ", "áo xanh cầu vồng", "mười hai con mèo", "cầu vồng bảy sắc " * 20])
def test_a_sentence_of_some_words_is_praised(kept):
    assert strength_of(kept, *OWNER).tone == "good"
    refuse_weak(kept, *OWNER)


def test_the_sentence_says_why():
    why = {"12345678": "hay dùng", "31121980": "ngày tháng", "zzzzzzzzzz": "lặp lại", "mật khẩu": "hay dùng"}
    for secret, words in why.items():
        assert words in strength_of(secret).sentence

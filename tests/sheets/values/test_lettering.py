"""In which letters a column is written, and what becomes of its texts."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcdesk.sheets.values.lettering import UNICODE, is_damaged, recognise_letters
from tests.sheets.values import old_letters

WORDS = """
    công ty cổ phần trách nhiệm hữu hạn hợp tác xã cơ sở đúc gang hưng thịnh phường đặng thị nguyễn văn trần lê khuyến
    công nghiệp nông thôn máy móc thiết bị sản xuất chế biến gỗ mây tre đan nước mắm huyện quận tỉnh đắk thuỷ sản nguồn
    vốn đối ứng giấy phép đường quyết định nghiệp vụ chuyển giao ứng dụng tiên tiến thưởng ỷ lại khoẻ mạnh ngoằn ngoèo
    quỳnh giữ gìn giếng uống rượu yêu cầu loãng xoáy kỹ thuật bưởi hoẵng kính ý kiến
"""
SYLLABLES = WORDS.split()
ENCODED = {
    "tcvn3": old_letters.in_tcvn3,
    "vni": old_letters.in_vni,
    "viqr": old_letters.in_viqr,
    "windows-1258": old_letters.in_windows_1258,
    "utf-8-as-cp1252": lambda text: old_letters.misread(text, "cp1252"),
    "utf-8-as-cp437": lambda text: old_letters.misread(text, "cp437"),
}
PROOF = "hợp tác xã đúc gang hưng thịnh nguyễn văn"  # enough words, so that a short text is converted too
TEXTS = st.lists(st.lists(st.sampled_from(SYLLABLES), min_size=1, max_size=7).map(" ".join), min_size=1, max_size=4)


@pytest.mark.parametrize("code", ENCODED)
@given(texts=TEXTS)
def test_every_text_in_an_old_code_becomes_the_same_text(code, texts):
    column = [ENCODED[code](text) for text in [PROOF, *texts]]
    letters = recognise_letters(column)
    assert (letters.code, letters.is_foreign) == (code, True)
    assert [letters.decoded(text) for text in column] == [PROOF, *texts]


@given(texts=TEXTS, form=st.sampled_from(("NFC", "NFD")), case=st.sampled_from((str.lower, str.title, str.upper)))
def test_right_text_stays(texts, form, case):
    column = [unicodedata.normalize(form, case(text)) for text in texts]
    letters = recognise_letters(column)
    assert letters == UNICODE
    assert [letters.decoded(text) for text in column] == [case(text) for text in texts]


@pytest.mark.parametrize(
    "column",
    [
        ["Café de Paris", "Crème brûlée", "Hôtel très âgé", "Münchner Straße", "São Paulo", "Señor Niño"],
        ["I'm here", "don't", "what?", "you're a (b)", "Co., Ltd", "a^2 + b^2", "o'clock"],
        ["0912.345.678", "10/GP-UBND", "1,25 E+09", "m² ½ ®", "§ 5", "20°C ± 1", "A(1)", "B^2"],
        ["Công ty «Sao Mai» ®", "Hà Nội", "xã An Hà", "Bé Lê"],
        ["Lê Hà", "Bé", "cô"],
        ["Krông Pắk", "Ea H'leo", "B'Lao", "Đắk Lắk"],
        [],
    ],
    ids=lambda column: column[0] if column else "empty",
)
def test_other_text_is_left_alone(column):
    assert recognise_letters(column) == UNICODE


def test_a_single_word_is_left_and_asked_about():
    letters = recognise_letters(["C«ng", "Sao Mai", "12"])
    assert (letters.is_foreign, letters.decoded("C«ng")) == (False, "C«ng")
    assert (letters.is_doubtful("C«ng"), letters.converted("C«ng")) == (True, "Công")
    assert not letters.is_doubtful("Sao Mai")


def test_a_font_of_the_code_is_proof_enough():
    letters = recognise_letters(["C«ng", "Sao Mai"], [".VnTime", ".VnTime"])
    assert letters.decoded("C«ng", ".VnTime") == "Công"


def test_a_font_of_capitals_gives_capitals():
    letters = recognise_letters(["C«ng ty", "H­ng ThÞnh"], [".VnTimeH", ".VnTimeH"])
    assert letters.decoded("C«ng ty", ".VnTimeH") == "CÔNG TY"
    assert letters.decoded("C«ng ty", ".VnTime") == "Công ty"


def test_words_of_capitals_become_so_wholly():
    letters = recognise_letters(["TR\u00c7N V¡N H\u00adNG", "C«NG TY TNHH Hßa B×nh", "§Æng ThÞ MÉu"])
    assert letters.decoded("TRÇN V¡N H­NG") == "TRẦN VĂN HƯNG"
    assert letters.decoded("C«NG TY TNHH Hßa B×nh") == "CÔNG TY TNHH Hòa Bình"


def test_cells_in_unicode_among_others_stay_and_what_may_be_either_is_asked():
    letters = recognise_letters(["C«ng ty H­ng ThÞnh", "x· MÉu D­¬ng", "Hợp tác xã Unicode", "xã An", "Sè 5"])
    assert letters.is_mixed
    assert letters.decoded("Hợp tác xã Unicode") == "Hợp tác xã Unicode"
    assert letters.decoded("x· MÉu D­¬ng") == "xã Mẫu Dương"
    assert [letters.is_doubtful(text) for text in ("xã An", "Sè 5", "x· MÉu D­¬ng", "Hợp tác xã Unicode")] == [
        True,
        True,
        False,
        False,
    ]


def test_text_misread_twice_and_with_common_spaces():
    column = [old_letters.misread(old_letters.misread(text, "cp1252"), "cp1252") for text in ("Hà Nội", "Đặng Thị Mẫu")]
    letters = recognise_letters(column)
    assert [letters.decoded(text) for text in column] == ["Hà Nội", "Đặng Thị Mẫu"]
    assert letters.decoded("HÃ  Ná»™i") == "Hà Nội"


def test_a_dot_that_may_end_a_sentence_is_asked_about():
    letters = recognise_letters(["Co^ng ty Hu+ng Thi.nh", "DDa(.ng Thi. Ma^~u", "Co., Ltd"])
    assert letters.decoded("DDa(.ng Thi. Ma^~u") == "Đặng Thị Mẫu"
    assert [letters.is_doubtful(text) for text in ("Co., Ltd", "DDa(.ng Thi. Ma^~u")] == [True, False]


def test_letters_that_are_lost_are_seen():
    assert all(map(is_damaged, ("C?ng ty Tr?ch nhi?m", "C\ufffdng ty", "HÃ¡ Ná»i")))
    assert not any(map(is_damaged, ("Công ty Hà Nội?", "Có không? Không", "Á Châu", "Ãn", "VÂNG À")))


def test_a_number_of_a_paper_does_not_outweigh_the_words_of_another_code():
    heading = old_letters.in_vni("Hợp đồng số")
    numbers = [old_letters.in_vni(f"{number}/2024/HĐ-KC") for number in range(83, 90)]
    assert recognise_letters([heading, *numbers]).code in ("", "vni")

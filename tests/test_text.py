"""The laws of kcdesk.text: one meaning for every spelling, right order, no number misread."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcdesk import letters, text

VIETNAMESE = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
any_text = st.text() | st.text(alphabet=VIETNAMESE + VIETNAMESE.upper() + " -.,")


def assert_order(words: list[str]) -> None:
    backwards = words[::-1]  # so that equal keys show
    assert sorted(backwards, key=text.sort_key) == words


class TestClean:
    @given(st.text(alphabet=st.characters()))
    def test_is_stable_and_fit_for_every_file(self, raw: str) -> None:
        cleaned = text.clean(raw)
        assert text.clean(cleaned) == cleaned
        assert unicodedata.is_normalized("NFC", cleaned)
        assert not any(unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\t" for c in cleaned)
        cleaned.encode()

    @given(any_text)
    def test_composed_and_decomposed_are_one(self, raw: str) -> None:
        assert text.clean(unicodedata.normalize("NFD", raw)) == text.clean(unicodedata.normalize("NFC", raw))

    @pytest.mark.parametrize("end", ["\r\n", "\r", "\v", "\u2028"])
    def test_line_ends(self, end: str) -> None:
        assert text.clean(f"một{end}hai\tba") == "một\nhai\tba"

    def test_keeps_what_people_write(self) -> None:
        kept = "Cơ sở “Hùng & Con” <A> = 5 m² 👩‍🔧 \u00a0₫"
        assert text.clean(kept) == kept

    def test_removes_hidden_marks_and_composes_what_they_parted(self) -> None:
        assert text.clean("\ufeffA\x00B\u202eC") == "ABC"
        assert text.clean("e\x01\u0302") == "ê"


class TestFold:
    @given(any_text)
    def test_composed_and_decomposed_fold_alike(self, raw: str) -> None:
        folded = {text.fold(unicodedata.normalize(form, raw)) for form in ("NFC", "NFD")}
        assert folded == {text.fold(raw)}

    @given(any_text)
    def test_folding_twice_changes_nothing(self, raw: str) -> None:
        assert text.fold(text.fold(raw)) == text.fold(raw)

    @given(st.text(alphabet=VIETNAMESE + " "))
    def test_vietnamese_becomes_plain_letters(self, raw: str) -> None:
        assert text.fold(raw.upper()).isascii()

    def test_examples(self) -> None:
        assert text.fold("  Đà  NẴNG\n") == "da nang"
        assert text.fold("Đường Nguyễn Huệ") == "duong nguyen hue"

    @given(any_text)
    def test_tokens_are_the_words_of_the_folded_text(self, raw: str) -> None:
        for typed in (raw, f"{raw} Hưng Thịnh {raw[::-1]}", raw * 41):
            assert text.tokens(typed) == re.findall(r"[^\W_]+", text.fold(typed))
            assert set(text.tokens(typed)) <= set(text.index_words(typed))

    def test_every_common_letter_folds_as_its_decomposed_form_does(self) -> None:
        common = [chr(code) for code in range(0x21, 0x2000) if letters.is_common(chr(code))]
        assert len(common) > 200
        for letter in common:
            assert text.fold(f"{letter}đ") == text.fold(unicodedata.normalize("NFD", f"{letter}đ\u200d"))
            assert letters.repaired(text.portable(letter)) == text.clean(letter) == letter

    def test_tokens_part_at_punctuation(self) -> None:
        assert text.tokens("Xã Hòa-Châu, (Đà Nẵng) KC_2026/01") == [
            "xa",
            "hoa",
            "chau",
            "da",
            "nang",
            "kc",
            "2026",
            "01",
        ]


class TestSlug:
    @given(any_text)
    def test_is_a_file_name_anywhere(self, raw: str) -> None:
        name = text.slug(raw)
        assert 0 < len(name) <= 60
        assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
        assert not name.startswith("-")

    def test_examples(self) -> None:
        assert text.slug("Đề án: Máy cưa CNC (đợt 1/2026)") == "de-an-may-cua-cnc-dot-1-2026"
        assert text.slug("Con") == "con-1"
        assert text.slug("???") == "khong-ten"


class TestFileName:
    @given(any_text)
    def test_every_system_takes_it(self, raw: str) -> None:
        name = text.file_name(raw)
        assert 0 < len(name) <= 120
        assert len(name.encode()) <= 220
        assert not set(name) & set('<>:"/\\|?*')
        assert name == name.strip(" .")
        assert all(character.isprintable() for character in name)
        assert name.partition(".")[0].strip().lower() not in {"con", "prn", "aux", "nul", "com1", "lpt9"}

    @given(any_text)
    def test_a_name_stays_as_it_is(self, raw: str) -> None:
        assert text.file_name(text.file_name(raw)) == text.file_name(raw)

    def test_examples(self) -> None:
        assert text.file_name("Biên bản nghiệm thu cơ sở - Cơ sở Mẫu") == "Biên bản nghiệm thu cơ sở - Cơ sở Mẫu"
        assert text.file_name("Bản 05/12/2018: “A” & B") == "Bản 05-12-2018 A & B"
        assert text.file_name("Con.pdf") == "_Con.pdf"
        assert text.file_name("COM1") == "_COM1"
        assert text.file_name("???") == "Không tên"


class TestSortKey:
    def test_alphabet(self) -> None:
        assert_order(list(LETTERS))

    def test_a_letter_counts_before_any_tone_and_the_tones_have_their_order(self) -> None:
        ordered = ["a", "à", "ả", "ã", "á", "ạ", "an", "àn", "ạn", "anh", "ă", "ằ", "â", "ba"]
        assert_order(ordered)

    def test_syllable_by_syllable(self) -> None:
        ordered = [
            "An Bình",
            "An Dương",
            "An Đông",
            "Anh Sơn",
            "Ba Vì",
            "Bà Rịa",
            "Đà Nẵng",
            "Đắk Lắk",
            "Điện Biên",
        ]
        assert_order(ordered)

    def test_numbers_by_value(self) -> None:
        ordered = ["Đề án 2", "Đề án 10", "Đề án 10a", "Đề án mới"]
        assert_order(ordered)

    def test_two_ways_to_place_a_tone(self) -> None:
        assert text.sort_key("Hoà Bình") == text.sort_key("HÒA BÌNH")

    @given(any_text)
    def test_normal_form_does_not_matter(self, raw: str) -> None:
        assert text.sort_key(unicodedata.normalize("NFD", raw)) == text.sort_key(unicodedata.normalize("NFC", raw))

    @given(st.text(VIETNAMESE, min_size=1, max_size=6), st.text(VIETNAMESE, min_size=1, max_size=6))
    def test_a_word_goes_before_the_words_that_begin_with_it(self, word: str, more: str) -> None:
        assert text.sort_key(word) < text.sort_key(f"{word} {more}")

    @given(st.lists(st.text(VIETNAMESE + " 0129"), max_size=8))
    def test_database_order_is_the_same(self, names: list[str]) -> None:
        keys = [text.sort_key(name) for name in names]
        assert sorted(keys) == sorted(keys, key=str.encode)


class TestNumbers:
    def test_decimal_keeps_its_digits(self) -> None:
        assert text.format_decimal("1234.50") == "1.234,50"
        assert text.format_decimal(Decimal("1E+3")) == "1.000"


class TestMoney:
    @pytest.mark.parametrize(
        ("amount", "words"),
        [
            (0, "Không đồng"),
            (5, "Năm đồng"),
            (21, "Hai mươi mốt đồng"),
            (1001, "Một nghìn không trăm linh một đồng"),
            (1_200_000, "Một triệu hai trăm nghìn đồng"),
            (1_000_000_015, "Một tỷ không trăm mười lăm đồng"),
            (-1001, "Âm một nghìn không trăm linh một đồng"),
            (
                1_234_567_890_123,
                "Một nghìn hai trăm ba mươi bốn tỷ năm trăm sáu mươi bảy triệu "
                "tám trăm chín mươi nghìn một trăm hai mươi ba đồng",
            ),
            (10**12, "Một nghìn tỷ đồng"),
        ],
    )
    def test_in_words(self, amount: int, words: str) -> None:
        assert text.money_in_words(amount) == words

    @given(st.integers(0, 10**12 - 1))
    def test_words_can_be_read_back(self, amount: int) -> None:
        from vn_numberwords import currency_words_to_number

        assert currency_words_to_number(text.money_in_words(amount).lower()) == amount


class TestDates:
    def test_paper_rule_for_leading_zeros(self) -> None:
        assert text.format_date(date(2026, 3, 5)) == "05/3/2026"
        assert text.format_date(date(2026, 2, 15)) == "15/02/2026"
        assert text.date_in_words(date(2026, 1, 9)) == "ngày 09 tháng 01 năm 2026"


def test_only_the_first_names_stand_in_a_sentence() -> None:
    names = ["Xưởng A", "Xưởng B", "Xưởng C"]
    assert text.first_few(names, 3, "; ") == "Xưởng A; Xưởng B; Xưởng C"
    assert text.first_few(names, 2, "; ") == "Xưởng A; Xưởng B; …"
    assert text.first_few([], 2, ", ") == ""

"""The laws of kcdesk.text: one meaning for every spelling, right order, no number misread."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcdesk import text

VIETNAMESE = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
any_text = st.text() | st.text(alphabet=VIETNAMESE + VIETNAMESE.upper() + " -.,")
dates = st.dates(date(1900, 1, 1), date(2199, 12, 31))


def refusal(parse: Callable[[str], object], raw: str) -> str:
    """The sentence of the refusal, "." when the text is read."""
    try:
        parse(raw)
    except ValueError as error:
        return str(error) if str(error).startswith(("“", "Ngày ", "Năm ")) else ""
    return "."


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
    @given(st.integers(-(10**18), 10**18))
    def test_integers_come_back(self, number: int) -> None:
        assert text.parse_integer(text.format_integer(number)) == number
        assert text.parse_money(text.format_integer(number)) == number
        assert text.parse_money(f"{text.format_integer(number)} đồng") == number

    @given(st.decimals(-(10**9), 10**9, places=3))
    def test_decimals_come_back(self, number: Decimal) -> None:
        assert text.parse_decimal(text.format_decimal(number)) == number
        assert text.format_decimal(str(number)) == text.format_decimal(number)

    @given(st.text(max_size=12) | st.text("0123456789., -+tỷriệu", max_size=12))
    def test_nothing_but_a_sentence_is_raised(self, raw: str) -> None:
        for parse in (text.parse_decimal, text.parse_integer, text.parse_money, text.parse_date):
            assert refusal(parse, raw).endswith(".")

    @pytest.mark.parametrize(
        ("raw", "number"),
        [
            ("1.234", "1234"),
            ("1 234 567", "1234567"),
            ("1.234,5", "1234.5"),
            ("46,7", "46.7"),
            ("46.7", "46.7"),
            ("0.125", "0.125"),
            ("1,234", "1.234"),
            ("1,234,567.8", "1234567.8"),
            (" −5 ", "-5"),
            ("+3", "3"),
            ("1\u00a0250\u00a0000", "1250000"),
        ],
    )
    def test_decimal_spellings(self, raw: str, number: str) -> None:
        assert text.parse_decimal(raw) == Decimal(number)

    @pytest.mark.parametrize("raw", ["", "abc", "1.23.456", "1.2.3", "1,2,3", "1.234 567", "--5", "1e5", "٣", "NaN"])
    def test_not_a_number(self, raw: str) -> None:
        with pytest.raises(ValueError, match="không phải là số"):
            text.parse_decimal(raw)

    def test_integer_refuses_a_fraction(self) -> None:
        with pytest.raises(ValueError, match="số nguyên"):
            text.parse_integer("1,5")

    def test_decimal_keeps_its_digits(self) -> None:
        assert text.format_decimal("1234.50") == "1.234,50"
        assert text.format_decimal(Decimal("1E+3")) == "1.000"


class TestMoney:
    @pytest.mark.parametrize(
        ("raw", "amount"),
        [
            ("1.250.000.000", 1_250_000_000),
            ("1,25 tỷ", 1_250_000_000),
            ("1.25 tỉ", 1_250_000_000),
            ("1 tỷ 250 triệu", 1_250_000_000),
            ("1 ty 250 trieu 500 nghin đồng", 1_250_500_000),
            ("1.250 triệu", 1_250_000_000),
            ("300 triệu", 300_000_000),
            ("300tr", 300_000_000),
            ("300 TRIỆU ĐỒNG", 300_000_000),
            ("500 ngàn", 500_000),
            ("50k", 50_000),
            ("1250000000.0", 1_250_000_000),
            ("1,250,000,000 VND", 1_250_000_000),
            ("12 đ", 12),
            ("-2 triệu", -2_000_000),
            ("-1 tỷ 250 triệu", -1_250_000_000),
            (unicodedata.normalize("NFD", "1,5 triệu đồng"), 1_500_000),
        ],
    )
    def test_spellings(self, raw: str, amount: int) -> None:
        assert text.parse_money(raw) == amount

    @pytest.mark.parametrize(
        "raw", ["", "đồng", "ba trăm", "1 tỷ 250", "250 triệu 1 tỷ", "1 tỷ -5 triệu", "5 trâu", "5 usd"]
    )
    def test_what_is_not_clear_is_refused(self, raw: str) -> None:
        with pytest.raises(ValueError, match="không phải là số tiền"):
            text.parse_money(raw)

    def test_no_part_of_a_dong(self) -> None:
        with pytest.raises(ValueError, match="số đồng chẵn"):
            text.parse_money("1,5")

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
    @given(dates)
    def test_come_back(self, day: date) -> None:
        for written in (text.format_date(day), text.date_in_words(day), day.isoformat(), f"{day:%d%m%Y}"):
            assert text.parse_date(written) == day

    @pytest.mark.parametrize(
        "raw",
        [
            "5/3/26",
            "05/3/2026",
            "5-3-2026",
            "5.3.2026",
            "5 3 2026",
            "20260305",
            "2026-03-05",
            "2026-03-05 00:00:00",
        ],
    )
    def test_spellings(self, raw: str) -> None:
        assert text.parse_date(raw) == date(2026, 3, 5)

    def test_two_digit_years(self) -> None:
        assert text.parse_date("1/1/69").year == 2069
        assert text.parse_date("1/1/70").year == 1970

    def test_paper_rule_for_leading_zeros(self) -> None:
        assert text.format_date(date(2026, 3, 5)) == "05/3/2026"
        assert text.format_date(date(2026, 2, 15)) == "15/02/2026"
        assert text.date_in_words(date(2026, 1, 9)) == "ngày 09 tháng 01 năm 2026"

    @pytest.mark.parametrize(
        ("raw", "reason"),
        [
            ("31/2/2026", "không có trong lịch"),
            ("29/2/2025", "không có trong lịch"),
            ("5/13/2026", "không có trong lịch"),
            ("5/3/1026", "không hợp lý"),
            ("hôm nay", "không phải là ngày"),
            ("5/3", "không phải là ngày"),
            ("5/3.2026", "không phải là ngày"),
        ],
    )
    def test_refused(self, raw: str, reason: str) -> None:
        with pytest.raises(ValueError, match=reason):
            text.parse_date(raw)

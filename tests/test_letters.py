"""What counts as one letter: look-alikes, unseen marks, full width, and which of them a text keeps."""

from __future__ import annotations

import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import kcdesk
from kcdesk import notations, text

BREAKS = "\u00ad\u200b"
UNSEEN = "\u200e\u200f\u202a\u202c\u2060\u2063\u2066\u2069\ufeff\u061c\u034f\u180e\U000e0041\ufe0f"
JOINERS = "\u200c\u200d"
words = st.text("aăâbcdđeêghiklmnoôơpqrstuưvxyáạảãàÁẠĐƯ", min_size=1, max_size=8)


@pytest.mark.parametrize("letter", ["\u00d0", "\u0189", "D\u0335", "Đ"])
def test_every_letter_that_looks_like_a_great_d_with_a_stroke_has_its_key(letter: str) -> None:
    assert text.fold(f"{letter}ồng Tâm") == "dong tam"
    assert text.slug(f"{letter}ồng Tâm") == "dong-tam"


@pytest.mark.parametrize("letter", ["\u00f0", "\u0256", "đ"])
def test_every_letter_that_looks_like_a_small_d_with_a_stroke_has_its_key(letter: str) -> None:
    assert text.fold(f"bưu {letter}iện") == "buu dien"
    assert text.clean(f"bưu {letter}iện") == "bưu điện"


def test_look_alikes_stand_where_their_letter_stands() -> None:
    ordered = ["Dũng", "\u00d0ỗ", "Đức", "\u0189ức An", "Em", "Yên"]
    backwards = ordered[::-1]  # so that equal keys show
    assert sorted(backwards, key=text.sort_key) == ordered


@given(words, st.sampled_from(UNSEEN + BREAKS + JOINERS), st.data())
def test_an_unseen_mark_anywhere_changes_no_key_and_no_code(word: str, mark: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word)))
    marked = f"{word[:at]}{mark}{word[at:]}"
    assert text.fold(marked) == text.fold(word)
    assert text.sort_key(marked) == text.sort_key(word)
    assert text.plain_code(marked) == word
    assert text.file_name(marked) == text.file_name(word)


@given(words, words, st.sampled_from(UNSEEN + JOINERS))
def test_a_text_keeps_no_mark_that_has_no_meaning(first: str, second: str, mark: str) -> None:
    assert text.clean(f"{mark}{first}{mark} {mark}{second}{mark}") == f"{first} {second}"


@given(words, words, st.sampled_from(BREAKS))
def test_a_break_stays_only_where_two_words_may_meet(first: str, second: str, mark: str) -> None:
    assert text.clean(f"{mark}{first}{mark} {second}{mark}{mark}") == f"{first} {second}"
    assert text.clean(f"{first}{mark}{mark}{second}") == f"{first}{mark}{second}"
    assert text.clean(f"5{mark}{first}, 10{mark}%") == f"5{first}, 10%"


@given(st.text(st.characters() | st.sampled_from(UNSEEN + BREAKS + JOINERS + "eÐ\u0302\u1780👩a ")))
def test_cleaning_and_folding_are_stable(raw: str) -> None:
    for step in (text.clean, text.fold, text.plain_code, text.printed, text.portable):
        assert step(step(raw)) == step(raw)
        assert step(unicodedata.normalize("NFD", raw)) == step(unicodedata.normalize("NFC", raw))


def test_what_has_a_meaning_stays() -> None:
    for kept in ("👩‍🔧 ❤️ “Hùng & Con” 5 m² ½ ①", "ភាសា\u200bខ្មែរ", "ê\u0306 ô\u0306 Kmrơ\u0306ng", "Ｃông ty"):
        assert text.clean(kept) == unicodedata.normalize("NFC", kept)


def test_a_name_is_found_by_both_readings_of_a_break_or_of_a_capital() -> None:
    for name in ("Lò rèn Hưng\u00adThịnh", "Lò rèn Hưng\u200bThịnh", "Lò rèn HưngThịnh", "Lò rèn hưng\u200bthịnh"):
        assert {"hungthinh", "hung", "thinh"} <= set(text.index_words(name))
    assert text.index_words("Lò rèn Hưng Thịnh") == text.tokens("Lò rèn Hưng Thịnh")
    assert text.index_words("TNHH MTV CNC-6140") == text.tokens("TNHH MTV CNC-6140")


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("ＣÔＮＧ　ＴＹ １２", "cong ty 12"),
        ("ﬁ Ⅳ m² ①", "fi iv m2 1"),
        ("16К20", "16k20"),  # Cyrillic К
        ("СТY", "cty"),  # Cyrillic С, Т
        ("B’Lao – H‘Leo", "b'lao - h'leo"),
        ("số\u00a012", "so 12"),
        ("Kmrơ\u0306ng ê\u0306 ô\u0306 ư\u0306", "kmrong e o u"),
    ],
)
def test_keys_of_letters_of_compatibility(written: str, key: str) -> None:
    assert text.fold(written) == key


@pytest.mark.parametrize("mark", list(UNSEEN + BREAKS + JOINERS))
def test_amounts_and_days_are_read_past_unseen_marks(mark: str) -> None:
    assert notations.parse_money(f"300.000{mark}.000{mark} {mark}đồng") == 300_000_000
    assert notations.parse_money("３００ triệu") == 300_000_000
    assert notations.parse_date(f"{mark}05/3{mark}/2020{mark}").isoformat() == "2020-03-05"
    assert notations.parse_decimal(f"46,{mark}7") * 10 == 467


@pytest.mark.parametrize("raw", ["5/3/2²", "①/3/2026", "300²", "٣", "½"])
def test_a_letter_of_compatibility_is_no_digit(raw: str) -> None:
    for parse in (notations.parse_date, notations.parse_money, notations.parse_decimal):
        with pytest.raises(ValueError, match="không phải là"):
            parse(raw)


def test_paper_shows_no_soft_hyphen() -> None:
    assert text.printed("Hưng\u00adThịnh\u200bPhát") == "HưngThịnhPhát"
    assert text.printed("ភាសា\u200bខ្មែរ") == "ភាសា\u200bខ្មែរ"


@pytest.mark.parametrize("written", ["C«ng ty TNHH H­ng ThÞnh", "Ðîi s¶n xuÊt", "§ång T©m", "Coâng ty Thònh Phaùt"])
def test_a_text_in_an_old_code_stays_whole_so_that_it_can_be_converted(written: str) -> None:
    assert text.clean(written) == written


@pytest.mark.parametrize("written", ["Sony® \u00d0ồng Tâm", "“\u00d0ồng Tâm” © 2026", "5 m² × 3 µm, \u00d0T"])
def test_signs_make_no_old_code(written: str) -> None:
    assert text.clean(written) == written.replace("\u00d0", "Đ")


def test_a_heap_of_marks_is_put_in_order_at_once() -> None:
    heap = "a" + "\u0301\u0323" * 100_000 + " Phở"
    began = time.process_time()
    assert text.clean(heap).endswith(" Phở")
    assert len(text.clean(heap)) < 40
    assert text.fold(heap).endswith(" pho")
    assert len(text.clean("b" + "\U0001d165\U0001e8d0" * 20_000)) < 40
    assert time.process_time() - began < 2


def test_marks_that_a_language_writes_are_all_kept() -> None:
    written = unicodedata.normalize("NFD", "Ở đây ặ ") * 100 + "z" + "\u0301" * 29
    assert text.portable(written) == unicodedata.normalize("NFC", written)


def test_texts_are_put_in_order_by_one_function() -> None:
    allowed = {"letters.py", "key.py"}  # the second derives keys of passphrases: what it does may never change
    code = {path: path.read_text("utf-8") for path in Path(kcdesk.__file__).parent.rglob("*.py")}
    assert {path.name for path, lines in code.items() if "unicodedata.normalize(" in lines} == allowed

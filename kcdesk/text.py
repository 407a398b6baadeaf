"""Vietnamese text: cleaning, search folding, sort order, and how numbers, money and dates are shown.

Dates follow NĐ 30/2020 (a day below 10 and the months 1 and 2 get a leading zero); a dot groups thousands, a
comma starts the decimals. How they are read stands in `notations`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter

from kcdesk import letters

# Line ends of every system; Word pastes its soft line break as a vertical tab.
_LINE_ENDS = re.compile("\r\n|[\r\v\f\u0085\u2028\u2029]")
# Characters that no paper, workbook (XML) or UTF-8 file can carry, and invisible marks that turn the writing direction.
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)
# As above with the line ends that `portable` replaces: nothing that this program writes has them.
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_ACCENTS = re.compile("[\u0300-\u036f]")
# The meaning of `fold`, `tokens`, `index_words` and `sort_key`; raise it with every change of what they give, so that
# stores index their records again.
KEYS_VERSION = 3
# Vietnamese small letters, within a set of a pattern.
SMALL_LETTERS = "a-zàảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ"
_WORD_CHANGE = re.compile(f"(?<=[{SMALL_LETTERS}])(?=[{SMALL_LETTERS.upper()}])")
# The plain small letter of each composed Vietnamese one.
_FOLDED = {
    ord(letter): "d" if letter in "đĐ" else letters.normalized("NFD", letter)[0].lower()
    for letter in f"{SMALL_LETTERS[3:]}{SMALL_LETTERS[3:].upper()}ABCDEFGHIJKLMNOPQRSTUVWXYZ"
}
_WORD = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"[0-9]+")

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER_KEYS = {letter: chr(ord("A") + place) for place, letter in enumerate(_ALPHABET)}
_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng: the order of the dictionaries
_TONE_KEYS = {tone: chr(ord("!") + place) for place, tone in enumerate(_TONES)}

# Names that Windows reserves for devices; "con" is also a Vietnamese word.
_DEVICE_NAMES = frozenset({"con", "prn", "aux", "nul"})
_ALL_DEVICE_NAMES = _DEVICE_NAMES | {f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"}

# What spreadsheets take for the beginning of a formula, also in full width and after what they skip.
_LIKE_FORMULA = re.compile(r"[\s'\"\ufeff\u200b-\u200f\u2060]*[=+\-@＝＋－＠]|'*[\t\r]")
_PLAIN_NUMBER = re.compile(r"[+-]?\d[\d.,\s]*%?")

_JOINED_IN_NAMES = re.compile(r"(?<=\w)[/\\:|](?=\w)")  # 05/3/2018 becomes 05-3-2018
_UNNAMEABLE = re.compile(r"[^\w\u0300-\u036f\-.,()+&–]")


def clean(text: str) -> str:
    """A text as it is entered: what every file can carry (`portable`), repaired (`letters.repaired`)."""
    return text if letters.is_common(text) else letters.repaired(portable(text))


def portable(text: str) -> str:
    """The text in NFC, lines ending in LF, without control characters other than newline and tab."""
    if not text.isprintable():  # printable text holds none of these characters
        text = _UNWANTED.sub("", _LINE_ENDS.sub("\n", text))
    return letters.normalized("NFC", text)


def hides(text: str, *, single_line: bool = False) -> bool:
    """Whether a text from elsewhere holds what commands a terminal, fakes a line or turns the writing direction."""
    is_broken = single_line and ("\n" in text or "\t" in text)
    return is_broken or (not text.isprintable() and _HIDDEN.search(text) is not None)


def revealed(text: str) -> str:
    """The text for a terminal, with what it `hides` as «[U+001B]»: a terminal would obey."""
    return _HIDDEN.sub(lambda hidden: f"[U+{ord(hidden[0]):04X}]", text)


def printed(text: str) -> str:
    """The text as paper shows it: nothing that a file cannot carry, no soft hyphen in the middle of a word."""
    return letters.unbroken(portable(text))


def plain_code(text: str) -> str:
    """A code, an amount or a date as it is read: without unseen marks, full-width digits and letters as common ones."""
    return letters.unmarked(text)


def fold(text: str) -> str:
    """The text for searching and comparing: small plain letters, đ as d, look-alikes as one, single spaces.

    Letters of compatibility (full width, ligatures, raised digits) count as the common ones; unseen marks do not count.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    if letters.is_common(text):  # nearly all texts; what is below gives the same, ten times as slowly
        return " ".join(map(_plain_word, text.split()))
    lowered = letters.normalized("NFKD", letters.normalized("NFKD", letters.unmarked(text)).casefold())
    bare = letters.look_alike_keys(_ACCENTS.sub("", lowered).replace("đ", "d"))
    return " ".join(letters.normalized("NFC", bare).split())


@lru_cache(maxsize=20_000)  # Vietnamese has some 7,000 syllables
def _plain_word(word: str) -> str:
    return word.translate(_FOLDED)


def bare_code(text: str) -> str:
    """The folded letters and digits alone: «MAU-1», «mau 1» and «MAU1» are the same code; "" if there is no digit."""
    bare = "".join(tokens(text))
    return bare if any(letter.isdigit() for letter in bare) else ""


def tokens(text: str) -> list[str]:
    """The folded words of the text; punctuation separates."""
    return [token for words, _ in _words_of(text.split(" ")) for token in words]


def index_words(text: str) -> list[str]:
    """The words by which the text is found: its tokens, and the parts of words that a break or a capital may part.

    «HưngThịnh», with or without a soft hyphen inside, is found by «hungthinh» and by «hung thinh». A word that comes
    again may be left out.
    """
    pieces = list(_words_of(dict.fromkeys(text.split(" "))))
    words = [token for whole, _ in pieces for token in whole]
    if any(map(itemgetter(1), pieces)):
        words += (token for whole, parted in pieces for token in parted or whole)
    return words


_Tokens = tuple[str, ...]
_LONG_PIECE = 40  # letters between two spaces, from which no piece is remembered: it will not come again


def _words_of(pieces: Collection[str]) -> Iterable[tuple[_Tokens, _Tokens]]:
    """The tokens of each piece between spaces, and those of its parts; () if nothing parts it.

    No step of folding looks across a space, and texts have few different words: each is folded once.
    """
    is_short = max(map(len, pieces)) < _LONG_PIECE
    return map(_kept_words if is_short else _kept_words.__wrapped__, pieces)


@lru_cache(maxsize=20_000)
def _kept_words(piece: str) -> tuple[_Tokens, _Tokens]:
    whole = letters.normalized("NFC", piece)
    parted = _WORD_CHANGE.sub(" ", letters.BREAK.sub(" ", whole))
    return _folded_words(piece), () if parted == whole else _folded_words(parted)


def _folded_words(piece: str) -> _Tokens:
    return tuple(_WORD.findall(fold(piece)))


def all_begin(beginnings: Iterable[str], words: Collection[str]) -> bool:
    """Whether each of the beginnings begins one of the words; both are folded."""
    return all(any(word.startswith(beginning) for word in words) for beginning in beginnings)


def slug(text: str) -> str:
    """The text as part of a file name on any system: folded words and hyphens, at most 60 characters."""
    words = re.findall("[a-z0-9]+", fold(text))
    name = "-".join(words)[:60].strip("-") or "khong-ten"
    return f"{name}-1" if name in _DEVICE_NAMES else name


def file_name(text: str) -> str:
    """The text as the name of a file (without its suffix) that Windows, macOS and Linux take, letters kept.

    At most 120 characters and 220 bytes: the longest name on Linux, less a suffix and the marks that the name carries
    while the file is being written.
    """
    plain = _JOINED_IN_NAMES.sub("-", letters.unmarked(text))
    name = " ".join(_UNNAMEABLE.sub(" ", plain).split())[:120].encode()[:220].decode(errors="ignore")
    name = name.strip(" .-")
    is_device = fold(name.partition(".")[0]).strip() in _ALL_DEVICE_NAMES
    return f"_{name}" if is_device else name or "Không tên"


def sort_key(text: str) -> str:
    """A string whose code points sort as a Vietnamese dictionary: syllable by syllable, letters before tones.

    Numbers sort by value, "hoà" and "hòa" alike, capitals and punctuation do not count.
    """
    words = _WORD.findall(_ACCENTS.sub("", letters.unmarked(text)).lower())
    return " ".join(_word_key(word) for word in words)


@lru_cache(maxsize=10_000)  # Vietnamese has some 7,000 syllables
def _word_key(word: str) -> str:
    """Letters and numbers first, then the tones: both sort above the space between words."""
    if word.isascii() and word.isdigit():
        return word.zfill(15)
    letters: list[str] = []
    tones: list[str] = []
    for character in word:
        bare, tone = _split_tone(character)
        letters.append(_LETTER_KEYS.get(bare, bare))
        tones.append(_TONE_KEYS.get(tone, ""))
    padded = _DIGITS.sub(lambda number: number[0].zfill(15), "".join(letters))
    return padded + "".join(tones)


def _split_tone(character: str) -> tuple[str, str]:
    """A letter of the alphabet and its tone mark; foreign accents are dropped."""
    parts = letters.normalized("NFD", character)
    tone = next((mark for mark in parts if mark in _TONE_KEYS), "")
    letter = letters.normalized("NFC", parts.replace(tone, "")) if tone else character
    return (letter, tone) if letter in _LETTER_KEYS else (_ACCENTS.sub("", parts), tone)


def format_integer(number: int) -> str:
    """Write 1250000 as "1.250.000"."""
    return f"{number:,}".replace(",", ".")


def format_decimal(number: Decimal | str) -> str:
    """Write a decimal number ("46.7") as "46,7", with all its digits."""
    return f"{Decimal(number):,f}".translate(str.maketrans(",.", ".,"))


def format_number(number: int | float) -> str:
    """Write a whole number or a decimal number, each as above."""
    return format_integer(number) if isinstance(number, int) else format_decimal(str(number))


def format_date(day: date) -> str:
    """Write a date as "05/3/2026"."""
    return f"{day.day:02}/{_month(day)}/{day.year}"


def date_in_words(day: date) -> str:
    """Write a date as "ngày 05 tháng 3 năm 2026"."""
    return f"ngày {day.day:02} tháng {_month(day)} năm {day.year}"


def _month(day: date) -> str:
    return f"{day.month:02}" if day.month < 3 else str(day.month)


def money_in_words(amount: int) -> str:
    """Write an amount in đồng in words, as accountants read it: 1001 is "Một nghìn không trăm linh một đồng"."""
    sign = "âm " if amount < 0 else ""
    words = f"{sign}{_in_words(abs(amount))} đồng"
    return words[0].upper() + words[1:]


def _in_words(number: int) -> str:
    from vn_numberwords import number_to_words  # only amounts in words pay for it

    billions, rest = divmod(number, 10**9)
    if billions < 1000:
        return str(number_to_words(number))
    # From a thousand tỷ on, the library writes "tỷ" twice; accountants read the number of tỷ as a single number.
    below = str(number_to_words(10**9 + rest)).removeprefix("một tỷ")
    return f"{_in_words(billions)} tỷ{below}"


def disarmed(cell: str) -> str:
    """The text of a cell that no spreadsheet takes for a formula when it is pasted or read from a CSV file.

    A number stays a number; any other text that begins like a formula gets an apostrophe, which `rearmed` takes away.
    """
    return f"'{cell}" if _LIKE_FORMULA.match(cell) and not _PLAIN_NUMBER.fullmatch(cell) else cell


def rearmed(cell: str) -> str:
    """The text of a pasted cell without the apostrophe of `disarmed`."""
    return cell[1:] if cell.startswith("'") and disarmed(cell[1:]) == cell else cell


def disarmed_lines(lines: str) -> str:
    """Lines with tabs between the cells, each cell as `disarmed`; those that are disarmed already stay."""
    cells = (
        (cell if rearmed(cell) != cell else disarmed(cell) for cell in line.split("\t")) for line in lines.split("\n")
    )
    return "\n".join(map("\t".join, cells))


def first_few(names: Sequence[str], most: int, separator: str) -> str:
    """The first names for a sentence, with an ellipsis if there are more: «Xưởng A; Xưởng B; …»."""
    return separator.join([*names[:most], *(["…"] if len(names) > most else [])])


def lower_first(text: str) -> str:
    """The text with a small first letter, for use inside a sentence; an abbreviation in capitals (MST) stays."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def upper_first(text: str) -> str:
    """The text with a capital first letter."""
    return text[:1].upper() + text[1:]


def roman(number: int) -> str:
    """4 as IV; up to 39."""
    tens, ones = divmod(min(number, 39), 10)
    return "X" * tens + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[ones]

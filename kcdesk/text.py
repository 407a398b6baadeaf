"""Vietnamese text: cleaning, search folding, sort order, and numbers, money and dates as people write them.

Dates follow NĐ 30/2020 (a day below 10 and the months 1 and 2 get a leading zero); a dot groups thousands, a
comma starts the decimals. Text that cannot be read raises ValueError with a sentence that may be shown to the user.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal
from functools import lru_cache

# Line ends of every system; Word pastes its soft line break as a vertical tab.
_LINE_ENDS = re.compile("\r\n|[\r\v\f\u0085\u2028\u2029]")
# Characters that no paper, workbook (XML) or UTF-8 file can carry, and invisible marks that turn the writing direction.
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)
_ACCENTS = re.compile("[\u0300-\u036f]")
_WORD = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"[0-9]+")

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER_KEYS = {letter: chr(ord("A") + place) for place, letter in enumerate(_ALPHABET)}
_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng: the order of the dictionaries
_TONE_KEYS = {tone: chr(ord("!") + place) for place, tone in enumerate(_TONES)}

# Names that Windows reserves for devices; "con" is also a Vietnamese word.
_DEVICE_NAMES = frozenset({"con", "prn", "aux", "nul"})
_ALL_DEVICE_NAMES = _DEVICE_NAMES | {f"{port}{number}" for port in ("com", "lpt") for number in "0123456789¹²³"}

_JOINED_IN_NAMES = re.compile(r"(?<=\w)[/\\:|](?=\w)")  # 05/3/2018 becomes 05-3-2018
_UNNAMEABLE = re.compile(r"[^\w\-.,()+&–]")


def clean(text: str) -> str:
    """The text in NFC, lines ending in LF, without control characters other than newline and tab."""
    if not text.isprintable():  # printable text holds none of these characters
        text = _UNWANTED.sub("", _LINE_ENDS.sub("\n", text))
    return unicodedata.normalize("NFC", text)


def fold(text: str) -> str:
    """The text for searching: lower case, no accents, đ as d, single spaces."""
    if text.isascii():
        return " ".join(text.lower().split())
    lowered = unicodedata.normalize("NFD", unicodedata.normalize("NFD", text).casefold())
    bare = _ACCENTS.sub("", lowered).replace("đ", "d")
    return " ".join(unicodedata.normalize("NFC", bare).split())


def bare_code(text: str) -> str:
    """The folded letters and digits alone: «MAU-1», «mau 1» and «MAU1» are the same code; "" if there is no digit."""
    bare = "".join(tokens(text))
    return bare if any(letter.isdigit() for letter in bare) else ""


def tokens(text: str) -> list[str]:
    """The folded words of the text; punctuation separates."""
    return _WORD.findall(fold(text))


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
    plain = _JOINED_IN_NAMES.sub("-", unicodedata.normalize("NFC", text))
    name = " ".join(_UNNAMEABLE.sub(" ", plain).split())[:120].encode()[:220].decode(errors="ignore")
    name = name.strip(" .-")
    is_device = fold(name.partition(".")[0]).strip() in _ALL_DEVICE_NAMES
    return f"_{name}" if is_device else name or "Không tên"


def sort_key(text: str) -> str:
    """A string whose code points sort as a Vietnamese dictionary: syllable by syllable, letters before tones.

    Numbers sort by value, "hoà" and "hòa" alike, capitals and punctuation do not count.
    """
    words = _WORD.findall(unicodedata.normalize("NFC", text).lower())
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
    parts = unicodedata.normalize("NFD", character)
    tone = next((mark for mark in parts if mark in _TONE_KEYS), "")
    letter = unicodedata.normalize("NFC", parts.replace(tone, "")) if tone else character
    return (letter, tone) if letter in _LETTER_KEYS else (_ACCENTS.sub("", parts), tone)


def format_integer(number: int) -> str:
    """Write 1250000 as "1.250.000"."""
    return f"{number:,}".replace(",", ".")


def format_decimal(number: Decimal | str) -> str:
    """Write a decimal number ("46.7") as "46,7", with all its digits."""
    return f"{Decimal(number):,f}".translate(str.maketrans(",.", ".,"))


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


_VIETNAMESE_NUMBER = re.compile(r"(?:[1-9][0-9]{0,2}(?:([. ])[0-9]{3})(?:\1[0-9]{3})*|[0-9]+)(?:,[0-9]+)?")
_ENGLISH_NUMBER = re.compile(r"[1-9][0-9]{0,2}(?:,[0-9]{3})+\.[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3}){2,}")
_PLAIN_NUMBER = re.compile(r"[0-9]+\.[0-9]+")


def parse_decimal(text: str) -> Decimal:
    """Read a number as people write it ("1.234,5", "46,7", also "46.7", "1,234,567.8"); not for stored numbers.

    "1.234" is one thousand two hundred and thirty-four and "1,234" a decimal, as Vietnamese writes them.
    """
    written = " ".join(text.replace("−", "-").split())
    sign = -1 if written.startswith("-") else 1
    digits = written.removeprefix("-" if sign < 0 else "+").strip()
    if _VIETNAMESE_NUMBER.fullmatch(digits):
        return sign * Decimal(digits.translate(str.maketrans(",", ".", ". ")))
    if _ENGLISH_NUMBER.fullmatch(digits) or _PLAIN_NUMBER.fullmatch(digits):
        return sign * Decimal(digits.replace(",", ""))
    raise ValueError(f"“{_shown(text)}” không phải là số; hãy nhập chữ số, ví dụ 1.234 hoặc 46,7.")


def parse_integer(text: str) -> int:
    """Read a whole number as people write it: "1.234"."""
    number = parse_decimal(text)
    if number != int(number):
        raise ValueError(f"“{_shown(text)}” không phải là số nguyên; hãy nhập số không có phần lẻ.")
    return int(number)


_CURRENCY = re.compile(r"\s*(?:đồng|vnđ|vnd|đ|₫)\s*$")
_MONEY_PART = re.compile(r"\s*([^a-zđư]*[0-9])\s*(tỷ|tỉ|ty|triệu|trieu|tr|nghìn|nghin|ngàn|ngan|k)(?![a-zà-ỹđ])\s*")
_MULTIPLIERS = {"ty": 10**9, "ti": 10**9, "trieu": 10**6, "tr": 10**6, "nghin": 1000, "ngan": 1000, "k": 1000}


def parse_money(text: str) -> int:
    """Read an amount in whole đồng: "1.250.000.000", "1,25 tỷ", "300tr", "1 tỷ 250 triệu đồng"."""
    written = _CURRENCY.sub("", unicodedata.normalize("NFC", text).lower())
    try:
        amount = _scaled(written) if _MONEY_PART.match(written) else parse_decimal(written)
    except ValueError:
        raise ValueError(
            f"“{_shown(text)}” không phải là số tiền; hãy nhập ví dụ 300.000.000 hoặc 300 triệu."
        ) from None
    if amount != int(amount):
        raise ValueError(f"“{_shown(text)}” không phải là số đồng chẵn; hãy bỏ phần lẻ.")
    return int(amount)


def _scaled(written: str) -> Decimal:
    """The sum of "1 tỷ 250 triệu"; each part must be smaller than the unit before it."""
    total, position, limit = Decimal(0), 0, Decimal("Infinity")
    while position < len(written):
        part = _MONEY_PART.match(written, position)
        if part is None:
            raise ValueError(written)
        multiplier, amount = _MULTIPLIERS[fold(part[2])], parse_decimal(part[1])
        if abs(amount * multiplier) >= limit or (total and amount < 0):
            raise ValueError(written)
        total += amount * multiplier if total >= 0 else -amount * multiplier
        position, limit = part.end(), Decimal(multiplier)
    return total


_DATE_FORMS = (
    re.compile(r"(?P<d>[0-9]{1,2})\s*([/.\- ])\s*(?P<m>[0-9]{1,2})\s*\2\s*(?P<y>[0-9]{4}|[0-9]{2})"),
    re.compile(r"(?P<y>[0-9]{4})([-/.])(?P<m>[0-9]{1,2})\2(?P<d>[0-9]{1,2})(?:[t ]00:00(?::00)?)?"),
    re.compile(r"(?P<y>(?:19|20)[0-9]{2})(?P<m>0[1-9]|1[0-2])(?P<d>[0-9]{2})"),
    re.compile(r"(?P<d>[0-9]{2})(?P<m>[0-9]{2})(?P<y>[0-9]{4})"),
    re.compile(r"(?:ngay )?(?P<d>[0-9]{1,2}) thang (?P<m>[0-9]{1,2}) nam (?P<y>[0-9]{4})"),
)
_FIRST_YEAR, _LAST_YEAR = 1900, 2199  # a year outside this range is a typing mistake


def parse_date(text: str) -> date:
    """Read a date as people write it: "5/3/26", "05.3.2026", "20260305", "2026-03-05", "05 tháng 3 năm 2026"."""
    written = fold(text)
    match = next(filter(None, (form.fullmatch(written) for form in _DATE_FORMS)), None)
    if match is None:
        raise ValueError(f"“{_shown(text)}” không phải là ngày; hãy nhập ví dụ 5/3/2026.")
    day, month, year = int(match["d"]), int(match["m"]), _full_year(match["y"])
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        raise ValueError(f"Năm {year} không hợp lý; hãy nhập năm từ {_FIRST_YEAR} đến {_LAST_YEAR}.")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"Ngày {day}/{month}/{year} không có trong lịch; hãy xem lại ngày và tháng.") from None


def _full_year(digits: str) -> int:
    """Two digits mean the years 1970 to 2069."""
    year = int(digits)
    if len(digits) > 2:
        return year
    return year + (2000 if year < 70 else 1900)


def _shown(text: str) -> str:
    """The text, shortened to at most 40 characters so that a sentence can quote it."""
    line = " ".join(clean(text).split())
    return line if len(line) <= 40 else f"{line[:39]}…"


def lower_first(text: str) -> str:
    """The text with a small first letter, for use inside a sentence; an abbreviation in capitals (MST) stays."""
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]

"""The codes of letters from before Unicode, and Unicode that was read as another code: how each is converted."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable
from functools import cache, partial

from kcdesk import paths
from kcdesk.letters import normalized
from kcdesk.runtime.frozen import Value

_UNICODE = re.compile("[ĂăĐđĨĩŨũƠơƯưẠ-ỹ]|[a-zA-Z][\u0300-\u0323]")
_LETTER = re.compile(r"[^\W\d_]+")


class LetterCode(Value):
    """One code: how a text that is written in it becomes Unicode."""

    key: str
    name: str  # for the officer
    converted: Callable[[str], str]  # gives back what is not written in this code
    signs: re.Pattern[str]  # a text without them is not in this code
    excluded: re.Pattern[str] | None = _UNICODE  # a text with these is not in this code
    fonts: str = ""  # how the names of its fonts begin, in small letters
    decisive: re.Pattern[str] | None = None  # what some word must have, besides being Vietnamese afterwards

    def may_hold(self, written: str) -> bool:
        """Whether a text can be in this code."""
        return self.signs.search(written) is not None and not (self.excluded and self.excluded.search(written))


@cache
def letter_codes() -> tuple[LetterCode, ...]:
    """All codes; the tables are read from `resources/letter_codes.toml` once."""
    tables = tomllib.loads((paths.resources() / "letter_codes.toml").read_text(encoding="utf-8"))
    return (
        _tcvn3(_pairs(tables["tcvn3"]["letters"])),
        _vni(_pairs(tables["vni"]["letters"])),
        LetterCode("viqr", "VIQR", _from_viqr, _VIQR, re.compile(r"[^\x00-\x7f]"), decisive=_VIQR_SHAPES),
        LetterCode("windows-1258", "Windows-1258", _from_1258, re.compile("[ÌÒÞìòÐðÕõÝýÃã]"), _UNICODE),
        *(_misread(page, name) for page, name in _PAGES.items()),
    )


def _pairs(rows: list[list[str]]) -> dict[str, str]:
    """The letter for each sign or pair of signs."""
    return {
        sign: letter
        for letters, signs in rows
        for letter, sign in zip(letters.split(" "), signs.split(" "), strict=True)
    }


# -- TCVN3 ---------------------------------------------------------------------------------------------------------


def _tcvn3(letters: dict[str, str]) -> LetterCode:
    table = str.maketrans(letters)
    strange = "".join(chr(code) for code in range(0xC0, 0x100) if chr(code) not in letters)
    return LetterCode(
        "tcvn3",
        "TCVN3 (ABC)",
        lambda written: in_capitals(written.translate(table), written),
        re.compile(f"[{''.join(map(re.escape, letters))}]"),
        re.compile(f"{_UNICODE.pattern}|[{strange}]"),
        fonts=".vn",
    )


def in_capitals(converted: str, written: str) -> str:
    """A converted text in which words of capitals are wholly so: TCVN3 has small letters with tones alone.

    A word counts as capitals if its plain letters are; one without two of them, if those of the text are.
    """
    plain = [letter for letter in written if letter.isascii() and letter.isalpha()]
    all_capital = len(plain) > 1 and all(letter.isupper() for letter in plain)

    def capital(word: re.Match[str]) -> str:
        own = [letter for letter in word[0] if letter.isascii()]
        is_capital = all(letter.isupper() for letter in own) if len(own) > 1 else all_capital
        return word[0].upper() if is_capital else word[0]

    return _LETTER.sub(capital, converted)


# -- VNI -----------------------------------------------------------------------------------------------------------


def _vni(letters: dict[str, str]) -> LetterCode:
    table = dict(letters)
    for signs, letter in letters.items():
        table[signs.upper()] = table[signs[0].upper() + signs[1:]] = letter.upper()
    pattern = re.compile("|".join(map(re.escape, sorted(table, key=len, reverse=True))))
    return LetterCode(
        "vni", "VNI", lambda written: pattern.sub(lambda signs: table[signs[0]], written), pattern, fonts="vni-"
    )


# -- VIQR ----------------------------------------------------------------------------------------------------------

_VIQR_MARKS = {
    "(": "\u0306",
    "^": "\u0302",
    "+": "\u031b",
    "*": "\u031b",
    "`": "\u0300",
    "?": "\u0309",
    "~": "\u0303",
    "'": "\u0301",
    ".": "\u0323",
}
_VIQR = re.compile(
    r"\\([(^+*`?~'.dD\\])|([dD])([dD])|(?:([aA][(^]?|[eE]\^?|[oO][\^+*]?|[uU][+*]?|[iIyY])([`?~'.]?))"
    r"(?<=[(^+*`?~'.])"
)
_VIQR_SHAPES = re.compile(r"[aA][(^]|[eE]\^|[oO][\^+]|[uU]\+")
_UNSURE_MARK = re.compile(r"(?<![^\s(])[A-Za-z]*[aeiouyAEIOUY][.?](?=\s*(?:[,;:)]|$))")


def _from_viqr(written: str) -> str:
    return _VIQR.sub(_viqr_letter, written)


def _viqr_letter(signs: re.Match[str]) -> str:
    escaped, first_d, _second_d, shape, tone = signs.groups()
    if escaped:
        return str(escaped)
    if first_d:
        return "Đ" if first_d == "D" else "đ"
    marks = "".join(_VIQR_MARKS[mark] for mark in f"{shape[1:]}{tone}")
    return normalized("NFC", f"{shape[0]}{marks}")


def ends_like_sentence(written: str) -> bool:
    """Whether a word without other marks ends in a dot or a question mark, which VIQR uses as tones too: «Co.»."""
    return _UNSURE_MARK.search(written) is not None


# -- Windows-1258, and Unicode read as something else --------------------------------------------------------------

# What each page makes of UTF-8: the name says how it comes about.
_PAGES = {
    "cp1252": "Unicode (UTF-8) đọc nhầm",
    "cp1258": "Unicode (UTF-8) đọc nhầm là Windows-1258",
    "cp437": "Unicode (UTF-8) đọc nhầm là DOS",
    "mac_roman": "Unicode (UTF-8) đọc nhầm là Mac",
}
_LOST_SPACE = re.compile("(Ã|áº|á») (?=[ ,.;:)]|$)")  # a space that does not break has become a common one


def _from_1258(written: str) -> str:
    try:
        return normalized("NFC", _as_bytes(written, "cp1252").decode("cp1258"))
    except UnicodeError:
        return written


def _misread(page: str, name: str) -> LetterCode:
    leads = "".join(filter(str.isprintable, (_decoded(byte, page) for byte in (0xC3, 0xC4, 0xC5, 0xC6, 0xE1))))
    signs = re.compile(f"[{re.escape(leads)}]")
    return LetterCode(f"utf-8-as-{page}", name, partial(_from_misread, page=page), signs, excluded=None)


def _decoded(byte: int, page: str) -> str:
    return bytes([byte]).decode(page, errors="ignore")


def _from_misread(written: str, page: str) -> str:
    """The text whose bytes were read as another code, also twice over; a word that was read rightly stays."""
    for _time in range(2):
        again = " ".join(_word_from_misread(word, page) for word in _LOST_SPACE.sub("\\1\u00a0", written).split(" "))
        if again == written:
            break
        written = again
    return written


def _word_from_misread(word: str, page: str) -> str:
    if word.isascii():
        return word
    try:
        return _as_bytes(word, page).decode("utf-8")
    except UnicodeError:
        return word


def _as_bytes(written: str, page: str) -> bytes:
    """The bytes that a code page shows as this text; those that it leaves open stand for themselves."""
    return b"".join(_as_byte(letter, page) for letter in written)


def _as_byte(letter: str, page: str) -> bytes:
    try:
        return letter.encode(page)
    except UnicodeError:
        return letter.encode("latin-1")

"""Letters as they arrive from keyboards, web pages and old files, and what each of them counts as.

A text that an officer reads keeps every letter that has a meaning (`repaired`). A code, an amount or a date has no
place for a mark that nobody sees (`unmarked`). Two texts that look alike have the same key (`look_alike_keys`).
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Literal

# Marks that turn the writing direction or join nothing: no text needs them.
_UNSEEN = "\u034f\u061c\u115f\u1160\u180b-\u180e\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb"
_TAGS = "\U000e0000-\U000e0fff"
_BREAKS = "\u00ad\u200b"  # soft hyphen, space without width: they may stand where two words meet
_JOINERS = "\u200c\u200d"  # in emoji and in scripts such as Khmer
_SELECTORS = "\ufe00-\ufe0f"
_WESTERN = "\\s!-\u024f\u02b0-\u036f\u1e00-\u1eff\u2000-\u200a\u2010-\u205f"  # no joiner and no selector belongs here
# Scripts whose vowels are marks of their own, so that a letter is not all that stands beside a break.
_MARKED_SCRIPTS = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\uaa00-\uaa5f"

_SURELY_UNSEEN = re.compile(f"[{_UNSEEN}{_TAGS}]")
_LOST_JOINERS = re.compile(rf"(?<![^{_WESTERN}])[{_JOINERS}]+|[{_JOINERS}]+(?![^{_WESTERN}])")
_LOST_SELECTORS = re.compile(rf"(?<![^A-Za-z\s\u00c0-\u024f\u1e00-\u1eff])[{_SELECTORS}]+")
_BREAK_RUN = re.compile(f"[{_BREAKS}]+")
_BEFORE_BREAK = re.compile(rf"[^\W\d_]|[\u0300-\u036f{_MARKED_SCRIPTS}]")
_AFTER_BREAK = re.compile(rf"[^\W\d_]|[{_MARKED_SCRIPTS}]")
_ALL_UNSEEN = re.compile(f"[{_UNSEEN}{_TAGS}{_BREAKS}{_JOINERS}{_SELECTORS}]")
_WESTERN_BREAKS = re.compile(rf"[{_BREAKS}](?![{_MARKED_SCRIPTS}])")
BREAK = re.compile(rf"[{_BREAKS}]")

# Letters that look like Đ and are none: Icelandic eth, African d with a tail.
_LIKE_D = {"Ð": "Đ", "Ɖ": "Đ", "ð": "đ", "ɖ": "đ"}
_HAS_LIKE_D = re.compile("[ÐƉðɖ]")
_FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | {0x3000: " "}
_HAS_FULL_WIDTH = re.compile("[\uff01-\uff5e\u3000]")

# Small Cyrillic and Greek letters whose small or capital form looks like a Latin one; also quotes and dashes.
_KEYS = str.maketrans(
    "авекмнорстухіјѕһԁԛԝ" + "αβεζηικνορτυχ" + "đðɖɗøłıʼ‘’‛“”„«»‐‑‒–—―−",
    "abekmhopctyxijshdqw" + "abezhiknoptyx" + 'ddddoli\'\'\'\'"""""-------',
)


_HARMLESS = 500  # letters that are put in order in no time, whatever they are

NormalForm = Literal["NFC", "NFD", "NFKC", "NFKD"]

_COMPOSED = "ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúýĂăĐđĨĩŨũƠơƯưẠ-ỹ"
_COMMON = re.compile(f"[ -~{_COMPOSED}]*")


def normalized(form: NormalForm, text: str) -> str:
    """The text in a form of Unicode; marks beyond the thirtieth on one letter are left out.

    Putting marks in order takes time with the square of their number: a cell of 200 kB took a minute. No language
    writes more than thirty (UAX #15 calls such texts stream-safe).
    """
    if len(text) > _HARMLESS and not text.isascii():
        text = _heaps(is_far=max(text) > "\uffff").sub(r"\1", text)
    return unicodedata.normalize(form, text)


@lru_cache(maxsize=2)
def _heaps(*, is_far: bool) -> re.Pattern[str]:
    """Finds more than thirty marks on one letter; group 1 are those that stay. With far ones it is slower by far."""
    marks = "".join(filter(unicodedata.combining, map(chr, range(0x300, 0x1F000 if is_far else 0x10000))))
    return re.compile(f"([{marks}]{{30}})[{marks}]+")


def is_common(text: str) -> bool:
    """Whether a text has only plain signs and composed Vietnamese letters: nothing in it is to be repaired."""
    return _COMMON.fullmatch(text) is not None


# Words of the old codes TCVN3 and VNI: signs between letters, in a text without a letter of Unicode's Vietnamese.
_OLD_CODE = re.compile(r"(?<=[A-Za-z])[¨©ª«¬®µ¶·¸¹»¼½¾Ö×ÞÜßäåæçëîïñöø÷ûüþ]|(?<![^\W_])[§®](?=[A-Za-z])")
_VIETNAMESE = re.compile("[ĂăĐđĨĩŨũƠơƯưẠ-ỹ]")


def is_old_code(text: str) -> bool:
    """Whether a text seems to be written in TCVN3 or VNI: «C«ng ty H­ng ThÞnh», where Ð is é and a soft hyphen is ư."""
    return _OLD_CODE.search(text) is not None and _VIETNAMESE.search(text) is None


def repaired(text: str) -> str:
    """The text without marks that nobody sees, and with Đ for the letters that look like it; composed (NFC).

    A soft hyphen or a space without width stays between two letters, where it may part two words. A text in an old code
    stays as it is, so that it can still be converted.
    """
    if not text.isascii() and not is_old_code(text):
        if not text.isprintable() or _ALL_UNSEEN.search(text):
            text = _without_lost_marks(text)
        text = _with_d(text)
    return normalized("NFC", text)


def _without_lost_marks(text: str) -> str:
    seen = _LOST_SELECTORS.sub("", _LOST_JOINERS.sub("", _SURELY_UNSEEN.sub("", text)))
    return _BREAK_RUN.sub(_break, seen)


def _break(run: re.Match[str]) -> str:
    """What stays of a run of breaks: its first one between two letters, else nothing."""
    before, after = run.string[run.start() - 1 : run.start()], run.string[run.end() : run.end() + 1]
    return run[0][0] if _BEFORE_BREAK.match(before) and _AFTER_BREAK.match(after) else ""


def _with_d(text: str) -> str:
    return _HAS_LIKE_D.sub(lambda letter: _LIKE_D[letter[0]], text) if _HAS_LIKE_D.search(text) else text


def unmarked(text: str) -> str:
    """The text of a code, an amount or a date: nothing unseen, full-width characters as common ones; composed (NFC)."""
    if text.isascii():
        return text
    bare = _with_d(_ALL_UNSEEN.sub("", text))
    if _HAS_FULL_WIDTH.search(bare):
        bare = bare.translate(_FULL_WIDTH)
    return normalized("NFC", bare)


def unbroken(text: str) -> str:
    """The text for paper, on which a soft hyphen would be seen."""
    return _WESTERN_BREAKS.sub("", text) if BREAK.search(text) else text


def look_alike_keys(folded: str) -> str:
    """A folded text with one letter for all that look like it."""
    return folded if folded.isascii() else folded.translate(_KEYS)

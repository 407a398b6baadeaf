"""Addresses as people write them: «P. Cái Khế, Q. Ninh Kiều, TP. Cần Thơ», «Q10, P4, TP.HCM»."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from datetime import date
from functools import cached_property

from kcdesk.letters import normalized
from kcdesk.runtime.frozen import Value
from kcdesk.text import fold, plain_code, sort_key

REFORM = date(2025, 7, 1)  # the districts ended, communes and provinces were merged and have other codes since then
REFORM_DAY = "01/7/2025"  # as addresses write it

_WORD = re.compile(r"[^\W_]+")
_KINDS = {
    "p": "phường",
    "f": "phường",
    "q": "quận",
    "h": "huyện",
    "x": "xã",
    "t": "tỉnh",
    "tp": "thành phố",
    "tx": "thị xã",
    "tt": "thị trấn",
    "đk": "đặc khu",
}
_CITIES = {"hcm": "Hồ Chí Minh", "tphcm": "thành phố Hồ Chí Minh", "tpct": "thành phố Cần Thơ"}
_SPELLED = {fold(short): f" {written} " for short, written in (_KINDS | _CITIES).items()}
_ALONE = frozenset({"tp", "tx", "tt", *_CITIES})  # short forms that need no dot and no number
# «P.», «P4», «P. 04»; «TP», «HCM»; a letter alone stays: it may be the beginning of a word that is being typed.
_MOST_WORDS = 200  # of an address; that of a commune with its names before the reform has about 30
_SHORT = re.compile(r"(?<![^\W_])([PFQHXTĐK]{1,2})(\s*\.\s*|\s*(?=[0-9]))", re.IGNORECASE)
_SHORT_WORD = re.compile(rf"(?<![^\W_])({'|'.join(sorted(_ALONE, key=len, reverse=True))})(?![^\W_])", re.IGNORECASE)
_CAPITAL_ALONE = re.compile(r"(?<![^\W_.])([PQHX])(?=\s+[A-ZĐÀ-ỸƠƯ])")  # «P Cái Khế, Q Ninh Kiều»
_ZERO = re.compile(r"(?<![^\W_])0+(?=[0-9])")
_REFORM_WORDS = " ".join(_ZERO.sub("", f"truoc {REFORM_DAY}").replace("/", " ").split())
_APOSTROPHES = str.maketrans("", "", "’‘ʼ'`")


def plain_words(written: str) -> list[str]:
    """The words in plain letters, "y" as "i" (both spellings are used: Quý, Quí), without apostrophes (B’Lao)."""
    return _WORD.findall(plain(written))


def plain(written: str) -> str:
    """The folded text with "y" as "i" and without apostrophes."""
    return fold(written.translate(_APOSTROPHES)).replace("y", "i").translate(_APOSTROPHES)


def same_accents(first: str, second: str) -> bool:
    """Whether two names that fold alike have the same accents, wherever a tone stands; "y" counts as "i"."""
    return _accented(first) == _accented(second)


def _accented(name: str) -> str:
    parts = normalized("NFD", plain_code(name.translate(_APOSTROPHES)).lower()).replace("y", "i")
    return sort_key(normalized("NFC", parts))


_MOST_BEGINNINGS = 2_000  # that are kept


class WordBeginnings:
    """Texts by their words, so that those with a word of a certain beginning are found at once."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._places: dict[str, list[int]] = {}
        for place, text in enumerate(texts):
            for word in set(text.split()):
                self._places.setdefault(word, []).append(place)
        self._words = sorted(self._places)
        self._known: dict[str, set[int]] = {}

    def places(self, beginning: str) -> set[int]:
        """The numbers of the texts that have a word with this beginning."""
        if beginning not in self._known:
            first = bisect_left(self._words, beginning)
            last = bisect_left(self._words, f"{beginning}\U0010ffff", first)
            if len(self._known) >= _MOST_BEGINNINGS:
                self._known.clear()
            self._known[beginning] = set().union(*(self._places[word] for word in self._words[first:last]))
        return self._known[beginning]


class WrittenAddress(Value, dict=True):
    """A typed address or a part of it."""

    typed: str

    @cached_property
    def spelled(self) -> str:
        """The text with short forms written in full."""
        text = _SHORT.sub(lambda short: _SPELLED.get(fold(short[1]), short[0]), plain_code(self.typed))
        text = _CAPITAL_ALONE.sub(lambda short: _SPELLED[fold(short[1])], text)
        return _ZERO.sub("", _SHORT_WORD.sub(lambda short: _SPELLED[fold(short[1])], text))

    @cached_property
    def words(self) -> list[str]:
        """The words in plain letters, without the words "trước 01/7/2025"; none of a text that is no address.

        Comparing a text without end with ten thousand places takes minutes.
        """
        words = " ".join(plain_words(self.spelled)).replace(_REFORM_WORDS, "").split()
        return words if len(words) <= _MOST_WORDS else []

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """The parts between commas in plain letters."""
        parts = (" ".join(plain_words(part)) for part in self.spelled.split(","))
        return tuple(part for part in parts if part)

    def agrees(self, name: str) -> bool:
        """Whether the address holds the whole name, and with its accents wherever it has any."""
        own = plain_words(name)
        typed = _WORD.findall(plain_code(self.spelled.translate(_APOSTROPHES)))
        folded = [plain(word) for word in typed]
        for start in range(len(typed) - len(own) + 1):
            if folded[start : start + len(own)] == own:
                segment = " ".join(typed[start : start + len(own)])
                if segment.isascii() or same_accents(segment, name):
                    return True
        return False

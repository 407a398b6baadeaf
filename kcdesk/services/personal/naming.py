"""The words by which a person is looked for: names without accents, numbers by their digits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from kcdesk import text
from kcdesk.errors import UserError

_LEAST_DIGITS = 6  # of a number that is searched for
_LEAST_LETTERS = 2  # of a name
_ACCENTS = "[\u0300-\u036f]*"  # letters of Vietnamese may be written in two parts
_SPACES, _BETWEEN = r"\s+", "[ .-]?"  # between words, between digits
_LETTERS = (*range(0x41, 0x250), *range(0x1E00, 0x1F00))  # those of Vietnamese are among them


class PersonWords:
    """The words that name a person, compared without accents, capitals and spaces; numbers by their digits.

    UserError `nobody_named` if none of them is a name or a number.
    """

    def __init__(self, words: Sequence[str]) -> None:
        self._names = {folded for word in words if not digits_of(word) and _letters(folded := text.fold(word).strip())}
        self._numbers = {number for word in words if (number := digits_of(word))}
        if not self._names and not self._numbers:
            raise UserError(
                "Chưa có tên hay số nào để tìm.",
                code="nobody_named",
                hint="Hãy ghi họ tên, số căn cước, số điện thoại hoặc email.",
            )
        self.pattern = re.compile("|".join([*map(_name_pattern, self._names), *map(_number_pattern, self._numbers)]))

    def is_in(self, value: object) -> bool:
        """Whether a personal value names the person."""
        if not isinstance(value, str):
            return False
        number, folded = digits_of(value), f" {' '.join(text.fold(value).split())} "
        return number in self._numbers if number else any(f" {' '.join(n.split())} " in folded for n in self._names)

    def is_within(self, value: object) -> bool:
        """Whether a text that need not be personal mentions the person."""
        return isinstance(value, str) and self.pattern.search(value) is not None


def digits_of(word: str) -> str:
    """The digits of a number, with 0 in place of +84; "" for a text that is none."""
    digits = "".join(letter for letter in word if letter.isdigit())
    is_number = len(digits) >= _LEAST_DIGITS and all(letter.isdigit() or letter in " .-+()" for letter in word.strip())
    if not is_number:
        return ""
    return f"0{digits.removeprefix('84')}" if word.strip().startswith("+84") else digits


def _letters(word: str) -> bool:
    return sum(map(str.isalnum, word)) >= _LEAST_LETTERS


def _name_pattern(name: str) -> str:
    words = ("".join(_variants().get(letter, re.escape(letter)) for letter in word) for word in name.split())
    return rf"(?<!\w){_SPACES.join(words)}(?!\w)"


def _number_pattern(number: str) -> str:
    first, rest = (r"(?:\+84[ .-]?|0)", number[1:]) if number.startswith("0") else ("", number)
    return rf"(?<!\d){first}{_BETWEEN.join(rest)}(?!\d)"


@cache
def _variants() -> dict[str, str]:
    """The pattern of every plain letter: with each accent, small and capital."""
    letters: dict[str, list[str]] = {}
    for code in _LETTERS:
        if len(plain := text.fold(chr(code))) == 1 and plain.isalpha():
            letters.setdefault(plain, []).append(chr(code))
    return {plain: f"[{''.join(forms)}]{_ACCENTS}" for plain, forms in letters.items()}

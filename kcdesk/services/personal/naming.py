"""The words by which a person is looked for: names without accents, numbers by their digits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import chain

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
        numbers = chain.from_iterable(map(_number_beginnings, self._numbers))
        self.pattern = _joined([*map(_name_beginning, self._names), *numbers])

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


def _joined(beginnings: Iterable[tuple[str, str]]) -> re.Pattern[str]:
    """One pattern for all pairs of a first letter, as the inside of a class, and of what surrounds and follows it.

    It begins with a class, so that the rest is only tried where a first letter stands: that is three times as fast.
    """
    pairs = list(beginnings)
    firsts = "".join(first for first, _ in pairs)
    return re.compile(f"[{firsts}](?:{'|'.join(f'(?<=[{first}]){rest}' for first, rest in pairs)})")


def _name_beginning(name: str) -> tuple[str, str]:
    """A name as a pair for `_joined`: no letter stands before or after it."""
    whole = " ".join(name.split())
    first, rest = whole[0], "".join(_SPACES if letter == " " else _letter(letter) for letter in whole[1:])
    return _forms_of(first), rf"(?<!\w.){_ACCENTS if first.isalpha() else ''}{rest}(?!\w)"


def _number_beginnings(number: str) -> Iterator[tuple[str, str]]:
    """A number as pairs for `_joined`, one for each way to begin it: no digit stands before or after it."""
    rest = rf"{_BETWEEN}{_BETWEEN.join(number[1:])}(?!\d)"
    yield number[0], rf"(?<!\d.){rest}"
    if number.startswith("0"):
        yield re.escape("+"), rf"(?<!\d.)84{rest}"


def _letter(letter: str) -> str:
    """The pattern of a plain letter: with each accent, small and capital."""
    return f"[{_forms_of(letter)}]{_ACCENTS if letter.isalpha() else ''}"


def _forms_of(letter: str) -> str:
    return _variants().get(letter, re.escape(letter))


@cache
def _variants() -> dict[str, str]:
    """Every form of each plain letter, as the inside of a class."""
    letters: dict[str, list[str]] = {}
    for code in _LETTERS:
        if len(plain := text.fold(chr(code))) == 1 and plain.isalpha():
            letters.setdefault(plain, []).append(chr(code))
    return {plain: "".join(forms) for plain, forms in letters.items()}

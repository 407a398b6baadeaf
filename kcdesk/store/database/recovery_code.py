"""The recovery code on paper: eight groups of four letters, each with a letter that checks the other three.

A letter that was misread is so found in its group before anything is tried. Codes made before November 2026 had one
check of the whole; they stay valid until the next code is made.
"""

from __future__ import annotations

import base64
import hashlib
import secrets

_GROUPS, _LETTERS = 8, 4
LENGTH = _GROUPS * _LETTERS
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"  # of base32
_WEIGHTS = (1, 3, 5)  # odd: each wrong letter changes the sum
_OLD_RANDOM_BYTES = 19
_MISREAD = str.maketrans("018", "OIB")  # base32 has no 0, 1 and 8: letters that look like them


def new_code() -> str:
    """Make a code of 120 random bits."""
    drawn = ("".join(secrets.choice(_ALPHABET) for _ in _WEIGHTS) for _ in range(_GROUPS))
    return "".join(letters + _check_letter(place, letters) for place, letters in enumerate(drawn))


def format_code(code: str) -> str:
    """Write a code as it is printed, its groups joined by hyphens."""
    return "-".join(_groups(code))


def plain_code(typed: str) -> str:
    """Take the letters of a code as it was typed: with or without hyphens, spaces and capitals."""
    return "".join(typed.upper().split()).replace("-", "").translate(_MISREAD)


def is_code(typed: str) -> bool:
    """Whether the text is a code whose checks are right."""
    code = plain_code(typed)
    return len(code) == LENGTH and set(code) <= set(_ALPHABET) and (not wrong_groups(typed) or _is_old(code))


def is_meant_as_code(typed: str) -> bool:
    """Whether somebody has probably typed a code, right or wrong, and no passphrase."""
    groups = typed.replace(" ", "-").strip("-").split("-")
    letters = set(plain_code(typed)) - set("9")
    is_grouped = len(groups) >= _GROUPS // 2 and all(len(group) <= _LETTERS + 1 for group in groups)
    is_run = len(groups) == 1 and len(typed) >= LENGTH - 2 and typed == typed.upper()
    return letters <= set(_ALPHABET) and (is_grouped or is_run)


def wrong_groups(typed: str) -> list[int]:
    """The numbers, from 1, of the groups whose letters do not fit their check letter."""
    return [
        place + 1
        for place, group in enumerate(_groups(plain_code(typed)))
        if not set(group) <= set(_ALPHABET) or len(group) < _LETTERS or _check_letter(place, group[:-1]) != group[-1]
    ]


def _groups(code: str) -> list[str]:
    return [code[start : start + _LETTERS] for start in range(0, len(code), _LETTERS)]


def _check_letter(place: int, letters: str) -> str:
    """The check depends on the place too, so that two groups that were swapped are found."""
    weighted = sum(weight * _ALPHABET.index(letter) for weight, letter in zip(_WEIGHTS, letters, strict=True))
    return _ALPHABET[(weighted + 7 * place + 1) % len(_ALPHABET)]


def _is_old(code: str) -> bool:
    content = base64.b32decode(code)
    random, check = content[:_OLD_RANDOM_BYTES], content[_OLD_RANDOM_BYTES:]
    return check == hashlib.sha256(random).digest()[:1]

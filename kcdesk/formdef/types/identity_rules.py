"""Rules that compare a tax code or a personal identification number with what else a record says of its holder.

Structure of the number (Điều 13 NĐ 137/2015/NĐ-CP): three digits of the place of birth, one of century and sex, two of
the year of birth, six of chance.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from kcdesk.formdef.types.code_types import has_lost_zeros, is_personal_number

if TYPE_CHECKING:
    from kcdesk.formdef.scope import Scope

_PERSONAL = 12  # digits
_SEX = {"male": 0, "female": 1}  # the fourth digit, modulo 2


def lost_zeros(scope: Scope, names: tuple[str, ...]) -> dict[str, str] | None:
    """A code may be a personal number whose leading zeros a spreadsheet has dropped; the second name is that number."""
    code, *numbers = (_code(scope, name) for name in names)
    whole = code.zfill(_PERSONAL)
    if not has_lost_zeros(code) or any(number and number != whole for number in numbers):
        return None
    return {"value": scope.text(names[0]), "other": whole}


def digit_count(scope: Scope, names: tuple[str, ...], allowed: tuple[int, ...]) -> dict[str, str] | None:
    """The number of digits must be allowed; an empty code is a matter of `required`."""
    count = sum(character.isdigit() for character in _code(scope, names[0]))
    if not count or count in allowed:
        return None
    return {"value": scope.text(names[0]), "other": " hoặc ".join(map(str, allowed)), "difference": str(count)}


def same_number(scope: Scope, names: tuple[str, ...]) -> dict[str, str] | None:
    """Two personal numbers must be the same; other codes are not compared."""
    first, second = (_code(scope, name) for name in names)
    if first == second or not is_personal_number(first) or not is_personal_number(second):
        return None
    return {
        "value": scope.text(names[0]),
        "other_label": scope.field(names[1]).heading,
        "other": scope.text(names[1]),
    }


def born_in_year(scope: Scope, names: tuple[str, ...]) -> dict[str, str] | None:
    """The year of birth in a personal number must be the one that is written (second name)."""
    number, year = _code(scope, names[0]), scope.number(names[1])
    if year is None or not is_personal_number(number):
        return None
    born = 1900 + 100 * (int(number[3]) // 2) + int(number[4:6])
    return None if born == year else _differs(scope, names, str(born))


def sex_in_number(scope: Scope, names: tuple[str, ...]) -> dict[str, str] | None:
    """The sex in a personal number must be the one that is chosen (second name)."""
    number, chosen = _code(scope, names[0]), _code(scope, names[1])
    if chosen not in _SEX or not is_personal_number(number) or _SEX[chosen] == int(number[3]) % 2:
        return None
    return _differs(scope, names, "nữ" if chosen == "male" else "nam")


def _differs(scope: Scope, names: tuple[str, ...], read: str) -> dict[str, str]:
    other = names[1]
    return {"value": read, "other_label": scope.field(other).heading, "other": scope.text(other)}


def _code(scope: Scope, name: str) -> str:
    return "".join(str(value) for value in scope.values(name)[:1])

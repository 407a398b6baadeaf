"""What the cells of a column hold that means no field: read all the same, so that the officer sees what is left out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kcdesk.formdef.model import Field
from kcdesk.text import fold

_MONEY = re.compile(r"\b(?:gia|kinh phi|von|tien|ho tro|doanh thu|chi phi|dong|trd|vnd|du toan|thu nhap|luong)\b")
_DAY = re.compile(r"\b(?:ngay|thoi han|han)\b")
_YEAR = re.compile(r"\bnam\b")
_NUMBER = re.compile(r"\b(?:dien tich|cong suat|so luong|san luong|khoi luong|ty le|ha|m2|so lao dong)\b")
_NO_NUMBER = re.compile(r"\b(?:so gp|giay phep|so hieu|so quyet dinh|so qd|dien thoai|fax|ma)\b")
_BARE_YEAR = re.compile(r"(?:19|20)\d\d")
_SEPARATORS = re.compile(r"[_/]+")


def guessed_field(heading: str, texts: Sequence[str]) -> Field:
    """The field that a column without one would have, by its heading and some of its texts."""
    folded = _SEPARATORS.sub(" ", fold(heading))
    return Field(name="", type=_type(folded, texts), label=heading)


def are_years(texts: Sequence[str]) -> bool:
    """Whether most texts are nothing but a year."""
    return bool(texts) and sum(_BARE_YEAR.fullmatch(text) is not None for text in texts) * 2 > len(texts)


def _type(heading: str, texts: Sequence[str]) -> str:
    if _NO_NUMBER.search(heading):
        return "text"
    if _YEAR.search(heading) and are_years(texts):
        return "year"
    if _DAY.search(heading):
        return "date"
    if _MONEY.search(heading) and _have_digits(texts):
        return "money"
    if _NUMBER.search(heading) and _have_digits(texts):
        return "decimal"
    return "text"


def _have_digits(texts: Sequence[str]) -> bool:
    return any(any(map(str.isdigit, text)) for text in texts)

"""What the cells of a column hold that means no field: read all the same, so that the officer sees what is left out."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kcdesk.formdef.model import Field
from kcdesk.text import fold

_MONEY = re.compile(r"\b(?:gia|kinh phi|von|tien|ho tro|doanh thu|chi phi|dong|trd|vnd|du toan|thu nhap|luong)\b")
_NO_MONEY = re.compile(
    r"\b(?:so|san|khoi|chat|nang|trong) luong|(?:lao|hoat|hop) dong|gia dinh|tham gia|quoc gia|chuyen gia|cong dong\b"
)
_DAY = re.compile(r"\b(?:ngay|thoi han|han)\b")
_YEAR = re.compile(r"\bnam\b")
_PART = re.compile(r"%|\bty le\b")
_NUMBER = re.compile(r"\b(?:dien tich|cong suat|so luong|san luong|khoi luong|ha|m2|so lao dong|lao dong)\b")
_NO_NUMBER = re.compile(r"\b(?:so gp|giay phep|so hieu|so quyet dinh|so qd|dien thoai|fax|ma)\b")
_BARE_YEAR = re.compile(r"(?:19|20)\d\d")
_LIKE_NUMBER = re.compile(r"[\W\d_]*\d[\W\d_]*")
_LIKE_AMOUNT = re.compile(r"[\W\d_]*\d[\W\d_]*(?:[^\W\d_]{1,6}[\W\d_]*){0,3}")
_LIKE_DAY = re.compile(r".*\d{1,4}[/.\-]\d.*|\d{5}|.*\b(?:19|20)\d\d\b.*", re.DOTALL)
_SEPARATORS = re.compile(r"[_/]+")


def guessed_field(heading: str, texts: Sequence[str]) -> Field:
    """The field that a column without one would have, by its heading and some of its texts."""
    folded = _SEPARATORS.sub(" ", fold(heading))
    return Field(name="", type=_type(folded, texts), label=heading)


def are_years(texts: Sequence[str]) -> bool:
    """Whether most texts are nothing but a year."""
    return _are_mostly(_BARE_YEAR, texts)


def _type(heading: str, texts: Sequence[str]) -> str:
    if _NO_NUMBER.search(heading):
        return "text"
    if _YEAR.search(heading) and are_years(texts):
        return "year"
    if _DAY.search(heading) and _are_mostly(_LIKE_DAY, texts):
        return "date"
    if _PART.search(heading) and any("%" in text for text in texts):
        return "percent"
    if _MONEY.search(_NO_MONEY.sub(" ", heading)) and _are_mostly(_LIKE_AMOUNT, texts):
        return "money"
    return "decimal" if _NUMBER.search(heading) and _are_mostly(_LIKE_NUMBER, texts) else "text"


def _are_mostly(pattern: re.Pattern[str], texts: Sequence[str]) -> bool:
    return bool(texts) and sum(pattern.fullmatch(text) is not None for text in texts) * 2 > len(texts)

"""The unit that headings and titles give to a column of amounts."""

from __future__ import annotations

import re

from kcdesk import text

_UNITS = {"ti": 10**9, "ty": 10**9, "trieu": 10**6, "tr": 10**6, "nghin": 1000, "ngan": 1000, "1000": 1000, "": 1}
_CURRENCY = r"(?:dong|vnd|vnđ|d|₫)"
_NUMBER = r"1[.,]?000(?:[.,]?000){0,2}"
# «đvt: triệu đồng», «Đơn vị tính: 1.000 đ», «ĐV: tỷ»
_NAMED = re.compile(
    r"(?:dvt|don vi tinh|don vi|dv|unit)\s*[:(.\-]?\s*"
    rf"({_NUMBER}|trieu|tr|nghin|ngan|ty|ti)?\.?\s*({_CURRENCY})?(?![a-z0-9])"
)
# «(triệu đồng)», «[1.000đ]», «Kinh phí, triệu đồng», «Vốn (tr.đ)», «Vốn - tỷ đồng»
_BESIDE = re.compile(rf"(?<![a-z0-9.,])({_NUMBER}|trieu|tr|nghin|ngan|ty|ti)\s*\.?\s*({_CURRENCY})(?![a-z0-9])")
_BRACKETED = re.compile(rf"[(\[]\s*({_NUMBER}|trieu|tr|nghin|ngan|ty|ti|{_CURRENCY})\.?\s*[)\]]")


def unit_of(*headings_and_titles: str) -> int:
    """The đồng of 1 in a column, by the first text that names a unit: «(đvt: triệu đồng)» is 1000000; else 1."""
    return next((unit for written in headings_and_titles if (unit := named_unit(written))), 1)


def named_unit(written: str) -> int:
    """The đồng of the unit that a heading or a title names: «Vốn (nghìn đồng)» is 1000; 0 if it names none."""
    folded = text.fold(written)
    for pattern in (_BRACKETED, _NAMED, _BESIDE):
        for match in pattern.finditer(folded):
            if unit := _unit(match):
                return unit
    return 0


def _unit(match: re.Match[str]) -> int:
    scale, currency = match[1] or "", (match[2] if match.re.groups > 1 else "") or ""
    if re.fullmatch(_CURRENCY, scale):
        return 1
    if digits := re.sub("[^0-9]", "", scale):
        return int(digits)
    return _UNITS[scale] if scale or currency else 0

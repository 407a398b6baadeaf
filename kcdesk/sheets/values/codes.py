"""Reads tax codes and personal numbers of foreign spreadsheets: zeros that are lost, labels, remarks.

A zero is put back silently only if a check digit proves it, or if a number cell can be nothing else by its length and
the structure of personal numbers.
"""

from __future__ import annotations

import re

from kcdesk.formdef.model import Field
from kcdesk.formdef.types.base import ValueProblem
from kcdesk.formdef.types.code_types import has_lost_zeros, is_personal_number
from kcdesk.formdef.types.registry import type_of
from kcdesk.sheets.values import marks
from kcdesk.sheets.values.cells import Reading

_LABEL = re.compile(
    r"(?:mst|msdn|mã số thuế|mã số dn|mã số doanh nghiệp|mã số|cccd|cmnd|cmt|cmtnd|đkkd|số định danh|căn cước|số|mã)"
    r"(?![^\W_])[\s:.]*",
    re.IGNORECASE,
)
_RUN = re.compile(r"\d[\d\s.\-–]*\d")
_LIKE_DIGITS = str.maketrans("OoIl", "0011")
_BRANCH = re.compile(r"^(\d{10})\s*/\s*(\d{3})$")
_CUT_BRANCH = re.compile(r"\d{10}\s*[-–./]\s*\d{2}")
_PERSONAL = 12  # digits


def read_code(field: Field, value: object, *, is_personal: bool) -> Reading:
    """Read a tax code, or with `is_personal` a personal number."""
    if isinstance(value, int | float) and not isinstance(value, bool) and value == int(value):
        return _of_number(field, str(int(value)), is_personal)
    if not isinstance(value, str):
        return Reading(problem="Ô này không phải là mã số; hãy định dạng ô là văn bản (Text) rồi nhập lại.")
    if marks.exponent_digits(value):
        return Reading(problem=f"“{value}”: bảng tính đã làm mất các chữ số cuối của mã; hãy nhập lại đủ chữ số.")
    return _of_text(field, value, is_personal)


def _of_number(field: Field, digits: str, is_personal: bool) -> Reading:
    reading = _parsed(field, digits)
    if is_personal and len(digits) == 8:
        return Reading(f"0{digits}", f"Bảng tính có thể đã bỏ số 0 ở đầu: số là 0{digits}?")
    if not reading.problem or not has_lost_zeros(digits):
        return reading
    whole = digits.zfill(_PERSONAL)
    if is_personal or len(digits) == _PERSONAL - 1:  # no other code has eleven digits
        return Reading(whole)
    return _lost(whole)


def _lost(whole: str) -> Reading:
    return Reading(whole, f"Bảng tính có thể đã bỏ số 0 ở đầu: là số định danh {whole}?")


def _of_text(field: Field, written: str, is_personal: bool) -> Reading:
    bare = written.strip().lstrip("'").strip()
    while label := _LABEL.match(bare):
        bare = bare[label.end() :]
    reading = _parsed(field, _BRANCH.sub(r"\1-\2", bare))
    if not reading.problem:
        return _unlike_its_groups(bare, reading) or reading
    digits = re.sub(r"[\s.\-–]", "", bare)
    if has_lost_zeros(digits):
        return _lost(digits.zfill(_PERSONAL))
    if is_personal and re.fullmatch(r"\d{8}", digits):
        return Reading(f"0{digits}", f"Có thể thiếu số 0 ở đầu: số là 0{digits}?")
    return _inside(field, written, bare, reading, is_personal)


def _unlike_its_groups(written: str, reading: Reading) -> Reading | None:
    """A question for «0100200309-01», whose twelve digits are written as those of a branch; None for any other code."""
    if len(str(reading.value)) == _PERSONAL and _CUT_BRANCH.fullmatch(written):
        return Reading(None, f"“{written}” viết như mã đơn vị phụ thuộc nhưng thiếu chữ số; hãy ghi lại mã.")
    return None


def _inside(field: Field, written: str, bare: str, whole: Reading, is_personal: bool) -> Reading:
    """The only right code among other words, or with letters for digits, asked about unless it proves itself."""
    if re.fullmatch(r"[\dOoIl\s.\-]+", bare) and not (typed := _parsed(field, bare.translate(_LIKE_DIGITS))).problem:
        return Reading(typed.value, f"“{marks.quoted_line(written)}” có chữ thay cho chữ số: mã là {typed.value}?")
    runs = [run for run in (match[0] for match in _RUN.finditer(bare)) if len(re.sub(r"\D", "", run)) >= 8]
    right = [run for run in runs if not _parsed(field, run).problem]
    if len(right) != 1:
        return whole
    reading = _parsed(field, right[0])
    rest = " ".join(bare.replace(right[0], " ").split()).strip(" ,;:()-–")
    proves_itself = is_personal_number(reading.value) if is_personal else len(reading.value) != _PERSONAL
    if len(runs) == 1 and proves_itself:
        return Reading(reading.value, beside={"note": rest} if rest else {})
    return Reading(reading.value, f"“{marks.quoted_line(written)}”: lấy mã {reading.value}?")


def _parsed(field: Field, written: str) -> Reading:
    try:
        return Reading(type_of(field).parse(written, field))
    except ValueProblem as problem:
        return Reading(problem=str(problem))

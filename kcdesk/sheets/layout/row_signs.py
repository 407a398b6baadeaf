"""By what a row shows that it is no record: totals, sections, column numbers, signatures, notes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from kcdesk.text import fold

# With their marks, because «Cộng» and «Công ty» are the same without; bare ones only as the whole text.
_TOTAL = re.compile(
    r"\W*(?:(?:tổng|tông)\s*(?:cộng|số|kinh phí|giá trị|hợp|mức)?|cộng|luỹ kế|lũy kế)(?!\s*(?:công|ty|cty))\b",
    re.IGNORECASE,
)
_BARE_TOTAL = re.compile(
    r"\W*(?:tong(?: cong| so)?|cong(?: don)?|luy ke|total|sum)(?: (?:muc |phan )?[ivx0-9+]{1,9})?\W*"
)
_ORGANISATION = re.compile(r"\W*(?:tổng|tong)\s*(?:công|cong ty|cty|c\.?ty)\b", re.IGNORECASE)
_ROMAN = re.compile(r"\W*(?=[IVXLC])(?:XC|XL|L?X{0,4})(?:IX|IV|V?I{0,4})[.)\s]*")
_LETTER = re.compile(r"\W*[A-HĐa-hđ][.)\s]*")
_NUMBERED = re.compile(r"\s*(?:[IVXLC]+|[A-HĐ]|\d+(?:\.\d+)*)\s*[.)\-:/–]\s*(?=\S)")
_COLUMN_NUMBER = re.compile(r"\(?\s*(\d{1,2}|[A-Z])\s*\)?(?:\s*=.*)?")
_COMPUTED_COLUMN = re.compile(r"\(?\s*(\d{1,2})\s*\)?\s*=\s*[\d()+\-*/x×:%\s]+")
_DAY = re.compile(r"\bngay\b.{0,12}\bthang\b.{0,8}\bnam\b")
_SIGNED = re.compile(
    r"(?:t[.]?\s?m[.]|k[.]?\s?t[.]|t[.]?\s?l[.]|t[.]?u?q[.])?\W*(?:nguoi lap(?: bieu| bang)?|"
    r"nguoi (?:kiem tra|tong hop)|"
    r"thu truong(?: don vi| co quan)?|(?:pho |quyen |q[.] ?)?(?:tong )?giam doc(?: so| trung tam)?|"
    r"(?:pho )?chu tich(?: ubnd)?|"
    r"(?:pho )?truong phong|(?:pho )?chanh van phong|ke toan(?: truong| vien)?|chi cuc truong|"
    r"lanh dao(?: don vi| phong)?|"
    r"xac nhan cua.*|don vi lap.*|noi nhan.*|\(?ky[, ].*|\(?ky ten.*|can bo (?:lap|tong hop).*|luu[: ].*)\W*"
)
_NOTE = re.compile(
    r"\W*(?:(?:ghi chu|luu y|nguon(?: so lieu)?|chu thich|chu giai|ky hieu)\s*:|(?:ghi chu|chu thich|chu giai)$)"
)
_STARRED = re.compile(r"\s*\(?\*+\)?\s*\S")
_LETTERHEAD = re.compile(
    r"cong hoa xa hoi|doc lap|uy ban nhan dan|ubnd |so cong thuong|trung tam khuyen cong|bieu so|mau so|phu luc"
)
NUMBER_HEADINGS = frozenset(
    ("tt", "stt", "so tt", "s tt", "st t", "so thu tu", "thu tu", "no", "no.", "#", "s.tt", "s.t.t")
)


def is_total(text: str) -> bool:
    """Whether a text names a total; «Công ty», «Tổng công ty» do not."""
    if _ORGANISATION.match(text):
        return False
    return _TOTAL.match(text) is not None or _BARE_TOTAL.fullmatch(fold(text)) is not None


def is_section_number(text: str) -> bool:
    """Whether a text is the number of a section: «I», «II.», «A»."""
    return bool(text.strip(" .)")) and (_ROMAN.fullmatch(text) is not None or _LETTER.fullmatch(text) is not None)


def without_number(text: str) -> str:
    """The text of a section without its number: «I. Khuyến công quốc gia»."""
    return _NUMBERED.sub("", text, count=1).strip(" :")


def has_number(text: str) -> bool:
    """Whether a text begins with the number of a section and goes on."""
    match = _NUMBERED.match(text)
    return match is not None and is_section_number(re.split(r"[.)\-:/–]", text.strip())[0])


def are_column_numbers(texts: Sequence[str]) -> bool:
    """Whether the texts of a row number the columns: «(1) (2) (3)», «A B 1 2 3=1+2»."""
    if len(texts) < 3:
        return False
    marks = []
    for written in texts:
        match = _COMPUTED_COLUMN.fullmatch(written) or _COLUMN_NUMBER.fullmatch(written)
        if match is None:
            return False
        marks.append(match[1])
    numbers = [int(mark) for mark in marks if mark.isdecimal()]
    letters = [mark for mark in marks if not mark.isdecimal()]
    steps = [after - before for before, after in pairwise(numbers)]
    return (
        (not letters or letters[0] == "A")
        and bool(numbers or letters)
        and all(step == 1 for step in steps)
        and (not numbers or numbers[0] in (0, 1, 2) or bool(letters))
    )


def is_place_and_day(text: str) -> bool:
    """Whether a text is the place and day above a signature: «Mẫu, ngày 05 tháng 01 năm 2025»."""
    return len(text) < 80 and _DAY.search(fold(text)) is not None


def is_signature(text: str) -> bool:
    """Whether a text names somebody who signs: «Người lập biểu», «KT. GIÁM ĐỐC»."""
    return _SIGNED.fullmatch(fold(text)) is not None


def is_note(text: str) -> bool:
    """Whether a text below a table is a note: «Ghi chú: …», «(*) …»."""
    return _NOTE.match(fold(text)) is not None or _STARRED.match(text) is not None


def is_letterhead(text: str) -> bool:
    """Whether a text belongs to the head of a paper."""
    return _LETTERHEAD.search(fold(text)) is not None


def is_numbering(heading: str) -> bool:
    """Whether a heading is that of the column with the numbers of the rows."""
    return fold(heading).strip(" .:*") in NUMBER_HEADINGS

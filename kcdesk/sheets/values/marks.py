"""What people write into a cell beside its value: signs for «nothing», «about», «as above», remarks in brackets."""

from __future__ import annotations

import re
from decimal import Decimal

from kcdesk import text

UNCOMPUTED = "chưa tính"  # in place of the error of a cell: a formula whose result the file does not have

_BLANK = re.compile(r"[\s\-‐-―−_.…/\\|~,;:]*|n/?a|#n/a|null|none|nil|\(blank\)", re.IGNORECASE)
_DITTO = re.compile(
    r"(?:[-(]\s*)?(?:nt|như trên|nhu tren|như dòng trên)(?:\s*[-)])?|[\"“”″〃]|'{1,2}|,,|-\s*[\"“”]\s*-", re.IGNORECASE
)
_ABOUT = re.compile(
    r"(?:khoảng chừng|khoảng|chừng|gần|hơn|trên|dưới|tối đa|tối thiểu|ước|ước tính|dự kiến|không quá|[~≈><≥≤+]=?)\s*",
    re.IGNORECASE,
)
_REMARK = re.compile(r"\s*[(\[]([^()\[\]]*)[)\]]\s*$")
_EXPONENT = re.compile(r"[+-]?(\d(?:[.,]\d+)?)E\+?(\d{1,2})", re.IGNORECASE)
_RANGE = re.compile(r"\d[^\d]{0,12}?\s*(?:-|–|—|÷|~|→|->|đến|tới)\s*\d")


def is_blank_mark(written: str) -> bool:
    """Whether a text stands for «nothing»: a dash, dots, «n/a»."""
    return _BLANK.fullmatch(written) is not None


def is_ditto(written: str) -> bool:
    """Whether a text says «as above»: «nt», a ditto mark."""
    return _DITTO.fullmatch(written.strip()) is not None


def without_about(written: str) -> tuple[str, str]:
    """A text without the word that makes it inexact («khoảng 300 triệu»), and that word; "" if there is none."""
    match = _ABOUT.match(written)
    return (written[match.end() :].strip(), match[0].strip()) if match else (written, "")


def without_remark(written: str) -> tuple[str, str]:
    """A text without the remark in brackets behind it, and that remark; "" if there is none."""
    match = _REMARK.search(written)
    return (written[: match.start()], match[1].strip()) if match and match.start() else (written, "")


def exponent_digits(written: str) -> int:
    """How many digits of a number «1,08501E+11» are left; 0 if the text is no such number."""
    match = _EXPONENT.fullmatch(written.replace(" ", ""))
    return len(re.sub("[.,]", "", match[1])) if match else 0


def expanded_exponent(written: str) -> int:
    """The number that «3E+08» shows: its first digits, then zeros."""
    match = _EXPONENT.fullmatch(written.replace(" ", ""))
    if match is None:
        raise ValueError(written)
    digits = re.sub("[.,]", "", match[1])
    sign = -1 if written.strip().startswith("-") else 1
    return sign * int(Decimal(digits).scaleb(int(match[2]) - len(digits) + 1))


def is_range(written: str) -> bool:
    """Whether two numbers with «from … to» between them are written: «80-100.000», «150 đến 200 triệu»."""
    return _RANGE.search(written) is not None


def quoted_line(written: str) -> str:
    """A text on one line, as sentences quote it: at most 40 characters."""
    line = " ".join(text.clean(written).split())
    return line if len(line) <= 40 else f"{line[:39]}…"

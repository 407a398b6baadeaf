"""The QR code of a citizen card: what it says of its holder, read strictly.

`number|old number|name|birth ddmmyyyy|sex|address|issued ddmmyyyy`; cards may add further parts, which are not read.
The numbers have no check digit: century, sex and year of birth in the number are compared with the rest instead.
"""

from __future__ import annotations

import re
from datetime import date

from kcdesk.documents.paper_codes import read_qr
from kcdesk.errors import UserError
from kcdesk.formdef.types.code_types import CitizenIdType
from kcdesk.runtime.frozen import Value

_LONGEST = 600  # letters of the code of a card: an address has at most some 200
_MOST_PARTS = 12
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
_PAYMENT = re.compile(r"0002010102\d\d")  # how a QR code of a payment begins (EMVCo)
_CARD = re.compile(r"\d{9,12}\|")
_DAY = re.compile(r"(\d{2})(\d{2})(\d{4})", re.ASCII)
_LINE = re.compile(r"\d{12}\|\d{0,12}\|[^|\d]{1,100}\|\d{8}\|", re.ASCII)  # how the code of a card begins
_SEXES = {"nam": "Nam", "nữ": "Nữ", "nu": "Nữ"}
_TYPE_IT = "Hãy gõ tay theo thẻ."


class CitizenCard(Value, kw_only=True):
    """The holder of a card; `issued` is None if the card does not say it."""

    number: str
    old_number: str
    name: str
    birth: date
    sex: str
    address: str
    issued: date | None


def is_card_line(typed: str) -> bool:
    """Whether what a reader has typed is the code of a card, sound or not."""
    return _LINE.match(typed.strip()) is not None


def read_card(code: str) -> CitizenCard:
    """Read the code of a card; UserError `not_a_card` for another code, `bad_card` for one that contradicts itself."""
    written = code.strip()
    if len(written) > _LONGEST:
        raise _other(f"Mã dài {len(written)} ký tự, dài hơn mã của mọi thẻ căn cước.")
    if _CONTROLS.search(written):
        raise _other("Mã có ký tự điều khiển, không phải mã của thẻ căn cước.")
    if read_qr(written.upper()) is not None:
        raise _other("Đây là mã QR trên giấy do kcdesk in, không phải thẻ căn cước.")
    if _PAYMENT.match(written):
        raise _other("Đây là mã QR thanh toán, không phải thẻ căn cước.")
    if re.match(r"https?:", written, re.IGNORECASE):
        raise _other("Đây là mã QR của một đường dẫn, không phải thẻ căn cước.")
    parts = [part.strip() for part in written.split("|")]
    if not 6 <= len(parts) <= _MOST_PARTS or not _CARD.match(written):
        raise _other("Mã này không phải mã QR của thẻ căn cước.")
    return _checked(*parts[:6], *(parts[6:7] or [""]))


def _checked(number: str, old: str, name: str, birth: str, sex: str, address: str, issued: str) -> CitizenCard:
    fault = CitizenIdType().fault(number) if len(number) == 12 else "Số định danh trên thẻ phải có 12 chữ số."
    if fault:
        raise _wrong(fault)
    born, shown_sex = _day(birth, "ngày sinh"), _SEXES.get(sex.casefold(), "")
    if not name or len(name) > 100 or any(letter.isdigit() for letter in name):
        raise _wrong("Mã không có họ tên hợp lệ.")
    if not shown_sex:
        raise _wrong("Mã không ghi giới tính Nam hoặc Nữ.")
    century = 1900 + 100 * (int(number[3]) // 2)
    if century + int(number[4:6]) != born.year or (int(number[3]) % 2 == 0) != (shown_sex == "Nam"):
        raise _wrong("Số định danh không khớp ngày sinh, giới tính ghi trong mã.")
    given = _day(issued, "ngày cấp") if issued else None
    if given is not None and given <= born:
        raise _wrong("Ngày cấp thẻ trước ngày sinh.")
    return CitizenCard(
        number=number, old_number=old, name=name, birth=born, sex=shown_sex, address=address, issued=given
    )


def _day(written: str, what: str) -> date:
    match = _DAY.fullmatch(written)
    try:
        if match is None:
            raise ValueError(written)
        return date(int(match[3]), int(match[2]), int(match[1]))
    except ValueError:
        raise _wrong(f"Mã có {what} không có thật.") from None


def _other(sentence: str) -> UserError:
    return UserError(sentence, code="not_a_card", hint="Hãy quét mã QR ở mặt trước thẻ căn cước.")


def _wrong(sentence: str) -> UserError:
    return UserError(sentence, code="bad_card", hint=_TYPE_IT)

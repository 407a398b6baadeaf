"""Field types of codes: e-mail, telephone, citizen id, tax code; stored as text, read however they are grouped."""

from __future__ import annotations

import re

from kcdesk.formdef.model import Field
from kcdesk.formdef.types.base import FieldType, typed_line
from kcdesk.formdef.values import Lookups, Stored


class CodeType(FieldType):
    """The base of codes with a pattern; subclasses read the code and report its faults."""

    is_text = True
    keeps_writing = True

    def paper(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """The text on paper; one that is kept as written bears its mark."""
        return self.text(stored, field, lookups) + self.mark(stored, field, lookups)

    def refusal(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """Refuse everything that is not a valid code in its stored form."""
        if not isinstance(stored, str):
            return "Phải là chữ số viết dưới dạng chữ."
        return self.fault(stored)

    def fault(self, code: str) -> str:
        """What is wrong with the code; "" if it is right."""
        raise NotImplementedError


def bare_digits(raw: object) -> str:
    """A code without the spaces, dots and hyphens between its digits."""
    return re.sub(r"[\s.\-\u2010-\u2015]", "", typed_line(raw))


# Birthplace codes of NĐ 59/2022 and earlier circulars; people keep their code after a merger of provinces.
_BIRTHPLACES = (
    "001 002 004 006 008 010 011 012 014 015 017 019 020 022 024 025 026 027 030 031 033 034 035 036 037 "
    "038 040 042 044 045 046 048 049 051 052 054 056 058 060 062 064 066 067 068 070 072 074 075 077 079 "
    "080 082 083 084 086 087 089 091 092 093 094 095 096"
)
_CENTURIES = "0123"


def is_personal_number(code: str) -> bool:
    """Whether a code has the structure of a personal identification number (Điều 13 NĐ 137/2015/NĐ-CP)."""
    return re.fullmatch(r"[0-9]{12}", code) is not None and code[:3] in _BIRTHPLACES and code[3] in _CENTURIES


def has_lost_zeros(code: str) -> bool:
    """Whether a code of 10 or 11 digits may be a personal number whose zeros a spreadsheet has dropped.

    Nobody can tell from the code alone: tax codes and telephone numbers are as long.
    """
    return re.fullmatch(r"[1-9][0-9]{9,10}", code) is not None and is_personal_number(code.zfill(12))


def _whole_number(code: str) -> str:
    """« Nếu bảng tính đã bỏ số 0 ở đầu, hãy nhập đủ …» behind the fault of a code; "" if it cannot be so."""
    lost = has_lost_zeros(code)
    return f" Nếu là số định danh mà bảng tính đã bỏ số 0 ở đầu, hãy nhập đủ {code.zfill(12)}." if lost else ""


class EmailType(CodeType):
    """An e-mail address."""

    _PATTERN = re.compile(r"[^\s@<>,;]+@[^\s@<>,;.]+(\.[^\s@<>,;.]+)+")

    def fault(self, code: str) -> str:
        """Report a text that is no e-mail address."""
        return "" if self._PATTERN.fullmatch(code) else "Thư điện tử phải có dạng ten@donvi.vn."

    def _read(self, raw: object, field: Field, lookups: Lookups | None) -> Stored:
        return typed_line(raw)


class PhoneType(CodeType):
    """A Vietnamese telephone number: mobile, landline or service; stored as digits from 0 or 1."""

    editor = "code"
    is_filtered = True

    _MOBILE = re.compile(r"(0[35789]\d\d)(\d{3})(\d{3})", re.ASCII)
    _CITY = re.compile(r"(02[48])(\d{4})(\d{4})", re.ASCII)
    _LANDLINE = re.compile(r"(02[0-35-79]\d)(\d{3})(\d{4})", re.ASCII)
    _SERVICE = re.compile(r"(1[89]00)(\d{4}(?:\d\d)?)", re.ASCII)

    def fault(self, code: str) -> str:
        """Report a text that is no telephone number."""
        return "" if self._groups(code) else "Số điện thoại phải có 10 số (di động), 11 số (cố định) hoặc 1800, 1900."

    def text(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """The number in groups: 0912 345 678."""
        return " ".join(self._groups(str(stored))) or str(stored)

    def edit_text(self, stored: Stored, field: Field) -> str:
        """The text on the screen."""
        return self.text(stored, field)

    def search_text(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """The digits without spaces."""
        return str(stored)

    def _read(self, raw: object, field: Field, lookups: Lookups | None) -> Stored:
        digits = re.sub(r"[()]", "", bare_digits(raw))
        digits = re.sub(r"^(\+84|0084|84(?=[35789][0-9]{8}$|2[0-9]{9}$))0?", "0", digits)
        # Spreadsheets drop the leading zero of a number; no other number of these lengths begins so.
        return f"0{digits}" if re.fullmatch(r"[35789][0-9]{8}|2[0-9]{9}", digits) else digits

    def _groups(self, code: str) -> tuple[str, ...]:
        for pattern in (self._MOBILE, self._CITY, self._LANDLINE, self._SERVICE):
            if match := pattern.fullmatch(code):
                return match.groups()
        return ()


class CitizenIdType(CodeType):
    """Số định danh cá nhân (12 digits), or the old chứng minh nhân dân (9 digits)."""

    editor = "code"
    is_filtered = True

    def fault(self, code: str) -> str:
        """Report a wrong length, and a birthplace or century that does not exist."""
        if not re.fullmatch(r"[0-9]{9}|[0-9]{12}", code):
            return f"Số định danh phải có 12 chữ số (chứng minh nhân dân cũ có 9 chữ số).{_whole_number(code)}"
        if len(code) == 12 and code[:3] not in _BIRTHPLACES:
            return f"Số định danh sai: không có mã nơi sinh {code[:3]}."
        if len(code) == 12 and code[3] not in _CENTURIES:
            return f"Số định danh sai: chữ số thứ tư ({code[3]}) chỉ giới tính và thế kỷ, phải từ 0 đến 3."
        return ""

    def _read(self, raw: object, field: Field, lookups: Lookups | None) -> Stored:
        return bare_digits(raw)


class TaxCodeType(CodeType):
    """Mã số thuế: 10 digits, 10-3 for a branch, or the owner's số định danh for a household business."""

    editor = "code"
    is_filtered = True

    def fault(self, code: str) -> str:
        """Report a wrong length or a wrong check digit."""
        if len(code) == 12:
            return CitizenIdType().fault(code)
        if not re.fullmatch(r"[0-9]{10}(-[0-9]{3})?", code):
            return (
                "Mã số thuế phải có 10 chữ số, hoặc 10 chữ số và 3 chữ số chi nhánh (0101234567-001); của hộ kinh doanh"
                f" là số định danh 12 chữ số của chủ hộ.{_whole_number(code)}"
            )
        from stdnum.vn import mst  # reads its tables when imported

        if mst.is_valid(code):
            return ""
        return f"Mã số thuế sai chữ số kiểm tra; hãy đối chiếu với giấy đăng ký.{_whole_number(code)}"

    def _read(self, raw: object, field: Field, lookups: Lookups | None) -> Stored:
        digits = bare_digits(raw)
        if re.fullmatch(r"[1-9][0-9]{8}|[1-9][0-9]{11}", digits) and not self.fault(whole := f"0{digits}"[:10]):
            # Spreadsheets drop the leading zero of a number; the check digit tells that it was one.
            digits = f"{whole}{digits[9:]}"
        return f"{digits[:10]}-{digits[10:]}" if len(digits) == 13 else digits

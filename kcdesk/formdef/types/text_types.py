"""Field types that are stored as text: words, codes, dates, choices."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time

from kcdesk import text
from kcdesk.formdef.model import Choice, Field
from kcdesk.formdef.types.base import Cell, FieldType, as_text
from kcdesk.formdef.values import Lookups, Stored, today


class TextType(FieldType):
    """One line of words; a text that is too long is kept and reported, so that no typed text is lost."""

    is_text = True
    is_plain_text = True
    sorts_as_words = True

    def wrong(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """Also report a text over the limit of length."""
        if isinstance(stored, str) and field.max_length and len(stored) > field.max_length:
            length, limit = text.format_integer(len(stored)), text.format_integer(field.max_length)
            return f"Dài {length} ký tự, nhiều nhất là {limit}."
        return self.refusal(stored, field, lookups)

    def refusal(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """Refuse everything but text."""
        return "" if isinstance(stored, str) and stored.strip() else "Phải là chữ."

    def _read(self, raw: object, field: Field, lookups: Lookups | None) -> Stored:
        return as_text(raw)


class ParagraphType(TextType):
    """Words over several lines."""

    editor = "paragraph"
    is_plain_text = False
    is_paragraph = True

    def _read(self, raw: object, field: Field, lookups: Lookups | None) -> Stored:
        if not isinstance(raw, str):
            return as_text(raw)
        return "\n".join(line.rstrip() for line in text.clean(raw).split("\n")).strip()


class UnitType(TextType):
    """The name of an office or organisation."""

    editor = "unit"
    is_plain_text = False


class CodeType(FieldType):
    """The base of codes with a pattern; subclasses read the code and report its faults."""

    is_text = True

    def refusal(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """Refuse everything that is not a valid code in its stored form."""
        if not isinstance(stored, str):
            return "Phải là chữ số viết dưới dạng chữ."
        return self.fault(stored)

    def fault(self, code: str) -> str:
        """What is wrong with the code; "" if it is right."""
        raise NotImplementedError


class EmailType(CodeType):
    """An e-mail address."""

    _PATTERN = re.compile(r"[^\s@<>,;]+@[^\s@<>,;.]+(\.[^\s@<>,;.]+)+")

    def fault(self, code: str) -> str:
        """Report a text that is no e-mail address."""
        return "" if self._PATTERN.fullmatch(code) else "Thư điện tử phải có dạng ten@donvi.vn."

    def _read(self, raw: object, field: Field, lookups: Lookups | None) -> Stored:
        return as_text(raw)


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
        digits = re.sub(r"[\s.()\-]", "", as_text(raw))
        digits = re.sub(r"^(\+84|0084)0?", "0", digits)
        # Spreadsheets drop the leading zero of a number.
        return f"0{digits}" if isinstance(raw, int | float) and not digits.startswith(("0", "1")) else digits

    def _groups(self, code: str) -> tuple[str, ...]:
        for pattern in (self._MOBILE, self._CITY, self._LANDLINE, self._SERVICE):
            if match := pattern.fullmatch(code):
                return match.groups()
        return ()


class CitizenIdType(CodeType):
    """Số định danh cá nhân (12 digits), or the old chứng minh nhân dân (9 digits)."""

    editor = "code"
    is_filtered = True

    # Birthplace codes of NĐ 59/2022 and earlier circulars; people keep their code after a merger of provinces.
    _PROVINCES = (
        "001 002 004 006 008 010 011 012 014 015 017 019 020 022 024 025 026 027 030 031 033 034 035 036 037 "
        "038 040 042 044 045 046 048 049 051 052 054 056 058 060 062 064 066 067 068 070 072 074 075 077 079 "
        "080 082 083 084 086 087 089 091 092 093 094 095 096"
    )

    def fault(self, code: str) -> str:
        """Report a wrong length, and a birthplace or century that does not exist."""
        if not re.fullmatch(r"[0-9]{9}|[0-9]{12}", code):
            return "Số định danh phải có 12 chữ số (chứng minh nhân dân cũ có 9 chữ số)."
        if len(code) == 12 and code[:3] not in self._PROVINCES:
            return f"Số định danh sai: không có mã nơi sinh {code[:3]}."
        if len(code) == 12 and code[3] not in "0123":
            return f"Số định danh sai: chữ số thứ tư ({code[3]}) chỉ giới tính và thế kỷ, phải từ 0 đến 3."
        return ""

    def _read(self, raw: object, field: Field, lookups: Lookups | None) -> Stored:
        digits = re.sub(r"[\s.\-]", "", as_text(raw))
        # Spreadsheets drop leading zeros of a number.
        return digits.zfill(12 if len(digits) > 9 else 9) if isinstance(raw, int | float) else digits


class TaxCodeType(CodeType):
    """Mã số thuế: 10 digits, 10-3 for a branch, or the owner's số định danh for a household business."""

    editor = "code"
    is_filtered = True

    def fault(self, code: str) -> str:
        """Report a wrong length or a wrong check digit."""
        if len(code) == 12:
            return CitizenIdType().fault(code)
        if not re.fullmatch(r"[0-9]{10}(-[0-9]{3})?", code):
            return "Mã số thuế phải có 10 chữ số, hoặc 10 chữ số và 3 chữ số chi nhánh (0101234567-001)."
        from stdnum.vn import mst  # reads its tables when imported

        return "" if mst.is_valid(code) else "Mã số thuế sai chữ số kiểm tra; hãy đối chiếu với giấy đăng ký."

    def _read(self, raw: object, field: Field, lookups: Lookups | None) -> Stored:
        digits = re.sub(r"[\s.\-]", "", as_text(raw))
        if isinstance(raw, int | float) and len(digits) == 9:
            digits = f"0{digits}"  # spreadsheets drop the leading zero of a number
        return f"{digits[:10]}-{digits[10:]}" if len(digits) == 13 else digits


class DateType(FieldType):
    """A day, stored as YYYY-MM-DD."""

    editor = "date"
    is_date = True
    align = "center"
    cell_format = "dd/mm/yyyy"

    def refusal(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """Refuse a value that is no date or is outside the limits."""
        if not isinstance(stored, str) or stored_date(stored) is None:
            return "Phải là một ngày có trong lịch."
        if field.min is not None and stored < (low := _limit(field.min)):
            return f"Không được trước ngày {text.format_date(date.fromisoformat(low))}."
        if field.max is not None and stored > (high := _limit(field.max)):
            return f"Không được sau ngày {text.format_date(date.fromisoformat(high))}."
        return ""

    def text(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """The text on the screen: 05/3/2026."""
        day = stored_date(stored)
        return text.format_date(day) if day else str(stored)

    def edit_text(self, stored: Stored, field: Field) -> str:
        """The text on the screen."""
        return self.text(stored, field)

    def cell(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> Cell:
        """A real date."""
        return stored_date(stored) or str(stored)

    def _read(self, raw: object, field: Field, lookups: Lookups | None) -> Stored:
        if isinstance(raw, datetime):
            raw = raw.date()
        day = raw if isinstance(raw, date) else text.parse_date(as_text(raw))
        return day.isoformat()


def stored_date(stored: Stored) -> date | None:
    """The date of a stored value; None if it is no date."""
    if not isinstance(stored, str) or not re.fullmatch(r"(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}", stored):
        return None
    try:
        return date.fromisoformat(stored)
    except ValueError:
        return None


def _limit(limit: int | str) -> str:
    return today().isoformat() if limit == "today" else str(limit)


class TimeType(FieldType):
    """A time of day, stored as HH:MM."""

    editor = "time"
    align = "center"

    _PATTERN = re.compile(r"(\d{1,2})\s*(?::|h|g|giờ)\s*(?:(\d{1,2})\s*(?:p|phút)?)?(?::00)?", re.IGNORECASE | re.ASCII)

    def refusal(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """Refuse a value that is no time of the day."""
        right = isinstance(stored, str) and re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", stored)
        return "" if right else "Giờ phải từ 00:00 đến 23:59, ví dụ 8:30 hoặc 8h30."

    def paper(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """The text on paper: 08 giờ 30."""
        return str(stored).replace(":", " giờ ")

    def _read(self, raw: object, field: Field, lookups: Lookups | None) -> Stored:
        if isinstance(raw, datetime | time):
            return raw.strftime("%H:%M")
        match = self._PATTERN.fullmatch(as_text(raw))
        if match is None:
            raise ValueError("Giờ phải viết như 8:30 hoặc 8h30.")
        return f"{int(match[1]):02}:{int(match[2] or 0):02}"


class ChoiceType(FieldType):
    """One value of a list."""

    editor = "choice"
    is_choice = True
    is_filtered = True

    def refusal(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """Refuse a value that is not in the list."""
        known = isinstance(stored, str) and any(choice.value == stored for choice in choices_of(field, lookups))
        return "" if known else f"“{stored}” không có trong danh mục."

    def text(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """The label."""
        return label_of(stored, field, lookups)

    def cell(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> Cell:
        """The label, as in the drop-down list."""
        return label_of(stored, field, lookups)

    def _read(self, raw: object, field: Field, lookups: Lookups | None) -> Stored:
        return find_choice(as_text(raw), field, lookups)


class ChoicesType(FieldType):
    """Several values of a list, kept in the order of the list."""

    editor = "choices"
    is_filtered = True

    def refusal(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """Refuse everything but a list of different values from the list."""
        if not isinstance(stored, list) or not stored:
            return "Phải là một danh sách."
        known = {choice.value for choice in choices_of(field, lookups)}
        strange = [value for value in stored if not isinstance(value, str) or value not in known]
        if strange:
            return f"“{strange[0]}” không có trong danh mục."
        return "" if len(set(stored)) == len(stored) else "Có mục được chọn hai lần."

    def text(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> str:
        """The labels."""
        return "; ".join(label_of(value, field, lookups) for value in _listed(stored))

    def edit_text(self, stored: Stored, field: Field) -> str:
        """The values."""
        return "; ".join(str(value) for value in _listed(stored))

    def cell(self, stored: Stored, field: Field, lookups: Lookups | None = None) -> Cell:
        """The labels, one on each line, because a label may contain a semicolon."""
        return "\n".join(label_of(value, field, lookups) for value in _listed(stored))

    def _read(self, raw: object, field: Field, lookups: Lookups | None) -> Stored:
        entries = raw if isinstance(raw, list | tuple) else self._entries(text.clean(str(raw)), field, lookups)
        chosen = {find_choice(as_text(entry), field, lookups) for entry in entries if as_text(entry)}
        return [choice.value for choice in choices_of(field, lookups) if choice.value in chosen]

    def _entries(self, written: str, field: Field, lookups: Lookups | None) -> Iterator[str]:
        labels = {choice.label for choice in choices_of(field, lookups)}
        for line in written.split("\n"):
            yield from [line] if line in labels else line.split(";")


def choices_of(field: Field, lookups: Lookups | None) -> tuple[Choice, ...]:
    """The choices of a field, its own or those of a shared list."""
    return lookups.choices(field) if lookups else field.choices


def label_of(value: object, field: Field, lookups: Lookups | None) -> str:
    """The label of a choice; the value itself if it is not in the list."""
    return next((choice.label for choice in choices_of(field, lookups) if choice.value == value), str(value))


def find_choice(written: str, field: Field, lookups: Lookups | None) -> str:
    """The value of a choice given by value or label, ignoring accents and capitals; ValueError if there is none."""
    choices = choices_of(field, lookups)
    for choice in choices:
        if written == choice.value:
            return choice.value
    folded = text.fold(written)
    for choice in choices:
        if folded in (text.fold(choice.value), text.fold(choice.label)):
            return choice.value
    offered = ", ".join(_offered(choices))
    raise ValueError(f"“{written}” không có trong danh mục; hãy chọn: {offered}.")


def _offered(choices: tuple[Choice, ...]) -> Iterator[str]:
    labels = [choice.label for choice in choices if not choice.retired]
    yield from labels[:6]
    if len(labels) > 6:
        yield "…"


def _listed(stored: Stored) -> list[object]:
    return stored if isinstance(stored, list) else [stored]

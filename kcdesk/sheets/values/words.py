"""Reads words of foreign spreadsheets: names, persons with their position and telephone, choices, yes and no."""

from __future__ import annotations

import re
from typing import Any

from kcdesk import text
from kcdesk.formdef.model import Choice, Field
from kcdesk.formdef.types.base import ValueProblem
from kcdesk.formdef.types.registry import type_of
from kcdesk.formdef.types.text_types import choices_of
from kcdesk.formdef.values import Lookups
from kcdesk.sheets.values import marks
from kcdesk.sheets.values.cells import Reading
from kcdesk.sheets.values.phones import read_phone
from kcdesk.sheets.values.sheet_vocabulary import is_position, probable_form, spelled_out, without_title

_BREAK_AT_CAPITAL = re.compile("(?<=[^\\W\\d_])[\u00ad\u200b]+(?=[A-ZĐÀ-ÖØ-ÝĂĨŨƠƯẠ-Ỹ])")
_BREAK = re.compile("[\u00ad\u200b]")
_PARTS = re.compile(r"\s*(?:[,;\n/|]|\s[-–]\s|\s-|-\s|:\s)\s*")
_PHONE = re.compile(r"(?:\+84|0)[\d\s.\-()]{7,}\d|\d{9,11}")
_NAME = re.compile(r"[^\W\d_]+(?:[\s.'’-]+[^\W\d_]+){0,6}")
_AFTER_TITLE = re.compile(r"^(ông|bà)\s*[:.]\s*(?=[^\W\d_])", re.IGNORECASE)
_STARS = re.compile(r"\s*(?:([1-5])\s*(?:sao|\*|★|⭐)|([★⭐*]{1,5}))\s*(?:\(\s*[★⭐*]+\s*\))?\s*", re.IGNORECASE)
_ALIKE = 88  # of 100: how much words resemble a choice that is suggested for them

_YES = frozenset(("co", "x", "v", "yes", "y", "dung", "true", "1", "✓", "✔", "☑", "√", "✅", "☒", "🗹"))
_NO = frozenset(("khong", "ko", "k", "kh", "no", "n", "sai", "false", "0", "chua co", "khong co"))
_NOT_YET = frozenset(("chua", "da co", "roi", "✗", "✘", "×", "☐", "❌", "c", "khong ap dung"))


def joined_words(written: str) -> str:
    """A text whose words are parted by spaces: a soft hyphen before a capital stands where a person writes one."""
    return _BREAK.sub("", _BREAK_AT_CAPITAL.sub(" ", written))


def read_words(field: Field, value: object) -> Reading:
    """Read typed words; in a field for a person, the name of the person alone."""
    if isinstance(value, str):
        value = joined_words(value)
        if marks.exponent_digits(value):
            return Reading(value, f"“{value}”: bảng tính có thể đã làm mất các chữ số cuối; có đúng như vậy không?")
        if field.personal and type_of(field).is_plain_text:
            return _person(field, value)
    return _typed(field, value)


def _typed(field: Field, value: object, lookups: Lookups | None = None) -> Reading:
    try:
        return Reading(type_of(field).parse(value, field, lookups))
    except ValueProblem as problem:
        return Reading(problem=str(problem))


def _person(field: Field, written: str) -> Reading:
    """A name, and what stands behind it: «Ông Nguyễn Văn A, giám đốc, 0912…»."""
    beside: dict[str, Any] = {}
    rest = written
    if phones := _PHONE.findall(written):
        reading = read_phone(phones[0])
        if not reading.problem and not reading.question:
            beside["phone"] = reading.value
        rest = re.sub(
            r"(?:s?đt|đtdđ|tel|điện thoại)\s*[:.]?\s*$", "", _PHONE.sub(" ", written).strip(" ,;-–:()"), flags=re.I
        )
    bare, remark = marks.without_remark(_AFTER_TITLE.sub(r"\1 ", rest.strip(" ,;-–:(")))
    parts = [part for part in [*_PARTS.split(bare), remark] if part.strip()]
    positions = [part for part in parts if is_position(part)]
    names = [without_title(part) for part in parts if part not in positions]
    if positions:
        beside["position"] = text.upper_first(" ".join(positions[0].split()))
    if len(names) == 1 and (_NAME.fullmatch(names[0]) or len(parts) == 1):
        return Reading(_typed(field, _with_capitals(names[0])).value, beside=beside)
    return _doubtful_person(field, written, names, beside)


def _with_capitals(name: str) -> str:
    """A name of capital words whose letters with accents are small, as fonts of old codes show them: «Lê Văn ích»."""
    words = name.split()
    small = [word for word in words if word[:1].islower() and not word[0].isascii()]
    is_name = len(words) > 1 and all(word in small or word[:1].isupper() for word in words)
    return " ".join(map(text.upper_first, words)) if small and is_name else name


def _doubtful_person(field: Field, written: str, names: list[str], beside: dict[str, Any]) -> Reading:
    likely = next((name for name in names if _NAME.fullmatch(name) and " " in name), "")
    value = _typed(field, likely or written).value
    return Reading(value, f"“{marks.quoted_line(written)}” có nhiều phần: tên là «{value}»?", beside=beside)


def read_choice(field: Field, value: object, lookups: Lookups | None) -> Reading:
    """Read a choice by its words, its short form or its first words; words that are only like one are asked about."""
    typed = _typed(field, value, lookups)
    if not typed.problem or not isinstance(value, str):
        return typed
    offered = [choice for choice in choices_of(field, lookups) if not choice.retired]
    stars = _STARS.fullmatch(value)
    if stars and (starred := _by_stars(offered, stars)):
        return Reading(starred.value)
    spelled = spelled_out(value)
    if (sure := _by_words(offered, spelled)) is not None:
        return Reading(sure.value)
    return _near_choice(offered, value, spelled, typed)


def _by_stars(offered: list[Choice], stars: re.Match[str]) -> Choice | None:
    count = stars[1] or str(len(stars[2].replace("\ufe0f", "")))
    return next((choice for choice in offered if text.fold(choice.short).split(" ")[:2] == [count, "sao"]), None)


def _by_words(offered: list[Choice], spelled: str) -> Choice | None:
    """The choice that the words are, or with whose several words they begin; the longest of those."""
    labels = [(spelled_out(label), choice) for choice in offered for label in (choice.label, choice.short)]
    same = {choice.value: choice for label, choice in labels if label == spelled}
    if len(same) == 1:
        return next(iter(same.values()))
    begun = [(label, choice) for label, choice in labels if " " in label and f"{spelled} ".startswith(f"{label} ")]
    return max(begun, key=lambda pair: len(pair[0]))[1] if begun else None


def _near_choice(offered: list[Choice], written: str, spelled: str, typed: Reading) -> Reading:
    if form := probable_form(written):
        likely = next((choice for choice in offered if text.fold(choice.label) == form), None)
        if likely:
            return Reading(likely.value, f"“{marks.quoted_line(written)}”: là «{likely.label}»?")
    within = [choice for choice in offered if f" {text.fold(choice.short)} " in f" {spelled} "]
    if len(within) == 1 and _STARS.search(written):
        return Reading(within[0].value, f"“{marks.quoted_line(written)}”: là «{within[0].label}»?")
    begun = [choice for choice in offered if " " in spelled and _goes_on(spelled_out(choice.label), spelled)]
    if len(begun) == 1:
        return Reading(begun[0].value, f"“{marks.quoted_line(written)}”: là «{begun[0].label}»?")
    from rapidfuzz import fuzz  # only words that are no choice pay for it

    alike = sorted(offered, key=lambda choice: -fuzz.ratio(spelled, spelled_out(choice.short)))
    if alike and fuzz.ratio(spelled, spelled_out(alike[0].short)) >= _ALIKE:
        return Reading(alike[0].value, f"“{marks.quoted_line(written)}”: là «{alike[0].label}»?")
    return typed


def _goes_on(label: str, words: str) -> bool:
    """Whether a label begins with words and goes on after them."""
    return label.startswith((f"{words},", f"{words} "))


def read_choices(field: Field, value: object, lookups: Lookups | None) -> Reading:
    """Read several choices, parted by signs or by «và»; one that is unclear makes the cell unclear."""
    typed = _typed(field, value, lookups)
    if not typed.problem or not isinstance(value, str):
        return typed
    parts = [part for part in re.split(r"[;,\n+/]|\s+và\s+", value) if part.strip()]
    readings = [read_choice(field, part, lookups) for part in parts]
    if any(reading.problem for reading in readings):
        return typed
    values = list(dict.fromkeys(reading.value for reading in readings))
    question = next((reading.question for reading in readings if reading.question), "")
    return Reading([choice.value for choice in choices_of(field, lookups) if choice.value in values], question)


def read_yes_no(field: Field, value: object) -> Reading:
    """Read a tick, «có» or «không»; «chưa» and words behind an answer are asked about."""
    if not isinstance(value, str):
        if isinstance(value, float) and value in (0, 1):
            value = int(value)
        return _typed(field, value)
    bare, remark = marks.without_remark(value.strip())
    folded = text.fold(bare).strip(" .,;")
    answer = True if folded in _YES else False if folded in _NO else None
    if answer is not None and not remark:
        return Reading(answer)
    if answer is None and folded in _NOT_YET:
        answer = folded in ("da co", "roi", "×", "c")
    if answer is None:
        first = folded.split(" ")[0].strip(",.:;") if folded else ""
        answer = {"co": True, "da": True, "khong": False, "chua": False, "ko": False}.get(first)
    if answer is None:
        return _typed(field, value)
    return Reading(answer, f"“{marks.quoted_line(value)}”: là {type_of(field).text(answer, field)}?")

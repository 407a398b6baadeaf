"""Reads numbers in words: «ba trăm triệu đồng», «Một tỷ hai trăm năm mươi triệu»."""

from __future__ import annotations

import re

from kcdesk import text
from kcdesk.sheets.values import marks
from kcdesk.sheets.values.cells import Reading

_DIGITS = "không một hai ba bốn tư năm lăm nhăm sáu bảy bẩy tám chín mười mươi mốt"
_WORDS = frozenset(f"{_DIGITS} trăm linh lẻ nghìn ngàn triệu tỷ tỉ và".split())
_AS_COUNTED = {"lẻ": "linh", "ngàn": "nghìn", "tỉ": "tỷ", "bẩy": "bảy", "nhăm": "lăm", "tư": "bốn"}
_SCALES = frozenset(("mươi", "mười", "trăm", "nghìn", "triệu", "tỷ"))
_ENDS = re.compile(r"\s*(?:việt nam)?\s*(?:đồng|vnđ|vnd)?\s*(?:chẵn)?\s*\.?$")


def number_in_words(written: str) -> Reading | None:
    """The number that a text spells, asked about if it is not spelled as it is counted; None if it spells none."""
    bare = _ENDS.sub("", " ".join(written.lower().replace(",", " ").split()))
    words = [_AS_COUNTED.get(word, word) for word in bare.split(" ") if word != "và"]
    if len(words) < 2 or not set(bare.split(" ")) <= _WORDS or not _SCALES & set(words):
        return None
    from vn_numberwords import number_to_words, words_to_number  # only numbers in words pay for it

    number = int(words_to_number(" ".join(words)))
    counted = str(number_to_words(number)).split(" ")
    if [_AS_COUNTED.get(word, word) for word in counted] == words:
        return Reading(number)
    return Reading(number, f"“{marks.quoted_line(written)}”: có đúng là {text.format_integer(number)} không?")

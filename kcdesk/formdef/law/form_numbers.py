"""Numbers of forms in texts: «Mẫu 5a TT 36/2013/TT-BCT» is true of one programme, and nobody has seen the form."""

from __future__ import annotations

import re

NUMBER = re.compile(r"\bMẫu (?:số )?\d+[a-zđ]?(?![\w.])(?: Phụ lục \d+)?(?: TT \d+/\d{4}/[\w-]+)?")
_IN_BRACKETS = re.compile(rf"\s*\({NUMBER.pattern}\)")
_FORMS = r"mẫu số \d+[a-zđ]?(?:(?: hoặc|,) \d+[a-zđ]?)*"
_NAMED = re.compile(rf"\s*\((?:theo )?{_FORMS}(?: phụ lục \d+)?\)|(?:,| và)? ?\b{_FORMS} phụ lục \d+", re.IGNORECASE)


def without_number(label: str) -> str:
    """The name of a paper without the number of a form: «Biên bản nghiệm thu cơ sở» of «… (Mẫu 5a)»."""
    return _IN_BRACKETS.sub("", label)


def without_forms(words: str) -> str:
    """A text without «(theo Mẫu số 3b Phụ lục 1)»; a number without «số» may be that of anything, and stays."""
    return _NAMED.sub("", words)

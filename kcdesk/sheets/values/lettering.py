"""The code in which the letters of a column are written: Unicode, or one from before it.

A code is recognised by words that are no Vietnamese as they stand and are Vietnamese once converted. Two such words
that differ are needed, unless the font of the cells names the code: a single word is left as it is and asked about.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from kcdesk import text
from kcdesk.runtime.frozen import Value
from kcdesk.sheets.values.letter_codes import LetterCode, ends_like_sentence, letter_codes
from kcdesk.sheets.values.syllables import is_vietnamese

_DIGITS = re.compile(r"[0-9]+")
_SPACES = re.compile("[ \t\r\n]+")  # a space that does not break may be a half of a letter
_ENOUGH = 2  # different words that prove a code
_SURPLUS = 3  # times as many words must speak for a code as against it
# What a word says of a code: Vietnamese only when converted; nothing; never Vietnamese; only as it stands.
_GAIN, _NOTHING, _NEITHER, _RIGHT = 1, 0, -1, -2
_DAMAGED = re.compile("\ufffd|[^\\W\\d_]\\?+[^\\W\\d_]|[ÃÄÆ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|á[º»]")


class Letters(Value):
    """The code of the letters of a column."""

    code: str = ""  # "": Unicode as it should be
    name: str = "Unicode"  # for the officer
    is_certain: bool = True  # False: a few signs of this code are there, too few to convert by
    is_mixed: bool = False  # some cells of the column are in Unicode

    @property
    def is_foreign(self) -> bool:
        """Whether texts are converted, so that a person should see what they become."""
        return bool(self.code) and self.is_certain

    def decoded(self, written: str, font: str = "") -> str:
        """The text in Unicode (NFC), cleaned; a text that is in Unicode already stays."""
        return text.clean(self.converted(written, font) if self.is_foreign else written)

    def is_doubtful(self, written: str, font: str = "") -> bool:
        """Whether a text may mean what stands there or what `converted` makes of it."""
        if not self.code or self.converted(written, font) == written:
            return False
        if self.code == "viqr" and ends_like_sentence(written):
            return True
        if self.is_certain and (not self.is_mixed or font.lower().startswith(_code(self.code).fonts or "\n")):
            return False
        gains, _losses = _weighed(_code(self.code), (written,))
        return bool(gains) != self.is_certain

    def converted(self, written: str, font: str = "") -> str:
        """What the text becomes in this code, cleaned or not; the text itself if it is not in the code."""
        code = _code(self.code) if self.code else None
        if code is None or not code.may_hold(written):
            return written
        converted = code.converted(written)
        if _is_font_of(code, font):
            return converted.upper() if font.lower().rstrip("0123456789 ").endswith("h") else converted
        weights = [_weight(code.key, word) for word in _SPACES.split(written)]
        return written if weights.count(_RIGHT) > weights.count(_GAIN) else converted


UNICODE = Letters()


def recognise_letters(texts: Sequence[str], fonts: Sequence[str] = ()) -> Letters:
    """The code in which the texts of a column are written; `fonts`: of each text, where the reader knows them."""
    telling = list(dict.fromkeys(written for written in texts if _may_be_foreign(written)))
    if not telling:
        return UNICODE
    weights = [(code, *_weighed(code, telling)) for code in letter_codes()]
    code, gains, losses = max(weights, key=lambda weight: (len(weight[1]) - len(weight[2]), len(weight[1])))
    by_font = next((code for code in letter_codes() if any(_is_font_of(code, font) for font in fonts)), None)
    if by_font and any(by_font.may_hold(written) for written in telling):
        return Letters(by_font.key, by_font.name, is_mixed=_is_mixed(by_font, texts))
    if not gains or len(gains) < _SURPLUS * len(losses):
        return UNICODE
    if code.decisive and not any(code.decisive.search(word) for word in gains):
        return UNICODE
    return Letters(code.key, code.name, len(gains) >= _ENOUGH, _is_mixed(code, texts))


def fits(texts: Iterable[str], key: str) -> bool:
    """Whether texts may be in the code of the rest of their sheet: they have its signs, no word is right as it is."""
    code = _code(key)
    held = [written for written in texts if not written.isascii() and code.may_hold(written)]
    return bool(held) and all(_weight(key, word) != _RIGHT for written in held for word in _SPACES.split(written))


def is_damaged(written: str) -> bool:
    """Whether letters of a text are lost: «C?ng ty», a sign that stands for any letter, halves of letters."""
    return _DAMAGED.search(written) is not None


def _may_be_foreign(written: str) -> bool:
    return any(code.may_hold(written) for code in letter_codes())


def _is_mixed(code: LetterCode, texts: Iterable[str]) -> bool:
    """Whether some of the texts are right Vietnamese as they stand, which no text of this code is."""
    return any(
        not code.may_hold(written) and any(map(is_vietnamese, _SPACES.split(written)))
        for written in texts
        if not written.isascii()
    )


def _code(key: str) -> LetterCode:
    return next(code for code in letter_codes() if code.key == key)


def _is_font_of(code: LetterCode, font: str) -> bool:
    return bool(code.fonts) and font.lower().startswith(code.fonts)


def _weighed(code: LetterCode, texts: Iterable[str]) -> tuple[set[str], set[str]]:
    """The words that speak for a code and those that speak against it; «65/HÑ-KC» and «66/HÑ-KC» speak once."""
    gains: set[str] = set()
    losses: set[str] = set()
    for written in filter(code.may_hold, texts):
        for word in _SPACES.split(written):
            weight = _weight(code.key, word)
            if weight:
                (gains if weight > 0 else losses).add(_DIGITS.sub("", word))
    return gains, losses


@lru_cache(maxsize=50_000)
def _weight(key: str, word: str) -> int:
    """What a word says of a code."""
    converted = _code(key).converted(word)
    if converted == word:
        return _NOTHING
    before, after = is_vietnamese(word), is_vietnamese(converted)
    if after:
        return _NOTHING if before else _GAIN
    if before:
        return _RIGHT
    return _NEITHER if after is False else _NOTHING

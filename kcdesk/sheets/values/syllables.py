"""Whether a word can be Vietnamese: what tells a right text from one that is read in a wrong code of letters."""

from __future__ import annotations

import re
from functools import lru_cache

from kcdesk.letters import normalized

_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_FIRST = r"(?:ngh?|gh|gi|kh|kr|kl|br|bl|ph|qu|th|tr|ch|nh|dr|pl|[bcdđghklmnprstvx])?"
# What may stand behind each vowel, without its tone.
_RHYMES = (
    r"a(?:ch?|i|m|n[gh]?|o|p|t|u|y|k)?|ă(?:c|m|ng?|p|t|k)|â(?:c|m|ng?|p|t|u|y)|e(?:c|m|ng?|o|p|t|k)?|"
    r"ê(?:ch|m|nh?|p|t|u|ng?)?|i(?:a|ch|m|nh?|p|t|u|ê[cmnptu]|êng)?|o(?:c|i|m|ng?|p|t|oc|ong|k)?|"
    r"oa(?:ch?|i|m|n[gh]?|o|p|t|y)?|oă(?:c|m|ng?|t)|oe(?:n|o|t)?|ô(?:c|i|m|ng?|p|t|k)?|ơ(?:i|m|n|p|t)?|"
    r"u(?:a|c|i|m|ng?|p|t)?|uâ(?:ng?|t|y)|uê(?:ch|nh?)?|uô(?:c|i|m|ng?|t)|uơ|uy(?:a|ch|n|nh|t|p|u|ên|êt)?|"
    r"ư(?:a|c|i|m|ng?|t|u)?|ươ(?:c|i|m|ng?|p|t|u)|y(?:ch|nh?|t|p|u)?|yê(?:m|ng?|t|u)|"
    r"uă(?:c|m|n|ng|t)"  # behind q, whose u is a part of the sound
)
_SYLLABLE = re.compile(rf"{_FIRST}(?:{_RHYMES})")
_STOPPED = re.compile(r"(?:c|ch|p|t)$")
_PART = re.compile(r"[^\W\d_]+")
_EDGES = " \t\r\n.,;:!?()[]{}<>\"'«»“”‘’…-–—/\\|*+=&%#@0123456789"


@lru_cache(maxsize=20_000)
def is_syllable(word: str) -> bool:
    """Whether letters are one Vietnamese syllable with at most one tone, in small letters, capitals or one capital."""
    if not (word.islower() or word.isupper() or word.istitle()):
        return False
    parts = normalized("NFD", word.lower())
    tones = _TONES.findall(parts)
    bare = normalized("NFC", _TONES.sub("", parts))
    if len(tones) > 1 or _SYLLABLE.fullmatch(bare) is None:
        return False
    return not _STOPPED.search(bare) or not tones or tones[0] in "\u0301\u0323"


@lru_cache(maxsize=20_000)
def is_vietnamese(token: str) -> bool | None:
    """Whether what stands between two spaces is Vietnamese; None if nothing tells: plain letters, «TNHH», «5đ»."""
    bare = normalized("NFC", token).strip(_EDGES)
    parts = _PART.findall(bare)
    if any(not letter.isalnum() and not letter.isascii() for letter in bare):
        return False
    telling = [part for part in parts if not part.isascii() and (len(part) > 1 or part.lower() not in "đ")]
    if not telling:
        return None
    return all(map(is_syllable, telling))

"""Writes Vietnamese text in the codes from before Unicode, for tests: independent of the tables of the program.

TCVN3 as the C library has it where a letter of two signs is not needed, VNI and VIQR by their rules: a letter, then a
sign for its shape and its tone.
"""

from __future__ import annotations

import unicodedata

SMALL_TCVN3 = (
    "a\u0300µ a\u0309¶ a\u0303· a\u0301¸ a\u0323¹ ă¨ ă\u0300» ă\u0309¼ ă\u0303½ ă\u0301¾ ă\u0323Æ "
    "â© â\u0300Ç â\u0309È â\u0303É â\u0301Ê â\u0323Ë đ® e\u0300Ì e\u0309Î e\u0303Ï e\u0301Ð e\u0323Ñ "
    "êª ê\u0300Ò ê\u0309Ó ê\u0303Ô ê\u0301Õ ê\u0323Ö i\u0300× i\u0309Ø i\u0303Ü i\u0301Ý i\u0323Þ "
    "o\u0300ß o\u0309á o\u0303â o\u0301ã o\u0323ä ô« ô\u0300å ô\u0309æ ô\u0303ç ô\u0301è ô\u0323é "
    "ơ¬ ơ\u0300ê ơ\u0309ë ơ\u0303ì ơ\u0301í ơ\u0323î u\u0300ï u\u0309ñ u\u0303ò u\u0301ó u\u0323ô "
    "ư\u00ad ư\u0300õ ư\u0309ö ư\u0303÷ ư\u0301ø ư\u0323ù y\u0300ú y\u0309û y\u0303ü y\u0301ý y\u0323þ"
)
TCVN3 = {unicodedata.normalize("NFC", pair[:-1]): pair[-1] for pair in SMALL_TCVN3.split(" ")} | dict(
    zip("ĂÂĐÊÔƠƯ", "¡¢§£¤¥¦", strict=True)
)
_SHAPES = {"ă": "a", "â": "a", "ê": "e", "ô": "o", "ơ": "ô", "ư": "ö", "đ": "ñ"}
_VNI_TONES = {
    "ă": "êèúüéë",
    "â": "âàåãáä",
    "ê": "âàåãáä",
    "ô": "âàåãáä",
    **dict.fromkeys("aeouyơư", " øûõùï"),
}
_VNI_ALONE = {"ì": "ì", "ỉ": "æ", "ĩ": "ó", "í": "í", "ị": "ò", "ỵ": "î"}
_TONES = "\u0300\u0309\u0303\u0301\u0323"
_VIQR = {"ă": "a(", "â": "a^", "ê": "e^", "ô": "o^", "ơ": "o+", "ư": "u+", "đ": "dd"}


def in_tcvn3(text: str) -> str:
    """The text in TCVN3; capitals with a tone become the small sign, as their fonts need it."""
    return "".join(TCVN3.get(letter, TCVN3.get(letter.lower(), letter)) for letter in text)


def in_vni(text: str) -> str:
    """The text in VNI: a capital has a capital sign."""
    return "".join(_cased(letter, _vni(*_parts(letter.lower()))) for letter in text)


def in_viqr(text: str) -> str:
    """The text in VIQR."""
    return "".join(_cased(letter, _viqr(*_parts(letter.lower()))) for letter in text)


def in_windows_1258(text: str) -> str:
    """The text in Windows-1258, read as Windows-1252."""
    parts = "".join("".join(_parts(letter)) for letter in text)
    return parts.encode("cp1258").decode("cp1252")


def misread(text: str, page: str) -> str:
    """The UTF-8 of the text, read in another code page; what the page leaves open stays as it is in Latin-1."""
    return "".join(bytes([byte]).decode(page, errors="ignore") or chr(byte) for byte in text.encode())


def _parts(letter: str) -> tuple[str, str]:
    apart = unicodedata.normalize("NFD", letter)
    tone = next((mark for mark in apart if mark in _TONES), "")
    return unicodedata.normalize("NFC", apart.replace(tone, "") if tone else apart), tone


def _vni(shape: str, tone: str) -> str:
    whole = unicodedata.normalize("NFC", shape + tone)
    if whole in _VNI_ALONE:
        return _VNI_ALONE[whole]
    signs = _VNI_TONES.get(shape)
    plain = _SHAPES.get(shape, shape)
    if signs is None or (not tone and signs[0] == " "):
        return plain
    return plain + signs[_TONES.index(tone) + 1 if tone else 0]


def _viqr(shape: str, tone: str) -> str:
    return _VIQR.get(shape, shape) + {**dict(zip(_TONES, "`?~'.", strict=True)), "": ""}[tone]


def _cased(letter: str, signs: str) -> str:
    return signs.upper() if letter.isupper() else signs

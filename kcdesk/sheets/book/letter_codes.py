"""The text of a file whose code of letters nobody has told: Unicode in its kinds, else one byte a letter."""

from __future__ import annotations

import codecs
import re

_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),  # begins as UTF-16 does
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"""charset\s*=\s*["']?([A-Za-z0-9_-]+)""", re.IGNORECASE)
_LOOKED_AT = 4_096
_TONES = re.compile("[\u0300\u0301\u0303\u0309\u0323]")  # which Windows-1258 puts behind their vowels
# Tones behind other letters, and signs within words: bytes of another code, such as TCVN3 («tiÒn», «®Ò», «to¸n»).
_STRAY = re.compile(f"(?<![aeiouyăâêôơư]){_TONES.pattern}|(?<=[a-z])[§¨©ª«¬\u00ad®µ¶·¸¹](?=[a-z])", re.IGNORECASE)


def decoded_text(content: bytes) -> str:
    """The text of a file; one byte a letter if it is no Unicode: what code that is, its columns show."""
    for mark, name in _MARKS:
        if content.startswith(mark):
            return content.decode(name, "replace")
    if wide := _wide(content):
        return content.decode(wide, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _narrow(content)


def _wide(content: bytes) -> str:
    """UTF-16 without a mark: every other byte of plain letters is zero."""
    head = content[:_LOOKED_AT]
    if head[1::2].count(0) > len(head) // 5:
        return "utf-16-le"
    return "utf-16-be" if head[0::2].count(0) > len(head) // 5 else ""


def _narrow(content: bytes) -> str:
    declared = _DECLARED.search(content[:_LOOKED_AT])
    if declared and declared[1].lower() in (b"windows-1258", b"cp1258"):
        return content.decode("cp1258", "replace")
    vietnamese = content.decode("cp1258", "replace")
    tones, strays = len(_TONES.findall(vietnamese)), len(_STRAY.findall(vietnamese))
    is_enough = tones * 12 > sum(byte > 127 for byte in content)
    if is_enough and strays * 10 < tones and "\ufffd" not in vietnamese:
        return vietnamese
    return content.decode("cp1252", "backslashreplace") if _is_western(content) else content.decode("latin-1")


def _is_western(content: bytes) -> bool:
    try:
        content.decode("cp1252")
    except UnicodeDecodeError:
        return False
    return True

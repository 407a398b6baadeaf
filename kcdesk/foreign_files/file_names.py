"""Names of files that come from elsewhere: shown so that nothing hides in them, and made safe for saving.

A name may hold letters that nobody sees, turn the writing direction (U+202E makes «fdp.exe» look like «exe.pdf»), push
its ending out of sight by spaces, name a stream («a.txt:b.exe»), a device (NUL) or another folder.
"""

from __future__ import annotations

import re
import unicodedata

from kcdesk.letters import normalized

_UNSEEN_CATEGORIES = frozenset(("Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"))
# Fillers, joiners and selectors that count as letters or marks and show nothing, and the pattern without dots.
_FILLERS = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0000-\U000e0fff]"
)
_MANY_SPACES = re.compile(" {3,}")
_AT_THE_END = re.compile(r"[ .]+\Z")
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]+')
_DEVICE = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\Z", re.IGNORECASE)
_LONGEST = 180  # bytes in UTF-8 of a name that every system keeps
_ENDING = re.compile(r"\.[^.\s]{1,10}\Z")


def is_unseen(letter: str) -> bool:
    """Whether nobody sees a letter: it is no sign, only a space of an odd width, or turns the direction."""
    category = unicodedata.category(letter)
    odd_space = category == "Zs" and letter != " "
    return odd_space or category in _UNSEEN_CATEGORIES or bool(_FILLERS.match(letter))


def shown_name(name: str) -> str:
    """The name with everything unseen as «[U+202E]» and many spaces counted; no label takes it for HTML."""
    seen = "".join(f"[U+{ord(letter):04X}]" if is_unseen(letter) else letter for letter in name)
    seen = _MANY_SPACES.sub(lambda run: f" [{len(run[0])} dấu cách] ", seen)
    seen = _AT_THE_END.sub(lambda run: run[0].replace(" ", "␠"), seen) if seen.endswith(" ") else seen
    return seen.replace("<", "‹").replace(">", "›") or "[không tên]"


def name_faults(name: str) -> list[str]:
    """What is wrong with a name, each as a part of a sentence; empty for an ordinary one."""
    faults = []
    if any(map(is_unseen, name)):
        faults.append("tên có ký tự ẩn hoặc đảo chiều chữ")
    if ":" in name:
        faults.append("tên có dấu hai chấm (luồng ẩn của Windows)")
    if any(sign in name for sign in "/\\"):
        faults.append("tên chỉ sang thư mục khác")
    if _AT_THE_END.search(name) or _MANY_SPACES.search(name):
        faults.append("tên có dấu cách hoặc dấu chấm che đuôi tệp")
    if _DEVICE.match(name.partition(".")[0].strip()):
        faults.append("tên là thiết bị của Windows")
    return faults


def endings_of(name: str) -> list[str]:
    """The endings that a system may see in a name, small, without the dot: that of the file, then those before it.

    Windows cuts off dots and spaces at the end; a stream has an ending of its own, and comes first.
    """
    visible = "".join(letter for letter in name if not is_unseen(letter))
    parts = [part for part in re.split(r"[:/\\]", visible) if part]
    endings: list[str] = []
    for part in reversed(parts):
        pieces = _AT_THE_END.sub("", part).casefold().split(".")
        endings += [piece.strip() for piece in reversed(pieces[1:])]
    return endings


def safe_name(name: str) -> str:
    """A name of one file that every system takes, as near to the given one as possible."""
    seen = "".join(letter for letter in normalized("NFC", name) if not is_unseen(letter))
    plain = _AT_THE_END.sub("", _FORBIDDEN.sub("_", " ".join(seen.split()))).lstrip(" .")
    if _DEVICE.match(plain.partition(".")[0].strip()):
        plain = f"_{plain}"
    ending = match[0] if (match := _ENDING.search(plain)) else ""
    stem = plain.removesuffix(ending).encode()[: _LONGEST - len(ending.encode())].decode(errors="ignore").rstrip(" .")
    return f"{stem or 'tep'}{ending}"

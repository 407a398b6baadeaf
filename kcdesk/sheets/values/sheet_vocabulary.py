"""Short forms, titles and positions that people write into cells, from `resources/sheet_words.toml`."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Any

from kcdesk import paths, text

_NO_WORD = r"(?![a-z0-9])"


@cache
def _words() -> Mapping[str, Any]:
    return tomllib.loads((paths.resources() / "sheet_words.toml").read_text(encoding="utf-8"))


@cache
def _short_form() -> tuple[re.Pattern[str], Mapping[str, str]]:
    spelled = {short: text.fold(written) for short, written in _words()["short_forms"].items()}
    longest_first = sorted(spelled, key=len, reverse=True)
    return re.compile(rf"(?<![a-z0-9])(?:{'|'.join(map(re.escape, longest_first))}){_NO_WORD}"), spelled


@lru_cache(maxsize=5_000)
def spelled_out(written: str) -> str:
    """The folded text with short forms in full: «Cty TNHH Sao Mai» is «cong ty trach nhiem huu han sao mai»."""
    pattern, spelled = _short_form()
    return pattern.sub(lambda short: spelled[short[0]], " ".join(text.fold(written).split()))


def probable_form(written: str) -> str:
    """The folded legal form that a name probably has by its first words; "" if nothing tells."""
    folded = text.fold(written)
    forms = _words()["probable_forms"].items()
    return next((text.fold(form) for start, form in forms if re.match(rf"{re.escape(start)}{_NO_WORD}", folded)), "")


def without_title(written: str) -> str:
    """The name of a person without «Ông», «Bà» before it; a name of one word keeps what stands before it."""
    first, _, rest = written.strip().partition(" ")
    head, dot, tail = first.partition(".")
    if dot and tail:  # «Ô.Nguyễn Văn A»
        first, rest = f"{head}.", f"{tail} {rest}"
    bare, persons = first.lower().rstrip(".:"), _words()["persons"]
    is_title = bare in persons["titles"] or (first.endswith(".") and bare in ("ô", "o", "b", "a", "c"))
    is_title = is_title or (bare in persons["only_full"] and len(rest.split()) > 1)
    return rest.strip() if is_title and rest.strip()[:1].isupper() else written.strip()


def is_position(written: str) -> bool:
    """Whether words name what a person is: «giám đốc», «Chủ cơ sở»."""
    folded = text.fold(written)
    return any(re.match(rf"{re.escape(start)}{_NO_WORD}", folded) for start in _words()["persons"]["positions"])

"""Which offered names are nearest to words that were refused."""

from __future__ import annotations

from collections.abc import Iterable

from kcdesk import text

_COUNT = 3  # names that a sentence offers at most
_ALIKE = 75  # of 100: how much words resemble a name that is offered for them
_SHARED = 50  # the same for a name that has one of the words
_NO_WORDS = frozenset(("va", "cua", "cac", "tai", "cho", "theo", "xa", "phuong", "thi", "tran"))  # say nothing alone


def nearest_words(written: str, offered: Iterable[str]) -> str:
    """The words that offer the nearest names inside a sentence, ", gần nhất là «…»"; "" if there are none."""
    return listed_words(_nearest(written, offered))


def listed_words(names: Iterable[str]) -> str:
    """The same for names that were looked for otherwise."""
    listed = ", ".join(f"«{name}»" for name in names)
    return f", gần nhất là {listed}" if listed else ""


def _nearest(written: str, offered: Iterable[str]) -> list[str]:
    """The offered names that the words most resemble, the nearest first; none if nothing is like them."""
    from rapidfuzz import fuzz, process, utils  # only words that are refused pay for it

    names: dict[str, str] = {}
    for name in offered:
        names.setdefault(text.fold(name), name)
    folded = text.fold(written)
    words = set(utils.default_process(folded).split()) - _NO_WORDS
    best = process.extract(folded, names.keys(), scorer=fuzz.WRatio, score_cutoff=_SHARED, limit=10 * _COUNT)
    alike = [name for name, score, _place in best if score >= _ALIKE or words & set(name.split())]
    return [names[name] for name in alike[:_COUNT]]

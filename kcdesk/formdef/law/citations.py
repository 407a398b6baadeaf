"""Reads a source («Điểm b khoản 1 Điều 10 TT 36/2013/TT-BCT») into the instruments and articles that it cites.

An instrument is cited by its number, as `forms/law.toml` has it, or by its number in full words («Thông tư số …»). The
words before a number are its articles; words in brackets, and words without a number, are remarks for people.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import product

from kcdesk.runtime.frozen import Value

PROPOSAL = "Đề xuất của chương trình"  # how a source begins that no instrument stands behind

_SHORT = {
    "Luật": "Luật",
    "Nghị định": "NĐ",
    "Nghị quyết": "NQ",
    "Quyết định": "QĐ",
    "Thông báo": "TB",
    "Thông tư": "TT",
    "Thông tư liên tịch": "TTLT",
}
_KINDS = "|".join(sorted((*_SHORT, *_SHORT.values()), key=len, reverse=True))
_NUMBER = re.compile(rf"\b(?P<kind>{_KINDS})(?: số)? (?P<number>[0-9]+[a-z]?/[0-9A-ZĐa-z/-]*[0-9A-ZĐa-z])")
_BRACKETS = re.compile(r"\([^()]*\)")
_LIST = r"(?:[0-9]+[a-zđ]?|[a-zđ])"
_PARTS = re.compile(rf"\b(điểm|khoản|điều)\s+({_LIST}(?:(?:, | và |,){_LIST}\b)*)\b", re.IGNORECASE)
_PLACES = re.compile(r"\b(?:điểm|khoản|điều|mẫu|phụ lục|mục|chương)\b", re.IGNORECASE)
_NAMES = re.compile(_LIST)


class Article(Value):
    """An article, or a part of it: «khoản 2 Điều 8» has no point; "" stands for all of them."""

    article: str
    clause: str = ""
    point: str = ""

    def overlaps(self, other: Article) -> bool:
        """Whether the two have text in common: Điều 8 has that of khoản 2 Điều 8."""
        pairs = ((self.article, other.article), (self.clause, other.clause), (self.point, other.point))
        for own, its in pairs:
            if own and its and own != its:
                return False
            if not own or not its:
                return True
        return True

    def holds(self, other: Article) -> bool:
        """Whether the whole text of another one is within this one: khoản 2 Điều 8 is within Điều 8."""
        pairs = ((self.article, other.article), (self.clause, other.clause), (self.point, other.point))
        return all(not own or own == its for own, its in pairs)


class Citation(Value):
    """An instrument by its number, and the words before it: «Điểm b khoản 1 Điều 10»; "" is the whole instrument."""

    instrument: str
    articles: str = ""

    @property
    def parts(self) -> tuple[Article, ...]:
        """The articles one by one; none if only the instrument, a form or an annex is cited."""
        return _articles(self.articles)

    def overlaps(self, other: Citation) -> bool:
        """Whether both cite the same instrument and have an article in common; no article stands for all of them."""
        if self.instrument != other.instrument:
            return False
        if not self.parts or not other.parts:
            return True
        return any(own.overlaps(its) for own, its in product(self.parts, other.parts))


@lru_cache(maxsize=4096)
def citations(source: str) -> tuple[Citation, ...]:
    """The citations of a source, in their order; none if it names no instrument."""
    return tuple(dict.fromkeys(_parsed(source)))


def in_full(source: str) -> str:
    """A source as a signed paper cites it: «TT 46/2012/TT-BCT» becomes «Thông tư số 46/2012/TT-BCT»."""
    kinds = {short: full for full, short in _SHORT.items()}
    return _NUMBER.sub(lambda match: f"{kinds.get(match['kind'], match['kind'])} số {match['number']}", source)


def is_proposal(source: str) -> bool:
    """Whether a source says that the rule is a proposal of the program, with no instrument behind it."""
    return source.startswith(PROPOSAL) and not citations(source)


def _parsed(source: str) -> Iterator[Citation]:
    plain = _BRACKETS.sub(lambda match: ";" + " " * (len(match[0]) - 1), source)  # a remark is not an article
    end = 0
    for match in _NUMBER.finditer(source):
        words = plain[end : match.start()].rpartition(";")[2]
        kind = match["kind"]
        place = _PLACES.search(words)
        articles = words[place.start() :].strip(" ,.") if place else ""
        yield Citation(f"{_SHORT.get(kind, kind)} {match['number']}", articles)
        end = match.end()


@lru_cache(maxsize=4096)
def _articles(words: str) -> tuple[Article, ...]:
    """«Điểm a, b khoản 1 và khoản 2 Điều 8»: 8.1.a, 8.1.b and 8.2."""
    parts: list[Article] = []
    points: list[str] = []
    clauses: list[tuple[str, str]] = []
    for match in _PARTS.finditer(words):
        level, names = match[1].lower(), _NAMES.findall(match[2].lower())
        if level == "điểm":
            points = names
        elif level == "khoản":
            clauses += product(names, points or [""])
            points = []
        else:
            smaller = clauses or [("", point) for point in points or [""]]
            parts += [Article(name, *part) for name in names for part in smaller]
            points, clauses = [], []
    return tuple(parts)

"""Where an article stands in the pages of a legal text, and on which pages typed words stand; pages count from 1."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

from kcdesk.formdef.law.citations import Article, Citation
from kcdesk.runtime.frozen import Value
from kcdesk.text import fold, index_words, tokens

_AROUND = 90  # letters shown before and after the words
_ARTICLE = re.compile(r"dieu\s+(?P<name>[0-9]+[a-z]?)\b(?P<sign>\s*[.:]?)")
_CLAUSE = re.compile(r"(?P<name>[0-9]+[a-z]?)\s*[.)]\s")
_POINT = re.compile(r"(?P<name>[a-zđ])\s*\)")
_IN_CONTENTS = re.compile(r"(?:\.\s?){4,}|…|\s[0-9]{1,4}$")  # leaders or a number at the end of a line
_FORM = re.compile(r"\b(?:mau(?: so)?|phu luc(?: so)?)\s+[0-9]+[a-z]?\b")


class TextPlace(Value):
    """A place in a text: the page, and the line or the words around it."""

    page: int
    piece: str


class _Line(Value):
    page: int
    text: str
    plain: str  # folded; «đ)» stays apart from «d)»


class TextPages:
    """The words of a text page by page; a scan has empty ones."""

    def __init__(self, pages: Sequence[str]) -> None:
        self.pages = tuple(pages)

    @property
    def has_words(self) -> bool:
        """Whether any page has words that can be searched."""
        return any(page.strip() for page in self.pages)

    @cached_property
    def _lines(self) -> tuple[_Line, ...]:
        return tuple(
            _Line(number, line.strip(), _plain(line))
            for number, page in enumerate(self.pages, start=1)
            for line in page.splitlines()
            if line.strip()
        )

    @cached_property
    def _searched(self) -> tuple[str, ...]:
        """The words of each page in plain letters, each after a space: « cap » is found by « ca»."""
        return tuple(f" {' '.join(index_words(page))}" for page in self.pages)

    def place(self, citation: Citation) -> TextPlace | None:
        """Where the first article, form or annex of a citation begins; None without a heading of it."""
        if citation.parts:
            return self._article(citation.parts[0])
        named = _FORM.search(fold(citation.articles))
        return self._heading(named[0]) if named else None

    def pages_with(self, typed: str) -> Iterator[TextPlace]:
        """The pages that have all typed words, with or without accents, in their order."""
        words = tokens(typed)
        for number, searched in enumerate(self._searched, start=1):
            if words and all(f" {word}" in searched for word in words):
                yield TextPlace(number, piece(self.pages[number - 1], words))

    def _article(self, wanted: Article) -> TextPlace | None:
        lines = self._lines
        start = self._start_of(wanted.article)
        if start is None:
            return None
        end = next((at for at in range(start + 1, len(lines)) if _heads_article(lines[at])), len(lines))
        if wanted.clause:
            start, end = self._part(start, end, _CLAUSE, wanted.clause)
        if wanted.point:
            start, end = self._part(start, end, _POINT, wanted.point)
        return TextPlace(lines[start].page, lines[start].text)

    def _start_of(self, article: str) -> int | None:
        """The line that heads an article: no line of a table of contents, rather with a full stop after its number."""
        heads = [
            (bool(_IN_CONTENTS.search(line.plain)), not match["sign"].strip(), at)
            for at, line in enumerate(self._lines)
            if (match := _ARTICLE.match(line.plain)) and match["name"] == article
        ]
        return min(heads)[-1] if heads else None

    def _part(self, start: int, end: int, head: re.Pattern[str], name: str) -> tuple[int, int]:
        """The lines of a clause or point between two lines; the whole where its number is not at a line's beginning."""
        starts = [
            (at, match["name"])
            for at in range(start, end)
            if (match := head.match(self._lines[at].plain if at > start else _after_title(self._lines[at].plain)))
        ]
        place = next((number for number, (_, own) in enumerate(starts) if own == name), None)
        if place is None:
            return start, end
        after = starts[place + 1][0] if place + 1 < len(starts) else end
        return starts[place][0], max(after, starts[place][0] + 1)

    def _heading(self, words: str) -> TextPlace | None:
        """The first line that begins with the name of a form or annex, else the first that has it."""
        plain = " ".join(words.split())
        bare = plain.replace(" so ", " ")
        for start in ("^", r"\b"):
            for line in self._lines:
                own = " ".join(line.plain.split())
                if any(re.search(rf"{start}{re.escape(name)}\b", own) for name in (plain, bare)):
                    return TextPlace(line.page, line.text)
        return None


def piece(page: str, words: Sequence[str]) -> str:
    """The part of a page around the place where most of the words stand together."""
    line = " ".join(page.split())
    parts = [(match.start(), fold(match[0])) for match in re.finditer(r"[^\W_]+", line)]
    places = [at for at, own in parts if any(own.startswith(word) for word in words)]

    def near(at: int) -> int:
        inside = [own for place, own in parts if at <= place < at + 2 * _AROUND]
        return sum(any(own.startswith(word) for own in inside) for word in words)

    centre = max(places, key=near, default=0)
    start = max(0, centre - _AROUND)
    shown = line[start : centre + 2 * _AROUND]
    head = f"…{shown.partition(' ')[2]}" if start else shown
    return f"{head.rpartition(' ')[0]}…" if centre + 2 * _AROUND < len(line) else head


def _heads_article(line: _Line) -> bool:
    match = _ARTICLE.match(line.plain)
    return match is not None and bool(match["sign"].strip())


def _after_title(plain: str) -> str:
    """What stands behind «dieu 10.» on the same line: «1. …»."""
    match = _ARTICLE.match(plain)
    return plain[match.end() :].lstrip() if match else plain


def _plain(line: str) -> str:
    """The line in plain letters; the letter of a point «đ)» is kept, because «d)» is another point."""
    folded = fold(line.strip())
    return f"đ{folded[1:]}" if line.strip()[:1] in ("đ", "Đ", "ð", "Ð") and folded[1:2] in (")", " ") else folded

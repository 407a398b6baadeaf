"""Brings the legal bases that an officer typed into line with those of the layout: «Căn cứ …», each one once."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kcdesk.documents.blocks import Inline
from kcdesk.formdef.law.citations import citations

_FIRST_WORDS = ("Căn cứ", "Xét", "Theo", "Thực hiện")  # of a base, by the models of Phụ lục III NĐ 30/2020/NĐ-CP
_SIGNS = " ;.,"
_OWN_YEAR = re.compile(r"/(?:19|20)[0-9]{2}/")  # a number without its year («01/QĐ-UBND») is given again next year


def tidy(lines: Iterable[Inline]) -> Iterator[Inline]:
    """Yield the bases; one whose instrument has been named as a base before is left out."""
    named: set[str] = set()
    for line in map(_complete, lines):
        instrument = _instrument(line)
        if instrument not in named:
            yield line
        if _OWN_YEAR.search(instrument):
            named.add(instrument)


def _complete(line: Inline) -> Inline:
    """A base with its first word and without the sign that ends it: the writer of a paper sets its own."""
    *before, last = line
    whole = (*before, last.rstrip(_SIGNS)) if isinstance(last, str) else line
    is_named = not isinstance(whole[0], str) or whole[0].lstrip().startswith(_FIRST_WORDS)
    return whole if is_named else ("Căn cứ ", *whole)


def _instrument(line: Inline) -> str:
    """The instrument that is the base itself, named first; "" if there is none."""
    cited = citations("".join(piece for piece in line if isinstance(piece, str)))
    return cited[0].instrument if cited else ""

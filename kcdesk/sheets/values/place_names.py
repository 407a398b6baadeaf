"""Reads communes of foreign spreadsheets: the unit that an address names, old or new, with or without accents."""

from __future__ import annotations

import re
from collections.abc import Hashable
from functools import lru_cache
from typing import Any, cast

from kcdesk.addresses import WrittenAddress
from kcdesk.formdef.model import Field
from kcdesk.formdef.places import PlaceMatch
from kcdesk.formdef.types.base import ValueProblem
from kcdesk.formdef.types.registry import type_of
from kcdesk.formdef.values import Lookups
from kcdesk.sheets.values import marks
from kcdesk.sheets.values.cells import Reading

_SEPARATORS = re.compile(r"\s*(?:[;\n]|\s[-–]\s|\s-|-\s)\s*")
_KINDS = re.compile(
    r"(?<=[^\s,])\s+(?=(?:xã|phường|thị trấn|đặc khu|huyện|quận|thị xã|thành phố|tỉnh|tp\.?|tx\.?|tt\.?|[xphq]\.)\s)",
    re.IGNORECASE,
)
_COMMUNE = re.compile(r"(?:xa|phuong|thi tran|dac khu)(?![a-z])")
_ABOVE = re.compile(r"(?:huien|quan|thi xa|thanh pho|tinh)(?![a-z])")  # `WrittenAddress` writes «y» as «i»
_PLACE = Field(name="place", type="place", label="")
_OFFERED = 3
_MOST_TAILS = 4  # parts of an address that no word calls a commune
_KEPT = 4_000  # communes that were read before


def read_place(field: Field, value: object, lookups: Lookups | None) -> Reading:
    """Read a commune: as it is typed, else the commune that an address names behind its street or hamlet."""
    if not isinstance(value, str) or lookups is None:
        return _typed(field, value, lookups)
    tails = _tails(_with_commas(value))
    known = cast("Hashable", lookups)  # of one store, by itself
    readings = [_named(tail, known) for tail in tails]
    return next((reading for reading in readings if not reading.problem), readings[-1] if readings else Reading())


@lru_cache(maxsize=_KEPT)  # a list of ten thousand rows names a hundred communes
def _named(tail: str, lookups: Any) -> Reading:
    """The commune that a text names, whole."""
    matches = lookups.places.named(tail)
    return _chosen(matches, tail) if matches else _typed(_PLACE, tail, lookups)


def _typed(field: Field, value: object, lookups: Lookups | None) -> Reading:
    try:
        return Reading(type_of(field).parse(value, field, lookups))
    except ValueProblem as problem:
        return Reading(problem=str(problem))


def _with_commas(written: str) -> str:
    """An address whose units are parted by commas, whatever parts them."""
    return _KINDS.sub(", ", _SEPARATORS.sub(", ", written.strip(" .,;")))


def _tails(address: str) -> list[str]:
    """What may be the commune of an address with the units above it: from the part on that says it is one.

    Else the address without its first parts, as long as a commune may begin the rest.
    """
    parts = [part.strip() for part in address.split(",") if part.strip()]
    plain = [" ".join(WrittenAddress(part).words) for part in parts]
    end = next((place for place, words in enumerate(plain) if _ABOVE.match(words)), len(parts))
    first = next((place for place, words in enumerate(plain[:end]) if _COMMUNE.match(words)), None)
    if first is not None:
        return [", ".join(parts[first:])]
    return [", ".join(parts[start:]) for start in range(min(max(end, 1), _MOST_TAILS))] if parts else []


def _chosen(matches: list[PlaceMatch], written: str) -> Reading:
    """The only commune with this name, else the question which; one old commune may have become several."""
    if len({match.commune for match in matches}) == 1:  # of today and of before under one name
        return Reading(_stored(min(matches, key=lambda match: match.old_commune)))
    offered = "; ".join(match.label for match in matches[:_OFFERED])
    more = "; …" if len(matches) > _OFFERED else ""
    return Reading(
        question=f"“{marks.quoted_line(written)}” có nhiều đơn vị cùng tên ({offered}{more}): là đơn vị nào?"
    )


def _stored(match: PlaceMatch) -> dict[str, str]:
    return {"commune": match.commune, "old_commune": match.old_commune}

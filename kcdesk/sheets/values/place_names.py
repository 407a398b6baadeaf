"""Reads communes of foreign spreadsheets: the unit that an address names, old or new, with or without accents."""

from __future__ import annotations

import re

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
_OFFERED = 3


def read_place(field: Field, value: object, lookups: Lookups | None) -> Reading:
    """Read a commune: as it is typed, else the commune that an address names behind its street or hamlet."""
    if not isinstance(value, str) or lookups is None:
        return _typed(field, value, lookups)
    typed = _typed(field, value, lookups)
    if not typed.problem:
        return typed
    for tail in _tails(_with_commas(value)):
        if matches := lookups.places.named(tail):
            return _chosen(matches, value)
    return typed


def _typed(field: Field, value: object, lookups: Lookups | None) -> Reading:
    try:
        return Reading(type_of(field).parse(value, field, lookups))
    except ValueProblem as problem:
        return Reading(problem=str(problem))


def _with_commas(written: str) -> str:
    """An address whose units are parted by commas, whatever parts them."""
    return _KINDS.sub(", ", _SEPARATORS.sub(", ", written.strip(" .,;")))


def _tails(address: str) -> list[str]:
    """The address without its first parts, as long as none of those is a commune and a commune may begin the rest."""
    parts = [part.strip() for part in address.split(",") if part.strip()]
    tails = []
    for start, part in enumerate(parts):
        plain = " ".join(WrittenAddress(part).words)
        if _ABOVE.match(plain):
            break
        tails.append(", ".join(parts[start:]))
        if _COMMUNE.match(plain):
            break
    return tails


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

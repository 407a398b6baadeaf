"""Documents as JSON, so that a store and a package can keep what was printed.

Reading is strict, because a package may bring anything: every value has its declared type, tables are complete, and
measures are small enough to be set.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from types import UnionType
from typing import Any, Literal, get_args, get_origin, get_type_hints

from kcdesk import moments
from kcdesk.documents import blocks
from kcdesk.documents.blocks import Blank, Block, Document, Tick
from kcdesk.documents.paper_codes import content_hash
from kcdesk.runtime.frozen import names

_KINDS: Mapping[str, type] = {kind.__name__: kind for kind in get_args(Block)}
_LEFT_OUT = frozenset(("read_file",))
_SHA256 = re.compile(r"[0-9a-f]{64}")
_LARGEST = 100_000  # of any whole number: the widest blank, the highest label
_LARGEST_AMOUNT = 1e18  # of a chart: more đồng than there are
_NEVER_ZERO = frozenset(("per_row", "per_page", "columns", "height", "level"))
_MARGINS = range(101)  # millimetres
_TEXT_SIZES = range(6, 41)  # points
_DISPLAY_SIZES = range(6, 73)
_MOST_POINTS, _MOST_SERIES = 60, 6  # of a chart
_LARGEST_FILE = 20 << 20  # bytes of the JSON of one paper


class DocumentError(ValueError):
    """The JSON is no document that can be set."""


def to_json(document: Document) -> bytes:
    """The document as canonical JSON; photos are named by their hash."""
    return _canonical(_plain(document))


def from_json(text: bytes) -> Document:
    """Read the JSON of a document; DocumentError if it is none."""
    if len(text) > _LARGEST_FILE:
        raise DocumentError("too large")
    try:
        document = _built(Document, _with_drawing(json.loads(text)))
        _refuse_unsettable(document)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise DocumentError(str(error)) from error
    return document  # type: ignore[no-any-return]  # made of its class above


def _with_drawing(values: Any) -> Any:
    """The values of a document; one that was kept before drawings had numbers is drawn in the first way."""
    return {"drawing": 1, **values} if isinstance(values, dict) else values


def hash_of(printed: tuple[Block, ...]) -> str:
    """The hash of printed blocks, as it stands in the code of a paper."""
    return content_hash(_plain(printed))


def _canonical(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _plain(value: Any) -> Any:
    """A value as JSON: a text as itself, a block with the name of its kind, values by their names."""
    if isinstance(value, str | int | float | bool | None):
        return value
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return value.isoformat()
    kind: type = type(value)
    named = {"kind": kind.__name__} if kind.__name__ in _KINDS or isinstance(value, Blank | Tick) else {}
    return named | {name: _plain(getattr(value, name)) for name in _names(kind)}


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(name for name in names(kind) if name not in _LEFT_OUT)


@cache
def _hints(kind: type) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {name: hints[name] for name in _names(kind)}


def _built(kind: Any, value: Any) -> Any:
    """Build a value of the declared type; ValueError if it has another structure."""
    origin = get_origin(kind)
    if origin is tuple:
        return tuple(_built(get_args(kind)[0], item) for item in _checked(value, list))
    if origin is Literal:
        return _option(value, get_args(kind))
    if origin is UnionType or kind is Block:
        return _built_choice(get_args(kind), value)
    if kind in (str, int, bool):
        return _checked(value, kind)
    if kind is float:
        return _amount(value)
    hints = _hints(kind)
    if _checked(value, dict).keys() - {"kind"} != hints.keys():
        raise ValueError(f"{kind.__name__} has other values")
    return kind(**{name: _built(hint, value[name]) for name, hint in hints.items()})


def _built_choice(kinds: tuple[Any, ...], value: Any) -> Any:
    """Build a piece of text, a block, or the date that may be missing."""
    if datetime in kinds:
        return None if value is None else _moment(_checked(value, str))
    if isinstance(value, str) and str in kinds:
        return value
    named = {kind.__name__: kind for kind in kinds}
    return _built(named[_checked(value, dict)["kind"]], value)


def _moment(text: str) -> datetime:
    if not moments.has_zone(text):
        raise ValueError("a moment without its zone")
    return moments.as_written(text)


def _checked(value: Any, kind: type) -> Any:
    is_measure = kind is not int or (isinstance(value, int) and 0 <= value <= _LARGEST)
    if type(value) is not kind or not is_measure:
        raise ValueError(f"no {kind.__name__}: {value!r}"[:80])
    return value


def _amount(value: Any) -> float:
    """A value of a chart; a whole number is one too."""
    if type(value) not in (int, float) or not abs(value) <= _LARGEST_AMOUNT:
        raise ValueError(f"no amount: {value!r}"[:80])
    return float(value)


def _option(value: Any, options: tuple[Any, ...]) -> Any:
    if value not in options:
        raise ValueError(f"not one of {options}")
    return value


def _refuse_unsettable(document: Document) -> None:
    """ValueError for measures and tables with which a page cannot be set."""
    page = document.page
    if document.drawing not in range(1, blocks.DRAWING + 1):
        raise ValueError("drawn in a way that this program does not know")
    margins = (page.top, page.bottom, page.left, page.right)
    if page.text_size not in _TEXT_SIZES or any(margin not in _MARGINS for margin in margins):
        raise ValueError("page")
    for block in document.blocks:
        if any(getattr(block, name) < 1 for name in _NEVER_ZERO if isinstance(getattr(block, name, None), int)):
            raise ValueError("a measure is 0")
        if isinstance(block, blocks.Table) and any(len(row.cells) != len(block.columns) for row in block.rows):
            raise ValueError("a row of a table is not complete")
        if isinstance(block, blocks.Chart):
            _refuse_uneven(block)
        if isinstance(block, blocks.Display) and block.size not in _DISPLAY_SIZES:
            raise ValueError("a line that no page holds")
        if isinstance(block, blocks.PageFrame) and block.inset not in _MARGINS:
            raise ValueError("a frame that no page holds")
        if isinstance(block, blocks.PhotoGrid) and not all(_SHA256.fullmatch(photo.sha256) for photo in block.photos):
            raise ValueError("a photo without its hash")


def _refuse_uneven(chart: blocks.Chart) -> None:
    """ValueError for a chart whose series do not have a value and a text for each category, or that is too large."""
    wanted = len(chart.categories)
    if wanted > _MOST_POINTS or len(chart.series) > _MOST_SERIES:
        raise ValueError("a chart that no page holds")
    if any(len(series.values) != wanted or len(series.texts) != wanted for series in chart.series):
        raise ValueError("a series of a chart is not complete")

"""Reading the definitions and the places, and one keystroke in the picker of places, beside plain TOML parsing."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Callable
from functools import partial

from kcdesk import paths
from kcdesk.formdef.loading.loader import load
from kcdesk.formdef.places import Places

_TYPED = ("h", "x", "xa", "thanh pho", "huyen", "hoa chau da nang")
_RUNS = 7


def measure() -> dict[str, object]:
    """Milliseconds of the quickest of several runs, and what loading costs against parsing the same files."""
    places = Places.load()
    places.search("a")  # the index is made once
    loading = _fastest(load)
    return {
        "forms_ms": round(loading, 1),
        "places_ms": round(_fastest(Places.load), 1),
        "keystroke_ms": round(max(_fastest(partial(places.search, typed)) for typed in _TYPED), 1),
        "ratio": round(loading / _fastest(_parse), 2),
    }


def _parse() -> None:
    for path in paths.forms().glob("*.toml"):
        tomllib.loads(path.read_text(encoding="utf-8"))


def _fastest(act: Callable[[], object]) -> float:
    def run() -> float:
        start = time.perf_counter()
        act()
        return (time.perf_counter() - start) * 1000

    return min(run() for _ in range(_RUNS))

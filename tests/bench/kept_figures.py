"""The figures of an earlier run, kept in `kept.json`: what has got worse since, by more than its noise.

Ratios to a baseline of the same run and megabytes can be compared between machines; seconds cannot.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

FILE = Path(__file__).with_name("kept.json")
RUNS = 3  # of each measure, when its figures are kept: they show its noise
_LEAST_NOISE = 0.1  # share of a figure; three runs may agree by chance
_COMPARED = ("ratio", "times_store", "_mb")  # ends of the names
_Figures = Mapping[str, object]


def comparable(figures: _Figures) -> dict[str, float]:
    """The figures that another machine can be held against: for each of them, more is worse."""
    return {
        name: float(figure)
        for name, figure in figures.items()
        if name.endswith(_COMPARED) and not name.startswith("aim") and isinstance(figure, int | float)
    }


def spread(runs: Sequence[_Figures]) -> dict[str, tuple[float, float]]:
    """The least and the most of each comparable figure in some runs of one measure."""
    each = [comparable(figures) for figures in runs]
    return {name: (min(run[name] for run in each), max(run[name] for run in each)) for name in each[0]}


def keep(spreads: Mapping[str, Mapping[str, tuple[float, float]]], file: Path = FILE) -> None:
    """Keep these figures, beside those of the measures that were not run."""
    kept = {**_kept(file), **{measure: dict(figures) for measure, figures in spreads.items()}}
    file.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def worse(measure: str, figures: _Figures, file: Path = FILE) -> Iterator[str]:
    """Sentences about the figures of a measure that are above what was kept, by more than its noise."""
    kept = _kept(file).get(measure, {})
    for name, now in comparable(figures).items():
        if name in kept:
            least, most = kept[name]
            if now > most + max(most - least, _LEAST_NOISE * most):
                yield f"{measure}: {name} is {now:g}, it was {least:g} to {most:g}"


def _kept(file: Path) -> dict[str, dict[str, tuple[float, float]]]:
    if not file.exists():
        return {}
    read: dict[str, dict[str, tuple[float, float]]] = json.loads(file.read_text(encoding="utf-8"))
    return read

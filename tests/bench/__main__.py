"""`python -m tests.bench`: every figure beside a baseline of the same run, so that machines can be compared."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tests.bench import (
    backups,
    catalogues,
    cold_start,
    deadlines,
    exporting,
    helped_before,
    kept_figures,
    memory,
    opening,
    pdf,
    person_search,
    photos,
    prefix_search,
    preview,
    province_load,
    sheets_in,
    taking_in,
    typed_value,
    warning,
    window_memory,
)
from tests.bench.nationwide import growth_chart, measuring, shares

MEASURES = {
    "cold_start": cold_start.measure,
    "opening": opening.measure,
    "prefix_search": prefix_search.measure,
    "typed_value": typed_value.measure,
    "minutes_pdf": pdf.measure,
    "person_search": person_search.measure,
    "helped_before": helped_before.measure,
    "deadlines": deadlines.measure,
    "catalogues": catalogues.measure,
    "photos": photos.measure,
    "exporting": exporting.measure,
    "taking_in": taking_in.measure,
    "sheets_in": sheets_in.measure,
    "preview": preview.measure,
    "memory": memory.measure,
    "window_memory": window_memory.measure,
    "warning": warning.measure,
    "backups": backups.measure,
}


def main(arguments: list[str]) -> int:
    """Run the named measures, print a line for each and what has got worse; all of them but `national`, if none.

    `--json FILE` writes the figures; `--keep` runs each measure three times and keeps what later runs are held against.
    `national [PROPOSALS …] [FILE.svg]` measures stores of a nation, and draws their growth into the file;
    `load [PACKAGES …]` measures a province's store after so many packages.
    """
    if arguments[:1] == ["national"]:
        return _national(arguments[1:])
    if arguments[:1] == ["load"]:
        return _load([int(argument) for argument in arguments[1:]])
    options = _options(arguments)
    figures: dict[str, dict[str, object]] = {}
    spreads = {}
    for name in options.names or MEASURES:
        runs = [MEASURES[name]() for _ in range(kept_figures.RUNS if options.keep else 1)]
        figures[name], spreads[name] = runs[-1], kept_figures.spread(runs)
        _print(name, figures[name])
    if options.json:
        Path(options.json).write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    for line in (line for name in figures for line in kept_figures.worse(name, figures[name])):
        print(f"worse: {line}", flush=True)
    if options.keep:
        kept_figures.keep(spreads)
    return 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="MEASURE", help=", ".join(MEASURES))
    parser.add_argument("--json", metavar="FILE", help="write the figures")
    parser.add_argument("--keep", action="store_true", help="keep the figures of three runs in kept.json")
    options = parser.parse_args(arguments)
    if unknown := set(options.names) - MEASURES.keys():
        parser.error(f"no such measure: {', '.join(sorted(unknown))}")
    return options


def _national(arguments: list[str]) -> int:
    pictures = [Path(argument) for argument in arguments if argument.endswith(".svg")]
    scales = [int(argument) for argument in arguments if argument.isdecimal()]
    lines = measuring.growth(scales) if scales else [{"proposals": shares.PROPOSALS, **measuring.measure()}]
    for line in lines:
        _print("national", line)
    for picture in pictures:
        growth_chart.draw(lines, picture)
    return 0


def _load(packages: list[int]) -> int:
    for line in province_load.growth(packages or [province_load.PACKAGES]):
        _print("load", line)
    return 0


def _print(name: str, figures: dict[str, object]) -> None:
    print(f"{name}: " + ", ".join(f"{key} {value}" for key, value in figures.items()), flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

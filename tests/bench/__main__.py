"""`python -m tests.bench`: every figure beside a baseline of the same run, so that machines can be compared."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.bench import (
    backups,
    catalogues,
    cold_start,
    deadlines,
    exporting,
    helped_before,
    memory,
    pdf,
    photos,
    prefix_search,
    preview,
    sheets_in,
    taking_in,
    typed_value,
    warning,
    window_memory,
)
from tests.bench.nationwide import growth_chart, measuring, shares

MEASURES = {
    "cold_start": cold_start.measure,
    "prefix_search": prefix_search.measure,
    "typed_value": typed_value.measure,
    "minutes_pdf": pdf.measure,
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
    """Run the named measures and print a line for each: all that need no store of a nation, if none is named.

    `national [PROPOSALS …] [FILE.svg]` measures such stores, and draws their growth into the file.
    """
    if arguments[:1] == ["national"]:
        return _national(arguments[1:])
    for name in arguments or MEASURES:
        _print(name, MEASURES[name]())
    return 0


def _national(arguments: list[str]) -> int:
    pictures = [Path(argument) for argument in arguments if argument.endswith(".svg")]
    scales = [int(argument) for argument in arguments if argument.isdecimal()]
    lines = measuring.growth(scales) if scales else [{"proposals": shares.PROPOSALS, **measuring.measure()}]
    for line in lines:
        _print("national", line)
    for picture in pictures:
        growth_chart.draw(lines, picture)
    return 0


def _print(name: str, figures: dict[str, object]) -> None:
    print(f"{name}: " + ", ".join(f"{key} {value}" for key, value in figures.items()), flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

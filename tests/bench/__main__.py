"""`python -m tests.bench`: every figure beside a baseline of the same run, so that machines can be compared."""

from __future__ import annotations

import sys

from tests.bench import (
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
    taking_in,
    typed_value,
    warning,
)

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
    "preview": preview.measure,
    "memory": memory.measure,
    "warning": warning.measure,
}


def main(names: list[str]) -> int:
    """Run the named measures (all without names) and print a line for each."""
    for name in names or MEASURES:
        figures = MEASURES[name]()
        print(f"{name}: " + ", ".join(f"{key} {value}" for key, value in figures.items()), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

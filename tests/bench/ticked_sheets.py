"""Reads many ticked pages from simulated pictures and prints how many boxes were right.

`python -m tests.bench.ticked_sheets`: about 12 minutes for 40 rounds on one core; `--rounds N` for fewer; `--doubtful`
ticks with marks that hardly anybody would see and with hooks that end in another box. Then it prints the ink that was
measured in empty boxes and in ticked ones, from which the limits of `box_ink` are chosen.
The short form is tests/documents/test_ticked_pages.py.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Mapping

from tests.documents import ticked_pages, ticked_sheets


def main() -> None:
    """Print the figures for each kind of picture."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--doubtful", action="store_true")
    options = parser.parse_args()
    styles = ticked_pages.DOUBTFUL_STYLES if options.doubtful else ticked_pages.STYLES
    total: Counter[str] = Counter()
    amounts: dict[str, list[float]] = defaultdict(list)
    slowest = 0.0
    for name, how in ticked_sheets.HOW.items():
        counts: Counter[str] = Counter()
        for number in range(options.rounds):
            page, chosen, chance = ticked_pages.ticked(f"{name} {number}", styles)
            inks, seconds = ticked_pages.seen_inks(ticked_sheets.photographed(page, chance, **how))
            slowest = max(slowest, seconds)
            if isinstance(inks, str):
                counts[f"page: {inks}"] += 1
                continue
            for key, ink in inks.items():
                counts[_verdict(ink.mark, chosen[key])] += 1
                amounts[chosen[key] or "empty"].append(ink.amount)
        print(f"{name:14} {dict(counts)}")
        total += counts
    _print_amounts(amounts)
    boxes = total["right"] + total["doubtful"] + total["WRONG"]
    print(f"{boxes} boxes: {total['right'] / boxes:.2%} right, {total['doubtful']} doubtful, {total['WRONG']} wrong")
    print(f"slowest page: {slowest:.2f} s of the processor")


def _verdict(mark: str, style: str) -> str:
    if mark == "doubtful":
        return mark
    return "right" if (mark != "empty") == bool(style) else "WRONG"


def _print_amounts(amounts: Mapping[str, list[float]]) -> None:
    print("ink: least, 1 %, half, 99 %, most")
    for style, measured in sorted(amounts.items()):
        measured.sort()
        shown = (measured[round(share * (len(measured) - 1))] for share in (0, 0.01, 0.5, 0.99, 1))
        print(f"{style:14} {'  '.join(f'{amount:7.4f}' for amount in shown)}  ({len(measured)} boxes)")


if __name__ == "__main__":
    main()

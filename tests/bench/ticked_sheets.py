"""Reads many ticked pages from simulated pictures and prints how many boxes were right.

`python -m tests.bench.ticked_sheets`: about 12 minutes for 40 rounds on one core; `--rounds N` for fewer.
The short form is tests/documents/test_ticked_pages.py.
"""

from __future__ import annotations

import argparse
from collections import Counter

from tests.documents import ticked_pages, ticked_sheets


def main() -> None:
    """Print the figures for each kind of picture."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=40)
    rounds = parser.parse_args().rounds
    total: Counter[str] = Counter()
    slowest = 0.0
    for name, how in ticked_sheets.HOW.items():
        counts: Counter[str] = Counter()
        for number in range(rounds):
            page, styles, chance = ticked_pages.ticked(f"{name} {number}")
            marks, seconds = ticked_pages.seen_marks(ticked_sheets.photographed(page, chance, **how))
            slowest = max(slowest, seconds)
            if isinstance(marks, str):
                counts[f"page: {marks}"] += 1
                continue
            for key, mark in marks.items():
                right = (mark != "empty") == bool(styles[key])
                counts["doubtful" if mark == "doubtful" else "right" if right else "WRONG"] += 1
        print(f"{name:14} {dict(counts)}")
        total += counts
    boxes = total["right"] + total["doubtful"] + total["WRONG"]
    print(f"{boxes} boxes: {total['right'] / boxes:.2%} right, {total['doubtful']} doubtful, {total['WRONG']} wrong")
    print(f"slowest page: {slowest:.2f} s of the processor")


if __name__ == "__main__":
    main()

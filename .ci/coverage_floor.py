"""Compares the measured branch coverage of every package with its floor; a floor only rises.

    python .ci/coverage_floor.py            after a measured test run: fail where a package has fallen below its floor
    python .ci/coverage_floor.py --raise    write the floors up to what was measured

Floors stand in coverage_floor.toml: whole per cents of lines and branches together. A package is a folder of `kcdesk`;
of `services` and `ui` each room is one. Run it in the environment of the tests; it reads what `coverage` has left.
"""

from __future__ import annotations

import json
import sys
import tempfile
import tomllib
from collections import defaultdict
from pathlib import Path, PurePath

from coverage import Coverage

Summary = dict[str, int]  # of one file, as coverage's JSON has it

ROOT = Path(__file__).resolve().parent.parent
FLOORS = Path(__file__).with_name("coverage_floor.toml")
_ROOMS = ("services", "ui")  # their folders are packages of their own
_HEAD = """\
# The least branch coverage of every package in per cent; `python .ci/coverage_floor.py --raise` writes it.
# A floor is never lowered: what falls below gets tests.

[floor]
"""


def main(arguments: list[str]) -> int:
    """Print what has fallen and what could be raised; 1 when anything has fallen."""
    measured = percents(report())
    floors = tomllib.loads(FLOORS.read_text("utf-8"))["floor"] if FLOORS.exists() else {}
    if "--raise" in arguments:
        write({name: max(percent, floors.get(name, 0)) for name, percent in measured.items()})
        return 0
    wrong = faults(measured, floors)
    print("\n".join(wrong or [f"Every one of {len(floors)} packages is covered at least as well as its floor."]))
    higher = {name: percent for name, percent in measured.items() if percent > floors.get(name, percent)}
    if higher:
        print("Could be raised:", ", ".join(f"{name} {floors[name]} → {percent}" for name, percent in higher.items()))
    return 1 if wrong else 0


def report() -> dict[str, Summary]:
    """What coverage says of every file, by its path in the repository."""
    coverage = Coverage(data_file=str(ROOT / ".coverage"), config_file=str(ROOT / "pyproject.toml"))
    coverage.load()
    with tempfile.TemporaryDirectory() as folder:
        written = Path(folder) / "coverage.json"
        coverage.json_report(outfile=str(written))
        files = json.loads(written.read_text("utf-8"))["files"]
    return {PurePath(name).as_posix(): file["summary"] for name, file in files.items()}


def percents(files: dict[str, Summary]) -> dict[str, int]:
    """Lines and branches that were run, in whole per cent of all, by package."""
    run: dict[str, int] = defaultdict(int)
    total: dict[str, int] = defaultdict(int)
    for name, summary in files.items():
        run[package(name)] += summary["covered_lines"] + summary["covered_branches"]
        total[package(name)] += summary["num_statements"] + summary["num_branches"]
    return {name: 100 * run[name] // total[name] for name in sorted(total) if total[name]}


def package(file: str) -> str:
    """`kcdesk/store/files.py` as kcdesk/store, `kcdesk/ui/form/editors/base.py` as kcdesk/ui/form."""
    folders = PurePath(file).parts[:-1]
    return "/".join(folders[: 3 if len(folders) > 1 and folders[1] in _ROOMS else 2])


def faults(measured: dict[str, int], floors: dict[str, int]) -> list[str]:
    """Sentences about packages below their floor, without one, or gone."""
    fallen = {name: percent for name, percent in measured.items() if percent < floors.get(name, 0)}
    low = [f"{name}: {percent} % is below its floor of {floors[name]} %" for name, percent in fallen.items()]
    new = [f"{name}: has no floor; run with --raise" for name in measured if name not in floors]
    gone = [f"{name}: has a floor but no file" for name in floors if name not in measured]
    return low + new + gone


def write(floors: dict[str, int]) -> None:
    """Write the floors of all packages."""
    lines = "".join(f'"{name}" = {percent}\n' for name, percent in sorted(floors.items()))
    FLOORS.write_text(_HEAD + lines, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

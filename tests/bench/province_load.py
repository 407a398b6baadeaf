"""What a province's store costs after many packages of 200 records: opening, a copy of a change, the check, the disk.

`python -m tests.bench load [PACKAGES …]`: 1,000 packages unless numbers are given. Every package is made by one of
twenty units, taken in and answered by a receipt, which the unit takes in; 1,000 take half an hour to make.
"""

from __future__ import annotations

import json
import random
import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path

from kcdesk.services.handover.packages import receiving, sending
from kcdesk.services.handover.receipts import writing
from kcdesk.services.handover.trust import partners
from kcdesk.services.maintenance import full_check, opening
from kcdesk.services.overview import figures, head_numbers
from kcdesk.services.workspace import Workspace
from tests.bench import offices, own_process
from tests.bench.big_store import proposal
from tests.bench.measuring import seconds, size
from tests.bench.memory import peak_mb

PACKAGES = 1_000
AIMS = {"open_s": 1.0, "copy_of_change_s": 2.0, "disk_times_store": 3.0}
_UNITS = 20
_RECORDS = 200  # of one package
_CHANGES = 7


def growth(packages: Sequence[int] = (PACKAGES,)) -> Iterator[dict[str, object]]:
    """The figures after each number of packages, beside their aims; stores are made when they are not there yet."""
    for number in packages:
        figures_ = own_process.figures_of("tests.bench.province_load", str(folder(number)))
        yield {"packages": number, **figures_, **{f"aim_{name}": aim for name, aim in AIMS.items()}}


def folder(packages: int) -> Path:
    """The folder with `province` and `next.xlsx`, the package that comes next; made when it is not there yet."""
    place = Path(tempfile.gettempdir()) / f"kcdesk-bench-load-{packages}"
    if not (place / "complete").exists():
        shutil.rmtree(place, ignore_errors=True)
        _make(place, packages)
        (place / "complete").touch()
    return place


def _make(place: Path, packages: int) -> None:
    place.mkdir(parents=True)
    chance = random.Random(16)
    with ExitStack() as stack:
        province = stack.enter_context(closing(offices.province(place / "province")))
        units = [stack.enter_context(closing(offices.unit(place / f"unit{n}", f"DV{n}"))) for n in range(_UNITS)]
        _acquaint(place, province, units)
        for number in range(packages):
            _hand_over(place, province, units[number % _UNITS], chance, number)
        _package(place / "next.xlsx", units[packages % _UNITS], chance, packages)


def _acquaint(place: Path, province: Workspace, units: Sequence[Workspace]) -> None:
    partners.write_identity(province, place / "province.xlsx")
    for unit in units:
        card = place / f"{unit.identity.unit.code}.xlsx"
        partners.write_identity(unit, card)
        partners.trust(province, card)
        partners.trust(unit, place / "province.xlsx")


def _hand_over(place: Path, province: Workspace, unit: Workspace, chance: random.Random, number: int) -> None:
    """A package goes up and its receipt comes down."""
    path, answer = place / "package.xlsx", place / "receipt.xlsx"
    package = _package(path, unit, chance, number)
    receiving.receive(province, path)
    writing.make(province, package, answer)
    receiving.receive(unit, answer)
    path.unlink()
    answer.unlink()


def _package(path: Path, unit: Workspace, chance: random.Random, number: int) -> str:
    """A package of new records; its id."""
    reference = unit.forms.current("proposal").reference
    with unit.store.act("Nạp dữ liệu đo") as act:
        for record in range(_RECORDS):
            act.insert("proposal", reference, proposal(chance, number * _RECORDS + record))
    return str(sending.make(unit, sending.HandoverOrder(path=path, period="2026"))["package"])


def _measured(place: Path) -> dict[str, object]:
    """Seconds by the clock, MB, and the disk as a multiple of the living store."""
    with tempfile.TemporaryDirectory() as name:
        own = Path(shutil.copytree(place / "province", Path(name) / "province"))
        opening.open_workspace(own).close()  # keeps the definitions that every later opening uses
        opened: list[Workspace] = []
        known = {"open_s": seconds(lambda: opened.append(opening.open_workspace(own)))}
        with closing(opened[0]) as workspace:
            known["first_page_s"] = seconds(partial(_first_page, workspace))
            known["next_package_s"] = seconds(partial(receiving.receive, workspace, place / "next.xlsx"))
            return {**known, **_copies(workspace), **_check(workspace), "memory_mb": peak_mb()}


def _first_page(workspace: Workspace) -> None:
    figures.overview(workspace)
    figures.recent(workspace)
    head_numbers.head_numbers(workspace, 0)


def _copies(workspace: Workspace) -> dict[str, object]:
    store = workspace.store
    record = store.page("proposal", limit=1)[0].id
    times = []
    for number in range(_CHANGES):
        with store.act("Sửa") as act:
            act.update(record, {"title": f"Lần {number}"})
        times.append(seconds(partial(store.copies.save, "time")))
    whole, copies = size(store.folder), size(store.folder / "backups")
    return {
        "copy_of_change_s": statistics.median(times),
        "store_mb": round((whole - copies) / 2**20),
        "disk_times_store": round(whole / (whole - copies), 2),
    }


def _check(workspace: Workspace) -> dict[str, object]:
    told: list[int] = []
    result: list[full_check.CheckResult] = []
    run = full_check.checking(workspace)
    took = seconds(lambda: result.append(run(lambda done, _total, _text="": told.append(done))))
    return {"check_s": took, "check_tells_progress": len(told), "check_problems": result[0].number}


if __name__ == "__main__":
    print(json.dumps(_measured(Path(sys.argv[1]))))

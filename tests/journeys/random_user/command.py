"""The command of the random user: long runs in pieces, replays of a record, and findings shrunk to a short script."""

from __future__ import annotations

import argparse
import faulthandler
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from kcdesk.runtime.frozen import asdict
from kcdesk.store.database import strength
from tests.journeys.random_user import desk as desks
from tests.journeys.random_user.acts import Act
from tests.journeys.random_user.desk import LEVELS, Desk
from tests.journeys.random_user.shrinking import replayed, shrunk, shrunk_crash
from tests.journeys.random_user.walk import Fault, Walk

PIECE = 500  # acts at one desk; then a new store and a new window


def main(arguments: Sequence[str]) -> int:
    """Run, print every finding with its shortest script, and return 1 when there was one."""
    wishes = _parser().parse_args(arguments)
    faulthandler.enable()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ[strength.VARIABLE] = strength.THROW_AWAY
    with tempfile.TemporaryDirectory() as folder:
        with desks.at_home(Path(folder)):
            prepared = wishes.prepared or desks.prepare(Path(folder) / "prepared")
        if wishes.crash:
            best = wishes.crash.with_suffix(".short.jsonl")
            print(script(shrunk_crash(wishes.level, tuple(read(wishes.crash)), write, best)))
            return 0
        if wishes.replay:
            return _show(replayed(prepared, wishes.level, read(wishes.replay)), wishes.replay)
        return _long_run(wishes, prepared)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.journeys.random_user", description=main.__doc__)
    parser.add_argument("--acts", type=int, default=1000, help="how many acts (default 1000)")
    parser.add_argument("--level", choices=LEVELS, default="unit", help="whose store (default unit)")
    parser.add_argument("--seed", type=int, default=1, help="of the first piece; each piece takes the next one")
    parser.add_argument("--piece", type=int, default=PIECE, help=f"acts at one desk (default {PIECE})")
    parser.add_argument("--shrink", type=float, default=120, help="seconds to shorten each finding, 0 for none")
    parser.add_argument("--records", type=Path, default=Path(), help="folder of the records of walks with findings")
    parser.add_argument("--replay", type=Path, help="replay the record of a walk")
    parser.add_argument("--prepared", type=Path, help="folder of practice stores that another process has made")
    parser.add_argument("--crash", type=Path, help="shorten the record of a walk that has ended the process")
    return parser


def _long_run(wishes: argparse.Namespace, prepared: Path) -> int:
    """Run one piece here, several each in a process of its own: what ends one of them ends no other."""
    if wishes.acts <= wishes.piece:
        return _one_piece(wishes, prepared)
    seeds = range(wishes.seed, wishes.seed + -(-wishes.acts // wishes.piece))
    worse = [seed for seed in seeds if _process(wishes, prepared, seed)]
    print(
        f"{wishes.level}: {wishes.acts} acts from seed {wishes.seed}; findings with seeds {worse or 'none'}", flush=True
    )
    return int(bool(worse))


def _process(wishes: argparse.Namespace, prepared: Path, seed: int) -> int:
    number = min(wishes.piece, wishes.acts - wishes.piece * (seed - wishes.seed))
    command = [sys.executable, "-m", "tests.journeys.random_user", "--level", wishes.level, "--seed", str(seed)]
    command += ["--acts", str(number), "--piece", str(number), "--shrink", str(wishes.shrink)]
    command += ["--records", str(wishes.records), "--prepared", str(prepared)]
    ended = subprocess.run(command, check=False).returncode
    if ended < 0:
        record = _record(wishes, seed)
        where = f"after {read(record)[-1]}; --crash {record}" if record.exists() else "after its end, without a finding"
        print(f"{wishes.level} seed {seed}: signal {-ended} {where}", flush=True)
    return ended


def _one_piece(wishes: argparse.Namespace, prepared: Path) -> int:
    record, began = _record(wishes, wishes.seed), time.monotonic()
    faults = _piece(prepared, wishes.level, wishes.seed, wishes.acts, record)
    taken = f"{wishes.acts} acts, {time.monotonic() - began:.0f} s, {len(faults)} findings"
    print(f"{wishes.level} seed {wishes.seed}: {taken}", flush=True)
    for fault in faults.values():
        print(f"   - {fault.finding.kind}: {fault.acts[-1] if fault.acts else ''}", flush=True)
    for fault in faults.values():
        _tell(prepared, wishes, fault)
    if not faults:
        record.unlink()
    return int(bool(faults))


def _record(wishes: argparse.Namespace, seed: int) -> Path:
    records: Path = wishes.records
    records.mkdir(parents=True, exist_ok=True)
    return records / f"walk-{wishes.level}-{seed}.jsonl"


def _piece(prepared: Path, level: str, seed: int, number: int, record: Path) -> dict[str, Fault]:
    """One desk; every act is in the record before it is done, so that it survives the end of the process."""
    with tempfile.TemporaryDirectory() as folder, record.open("w", encoding="utf-8") as lines:

        def note(act: Act) -> None:
            lines.write(json.dumps(asdict(act), ensure_ascii=False) + "\n")
            lines.flush()

        with Desk(prepared, level, Path(folder)).sitting() as desk:
            walk = Walk(desk, seed, note=note)
            walk.wander(number)
            return walk.faults


def write(record: Path, acts: Sequence[Act]) -> None:
    """Make a record of acts."""
    lines = (json.dumps(asdict(act), ensure_ascii=False) for act in acts)
    record.write_text("\n".join(lines), encoding="utf-8")


def read(record: Path) -> list[Act]:
    """The acts of a record."""
    return [Act(**json.loads(line)) for line in record.read_text("utf-8").splitlines()]


def _tell(prepared: Path, wishes: argparse.Namespace, fault: Fault) -> None:
    print(f"\n== {fault.finding.kind}\n{fault.finding.text}", flush=True)
    acts = shrunk(prepared, wishes.level, fault, wishes.shrink) if wishes.shrink else fault.acts[-8:]
    print(script(acts), flush=True)


def explained(prepared: Path, level: str, faults: dict[str, Fault], seconds: float = 30) -> str:
    """Every finding with its shortest script, for whoever reads a test that failed."""
    told = []
    for fault in faults.values():
        acts = shrunk(prepared, level, fault, seconds / len(faults))
        told.append(f"== {fault.finding.kind}\n{fault.finding.text}\n{script(acts)}")
    return "\n\n".join(told)


def script(acts: Sequence[Act]) -> str:
    """The acts as a person would be told to do them."""
    return "\n".join(f"  {number}. {act}" for number, act in enumerate(acts, 1))


def _show(faults: dict[str, Fault], record: Path) -> int:
    print(f"{record}: {len(faults)} findings")
    for fault in faults.values():
        print(f"\n== {fault.finding.kind}\n{fault.finding.text}")
    return int(bool(faults))

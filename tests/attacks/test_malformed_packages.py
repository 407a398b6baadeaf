"""Packages of a trusted unit whose JSON is spoilt, key by key, and signed again: each ends in a sentence."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from kcdesk.errors import KcdeskError
from kcdesk.exchange.container import parts
from kcdesk.services.handover.packages import preview, receiving, waiting_records
from kcdesk.services.handover.receipts import writing
from kcdesk.services.lifecycle import steps
from kcdesk.services.workspace import Workspace
from tests.attacks.forged_packages import canonical, forged, put_together, taken_apart
from tests.examples import one_of
from tests.services import samples
from tests.services.exchange_support import Offices, whole

REMOVED = object()
DEEP: Any = []
for _ in range(300):
    DEEP = [DEEP]
SPOILT = (
    *(REMOVED, None, [], {}, "", "x", "ổ\u200b" * 3, -1, 10**30, 1.5, True, [None], {"x": {}}, [[1]], "NaN!", DEEP),
)
_ROWS = 1  # of a list that are spoilt
_EVERY = 3  # one of so many keys is spoilt in the suite: the next values of `SPOILT` fall to the next keys


def paths_of(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every key of a JSON value."""
    if path:
        yield path
    if isinstance(value, dict):
        for key, child in value.items():
            yield from paths_of(child, (*path, key))
    elif isinstance(value, list):
        for number, child in enumerate(value[:_ROWS]):
            yield from paths_of(child, (*path, number))


def spoilt_keys(paths: Iterator[tuple[Any, ...]]) -> Sequence[tuple[int, tuple[Any, ...]]]:
    """The keys that are spoilt, each with its number, by which its value is chosen."""
    return one_of(_EVERY, list(enumerate(paths)))


def spoilt(value: Any, path: tuple[Any, ...], what: object) -> Any:
    """A copy of a JSON value with another value at a path."""
    copy = json.loads(json.dumps(value))
    place = copy
    for key in path[:-1]:
        place = place[key]
    if what is REMOVED:
        del place[path[-1]]
    else:
        place[path[-1]] = what
    return copy


@pytest.fixture
def genuine(offices: Offices, pair: tuple[Workspace, Workspace]) -> Path:
    """A package with a locked dossier, its papers and a beneficiary."""
    unit, _ = pair
    id_ = samples.proposal(unit)
    steps.take_step(unit, id_, "finalise")
    return offices.export(unit)[0]


def answer_to(province: Workspace, path: Path) -> str:
    """The code of the refusal, or "" if it is taken in; anything but a sentence fails."""
    try:
        shown = preview.preview_package(province, path)
        assert not shown.code or shown.obstacle
        if shown.code:
            return shown.code
        before = whole(province)
        taken = receiving.receive(province, path)
    except KcdeskError as error:
        return error.code
    if taken.applied:
        receiving.undo(province, taken.preview.package)
        assert waiting_records.number_waiting(province) == 0
        after = whole(province)
        assert (after["partner"], after["conflict"]) == (before["partner"], before["conflict"])
    return ""


def test_every_key_of_the_manifest(pair: tuple[Workspace, Workspace], genuine: Path, tmp_path: Path) -> None:
    unit, province = pair
    said, lines, rest = taken_apart(genuine)
    rest[parts.RECORDS] = b"".join(canonical(line) + b"\n" for line in lines)
    before = whole(province)
    for number, path in spoilt_keys(paths_of(said)):
        what = SPOILT[number % len(SPOILT)]
        content = canonical(spoilt(said, path, what)).replace(b'"NaN!"', b"NaN")
        bad = put_together(tmp_path / "bad.xlsx", rest, content, unit)
        shown = preview.preview_package(province, bad)
        assert not shown.code or shown.obstacle, (path, what)
    assert whole(province) == before


@pytest.mark.parametrize("first", [0, 1])
def test_every_key_of_the_records(pair: tuple[Workspace, Workspace], genuine: Path, tmp_path: Path, first: int) -> None:
    unit, province = pair
    _, lines, _ = taken_apart(genuine)
    before = whole(province)
    for number, path in spoilt_keys(paths_of(lines[first])):
        what = SPOILT[number % len(SPOILT)]

        def spoil(content: list[Any], path: tuple[Any, ...] = path, what: object = what) -> None:
            content[first] = spoilt(content[first], path, what)

        try:
            bad = forged(genuine, tmp_path / "bad.xlsx", unit, records=spoil)
        except (KeyError, TypeError):
            continue  # the forger itself needs the kind
        shown = preview.preview_package(province, bad)
        assert not shown.code or shown.obstacle, (path, what)
        assert all(line.reason for line in shown.lines if line.status == "refused"), (path, what)
    assert whole(province) == before


def test_every_key_of_the_other_parts(pair: tuple[Workspace, Workspace], genuine: Path, tmp_path: Path) -> None:
    unit, province = pair
    _, _, rest = taken_apart(genuine)
    own = [name for name in rest if name.startswith(parts.OWN_FOLDER) and name.endswith((".json", ".jsonl"))]
    assert parts.PAPERS in own
    for name in own:
        first, _, tail = rest[name].partition(b"\n")
        for number, path in spoilt_keys(paths_of(json.loads(first))):
            what = SPOILT[number % len(SPOILT)]

            def spoil(
                others: dict[str, bytes],
                name: str = name,
                content: bytes = canonical(spoilt(json.loads(first), path, what)) + b"\n" + tail,
            ) -> None:
                others[name] = content

            bad = forged(genuine, tmp_path / "bad.xlsx", unit, others=spoil, package=f"{number:036d}")
            assert answer_to(province, bad) in ("", "sheets_differ", "damaged"), (name, path, what)


def test_every_key_of_a_receipt(
    offices: Offices, pair: tuple[Workspace, Workspace], tmp_path: Path, genuine: Path
) -> None:
    unit, province = pair
    package = receiving.receive(province, genuine).preview.package
    (dossier,) = (row["id"] for row in province.store.query("SELECT id FROM record WHERE kind = 'proposal'"))
    receipt = offices.path()
    returned = {dossier: [("budget", "Thiếu báo giá"), ("", "Xem lại")]}
    writing.make(province, package, receipt, returned=returned, enclosed=[genuine])
    said, lines, rest = taken_apart(receipt)
    rest[parts.RECORDS] = b"".join(canonical(line) + b"\n" for line in lines)
    answering = [path for path in paths_of(said) if path[0] not in ("parts", "vector", "lineages", "history", "sender")]
    told = set()
    for number, path in enumerate(answering):
        what = SPOILT[number % len(SPOILT)]
        content = canonical(spoilt(said, path, what)).replace(b'"NaN!"', b"NaN")
        bad = put_together(tmp_path / "bad.xlsx", rest, content, province)
        told.add(answer_to(unit, bad))
    assert told == {"", "damaged", "sheets_differ"}, "some are taken in, and undone"

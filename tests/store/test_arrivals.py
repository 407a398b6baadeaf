"""New records are written together, and nothing tells whether they were."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kcdesk.formdef.forms import Forms
from kcdesk.store.database.db import Connection
from kcdesk.store.handover.bulk_insert import is_plain
from kcdesk.store.handover.merge_state import Incoming
from kcdesk.store.handover.merging import MergeState, ProvinceAuthority
from kcdesk.store.identity import Officer, Unit
from kcdesk.store.store import Store
from tests import store_files
from tests.examples import examples
from tests.store.conftest import Laptop

SENDER = "0123456789"
IDS = [f"r{number}" for number in range(6)]
TEXT = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), min_size=1, max_size=20)
SHOWN = (
    "SELECT * FROM record ORDER BY seq",
    "SELECT * FROM touched ORDER BY record, device",
    "SELECT * FROM conflict ORDER BY record, path",
    "SELECT record, operation, before, after FROM change ORDER BY seq",
    "SELECT term, doc, col FROM found ORDER BY term, doc, col",
)


@st.composite
def arriving(draw: st.DrawFn) -> list[Incoming]:
    """Beneficiaries, and proposals that refer to some of them, also to such as never come."""
    ids = draw(st.lists(st.sampled_from(IDS), unique=True, min_size=1))
    return [draw(record(id_)) for id_ in ids]


@st.composite
def record(draw: st.DrawFn, id_: str) -> Incoming:
    kind = "beneficiary" if int(id_[1:]) % 2 else "proposal"
    data: dict[str, Any] = {"state": "draft", "revision": 1}
    if kind == "beneficiary":
        data |= {"name": draw(TEXT), "phone": "0912345678"}
    else:
        data["title"] = draw(TEXT)
        if named := draw(st.lists(st.sampled_from(IDS[1::2]), unique=True)):
            data["beneficiaries"] = named
        if costs := draw(st.lists(st.integers(1, 10**9), max_size=2)):
            rows = [{"id": f"b{n}", "position": float(n), "cost": cost} for n, cost in enumerate(costs)]
            data["budget"] = rows
    at = draw(stamp())
    stamps = {name: at for name in data if name != "budget"}
    stamps |= {f"budget/{row['id']}": at for row in data.get("budget", ())}
    others = {"title": {draw(stamp()): "khác"}} if draw(st.booleans()) and kind == "proposal" else {}
    deleted = draw(st.sampled_from([None, None, "2026-01-05T00:00:00.000Z"]))
    if deleted:
        stamps["deleted"] = at
    seen = {SENDER: max([at, *others.get("title", ())])}
    private = {SENDER: at} if draw(st.booleans()) else {}
    moment = "2026-01-01T00:00:00.000Z"
    state = MergeState(
        form=f"{kind}@1",
        created=moment,
        updated=moment,
        deleted=deleted,
        data=data,
        stamps=stamps,
        others=others,
        seen=seen,
        private=private,
    )
    return Incoming(id=id_, kind=kind, unit="TTM", parent=None, state=state)


@st.composite
def stamp(draw: st.DrawFn) -> str:
    return f"{draw(st.integers(1, 10**13)):014d}-0000-{SENDER}"


@pytest.fixture(scope="module")
def pair(forms: Forms, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[tuple[Store, Connection]]]:
    """Two stores that are alike, each over a connection that the test has too: it looks into acts that never end."""
    with ExitStack() as opened:
        yield [_opened(tmp_path_factory.mktemp("stores") / "store", forms, opened) for _ in range(2)]


def _opened(folder: Path, forms: Forms, opened: ExitStack) -> tuple[Store, Connection]:
    unit = Unit("Sở", "SCT", "province", "20")
    made, _ = Store.create(folder, forms, unit, Officer("Cán bộ"), practice=True, now=Laptop())
    made.close()
    connection = opened.enter_context(store_files.connection(folder))
    connection.execute("CREATE VIRTUAL TABLE temp.found USING fts5vocab (main, record_search, instance)")
    return opened.enter_context(Store(folder, forms, connection, None, None, Laptop())), connection


@settings(max_examples=examples(30), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=arriving(), second=arriving())
def test_both_ways_of_writing_leave_the_same(
    pair: list[tuple[Store, Connection]], first: list[Incoming], second: list[Incoming]
):
    packages = (first, second)
    together, one_by_one = (written(*opened, way, packages) for opened, way in zip(pair, (True, False), strict=True))
    assert together == one_by_one


def test_many_at_once_are_all_there_and_in_order(forms: Forms, tmp_path):
    unit = Unit("Sở", "SCT", "province", "20")
    store, _ = Store.create(tmp_path / "store", forms, unit, Officer("Cán bộ"), practice=True, now=Laptop())
    at = f"00000000000001-0000-{SENDER}"
    moment = "2026-01-01T00:00:00.000Z"
    coming = [
        Incoming(
            id=f"n{number}",
            kind="proposal",
            unit="TTM",
            parent=None,
            state=MergeState(
                form="proposal@1",
                created=moment,
                updated=moment,
                deleted=None,
                data={"title": f"Đề án {number:04}"},
                stamps={"title": at},
                others={},
                seen={SENDER: at},
                private={},
            ),
        )
        for number in range(1_123)
    ]
    told: list[int] = []
    with store.act("Nhập gói") as act:
        pairs = [(one, store.merging.outcome(one, ProvinceAuthority(), None)) for one in coming]
        act.merge_all(pairs, lambda done, _total: told.append(done))
    assert [stored.id for stored in store.page("proposal", order="title", limit=-1)] == [one.id for one in coming]
    assert told == [500, 1_000, 1_123]
    assert store.count("proposal", search="de an 0007") == 1
    assert store.check() == []
    store.close()


class _EnoughError(Exception):
    """Ends an act without a trace."""


def written(store: Store, connection: Connection, together: bool, packages: tuple[list[Incoming], ...]) -> list[Any]:
    """What stands in the tables after taking packages in; nothing of it stays."""
    found: list[Any] = []
    with suppress(_EnoughError), store.act("Nhập gói") as act:
        for package in packages:
            merging = store.merging
            pairs = [(one, merging.outcome(one, ProvinceAuthority(), merging.stored(one.id))) for one in package]
            if together:
                act.merge_all(pairs, lambda _done, _total: None)
            else:
                for one, outcome in sorted(pairs, key=lambda pair: not is_plain(pair[1])):
                    act.merge(one, outcome)
        found = [list(map(tuple, connection.all(sql))) for sql in SHOWN]
        found.append({(change.id, change.kind, change.fields) for change in act.changes.items})
        raise _EnoughError
    return found

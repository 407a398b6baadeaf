"""A program that is cut off leaves an act whole or not begun: every act is one transaction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from kcdesk.errors import KcdeskError
from kcdesk.services.handover.packages import receiving, sending
from kcdesk.services.handover.packages.sending import HandoverOrder
from kcdesk.services.handover.receipts import writing
from kcdesk.services.handover.trust import partners
from kcdesk.services.records import changing
from kcdesk.services.staff import own_details
from kcdesk.services.workspace import Workspace
from kcdesk.store.database.db import Connection
from tests.one_transaction import SEVERAL, Watch
from tests.services.exchange_support import Offices, whole
from tests.services.samples import new

TABLES = ("carried", "answer", "voucher", "intake_record", "kept_paper", "secret")


class CutError(Exception):
    """The power went."""


@contextmanager
def cut_after(writes: int) -> Iterator[list[str]]:
    """Let the program end before the next write to a store after so many; yields the statements that were written."""
    written: list[str] = []
    kept = {name: getattr(Connection, name) for name in ("execute", "many")}

    def counting(run: Callable[..., Any]) -> Callable[..., Any]:
        def execute(connection: Connection, sql: str, *parameters: Any) -> Any:
            is_write = sql.lstrip().split(" ", 1)[0].upper() in ("INSERT", "UPDATE", "DELETE", "COMMIT", "RELEASE")
            if is_write and connection.path.name == "kcdesk.db":
                if len(written) == writes:
                    raise CutError
                written.append(sql)
            return run(connection, sql, *parameters)

        return execute

    for name, run in kept.items():
        setattr(Connection, name, counting(run))
    try:
        yield written
    finally:
        for name, run in kept.items():
            setattr(Connection, name, run)


def everything(workspace: Workspace) -> dict[str, Any]:
    rows = {table: [tuple(row.values()) for row in workspace.store.query(f"SELECT * FROM {table}")] for table in TABLES}
    return whole(workspace) | rows | {"identity": workspace.store.identity}


def cut_everywhere(workspace: Workspace, act: Callable[[], object]) -> int:
    """Cut an act after ever more of its writes: the store is as before. Returns how many writes it took to happen."""
    before = everything(workspace)
    number = 0
    while is_cut(number, act):
        assert everything(workspace) == before, number
        number += 1 + number // 5
    assert everything(workspace) != before
    assert workspace.store.check() == []
    return number


def is_cut(writes: int, act: Callable[[], object]) -> bool:
    """Whether an act is cut that may write so often."""
    try:
        with cut_after(writes):
            act()
    except CutError:
        return True
    return False


def test_a_package_and_its_undoing_and_its_receipt_are_cut_at_every_write(
    offices: Offices, pair: tuple[Workspace, Workspace], tmp_path: Path
) -> None:
    unit, province = pair
    new(unit, "beneficiary", name="Cơ sở mẫu", representative="Người mẫu")
    new(unit, "proposal", title="Máy cưa")
    genuine, package = offices.export(unit)
    folder = province.store.folder / "backups"

    def receive() -> None:
        receiving.receive(province, genuine, backup=lambda: folder)

    assert cut_everywhere(province, receive) > 10
    assert cut_everywhere(province, lambda: receiving.undo(province, package)) > 5
    receive()
    stick = tmp_path / "bn.xlsx"

    def answer() -> None:
        try:
            writing.make(province, package, stick)
        except CutError:
            assert not stick.exists()
            raise

    assert cut_everywhere(province, answer) > 5
    assert cut_everywhere(unit, lambda: receiving.receive(unit, stick, backup=lambda: folder)) > 3


def test_what_is_sent_and_the_ledger_are_one(offices: Offices, pair: tuple[Workspace, Workspace]) -> None:
    unit, _ = pair
    new(unit, "proposal", title="Máy cưa")
    path = offices.path()
    made = sending.prepare(unit, HandoverOrder(path=path, period="2026-Q1"))(lambda _done, _total: None)
    with cut_after(1), pytest.raises(CutError):
        sending.finish(unit, made)
    assert not path.exists()
    assert unit.store.packages.list() == []


def test_steps_back_details_and_keys_are_cut_at_every_write(pair: tuple[Workspace, Workspace], tmp_path: Path) -> None:
    unit, province = pair
    id_ = new(unit, "proposal", title="Máy cưa")
    changing.save(unit, id_, {"title": "Máy cưa đĩa"})
    assert cut_everywhere(unit, lambda: changing.undo(unit, 2)) > 5
    changing.add(unit, "staff", {"name": unit.identity.officer.name})
    wanted = own_details.OwnDetails(
        officer="Người Mới", title="Giám đốc", phone="0900000009", unit="Trung tâm Mới", address="Thôn 1",
        unit_phone="", above="Sở mẫu",
    )  # fmt: skip
    assert cut_everywhere(unit, lambda: own_details.change(unit, wanted)) > 5
    card = tmp_path / "moi.xlsx"
    assert cut_everywhere(unit, lambda: partners.write_identity(unit, card, renew=True)) > 2
    assert cut_everywhere(province, lambda: partners.trust(province, card)) > 2


def test_the_guard_notices_a_service_that_writes_twice(pair: tuple[Workspace, Workspace], transactions: Watch) -> None:
    unit, _ = pair
    service = ModuleType("kcdesk.services.sample")
    exec(  # a service that is wrong
        "def twice(store):\n    store.set_setting('a', 1)\n    store.set_setting('b', 2)\n"
        "def once(store):\n    with store.together():\n        twice(store)\n",
        vars(service),
    )
    service.once(unit.store)
    assert transactions.broken == {}
    service.twice(unit.store)
    assert transactions.broken == {"sample.twice": 2}
    transactions.broken.clear()
    assert all(len(reason) > 20 for reason in SEVERAL.values())


def test_a_refusal_in_the_middle_leaves_nothing(pair: tuple[Workspace, Workspace]) -> None:
    unit, _ = pair
    before = everything(unit)

    def act() -> None:
        with unit.store.together():
            new(unit, "proposal", title="Máy cưa")
            unit.store.set_setting("a", 1)
            changing.save(unit, "không có", {"title": "x"})

    with pytest.raises(KcdeskError):
        act()
    assert everything(unit) == before

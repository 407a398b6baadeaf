"""What is interrupted: each act as an officer's service calls; every `yield` says that the officer was told «done»."""

from __future__ import annotations

from collections.abc import Callable, Generator
from datetime import date
from operator import attrgetter
from pathlib import Path

from kcdesk.exchange.container import signing
from kcdesk.runtime.frozen import Value, replace
from kcdesk.services.beneficiaries import merging
from kcdesk.services.handover.packages import receiving, sending
from kcdesk.services.handover.packages.sending import HandoverOrder
from kcdesk.services.lifecycle import steps
from kcdesk.services.maintenance import backup_copies, opening, passphrases, recovery_key, restoring
from kcdesk.services.personal import people, rights
from kcdesk.services.records import changing, pasted_records
from kcdesk.services.rulebook import updates
from kcdesk.services.workspace import Workspace
from tests.faults import arrivals
from tests.faults.desk import (
    DRAFT,
    NEW_SECRET,
    READY,
    SECRET,
    Desk,
    make_received,
    make_rules_taken_in,
    opened,
    title_of,
)
from tests.services import samples
from tests.services.samples import APPROVAL

Steps = Generator[None, None, None]


class Act(Value):
    """An act and the store that it changes.

    `secrets` are the passphrases by which the store may open afterwards; `made` says what must be whole on the stick.
    `before` is done on the desk first, without a fault; `beside` is what else of the desk must be as before or after.
    """

    name: str
    run: Callable[[Desk], Steps]
    store: Callable[[Desk], Path] = attrgetter("unit")
    secrets: tuple[str, ...] = (SECRET,)
    before: Callable[[Desk], None] | None = None
    beside: Callable[[Desk], tuple[str, ...]] | None = None
    is_on_stick: bool = False  # it writes there, so that the stick may be pulled or its file held
    may_lack: bool = False  # the store may not be there yet


def _typing(desk: Desk) -> Steps:
    with opened(desk.unit) as unit:
        draft = title_of(unit, DRAFT)
        for length in range(10, 50, 10):
            changing.save(unit, draft, {"necessity": "Cần thiết vì " * length})
            yield


def _steps(desk: Desk) -> Steps:
    with opened(desk.unit) as unit:
        ready = title_of(unit, READY)
        steps.take_step(unit, ready, "finalise")
        yield
        changing.set_values(unit, ready, APPROVAL)
        yield
        steps.take_step(unit, ready, "approve")
        yield


def _deleting(desk: Desk) -> Steps:
    with opened(desk.unit) as unit:
        changing.delete(unit, title_of(unit, DRAFT))
        yield
        changing.undo(unit)
        yield
        changing.redo(unit)
        yield


def _restoring(desk: Desk) -> Steps:
    with opened(desk.unit) as unit:
        changing.save(unit, title_of(unit, DRAFT), {"title": "Sau khi sao lưu"})
        yield
        prepared = restoring.stage_backup(desk.unit, desk.copy, SECRET, restoring.store_summary(unit))
        restored, _ = restoring.restore(prepared, consent=True, here=unit)
        restored.close()
        yield


def _migrating(desk: Desk) -> Steps:
    with opened(desk.old):
        yield


def _changing_the_passphrase(desk: Desk) -> Steps:
    with opened(desk.unit) as unit:
        again, _ = passphrases.change(unit, NEW_SECRET)
        again.close()
        yield


def _consenting(unit: Workspace, desk: Desk) -> None:
    fingerprint = signing.fingerprint(recovery_key.read_offer(unit, desk.offer).recovery_key)
    recovery_key.consent(unit, desk.offer, fingerprint, desk.consent)


def _recovering(desk: Desk) -> Steps:
    code = desk.code.read_text(encoding="utf-8")
    recovery_key.take_answer(desk.unit, desk.answer, code)
    with opened(desk.unit, code) as unit:
        again, _ = passphrases.change(unit, NEW_SECRET)
        again.close()
        yield


def _making_a_store(desk: Desk) -> Steps:
    wanted = opening.NewStore(
        unit="Trung tâm B",
        code="TT-B",
        level="lower",
        province="20",
        officer="Cán bộ B",
        practice=False,
        passphrase=SECRET,
    )
    opening.create(desk.fresh, wanted)
    yield


def _package_in(workspace: Workspace) -> str:
    return next(entry.id for entry in workspace.store.packages.list() if entry.direction == "in")


def _in_store(store: str, act: Callable[[Workspace, Desk], object]) -> Callable[[Desk], Steps]:
    """One call on the open store of that name on the desk."""

    def run(desk: Desk) -> Steps:
        with opened(getattr(desk, store)) as workspace:
            act(workspace, desk)
            yield

    return run


def _attach(unit: Workspace, desk: Desk) -> None:
    changing.attach(unit, title_of(unit, DRAFT), "attachments", [desk.stick / "anh.pdf"])


def _paste(unit: Workspace, desk: Desk) -> None:
    pasted_records.write_all(unit, pasted_records.from_file(unit, "beneficiary", desk.stick / "danh-sach.tsv"))


def _export(unit: Workspace, desk: Desk) -> None:
    sending.make(unit, HandoverOrder(path=desk.sent, period="2026-Q2", full=True))


def _merge(unit: Workspace, _desk: Desk) -> None:
    first, second, *_ = unit.store.query("SELECT id FROM record WHERE kind = 'beneficiary' ORDER BY id")
    merging.merge(unit, str(first["id"]), str(second["id"]))


def _erase(unit: Workspace, _desk: Desk) -> None:
    when_all_is_over = replace(unit, today=lambda: date(2099, 1, 1))
    places = people.find(when_all_is_over, samples.BENEFICIARY["representative"]).erasable()
    rights.erase(when_all_is_over, places, "Đơn của người ấy")


_PROVINCE = attrgetter("province")
ACTS = (
    Act("typing", _typing),
    Act("steps", _steps),
    Act("deleting, undo, redo", _deleting),
    Act("attaching", _in_store("unit", _attach)),
    Act("pasting a sheet", _in_store("unit", _paste)),
    Act("export", _in_store("unit", _export), is_on_stick=True),
    Act("import", _in_store("province", lambda province, desk: receiving.receive(province, desk.package)), _PROVINCE),
    Act(
        "undo of an import",
        _in_store("province", lambda province, _desk: receiving.undo(province, _package_in(province))),
        _PROVINCE,
        before=make_received,
    ),
    Act("backup", _in_store("unit", lambda unit, desk: backup_copies.back_up(unit, desk.backup)), is_on_stick=True),
    Act("restore", _restoring),
    Act("migration", _migrating, attrgetter("old")),
    Act("new passphrase", _changing_the_passphrase, secrets=(NEW_SECRET, SECRET)),
    Act("recovery key: consent", _in_store("unit", _consenting), is_on_stick=True),
    Act("recovery key: a lost store", _recovering, secrets=(NEW_SECRET, SECRET)),
    Act("new rules", _in_store("unit", lambda unit, desk: updates.install_update(unit, desk.rules))),
    Act(
        "new rules taken back",
        _in_store("unit", lambda unit, _desk: updates.undo_update(unit)),
        before=make_rules_taken_in,
    ),
    Act("new store", _making_a_store, attrgetter("fresh"), may_lack=True),
    Act("merging duplicates", _in_store("unit", _merge)),
    Act("erasing a person", _in_store("unit", _erase)),
    Act("edited workbook", _in_store("unit", arrivals.take_back_edits)),
    Act("sheet of others", _in_store("unit", arrivals.load_sheet)),
    Act("invoice", _in_store("unit", arrivals.take_invoice)),
    Act("ticked sheet", _in_store("unit", arrivals.take_ticked_sheet)),
    Act("update of the program", _in_store("unit", arrivals.update_program), beside=arrivals.program_of),
)

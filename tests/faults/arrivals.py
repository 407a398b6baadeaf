"""What comes in from outside: an edited workbook, a sheet, an invoice, a ticked checklist, an update of the program."""

from __future__ import annotations

import pickle
import shutil
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from openpyxl import Workbook, load_workbook

from kcdesk import paths
from kcdesk.demo import journey_ticked
from kcdesk.services.handover.packages import edited_workbooks, sending
from kcdesk.services.handover.packages.sending import HandoverOrder
from kcdesk.services.intake import checked_files, sheet_loading
from kcdesk.services.intake.load_order import LoadOrder
from kcdesk.services.invoices import opened_files, taking_in
from kcdesk.services.papers.ticked import taking_answers
from kcdesk.services.updating.program_updates import ProgramUpdates
from kcdesk.services.workspace import Workspace
from tests.faults.desk import DRAFT, READY, Desk
from tests.services import samples
from tests.services.updating.signed_updates import SYSTEM, UpdateMaker, key_of

_PUBLISHER = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
_PRESENT, _NEXT = "0.1.0", "0.2.0"
_LISTED = 25  # rows of the sheet: so many that a copy is made before


def lay_out(desk: Desk, unit: Workspace) -> None:
    """Put everything that will come in on the stick of the desk, and the dossiers that it concerns into the store."""
    approved = samples.approved(unit, title="Đề án nghiệm thu")
    samples.contract(unit, approved)
    visit = samples.begin(unit, approved, "acceptance")
    shutil.copyfile(paths.resources() / "samples" / "invoice.xml", desk.stick / "hoa-don.xml")
    _, reading = journey_ticked.ticked_sheet(unit, visit, desk.stick)
    (desk.stick / "phieu.pickle").write_bytes(pickle.dumps(reading))
    _write_sheet(desk.stick / "danh-sach.xlsx")
    _edit_package(unit, desk.stick / "sua.xlsx")
    _lay_out_program(desk)


def take_back_edits(unit: Workspace, desk: Desk) -> None:
    """The package that somebody has edited in Excel, with one cell that is refused."""
    edited_workbooks.read_edits(unit, desk.stick / "sua.xlsx", accept=True)


def load_sheet(unit: Workspace, desk: Desk) -> None:
    """A list of another office, and its coloured copy."""
    order = LoadOrder(kind="beneficiary", path=desk.stick / "danh-sach.xlsx")
    loaded = sheet_loading.prepare_load(unit, order)
    checked_files.write_beside(loaded)
    sheet_loading.apply_load(unit, loaded)


def take_invoice(unit: Workspace, desk: Desk) -> None:
    """An electronic invoice, every row of it."""
    visit = _visit(unit)
    (read,) = taking_in.beside(unit, opened_files.opened(desk.stick / "hoa-don.xml"), visit)
    taking_in.take_in(unit, visit, read, [row.key for row in read.rows])


def take_ticked_sheet(unit: Workspace, desk: Desk) -> None:
    """The answers of a checklist that was ticked by hand; it was read before."""
    reading = pickle.loads((desk.stick / "phieu.pickle").read_bytes())
    taking_answers.take_answers(unit, reading, taking_answers.sure_answers(reading))


def update_program(unit: Workspace, desk: Desk) -> None:
    """A signed update of the program."""
    ProgramUpdates(desk.program, _PRESENT, [key_of(_PUBLISHER)], SYSTEM).install(desk.stick / "moi.kcupdate", unit)


def program_of(desk: Desk) -> tuple[str, ...]:
    """Which version starts, and what its folder lacks."""
    program = desk.program / "kcdesk"
    started = program.read_text("utf-8") if program.is_file() else "nothing"
    folder = desk.program / f"kcdesk-{started.removeprefix('program ')}"
    lacking = [name for name in ("modules.pyz", "forms/proposal.toml") if not (folder / name).is_file()]
    return (f"starts {started}", *(f"lacks {name}" for name in lacking))


def _visit(unit: Workspace) -> str:
    return str(unit.store.query("SELECT id FROM record WHERE kind = 'acceptance'")[0]["id"])


def _write_sheet(path: Path) -> None:
    book = Workbook()
    book.active.append(["TT", "Tên cơ sở", "Địa chỉ", "Điện thoại", "Mã số thuế"])
    for number in range(_LISTED):
        book.active.append([number + 1, f"Cơ sở nhận vào {number}", "Xã Mẫu", f"091234{number:04}", ""])
    book.active.append([_LISTED + 1, "Cơ sở có số máy lạ", "Xã Mẫu", "hỏi sau", ""])
    book.save(path)


def _edit_package(unit: Workspace, path: Path) -> None:
    sending.make(unit, HandoverOrder(path=path, period="2026-Q1", full=True))
    book = load_workbook(path)
    sheet = book["Đề án"]
    columns = {cell.value: cell.column for cell in sheet[2]}
    for row in range(3, sheet.max_row + 1):
        if sheet.cell(row, columns["title"]).value in (DRAFT, READY):
            sheet.cell(row, columns["province_note"]).value = "Ghi trong Excel"
            sheet.cell(row, columns["province_decision_date"]).value = "hôm qua"
    book.save(path)


def _lay_out_program(desk: Desk) -> None:
    modules = desk.program / f"kcdesk-{_PRESENT}" / "modules.pyz"
    (modules.parent / "forms").mkdir(parents=True)
    modules.write_bytes(b"old")
    (modules.parent / "forms" / "proposal.toml").write_bytes(b"form")
    (desk.program / "kcdesk").write_text(f"program {_PRESENT}", encoding="utf-8")
    UpdateMaker(_PUBLISHER, version=_NEXT).write(desk.stick / "moi.kcupdate")

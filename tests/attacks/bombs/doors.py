"""The doors through which files of strangers come in: each gives the code of the refusal, "taken" if there is none."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from kcdesk.errors import KcdeskError
from kcdesk.exchange.recovery import recovery_pages
from kcdesk.progress import ignore_progress
from kcdesk.services.attachments import photos
from kcdesk.services.codes import card_photos, plate_codes
from kcdesk.services.handover.collecting import batch_receiving
from kcdesk.services.handover.packages import decision_workbooks, edited_workbooks, preview, receiving, sending
from kcdesk.services.handover.trust import lost_laptop, partners
from kcdesk.services.intake import map_files, sheet_loading
from kcdesk.services.intake.load_order import LoadOrder
from kcdesk.services.invoices import opened_files, taking_in
from kcdesk.services.law import law_texts
from kcdesk.services.maintenance import opening, recovery_key, restoring
from kcdesk.services.papers import scan_pages
from kcdesk.services.papers.own_forms import taking
from kcdesk.services.papers.ticked import sheet_reading
from kcdesk.services.questions import saved_views
from kcdesk.services.records import changing, pasted_records
from kcdesk.services.rulebook import area_drafts, norm_drafts, updates
from kcdesk.services.updating.program_updates import ProgramUpdates
from kcdesk.services.workspace import Workspace
from kcdesk.settings import SettingsFile

LOCKED = "mật khẩu"
TAKEN = "taken"


def _inspected(workspace: Workspace, path: Path) -> str:
    inspection = sending.inspect(workspace, path, LOCKED)
    seen = preview.preview_package(workspace, path, LOCKED)
    is_refused = bool(inspection["problems"] and seen.obstacle)
    return str(inspection["status"]) if is_refused else TAKEN


def _photographed(workspace: Workspace, path: Path) -> str:
    record = changing.add(workspace, "proposal", {"title": "Đề án mẫu"}).items[0].id
    visit = changing.add(workspace, "acceptance", {"proposal": record, "site": "Xưởng mẫu"}).items[0].id
    intake = photos.add_photos(workspace, visit, "photos", [path], ignore_progress)
    return "photo" if intake.refused else TAKEN


def _formed(workspace: Workspace, path: Path) -> str:
    form = taking.check_file(workspace, "minutes_5a", path)
    return "word_form" if form.faults else TAKEN


def _loaded(kind: str) -> Callable[[Workspace, Path], str]:
    def load(workspace: Workspace, path: Path) -> str:
        loaded = sheet_loading.prepare_load(workspace, LoadOrder(kind=kind, path=path))
        return "refused rows" if not loaded.judged.to_write else TAKEN

    return load


def _batched(workspace: Workspace, path: Path) -> str:
    """As a folder of packages is looked through."""
    verdict = batch_receiving.file_verdict(workspace, path, LOCKED)
    return "batch" if verdict.obstacle else TAKEN


def _edited(workspace: Workspace, path: Path) -> object:
    return edited_workbooks.is_edited(workspace, path, LOCKED) or edited_workbooks.read_edits(workspace, path, LOCKED)


def _decided(workspace: Workspace, path: Path) -> object:
    """As a receipt that comes as a workbook with decisions."""
    is_known = decision_workbooks.is_workbook(workspace, path, LOCKED)
    return is_known or decision_workbooks.read_decisions(workspace, path, LOCKED)


def _offered(_workspace: Workspace, path: Path) -> object:
    """In a real store: a practice store refuses every offer unread."""
    answers = {"unit": "Trung tâm mẫu", "code": "TT-M", "level": "lower", "province": "20", "officer": "Nguyễn Văn Mẫu"}
    real, _ = opening.create_workspace(path.parent / "real", opening.NewStore(**answers, passphrase="bốn từ dễ nhớ"))
    try:
        return recovery_key.read_offer(real, path)
    finally:
        real.close()


def _typed(workspace: Workspace, path: Path) -> str:
    """Paste a text into a field of each type of a new record."""
    written = path.read_text("utf-8")
    id_ = changing.add(workspace, "beneficiary", {}).items[0].id
    fields = {field.type: field.name for field in workspace.forms.current("beneficiary").fields}
    answers = {_answer(workspace, id_, name, written) for name in fields.values()}
    return TAKEN if TAKEN in answers else min(answers)


def _answer(workspace: Workspace, id_: str, name: str, written: str) -> str:
    try:
        changing.set_values(workspace, id_, {name: written})
    except KcdeskError as error:
        return error.code
    return TAKEN


def _set(path: Path) -> str:
    return "settings" if SettingsFile(path).faults else TAKEN


DOORS: dict[str, Callable[[Workspace, Path], object]] = {
    "inspect": _inspected,
    "trust": partners.trust,
    "rules": lambda workspace, path: updates.preview_update(workspace, path).code,
    "photo": _photographed,
    "scan": lambda _, path: scan_pages.read_scan([path], ignore_progress),
    "law": lambda workspace, path: law_texts.add_text(workspace, "TT 28/2018/TT-BTC", path),
    "form": _formed,
    "sheet": _loaded("beneficiary"),
    "totals": _loaded("opening_total"),
    "receipt": lambda workspace, path: receiving.receive(workspace, path, password=LOCKED),
    "decisions": _decided,
    "edited": _edited,
    "batch": _batched,
    "laptop": lambda _, path: lost_laptop.maker_of(path, LOCKED),
    "own form": lambda workspace, path: taking.take_in(workspace, "minutes_5a", path),
    "offered": _offered,
    "installed": lambda _, path: ProgramUpdates(path.parent, "0.1.0", [], "linux").install(path, None),
    "invoice": lambda workspace, path: taking_in.beside(workspace, opened_files.opened(path)),
    "card": lambda _, path: card_photos.code_in_photo(path),
    "plate": lambda _, path: plate_codes.codes_in_photo(path),
    "ticked": lambda _, path: sheet_reading.sheet_pages([path]),
    "offer": lambda _, path: recovery_pages.read_offer(path),
    "consent": recovery_key.take_consent,
    "request": recovery_key.requested,
    "answer": lambda workspace, path: recovery_key.take_answer(workspace.store.folder, path, "1234"),
    "update": lambda _, path: ProgramUpdates(path.parent, "0.1.0", [], "linux").preview(path),
    "typed": _typed,
    "map": lambda workspace, path: map_files.read_map(workspace.forms, "beneficiary", path),
    "table": lambda workspace, path: pasted_records.from_file(workspace, "beneficiary", path),
    "views": saved_views.read_file,
    "areas": lambda workspace, path: area_drafts.rows_in_file(workspace, path, date(2026, 1, 1)),
    "norms": lambda _, path: norm_drafts.entries_of_json(path.read_text("utf-8")),
    "attach": changing.add_file,
    "restore": lambda workspace, path: restoring.stage_backup(workspace.store.folder, path, "bí mật"),
    "open": lambda _, path: opening.open_workspace(path, "bí mật"),
    "settings": lambda _, path: _set(path),
}


def refusal(workspace: Workspace, door: str, path: Path) -> str:
    """The code of the refusal of a file at a door; "taken" if it is not refused."""
    try:
        answer = DOORS[door](workspace, path)
    except KcdeskError as error:
        return error.code if error.message.strip() else "silent"
    return answer if isinstance(answer, str) else TAKEN

"""Every dialog with the largest letters on a screen smaller than that of any laptop.

Nothing is cut, no button lost; each input has a name, and F1 leads to a page of the handbook.
"""

import ast
from pathlib import Path

import pytest

from kcdesk import handbook
from kcdesk.errors import Problem, UserError
from kcdesk.services.codes import plate_codes
from kcdesk.services.invoices import opened_files
from kcdesk.services.maintenance import restoring
from kcdesk.services.rulebook import norm_drafts
from kcdesk.services.rulebook.drafts.subjects import SUBJECTS
from kcdesk.ui.dossier.columns_dialog import ColumnsDialog
from kcdesk.ui.dossier.invoices.invoice_dialog import InvoiceDialog
from kcdesk.ui.dossier.parent_dialog import ParentDialog
from kcdesk.ui.dossier.personal.card_dialog import CardDialog
from kcdesk.ui.dossier.personal.plate_dialog import PlateDialog
from kcdesk.ui.dossier.return_dialog import ReturnDialog
from kcdesk.ui.dossier.units.merge_dialog import MergeDialog
from kcdesk.ui.dossier.units.support_dialog import SupportDialog
from kcdesk.ui.handover.export_dialog import ExportDialog
from kcdesk.ui.handover.fingerprint_dialog import FingerprintDialog
from kcdesk.ui.handover.new_device_dialog import NewDeviceDialog
from kcdesk.ui.handover.password_dialog import PasswordDialog
from kcdesk.ui.help.beside import HelpBeside
from kcdesk.ui.opening.crash_dialog import CrashDialog
from kcdesk.ui.opening.damaged_store_dialog import DamagedStoreDialog
from kcdesk.ui.opening.old_copies_dialog import OldCopiesDialog
from kcdesk.ui.opening.passphrase_dialog import PassphraseDialog
from kcdesk.ui.opening.recovery_key.given_key_dialog import GivenKeyDialog
from kcdesk.ui.opening.recovery_key.held_keys_dialog import HeldKeysDialog
from kcdesk.ui.opening.recovery_key.lost_store_dialog import LostStoreDialog
from kcdesk.ui.opening.relocation_dialog import RelocationDialog
from kcdesk.ui.opening.restore_dialog import RestoreDialog
from kcdesk.ui.opening.store_trouble_dialog import TroubleDialog
from kcdesk.ui.opening.unlock import UnlockDialog
from kcdesk.ui.opening.wizard import Wizard
from kcdesk.ui.papers.month_dialog import MonthDialog
from kcdesk.ui.papers.placeholder_dialog import PlaceholderDialog
from kcdesk.ui.papers.scan_dialog import ScanDialog
from kcdesk.ui.papers.several_dialog import SeveralDialog
from kcdesk.ui.papers.ticked.sheet_reading_dialog import SheetReadingDialog
from kcdesk.ui.papers.word_form_dialog import WordFormDialog
from kcdesk.ui.planning.review_dialog import ReviewDialog
from kcdesk.ui.reports.summary_dialog import SummaryDialog
from kcdesk.ui.settings.area_dialog import AreaDialog
from kcdesk.ui.settings.effects.touched_dialog import TouchedDialog
from kcdesk.ui.settings.entering.rule_entry_dialog import RuleEntryDialog
from kcdesk.ui.settings.entering.rules_preview import RulesPreviewDialog
from kcdesk.ui.settings.norm_dialog import NormDialog
from kcdesk.ui.settings.own_details_dialog import OwnDetailsDialog
from kcdesk.ui.settings.phrases_dialog import PhrasesDialog
from kcdesk.ui.settings.tick_dialog import TickDialog
from kcdesk.ui.shell.blocking_task import LongTaskDialog
from kcdesk.ui.shell.privacy.screen_lock import LockDialog
from kcdesk.ui.shell.questions import ChoiceQuestion, TextQuestion
from kcdesk.ui.shell.small_dialogs import AskedField, FieldsQuestion, TickQuestion
from kcdesk.ui.staff.work_handover_dialog import HandWorkDialog
from kcdesk.ui.visits.ready_dialog import ReadyDialog
from kcdesk.ui.window.keys_help import KeysHelp
from tests.services import samples
from tests.services.invoices import producers
from tests.ui.accessible_names import nameless
from tests.ui.cut_texts import cut_texts
from tests.ui.form_support import rest

UI = Path(__file__).parents[3] / "kcdesk" / "ui"
BASES = {"Dialog", "SigningDialog", "EntriesDialog"}  # what several dialogs share; only those are opened
ELSEWHERE = {  # opened in the tests of their pages, with what only those have
    "AttachmentDialog",
    "EnclosedDialog",
    "DerivationDialog",
    "LawTextDialog",
    "RulesDialog",
    "UndoRulesDialog",
    "RegisterDialog",
    "CertifyDialog",
    "SheetDialog",
    "OfficerQuestion",
    "FileQuestion",
    "CodeDialog",
    "PreviewDialog",
    "PasteDialog",
    "QuestionDialog",
    "GroupsDialog",
    "BehindDialog",
    "ReportPaperDialog",
    "ClosingCopyDialog",
}
LONG = "Cơ sở sản xuất, chế biến nông sản và dịch vụ thương mại tổng hợp Mẫu Số Một, huyện Mẫu, tỉnh Mẫu. "


def _signed(_files, _note):
    return True


def dialogs(window, folder):
    """One of each dialog that needs no more than an open store."""
    context, workspace = window.context, window.context.workspace
    proposals = [stored.id for stored in workspace.store.page("proposal", limit=2)]
    record = workspace.store.record(proposals[0])
    field = AskedField("proposal", "Đề án", choices=(("1", LONG), ("2", "Hai")))
    yield ChoiceQuestion(f"Xoá «{LONG}»?", LONG * 3, "Xoá hồ sơ", "Giữ lại", window)
    yield TextQuestion("Rút hồ sơ đã gửi", "Lý do", "Rút hồ sơ", "Giữ nguyên", window, detail=LONG * 3)
    yield FieldsQuestion("Chuyển dòng", [field], "Tiếp tục", "Giữ nguyên", window)
    yield TickQuestion("Cùng một quyết định", LONG, [("1", LONG), ("2", "Hai")], "Áp dụng", "Giữ nguyên", window)
    yield PasswordDialog("Viết biên nhận", LONG, unlocked=False, parent=window)
    yield LongTaskDialog(LONG, "Dừng thì không có gì được ghi.", window)
    yield ParentDialog(workspace, "contract", "proposal", window)
    yield ReturnDialog("Yêu cầu bổ sung", window.context.workspace, record, window)
    twins = [samples.new(workspace, "beneficiary", name=f"{LONG}{n}", phone=f"090123456{n}") for n in range(2)]
    yield MergeDialog(context, *twins, window)
    yield SupportDialog(context, window)
    draft = samples.new(workspace, "acceptance", proposal=proposals[0])
    content = producers.xml(producers.signed(producers.sample("plain", 1)))
    yield InvoiceDialog(context, draft, opened_files.opened_content("hd.xml", content), window)
    yield ColumnsDialog({"name": LONG, "state": "Trạng thái"}, ["name"], ["state"], window)
    yield ExportDialog(context, window)
    yield FingerprintDialog(LONG, "TTKC-MAU", "12345 " * 6, "0900 000 001", window)
    yield NewDeviceDialog(window)
    yield CrashDialog(LONG * 10)
    yield PassphraseDialog(workspace, parent=window)
    yield OldCopiesDialog(context, window)
    yield GivenKeyDialog(context, window)
    yield HeldKeysDialog(context, window)
    yield LostStoreDialog(folder, parent=window)
    yield LockDialog(lambda _secret: None, lambda: 0, window)
    yield RelocationDialog("elsewhere", window)
    yield DamagedStoreDialog(workspace)
    yield RestoreDialog(folder, restoring.store_summary(workspace), context.messages, window)
    yield TroubleDialog(UserError(LONG, code="damaged_store", hint="Hãy khôi phục."), folder)
    yield UnlockDialog(lambda _secret: workspace)
    yield Wizard(folder / "new")
    yield SeveralDialog(context, proposals, window)
    yield ScanDialog(context, proposals[0], window)
    card = CardDialog(context, twins[0], window)
    card.read_code("092185001234|361234567|Nguyễn Thị Mẫu|05031985|Nữ|Ấp Mẫu, Xã Mẫu, Thành phố Cần Thơ|10052021")
    yield card
    machines = [plate_codes.SerialProposal(path="machines/1/serial_number", machine=LONG, present=LONG[:40])]
    plate = PlateDialog(context, draft, machines, "", window)
    plate.code.setText("S/N: MAU-7712")
    plate.code.ended.emit()
    yield plate
    yield SheetReadingDialog(context, "", window)
    yield PlaceholderDialog(context, "proposal_outline", proposals[0], window)
    yield WordFormDialog(context, "proposal_outline", proposals[0], window)
    yield NormDialog(context, norm_drafts.own_territory(workspace), _signed, window)
    yield AreaDialog(context, _signed, window)
    for subject in SUBJECTS:
        yield RuleEntryDialog(context, subject, _signed, window)
    yield RulesPreviewDialog(context, {"calendar.toml": LONG}, LONG, window)
    yield OwnDetailsDialog(context, window)
    yield PhrasesDialog(context, window)
    yield ReviewDialog(context, window)
    yield TouchedDialog(context, LONG, window)
    yield TickDialog(context, "TT 28/2018/TT-BTC", parent=window)
    yield HandWorkDialog(context, "", window)
    yield SummaryDialog(context, window)
    yield MonthDialog(context, None, window)
    yield ReadyDialog([Problem("signed", LONG), Problem("result", LONG)], window)
    yield KeysHelp(window, window.menu_actions.values())


@pytest.mark.usefixtures("largest_letters")
def test_every_dialog_fits_a_small_screen(open_window, played, tmp_path):
    window, faults, seen = open_window(played[0]), [], set(ELSEWHERE)
    for dialog in dialogs(window, tmp_path):
        seen.add(type(dialog).__name__)
        dialog.show()
        for _round in range(3):
            rest()
        room = dialog.screen().availableGeometry()
        if dialog.width() > room.width() or dialog.height() > room.height():
            faults.append(f"{type(dialog).__name__}: {dialog.width()} × {dialog.height()}")
        faults += [f"{type(dialog).__name__}: {fault}" for fault in (*cut_texts(dialog), *nameless(dialog))]
        if dialog.main_button() is None:
            faults.append(f"{type(dialog).__name__}: Enter and Ctrl+Enter press nothing")
        dialog.show_help()
        if dialog.findChild(HelpBeside).drawer.topic in ("", handbook.CONTENTS):
            faults.append(f"{type(dialog).__name__}: F1 leads to no page of its own")
        dialog.close()
        dialog.deleteLater()
    assert faults == [], "\n".join(faults)
    assert classes() - seen == set(), "this dialog is opened by no test"


def classes():
    """The names of all classes of dialogs."""
    trees = [ast.parse(path.read_text("utf-8")) for path in UI.rglob("*.py")]
    nodes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    bases = {node.name: {ast.unparse(base).partition("[")[0] for base in node.bases} for node in nodes}
    known = {"Dialog"}
    for _depth in range(4):
        known |= {name for name, above in bases.items() if above & known}
    return known - BASES

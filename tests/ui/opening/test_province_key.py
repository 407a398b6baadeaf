"""The recovery key of the province in the window: given, noted, used for a lost store, taken back."""

from __future__ import annotations

import pytest

from kcdesk.errors import UserError
from kcdesk.exchange.container import signing
from kcdesk.exchange.recovery import recovery_pages
from kcdesk.services.handover.trust import partners
from kcdesk.services.maintenance import key_seal, opening, recovery_key
from kcdesk.ui.handover.fingerprint_dialog import FingerprintDialog
from kcdesk.ui.opening.passphrase_dialog import PassphraseDialog
from kcdesk.ui.opening.recovery_key.given_key_dialog import GivenKeyDialog
from kcdesk.ui.opening.recovery_key.held_keys_dialog import HeldKeysDialog
from kcdesk.ui.opening.recovery_key.lost_store_dialog import LostStoreDialog
from kcdesk.ui.opening.unlock import UnlockDialog, ask_after_code, ask_province
from kcdesk.ui.shell.context import Context
from tests.ui.conftest import ScriptedMessages, practice_answers
from tests.ui.opening.test_passphrase_dialog import keep

pytestmark = pytest.mark.usefixtures("theme")
SECRET, NEW = "mười hai con mèo", "bảy cây cầu nhỏ"


@pytest.fixture
def pair(tmp_path):
    """A unit and its province, which know each other."""
    opened = {}
    for name, code, level in (("unit", "TT-A", "lower"), ("province", "SCT", "province")):
        answers = practice_answers(practice=False, passphrase=SECRET, code=code, level=level)
        opened[name], _ = opening.create_workspace(tmp_path / name, answers)
        partners.write_identity(opened[name], tmp_path / f"{name}.xlsx")
    partners.trust(opened["unit"], tmp_path / "province.xlsx")
    partners.trust(opened["province"], tmp_path / "unit.xlsx")
    yield opened
    for workspace in opened.values():
        workspace.close()


@pytest.fixture
def desks(pair, context):
    """What the dialogs of both are given."""
    return {
        name: Context(workspace, ScriptedMessages(), context.worker, context.settings, context.theme)
        for name, workspace in pair.items()
    }


def compare(monkeypatch, *, agrees=True):
    """Answer the dialog of the thirty digits when it comes."""

    def answer(dialog):
        assert not dialog.trust.isEnabled()
        if agrees:
            dialog.compared.click()
            dialog.trust.click()
        return dialog.result()

    monkeypatch.setattr(FingerprintDialog, "exec", answer)


def given(qtbot, monkeypatch, desks, folder):
    """Let the unit give its key to the province by the dialogs of both."""
    unit, province = desks["unit"], desks["province"]
    held = HeldKeysDialog(province)
    qtbot.addWidget(held)
    province.messages.files.append(folder / "khoa.xlsx")
    held.offer.click()
    dialog = GivenKeyDialog(unit)
    qtbot.addWidget(dialog)
    assert not dialog.end.isVisibleTo(dialog)
    unit.messages.files += [folder / "khoa.xlsx", folder / "dong-y.xlsx"]
    unit.messages.texts += ["sai mật khẩu", SECRET]
    compare(monkeypatch)
    dialog.give.click()
    province.messages.files.append(folder / "dong-y.xlsx")
    held.take.click()
    return dialog, held


def test_a_unit_gives_its_key_and_the_province_opens_the_lost_store(qtbot, monkeypatch, desks, pair, tmp_path):
    dialog, held = given(qtbot, monkeypatch, desks, tmp_path)
    digits = signing.fingerprint(recovery_pages.read_offer(tmp_path / "khoa.xlsx").recovery_key)
    assert digits in dialog.state.text()
    assert digits in held.digits.text()
    assert dialog.end.isVisibleTo(dialog)
    assert "TT-A" in held.list.item(0).text()
    assert any("Mật khẩu chưa đúng" in said for said in desks["unit"].messages.said)

    folder = pair["unit"].store.folder
    pair["unit"].close()
    unlocking = UnlockDialog(lambda secret: opening.open_workspace(folder, secret), lost=ask_province(folder))
    qtbot.addWidget(unlocking)
    assert not unlocking.lost.isVisibleTo(unlocking)
    unlocking.other_way.click()
    assert unlocking.lost.isVisibleTo(unlocking)
    messages = ScriptedMessages()
    lost = LostStoreDialog(folder, messages)
    qtbot.addWidget(lost)
    messages.files.append(tmp_path / "nho.json")
    lost.ask.click()
    desks["province"].messages.files += [tmp_path / "nho.json", tmp_path / "tra.json"]
    desks["province"].messages.texts += ["Quên mật khẩu, đã gọi anh B", SECRET]
    held.answer.click()
    code = held.result_line.text().splitlines()[-1]
    messages.files.append(tmp_path / "tra.json")
    lost.choose.click()
    lost.code.setText("SAI")
    lost.go.click()
    assert "mã có 32 ký tự" in lost.problem.text()
    lost.code.setText(code.lower())
    lost.go.click()
    assert lost.result() == LostStoreDialog.DialogCode.Accepted

    def leave(asked):
        assert asked.later.text() == "Đóng kho"
        asked.later.click()
        return asked.result()

    monkeypatch.setattr(PassphraseDialog, "exec", leave)
    assert ask_after_code(opening.open_workspace(folder, code), code) is None

    def change(asked):
        asked.new.first.setText(NEW)
        asked.new.again.setText(NEW)
        asked.go.click()
        keep(asked)
        asked.go.click()
        return asked.result()

    monkeypatch.setattr(PassphraseDialog, "exec", change)
    opened = ask_after_code(opening.open_workspace(folder, code), code)
    assert opened is not None
    assert recovery_key.given_consent(opened) is None
    opened.close()
    opening.open_workspace(folder, NEW).close()
    with pytest.raises(UserError):
        opening.open_workspace(folder, SECRET)


def test_nothing_is_given_when_the_digits_differ(qtbot, monkeypatch, desks, pair, tmp_path):
    recovery_key.offer(pair["province"], tmp_path / "khoa.xlsx")
    dialog = GivenKeyDialog(desks["unit"])
    qtbot.addWidget(dialog)
    desks["unit"].messages.files.append(tmp_path / "khoa.xlsx")
    compare(monkeypatch, agrees=False)
    dialog.give.click()
    assert recovery_key.given_consent(pair["unit"]) is None
    assert not key_seal.can_ask(pair["unit"].store.folder)

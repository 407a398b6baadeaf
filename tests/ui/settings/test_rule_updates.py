"""Rules from the province in the settings page: shown before they are taken in."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox

from kcdesk.services import catalogue
from kcdesk.services.handover.trust import partners
from kcdesk.services.maintenance import opening
from kcdesk.services.rulebook import updates
from kcdesk.services.workspace import Workspace
from kcdesk.store.store import Store
from kcdesk.ui.settings.rule_updates_card import RulesDialog, RuleUpdates
from tests.services.rulebook.test_updates import LATER
from tests.services.samples import practice_answers


@pytest.fixture
def rules_file(context, tmp_path):
    """A signed file of rules from a province that the open store knows."""
    forms = context.workspace.forms
    opening.create(tmp_path / "province", practice_answers(level="province", code="SCT-MAU"), forms)
    (tmp_path / "mới" / "norms").mkdir(parents=True)
    (tmp_path / "mới" / "norms" / "lang_son.toml").write_text(LATER, "utf-8")
    with Store.open(tmp_path / "province", forms) as store:
        province = Workspace(store, forms, catalogue.extensions(), lambda: date(2026, 3, 5))
        partners.write_identity(province, tmp_path / "tỉnh.xlsx")
        updates.pack(province, tmp_path / "mới", tmp_path / "Quy định.xlsx", "Mức hỗ trợ của Lạng Sơn")
    return tmp_path / "Quy định.xlsx"


@pytest.fixture
def card(qtbot, context):
    """The card of the settings page."""
    card = RuleUpdates(context)
    qtbot.addWidget(card)
    card.show()
    return card


def shown(qtbot, context, card, file) -> RulesDialog:
    """The dialog that opens over the card for a file."""
    context.messages.files.append(file)
    press(qtbot, card.take_button)
    return card.findChild(RulesDialog)


def press(qtbot, button) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_rules_are_shown_then_taken_then_taken_back(qtbot, context, card, rules_file, tmp_path):
    partners.trust(context.workspace, tmp_path / "tỉnh.xlsx")
    assert not card.undo_button.isEnabled()
    dialog = shown(qtbot, context, card, rules_file)
    seen = [dialog.changes.item(row).text() for row in range(dialog.changes.count())]
    assert seen == ["Khuyến công địa phương tỉnh Lạng Sơn: thêm"]
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert [one["note"] for one in updates.installed_updates(context.workspace)] == ["Mức hỗ trợ của Lạng Sơn"]
    assert context.messages.said[-1] == "Đã nhận quy định mới; áp dụng từ lần mở chương trình sau."
    press(qtbot, card.undo_button)
    assert updates.installed_updates(context.workspace) == []


def test_rules_of_an_unknown_sender_cannot_be_agreed_to(qtbot, context, card, rules_file):
    dialog = shown(qtbot, context, card, rules_file)
    labels = {button.text() for button in dialog.findChild(QDialogButtonBox).buttons()}
    assert labels == {"Đóng"}
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert updates.installed_updates(context.workspace) == []


def test_a_file_that_is_none_is_said(qtbot, context, card, tmp_path):
    (tmp_path / "thư.xlsx").write_text("Kính gửi")
    context.messages.files.append(tmp_path / "thư.xlsx")
    press(qtbot, card.take_button)
    assert context.messages.said[-1].startswith("Tệp thư.xlsx không phải tệp quy định")
    assert card.findChild(RulesDialog) is None

"""Rules from the province in the settings page: shown before they are taken in."""

from datetime import date

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox, QLineEdit, QPushButton

from kcdesk.formdef.loading.loader import load
from kcdesk.services import catalogue
from kcdesk.services.handover.trust import partners
from kcdesk.services.maintenance import opening
from kcdesk.services.rulebook import installed, updates
from kcdesk.services.rules import norm_lookup
from kcdesk.services.workspace import Workspace
from kcdesk.settings import Settings
from kcdesk.store.store import Store
from kcdesk.ui.settings.effects.touched_dialog import UndoRulesDialog
from kcdesk.ui.settings.norm_dialog import NormDialog
from kcdesk.ui.settings.rule_updates_card import RuleUpdates
from kcdesk.ui.settings.rules_dialog import RulesDialog
from kcdesk.ui.shell.context import Context
from kcdesk.ui.shell.worker import BackgroundWorker
from tests.services import samples
from tests.services.samples import CEILINGS, practice_answers

WAIT = 60_000  # milliseconds: the list is made in the background, also on a busy machine


@pytest.fixture
def rules_file(context, tmp_path):
    """A signed file of rules from a province that the open store knows."""
    forms = context.workspace.forms
    opening.create(tmp_path / "province", practice_answers(level="province", code="SCT-MAU"), forms)
    (tmp_path / "mới" / "norms").mkdir(parents=True)
    (tmp_path / "mới" / "norms" / "lang_son.toml").write_text(CEILINGS, "utf-8")
    with Store.open(tmp_path / "province", forms) as store:
        province = Workspace(store, forms, catalogue.extensions(), lambda: date(2026, 3, 5))
        partners.write_identity(province, tmp_path / "tỉnh.xlsx")
        updates.pack(province, tmp_path / "mới", tmp_path / "Quy định.xlsx", "Mức hỗ trợ của Lạng Sơn")
    return tmp_path / "Quy định.xlsx"


@pytest.fixture
def province_context(province, messages, theme):
    """What a page is given in the store of a province."""
    worker = BackgroundWorker()
    yield Context(province, messages, worker, Settings(), theme)
    worker.close()


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
    click(qtbot, card.take_button)
    return card.findChild(RulesDialog)


def click(qtbot, button) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_rules_are_shown_then_taken_then_taken_back(qtbot, context, card, rules_file, tmp_path):
    partners.trust(context.workspace, tmp_path / "tỉnh.xlsx")
    assert not card.undo_button.isEnabled()
    dialog = shown(qtbot, context, card, rules_file)
    (line,) = dialog.changes.lines_model.lines
    assert line.cells == (
        "Khuyến công địa phương tỉnh Lạng Sơn: Ứng dụng máy móc thiết bị",
        "chưa có",
        "50 % chi phí, tối đa 250.000.000 đồng/cơ sở",
        "từ 01/01/2026",
        "Điều 5 NQ 01/2025/NQ-HĐND (mẫu)",
    )
    context.messages.files.append(tmp_path / "danh-sach.pdf")
    listed = dialog.print_dialog()
    listed.show()
    listed.save()
    listed.close()
    assert (tmp_path / "danh-sach.pdf").stat().st_size
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert [one["note"] for one in updates.installed_updates(context.workspace)] == ["Mức hỗ trợ của Lạng Sơn"]
    assert context.messages.said[-1] == "Đã nhận quy định mới. Kho này áp dụng từ lần mở sau."
    click(qtbot, card.undo_button)
    asked = card.findChild(UndoRulesDialog)
    qtbot.waitSignal(asked.table.ready, timeout=WAIT).wait()
    qtbot.keyClick(asked, Qt.Key.Key_Escape)
    assert len(updates.installed_updates(context.workspace)) == 1, "the officer kept the file"
    click(qtbot, card.undo_button)
    click(qtbot, card.findChildren(UndoRulesDialog)[-1].undo_button)
    assert updates.installed_updates(context.workspace) == []


def test_the_preview_lists_the_open_dossiers_with_another_answer(qtbot, context, card, rules_file, tmp_path):
    partners.trust(context.workspace, tmp_path / "tỉnh.xlsx")
    facts = {"programme": "local", "activity": "machinery", "year": "2026"}
    lines = [{"item": "Máy", "cost": 600_000_000, "local": 400_000_000}]
    id_ = samples.new(context.workspace, "proposal", title="Máy sấy", budget=lines, **facts)
    dialog = shown(qtbot, context, card, rules_file)
    if dialog.dossiers.touched == ():
        qtbot.waitSignal(dialog.dossiers.ready, timeout=WAIT).wait()
    (place,) = [n for n, line in enumerate(dialog.dossiers.touched) if line.topic == "Mức hỗ trợ tối đa"]
    dialog.dossiers.table.go_to(str(place))
    assert "1 hồ sơ đang làm có kết quả khác trước." in dialog.dossiers.sentence.text()
    assert "250.000.000" in dialog.dossiers.whole.text().partition("Sau: ")[2]
    context.messages.files.append(tmp_path / "danh-sach.pdf")
    listed = dialog.dossiers.print_dialog()
    listed.show()
    listed.save()
    listed.close()
    assert (tmp_path / "danh-sach.pdf").stat().st_size
    with qtbot.waitSignal(context.record_wanted) as opened:
        click(qtbot, dialog.dossiers.open_button)
    assert opened.args == [id_]
    assert updates.installed_updates(context.workspace) == [], "opening a dossier takes nothing in"


def test_rules_of_an_unknown_sender_cannot_be_agreed_to(qtbot, context, card, rules_file):
    dialog = shown(qtbot, context, card, rules_file)
    labels = {button.text() for button in dialog.findChild(QDialogButtonBox).buttons()}
    assert labels == {"Đóng"}
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert updates.installed_updates(context.workspace) == []


def test_a_file_that_is_none_is_said(qtbot, context, card, tmp_path):
    (tmp_path / "thư.xlsx").write_text("Kính gửi", encoding="utf-8")
    context.messages.files.append(tmp_path / "thư.xlsx")
    click(qtbot, card.take_button)
    assert context.messages.said[-1].startswith("Tệp thư.xlsx không phải tệp quy định")
    assert card.findChild(RulesDialog) is None


def test_figures_are_typed_checked_by_an_example_and_count_here_at_once(qtbot, theme, province_context, tmp_path):
    assert theme.colours
    context = province_context
    card = RuleUpdates(context)
    qtbot.addWidget(card)
    card.show()
    click(qtbot, card.enter_button)
    dialog = card.findChild(NormDialog)
    national = dialog.present.text()
    dialog.territory.setCurrentIndex(1)
    dialog.territory.activated.emit(1)
    assert "TT 28/2018/TT-BTC" in dialog.present.text() != national
    dialog.territory.setCurrentIndex(0)
    dialog.territory.activated.emit(0)
    dialog.activity.setCurrentIndex(dialog.activity.findData("machinery"))
    typed = {
        "percent": "50",
        "cap": "300 tr",
        "document": "NQ 12/2026/NQ-HDND ngay 10/12/2026 cua HDND thanh pho",
        "first": "1/1/2026",
        "cost.0": "400 tr",
        "amount.0": "250 tr",
    }
    for name, text in typed.items():
        dialog.findChild(QLineEdit, f"norms.{name}").insert(text)  # Qt's own keys know no Vietnamese letters
    click(qtbot, dialog.findChild(QPushButton, "norms.add"))
    assert "ra 200.000.000 đồng, không phải 250.000.000 đồng" in dialog.problem.text()
    assert dialog.entered.count() == 0
    assert not dialog.remove_button.isEnabled()
    amount = dialog.findChild(QLineEdit, "norms.amount.0")
    amount.selectAll()
    amount.insert("200 triệu")
    click(qtbot, dialog.findChild(QPushButton, "norms.add"))
    assert dialog.entered.count() == 1
    dialog.entered.doItemsLayout()
    width = dialog.entered.visualItemRect(dialog.entered.item(0)).width()
    assert width <= dialog.entered.viewport().width(), "a figure is read without moving the list sideways"
    for file in (None, tmp_path / "missing folder" / "muc.xlsx"):
        context.messages.files.append(file)
        click(qtbot, dialog.findChild(QPushButton, "norms.sign"))
        assert (dialog.isVisible(), dialog.entered.count()) == (True, 1), "nothing typed is lost before it is written"
    assert "missing folder" in dialog.problem.text()
    context.messages.files.append(tmp_path / "muc.xlsx")
    click(qtbot, dialog.findChild(QPushButton, "norms.sign"))
    assert (tmp_path / "muc.xlsx").is_file()
    assert "Hãy gửi tệp cho các đơn vị. Kho này áp dụng từ lần mở sau." in context.messages.said[-1]
    forms = load(installed.folder_in_force(context.workspace.store.folder))
    norm = norm_lookup.norm_for_words(
        forms, programme="local", activity="machinery", on="5/3/2026", province="20", cost="400 triệu"
    )
    assert (norm["amount"], norm["cap"]) == (200_000_000, 300_000_000)

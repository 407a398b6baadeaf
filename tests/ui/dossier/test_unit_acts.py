"""Merging, changing and asking about units in the window, by clicks and keys."""

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QPushButton, QRadioButton

from kcdesk.services.rules import earlier_support
from kcdesk.store.changes import Changes
from kcdesk.ui.dossier.list_page import ListPage
from kcdesk.ui.dossier.units.merge_dialog import MergeDialog
from kcdesk.ui.dossier.units.support_dialog import SupportDialog
from tests.services.samples import approved, beneficiary

KEPT, LOST = "HTX Mây tre Phú Vinh", "Mây tre đan Phú Vinh"


@pytest.fixture
def page(qtbot, context):
    """The list of units with two records of one unit, of which the second was supported."""
    kept = beneficiary(context.workspace, name=KEPT, phone="0901234567")
    lost = beneficiary(context.workspace, name=LOST, phone="0977777777")
    dossier = approved(context.workspace, beneficiaries=[lost])
    page = ListPage(context, "beneficiary")
    qtbot.addWidget(page)
    page.show()
    page.on_show()
    return page, kept, lost, dossier


def test_two_records_are_merged_field_by_field_and_taken_back(qtbot, page):
    units, kept, lost, dossier = page
    workspace = units.context.workspace
    dialog = units.units.merge_dialog(kept, lost)
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.findChild(QRadioButton, "merge.phone.other").click()
    dialog.press_main()
    assert workspace.store.record(dossier).value("beneficiaries") == [kept]
    assert workspace.store.get(kept).data["phone"] == "0977777777"
    assert workspace.store.get(lost).deleted


def test_the_other_one_can_be_kept(qtbot, page):
    units, kept, lost, dossier = page
    dialog = units.units.merge_dialog(kept, lost)
    qtbot.addWidget(dialog)
    dialog.findChild(QPushButton, "merge.swap").click()
    dialog.press_main()
    assert units.context.workspace.store.record(dossier).value("beneficiaries") == [lost]
    assert units.context.workspace.store.get(kept).deleted


def test_what_was_chosen_for_a_field_stays_chosen_when_the_sides_change(qtbot, page):
    units, kept, lost, _dossier = page
    dialog = units.units.merge_dialog(kept, lost)
    qtbot.addWidget(dialog)
    dialog.findChild(QRadioButton, "merge.phone.other").click()
    for _ in range(2):
        dialog.findChild(QPushButton, "merge.swap").click()
    dialog.press_main()
    assert units.context.workspace.store.get(kept).data["phone"] == "0977777777"


@pytest.mark.parametrize("held", [Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier])
def test_the_list_stands_at_the_record_that_is_kept(page, monkeypatch, held):
    units, kept, lost, _dossier = page
    beneficiary(units.context.workspace, name="Xưởng cuối danh sách")
    units.refresh(Changes(""), None)
    monkeypatch.setattr(MergeDialog, "exec", lambda dialog: dialog.press_main() or dialog.result())
    QTest.keyClick(units.windowHandle(), Qt.Key.Key_F12, held)  # Qt remembers the keys that are held
    units.tools.go_to(kept)
    also = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    units.table.selectionModel().setCurrentIndex(units.model.index(units.model.row_of(lost), 0), also)
    units.units.merge()
    QTest.keyClick(units.windowHandle(), Qt.Key.Key_F12)
    assert units.current_id() == kept


def test_a_change_is_asked_with_its_day_and_the_former_name_is_kept(page):
    units, kept, *_ = page

    question = units.units.change_dialog(kept)
    assert question.focusWidget().objectName() == "fields.name"
    for name, text in (("name", "Cty TNHH Sao Mai"), ("on", "2/2/2020")):
        question.findChild(QLineEdit, f"fields.{name}").setText(text)
    form = question.findChild(QComboBox, "fields.legal_form")
    form.setCurrentIndex(form.findData("limited_company"))
    units.units.write_change(kept, question.answers())
    record = units.context.workspace.store.record(kept)
    assert (record.value("name"), record.value("legal_form")) == ("Cty TNHH Sao Mai", "limited_company")
    names = [(line["value"], line["until"]) for line in record.rows("former") if line["what"] == "name"]
    assert names == [(KEPT, "2020-02-02")]


def test_the_support_of_every_unit_that_fits_is_listed(qtbot, page):
    units, *_ = page
    dialog = SupportDialog(units.context, units)
    qtbot.addWidget(dialog)
    dialog.typed.setText("phu vinh")
    dialog.show_support()
    assert dialog.lines.model().rowCount() == len(earlier_support.search(units.context.workspace, "phu vinh")) == 1
    assert KEPT in dialog.note.text()
    dialog.typed.setText("khong co ai")
    dialog.show_support()
    assert dialog.note.text().startswith("Chưa thấy hỗ trợ nào")
    assert not dialog.show_button.isEnabled()


def test_the_support_of_the_chosen_unit_is_asked_at_once(qtbot, page):
    units, *_ = page
    units.table.selectRow(0)
    title = units.context.workspace.store.record(units.current_id()).title()
    dialog = units.units.support_dialog()
    qtbot.addWidget(dialog)
    assert dialog.typed.text() == dialog.typed.selectedText() == title
    assert dialog.lines.model().rowCount() or dialog.note.text()


def test_only_the_register_of_units_offers_it(qtbot, page, context):
    units, *_ = page
    units.table.selectRow(0)
    assert {"merge", "change_unit", "helped"} <= set(units.commands())
    contracts = ListPage(context, "contract")
    qtbot.addWidget(contracts)
    assert not {"merge", "change_unit", "helped"} & set(contracts.commands())


def test_the_menu_of_a_row_has_what_the_page_offers_for_units(open_window, workspace):
    beneficiary(workspace)
    window = open_window(workspace)
    window.go("beneficiary")
    of_row = {action.text().partition("\t")[0] for action in window.page.table.actions()}
    assert {command.label for command in window.page.units.commands().values()} <= of_row

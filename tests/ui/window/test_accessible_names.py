"""Every input and button of every page and dossier has a name for a screen reader."""

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from tests.ui.accessible_names import nameless


@pytest.fixture
def window(open_window, played):
    return open_window(played[0])


def test_every_page_and_dossier_names_its_inputs(window):
    missing = {}

    def look(name):
        QApplication.processEvents()
        if without := nameless(window):
            missing[name] = without

    for entry in window.navigation.entries:
        window.go(entry.name)
        look(entry.name)
    store = window.context.workspace.store
    for kind in window.context.workspace.forms.kinds:
        for stored in store.page(kind, limit=1):
            page = window.open_record(stored.id)
            for section in page.section_ids() if hasattr(page, "section_ids") else ():
                page.form.scroll_to_section(section)
            look(kind)
            window.back()
    assert sorted({place for places in missing.values() for place in places}) == []


def test_the_rule_finds_an_input_without_a_name(qtbot):
    holder = QWidget()
    qtbot.addWidget(holder)
    assert nameless(holder) == []
    line = QLineEdit(holder)
    assert nameless(holder) == ["QLineEdit() < QWidget()"]
    line.setAccessibleName("Tìm")
    assert nameless(holder) == []

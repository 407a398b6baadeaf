"""Every input and button of every page and dossier has a name for a screen reader."""

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit

from kcdesk.app import build_window
from kcdesk.settings import Settings
from tests.ui.accessible_names import nameless


@pytest.fixture
def window(qtbot, played, theme, messages):
    window = build_window(played[0], Settings(), theme, messages)
    qtbot.addWidget(window)
    window.resize(1366, 768)
    window.show()
    yield window
    window.close()
    window.context.worker.close()


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
    line = QLineEdit()
    qtbot.addWidget(line)
    outer = line.window()
    assert nameless(outer) == []
    holder = QLineEdit(line)
    assert len(nameless(line)) == 1
    holder.setAccessibleName("Tìm")
    assert nameless(line) == []

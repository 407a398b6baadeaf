"""A small screen and large letters: pages and dossiers keep their buttons and words in sight."""

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from tests.ui.cut_texts import cut_texts
from tests.ui.form_support import rest

LISTS = ("proposal", "acceptance", "product_entry", "office")  # those with the most chips and buttons
DOSSIERS = ("beneficiary", "proposal", "contract", "inspection", "acceptance", "payment")
_ROUNDS = 8  # layouts with wrapped texts come to rest step by step


def every_place(window):
    """Go to the pages of the navigation, to lists of different kinds and to dossiers; yield their names."""
    for entry in window.navigation.entries:
        window.go(entry.name)
        yield entry.name
    for kind in LISTS:
        window.show_matches(kind, "", {})
        yield f"list of {kind}"
    for kind in DOSSIERS:
        window.open_record(next(iter(window.context.workspace.store.page(kind, limit=1))).id)
        yield kind


def cut_everywhere(window):
    faults = []
    for name in every_place(window):
        for _round in range(_ROUNDS):
            rest()
            if not (cut := cut_texts(window)):
                break
        faults += [f"{name}: {fault}" for fault in cut]
    return faults


def test_nothing_is_cut_in_the_smallest_window_with_help_beside_it(open_window, played):
    window = open_window(played[0])
    window.resize(1024, 680)
    window.help.show_here()
    assert cut_everywhere(window) == []


def test_nothing_is_cut_in_what_only_a_province_is_offered(open_window, province):
    window = open_window(province)
    window.resize(1024, 680)
    faults = []
    for name in ("handoff", "settings", "plan", "office", "deadlines", "calendar", "go.conflicts"):
        if name in window.menu_actions:
            window.menu_actions[name].trigger()
        else:
            window.show_matches(name, "", {}) if name in (*LISTS, "plan") else window.go(name)
        for _round in range(_ROUNDS):
            rest()
        faults += [f"{name}: {fault}" for fault in cut_texts(window)]
    assert faults == []


@pytest.mark.usefixtures("largest_letters")
def test_nothing_is_cut_in_the_smallest_window_with_the_largest_letters(open_window, played):
    window = open_window(played[0])
    window.resize(1024, 680)
    assert cut_everywhere(window) == []


@pytest.mark.usefixtures("largest_letters")
def test_the_hand_over_keeps_its_words_with_large_letters_and_help_beside_it(open_window, played):
    window = open_window(played[0])
    window.resize(1024, 680)
    window.help.show_here()
    for name in ("handoff", "registers", "proposal"):
        window.go(name)
        for _round in range(_ROUNDS):
            rest()
        assert cut_texts(window) == [], name


def test_the_measure_sees_what_is_cut(qtbot):
    holder = QWidget()
    qtbot.addWidget(holder)
    holder.resize(300, 100)
    button, label = QPushButton("Thêm đơn vị thụ hưởng", holder), QLabel("Một câu dài hơn một dòng", holder)
    button.resize(300, 30)
    label.setGeometry(0, 40, 300, 30)
    holder.show()
    assert cut_texts(holder) == []
    button.resize(40, 30)
    label.move(250, 40)
    assert [fault.partition(":")[0] for fault in cut_texts(holder)] == [
        "QPushButton «Thêm đơn vị thụ hưởng»",
        "QLabel «Một câu dài hơn một dòng»",
    ]

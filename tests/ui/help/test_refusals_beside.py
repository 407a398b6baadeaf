"""A refusal that stands in a page or dialog: a further try is answered, too."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel

from kcdesk.errors import UserError
from kcdesk.ui.shell.help_key import show_refusal

WRONG = UserError("Mật khẩu chưa đúng.", code="bad_passphrase", hint="Hãy gõ lại.")
OTHER = UserError("Ổ đĩa đầy.", code="disk_full")


def beside(qtbot) -> QLabel:
    label = QLabel()
    qtbot.addWidget(label)
    label.show()
    return label


def test_a_refusal_that_stands_there_says_how_often_it_came(qtbot):
    label = beside(qtbot)
    show_refusal(label, WRONG)
    first = label.text()
    assert first.startswith("Mật khẩu chưa đúng. Hãy gõ lại. (F1: ")
    show_refusal(label, WRONG)
    assert label.text() == f"Đã thử lại, vẫn chưa được. {first}"
    show_refusal(label, WRONG)
    assert label.text() == f"Đã thử lại 2 lần, vẫn chưa được. {first}"
    show_refusal(label, OTHER)
    assert label.text().startswith("Ổ đĩa đầy.")


def test_what_was_cleared_or_hidden_meanwhile_is_said_as_the_first_time(qtbot):
    label = beside(qtbot)
    show_refusal(label, WRONG)
    first = label.text()
    label.clear()
    show_refusal(label, WRONG)
    assert label.text() == first
    label.hide()
    show_refusal(label, WRONG)
    assert label.text() == first


def test_typing_is_no_try(qtbot):
    label = beside(qtbot)
    show_refusal(label, WRONG)
    first = label.text()
    show_refusal(label, WRONG, tried=False)
    assert label.text() == first

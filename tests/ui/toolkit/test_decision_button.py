"""The second click of a habitual double click is no second decision."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from kcdesk.ui.toolkit.decision_button import PAUSE, DecisionButton, DecisionGuard


@pytest.fixture
def button(qtbot):
    button = DecisionButton("Bắt đầu thực hiện")
    button.pause = PAUSE
    qtbot.addWidget(button)
    button.show()
    return button


def decisions(button, after=""):
    """Note what the button decides; it says `after` from its first decision on."""
    noted = []

    def decide():
        noted.append((button.text(), button.subject))
        if after:
            button.setText(after)

    button.decided.connect(decide)
    return noted


def double_click(button):
    QTest.mouseClick(button, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    QTest.mouseDClick(button, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))


def test_a_double_click_takes_only_the_step_that_was_read(button):
    noted = decisions(button, after="Ghi nhận nghiệm thu")
    double_click(button)
    assert noted == [("Bắt đầu thực hiện", "")]


def test_keys_pressed_twice_take_only_the_first_step(button):
    noted = decisions(button, after="Ghi nhận nghiệm thu")
    button.click()
    button.click()
    assert noted == [("Bắt đầu thực hiện", "")]


def test_the_new_step_is_taken_after_the_time_of_reading(button, qtbot):
    noted = decisions(button, after="Ghi nhận nghiệm thu")
    button.pause = 50
    button.click()
    qtbot.waitUntil(lambda: (button.click(), len(noted) == 2)[1])
    assert noted[1] == ("Ghi nhận nghiệm thu", "")


def test_the_same_question_twice_is_answered_twice(button):
    noted = decisions(button)
    button.click()
    button.click()
    assert len(noted) == 2


def test_another_subject_under_the_same_words_waits_too(button):
    noted = []
    button.decided.connect(lambda: (noted.append(button.subject), setattr(button, "subject", "điểm 2")))
    double_click(button)
    assert noted == [""]


def test_two_decisions_in_one_place_are_kept_apart_though_each_has_its_own_button(monkeypatch):
    monkeypatch.setattr(DecisionButton, "pause", 600)
    guard, made = DecisionGuard(), []
    questions = iter(["hai", "ba"])
    asked = ["một"]

    def answer():
        made.append(asked[0])
        asked[0] = next(questions)

    guard.decide(lambda: asked[0], answer)
    guard.decide(lambda: asked[0], answer)  # the second click of a double click, on the next question
    assert made == ["một"]
    monkeypatch.setattr(DecisionButton, "pause", 0)
    guard.decide(lambda: asked[0], answer)
    assert made == ["một", "hai"]

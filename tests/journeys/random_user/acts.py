"""What a user does with a control: clicks, keys, typing and pasting, as Qt delivers them from mouse and keyboard."""

from __future__ import annotations

import random
from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QTextEdit, QWidget
from shiboken6 import isValid

from kcdesk.runtime.frozen import Value
from tests.journeys.random_user.controls import (
    BUTTON,
    CHOICE,
    COLUMN,
    ENTRY,
    INPUTS,
    LINE,
    LINES,
    MENU,
    NUMBER,
    OTHER,
    ROW,
    TAB,
    Control,
    bring_into_sight,
    front,
    is_uncovered,
)

KEYBOARD = "bàn phím"  # the role of keys that belong to no control
PRESS, DOUBLE, RIGHT, SPACE = "bấm", "bấm đúp", "bấm phải", "phím cách"
TYPE, REPLACE, PASTE, KEY, WAIT = "gõ thêm", "gõ thay", "dán", "phím", "chờ"
_HASTE = 0.06  # how often the user goes on before anything has happened

_VERBS: dict[str, tuple[tuple[str, float], ...]] = {
    BUTTON: ((PRESS, 8), (SPACE, 2), (DOUBLE, 1), (RIGHT, 0.3)),
    ENTRY: ((PRESS, 8),),
    MENU: ((PRESS, 2),),
    TAB: ((PRESS, 3),),
    COLUMN: ((PRESS, 1), (DOUBLE, 0.3), (RIGHT, 0.5)),
    ROW: ((PRESS, 2), (DOUBLE, 2), (RIGHT, 1), (TYPE, 1), (PASTE, 0.5)),
    LINE: ((REPLACE, 4), (TYPE, 2), (PASTE, 1), (PRESS, 1), (RIGHT, 0.3)),
    LINES: ((REPLACE, 3), (TYPE, 2), (PASTE, 1), (RIGHT, 0.3)),
    CHOICE: ((PRESS, 3), (KEY, 3), (TYPE, 1)),
    NUMBER: ((REPLACE, 3), (KEY, 2), (TYPE, 1)),
    OTHER: ((PRESS, 1), (RIGHT, 1), (KEY, 1), (PASTE, 0.5)),
}
_KEYS = (
    *("Tab", "Tab", "Tab", "Shift+Tab", "Return", "Return", "Esc", "Esc", "Up", "Down", "Left", "Right", "Space"),
    *("Home", "End", "PgUp", "PgDown", "Delete", "Backspace", "Ctrl+Return", "Ctrl+Delete", "Ctrl+Z", "Ctrl+Z"),
    *("Ctrl+Shift+Z", "Ctrl+A", "Ctrl+C", "Ctrl+V", "Ctrl+X", "F2", "F4", "Insert", "Menu", "Shift+F10", "Alt+Down"),
    *("Alt+Up", "Ctrl+Home", "Ctrl+End", "Shift+Down", "1", "2", "a"),
)
_VALUES = {  # words of a label, and what fits or nearly fits there
    ("ngày", "hạn", "từ", "đến"): ("15/3/2026", "1/12/2026", "30/2/2026", "31-12-26", "hôm nay", "5/2026", "0/0/0000"),
    ("kinh phí", "tiền", "giá", "hỗ trợ", "tổng", "vốn", "nguồn", "cộng"): (
        *("200.000.000", "150 triệu", "1,5 tỷ", "0", "-5", "900 tỷ", "12.5", "1e9", "300,000", "một trăm"),
    ),
    ("điện thoại", "sđt"): ("0900000001", "+84 900 000 002", "12345", "không có"),
    ("mã số thuế", "mã"): ("0100109106", "0100109107", "abc", "01 001 09106"),
    ("năm",): ("2026", "26", "1999", "3026", "hai nghìn"),
    ("email", "thư"): ("mau@example.vn", "mau@", "a b@c"),
    ("số", "tỷ lệ", "lượng", "điểm", "%"): ("1", "12", "-1", "3,5", "1.000", "99999999999", "45", "x"),
    ("mật khẩu", "cụm từ"): ("mat khau mau 2026", "mat khau mau 2026", "1"),
}
_TEXTS = (
    *("Cơ sở Mẫu", "Máy mẫu", "a", "Nguyễn Thị Mẫu", "Xã Mẫu", "  ", "12", "«»", "Đề án mẫu số 2", "x" * 60),
    *("Dòng một\nDòng hai", "=1+1", "cà phê ☕", "Hỗ trợ", "ấp 1", "%_'\"", "Lý do mẫu"),
)
_PASTED = (
    *("Máy mẫu\t2\t1.000.000\nMáy hai\t1\t5 triệu", "15/3/2026", "", "một\thai\tba\tbốn\tnăm\tsáu\tbảy\ttám"),
    *("Chủ tịch hội đồng\nỦy viên", "200 triệu", "\n\n", "Cơ sở Mẫu"),
)


class Act(Value):
    """One act of a walk: what is done (`verb`) to which control, with which text or keys."""

    place: str
    role: str
    name: str
    number: int
    verb: str
    text: str = ""
    hasty: bool = False  # whether the next act follows before anything has happened

    @property
    def key(self) -> tuple[str, str, str, int]:
        """What finds the control again."""
        return self.place, self.role, self.name, self.number

    def __str__(self) -> str:
        again = (f" ({self.number + 1})" if self.number else "") + (", vội" if self.hasty else "")
        with_text = f" {self.text!r}" if self.text or self.verb == PASTE else ""
        if self.role == KEYBOARD:
            return f"[{self.place}] {self.verb}{with_text}{again}"
        return f"[{self.place}] {self.verb}{with_text} {self.role} «{self.name}»{again}"


def on(control: Control, chance: random.Random) -> Act:
    """One of the acts that suit a control."""
    verbs = _VERBS[control.role]
    verb = chance.choices([verb for verb, _ in verbs], [weight for _, weight in verbs])[0]
    return Act(*control.key, verb, _text(verb, control.name, chance), hasty=chance.random() < _HASTE)


def key_press(place: str, offered: list[str], chance: random.Random) -> Act:
    """A key of every keyboard, or a shortcut that the window shows."""
    keys = chance.choice(offered) if offered and chance.random() < 0.35 else chance.choice(_KEYS)
    return Act(place, KEYBOARD, "", 0, KEY, keys, hasty=chance.random() < _HASTE)


def waiting(place: str) -> Act:
    """A pause in which typed text is saved and counters are brought up to date."""
    return Act(place, KEYBOARD, "", 0, WAIT)


def _text(verb: str, name: str, chance: random.Random) -> str:
    if verb == KEY:
        return chance.choice(("Down", "Up", "PgDown", "Home", "Alt+Down", "Return", "Esc", "Delete", "Space"))
    if verb == PASTE:
        return chance.choice(_PASTED)
    if verb not in (TYPE, REPLACE):
        return ""
    label = name.lower()
    fitting = [values for words, values in _VALUES.items() if any(word in label for word in words)]
    if fitting and chance.random() < 0.75:
        return chance.choice(chance.choice(fitting))
    return chance.choice(_TEXTS)


# -- doing -------------------------------------------------------------------------------------------------------------


def perform(act: Act, control: Control | None) -> bool:
    """Do it; False when the control cannot be reached by the mouse now."""
    if control is None or control.widget is None:
        if act.verb == KEY:
            _press_keys(act.text)
        return True
    if not isValid(control.widget):
        return False
    bring_into_sight(control.widget)
    point = control.point or control.widget.rect().center()
    if control.role not in (ENTRY, MENU) and not is_uncovered(control.widget, point):
        return False
    _DOINGS[act.verb](control.widget, point, act.text)
    return True


def _press_keys(keys: str) -> None:
    pressed = QKeySequence(keys)[0]  # type: ignore[index]  # the stubs do not know it
    target = QApplication.activePopupWidget() or QApplication.focusWidget() or front()
    if target is not None:
        QTest.keyClick(target, pressed.key(), pressed.keyboardModifiers())


def _click(widget: QWidget, point: QPoint, _text: str) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=point)


def _double_click(widget: QWidget, point: QPoint, _text: str) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=point)
    if _is_there(widget):
        QTest.mouseDClick(widget, Qt.MouseButton.LeftButton, pos=point)


def _is_there(widget: QWidget) -> bool:
    """Whether the second click of a double click still meets the same widget."""
    return isValid(widget) and widget.isVisible() and (front() is None or widget.window() is front())


def _right_click(widget: QWidget, point: QPoint, _text: str) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.RightButton, pos=point)
    asked = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, point, widget.mapToGlobal(point))
    if isValid(widget):
        QApplication.sendEvent(widget, asked)


def _space(widget: QWidget, point: QPoint, _text: str) -> None:
    if widget.focusPolicy() == Qt.FocusPolicy.NoFocus:
        _click(widget, point, "")
        return
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    _press_keys("Space")


def _type(widget: QWidget, point: QPoint, text: str) -> None:
    _click(widget, point, "")
    _letters(text)


def _replace(widget: QWidget, point: QPoint, text: str) -> None:
    _click(widget, point, "")
    _press_keys("Ctrl+A")
    _letters(text) if text else _press_keys("Delete")


def _paste(widget: QWidget, point: QPoint, text: str) -> None:
    clipboard = QGuiApplication.clipboard()
    clipboard.setText(text) if text else clipboard.clear()
    _click(widget, point, "")
    _press_keys("Ctrl+V")


def _key(widget: QWidget, point: QPoint, text: str) -> None:
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
        widget.setFocus(Qt.FocusReason.TabFocusReason)
    else:
        _click(widget, point, "")
    _press_keys(text)


def _letters(text: str) -> None:
    """Letter by letter, as an input method sends them; a new line is the Return key."""
    for letter in text:
        target = QApplication.focusWidget()
        if target is None:
            return
        if letter == "\n" and isinstance(target, QPlainTextEdit | QTextEdit | QLineEdit):
            QTest.keyClick(target, Qt.Key.Key_Return)
            continue
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            target = QApplication.focusWidget()
            if target is not None:
                QApplication.sendEvent(target, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, letter))


_DOINGS: dict[str, Callable[[QWidget, QPoint, str], None]] = {
    PRESS: _click,
    DOUBLE: _double_click,
    RIGHT: _right_click,
    SPACE: _space,
    TYPE: _type,
    REPLACE: _replace,
    PASTE: _paste,
    KEY: _key,
}
assert {verb for verbs in _VERBS.values() for verb, _ in verbs} <= _DOINGS.keys()
assert set(INPUTS) <= _VERBS.keys()

"""A control that cannot be used looks so: a rule of the style that gives it a colour has a paler one beside it."""

from __future__ import annotations

import re

from kcdesk import paths

_STYLE = (paths.resources() / "style" / "window.qss").read_text("utf-8")
_BUTTON = re.compile(r"(QPushButton|QToolButton)(\[[^]:]+\])*")


def _rules():
    """Each selector of the style with its declarations."""
    for selectors, body in re.findall(r"([^{}]+)\{([^}]*)\}", re.sub(r"/\*.*?\*/", "", _STYLE, flags=re.S)):
        for selector in selectors.split(","):
            yield " ".join(selector.split()), body


def test_every_coloured_button_has_its_look_when_it_cannot_be_used():
    coloured = {name for name, body in _rules() if _BUTTON.fullmatch(name) and re.search(r"(^|[ ;])color:", body)}
    pale = {
        name.removesuffix(":disabled") for name, body in _rules() if name.endswith(":disabled") and "$muted" in body
    }
    assert {'QPushButton[role="main"]', 'QPushButton[role="quiet"]'} <= coloured
    assert coloured - pale == set()

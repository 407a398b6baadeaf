"""The order in which Tab goes through a form: that of its editors, each with all its parts.

Nobody walks Qt's own chain of focus: `QWidget.nextInFocusChain` of PySide makes the widget that is asked the owner of
the next one's wrapper, and when it is deleted, Python takes parts of the other, which is still there, for deleted too.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from PySide6.QtWidgets import QWidget

from kcdesk.ui.form.editors.base import Editor


def chain(editors: Iterable[Editor]) -> None:
    """Let Tab go from each of these editors to the next, in whatever order they were created."""
    for before, after in pairwise(editors):
        QWidget.setTabOrder(before, after)

"""Which topics suit a widget: its own, then those of everything around it.

A page, a dialog or a part of one says its topic by an attribute `help_topic`; so does the editor of a field. A question
that has no page of its own is about what lies behind it: the topics there come first.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import QWidget

_GENERAL = "dialogs"  # of a question without a page of its own


def topics_at(widget: QWidget | None) -> Iterator[str]:
    """Yield the topics from the inside to the outside of a window, and behind a question without a page of its own."""
    general = ""
    while widget is not None:
        topic = str(getattr(widget, "help_topic", ""))
        if topic == _GENERAL:
            general = topic
        elif topic:
            yield topic
        widget = widget.parentWidget() if general or not widget.isWindow() else None
    if general:
        yield general

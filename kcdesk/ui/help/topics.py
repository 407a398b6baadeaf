"""Which topics suit a widget: its own, then those of everything around it.

A page, a dialog or a part of one says its topic by an attribute `help_topic`; so does the editor of a field.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import QWidget


def topics_at(widget: QWidget | None) -> Iterator[str]:
    """Yield the topics from the inside to the outside of a window."""
    while widget is not None:
        if topic := getattr(widget, "help_topic", ""):
            yield str(topic)
        widget = None if widget.isWindow() else widget.parentWidget()

"""Refusals that stand in a page or dialog itself, not in the bar of messages.

Each names its page of help, and F1 opens that.
"""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import QLabel, QWidget

from kcdesk import handbook
from kcdesk.errors import KcdeskError

_TOPIC, _SHOWN = "refusal_topic", "refusal_shown"


def show_refusal(label: QLabel, error: KcdeskError | ValueError, sentence: str = "") -> None:
    """Show a refusal, or `sentence` in its place, with the title of the page that explains it."""
    shown = sentence or (error.sentence() if isinstance(error, KcdeskError) else str(error))
    topic = handbook.topic_of(error)
    label.setText(f"{shown} (F1: {handbook.shipped_pages()[topic].title})")
    label.setProperty(_TOPIC, topic)
    label.setProperty(_SHOWN, label.text())


def refusal_topics(root: QWidget) -> Iterator[str]:
    """Yield the topics of the refusals that stand there now; another text of the label ends a refusal."""
    for label in root.findChildren(QLabel):
        topic = str(label.property(_TOPIC) or "")
        if topic and label.isVisible() and label.text() == label.property(_SHOWN):
            yield topic

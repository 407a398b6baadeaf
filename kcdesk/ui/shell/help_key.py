"""F1: shows the help of the window in front, also while a menu or a list is open over it.

A refusal that stands in a page or dialog itself, not in the bar of messages, names its page of help; F1 opens that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from kcdesk import handbook
from kcdesk.errors import KcdeskError

_TOPIC, _SHOWN = "refusal_topic", "refusal_shown"  # properties of a label
_REFUSAL, _AGAIN = "refusal", "refused_again"


class HelpKey(QShortcut):
    """The key of one window; `show` shows its help.

    A menu or an open list takes all keys of its window except those of the whole application, and then the keys of
    several windows answer at once; so whichever is asked passes the question on to the window in front.
    """

    def __init__(self, window: QWidget, show: Callable[[], object]) -> None:
        super().__init__(QKeySequence(Qt.Key.Key_F1), window)
        self._show = show
        self.setContext(Qt.ShortcutContext.ApplicationShortcut)
        self.activated.connect(self._answer)
        self.activatedAmbiguously.connect(self._answer)

    def show_help(self) -> None:
        """Show the help of its window."""
        self._show()

    def _answer(self) -> None:
        front = QApplication.activeModalWidget() or QApplication.activeWindow()
        while popup := QApplication.activePopupWidget():
            popup.close()
            if popup is QApplication.activePopupWidget():
                break  # it does not let itself be closed
        while front is not None and (key := front.findChild(HelpKey)) is None:
            above = front.parentWidget()  # a small window such as that of the help itself belongs to another one
            front = above.window() if above is not None else None
        (key if front is not None and key is not None else self).show_help()


def show_refusal(label: QLabel, error: KcdeskError | ValueError, sentence: str = "", *, tried: bool = True) -> None:
    """Show a refusal, or `sentence` in its place, with the title of the page that explains it.

    One that stands there already says how often it came: a further try would look as if nothing was done. `tried` is
    False where the officer did not ask for an act, but only typed or came back.
    """
    words = sentence or (error.sentence() if isinstance(error, KcdeskError) else str(error))
    show_problem(label, words, handbook.topic_of(error), tried=tried)


def show_problem(label: QLabel, sentence: str, topic: str, *, tried: bool = True) -> None:
    """As `show_refusal`, for a sentence and its page of the handbook; "" for no page."""
    explained = f"{sentence} (F1: {handbook.shipped_pages()[topic].title})" if topic else sentence
    again = int(label.property(_AGAIN) or 0) + 1 if tried and _stands(label, explained) else 0
    times = f" {again} lần" if again > 1 else ""
    label.setText(f"Đã thử lại{times}, vẫn chưa được. {explained}" if again else explained)
    for name, value in ((_TOPIC, topic), (_SHOWN, label.text()), (_REFUSAL, explained), (_AGAIN, again)):
        label.setProperty(name, value)


def _stands(label: QLabel, explained: str) -> bool:
    """Whether this refusal is what the label says now."""
    is_refusal = not label.isHidden() and label.text() == label.property(_SHOWN)
    return is_refusal and explained == label.property(_REFUSAL)


def refusal_topics(root: QWidget) -> Iterator[str]:
    """Yield the topics of the refusals that stand there now; another text of the label ends a refusal."""
    for label in root.findChildren(QLabel):
        topic = str(label.property(_TOPIC) or "")
        if topic and label.isVisible() and label.text() == label.property(_SHOWN):
            yield topic

"""The window. Qt lives only here."""

import builtins

import PySide6.QtCore  # noqa: F401 - it is this import that replaces Python's own

from kcdesk.later import import_later


def _import_plainly() -> None:
    """Take PySide's import away again, which reads the source of every module that is imported after it.

    It looks for modules that want other names for the methods of Qt (`__feature__`); none of ours does.
    """
    theirs = getattr(builtins, "__feature_import__", None)
    if theirs is not None and builtins.__import__ is theirs:
        builtins.__import__ = getattr(builtins, "__orig_import__")  # noqa: B009 - unknown to mypy


_import_plainly()
import_later(__name__)

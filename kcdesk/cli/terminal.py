"""Whether somebody sits at a stream of the command line, and what is shown where there is none."""

from __future__ import annotations

import sys
from typing import TextIO

if sys.platform == "win32":
    import ctypes
    import msvcrt

    _WARNING = 0x30  # its sign beside the sentence

    def is_terminal(stream: TextIO) -> bool:
        """Whether a person can type there; Windows takes NUL for a terminal too, and waits for its keys for ever."""
        if not stream.isatty():
            return False
        mode = ctypes.c_ulong()
        return bool(ctypes.windll.kernel32.GetConsoleMode(msvcrt.get_osfhandle(stream.fileno()), ctypes.byref(mode)))

    def shown_in_a_box(sentence: str) -> bool:
        """Show a sentence in a box of Windows if the program has no console; returns whether it did."""
        if sys.__stderr__ is not None:
            return False
        ctypes.windll.user32.MessageBoxW(None, sentence, "kcdesk", _WARNING)
        return True
else:

    def is_terminal(stream: TextIO) -> bool:
        """Whether a person can type there."""
        return stream.isatty()

    def shown_in_a_box(_sentence: str) -> bool:
        """Every program has its streams here."""
        return False

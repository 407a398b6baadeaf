"""Whether somebody sits at a stream of the command line, what is shown where nobody does, and how far an act is."""

from __future__ import annotations

import sys
from typing import TextIO

from kcdesk.progress import Progress, ignore_progress

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


def console_progress(what: str) -> Progress:
    """Progress that says at the terminal what is done and how far it is; Ctrl+C stops the act. Silent for scripts."""
    if not is_terminal(sys.stderr):
        return ignore_progress
    shown = -1

    def report(done: int, total: int, _text: str = "", /) -> None:
        nonlocal shown
        percent = done * 100 // max(1, total)
        if percent != shown:
            shown = percent
            sys.stderr.write(f"\r{what}: {percent} % (Ctrl+C để dừng)" + ("\n" if percent == 100 else ""))
            sys.stderr.flush()

    return report

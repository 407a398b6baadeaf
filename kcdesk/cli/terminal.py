"""Whether somebody sits at a stream of the command line."""

from __future__ import annotations

import sys
from typing import TextIO

if sys.platform == "win32":
    import ctypes
    import msvcrt

    def is_terminal(stream: TextIO) -> bool:
        """Whether a person can type there; Windows takes NUL for a terminal too, and waits for its keys for ever."""
        if not stream.isatty():
            return False
        mode = ctypes.c_ulong()
        return bool(ctypes.windll.kernel32.GetConsoleMode(msvcrt.get_osfhandle(stream.fileno()), ctypes.byref(mode)))
else:

    def is_terminal(stream: TextIO) -> bool:
        """Whether a person can type there."""
        return stream.isatty()

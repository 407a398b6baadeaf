"""A store in a window of another process, so that nothing of this one can get into it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QProcess

from kcdesk import paths
from kcdesk.temporary import private_files


def open_apart(folder: Path) -> None:
    """Start the program again over the store in `folder`; this one goes on."""
    program, *arguments = paths.window_program()
    process = QProcess()
    process.setProgram(program)
    process.setArguments([*arguments, "--store", str(folder)])
    for redirect in (process.setStandardOutputFile, process.setStandardErrorFile):
        redirect(QProcess.nullDevice())  # a terminal that waits for this window must not wait for that one
    with private_files.outside():
        process.startDetached()

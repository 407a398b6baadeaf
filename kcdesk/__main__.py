"""`python -m kcdesk` and the `kcdesk` command."""

import os
import sys
from multiprocessing import freeze_support


def main() -> int:
    """Run a command, or be the worker process of the frozen program."""
    _open_streams()
    _forget_own_libraries()
    from kcdesk.bounded import worker  # the worker needs nothing else of the program

    if sys.argv[1:] == [worker.ARGUMENT]:
        from kcdesk.bounded.serving import serve  # as above

        serve()
    _say_that_it_runs()
    from kcdesk.cli import program  # as above

    return program.main()


def _open_streams() -> None:
    """The program without a console has no output on Windows; what is printed goes nowhere."""
    for stream in ("stdout", "stderr"):
        if getattr(sys, stream) is None:
            setattr(sys, stream, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - it stays open


def _forget_own_libraries() -> None:
    """Programs that this one opens, LibreOffice for instance, load the libraries of the system, not the frozen ones."""
    before = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    if before is not None:
        os.environ["LD_LIBRARY_PATH"] = before
    elif getattr(sys, "frozen", False):
        os.environ.pop("LD_LIBRARY_PATH", None)


def _say_that_it_runs() -> None:
    """Hold a mutex until the program ends: the set-up (.ci/bundle/setup.nsi) refuses while anybody holds it."""
    if sys.platform == "win32" and getattr(sys, "frozen", False):
        import ctypes  # only there

        ctypes.windll.kernel32.CreateMutexW(None, False, "kcdesk-dang-chay")


if __name__ == "__main__":
    freeze_support()  # a helper process of the frozen program starts here too
    sys.exit(main())

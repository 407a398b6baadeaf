"""`python -m kcdesk` and the `kcdesk` command."""

import sys
from multiprocessing import freeze_support


def main() -> int:
    """Run a command, or be the worker process of the frozen program."""
    from kcdesk.bounded import worker  # the worker needs nothing else of the program

    if sys.argv[1:] == [worker.ARGUMENT]:
        from kcdesk.bounded.serving import serve  # as above

        serve()
    from kcdesk.cli import program  # as above

    return program.main()


if __name__ == "__main__":
    freeze_support()  # a helper process of the frozen program starts here too
    sys.exit(main())

"""Takes a package in, in a process of its own, and stands still half-way so that it can be killed there.

`python -m tests.journeys.importer STORE PACKAGE`
"""

import sys
import time
from pathlib import Path

from kcdesk.services import setup, taking_in


def main(store: str, package: str) -> None:
    workspace = setup.open_workspace(Path(store))

    def half_way(done: int, total: int) -> None:
        if done * 2 >= total:
            sys.stdout.write(f"{done} {total}\n")
            sys.stdout.flush()
            time.sleep(600)

    taking_in.take(workspace, Path(package), progress=half_way)


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Takes a package in, in a process of its own, and stands still half-way so that it can be killed there.

`python -m tests.journeys.importer STORE PACKAGE`
"""

import sys
import time
from pathlib import Path

from kcdesk.services.handover.packages import receiving
from kcdesk.services.maintenance import opening


def main(store: str, package: str) -> None:
    workspace = opening.open_workspace(Path(store))

    def half_way(done: int, total: int) -> None:
        if done * 2 >= total:
            sys.stdout.write(f"{done} {total}\n")
            sys.stdout.flush()
            time.sleep(600)

    receiving.receive(workspace, Path(package), progress=half_way)


if __name__ == "__main__":
    main(*sys.argv[1:])

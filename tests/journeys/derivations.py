"""Recompute every number of generated dossiers from its tree, to the đồng.

python -m tests.journeys.derivations --dossiers 1000 --seed 1
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from kcdesk.services.derivations import explaining, wording
from kcdesk.services.maintenance import opening
from kcdesk.services.workspace import Workspace
from tests.services.derivations.dossiers import Dossier, DossierMaker, exact, nodes, recomputed
from tests.services.samples import practice_answers


def main() -> int:
    """Make the dossiers in a new store and check them; returns 1 if a number does not come out."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dossiers", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began, operations, wrong, count = time.perf_counter(), Counter[str](), [], 0
    with tempfile.TemporaryDirectory() as folder:
        workspace, _code = opening.create_workspace(Path(folder) / "store", practice_answers())
        maker = DossierMaker(workspace, options.seed)
        for number in range(options.dossiers):
            for sentence in _checked(workspace, maker.make(number), operations):
                count += 1
                wrong += [sentence] if sentence else []
        workspace.close()
    seconds = time.perf_counter() - began
    sys.stdout.write(f"{options.dossiers} dossiers, {count} numbers, {seconds:.0f} s, {len(wrong)} wrong\n")
    sys.stdout.write(", ".join(f"{name or 'leaf'} {times}" for name, times in operations.most_common()) + "\n")
    sys.stdout.writelines(f"{sentence}\n" for sentence in wrong[:20])
    return bool(wrong)


def _checked(workspace: Workspace, dossier: Dossier, operations: Counter[str]) -> Iterator[str]:
    """For each number of a dossier what is wrong with it; "" for nothing."""
    for path, node in explaining.every_number(workspace, *(id_ for _kind, id_ in dossier.records)):
        tree = wording.as_json(node)
        operations.update(part["operation"] for part in nodes(tree))
        faults = [part["remark"] for part in nodes(tree) if part["fault"]]
        differs = recomputed(tree) != exact(tree["value"])
        yield f"{tree['kind']} {tree['id']} {path}: {tree['value']} {faults}" if faults or differs else ""


if __name__ == "__main__":
    sys.exit(main())

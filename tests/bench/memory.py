"""What handing over 300 photos costs in memory: a locked package made, and taken in, each in a process of its own."""

from __future__ import annotations

import json
import random
import resource
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from kcdesk.services.handover.packages import receiving, sending
from kcdesk.services.handover.trust import partners
from kcdesk.services.maintenance import opening
from kcdesk.services.records import changing
from tests.bench import offices

PHOTOS = 300
PHOTO_BYTES = 500_000  # of a photo of a visit, as it is kept
AIM_MB = 400
_PASSWORD = "khoá gói"


def measure() -> dict[str, object]:
    """Peak memory (MB) of both processes, and what the imports alone take."""
    with tempfile.TemporaryDirectory() as folder:
        figures = {step: _run(step, folder) for step in STEPS}
        size = (Path(folder) / "package.xlsx").stat().st_size
    return {"photos": PHOTOS, "package_mb": round(size / 1e6), "aim_mb": AIM_MB, **figures}


def _run(step: str, folder: str) -> int:
    command = [sys.executable, "-m", "tests.bench.memory", step, folder]
    return int(json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout))


def _prepare(folder: Path) -> None:
    """Two stores; the photos are noise, which nothing can pack."""
    sender, receiver = offices.unit(folder / "sender"), offices.province(folder / "receiver")
    chance = random.Random(36)
    kept = [sender.store.files.add(chance.randbytes(PHOTO_BYTES), f"anh {n}.jpg") for n in range(PHOTOS)]
    proposal = changing.add(sender, "proposal", {"title": "Mẫu"}).items[0].id
    dossier = changing.add(sender, "acceptance", {"proposal": proposal, "site": "Mẫu"}).items[0].id
    changing.set_values(sender, dossier, {"photos": kept})
    partners.write_identity(sender, folder / "card.xlsx")
    partners.trust(receiver, folder / "card.xlsx")
    sender.close()
    receiver.close()


def _make(folder: Path) -> None:
    with closing(opening.open_workspace(folder / "sender")) as workspace:
        sending.make(workspace, sending.HandoverOrder(path=folder / "package.xlsx", full=True, password=_PASSWORD))


def _take(folder: Path) -> None:
    with closing(opening.open_workspace(folder / "receiver")) as workspace:
        taken = receiving.receive(workspace, folder / "package.xlsx", _PASSWORD)
        assert taken.preview.rows["new"] == 1


def peak_mb() -> int:
    """The peak of this process; what the system tells of its resources begins with the peak of the parent."""
    status = Path("/proc/self/status")
    if status.exists():
        told = next(line for line in status.read_text(encoding="utf-8").splitlines() if line.startswith("VmHWM"))
        return round(int(told.split()[1]) / 1024)
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


STEPS = {"prepare_mb": _prepare, "make_mb": _make, "take_mb": _take}

if __name__ == "__main__":
    STEPS[sys.argv[1]](Path(sys.argv[2]))
    print(json.dumps(peak_mb()))

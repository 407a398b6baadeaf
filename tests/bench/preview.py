"""What looking at a package of 20,000 records costs of which every one is known."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import time
from pathlib import Path

from kcdesk.services.handover.packages import preview, receiving, sending
from kcdesk.services.maintenance import opening
from tests.bench import hand_off

AIM_SECONDS = 0.8


def measure() -> dict[str, object]:
    """Seconds for the preview of another package with nothing new, and to read and hash the file."""
    place = hand_off.folder()
    with tempfile.TemporaryDirectory() as name:
        for office in ("sender", "receiver"):
            shutil.copytree(place / office, Path(name) / office)
        sender, receiver = (opening.open_workspace(Path(name) / office) for office in ("sender", "receiver"))
        receiving.receive(receiver, place / "package.xlsx")
        path = Path(name) / "again.xlsx"
        sending.make(sender, sending.HandoverOrder(path=path, full=True, period="2027"))
        start = time.perf_counter()
        found = preview.preview_package(receiver, path)
        seconds = time.perf_counter() - start
        assert found.rows["same"] == hand_off.RECORDS
        sender.close()
        receiver.close()
        start = time.perf_counter()
        hashlib.sha256(path.read_bytes()).hexdigest()
        read = time.perf_counter() - start
    return {
        "records": hand_off.RECORDS,
        "seconds": round(seconds, 2),
        "aim_seconds": AIM_SECONDS,
        "read_and_hash_seconds": round(read, 3),
    }

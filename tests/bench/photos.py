"""What taking in 200 photos of 8 MB costs: the memory of a process that does nothing else, and the time for each."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from io import BytesIO
from pathlib import Path

PHOTOS = 200
SIZE = (6000, 4000)  # a camera of 24 megapixels
AIM_MB = 300


def measure() -> dict[str, object]:
    """Peak memory (MB) and time for each photo (ms), beside the time to read and hash such a file."""
    folder = Path(tempfile.mkdtemp(prefix="kcdesk-bench-"))
    try:
        # Each in a process of its own: a child starts with the peak of its parent.
        figures = [_run(step, folder) for step in STEPS]
        return {"photos": PHOTOS, "aim_mb": AIM_MB} | figures[0] | figures[1]
    finally:
        shutil.rmtree(folder)


def _run(step: str, folder: Path) -> dict[str, object]:
    command = [sys.executable, "-m", "tests.bench.photos", step, str(folder)]
    figures: dict[str, object] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return figures


def _make_card(folder: Path) -> dict[str, object]:
    """Different files that show the same noisy scene."""
    from PIL import Image

    scene = Image.merge("RGB", [Image.effect_noise(SIZE, spread) for spread in (60, 70, 80)])
    buffer = BytesIO()
    scene.save(buffer, "JPEG", quality=45)
    start, content = buffer.getvalue()[:2], buffer.getvalue()[2:]
    card = folder / "card"
    card.mkdir()
    for number in range(PHOTOS):
        comment = b"\xff\xfe\x00\x06" + number.to_bytes(4, "big")
        (card / f"DSC{number:05}.JPG").write_bytes(start + comment + content)
    return {"photo_mb": round(len(buffer.getvalue()) / 1e6, 1)}


def _take_in(folder: Path) -> dict[str, object]:
    """The whole way from the card into a store, with nothing else in the process."""
    import resource

    from kcdesk.services.attachments import photos
    from kcdesk.services.maintenance import opening
    from kcdesk.services.records import changing

    unit = opening.NewStore(unit="Mẫu", code="MAU", level="lower", province="Lạng Sơn", officer="Mẫu", practice=True)
    workspace, _ = opening.create_workspace(folder / "store", unit)
    proposal = changing.add(workspace, "proposal", {"title": "Mẫu"}).items[0].id
    dossier = changing.add(workspace, "acceptance", {"proposal": proposal, "site": "Mẫu"}).items[0].id
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    intake = photos.add_photos(workspace, dossier, "photos", [folder / "card"], lambda *_: None)
    seconds = time.perf_counter() - start
    assert intake.added == PHOTOS, intake.refused[:1]
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    workspace.close()
    each, read = seconds * 1000 / PHOTOS, _reading(folder / "card")
    return {
        "peak_mb": round(after / 1024),
        "before_mb": round(before / 1024),
        "each_ms": round(each),
        "read_and_hash_ms": round(read),
        "ratio": round(each / read, 1),
    }


def _reading(card: Path) -> float:
    """Milliseconds to read and hash one file."""
    import hashlib

    paths = sorted(card.iterdir())[:20]
    start = time.perf_counter()
    for path in paths:
        hashlib.sha256(path.read_bytes()).hexdigest()
    return (time.perf_counter() - start) * 1000 / len(paths)


STEPS = {"make": _make_card, "take": _take_in}

if __name__ == "__main__":
    print(json.dumps(STEPS[sys.argv[1]](Path(sys.argv[2]))))

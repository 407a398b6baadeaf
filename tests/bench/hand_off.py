"""Two stores and a package of 20,000 records between them, made once per temporary folder."""

from __future__ import annotations

import hashlib
import random
import shutil
import tempfile
from pathlib import Path

from kcdesk import paths
from kcdesk.services.handover.packages import sending
from kcdesk.services.handover.trust import partners
from tests.bench import offices
from tests.bench.big_store import proposal

RECORDS = 20_000


def folder() -> Path:
    """`sender` (filled), `receiver` (empty, knows the sender) and `package.xlsx`; made when it is not there yet.

    Other forms make another package: held against them, one of earlier forms would be read cell by cell.
    """
    place = Path(tempfile.gettempdir()) / f"kcdesk-bench-hand-off-{RECORDS}-{_forms()}"
    if not (place / "complete").exists():
        shutil.rmtree(place, ignore_errors=True)
        _make(place)
        (place / "complete").touch()
    return place


def _forms() -> str:
    told = hashlib.sha256()
    for path in sorted(paths.forms().rglob("*.toml")):
        told.update(path.read_bytes())
    return told.hexdigest()[:12]


def _make(place: Path) -> None:
    place.mkdir(parents=True)
    sender, receiver = offices.unit(place / "sender"), offices.province(place / "receiver")
    chance = random.Random(36)
    reference = sender.forms.current("proposal").reference
    with sender.store.act("Nạp dữ liệu đo") as act:
        for number in range(RECORDS):
            act.insert("proposal", reference, proposal(chance, number))
    partners.write_identity(sender, place / "card.xlsx")
    partners.trust(receiver, place / "card.xlsx")
    sending.make(sender, sending.HandoverOrder(path=place / "package.xlsx", full=True, period="2026"))
    sender.close()
    receiver.close()

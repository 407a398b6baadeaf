"""A practice store of 100,000 proposals, made once per temporary folder."""

from __future__ import annotations

import random
import tempfile
from pathlib import Path

from kcdesk.formdef.loading.loader import load
from kcdesk.store.identity import Officer, Unit
from kcdesk.store.store import Store

RECORDS = 100_000
_BATCH = 5_000
_WORDS = (
    "ứng dụng máy móc thiết bị tiên tiến trong chế biến nông sản dược liệu gỗ chè cà phê hạt điều thủy sản đào tạo "
    "nghề may công nghiệp mây tre đan mô hình trình diễn kỹ thuật sản xuất gạch không nung bún miến đường phên rượu"
).split()


def folder() -> Path:
    """The folder of the big store; it is made when it is not there yet."""
    place = Path(tempfile.gettempdir()) / f"kcdesk-bench-{RECORDS}"
    if not (place / "complete").exists():
        _make(place)
        (place / "complete").touch()
    return place


def _make(place: Path) -> None:
    forms = load()
    unit = Unit("Đơn vị đo tốc độ", "DO-TOC-DO", "lower", "04")
    store, _ = Store.create(place, forms, unit, Officer("Người đo"), practice=True)
    chance = random.Random(36)
    reference = forms.current("proposal").reference
    for start in range(0, RECORDS, _BATCH):
        with store.act("Nạp dữ liệu đo") as act:
            for number in range(start, start + _BATCH):
                act.insert("proposal", reference, proposal(chance, number))
    store.close()


def proposal(chance: random.Random, number: int) -> dict[str, object]:
    """One made-up proposal; the same chance and number give the same."""
    cost = chance.randrange(50, 3_000) * 1_000_000
    support = cost * 3 // 10
    return {
        "state": "draft",
        "revision": 1,
        "title": f"{' '.join(chance.choices(_WORDS, k=9)).capitalize()} số {number}",
        "code": f"DA-{number:06}",
        "year": chance.randrange(2014, 2027),
        "programme": chance.choice(["national", "local"]),
        "scheme": "single",
        "activity": chance.choice(["machinery", "vocational_training", "demonstration_model"]),
        "necessity": " ".join(chance.choices(_WORDS, k=120)),
        "budget": [
            {
                "id": f"{number}-1",
                "position": 1.0,
                "item": "Máy",
                "cost": cost,
                "local": support,
                "counterpart": cost - support,
            }
        ],
        "total_cost": cost,
        "total_local": support,
        "requested_support": support,
    }

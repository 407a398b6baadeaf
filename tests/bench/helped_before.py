"""What «Đã được hỗ trợ?» costs on 100,000 beneficiaries: by number and by a name that is spelled otherwise."""

from __future__ import annotations

import random
import sqlite3
import tempfile
import time
from pathlib import Path

from kcdesk import text
from kcdesk.formdef.loading.loader import load
from kcdesk.services.maintenance import opening
from kcdesk.services.rules import earlier_support
from kcdesk.store.identity import Officer, Unit
from kcdesk.store.store import Store

BENEFICIARIES = 100_000
PROPOSALS = 20_000
AIM_MS = 40
_BATCH = 5_000
_ASKED = 400
_FORMS = (
    ("Công ty trách nhiệm hữu hạn", "Cty TNHH"),
    ("Công ty trách nhiệm hữu hạn một thành viên", "Công ty TNHH MTV"),
    ("Công ty cổ phần", "CTCP"),
    ("Hợp tác xã", "HTX"),
    ("Doanh nghiệp tư nhân", "DNTN"),
    ("Hộ kinh doanh", "HKD"),
)
_TRADES = (
    "Chế biến nông sản|Cơ khí|Mây tre đan|Gốm sứ|Mộc mỹ nghệ|Chè|Cà phê|Thủy sản|May mặc|Gạch không nung|Bún khô"
    "|Dược liệu|Dệt thổ cẩm|Nước mắm|Bánh kẹo|Bao bì|Đá mỹ nghệ|Sơn mài|Rượu|Tinh dầu"
).split("|")
_NAMES = (
    "Minh Phát Hoàng Long Thành Công Tân Hưng Phú Vinh Hải Đăng Quốc Anh Thiên Ân Đại Lộc Kim Ngân Bảo Châu Trường Sơn "
    "Việt Hà Nam Cường Gia Khánh Lan Phương Đức Thịnh Xuân Mai Tuấn Kiệt Hồng Nhung"
).split()


def measure() -> dict[str, object]:
    """p50, p95 and worst (ms) of numbers and names mixed, beside reading one row of a plain table by its key."""
    workspace = opening.open_workspace(_folder())
    try:
        questions = _questions()
        for typed, _ in questions[:20]:
            earlier_support.search(workspace, typed)
        times, found = [], 0
        for typed, expected in questions:
            start = time.perf_counter()
            helps = earlier_support.search(workspace, typed)
            times.append((time.perf_counter() - start) * 1000)
            found += any(entry.title.endswith(f"số {expected}") for entry in helps)
    finally:
        workspace.close()
    times.sort()
    p95 = times[int(len(times) * 0.95)]
    baseline = _baseline()
    return {
        "p50_ms": round(times[len(times) // 2], 2),
        "p95_ms": round(p95, 2),
        "worst_ms": round(times[-1], 2),
        "aim_ms": AIM_MS,
        "found": f"{found}/{len(times)}",
        "plain_row_ms": round(baseline, 4),
        "ratio": round(p95 / baseline),
    }


def _questions() -> list[tuple[str, int]]:
    """What is typed, and the number of the establishment that is meant; each one has a proposal."""
    chance = random.Random(45)
    asked = []
    for _ in range(_ASKED):
        number = chance.randrange(PROPOSALS)
        whole, phone, form = _named(number)
        words = whole.split()
        chance.shuffle(words)
        short = f"{_FORMS[form][1]} {text.fold(' '.join(words))}"
        asked.append((chance.choice([phone, short, f"{_FORMS[form][1]} {whole}"]), number))
    return asked


def _named(number: int) -> tuple[str, str, int]:
    """The name without its legal form, the phone and the legal form of one establishment."""
    chance = random.Random(number)
    name = f"{chance.choice(_TRADES)} {' '.join(chance.sample(_NAMES, 3))} {number % 997}"
    return name, f"09{number:08}", chance.randrange(len(_FORMS))


def _folder() -> Path:
    place = Path(tempfile.gettempdir()) / f"kcdesk-bench-beneficiaries-{BENEFICIARIES}"
    if not (place / "complete").exists():
        _make(place)
        (place / "complete").touch()
    return place


def _make(place: Path) -> None:
    forms = load()
    store, _ = Store.create(place, forms, Unit("Đơn vị đo tốc độ", "DO", "lower", "04"), Officer("Người đo"), True)
    owners: list[str] = []
    for start in range(0, BENEFICIARIES, _BATCH):
        with store.act("Nạp dữ liệu đo") as act:
            reference = forms.current("beneficiary").reference
            for number in range(start, start + _BATCH):
                name, phone, form = _named(number)
                data = {"state": "draft", "revision": 1, "name": f"{_FORMS[form][0]} {name}", "phone": phone}
                owners.append(act.insert("beneficiary", reference, data))
    for start in range(0, PROPOSALS, _BATCH):
        with store.act("Nạp dữ liệu đo") as act:
            reference = forms.current("proposal").reference
            for number in range(start, start + _BATCH):
                data = {"state": "draft", "revision": 1, "title": f"Máy số {number}", "year": 2014 + number % 12}
                data |= {"activity": "machinery", "programme": "local", "beneficiaries": [owners[number]]}
                act.insert("proposal", reference, data | {"approved_support": 200_000_000})
    store.analyze()
    store.close()


def _baseline() -> float:
    """The median time (ms) of one row by primary key out of a plain table of as many rows."""
    plain = sqlite3.connect(":memory:")
    plain.execute("create table owner(id integer primary key, name text)")
    plain.executemany("insert into owner values (?, ?)", ((n, f"Cơ sở {n}") for n in range(BENEFICIARIES)))
    times = []
    for number in range(0, BENEFICIARIES, 500):
        start = time.perf_counter()
        plain.execute("select * from owner where id = ?", (number,)).fetchall()
        times.append((time.perf_counter() - start) * 1000)
    plain.close()
    return sorted(times)[len(times) // 2]

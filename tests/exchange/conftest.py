"""Real stores with real forms, and a package made from them once."""

from datetime import date

import pytest

from kcdesk.exchange import handing_over, package_file
from kcdesk.exchange.container import signing
from kcdesk.exchange.container.manifest import Receiver
from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.loader import load
from kcdesk.formdef.model import Choice, Field, Form, Section
from kcdesk.progress import ignore_progress
from kcdesk.store.identity import Officer, Unit
from kcdesk.store.store import Store

UNIT = Unit("Trung tâm Khuyến công Mẫu", "TTKC-M", "lower", "20", "SCT-M")
RECEIVER = Receiver(unit="SCT-M", name="Sở Công Thương Mẫu")
PHOTO = b"\x89PNG\r\n" + bytes(range(256)) * 4


@pytest.fixture(scope="session")
def shipped():
    return load()


@pytest.fixture(scope="session")
def small():
    """Two versions of one form with everything that the exchange treats in a way of its own."""
    shared = (
        Field(name="name", type="text", label="Tên"),
        Field(name="note", type="paragraph", label="Ghi chú"),
        Field(name="code", type="text", label="Mã số", width="short"),
        Field(name="born", type="date", label="Ngày lập"),
        Field(name="amount", type="money", label="Số tiền", unit="đồng"),
        Field(name="share", type="percent", label="Tỷ lệ"),
        Field(name="answer", type="yes_no", label="Đồng ý"),
        Field(
            name="kind_of",
            type="choice",
            label="Loại",
            choices=(
                Choice(value="a", label="Loại A, thường"),
                Choice(value="b", label="Loại B"),
                Choice(value="c", label="Loại C", retired=True),
            ),
        ),
        Field(name="other", type="reference", label="Hồ sơ gốc", target="thing"),
        Field(name="secret", type="text", label="Dân tộc", sensitive=True),
        Field(name="secret_files", type="files", label="Ảnh giấy tờ", sensitive=True),
        Field(name="files", type="files", label="Ảnh"),
        Field(
            name="lines",
            type="table",
            label="Các dòng",
            row="line",
            totals=("cost",),
            columns=(
                Field(name="item", type="text", label="Nội dung"),
                Field(name="cost", type="money", label="Thành tiền"),
                Field(name="hidden", type="text", label="Kín", sensitive=True),
            ),
        ),
        Field(name="decision", type="text", label="Ý kiến", owner="province"),
    )
    later = (*shared, Field(name="extra", type="text", label="Mục mới"))
    return Forms(
        tuple(
            Form(
                id="thing",
                version=version,
                label="Hồ sơ",
                plural="Hồ sơ",
                effective_from=date(2012, 7, 5),
                title=("name",),
                sections=(Section(id="all", label="Chung", fields=fields),),
            )
            for version, fields in ((1, shared), (2, later))
        )
    )


@pytest.fixture(scope="session")
def make_store(tmp_path_factory):
    """Makes practice stores; every one is closed at the end."""
    opened = []

    def make(forms, unit=UNIT):
        store, _ = Store.create(
            tmp_path_factory.mktemp("store"), forms, unit, Officer("Nguyễn Văn Mẫu", "Chuyên viên"), True
        )
        opened.append(store)
        return store

    yield make
    for store in opened:
        store.close()


def add(store, form="thing@1", parent=None, **data):
    """One record in one act; its id."""
    with store.act("Nhập mẫu") as act:
        return act.insert(form.partition("@")[0], form, data, parent=parent)


def send(store, path, *, records=None, progress=ignore_progress, **options):
    """A package of everything, or of the given records, noted in the ledger."""
    chosen = list(store.changed_since({})) if records is None else [store.get(record) for record in records]
    wanted = {"receiver": RECEIVER, "period": "2026-Q1", "package_type": "C", **options}
    order = package_file.PackageOrder(path=path, records=chosen, **wanted)
    made = package_file.make_package(order, store, signing.signing_key(store), progress)
    handing_over.note_sent(store, made, handing_over.Sending())
    return made


def known(store):
    """The keys that the store's own program knows."""
    return {signing.public_key(signing.signing_key(store)): store.identity.unit.code}


@pytest.fixture(scope="session")
def sender(make_store, small):
    """A store with a record that fills every field, a poor one, and a deleted one."""
    store = make_store(small)
    photo = store.files.add(PHOTO, "ảnh xưởng.png")
    identity_card = store.files.add(b"anh the can cuoc", "cccd.jpg")
    first = add(
        store,
        name="=HTX Gỗ & <Mẫu>",
        note="Dòng một\nDòng hai",
        code="00123",
        born="2026-03-05",
        amount=1_250_000_000,
        share="46.7",
        answer=True,
        kind_of="a",
        secret="Tày",
        secret_files=[identity_card],
        files=[photo],
        lines=[
            {"id": "r1", "position": 1.0, "item": "+Máy CNC", "cost": 1_000_000, "hidden": "kín"},
            {"id": "r2", "position": 2.0, "item": "@Lắp đặt", "cost": 500_000},
        ],
    )
    add(store, "thing@2", name="Bản sau", other=first, extra="mới")
    gone = add(store, name="Nhầm")
    with store.act("Xoá") as act:
        act.delete(gone)
    return store


@pytest.fixture(scope="session")
def sent(sender, tmp_path_factory):
    """The package of that store."""
    return send(sender, tmp_path_factory.mktemp("stick") / "KC_TTKC-M_2026-Q1_C.xlsx")

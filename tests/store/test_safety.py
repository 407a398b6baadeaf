"""Attachments, backups, the check, and a program killed in the middle of its work."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from kcdesk.errors import UserError
from kcdesk.formdef.loading.loader import Forms
from kcdesk.store.copies import kept_copies
from kcdesk.store.database import migrations
from kcdesk.store.handover.package_ledger import PackageEntry
from kcdesk.store.safety import backup
from kcdesk.store.store import Store
from tests import store_files
from tests.store.conftest import OFFICER, UNIT, edit

FIXTURES = Path(__file__).parents[1] / "data"

pytestmark = pytest.mark.full_strength


def test_a_file_is_kept_once_and_comes_back(store: Store, tmp_path: Path) -> None:
    photo = tmp_path / "ảnh máy.jpg"
    photo.write_bytes(b"\xff\xd8 a photo")
    kept = store.files.add(photo, photo.name)
    assert {**kept, "id": ""} == {
        "id": "",
        "name": "ảnh máy.jpg",
        "sha256": kept["sha256"],
        "size": 10,
        "mime": "image/jpeg",
        "caption": "",
    }
    assert store.files.add(b"\xff\xd8 a photo", "again.bin")["sha256"] == kept["sha256"]
    assert store.files.read(kept["sha256"]) == b"\xff\xd8 a photo"
    with pytest.raises(UserError, match="không có trong kho"):
        store.files.read("0" * 64)
    with pytest.raises(UserError) as caught:
        store.files.add(tmp_path / "none.jpg", "none.jpg")
    assert caught.value.code == "file_missing"


def test_attachments_are_encrypted_too(tmp_path: Path, forms: Forms) -> None:
    store, _ = Store.create(tmp_path / "store", forms, UNIT, OFFICER, practice=False, passphrase="mật khẩu")
    sha256 = store.files.add(b"secret photo", "a.jpg")["sha256"]
    folder = store.backup()
    store.close()
    kept = [path for path in store.folder.rglob("*") if path.is_file()]
    assert {"files.db", "kcdesk.db", "copy.json"} <= {path.name for path in kept}
    assert not [path for path in kept if b"secret photo" in path.read_bytes()]
    with Store.open(folder, forms, "mật khẩu") as copy:
        assert copy.files.read(sha256) == b"secret photo"


def test_a_backup_is_a_whole_store(store: Store, proposal: str, forms: Forms, tmp_path: Path) -> None:
    assert store.latest_backup() is None
    photo = store.files.add(b"photo", "a.jpg")
    first = store.backup()
    second = store.backup()
    assert first != second
    assert first.parent == second.parent == store.folder / "backups"
    latest = store.latest_backup()
    assert latest is not None
    assert f"{latest:%Y-%m-%d_%H-%M-%S}" == second.name[:19]
    stick = store.backup(tmp_path / "stick" / "copy")
    edit(store, proposal, title="Sau khi sao lưu")
    with Store.open(stick, forms) as copy:
        assert copy.get(proposal).data["title"] == "Máy cưa"
        assert copy.files.read(photo["sha256"]) == b"photo"
        assert copy.check() == []
    with pytest.raises(UserError) as caught:
        store.backup(stick)
    assert caught.value.code == "folder_not_empty"


def test_check_finds_what_is_wrong(store: Store, proposal: str) -> None:
    edit(store, proposal, beneficiaries=["nobody"])
    edit(
        store,
        proposal,
        attachments=[{"id": "f1", "name": "a.pdf", "sha256": "0" * 64, "size": 1, "mime": "", "caption": ""}],
    )
    faults = store.check()
    assert any("nobody" in fault for fault in faults)
    assert any("a.pdf" in fault for fault in faults)
    assert len(faults) == 2
    spoilt = "UPDATE record SET data = json_set(data, '$.need', ''), form = 'proposal@1'"
    store_files.change(store.folder, spoilt)
    assert any("quy cách" in fault for fault in store.check())
    store_files.change(store.folder, "UPDATE record SET form = 'proposal@99'")
    assert any("proposal@99" in fault for fault in store.check())
    store_files.change(store.folder, "DELETE FROM record_search")
    assert any("Chỉ mục" in fault for fault in store.check())


def test_a_changed_attachment_is_noticed(store: Store) -> None:
    store.files.add(b"photo", "a.jpg")
    assert store.check() == []
    store.files.connection().execute("UPDATE file SET content = x'00'")
    assert any("bị hỏng" in fault for fault in store.check())


def test_the_ledger_of_packages(store: Store) -> None:
    assert store.packages.next_number("2026-Q1", "TINH") == 0
    for number in range(2):
        entry = PackageEntry(
            id=f"p{number}",
            direction="out",
            partner="TINH",
            period="2026-Q1",
            type=f"B{number}" if number else "C",
            number=number,
            at="2026-03-31T00:00:00.000Z",
            sha256="0" * 64,
            vector={"d": "1"},
            details={"counts": {"proposal": 3}},
        )
        store.packages.add(entry)
    assert store.packages.last_sent("TINH") == entry
    assert store.packages.last_sent("KHAC") is None
    assert store.packages.next_number("2026-Q1", "TINH") == 2
    assert store.packages.next_number("2026-Q2", "TINH") == 0
    assert [kept.id for kept in store.packages.list()] == ["p1", "p0"]
    assert store.packages.get("p0").type == "C"
    assert store.packages.get("p9") is None


_WRITES_FOR_EVER = """
import pathlib, sys
from kcdesk.formdef.loading.loader import load
from kcdesk.store.store import Store
store = Store.open(pathlib.Path(sys.argv[1]), load())
number = 0
while True:
    number += 1
    with store.act(f"Việc {number}") as act:
        id_ = act.insert("proposal", "proposal@1", {"title": f"Đề án {number}"})
        act.update(id_, {"year": 2026, "budget/b1": {"cost": number}})
    print(id_, flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs a signal that cannot be caught")
@pytest.mark.parametrize("acknowledged", [1, 7, 60])
def test_what_was_acknowledged_survives_a_kill(store: Store, forms: Forms, acknowledged: int) -> None:
    store.close()
    command = [sys.executable, "-c", _WRITES_FOR_EVER, str(store.folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        ids = [writer.stdout.readline().strip() for _ in range(acknowledged)]
        writer.send_signal(signal.SIGKILL)
        ids += writer.stdout.read().split()
    with Store.open(store.folder, forms) as again:
        assert again.check() == []
        for number, id_ in enumerate(ids, start=1):
            assert again.get(id_).data["title"] == f"Đề án {number}"
            assert again.get(id_).data["budget"][0]["cost"] == number
        assert again.count("proposal") in (len(ids), len(ids) + 1)
        assert len(again.acts(1000)) == again.count("proposal")


@pytest.mark.parametrize("schema", range(1, len(migrations.STEPS) + 1))
def test_a_store_of_every_released_schema_opens(tmp_path: Path, forms: Forms, schema: int) -> None:
    shutil.copytree(FIXTURES / f"store-{schema}", tmp_path / "store")
    with Store.open(tmp_path / "store", forms) as store:
        assert store.check() == []
        assert (store.count("beneficiary"), store.count("proposal")) == (4, 16)
        found = store.page("proposal", search="may", limit=1)[0]
        edit(store, found.id, title="Sửa trên kho cũ")
        store.undo(store.undoable())
        assert store.check() == []


def test_pending_steps_are_taken_after_a_backup(
    store: Store, proposal: str, forms: Forms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.close()

    def _add_table(db: object) -> None:
        db.conn.execute("CREATE TABLE later (id INTEGER PRIMARY KEY) STRICT")  # type: ignore[attr-defined]

    monkeypatch.setattr(migrations, "STEPS", (*migrations.STEPS, _add_table))
    with Store.open(store.folder, forms) as again:
        assert again.query("SELECT count(*) AS n FROM later") == [{"n": 0}]
        assert again.latest_backup() is not None
        assert again.get(proposal).data["title"] == "Máy cưa"
    (copy,) = kept_copies.listed_copies(store.folder / backup.FOLDER)
    assert (copy.reason, copy.is_sound, copy.records) == ("migration", True, 1)
    kept_copies.unfold(copy.folder, tmp_path)
    kept = sqlite3.connect(tmp_path / "kcdesk.db")
    assert kept.execute("PRAGMA user_version").fetchone() == (len(migrations.STEPS) - 1,)
    kept.close()


def test_a_step_that_fails_changes_nothing(
    store: Store, proposal: str, forms: Forms, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.close()

    def _fail(db: object) -> None:
        db.conn.execute("CREATE TABLE half (id)")  # type: ignore[attr-defined]
        raise ArithmeticError

    with monkeypatch.context() as patched:
        patched.setattr(migrations, "STEPS", (*migrations.STEPS, _fail))
        with pytest.raises(ArithmeticError):
            Store.open(store.folder, forms)
    with Store.open(store.folder, forms) as again:
        assert again.query("SELECT name FROM sqlite_master WHERE name = 'half'") == []
        assert again.get(proposal).data["title"] == "Máy cưa"
        assert again.check() == []

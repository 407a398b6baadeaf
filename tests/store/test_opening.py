"""Making, opening and refusing to open a store."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from kcdesk.errors import KnownError, UserError
from kcdesk.formdef.loading.loader import Forms
from kcdesk.store.database import migrations, strength
from kcdesk.store.store import Store
from tests.store.conftest import OFFICER, UNIT, edit

PASSPHRASE = "bốn chữ dễ nhớ"

pytestmark = pytest.mark.full_strength


def fingerprint(folder: Path) -> dict[str, str]:
    """The content of every file but the lock, which says nothing, and the number of wrong tries."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name not in ("lock", "tries.json"))
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory, forms: Forms) -> tuple[Path, str, str]:
    """An encrypted store with one record: folder, recovery code, record."""
    folder = tmp_path_factory.mktemp("sealed")
    store, code = Store.create(folder, forms, UNIT, OFFICER, practice=False, passphrase=PASSPHRASE)
    with store.act("Thêm") as act:
        id_ = act.insert("beneficiary", "beneficiary@1", {"name": "Cơ sở bí mật"})
    store.close()
    return folder, code, id_


@pytest.fixture
def copied(sealed: tuple[Path, str, str], tmp_path: Path) -> tuple[Path, str, str]:
    folder, code, id_ = sealed
    return Path(shutil.copytree(folder, tmp_path / "copy")), code, id_


def test_a_new_store_knows_whose_it_is(store: Store, forms: Forms) -> None:
    folder, identity = store.folder, store.identity
    store.close()
    again = Store.open(folder, forms)
    assert again.identity == identity
    assert (identity.unit, identity.officer, identity.practice) == (UNIT, OFFICER, True)
    again.close()


def test_another_officer_signs_what_follows(store: Store, proposal: str, forms: Forms) -> None:
    store.set_officer(OFFICER.__class__("Trần Thị Mẫu"))
    edit(store, proposal, title="Máy bào")
    assert [line.officer for line in store.history(proposal)] == ["Trần Thị Mẫu", "Nguyễn Văn Mẫu"]
    store.close()
    with Store.open(store.folder, forms) as again:
        assert again.identity.officer.name == "Trần Thị Mẫu"


def test_nothing_readable_lies_in_an_encrypted_store(sealed: tuple[Path, str, str]) -> None:
    for path in sealed[0].iterdir():
        content = path.read_bytes()
        assert "Cơ sở bí mật".encode() not in content
        assert b"SQLite format" not in content


def test_passphrase_and_recovery_code_open(sealed: tuple[Path, str, str], forms: Forms) -> None:
    folder, code, id_ = sealed
    assert Store.needs_passphrase(folder)
    spoken = code.lower().replace("-", " ")
    for secret in (PASSPHRASE, code, spoken):
        with Store.open(folder, forms, secret) as store:
            assert store.get(id_).data["name"] == "Cơ sở bí mật"


def test_the_passphrase_may_be_typed_in_either_unicode_form(sealed: tuple[Path, str, str], forms: Forms) -> None:
    import unicodedata

    folder, _, id_ = sealed
    decomposed = unicodedata.normalize("NFD", PASSPHRASE)
    assert decomposed != PASSPHRASE
    with Store.open(folder, forms, decomposed) as store:
        assert store.get(id_).data["name"] == "Cơ sở bí mật"


@pytest.mark.parametrize(
    ("wrong", "code"),
    [("", "wrong_passphrase"), ("sai", "wrong_passphrase"), ("AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA-AAAA", "wrong_code")],
)
def test_a_wrong_passphrase_writes_nothing(sealed: tuple[Path, str, str], forms: Forms, wrong: str, code: str) -> None:
    before = fingerprint(sealed[0])
    with pytest.raises(UserError) as caught:
        Store.open(sealed[0], forms, wrong)
    assert caught.value.code == code
    assert fingerprint(sealed[0]) == before


def test_a_new_recovery_code_ends_the_old_one(copied: tuple[Path, str, str], forms: Forms) -> None:
    folder, code, _ = copied
    with Store.open(folder, forms, code) as store:
        newer = store.new_recovery_code()
    with pytest.raises(UserError, match="chưa đúng"):
        Store.open(folder, forms, code)
    Store.open(folder, forms, newer).close()


def test_a_real_store_needs_a_passphrase(tmp_path: Path, forms: Forms) -> None:
    with pytest.raises(UserError) as caught:
        Store.create(tmp_path, forms, UNIT, OFFICER, practice=False)
    assert caught.value.code == "no_passphrase"
    assert not Store.is_store(tmp_path)
    Store.create(tmp_path, forms, UNIT, OFFICER, practice=True)[0].close()


def test_no_store_and_a_store_already_there(tmp_path: Path, store: Store, forms: Forms) -> None:
    with pytest.raises(UserError) as caught:
        Store.open(tmp_path / "none", forms)
    assert caught.value.code == "no_store"
    with pytest.raises(UserError) as caught:
        Store.create(store.folder, forms, UNIT, OFFICER, practice=True)
    assert caught.value.code == "store_exists"


def test_one_at_a_time_but_many_in_a_row(store: Store, forms: Forms) -> None:
    with pytest.raises(KnownError) as caught:
        Store.open(store.folder, forms)
    assert caught.value.code == "in_use"
    store.close()
    for _ in range(3):
        Store.open(store.folder, forms).close()


def test_another_process_is_kept_out_until_the_holder_dies(store: Store, forms: Forms) -> None:
    store.close()
    program = (
        "import sys, pathlib; from kcdesk.formdef.loading.loader import load; from kcdesk.store.store import Store;"
        "store = Store.open(pathlib.Path(sys.argv[1]), load()); print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(store.folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "open\n"
        with pytest.raises(KnownError) as caught:
            Store.open(store.folder, forms)
        assert caught.value.code == "in_use"
        holder.kill()
        holder.wait()
    Store.open(store.folder, forms).close()


def test_a_newer_store_is_refused_unchanged(store: Store, forms: Forms) -> None:
    store.close()
    with closing(sqlite3.connect(store.folder / "kcdesk.db")) as other, other:
        other.execute(f"PRAGMA user_version = {len(migrations.STEPS) + 1}")
    other.close()
    before = fingerprint(store.folder)
    with pytest.raises(UserError) as caught:
        Store.open(store.folder, forms)
    assert caught.value.code == "newer_store"
    assert fingerprint(store.folder) == before


def test_a_foreign_file_is_refused_unchanged(tmp_path: Path, forms: Forms) -> None:
    other = sqlite3.connect(tmp_path / "kcdesk.db")
    other.execute("CREATE TABLE accounts (id)")
    other.close()
    before = fingerprint(tmp_path)
    with pytest.raises(UserError) as caught:
        Store.open(tmp_path, forms)
    assert caught.value.code == "foreign_store"
    assert fingerprint(tmp_path) == before


@pytest.mark.parametrize("content", [b"", b"not a database at all " * 500, b"SQLite format 3\0" + b"\x07" * 8000])
def test_a_damaged_file_is_refused_unchanged(tmp_path: Path, forms: Forms, content: bytes) -> None:
    (tmp_path / "kcdesk.db").write_bytes(content)
    with pytest.raises(UserError) as caught:
        Store.open(tmp_path, forms)
    assert caught.value.code == "damaged_store"
    assert (tmp_path / "kcdesk.db").read_bytes() == content


def test_damage_to_an_encrypted_store_or_its_key_is_told(copied: tuple[Path, str, str], forms: Forms) -> None:
    folder, _, _ = copied
    database = folder / "kcdesk.db"
    content = bytearray(database.read_bytes())
    content[100] ^= 1
    database.write_bytes(content)
    with pytest.raises(UserError) as caught:
        Store.open(folder, forms, PASSPHRASE)
    assert caught.value.code == "damaged_store"
    (folder / "key.json").write_text('{"version": 1}', encoding="utf-8")
    with pytest.raises(UserError) as caught:
        Store.open(folder, forms, PASSPHRASE)
    assert caught.value.code == "key_damaged"
    (folder / "key.json").unlink()
    with pytest.raises(UserError) as caught:
        Store.open(folder, forms, PASSPHRASE)
    assert caught.value.code == "key_missing"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="folders are locked otherwise on Windows")
def test_a_read_only_folder_is_told(forms: Forms) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "store"
        Store.create(folder, forms, UNIT, OFFICER, practice=True)[0].close()
        for path in (*folder.rglob("*"), folder, folder.parent):
            path.chmod(0o555 if path.is_dir() else 0o444)
        before = fingerprint(folder)
        assert _codes_for_somebody_without_rights(forms, folder) == ["read_only", "read_only"]
        assert fingerprint(folder) == before
        folder.parent.chmod(0o755)
        folder.chmod(0o755)


def _codes_for_somebody_without_rights(forms: Forms, folder: Path) -> list[str]:
    """What opening it, and making another one in it, say; in a child, as the superuser may write everywhere."""
    receiving, sending = os.pipe()
    child = os.fork()
    if child == 0:
        codes = []
        if os.geteuid() == 0:
            os.setuid(65534)
        for attempt in (
            lambda: Store.open(folder, forms),
            lambda: Store.create(folder / "inside", forms, UNIT, OFFICER, practice=True),
        ):
            try:
                attempt()
                codes.append("opened")
            except KnownError as error:
                codes.append(error.code)
            except BaseException as error:
                codes.append(repr(error))
        os.write(sending, " ".join(codes).encode())
        os._exit(0)
    os.close(sending)
    with os.fdopen(receiving) as said:
        codes = said.read().split()
    os.waitpid(child, 0)
    return codes


def test_a_full_disk_loses_nothing_that_was_kept(store: Store, proposal: str) -> None:
    pages = store.query("PRAGMA page_count")[0]["page_count"]
    store.query(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(KnownError) as caught:
        edit(store, proposal, need="x" * 100_000)
    assert caught.value.code == "disk_full"
    store.query("PRAGMA max_page_count = 1000000")
    assert "need" not in store.get(proposal).data
    assert store.check() == []
    edit(store, proposal, need="đã có chỗ")
    assert store.get(proposal).data["need"] == "đã có chỗ"


def test_a_busy_file_is_told(store: Store, proposal: str) -> None:
    store.query("PRAGMA busy_timeout = 1")
    other = dbapi2.connect(str(store.folder / "kcdesk.db"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(KnownError) as caught:
        edit(store, proposal, title="Máy bào")
    assert caught.value.code == "busy"
    other.close()
    edit(store, proposal, title="Máy bào")


def test_the_pragmas_hold(store: Store) -> None:
    for pragma, value in {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}.items():
        assert list(store.query(f"PRAGMA {pragma}")[0].values()) == [value]


def test_a_passphrase_costs_what_is_asked_of_a_laptop(sealed: tuple[Path, str, str]) -> None:
    wrapped = json.loads((sealed[0] / "key.json").read_text("utf-8"))["passphrase"]
    assert (wrapped["n"], wrapped["r"], wrapped["p"]) == (2**15, 8, 3)


def test_only_a_program_run_from_its_sources_weakens_stores(monkeypatch: pytest.MonkeyPatch) -> None:
    assert strength.current_strength() is strength.FULL
    monkeypatch.setenv(strength.VARIABLE, strength.THROW_AWAY)
    assert strength.current_strength().synchronous == 0
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert strength.current_strength() is strength.FULL

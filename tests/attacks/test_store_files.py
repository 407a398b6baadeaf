"""Files of a store that are missing, planted, replaced or stripped of their encryption."""

from __future__ import annotations

import json
import os
import shutil
import stat
from pathlib import Path

import pytest

from kcdesk import paths
from kcdesk.errors import UserError
from kcdesk.services.maintenance import opening, relocation, restoring
from kcdesk.services.records import reading
from kcdesk.store.database import key
from kcdesk.store.database.db import Connection
from tests.services.samples import new

SECRET = "bốn từ dễ nhớ"
ANSWERS = {"unit": "Trung tâm A", "code": "TT-A", "level": "lower", "province": "20", "officer": "Nguyễn Văn An"}


def made(folder: Path, **changes: object) -> str:
    """A store with one proposal, opened once in the window; returns its recovery code."""
    workspace, code = opening.create_workspace(
        folder, opening.NewStore(**{**ANSWERS, "practice": False, "passphrase": SECRET, **changes})
    )
    new(workspace, "proposal", title="Máy cưa")
    relocation.doubt(workspace)
    workspace.close()
    return code


def titles(folder: Path, secret: str = SECRET) -> list[str]:
    workspace = opening.open_workspace(folder, secret)
    try:
        assert workspace.store.check() == []
        return [row.title for row in reading.list_page(workspace, "proposal")]
    finally:
        workspace.close()


def refused(act: object) -> str:
    with pytest.raises(UserError) as caught:
        act()  # type: ignore[operator]
    assert caught.value.hint
    return caught.value.code


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sealed") / "store"
    made(folder)
    return folder


@pytest.fixture
def store(sealed: Path, tmp_path: Path) -> Path:
    """A real store at its place."""
    folder = Path(shutil.copytree(sealed, tmp_path / "store"))
    workspace = opening.open_workspace(folder, SECRET)
    relocation.settle(workspace, relocation.doubt(workspace), "moved")
    workspace.close()
    return folder


def plain_copy(folder: Path, target: Path, *statements: str) -> None:
    """The database of a store without its encryption."""
    connection = Connection(folder / "kcdesk.db", key.unlock(folder, SECRET)).raw
    connection.execute("ATTACH DATABASE ? AS plain KEY ''", [str(target)])
    connection.execute("SELECT sqlcipher_export('plain')").fetchall()
    for name in ("application_id", "user_version"):
        value = connection.execute(f"PRAGMA main.{name}").fetchone()[0]
        connection.execute(f"PRAGMA plain.{name} = {value}")
    for statement in statements:
        connection.execute(statement)
    connection.close()


@pytest.mark.parametrize("is_practice", [True, False])
def test_no_store_is_made_where_a_database_is_only_missing(store: Path, tmp_path: Path, is_practice: bool) -> None:
    away = tmp_path / "quarantine.db"
    (store / "kcdesk.db").rename(away)
    before = (store / "key.json").read_bytes()
    wanted = opening.NewStore(**ANSWERS, practice=is_practice, passphrase="" if is_practice else "mật khẩu khác hẳn")
    assert refused(lambda: opening.create(store, wanted)) == "store_remains"
    assert refused(lambda: opening.open_workspace(store, SECRET)) == "store_remains"
    assert (store / "key.json").read_bytes() == before
    away.rename(store / "kcdesk.db")
    assert titles(store) == ["Máy cưa"]


@pytest.mark.parametrize("left", ["key.json", "files.db", "kcdesk.db-wal", "rules/0001", "backups"])
def test_each_remaining_part_protects_the_folder(tmp_path: Path, left: str) -> None:
    folder = tmp_path / "store"
    if left == "backups":
        made(folder, practice=True, passphrase="")
        workspace = opening.open_workspace(folder)
        workspace.store.backup()
        workspace.close()
        (folder / "kcdesk.db").unlink()
    else:
        (folder / left).parent.mkdir(parents=True)
        (folder / left).write_bytes(b"x")
    assert refused(lambda: opening.create(folder, opening.NewStore(**ANSWERS, practice=True))) == "store_remains"


def test_a_key_is_never_overwritten(store: Path) -> None:
    before = (store / "key.json").read_bytes()
    with pytest.raises(FileExistsError):
        key.create(store, "mật khẩu khác hẳn")
    assert (store / "key.json").read_bytes() == before


def test_a_restore_keeps_the_key_of_a_database_that_is_away(store: Path, tmp_path: Path) -> None:
    made(tmp_path / "other", unit="Trung tâm B", code="TT-B", practice=True, passphrase="")
    away = tmp_path / "quarantine.db"
    (store / "kcdesk.db").rename(away)
    prepared = restoring.stage_backup(store, tmp_path / "other")
    assert prepared.concerns
    restored, kept = restoring.restore(prepared, consent=True)
    restored.close()
    assert kept is not None
    away.rename(kept / "kcdesk.db")
    assert titles(kept) == ["Máy cưa"]


def test_an_interrupted_making_is_begun_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = opening.NewStore(**ANSWERS, practice=False, passphrase=SECRET)

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", interrupted)
        with pytest.raises(KeyboardInterrupt):
            opening.create(tmp_path / "store", wanted)
    assert (tmp_path / "store" / "key.json").exists()
    opening.create(tmp_path / "store", wanted)
    assert titles(tmp_path / "store") == []
    assert not (tmp_path / "store" / "create.new").exists()


def test_a_real_store_without_encryption_is_refused(store: Path, tmp_path: Path) -> None:
    for folder in (store, tmp_path / "elsewhere"):
        folder.mkdir(exist_ok=True)
        stripped = tmp_path / "plain.db"
        plain_copy(store, stripped) if folder == store else shutil.copyfile(store / "kcdesk.db", stripped)
        (folder / "key.json").unlink(missing_ok=True)
        stripped.replace(folder / "kcdesk.db")
        assert refused(lambda folder=folder: opening.open_workspace(folder)) == "stripped_store"
        fresh = tmp_path / f"fresh-{folder.name}"
        assert refused(lambda folder=folder, fresh=fresh: restoring.stage_backup(fresh, folder)) == "stripped_store"


def test_what_was_locked_does_not_open_as_a_practice_store(store: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    copy.mkdir()
    plain_copy(
        store, copy / "kcdesk.db", "UPDATE plain.setting SET value = json_set(value, '$.practice', json('true'))"
    )
    here = opening.open_workspace(store, SECRET)
    prepared = restoring.stage_backup(store, copy, here=restoring.store_summary(here))
    assert prepared.concerns == ("Bản sao lưu là của một kho thực hành.",)
    restoring.discard(prepared)
    here.close()
    (store / "key.json").unlink()
    shutil.copyfile(copy / "kcdesk.db", store / "kcdesk.db")
    assert refused(lambda: opening.open_workspace(store)) == "stripped_store"


@pytest.mark.parametrize(
    ("part", "value"),
    [("p", 200), ("p", 0), ("n", 2**30), ("n", True), ("r", 10**9), ("n", "32768"), ("salt", "zz"), ("key", "00" * 10)],
)
def test_a_forged_header_of_a_key_costs_no_time(store: Path, part: str, value: object) -> None:
    header = json.loads((store / "key.json").read_text(encoding="utf-8"))
    header["passphrase"][part] = value
    (store / "key.json").write_text(json.dumps(header), encoding="utf-8")
    assert refused(lambda: opening.open_workspace(store, SECRET)) == "key_damaged"


@pytest.mark.parametrize("content", [b"[" * 4000, b" " * 10**7, b"\xff\xfe", b"[]", b'{"version": 1}'])
def test_a_file_that_is_no_header_is_damage(store: Path, content: bytes) -> None:
    (store / "key.json").write_bytes(content)
    assert refused(lambda: opening.open_workspace(store, SECRET)) == "key_damaged"


def planted(store: Path, parts: object, previous: object = "x", database: bytes | None = None) -> None:
    ready = store / "restore.ready"
    ready.mkdir()
    (ready / "parts.json").write_text(json.dumps({"parts": parts, "previous": previous}), encoding="utf-8")
    if database is not None:
        (ready / "kcdesk.db").write_bytes(database)


@pytest.mark.parametrize(
    ("parts", "previous", "database"),
    [
        ([], "x", None),
        (["kcdesk.db"], "../../away", b"x"),
        (["kcdesk.db"], "", b"x"),
        (["kcdesk.db"], "..", b"x"),
        (["kcdesk.db"], "a\0b", b"x"),
        (["kcdesk.db", 7], "x", b"x"),
        (["kcdesk.db"], 7, b"x"),
        (["kcdesk.db", "files.db"], "x", b"x"),
        ("kcdesk.db", "x", None),
        ({}, "x", None),
        (None, "x", None),
    ],
)
def test_a_planted_replacement_is_not_carried_out(
    store: Path, parts: object, previous: object, database: bytes | None
) -> None:
    planted(store, parts, previous, database)
    assert titles(store) == ["Máy cưa"]


def test_a_planted_store_loses_nothing_of_the_one_that_was_there(store: Path, tmp_path: Path) -> None:
    made(tmp_path / "other", practice=True, passphrase="")
    planted(store, ["kcdesk.db"], "2026-01-01_00-00-00", (tmp_path / "other" / "kcdesk.db").read_bytes())
    assert refused(lambda: opening.open_workspace(store)) == "stripped_store"
    assert titles(store / "backups" / "2026-01-01_00-00-00") == ["Máy cưa"]


def test_a_planted_store_does_not_take_the_place_of_a_backup(store: Path) -> None:
    workspace = opening.open_workspace(store, SECRET)
    copy = workspace.store.backup()
    workspace.close()
    before = {path.name: path.read_bytes() for path in copy.iterdir()}
    (store / "key.json").rename(copy.parent / "key.json")  # else the key of the copy is in the way already
    planted(store, ["kcdesk.db"], copy.name, b"x")
    assert refused(lambda: opening.open_workspace(store)) == "key_missing"
    (copy.parent / "key.json").rename(store / "key.json")
    assert titles(store) == ["Máy cưa"]
    assert {path.name: path.read_bytes() for path in copy.iterdir()} == before


def test_a_later_restore_goes_past_a_planted_replacement(store: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(store, tmp_path / "copy"))
    planted(store, [])
    here = opening.open_workspace(store, SECRET)
    restored, _ = restoring.restore(
        restoring.stage_backup(store, copy, SECRET, restoring.store_summary(here)), here=here
    )
    restored.close()
    assert titles(store) == ["Máy cưa"]
    assert not (store / "restore.ready").exists()


def test_what_interrupted_acts_left_is_swept(store: Path) -> None:
    for name in ("create.new", "restore.new", "backups/2026-01-01_00-00-00.part"):
        (store / name).mkdir(parents=True)
        (store / name / "kcdesk.db").write_bytes(b"x")
    (store / "key.json.new").write_text("x", encoding="utf-8")
    assert titles(store) == ["Máy cưa"]
    left = {path.relative_to(store).as_posix() for path in store.rglob("*") if path.is_file()}
    assert left <= {"kcdesk.db", "key.json", "lock", "files.db", "kcdesk.anchor"}


def open_to_others(folder: Path) -> list[str]:
    return [
        path.relative_to(folder).as_posix()
        for path in (folder, *folder.rglob("*"))
        if stat.S_IMODE(path.stat().st_mode) & 0o077
    ]


@pytest.mark.skipif(os.name != "posix", reason="rights of others are those of the folder elsewhere")
def test_others_on_the_machine_read_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    made(folder)
    workspace = opening.open_workspace(folder, SECRET)
    workspace.store.files.add(b"photo", "a.jpg")
    copy = workspace.store.backup()
    seen = open_to_others(folder)  # with the logs of SQLite
    workspace.close()
    assert seen == []
    restored, _ = restoring.restore(restoring.stage_backup(tmp_path / "new", copy, SECRET))
    restored.close()
    again, kept = restoring.restore(restoring.stage_backup(tmp_path / "new", copy, SECRET), consent=True)
    again.close()
    assert kept is not None
    assert open_to_others(tmp_path / "new") == []
    assert paths.machine_folder().is_dir()


def test_a_backup_on_a_cd_becomes_a_store_that_can_be_changed(store: Path, tmp_path: Path) -> None:
    disc = Path(shutil.copytree(store, tmp_path / "disc"))
    (disc / "rules" / "old").mkdir(parents=True)
    (disc / "rules" / "old" / "norms.toml").write_text("x = 1", encoding="utf-8")
    for path in disc.rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    restored, _ = restoring.restore(restoring.stage_backup(tmp_path / "new", disc, SECRET))
    restored.close()
    assert (tmp_path / "new" / "rules" / "old" / "norms.toml").read_text(encoding="utf-8") == "x = 1"
    assert [path.name for path in (tmp_path / "new").rglob("*") if not path.stat().st_mode & stat.S_IWUSR] == []

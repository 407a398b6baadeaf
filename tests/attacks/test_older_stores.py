"""Stores that are sound in themselves but lack what was done: older copies, lost logs, cut histories, other stores."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from kcdesk import paths
from kcdesk.cli.program import main
from kcdesk.services.maintenance import opening, relocation, restoring
from kcdesk.services.records import changing, reading
from kcdesk.services.workspace import Workspace
from kcdesk.store.database import key
from kcdesk.store.database.db import Connection

SECRET = "bốn từ dễ nhớ"
ANSWERS = {"unit": "Trung tâm A", "code": "TT-A", "level": "lower", "province": "20", "officer": "Nguyễn Văn An"}
DATABASE, LOG, ANCHOR = "kcdesk.db", "kcdesk.db-wal", "kcdesk.anchor"


def made(folder: Path, *, practice: bool = False) -> Path:
    """A store with one task, opened once as the program does."""
    wanted = opening.NewStore(**ANSWERS, practice=practice, passphrase="" if practice else SECRET)
    opening.create(folder, wanted)
    work(folder, "Việc đầu")
    return folder


def opened(folder: Path) -> Workspace:
    return opening.open_workspace(folder, SECRET if (folder / "key.json").exists() else "")


def work(folder: Path, *titles: str) -> None:
    workspace = opened(folder)
    assert relocation.doubt(workspace) == ""
    for title in titles:
        changing.add(workspace, "task", {"title": title})
    workspace.close()


def killed(folder: Path, *titles: str) -> dict[str, bytes]:
    """Work in the store; its files as a power cut right after the last act would leave them."""
    workspace = opened(folder)
    for title in titles:
        changing.add(workspace, "task", {"title": title})
    files = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    workspace.close()
    return files


def put(folder: Path, files: dict[str, bytes], *without: str) -> None:
    for name in (DATABASE, LOG, "kcdesk.db-shm", ANCHOR):
        (folder / name).unlink(missing_ok=True)
    for name, content in files.items():
        if name not in without and not name.endswith("-shm"):
            (folder / name).write_bytes(content)


def doubt(folder: Path) -> tuple[str, str]:
    workspace = opened(folder)
    try:
        suspicion = relocation.doubt(workspace)
        return suspicion, relocation.reason(suspicion, workspace.store.loss) if suspicion else ""
    finally:
        workspace.close()


def titles(folder: Path) -> list[str]:
    workspace = opened(folder)
    try:
        return sorted(row.title for row in reading.list_page(workspace, "task"))
    finally:
        workspace.close()


def altered(folder: Path, *statements: str) -> None:
    """Run statements as somebody with the key and a tool for SQLite does."""
    secret = key.unlock(folder, SECRET) if (folder / "key.json").exists() else None
    connection = Connection(folder / DATABASE, secret)
    for name in ("act_no_update", "act_no_delete", "change_no_update", "change_no_delete"):
        connection.execute(f"DROP TRIGGER {name}")
    connection.execute("PRAGMA foreign_keys = OFF")
    for statement in statements:
        connection.execute(statement)
    connection.close()


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    parent = tmp_path_factory.mktemp("stores")
    return made(parent / "sealed"), made(parent / "practice", practice=True)


@pytest.fixture(params=["sealed", "practice"])
def store(stores: tuple[Path, Path], request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    folder = Path(shutil.copytree(next(s for s in stores if s.name == request.param), tmp_path / "store"))
    workspace = opened(folder)
    relocation.settle(workspace, relocation.doubt(workspace), "moved")
    workspace.close()
    return folder


def test_a_lost_log_is_noticed_with_the_number_of_acts(store: Path) -> None:
    files = killed(store, *(f"Việc {number}" for number in range(5)))
    put(store, files, LOG)
    suspicion, sentence = doubt(store)
    assert suspicion == "older"
    assert "Thiếu 5 việc, việc cuối lúc " in sentence
    assert "khôi phục" in sentence
    assert titles(store) == ["Việc đầu"]


def test_a_power_cut_is_no_loss(store: Path) -> None:
    files = killed(store, "Hai", "Ba")
    put(store, files)
    assert doubt(store) == ("", "")
    assert titles(store) == ["Ba", "Hai", "Việc đầu"]


@pytest.mark.parametrize("left", ["none", "behind", "torn", "zeroed"])
def test_an_anchor_that_did_not_reach_the_disk_raises_no_doubt(store: Path, left: str) -> None:
    behind = (store / ANCHOR).read_bytes()
    files = killed(store, "Hai", "Ba")
    newest = max((files[ANCHOR][:1024], files[ANCHOR][1024:2048]), key=lambda place: json.loads(place)["acts"])
    content = {
        "none": b"",
        "behind": behind,
        "torn": files[ANCHOR].replace(newest, newest[:100] + bytes(924)),
        "zeroed": bytes(len(behind)),
    }[left]
    outside = next(iter(paths.machine_folder().glob("*.anchor")))
    put(store, {**files, ANCHOR: content})
    outside.unlink()
    assert doubt(store) == ("", "")
    assert titles(store) == ["Ba", "Hai", "Việc đầu"]


def test_an_older_database_put_back_is_noticed_by_each_anchor(store: Path) -> None:
    older = {name: (store / name).read_bytes() for name in (DATABASE, ANCHOR)}
    work(store, "Hai", "Ba")
    newer = (store / ANCHOR).read_bytes()
    outside = list(paths.machine_folder().glob("*.anchor"))
    for beside, kept in ((newer, True), (newer, False), (older[ANCHOR], True)):
        put(store, {DATABASE: older[DATABASE], ANCHOR: beside})
        contents = {path: path.read_bytes() for path in outside}
        for path in outside if not kept else []:
            path.unlink()
        suspicion, sentence = doubt(store)
        assert (suspicion, "Thiếu 2 việc" in sentence) == ("older", True)
        for path, content in contents.items():
            path.write_bytes(content)


def test_a_history_cut_at_its_end_with_the_key_is_noticed(store: Path) -> None:
    work(store, "Hai")
    altered(
        store,
        "DELETE FROM change WHERE act = (SELECT max(seq) FROM act)",
        "DELETE FROM act WHERE seq = (SELECT max(seq) FROM act)",
    )
    assert doubt(store)[0] == "older"


def test_a_history_rewritten_with_the_key_is_noticed(store: Path) -> None:
    work(store, "Hai")
    altered(store, "UPDATE change SET hash = 'x' WHERE seq = (SELECT max(seq) FROM change)")
    suspicion, sentence = doubt(store)
    assert suspicion == "older"
    assert "Lịch sử của kho này khác" in sentence


def test_the_database_of_another_store_is_noticed(tmp_path: Path) -> None:
    store, other = made(tmp_path / "store", practice=True), made(tmp_path / "other", practice=True)
    shutil.copyfile(other / DATABASE, store / DATABASE)
    suspicion, sentence = doubt(store)
    assert suspicion == "foreign"
    assert "của một kho khác" in sentence


def test_going_on_is_recorded_and_asked_once(store: Path) -> None:
    files = killed(store, "Hai")
    put(store, files, LOG)
    workspace = opened(store)
    device = workspace.identity.device_id
    relocation.settle(workspace, relocation.doubt(workspace), "restored")
    assert [act.action for act in workspace.store.acts(1)] == ["Tiếp tục với bản này: thiếu 1 việc đã làm trên máy này"]
    assert workspace.store.undoable() is None or "Tiếp tục" not in workspace.store.undoable().action
    assert workspace.identity.device_id != device
    workspace.close()
    assert doubt(store) == ("", "")
    work(store, "Ba")
    assert doubt(store) == ("", "")


def test_a_command_says_what_is_missing(store: Path, capsys: pytest.CaptureFixture[str], monkeypatch) -> None:
    monkeypatch.setenv("KCDESK_PASSPHRASE", SECRET)
    put(store, killed(store, "Hai"), LOG)
    assert main(["--store", str(store), "list", "task"]) == 0
    assert "Thiếu 1 việc" in capsys.readouterr().err
    assert main(["--store", str(store), "list", "task"]) == 0
    assert capsys.readouterr().err == ""


def test_a_deliberate_restore_raises_no_doubt(store: Path) -> None:
    workspace = opened(store)
    copy = workspace.store.backup()
    workspace.close()
    assert (copy / ANCHOR).is_file()
    work(store, "Hai", "Ba")
    here = opened(store)
    prepared = restoring.stage_backup(store, copy, SECRET, restoring.store_summary(here))
    restored, previous = restoring.restore(prepared, here=here)
    restored.close()
    assert doubt(store) == ("", "")
    assert titles(store) == ["Việc đầu"]
    assert previous is not None
    assert titles(previous) == ["Ba", "Hai", "Việc đầu"]


def test_the_log_of_another_store_is_moved_away_and_harms_nothing(store: Path, tmp_path: Path) -> None:
    other = made(tmp_path / "other", practice=True)
    strange = killed(other, "Lạ", "Lạ hơn")[LOG]
    (store / LOG).write_bytes(strange)
    workspace = opened(store)
    assert ["kcdesk.db-wal" in sentence for sentence in workspace.store.repairs] == [True]
    assert workspace.store.check()[1:] == []
    workspace.close()
    assert titles(store) == ["Việc đầu"]
    (kept,) = (store / "backups").glob("tep-la_*/kcdesk.db-wal")
    assert kept.read_bytes() == strange
    assert not (store / "log-probe").exists()


def test_an_older_log_of_the_same_store_is_moved_away(store: Path) -> None:
    older = killed(store, "Hai")[LOG]
    work(store, *(f"Việc {number}" for number in range(20)))
    (store / LOG).write_bytes(older)
    workspace = opened(store)
    assert relocation.doubt(workspace) == ""
    assert workspace.store.check()[1:] == []
    workspace.close()
    assert len(titles(store)) == 22


def planted_journal() -> bytes:
    """A rollback journal, by the format of SQLite, that would write zeros over the second page."""
    records, nonce, pages, sector, page = 1, 0, 100, 512, 4096
    numbers = (number.to_bytes(4) for number in (records, nonce, pages, sector, page))
    head = (bytes.fromhex("d9d505f920a163d7") + b"".join(numbers)).ljust(sector, b"\0")
    return head + (2).to_bytes(4) + bytes(page) + nonce.to_bytes(4)  # the sum of its zeros is the nonce


def test_a_planted_journal_is_moved_away(store: Path) -> None:
    for name in ("kcdesk.db-journal", "files.db-journal"):
        (store / name).write_bytes(planted_journal())
    workspace = opened(store)
    assert "kcdesk.db-journal, files.db-journal" in workspace.store.repairs[0]
    workspace.close()
    assert titles(store) == ["Việc đầu"]


def test_a_copy_whose_database_is_older_than_its_anchor_needs_a_consent(tmp_path: Path) -> None:
    store = made(tmp_path / "store", practice=True)
    early = killed(store)
    work(store, "Hai", "Ba")
    workspace = opened(store)
    copy = workspace.store.backup()
    workspace.close()
    assert restoring.stage_backup(tmp_path / "new", copy).concerns == ()
    alone = Path(shutil.copytree(store, tmp_path / "alone", ignore=shutil.ignore_patterns("backups", "lock")))
    assert restoring.stage_backup(tmp_path / "newer", alone).concerns == ()
    (alone / DATABASE).write_bytes(early[DATABASE])
    (concern,) = restoring.stage_backup(tmp_path / "newest", alone).concerns
    assert "đã bị thay sau khi làm: thiếu 2 việc" in concern

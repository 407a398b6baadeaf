"""Stores with damaged pages: noticed at opening or in use, only read from then on, saved as far as can be read."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

import pytest

from kcdesk.cli.program import main
from kcdesk.errors import KcdeskError, KnownError
from kcdesk.services.handover.packages import receiving
from kcdesk.services.handover.trust import partners
from kcdesk.services.maintenance import opening, relocation, restoring, salvaging
from kcdesk.services.records import changing, reading
from kcdesk.services.workspace import Workspace
from kcdesk.store.database import key
from kcdesk.store.database.db import Connection
from tests.services.samples import practice_answers

SECRET = "bốn từ dễ nhớ"
PAGE = 4096
NUMBER = 120


@pytest.fixture(scope="module", params=[False, True], ids=["plain", "locked"])
def sound(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int]]:
    """A store of many tasks, and a page of its records and one of its history."""
    folder = tmp_path_factory.mktemp("sound") / "store"
    answers = practice_answers(practice=False, passphrase=SECRET) if request.param else practice_answers()
    opening.create(folder, answers)
    workspace = opened(folder)
    relocation.doubt(workspace)
    for number in range(NUMBER):
        changing.add(workspace, "task", {"title": f"Việc số {number}", "note": "x" * 900})
    workspace.close()
    secret = key.unlock(folder, SECRET) if request.param else None
    return folder, {table: leaf_of(folder, table, secret) for table in ("record", "change")}


def is_readable(database: Path, secret: bytes | None, table: str) -> bool:
    with suppress(KcdeskError):
        connection = Connection(database, secret)
        try:
            connection.read_through(f"SELECT * FROM {table} NOT INDEXED")
            return True
        except KcdeskError:
            return False
        finally:
            connection.close()
    return False


def leaf_of(folder: Path, table: str, secret: bytes | None) -> int:
    """The last page without which a table cannot be read, but the settings can."""
    probe = folder.with_name("probe.db")
    content = (folder / "kcdesk.db").read_bytes()
    for page in range(len(content) // PAGE - 1, 0, -1):
        probe.write_bytes(content[: page * PAGE] + bytes(PAGE) + content[(page + 1) * PAGE :])
        if is_readable(probe, secret, "setting") and not is_readable(probe, secret, table):
            return page
    raise AssertionError(table)


def opened(folder: Path) -> Workspace:
    return opening.open_workspace(folder, SECRET if (folder / "key.json").exists() else "")


def zeroed(sound: tuple[Path, dict[str, int]], target: Path, *names: str) -> Path:
    """A copy of the store in which a page of each of these tables is zeroed."""
    folder = Path(shutil.copytree(sound[0], target))
    for name in names:
        with (folder / "kcdesk.db").open("rb+") as file:
            file.seek(sound[1][name] * PAGE)
            file.write(bytes(PAGE))
    return folder


def is_noticed(folder: Path) -> bool:
    """Whether a store is only read after its opening, or does not open at all because of its pages."""
    try:
        workspace = opened(folder)
    except KcdeskError as error:
        return error.code == "damaged_store"
    try:
        return workspace.store.is_damaged
    finally:
        workspace.close()


def refusal(act: object) -> str:
    with pytest.raises(KcdeskError) as caught:
        act()  # type: ignore[operator]
    assert caught.value.hint
    return caught.value.code


@pytest.mark.parametrize("table", ["record", "change"])
def test_a_zeroed_page_is_noticed_at_opening_and_nothing_is_written(sound, tmp_path, table):
    folder = zeroed(sound, tmp_path / "store", table)
    before = (folder / "kcdesk.db").read_bytes()
    workspace = opened(folder)
    try:
        assert workspace.store.is_damaged
        assert refusal(lambda: changing.add(workspace, "task", {"title": "Mới"})) == "damaged_read_only"
        assert refusal(lambda: workspace.store.set_setting("x", 1)) == "damaged_read_only"
        assert reading.count(workspace, "beneficiary") == 0
    finally:
        workspace.close()
    assert (folder / "kcdesk.db").read_bytes() == before


def test_a_cut_file_is_noticed(sound, tmp_path):
    folder = zeroed(sound, tmp_path / "store")
    with (folder / "kcdesk.db").open("rb+") as file:
        file.truncate((folder / "kcdesk.db").stat().st_size - PAGE)
    assert is_noticed(folder)


def test_a_page_damaged_in_use_lets_nothing_more_be_written(sound, tmp_path):
    folder = zeroed(sound, tmp_path / "store")
    workspace = opened(folder)
    relocation.settle(workspace, relocation.doubt(workspace), "copied")
    workspace.close()
    workspace = opened(folder)
    with (folder / "kcdesk.db").open("rb+") as file:
        file.seek(sound[1]["record"] * PAGE)
        file.write(bytes(PAGE))
    try:
        with workspace.store.reader() as reader, pytest.raises(KcdeskError):
            list(reader.changed_since({}))
        assert workspace.store.is_damaged  # though its own connection may have the page in memory
        assert refusal(lambda: changing.add(workspace, "task", {"title": "Mới"})) == "damaged_read_only"
    finally:
        workspace.close()
    workspace = opened(folder)
    assert workspace.store.is_damaged
    workspace.close()


def test_a_command_says_that_the_store_is_only_read(sound, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("KCDESK_PASSPHRASE", SECRET)
    folder = zeroed(sound, tmp_path / "store", "change")
    assert main(["--store", str(folder), "list", "task"]) == 0
    assert "chỉ mở để đọc" in capsys.readouterr().err
    assert main(["--store", str(folder), "add", "task", "title=Mới"]) == 1
    assert main(["--store", str(folder), "salvage", str(tmp_path / "saved")]) == 0
    assert "Đã lưu" in capsys.readouterr().out


def test_what_was_saved_by_halves_is_not_left_behind(sound, tmp_path):
    damaged = opened(zeroed(sound, tmp_path / "store", "record"))

    def refuse(_done, _total, _text):
        raise KnownError("Ổ đĩa đã đầy.", code="disk_full")

    with pytest.raises(KnownError):
        salvaging.save_readable(damaged, tmp_path / "stick", SECRET, refuse)
    damaged.close()
    assert list((tmp_path / "stick").iterdir()) == []


def test_what_can_be_read_is_saved_and_taken_in_after_the_restore(sound, tmp_path):
    """Records made after the backup come back with the package, the rest with the backup."""
    folder = zeroed(sound, tmp_path / "store")
    workspace = opened(folder)
    relocation.settle(workspace, relocation.doubt(workspace), "moved")
    partners.own_identity(workspace)  # makes the signing key
    copy = workspace.store.backup(tmp_path / "copy")
    for number in range(12):
        changing.add(workspace, "task", {"title": f"Sau sao lưu {number}", "note": "x" * 900})
    workspace.close()
    with (folder / "kcdesk.db").open("rb+") as file:
        file.seek(sound[1]["record"] * PAGE)
        file.write(bytes(PAGE))
    damaged = opened(folder)
    assert "chỉ mở để đọc" in salvaging.trouble(damaged)
    saved = salvaging.save_readable(damaged, tmp_path / "saved", password=SECRET)
    damaged.close()
    assert [line.split(":")[0] for line in saved.lost] == ["hồ sơ"]
    assert NUMBER + 6 <= saved.records < NUMBER + 12
    restored, _ = restoring.restore(restoring.stage_backup(folder, copy, SECRET), consent=True)
    try:
        assert receiving.receive(restored, Path(saved.package), SECRET).applied
        assert reading.count(restored, "task") >= saved.records
        assert reading.count(restored, "task") >= NUMBER + 6
        assert restored.store.check() == []
    finally:
        restored.close()

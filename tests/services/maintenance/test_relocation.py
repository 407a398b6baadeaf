"""A store that is opened on another machine or in another folder: noticed when it may be a copy, and only then."""

import shutil
import sqlite3
from contextlib import closing

import pytest

from kcdesk import paths
from kcdesk.cli.program import main
from kcdesk.services.maintenance import opening, relocation, restoring
from kcdesk.services.records import changing
from kcdesk.store.safety import location
from tests.services.samples import practice_answers

ELSEWHERE, OLDER = "elsewhere", "older"


@pytest.fixture
def folder(tmp_path, forms):
    """A store made on this machine, in which an officer has worked."""
    opening.create(tmp_path / "store", practice_answers(), forms)
    visit(tmp_path / "store")
    return tmp_path / "store"


def visit(folder, *, works=True, answer=""):
    """Open the store as the program does; what it asks, its device, and, if asked, what was done."""
    workspace = opening.open_workspace(folder)
    try:
        found = relocation.doubt(workspace)
        if answer:
            relocation.settle(workspace, found, answer)
        if works:
            changing.add(workspace, "task", {"title": "Việc"})
        return found, workspace.identity.device_id
    finally:
        workspace.close()


def copy(folder, name="copy"):
    return shutil.copytree(folder, folder.with_name(name))


def other_machine(monkeypatch, tmp_path, name="Máy thứ hai"):
    monkeypatch.setattr(location, "machine_name", lambda: name)
    monkeypatch.setattr(paths, "machine_folder", lambda: tmp_path / name)


# -- nothing is asked ----------------


def test_a_store_at_its_place_asks_nothing(folder):
    assert [visit(folder)[0] for _ in range(3)] == ["", "", ""]


def test_a_renamed_or_moved_folder_is_certain(folder):
    device = visit(folder)[1]
    moved = folder.rename(folder.with_name("Kho dữ liệu 2026"))
    assert visit(moved) == ("", device)
    assert visit(moved.rename(folder)) == ("", device)


def test_a_store_of_an_earlier_version_asks_nothing(folder):
    with closing(sqlite3.connect(folder / "kcdesk.db")) as database, database:
        database.execute("DELETE FROM setting WHERE name IN ('place', 'lineages', 'pinned')")
    assert visit(copy(folder))[0] == ""


def test_a_file_copied_back_to_its_folder_with_all_its_work_is_the_same(folder):
    shutil.copy(folder / "kcdesk.db", folder / "kcdesk.tmp")
    (folder / "kcdesk.tmp").replace(folder / "kcdesk.db")
    assert visit(folder)[0] == ""


def test_a_stick_that_carries_program_and_store_is_at_home_everywhere(folder, monkeypatch, tmp_path):
    monkeypatch.setattr(paths, "program_folder", lambda: tmp_path)
    stick = folder.rename(tmp_path / "kcdesk-data")
    assert visit(stick)[0] == ""
    for name in ("Máy một", "Máy hai", "Máy một"):
        other_machine(monkeypatch, tmp_path, name)
        assert visit(stick)[0] == ""


def test_a_restored_backup_asks_nothing(folder):
    workspace = opening.open_workspace(folder)
    kept = workspace.store.backup()
    prepared = restoring.stage_backup(folder, kept, here=restoring.store_summary(workspace))
    restored, _ = restoring.restore(prepared, here=workspace)
    restored.close()
    assert visit(folder)[0] == ""


def test_an_answer_is_asked_for_once(folder):
    twin = copy(folder)
    assert visit(twin, answer="copied")[0] == ELSEWHERE
    assert visit(twin)[0] == ""
    assert visit(folder)[0] == ""


# -- it is asked ----------------


@pytest.mark.parametrize(("answer", "keeps"), [("moved", True), ("copied", False), ("restored", False)])
def test_another_machine_is_noticed(folder, monkeypatch, tmp_path, answer, keeps):
    device = visit(folder)[1]
    twin = copy(folder)
    other_machine(monkeypatch, tmp_path)

    found, after = visit(twin, answer=answer)

    assert (found, after == device) == (ELSEWHERE, keeps)


def test_an_older_state_put_back_is_noticed_and_never_keeps_its_identity(folder):
    before = (folder / "kcdesk.db").read_bytes()
    device = visit(folder)[1]
    (folder / "kcdesk.db").write_bytes(before)

    found, after = visit(folder, answer="moved")

    assert (found, after != device) == (OLDER, True)
    assert "moved" not in relocation.possible_answers(OLDER)
    assert visit(folder)[0] == ""


def test_undo_and_history_stay_whole(folder):
    twin = copy(folder)
    workspace = opening.open_workspace(twin)
    id_ = changing.add(workspace, "task", {"title": "Trước"}).items[0].id
    relocation.settle(workspace, relocation.doubt(workspace), "copied")
    changing.save(workspace, id_, {"title": "Sau"})
    changing.undo(workspace)
    assert workspace.store.get(id_).data["title"] == "Trước"
    changing.undo(workspace)
    assert workspace.store.get(id_).deleted
    assert workspace.store.check() == []
    workspace.close()


def test_neither_store_nor_machine_folder_tells_a_path_or_a_name(folder):
    with closing(sqlite3.connect(folder / "kcdesk.db")) as database, database:
        kept = database.execute("SELECT value FROM setting WHERE name = 'place'").fetchone()[0]
    noted = [file.read_text(encoding="utf-8") for file in (*paths.machine_folder().iterdir(), folder / "kcdesk.anchor")]
    for text in (kept, *noted):
        assert not {"store", location.machine_name(), str(folder.parent)} & {*text.replace('"', " ").split()}
        assert str(folder) not in text
    assert len(noted) == 2  # the anchor in each of its two places


# -- the command line ----------------


def test_a_command_takes_a_copy_for_a_copy_and_says_so(folder, capsys):
    device, twin = visit(folder)[1], copy(folder)
    assert main(["--store", str(twin), "list", "task"]) == 0
    said = capsys.readouterr().err
    assert "lần trước được mở ở máy khác hoặc thư mục khác" in said
    assert "--place" in said
    assert visit(twin)[1] != device
    assert main(["--store", str(twin), "list", "task"]) == 0
    assert capsys.readouterr().err == ""


def test_a_command_can_be_told_that_the_store_was_moved(folder, capsys):
    device, twin = visit(folder)[1], copy(folder)
    assert main(["--store", str(twin), "list", "task", "--place", "moved"]) == 0
    assert "đã chuyển sang đây" in capsys.readouterr().err
    assert visit(twin)[1] == device

"""First start, and what opening refuses: nothing is written into what is not ours."""

import sqlite3
from contextlib import closing

import pytest

from kcdesk.errors import KcdeskError
from kcdesk.services.maintenance import backup_copies, opening, soundness
from tests.services.samples import new, practice_answers

PASSPHRASE = "một câu dễ nhớ"


def code(act, *arguments):
    """The code and field that a service refuses with."""
    with pytest.raises(KcdeskError) as caught:
        act(*arguments)
    return caught.value.code, caught.value.field


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"unit": " "}, ("missing", "unit")),
        ({"code": ""}, ("missing", "code")),
        ({"officer": ""}, ("missing", "officer")),
        ({"code": "TT/KC"}, ("bad_unit_code", "code")),
        ({"code": "SỞ"}, ("bad_unit_code", "code")),
        ({"province": "Atlantis"}, ("unknown_province", "province")),
        ({"practice": False}, ("weak_passphrase", "passphrase")),
        ({"practice": False, "passphrase": "1234567"}, ("weak_passphrase", "passphrase")),
    ],
)
def test_a_wrong_answer_is_named_and_nothing_is_made(tmp_path, forms, changes, refused):
    assert code(opening.create, tmp_path / "store", practice_answers(**changes), forms) == refused
    assert not (tmp_path / "store").exists()


@pytest.mark.parametrize("province", ["92", "Cần Thơ", "can tho", "Thành phố Cần Thơ"])
def test_a_province_is_known_by_code_and_by_name(tmp_path, province):
    workspace, _ = opening.create_workspace(tmp_path, practice_answers(province=province, code="ttkc-1"))
    assert (workspace.identity.unit.province, workspace.identity.unit.code) == ("92", "TTKC-1")
    workspace.close()


def test_a_real_store_opens_with_its_passphrase_or_its_recovery_code_only(tmp_path):
    made = opening.create(tmp_path, practice_answers(practice=False, passphrase=PASSPHRASE))
    assert opening.is_store(tmp_path)
    assert opening.needs_passphrase(tmp_path)
    for secret in (PASSPHRASE, made["recovery_code"]):
        opening.open_workspace(tmp_path, secret).close()
    for wrong in ("", "không phải câu này"):
        assert code(opening.open_workspace, tmp_path, wrong)[0] == "wrong_passphrase"
    assert b"Trung t" not in (tmp_path / "kcdesk.db").read_bytes()


def test_a_second_store_is_not_put_over_the_first(empty_store, tmp_path, forms):
    assert code(opening.create, empty_store, practice_answers(), forms)[0] == "store_exists"
    (tmp_path / "file").write_text("x", encoding="utf-8")
    assert code(opening.create, tmp_path / "file", practice_answers(), forms)[0] == "not_a_folder"
    assert code(opening.open_workspace, tmp_path / "file")[0] == "no_store"
    assert code(opening.open_workspace, tmp_path)[0] == "no_store"


def test_a_store_is_open_once_at_a_time(workspace):
    assert code(opening.open_workspace, workspace.store.folder)[0] == "in_use"


def forge_history(path):
    """What somebody does who knows SQLite: the guards of the tables taken away, then another name put in."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            connection.execute(f"DROP TRIGGER {trigger}")
        connection.execute("UPDATE act SET officer = 'Người khác'")
    connection.close()


def foreign(path):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE t (x)")
    connection.close()


def newer(path):
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA user_version = 9999")
    connection.close()


def damaged(path):
    path.write_bytes(b"SQLite format 3\0" + b"x" * 5000)


def unreadable(path):
    path.write_bytes(b"x" * 5000)


@pytest.mark.parametrize(
    ("spoil", "refused"),
    [(foreign, "foreign_store"), (newer, "newer_store"), (damaged, "damaged_store"), (unreadable, "damaged_store")],
)
def test_what_is_not_our_store_is_left_as_it_is(workspace, tmp_path, spoil, refused):
    folder = tmp_path / "odd"
    folder.mkdir()
    path = folder / "kcdesk.db"
    if spoil is newer:
        workspace.close()
        path.write_bytes((workspace.store.folder / "kcdesk.db").read_bytes())
    spoil(path)
    before = path.read_bytes()
    assert code(opening.open_workspace, folder)[0] == refused
    assert path.read_bytes() == before


def test_a_sound_store_says_so_and_a_changed_history_does_not(workspace):
    new(workspace, "beneficiary", name="A")
    new(workspace, "proposal", title="B")
    none = dict.fromkeys(workspace.forms.kinds, 0)
    assert soundness.check(workspace) == {
        "repaired": [],
        "sound": True,
        "problems": [],
        "records": none | {"beneficiary": 1, "proposal": 1},
    }
    workspace.close()
    forge_history(workspace.store.folder / "kcdesk.db")
    opened = opening.open_workspace(workspace.store.folder)
    found = soundness.check(opened)
    opened.close()
    assert not found["sound"]
    assert "Lịch sử bị sửa" in found["problems"][0]


def test_a_backup_is_a_store_of_its_own(workspace):
    assert backup_copies.latest(workspace) is None
    id_ = new(workspace, "beneficiary", name="A")
    path = backup_copies.back_up(workspace).folder
    assert backup_copies.latest(workspace) is not None
    copy = opening.open_workspace(path)
    assert copy.store.record(id_).title() == "A"
    copy.close()

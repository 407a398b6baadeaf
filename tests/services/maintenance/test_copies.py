"""Copies of a working office: by time, on a stick, compared with today, taken back, opened beside."""

import errno
import os
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from kcdesk import moments
from kcdesk.errors import KnownError, UserError
from kcdesk.runtime.frozen import replace
from kcdesk.services.maintenance import (
    automatic_copies,
    backup_copies,
    copy_contents,
    opening,
    outside_copies,
    passphrases,
    relocation,
    restoring,
)
from kcdesk.services.records import changing, reading
from kcdesk.store.copies import page_pool
from tests.services.samples import new

MEMORY = Path("/dev/shm")


@pytest.fixture
def office(tmp_path):
    """A practice store with one dossier and its copy, the dossier changed since, one deleted, one new."""
    answers = {"unit": "Trung tâm A", "code": "TT-A", "level": "lower", "province": "20", "officer": "Nguyễn Văn An"}
    workspace, _ = opening.create_workspace(tmp_path / "store", opening.NewStore(**answers, practice=True))
    kept = new(workspace, "proposal", title="Sửa sau")
    gone = new(workspace, "proposal", title="Xoá sau")
    new(workspace, "proposal", title="Như cũ")
    copy = workspace.store.backup()
    changing.set_values(workspace, kept, {"goals": "Mới"})
    changing.delete(workspace, gone)
    new(workspace, "beneficiary", name="Thêm sau")
    yield workspace, copy, gone
    workspace.close()


def titles(workspace):
    return {row.title for row in reading.list_page(workspace, "proposal")}


def later(monkeypatch, **hours):
    moment = moments.now() + timedelta(**hours)
    monkeypatch.setattr(moments, "now", lambda: moment)


def test_the_proved_copies_are_listed_newest_first_without_opening_the_store(office):
    workspace, copy, _ = office
    workspace.store.backup(reason="import")
    spoilt = workspace.store.backup()
    (spoilt / "proof.json").unlink()
    workspace.close()
    (workspace.store.folder / "kcdesk.db").write_bytes(b"hong")
    proven = backup_copies.proven(workspace.store.folder)
    assert [backup_copies.reason_text(found) for found in proven] == ["Trước khi nhận gói", "Bấm «Sao lưu»"]
    assert (proven[-1].folder, proven[-1].records) == (copy, 3)


def test_a_copy_by_time_is_made_when_the_interval_is_over_and_something_changed(office, monkeypatch):
    workspace, _, _ = office
    assert automatic_copies.minutes(workspace) == 30
    assert not automatic_copies.is_due(workspace)
    later(monkeypatch, minutes=31)
    assert automatic_copies.is_due(workspace)
    automatic_copies.set_minutes(workspace, 60)
    assert not automatic_copies.is_due(workspace)
    automatic_copies.set_minutes(workspace, 0)
    later(monkeypatch, hours=5)
    assert not automatic_copies.is_due(workspace)
    automatic_copies.set_minutes(workspace, 30)
    before = len(backup_copies.copies_of(workspace.store.folder))
    made = automatic_copies.make_due(workspace)
    assert (made is not None, len(backup_copies.copies_of(workspace.store.folder))) == (True, before + 1)
    assert automatic_copies.make_due(workspace) is None  # nothing has changed: no second one stays
    assert len(backup_copies.copies_of(workspace.store.folder)) == before + 1
    assert made.is_dir()
    later(monkeypatch, hours=2)
    assert not automatic_copies.is_due(workspace)


def test_a_large_copy_is_proved_in_the_background_and_once_a_day(office, monkeypatch):
    workspace, _, _ = office
    policy = automatic_copies.backup_policy()
    small = replace(policy, at_once_bytes=1000)
    for module in ("saving", "store_copies"):
        monkeypatch.setattr(f"kcdesk.store.copies.{module}.backup_policy", lambda: small)
    newest = backup_copies.copies_of(workspace.store.folder)[0]
    assert newest.is_sound
    first = automatic_copies.make_due(workspace)
    assert not backup_copies.copies_of(workspace.store.folder)[0].proved  # proved less than a day ago
    later(monkeypatch, hours=30)
    new(workspace, "proposal", title="Nữa")
    second = automatic_copies.make_due(workspace)
    assert backup_copies.copies_of(workspace.store.folder)[0].is_sound
    assert backup_copies.copies_of(workspace.store.folder)[0].folder == second != first


def test_a_stick_is_known_by_its_mark_wherever_it_is(office, tmp_path):
    workspace, _, _ = office
    assert outside_copies.present(workspace) is None
    stick = tmp_path / "E"
    stick.mkdir()
    outside_copies.choose_for_closing(workspace, stick)
    assert outside_copies.present(workspace, []) == stick
    first = outside_copies.copy_to(workspace, stick)
    assert (first.is_sound, first.records) == (True, 3)
    moved = stick.rename(tmp_path / "F")
    (tmp_path / "G").mkdir()
    assert outside_copies.present(workspace, [tmp_path / "G"]) is None
    assert outside_copies.present(workspace, [tmp_path / "G", moved]) == moved
    size = sum(path.stat().st_size for path in moved.rglob("*.pack"))
    new(workspace, "proposal", title="Nữa")
    second = outside_copies.copy_to(workspace, moved)
    assert sum(path.stat().st_size for path in moved.rglob("*.pack")) < size * 1.2
    assert [found.name for found in backup_copies.within(moved, workspace.store.folder)] == [
        second.folder.name,
        first.folder.name,
    ]
    prepared = restoring.stage_backup(workspace.store.folder, second.folder, "", restoring.store_summary(workspace))
    assert prepared.copied.records == prepared.here.records
    restoring.discard(prepared)
    with pytest.raises(UserError) as refused:
        outside_copies.choose_for_closing(workspace, workspace.store.folder / "backups")
    assert refused.value.code == "own_store"


@pytest.mark.parametrize(("code", "words"), [(errno.ENOSPC, "không còn đủ chỗ"), (errno.ENODEV, "Không")])
def test_a_stick_that_is_full_or_pulled_is_a_sentence_and_keeps_its_copies(office, tmp_path, monkeypatch, code, words):
    workspace, _, _ = office
    stick = tmp_path / "E"
    stick.mkdir()
    outside_copies.choose_for_closing(workspace, stick)
    good = outside_copies.copy_to(workspace, stick)
    new(workspace, "proposal", title="Nữa")

    def refuse(*_):
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr(page_pool.Disk, "create", refuse)
        with pytest.raises(KnownError) as refused:
            outside_copies.copy_to(workspace, stick)
    assert words in refused.value.message
    assert [copy.folder for copy in backup_copies.kept_copies.listed_copies(good.folder.parent)] == [good.folder]
    shutil.rmtree(stick)
    assert outside_copies.present(workspace, []) is None


@pytest.mark.skipif(not MEMORY.is_dir(), reason="this system has no second drive for a test")
def test_only_a_copy_on_another_drive_counts_as_outside(office, tmp_path_factory):
    workspace, copy, _ = office
    assert not outside_copies.note_outside(workspace, copy)
    assert outside_copies.latest_outside(workspace) is None
    stick = MEMORY / tmp_path_factory.mktemp("stick").name
    stick.mkdir()
    try:
        made = outside_copies.copy_to(workspace, stick)
        assert outside_copies.note_outside(workspace, made.folder)
        assert outside_copies.latest_outside(workspace) is not None
    finally:
        shutil.rmtree(stick)


def test_a_copy_is_compared_with_today_record_by_record(office):
    workspace, copy, gone = office
    found = copy_contents.preview(workspace, copy)
    assert (found.records, dict(found.fresh), dict(found.changed)) == (3, {"beneficiary": 1}, {"proposal": 1})
    assert [(record.id, record.title, record.is_deleted) for record in found.lacking] == [(gone, "Xoá sau", True)]
    assert not found.is_same
    assert copy_contents.preview(workspace, workspace.store.backup()).is_same
    assert not list((workspace.store.folder / "backups").glob("*.part"))


def test_a_deleted_record_comes_back_by_one_act_that_can_be_undone(office):
    workspace, copy, gone = office
    changes = copy_contents.take_back(workspace, copy, [gone])
    assert [item.id for item in changes.items] == [gone]
    assert titles(workspace) == {"Sửa sau", "Xoá sau", "Như cũ"}
    assert workspace.store.get(gone).data["title"] == "Xoá sau"
    assert backup_copies.copies_of(workspace.store.folder)[0].reason == "records"
    assert workspace.store.check() == []
    changing.undo(workspace)
    assert titles(workspace) == {"Sửa sau", "Như cũ"}
    with pytest.raises(UserError) as refused:
        copy_contents.take_back(workspace, copy, [row.id for row in reading.list_page(workspace, "proposal")])
    assert refused.value.code == "nothing_to_take_back"


def test_a_record_that_the_store_never_had_comes_back_with_its_files_and_stamps(office, tmp_path):
    workspace, copy, _ = office
    photo = tmp_path / "a.pdf"
    photo.write_bytes(b"%PDF-1.4 x")
    late = new(workspace, "proposal", title="Chỉ có trong bản sao")
    changing.attach(workspace, late, "attachments", [photo])
    stamps = workspace.store.get(late).stamps
    newest = workspace.store.backup()
    prepared = restoring.stage_backup(workspace.store.folder, copy, here=restoring.store_summary(workspace))
    restored, _ = restoring.restore(prepared, here=workspace)
    assert "Chỉ có trong bản sao" not in titles(restored)
    assert late in [record.id for record in copy_contents.preview(restored, newest).lacking]
    copy_contents.take_back(restored, newest, [late])
    assert restored.store.get(late).stamps == stamps
    (entry,) = restored.store.get(late).data["attachments"]
    assert restored.store.files.read(entry["sha256"]) == b"%PDF-1.4 x"
    assert restored.store.check() == []
    changing.undo(restored)
    assert "Chỉ có trong bản sao" not in titles(restored)
    restored.close()


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
def test_a_copy_opened_beside_takes_no_link_along(office, tmp_path):
    workspace, _, _ = office
    secret = tmp_path / "secret.toml"
    secret.write_text("secret = 1", encoding="utf-8")
    copy = workspace.store.backup()
    (copy / "rules").mkdir(exist_ok=True)
    (copy / "rules" / "x.toml").symlink_to(secret)
    folder = copy_contents.open_beside(workspace, copy)
    assert not (folder / "rules" / "x.toml").exists()


def test_a_copy_opened_beside_is_another_device_and_today_stays_as_it_is(office):
    workspace, _, _ = office
    before = titles(workspace)
    (workspace.store.folder.parent / "E").mkdir()
    outside_copies.choose_for_closing(workspace, workspace.store.folder.parent / "E")
    copy = workspace.store.backup()
    folder = copy_contents.open_beside(workspace, copy)
    beside = opening.open_workspace(folder)
    assert relocation.doubt(beside) == ""
    assert "bên cạnh" in relocation.beside_note(beside)
    assert outside_copies.chosen(workspace) is not None
    assert outside_copies.chosen(beside) is None  # its copies would mix with those of the store
    assert beside.identity.device_id != workspace.identity.device_id
    device = beside.identity.device_id
    assert titles(beside) == before
    new(beside, "proposal", title="Chỉ ở bên cạnh")
    beside.close()
    assert titles(workspace) == before
    assert copy_contents.open_beside(workspace, copy) == folder
    again = opening.open_workspace(folder)
    assert (relocation.doubt(again), again.identity.device_id) == ("", device)
    again.close()
    assert relocation.beside_note(workspace) == ""


def test_a_copy_of_an_earlier_key_says_so(tmp_path):
    answers = {"unit": "Trung tâm A", "code": "TT-A", "level": "lower", "province": "20", "officer": "Nguyễn Văn An"}
    secret = "bốn từ dễ nhớ"
    workspace, _ = opening.create_workspace(tmp_path / "real", opening.NewStore(**answers, passphrase=secret))
    new(workspace, "proposal", title="Thật")
    copy = workspace.store.backup()
    assert copy_contents.preview(workspace, copy).records == 1
    changed, _ = passphrases.change(workspace, "năm từ khác hẳn nhé")
    with pytest.raises(UserError) as refused:
        copy_contents.preview(changed, copy)
    assert refused.value.code == "other_key"
    assert backup_copies.proven(changed.store.folder)[0].folder == copy
    fresh = changed.store.backup()
    assert copy_contents.preview(changed, fresh).is_same
    assert restoring.stage_backup(tmp_path / "new", copy, secret).copied.records == 1
    changed.close()


def test_a_copy_that_was_cut_off_in_this_second_stands_in_no_way_of_the_next(workspace, monkeypatch):
    monkeypatch.setattr(moments, "in_file_name", lambda: "2026-11-30_08-00-00+0000")
    (workspace.store.folder / "backups" / "2026-11-30_08-00-00+0000.part").mkdir(parents=True)
    assert workspace.store.backup().name == "2026-11-30_08-00-00+0000_2"


@pytest.mark.parametrize("content", [b"[" * 1000, b'{"mark": ' + b"9" * 5000, b"\xff\xfe", b"[]"])
def test_a_strange_mark_on_a_stick_is_no_mark(workspace, tmp_path, content):
    stick, other = tmp_path / "stick", tmp_path / "other"
    for place in (stick, other):
        place.mkdir()
    outside_copies.choose_for_closing(workspace, stick)
    (mark,) = (stick / outside_copies.FOLDER).glob("*.json")
    (other / outside_copies.FOLDER).mkdir()
    (other / outside_copies.FOLDER / mark.name).write_bytes(content)
    shutil.rmtree(stick)
    assert outside_copies.present(workspace, [other]) is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_in_place_of_a_mark_is_no_mark_and_keeps_nobody_waiting(workspace, tmp_path):
    stick, other = tmp_path / "stick", tmp_path / "other"
    stick.mkdir()
    outside_copies.choose_for_closing(workspace, stick)
    (mark,) = (stick / outside_copies.FOLDER).glob("*.json")
    (other / outside_copies.FOLDER).mkdir(parents=True)
    os.mkfifo(other / outside_copies.FOLDER / mark.name)
    shutil.rmtree(stick)
    assert outside_copies.present(workspace, [other]) is None

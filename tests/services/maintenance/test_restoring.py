"""Restoring: the copy is proved first, what is here is kept, one step changes all, and the store is another device."""

import json
import shutil

import pytest

from kcdesk.cli.program import main
from kcdesk.errors import KnownError, UserError
from kcdesk.services.handover.packages import receiving
from kcdesk.services.maintenance import opening, restoring
from kcdesk.services.records import changing, reading
from kcdesk.store.safety import restoring as exchange
from tests import store_files
from tests.services.exchange_support import Offices
from tests.services.samples import new

SECRET = "bốn từ dễ nhớ"

pytestmark = pytest.mark.full_strength


def made(folder, **changes):
    answers = {"unit": "Trung tâm A", "code": "TT-A", "level": "lower", "province": "20", "officer": "Nguyễn Văn An"}
    return opening.create_workspace(folder, opening.NewStore(**{**answers, "practice": True, **changes}))


@pytest.fixture
def office(tmp_path):
    """A store with a backup of one dossier, and a second dossier since."""
    workspace, _ = made(tmp_path / "store")
    first = new(workspace, "proposal", title="Trước sao lưu")
    copy = workspace.store.backup(tmp_path / "copy")
    second = new(workspace, "proposal", title="Sau sao lưu")
    yield workspace, copy, first, second
    workspace.close()


def refused(act):
    with pytest.raises(UserError) as caught:
        act()
    return caught.value.code


def titles(workspace):
    return {row.title for row in reading.list_page(workspace, "proposal")}


def files(folder):
    """Every file of a store but its lock and what SQLite keeps open beside it."""
    return {
        path.relative_to(folder): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in ("lock", "kcdesk.db-shm", "kcdesk.db-wal")
    }


def test_the_copy_is_shown_beside_what_is_here_before_anything_changes(office):
    workspace, copy, _, _ = office
    before = files(workspace.store.folder)
    prepared = restoring.stage_backup(workspace.store.folder, copy, here=restoring.store_summary(workspace))
    assert (prepared.copied.unit, prepared.copied.officer) == ("Trung tâm A", "Nguyễn Văn An")
    assert (prepared.copied.counts, prepared.here.counts) == ((("Đề án khuyến công", 1),), (("Đề án khuyến công", 2),))
    assert prepared.copied.changed < prepared.here.changed
    assert prepared.concerns == prepared.notes == ()
    restoring.discard(prepared)
    assert files(workspace.store.folder) == before


def test_the_copy_takes_its_place_as_another_device_and_what_was_here_is_kept(office):
    workspace, copy, _, _ = office
    folder, device = workspace.store.folder, workspace.identity.device_id
    prepared = restoring.stage_backup(folder, copy / "kcdesk.db", here=restoring.store_summary(workspace))
    restored, kept = restoring.restore(prepared, here=workspace)
    assert titles(restored) == {"Trước sao lưu"}
    assert restored.identity.device_id != device
    assert restored.store.check() == []
    restored.close()
    again = opening.open_workspace(folder)
    assert titles(again) == {"Trước sao lưu"}
    again.close()
    old = opening.open_workspace(kept)
    assert titles(old) == {"Trước sao lưu", "Sau sao lưu"}
    old.close()
    assert not (folder / exchange.STAGED).exists()
    assert not (folder / exchange.READY).exists()


def test_a_locked_copy_opens_with_its_passphrase_or_its_recovery_code(tmp_path):
    workspace, code = made(tmp_path / "real", practice=False, passphrase=SECRET)
    new(workspace, "proposal", title="Thật")
    copy = workspace.store.backup(tmp_path / "copy")
    workspace.close()
    assert restoring.needs_secret(copy)
    fresh = tmp_path / "fresh"
    assert refused(lambda: restoring.stage_backup(fresh, copy, "sai mật khẩu")) == "wrong_passphrase"
    assert not opening.is_store(fresh)
    for secret in (SECRET, code):
        prepared = restoring.stage_backup(fresh, copy, secret)
        assert (prepared.here, prepared.concerns) == (None, ())
        restoring.discard(prepared)
    restored, kept = restoring.restore(restoring.stage_backup(fresh, copy, code))
    assert (titles(restored), kept) == ({"Thật"}, None)
    restored.close()
    opening.open_workspace(fresh, SECRET).close()


def test_what_is_no_sound_backup_is_refused_and_changes_nothing(office, tmp_path):
    workspace, copy, _, _ = office
    folder = workspace.store.folder
    bad = {name: shutil.copytree(copy, tmp_path / name) for name in ("broken", "short", "newer", "foreign")}
    content = bytearray((bad["broken"] / "kcdesk.db").read_bytes())
    content[4096 * 3 : 4096 * 12] = bytes(4096 * 9)
    (bad["broken"] / "kcdesk.db").write_bytes(content)
    (bad["short"] / "kcdesk.db").write_bytes((copy / "kcdesk.db").read_bytes()[:5000])
    (bad["foreign"] / "kcdesk.db").write_bytes(b"SQLite format 3\0" + bytes(84))
    store_files.change(bad["newer"], "PRAGMA user_version = 99")
    (tmp_path / "empty").mkdir()
    (tmp_path / "package.xlsx").write_text("x", encoding="utf-8")
    before = files(folder)
    for source, code in (
        (bad["broken"], "damaged_backup"), (bad["short"], "damaged_backup"), (bad["newer"], "newer_store"),
        (tmp_path / "empty", "not_a_backup"), (tmp_path / "package.xlsx", "not_a_backup"), (folder, "own_store"),
    ):  # fmt: skip
        assert refused(lambda source=source: restoring.stage_backup(folder, source)) == code
    assert refused(lambda: restoring.stage_backup(folder, bad["foreign"])) in ("damaged_backup", "not_a_backup")
    assert files(folder) == before
    assert titles(workspace) == {"Trước sao lưu", "Sau sao lưu"}


def test_another_units_copy_and_a_store_that_does_not_open_want_a_consent(office, tmp_path):
    workspace, copy, _, _ = office
    folder = workspace.store.folder
    other, _ = made(tmp_path / "other", unit="Trung tâm B", code="TT-B")
    theirs = other.store.backup(tmp_path / "theirs")
    other.close()
    prepared = restoring.stage_backup(folder, theirs, here=restoring.store_summary(workspace))
    assert prepared.concerns == ("Bản sao lưu là của đơn vị khác: Trung tâm B (TT-B).",)
    assert refused(lambda: restoring.restore(prepared, here=workspace)) == "consent_missing"
    assert titles(workspace) == {"Trước sao lưu", "Sau sao lưu"}
    workspace.close()
    (folder / "kcdesk.db").write_bytes(b"hong")
    (folder / "kcdesk.db-wal").unlink(missing_ok=True)
    prepared = restoring.stage_backup(folder, copy)
    assert len(prepared.concerns) == 1
    restored, kept = restoring.restore(prepared, consent=True)
    assert titles(restored) == {"Trước sao lưu"}
    assert (kept / "kcdesk.db").read_bytes() == b"hong"
    restored.close()


def test_an_interruption_at_any_step_leaves_one_store_or_the_other(office, monkeypatch, tmp_path):
    workspace, copy, _, _ = office
    workspace.close()
    folder = workspace.store.folder
    (copy / "rules" / "0001").mkdir(parents=True)
    (copy / "rules" / "0001" / "note.txt").write_text("x", encoding="utf-8")
    outcomes = set()
    for step in range(40):
        there = shutil.copytree(folder, tmp_path / f"run{step}")
        left = step

        def counted(real):
            def act(*args, **more):
                nonlocal left
                if not left:
                    raise KeyboardInterrupt
                left -= 1
                return real(*args, **more)

            return act

        with monkeypatch.context() as patch:
            for name in ("_remove", "_copy", "finish"):
                patch.setattr(exchange, name, counted(getattr(exchange, name)))
            patch.setattr(exchange.backup, "sync", counted(exchange.backup.sync))
            patch.setattr(exchange.Disk, "sync_folder", counted(exchange.Disk.sync_folder))
            patch.setattr(exchange.Path, "rename", counted(exchange.Path.rename))
            patch.setattr(exchange.shutil, "rmtree", counted(exchange.shutil.rmtree))
            try:
                exchange.stage(copy, there)
                exchange.commit(there)
                is_done = True
            except KeyboardInterrupt:
                is_done = False
        opened = opening.open_workspace(there)
        found = frozenset(titles(opened))
        assert opened.store.check() == []
        opened.close()
        is_new = found == {"Trước sao lưu"}
        assert is_new or found == {"Trước sao lưu", "Sau sao lưu"}
        assert (there / "rules" / "0001" / "note.txt").exists() is is_new
        outcomes.add((is_done, is_new))
        if is_done:
            break
    assert outcomes == {(False, False), (False, True), (True, True)}


def test_a_full_disk_is_said_before_anything_is_copied(office, monkeypatch):
    workspace, copy, _, _ = office
    usage = shutil.disk_usage(copy)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=10))
    with pytest.raises(KnownError) as caught:
        restoring.stage_backup(workspace.store.folder, copy)
    assert caught.value.code == "disk_full"
    assert not (workspace.store.folder / exchange.STAGED).exists()


def test_a_restored_store_takes_in_its_own_last_package_from_the_stick(tmp_path, forms):
    offices = Offices(tmp_path, forms)
    unit, province = offices.make("TT-A"), offices.make("SCT", "province")
    offices.acquaint(unit, province)
    id_ = new(unit, "proposal", title="Máy cưa")
    known, _ = offices.export(unit)
    copy = unit.store.backup(tmp_path / "copy")
    before, _ = offices.export(unit)
    changing.set_values(unit, id_, {"goals": "Sau sao lưu"})
    late = new(unit, "proposal", title="Lập sau sao lưu")
    last, _ = offices.export(unit)
    assert refused(lambda: receiving.receive(unit, last)) == "own_package"
    restored, _ = restoring.restore(
        restoring.stage_backup(unit.store.folder, copy, here=restoring.store_summary(unit)), here=unit
    )
    offices.made[0] = restored
    assert receiving.receive(restored, last).applied
    assert restored.store.get(late).data["title"] == "Lập sau sao lưu"
    assert restored.store.get(id_).data["goals"] == "Sau sao lưu"
    assert receiving.receive(restored, before).preview.rows["same"] == 1
    assert refused(lambda: receiving.receive(restored, known)) == "own_package"
    offices.send(restored, province, full=True)
    assert province.store.get(id_).data["goals"] == "Sau sao lưu"
    assert restored.store.check() == province.store.check() == []
    offices.close()


def test_the_command_shows_refuses_and_restores(office, capsys):
    workspace, copy, _, _ = office
    folder = workspace.store.folder
    workspace.close()

    def run(*words):
        code = main(["restore", str(copy), "--store", str(folder), "--json", *words])
        return code, json.loads(capsys.readouterr().out)

    code, looked = run("--dry-run")
    assert (code, looked["applied"], looked["copied"]["records"], looked["here"]["records"]) == (0, False, 1, 2)
    code, done = run()
    assert (code, done["applied"]) == (0, True)
    assert done["device"]
    assert main(["restore", str(folder / "kcdesk.db"), "--store", str(folder)]) == 1
    assert "chính kho đang dùng" in capsys.readouterr().err
    assert main(["restore", str(done["backup"]), "--store", str(folder)]) == 0
    assert "Đã khôi phục" in capsys.readouterr().out

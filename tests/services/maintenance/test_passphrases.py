"""What opens a real store can be changed, and copies made on another disk: through services and command line."""

import io
import json
import os

import pytest

from kcdesk.cli.program import main
from kcdesk.errors import UserError
from kcdesk.services.maintenance import opening, passphrases
from tests.services.samples import new
from tests.ui.conftest import practice_answers

OLD, NEW = "mười hai con mèo", "bảy cây cầu nhỏ"


@pytest.fixture
def real(tmp_path):
    """A real store that is closed, and its recovery code."""
    workspace, code = opening.create_workspace(tmp_path / "real", practice_answers(practice=False, passphrase=OLD))
    new(workspace, "proposal", title="Đề án")
    workspace.close()
    return tmp_path / "real", code


def opens(folder, secret):
    try:
        opening.open_workspace(folder, secret).close()
    except UserError:
        return False
    return True


def test_another_passphrase_opens_the_store_and_the_old_one_does_not(real):
    folder, code = real
    before, header = (folder / "kcdesk.db").read_bytes(), (folder / "key.json").read_bytes()
    workspace = opening.open_workspace(folder, OLD)
    copy = workspace.store.backup()
    for short in ("", "ngắn"):
        with pytest.raises(UserError) as refused:
            passphrases.change(workspace, short)
        assert refused.value.code == "weak_passphrase"
    with pytest.raises(UserError) as refused:
        passphrases.prove(workspace, NEW)
    assert refused.value.code == "wrong_passphrase"
    passphrases.prove(workspace, OLD)
    workspace, another = passphrases.change(workspace, NEW)
    assert workspace.store.check() == []
    assert workspace.store.old_key_copies() == [copy]  # the store under the old key is gone, its backup is named
    workspace.close()
    assert shared_pages(before, (folder / "kcdesk.db").read_bytes()) == 0
    assert [opens(folder, secret) for secret in (OLD, NEW, code, another)] == [False, True, False, True]
    assert [opens(copy, secret) for secret in (OLD, NEW)] == [True, False]
    (folder / "key.json").write_bytes(header)
    with pytest.raises(UserError) as refused:
        opening.open_workspace(folder, OLD)
    assert refused.value.code == "foreign_key"


def shared_pages(before, after):
    """How many pages of 4 kB stand in both files."""
    pages = [{content[start : start + 4096] for start in range(0, len(content), 4096)} for content in (before, after)]
    return len(pages[0] & pages[1])


def test_a_new_recovery_code_takes_the_old_ones_place(real):
    folder, code = real
    workspace = opening.open_workspace(folder, code)
    assert passphrases.is_recovery_code(folder, code.lower())
    assert not passphrases.is_recovery_code(folder, OLD)
    another = passphrases.new_recovery_code(workspace)
    workspace.close()
    assert not passphrases.is_recovery_code(folder, code)
    assert [opens(folder, secret) for secret in (code, another, OLD)] == [False, True, True]


def test_the_command_changes_the_passphrase_and_prints_no_secret_but_a_new_code(real, capsys, monkeypatch):
    folder, code = real
    call = ["--store", str(folder), "--json", "passphrase"]

    def run(secret, *words, status=0):
        monkeypatch.setenv("KCDESK_PASSPHRASE", secret)
        assert main([*call, *words]) == status
        printed = capsys.readouterr().out
        assert OLD not in printed
        assert NEW not in printed
        return json.loads(printed)

    monkeypatch.setattr("sys.stdin", io.StringIO())
    assert run(OLD, status=1)["error"]["code"] == "no_passphrase"
    monkeypatch.setenv("KCDESK_NEW_PASSPHRASE", "ngắn")
    assert run(OLD, status=1)["error"]["code"] == "weak_passphrase"
    monkeypatch.setenv("KCDESK_NEW_PASSPHRASE", NEW)
    assert run("sai", status=1)["error"]["code"] == "wrong_passphrase"
    by_code = run(code)["recovery_code"]  # whoever forgot the passphrase is given another code
    assert [opens(folder, secret) for secret in (code, by_code, NEW)] == [False, True, True]
    monkeypatch.setenv("KCDESK_NEW_PASSPHRASE", OLD)
    assert run(NEW)["recovery_code"] != by_code


def test_a_typed_passphrase_is_typed_twice(real, capsys, monkeypatch):
    folder, _ = real
    monkeypatch.setenv("KCDESK_PASSPHRASE", OLD)
    typed = iter([NEW, "khác hẳn rồi", NEW, NEW])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("getpass.getpass", lambda _prompt: next(typed))
    assert main(["--store", str(folder), "passphrase"]) == 1
    assert "chưa giống nhau" in capsys.readouterr().err
    assert main(["--store", str(folder), "passphrase"]) == 0
    assert "Đã đổi mật khẩu" in capsys.readouterr().out
    assert opens(folder, NEW)


def test_a_practice_store_has_no_passphrase(tmp_path, capsys):
    workspace, _ = opening.create_workspace(tmp_path, practice_answers())
    workspace.close()
    assert main(["--store", str(tmp_path), "passphrase"]) == 1
    assert "không có mật khẩu" in capsys.readouterr().err


def test_a_backup_goes_beside_the_store_or_where_it_is_told(real, tmp_path, capsys, monkeypatch):
    folder, _ = real
    monkeypatch.setenv("KCDESK_PASSPHRASE", OLD)
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / "khác.txt").write_text("x", encoding="utf-8")

    def run(*words):
        assert main(["--store", str(folder), "--json", "backup", *words]) == 0
        return json.loads(capsys.readouterr().out)

    beside, inside, named = run(), run(str(stick)), run(str(stick / "mới"))
    assert beside["backup"].startswith(str(folder / "backups"))
    assert inside["backup"].startswith(str(stick / "kcdesk_TTKC-MAU_"))
    assert named["backup"] == str(stick / "mới")
    for made in (beside, inside, named):
        assert made["records"] == 1
        assert main(["--store", str(folder), "restore", made["backup"], "--dry-run"]) == 0
    assert main(["--store", str(folder), "backup", str(stick / "khác.txt")]) == 1
    assert "khác.txt" in capsys.readouterr().err
    drive = tmp_path / "drive"
    drive.mkdir()
    monkeypatch.setattr(os.path, "ismount", lambda path: str(path) == str(drive))  # E:/ cannot be renamed
    assert run(str(drive))["backup"].startswith(str(drive / "kcdesk_TTKC-MAU_"))

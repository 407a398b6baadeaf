"""A file on a stick is the old one or the new one, never half of one."""

import ast
import errno
import io
import os
from pathlib import Path

import pytest

from kcdesk import placing
from kcdesk.errors import KnownError, UserError


def unseen(_path):
    """Nothing to verify."""


def test_a_file_gets_its_name_when_it_is_whole(tmp_path):
    path = tmp_path / "gói.xlsx"

    digest = placing.place(path, lambda file: file.write(b"new"), unseen)

    assert path.read_bytes() == b"new"
    assert digest == placing.digest(path)
    assert list(tmp_path.iterdir()) == [path]


def test_what_fails_on_the_way_leaves_the_old_file_and_nothing_beside_it(tmp_path):
    path = tmp_path / "gói.xlsx"
    path.write_bytes(b"old")

    def fill(file):
        file.write(b"half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        placing.place(path, fill, unseen)

    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_copy_that_does_not_verify_never_replaces_the_old_file(tmp_path):
    path = tmp_path / "gói.xlsx"
    path.write_bytes(b"old")

    def refuse(beside):
        raise placing.unverified(beside)

    with pytest.raises(KnownError) as refused:
        placing.place(path, lambda file: file.write(b"new"), refuse)

    assert refused.value.code == "not_verified"
    assert path.read_bytes() == b"old"


def test_what_a_killed_program_left_on_the_stick_is_swept(tmp_path):
    left, others = tmp_path / ".cũ.xlsx.kcdesk-part", tmp_path / ".phim.mkv.part"
    running = tmp_path / ".đang ghi.xlsx.kcdesk-part"
    for path in (left, others, running):
        path.write_bytes(b"half")
    for path in (left, others):
        os.utime(path, (0, 0))

    placing.place(tmp_path / "gói.xlsx", lambda file: file.write(b"new"), unseen)

    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([others.name, running.name, "gói.xlsx"])


def test_a_full_disk_is_named(tmp_path):
    resource = pytest.importorskip("resource", reason="a limit on file sizes stands in for the full disk")
    path = tmp_path / "gói.xlsx"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(KnownError) as refused:
            placing.place(path, lambda file: file.write(bytes(5000)), unseen)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert refused.value.code == "disk_full"
    assert list(tmp_path.iterdir()) == []


def test_a_stick_that_is_gone_is_named(tmp_path):
    with pytest.raises(KnownError) as refused:
        placing.place(tmp_path / "E" / "gói.xlsx", lambda file: file.write(b"x"), unseen)

    assert refused.value.code == "no_folder"


def test_a_file_that_another_program_holds_is_named(tmp_path):
    def fill(_beside):
        raise PermissionError

    with pytest.raises(KnownError) as refused:
        placing.place(tmp_path / "gói.xlsx", fill, unseen)

    assert refused.value.code == "file_locked"


def test_a_folder_in_the_place_of_the_file_is_a_sentence(tmp_path):
    (tmp_path / "gói.xlsx").mkdir()

    with pytest.raises(UserError) as refused:
        placing.place(tmp_path / "gói.xlsx", lambda file: file.write(b"x"), unseen)

    assert (refused.value.code, "là một thư mục" in refused.value.message) == ("not_a_file", True)


class Stick(placing.Disk):
    """A real folder whose disk goes away after so many steps: from then on everything that touches it fails."""

    def __init__(self, steps: int) -> None:
        self.left = steps
        self.done = 0

    def step(self) -> None:
        self.done += 1
        self.left -= 1
        if self.left < 0:
            raise OSError(errno.ENODEV, "the stick is gone")

    def create(self, path: Path):
        self.step()
        return Watched(io.FileIO(path, "wb"), self)

    def sync(self, file) -> None:
        self.step()
        super().sync(file)

    def replace(self, temporary: Path, path: Path) -> None:
        self.step()
        super().replace(temporary, path)

    def sync_folder(self, folder: Path) -> None:
        self.step()
        super().sync_folder(folder)

    def open(self, path: Path):
        self.step()
        return Watched(io.FileIO(path, "rb"), self)


class Watched(io.BufferedIOBase):
    """An unbuffered file of the stick: every write reaches it, or half of the last one does."""

    def __init__(self, raw: io.FileIO, stick: Stick) -> None:
        self.raw_file, self.stick = raw, stick

    def write(self, content) -> int:
        try:
            self.stick.step()
        except OSError:
            self.raw_file.write(bytes(content)[: len(content) // 2])
            raise
        return self.raw_file.write(content)

    def read(self, size: int = -1) -> bytes:
        self.stick.step()
        return self.raw_file.read(size)

    def fileno(self) -> int:
        return self.raw_file.fileno()

    def close(self) -> None:
        self.raw_file.close()
        super().close()


def fill_in_pieces(file) -> None:
    for piece in (b"the ", b"new ", b"file"):
        file.write(piece)


def code_of(act):
    try:
        act()
    except KnownError as refused:
        return refused.code
    return ""


@pytest.mark.parametrize("old", [b"", b"the old file"])
def test_a_stick_pulled_at_any_step_leaves_the_old_file_or_the_new_one(tmp_path, old):
    whole = Stick(1_000)
    placing.place(tmp_path / "whole.xlsx", fill_in_pieces, unseen, whole)
    assert whole.done > 8

    refusals = 0
    for steps in range(whole.done):
        path = tmp_path / f"{steps}.xlsx"
        if old:
            path.write_bytes(old)
        code = code_of(lambda path=path, steps=steps: placing.place(path, fill_in_pieces, unseen, Stick(steps)))
        refusals += bool(code)
        assert code in ("", "write_failed")
        # A refused file is not left complete.
        assert (path.read_bytes() if path.exists() else b"") == (old if code else b"the new file")

    assert 0 < refusals < whole.done
    assert not list(tmp_path.glob(".*"))


def test_a_stick_pulled_after_the_last_write_is_said_with_what_to_do(tmp_path):
    folder = tmp_path / "E"
    folder.mkdir()

    class Pulled(placing.Disk):
        """The stick goes away with the new file on it."""

        def sync_folder(self, folder):
            folder.rename(folder.with_name("pulled"))

    with pytest.raises(KnownError) as refused:
        placing.place(folder / "gói.xlsx", lambda file: file.write(b"new"), unseen, Pulled())

    assert (refused.value.code, "xoá tệp đó" in refused.value.hint) == ("stick_gone", True)
    assert [path.name for path in (tmp_path / "pulled").iterdir()] == ["gói.xlsx"]


def test_a_file_that_the_system_cuts_at_any_length_never_gets_the_name(tmp_path):
    resource = pytest.importorskip("resource", reason="a limit on file sizes stands in for the full disk")
    path = tmp_path / "gói.xlsx"
    path.write_bytes(b"old")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    for size in range(len(b"the new file")):
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
        try:
            with pytest.raises(KnownError) as refused:
                placing.place(path, fill_in_pieces, unseen)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        assert refused.value.code == "disk_full"
        assert path.read_bytes() == b"old"


def test_what_is_read_back_otherwise_is_not_called_checked(tmp_path):
    class Worn(placing.Disk):
        """A worn stick: what was renamed reads differently."""

        def sync_folder(self, folder):
            (folder / "gói.xlsx").write_bytes(b"nev")

    with pytest.raises(KnownError) as refused:
        placing.place(tmp_path / "gói.xlsx", lambda file: file.write(b"new"), unseen, Worn())

    assert refused.value.code == "not_verified"
    assert list(tmp_path.iterdir()) == []


def test_a_paper_goes_the_same_way_and_wants_its_room_first(tmp_path, monkeypatch):
    path = tmp_path / "biên bản.pdf"
    placing.save(b"old", path)
    usage = placing.shutil.disk_usage(tmp_path)
    monkeypatch.setattr(placing.shutil, "disk_usage", lambda _folder: usage._replace(free=100_000))
    placing.save(b"new", path)

    with pytest.raises(KnownError) as refused:
        placing.save(bytes(90_000), path)

    assert refused.value.code == "disk_full"
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_paper_that_the_stick_did_not_keep_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr(placing.Disk, "open", lambda _disk, path: io.BytesIO(path.name.encode()))

    with pytest.raises(KnownError) as refused:
        placing.save(b"new", tmp_path / "biên bản.pdf")

    assert refused.value.code == "not_verified"


def test_an_own_file_is_private_and_stays_old_when_the_disk_gives_out_at_any_step(tmp_path, monkeypatch):
    path = tmp_path / "key.json"
    placing.keep_own(path, b"old")
    assert path.stat().st_mode & 0o077 == 0 or placing.os.name == "nt"
    states, steps, is_done = set(), 0, False
    while not is_done:
        placing.keep_own(path, b"old")
        with monkeypatch.context() as patch:
            stick = Stick(steps)
            patch.setattr(placing, "Disk", lambda _stick=stick: _stick)
            try:
                placing.keep_own(path, b"the new file")
            except OSError:
                pass
            else:
                is_done = True
        states.add(path.read_bytes())
        assert list(tmp_path.iterdir()) == [path]
        steps += 1
    assert states == {b"old", b"the new file"}
    assert steps > 4


def test_a_move_is_on_the_disk_in_both_folders(tmp_path, monkeypatch):
    synced = []
    monkeypatch.setattr(placing.Disk, "sync_folder", lambda _disk, folder: synced.append(folder))
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    (tmp_path / "a" / "x").write_bytes(b"x")
    placing.move(tmp_path / "a" / "x", tmp_path / "b" / "x")
    assert (tmp_path / "b" / "x").read_bytes() == b"x"
    assert synced == [tmp_path / "b", tmp_path / "a"]


# Renames in a function that does not wait for the folder itself, and why nothing is lost with them.
_SYNCED_LATER = {
    "kcdesk/services/updating/program_folder.py:_put": "its caller waits for the folder after all programs",
    "kcdesk/services/updating/program_folder.py:_forget_older": "a version that nobody goes back to is being deleted",
    "kcdesk/ui/toolkit/lines_table.py:replace_line": "no file: a line",
}


def _renames(call):
    """Whether a call renames a file: `path.rename(…)`, `path.replace(target)`, which has one argument, `os.replace`."""
    name = "" if call.keywords else getattr(call.func, "attr", "")
    is_of_os = isinstance(call.func, ast.Attribute) and getattr(call.func.value, "id", "") == "os"
    return (name == "rename" and len(call.args) <= 2) or (name == "replace" and (is_of_os or len(call.args) == 1))


def test_whoever_renames_waits_for_the_folder():
    root = Path(placing.__file__).parent
    careless = set()
    for path in root.rglob("*.py"):
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(function, ast.FunctionDef) and path.name != "placing.py":
                calls = [node for node in ast.walk(function) if isinstance(node, ast.Call)]
                syncs = any(getattr(call.func, "attr", "") == "sync_folder" for call in calls)
                if any(map(_renames, calls)) and not syncs:
                    careless.add(f"{path.relative_to(root.parent).as_posix()}:{function.name}")
    assert careless == set(_SYNCED_LATER)

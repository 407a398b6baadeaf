"""A new key for the whole store: interrupted anywhere it is the old store or the new one, and old keys open nothing."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from kcdesk.errors import KnownError, UserError
from kcdesk.placing import Disk
from kcdesk.services.maintenance import opening, passphrases
from kcdesk.store.copies import kept_copies, thinning
from kcdesk.store.database import key
from kcdesk.store.database.db import Connection
from tests.attacks.test_store_files import ANSWERS, SECRET, titles
from tests.examples import IS_LONG
from tests.services.samples import new

NEW = "bảy cây cầu nhỏ"
PLANTED = b"planted words of an attachment " * 400


class Cut(BaseException):
    """The power fails."""


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real store with a proposal and an attachment."""
    folder = tmp_path_factory.mktemp("sealed") / "store"
    workspace, _ = opening.create_workspace(folder, opening.NewStore(**ANSWERS, practice=False, passphrase=SECRET))
    new(workspace, "proposal", title="Máy cưa")
    workspace.store.files.add(PLANTED, "a.txt")
    workspace.close()
    return folder


@pytest.fixture
def copies(sealed: Path, tmp_path: Path) -> Iterator[Path]:
    """Copies of the store without end."""
    return (Path(shutil.copytree(sealed, tmp_path / f"copy{number}")) for number in range(1000))


def which_opens(folder: Path) -> list[str]:
    """The secrets that open the store; it holds its proposal, and `check` finds nothing."""
    opened = []
    for secret in (SECRET, NEW):
        with suppress(UserError):
            opened += [secret] if titles(folder, secret) == ["Máy cưa"] else []
    return opened


def test_cut_at_every_operation_it_is_the_old_store_or_the_new(
    copies: Iterator[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the n-th time that a file is synced, a folder synced, a name changed: for every n."""
    left, outcomes = [0], []

    def cut_before(original):  # type: ignore[no-untyped-def]
        def operation(*arguments):  # type: ignore[no-untyped-def]
            left[0] -= 1
            if left[0] == 0:
                raise Cut
            return original(*arguments)

        return operation

    for number in range(1, 200, 1 if IS_LONG else 3):
        folder = next(copies)
        workspace = opening.open_workspace(folder, SECRET)
        left[0] = number
        with monkeypatch.context() as patch:
            for owner, name in ((Disk, "sync"), (Disk, "sync_folder"), (Path, "rename"), (Path, "replace")):
                patch.setattr(owner, name, cut_before(getattr(owner, name)))
            try:
                passphrases.change(workspace, NEW)[0].close()
                done = True
            except Cut:
                done = False
        workspace.close()
        (opened,) = which_opens(folder)
        outcomes.append(opened)
        if done:
            break
    assert outcomes == sorted(outcomes, key=[SECRET, NEW].index)  # old up to one moment, new from there on
    assert {SECRET, NEW} == set(outcomes)
    assert len(outcomes) > (10 if IS_LONG else 3)


def test_a_full_disk_leaves_the_store_under_its_old_key(
    copies: Iterator[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = next(copies)
    workspace = opening.open_workspace(folder, SECRET)
    usage = shutil.disk_usage(folder)._replace(free=1000)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda _: usage)
        with pytest.raises(KnownError) as refused:
            passphrases.change(workspace, NEW)
    assert refused.value.code == "disk_full"
    assert workspace.store.check() == []
    workspace.close()
    assert which_opens(folder) == [SECRET]


def test_the_old_key_opens_neither_database(copies: Iterator[Path]) -> None:
    folder = next(copies)
    old = key.unlock(folder, SECRET)
    workspace, code = passphrases.change(opening.open_workspace(folder, SECRET), NEW)
    (kept,) = [file for file in (workspace.store.files.connection(),) if file]
    assert bytes(kept.value("SELECT content FROM file")) == PLANTED
    workspace.close()
    for name in ("kcdesk.db", "files.db"):
        with pytest.raises(UserError):
            Connection(folder / name, old)
        assert PLANTED[:30] not in (folder / name).read_bytes()
    assert not list((folder / "backups").glob("*/kcdesk.db"))
    assert titles(folder, code) == ["Máy cưa"]


def test_copies_under_the_old_key_are_named_and_removed_after_a_new_one(copies: Iterator[Path], tmp_path: Path) -> None:
    folder, stick = next(copies), tmp_path / "stick"
    workspace = opening.open_workspace(folder, SECRET)
    near, outside = workspace.store.backup(), workspace.store.backup(stick / "copy")
    stranger = Path(shutil.copytree(next(copies), stick / "stranger"))
    header = (stranger / "key.json").read_text(encoding="utf-8").replace(key.name_of(stranger), "0123456789abcdef")
    (stranger / "key.json").write_text(header, encoding="utf-8")
    workspace, _ = passphrases.change(workspace, NEW)
    for copy in (near, outside):  # another passphrase is no damage, and nothing is noted of the copy
        with pytest.raises(UserError) as refused:
            workspace.store.copies.prove(copy)
        assert refused.value.code == "other_key"
    assert [copy.problem for copy in workspace.store.copies.listed() if copy.folder == near] == [""]
    everywhere = [outside, stranger]
    assert workspace.store.old_key_copies(everywhere) == [near, outside]
    assert "1 bản sao lưu cũ" in passphrases.about_old_copies(workspace)
    with kept_copies.alone(near.parent), pytest.raises(KnownError) as waited:  # the pages of a new copy are not listed
        thinning.remove_copies([near])
    assert (waited.value.code, near.exists()) == ("copies_in_use", True)
    assert passphrases.remove_old_copies(workspace, [near, outside, stranger]) == 2
    assert stranger.exists()
    (fresh,) = (path for path in (folder / "backups").iterdir() if path.name != "pages")
    used = kept_copies.used_packs(folder / "backups")
    assert {path.stem for path in (folder / "backups" / "pages").glob("*.*")} == used  # no page of the old key is left
    workspace.close()
    assert titles(fresh, NEW) == ["Máy cưa"]


class Stop(Exception):  # noqa: N818 - as the window's: it is no error
    """Raised by the progress."""


def test_it_says_how_far_it_is_and_can_be_stopped_until_it_is_done(copies: Iterator[Path]) -> None:
    folder = next(copies)
    workspace = opening.open_workspace(folder, SECRET)
    before = sorted(path.name for path in folder.iterdir() if path.is_dir())
    reported: list[tuple[int, int]] = []

    def stop_late(done: int, total: int, _text: str = "", /) -> None:
        reported.append((done, total))
        if done > total // 2:
            raise Stop

    with pytest.raises(Stop):
        passphrases.change(workspace, NEW, stop_late)
    assert sorted(path.name for path in folder.iterdir() if path.is_dir()) == before  # nothing of the new store is left
    new(workspace, "task", title="Vẫn làm tiếp được")  # the store is open as before
    reported.clear()
    changed, _ = passphrases.change(workspace, NEW, lambda done, total, _text="": reported.append((done, total)))
    changed.close()
    amounts, totals = [done for done, _ in reported], {total for _, total in reported}
    assert amounts == sorted(amounts)
    assert totals == {amounts[-1]}
    assert which_opens(folder) == [NEW]

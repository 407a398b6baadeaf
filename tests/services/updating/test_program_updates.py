"""Updates from a file: a signed one is laid beside the present version after a copy; any other is refused."""

import json
import os
import zipfile
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

import kcdesk
from kcdesk.errors import KnownError, UserError
from kcdesk.services.updating.program_updates import ProgramUpdates
from tests.services.updating.signed_updates import SYSTEM, UpdateMaker, key_of

PRIVATE = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
STRANGER = Ed25519PrivateKey.from_private_bytes(b"s" * 32)


@pytest.fixture
def folder(tmp_path):
    """The folder of a program of version 0.1.0, on a stick with the store beside it."""
    folder = tmp_path / "kcdesk"
    for name, content in {
        "kcdesk": "program 0.1.0",
        "kcdesk-0.1.0/modules.pyz": "old",
        "kcdesk-data/kcdesk.db": "s",
    }.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, encoding="utf-8")
    if os.name == "posix":  # on Windows it is a program of its own
        (folder / "kcdesk-cli").symlink_to("kcdesk")
    return folder


def _updates(folder, version="0.1.0"):
    return ProgramUpdates(folder, version, [key_of(PRIVATE)], SYSTEM)


def _listed(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_an_update_is_laid_beside_the_present_version(folder, tmp_path, workspace):
    file = UpdateMaker(PRIVATE).write(tmp_path / "moi.kcupdate")
    preview = _updates(folder).preview(file)
    assert (preview.version, preview.present, preview.released) == ("0.2.0", "0.1.0", date(2026, 12, 1))
    assert preview.notes == ("Nhanh hơn.",)
    done = _updates(folder).install(file, workspace)
    files = _listed(folder)
    programs = ("kcdesk", "kcdesk-cli") if os.name == "posix" else ("kcdesk",)
    assert {files[name] for name in programs} == {b"program 0.2.0"}
    assert files["kcdesk-0.2.0/forms/proposal.toml"] == b"form"
    assert files["kcdesk-0.1.0/modules.pyz"] == b"old"
    assert files["kcdesk-data/kcdesk.db"] == b"s"
    assert not list(folder.glob("*.part"))
    copies = {copy.folder: copy for copy in workspace.store.copies.listed()}
    assert copies[done.backup].is_sound
    assert copies[done.backup].reason == "update"


def test_going_back_and_forth(folder, tmp_path):
    before = _listed(folder)
    _updates(folder).install(UpdateMaker(PRIVATE).write(tmp_path / "a.kcupdate"), None)
    updated = _updates(folder, "0.2.0")
    assert updated.former().version == "0.1.0"
    assert updated.go_back().version == "0.1.0"
    now = _listed(folder)
    assert {name: now[name] for name in before} == before
    assert _updates(folder).former().version == "0.2.0"
    assert _updates(folder).go_back().version == "0.2.0"
    assert _listed(folder)["kcdesk"] == b"program 0.2.0"


def test_only_the_last_version_is_kept(folder, tmp_path):
    _updates(folder).install(UpdateMaker(PRIVATE).write(tmp_path / "a.kcupdate"), None)
    _updates(folder, "0.2.0").install(UpdateMaker(PRIVATE, "0.3.0").write(tmp_path / "b.kcupdate"), None)
    assert sorted(path.name for path in folder.glob("kcdesk-0*")) == ["kcdesk-0.2.0", "kcdesk-0.3.0"]
    assert (folder / "kcdesk-data" / "kcdesk.db").exists()
    assert _updates(folder, "0.3.0").former().version == "0.2.0"


def test_an_update_that_was_interrupted_does_not_stand_in_the_way_of_the_next(folder, tmp_path):
    (folder / "kcdesk-update.part" / "kcdesk-0.2.0").mkdir(parents=True)
    (folder / "kcdesk-update.part" / "kcdesk-0.2.0" / "modules.pyz").write_bytes(b"half")
    done = _updates(folder).install(UpdateMaker(PRIVATE).write(tmp_path / "a.kcupdate"), None)
    assert done.preview.version == "0.2.0"
    assert _listed(folder)["kcdesk-0.2.0/modules.pyz"] == b"modules"
    assert not (folder / "kcdesk-update.part").exists()


def test_a_version_that_another_window_holds_goes_with_a_later_update(folder, tmp_path):
    _updates(folder).install(UpdateMaker(PRIVATE).write(tmp_path / "a.kcupdate"), None)
    with (folder / "kcdesk-0.1.0" / "held.dll").open("wb"):  # Windows does not remove an open file
        _updates(folder, "0.2.0").install(UpdateMaker(PRIVATE, "0.3.0").write(tmp_path / "b.kcupdate"), None)
    _updates(folder, "0.3.0").install(UpdateMaker(PRIVATE, "0.4.0").write(tmp_path / "c.kcupdate"), None)
    assert sorted(path.name for path in folder.glob("kcdesk-[0u]*")) == ["kcdesk-0.3.0", "kcdesk-0.4.0"]


def test_without_an_earlier_version_there_is_nothing_to_go_back_to(folder):
    for ask in (_updates(folder).former, _updates(folder).go_back):
        with pytest.raises(UserError) as caught:
            ask()
        assert caught.value.code == "no_former_version"


REFUSED = {
    "older": (UpdateMaker(PRIVATE, "0.0.9"), "older_update"),
    "the same": (UpdateMaker(PRIVATE, "0.1.0"), "older_update"),
    "the same, longer": (UpdateMaker(PRIVATE, "0.1"), "older_update"),
    "other product": (UpdateMaker(PRIVATE, values={"product": "khac"}), "other_product"),
    "other system": (UpdateMaker(PRIVATE, values={"system": "windows-x86_64"}), "other_system"),
    "newer form": (UpdateMaker(PRIVATE, values={"format": 2}), "newer_update"),
    "unknown key": (UpdateMaker(PRIVATE, key_name=b"abcdefgh"), "unknown_publisher"),
    "key of a stranger under our name": (UpdateMaker(STRANGER), "broken_update"),
    "changed content": (UpdateMaker(PRIVATE, contents={"files/kcdesk": b"program 0.2.X"}), "broken_update"),
    "longer content": (UpdateMaker(PRIVATE, contents={"files/kcdesk": b"program 0.2.0 and more"}), "broken_update"),
    "shorter content": (UpdateMaker(PRIVATE, contents={"files/kcdesk": b""}), "broken_update"),
    "one file more": (UpdateMaker(PRIVATE, contents={"files/kcdesk-0.2.0/more": b"x"}), "broken_update"),
    "changed manifest": (UpdateMaker(PRIVATE, contents={"update.json": b"{}"}), "broken_update"),
    "no signature": (UpdateMaker(PRIVATE, contents={"update.json.minisig": b""}), "broken_update"),
    "no manifest of ours": (UpdateMaker(PRIVATE, values={"files": []}), "broken_update"),
    "no number": (UpdateMaker(PRIVATE, values={"version": "mới"}), "broken_update"),
    **{
        f"file at {name}": (UpdateMaker(PRIVATE, files={"kcdesk": b"p", name: b"x"}), "broken_update")
        for name in (
            *("../x", "/x", "kcdesk-data/kcdesk.db", "kcdesk-0.2.0/../x", "kcdesk-0.2.0/a:b", "kcdesk-0.2.0/x. "),
            *("kcdesk-0.2.0", "kcdesk-0.1.0/modules.pyz", "kcdesk-0.2.0//x", "KCDESK-0.2.0/x", "kcdesk-0.2.0/a\\b"),
        )
    },
}


def test_whatever_is_wrong_is_refused_and_changes_nothing(folder, tmp_path):
    before = _listed(folder)
    for case, (maker, code) in REFUSED.items():
        file = maker.write(tmp_path / "x.kcupdate")
        with pytest.raises(UserError) as caught:
            _updates(folder).install(file, None)
        assert caught.value.code == code, case
        assert caught.value.hint, case
        assert _listed(folder) == before, case


def test_what_is_no_update_is_refused(folder, tmp_path):
    empty, text, other = tmp_path / "a", tmp_path / "b", tmp_path / "c"
    empty.write_bytes(b"")
    text.write_text("kcdesk" * 100, encoding="utf-8")
    with zipfile.ZipFile(other, "w") as made:
        made.writestr("xl/workbook.xml", json.dumps({}))
    whole = UpdateMaker(PRIVATE).write(tmp_path / "d").read_bytes()
    torn = tmp_path / "e"
    torn.write_bytes(whole[: len(whole) // 2])
    for file in (empty, text, other, torn):
        with pytest.raises(UserError) as caught:
            _updates(folder).preview(file)
        assert caught.value.code == "no_update", file.name


def test_a_program_that_cannot_be_replaced_leaves_all_as_before(folder, tmp_path):
    (folder / "kcdesk-0.1.0" / "programs" / "kcdesk").mkdir(parents=True)  # what stands in the way of the first move
    (folder / "kcdesk-0.1.0" / "programs" / "kcdesk" / "x").touch()
    with pytest.raises(KnownError) as caught:
        _updates(folder).install(UpdateMaker(PRIVATE).write(tmp_path / "a.kcupdate"), None)
    assert caught.value.code == "programs_held"
    assert (folder / "kcdesk").read_bytes() == b"program 0.1.0"
    again = _updates(folder).install(UpdateMaker(PRIVATE).write(tmp_path / "a.kcupdate"), None)
    assert again.preview.version == "0.2.0"
    assert (folder / "kcdesk").read_bytes() == b"program 0.2.0"


@pytest.mark.skipif(os.name == "nt", reason="Windows replaces no program that runs: it must be renamed before")
def test_whenever_the_power_fails_a_program_starts(folder, tmp_path, monkeypatch):
    """Before the n-th change of a name, at an update and on the way back."""
    file = UpdateMaker(PRIVATE).write(tmp_path / "a.kcupdate")
    changes = [0]

    class PowerCut(BaseException):
        """The power fails."""

    def counted(change):
        def changed(*names):
            changes[0] -= 1
            if changes[0] == 0:
                raise PowerCut
            return change(*names)

        return changed

    for owner, name in ((Path, "rename"), (Path, "replace"), (os, "replace")):
        monkeypatch.setattr(owner, name, counted(getattr(owner, name)))
    acts = [lambda: _updates(folder).install(file, None), lambda: _updates(folder, "0.2.0").go_back()]
    for act in acts:
        for number in range(1, 100):
            changes[0] = number
            with suppress(PowerCut):
                act()
                break
            version = (folder / "kcdesk").read_text("utf-8").removeprefix("program ")
            assert (folder / f"kcdesk-{version}" / "modules.pyz").is_file()
        assert number > 1  # it was cut at least once


def test_the_program_takes_updates_of_its_publisher_only():
    from kcdesk.exchange.updates import update_file

    keys = update_file.shipped_keys()
    assert len(keys) >= 1
    assert all(len(key.content) == 32 for key in keys)
    assert key_of(PRIVATE).name not in {key.name for key in keys}


def test_notes_of_every_version_are_there():
    from kcdesk.services.updating import release_notes

    versions = release_notes.all_versions()
    assert versions[0].version == kcdesk.__version__
    assert all(version.notes for version in versions)
    assert release_notes.news_since("") == []
    assert release_notes.news_since(kcdesk.__version__) == []
    assert next(version.version for version in release_notes.news_since("0.0.1")) == kcdesk.__version__


def test_the_page_of_help_has_the_notes_of_every_version():
    from kcdesk import paths
    from kcdesk.services.updating import release_notes

    page = (paths.resources() / "help" / "pages" / "news.md").read_text(encoding="utf-8")
    for version in release_notes.all_versions():
        assert f"## Bản {version.version}\n" in page
        assert [note for note in version.notes if f"- {note}\n" not in page] == []

"""Rules that were edited, torn or planted on the disk are noticed, and the genuine ones are used."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kcdesk import paths, placing
from kcdesk.cli.program import main
from kcdesk.errors import KnownError
from kcdesk.services.maintenance import opening
from kcdesk.services.rulebook import genuine, installed, updates
from kcdesk.services.rules import norm_lookup
from kcdesk.services.workspace import Workspace
from tests.examples import chosen
from tests.services.rulebook.test_updates import PROVINCE
from tests.services.samples import CEILINGS, practice_answers

NAMED = "Tệp quy định trên đĩa bị sửa hoặc hỏng"


@pytest.fixture(scope="module")
def province_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A department that has signed a ceiling of 50 % and 250 million for a province that had none."""
    parent = tmp_path_factory.mktemp("genuine")
    opening.create(parent / "store", practice_answers(level="province", code="SCT", province=PROVINCE))
    (parent / "new" / "norms").mkdir(parents=True)
    (parent / "new" / "norms" / "lang_son.toml").write_text(CEILINGS, "utf-8")
    workspace = opening.open_workspace(parent / "store")
    updates.pack(workspace, parent / "new", parent / "Quy định.xlsx")
    workspace.close()
    opening.open_workspace(parent / "store").close()
    return parent / "store"


@pytest.fixture
def store(province_store: Path, tmp_path: Path) -> Path:
    """A copy that was opened once at its place, where its rules were put together."""
    folder = Path(shutil.copytree(province_store, tmp_path / "store"))
    opening.open_workspace(folder).close()
    return folder


def ceiling(workspace: Workspace) -> int:
    found = norm_lookup.norm_for_words(
        workspace.forms, programme="local", activity="machinery", on="5/3/2026", province="20", cost="700 triệu"
    )
    return int(found["amount"])


def seen(folder: Path) -> tuple[int, str]:
    """The ceiling of the opened store, and what the opening said."""
    workspace = opening.open_workspace(folder)
    try:
        return ceiling(workspace), " ".join(workspace.store.repairs)
    finally:
        workspace.close()


def test_genuine_rules_raise_no_doubt(store: Path) -> None:
    assert seen(store) == (250_000_000, "")


@pytest.mark.parametrize("where", ["0001/files/norms/lang_son.toml", "in-force/norms/lang_son.toml"])
def test_an_edited_ceiling_is_named_and_not_used_even_if_size_and_time_are_kept(store: Path, where: str) -> None:
    file = store / "rules" / where
    status = file.stat()
    file.write_text(file.read_text("utf-8").replace("250_000_000", "950_000_000"), "utf-8")
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns))
    amount, sentence = seen(store)
    assert amount == 250_000_000
    assert NAMED in sentence
    assert "norms/lang_son.toml" in sentence
    assert seen(store) == (250_000_000, "")


@pytest.mark.parametrize("name", chosen(("norms/lang_son.toml",), ["law.toml", "norms/lang_son.toml", "workflow.toml"]))
def test_what_a_power_cut_tore_is_put_together_again(store: Path, name: str) -> None:
    torn = store / "rules" / "in-force" / name
    torn.write_bytes(b"\0" * torn.stat().st_size)
    amount, sentence = seen(store)
    assert (amount, name in sentence) == (250_000_000, True)
    assert seen(store) == (250_000_000, "")


def test_lost_added_and_torn_files_of_an_update_are_put_right(store: Path) -> None:
    files = store / "rules" / "0001" / "files"
    (files / "norms" / "lang_son.toml").unlink()
    (files / "norms" / "extra.toml").write_text(CEILINGS.replace('"20"', '"01"'), "utf-8")
    assert seen(store)[0] == 250_000_000
    assert not (files / "norms" / "extra.toml").exists()
    shutil.rmtree(store / "rules")
    assert seen(store)[0] == 250_000_000


def test_a_planted_update_is_not_used(store: Path) -> None:
    planted = Path(shutil.copytree(store / "rules" / "0001", store / "rules" / "0002"))
    file = planted / "files" / "norms" / "lang_son.toml"
    file.write_text(file.read_text("utf-8").replace("250_000_000", "950_000_000"), "utf-8")
    amount, sentence = seen(store)
    assert amount == 250_000_000
    assert "chưa từng nhận qua chương trình (0002)" in sentence
    assert seen(store) == (250_000_000, "")


def test_updates_of_an_earlier_version_are_kept_as_they_are(store: Path) -> None:
    workspace = opening.open_workspace(store)
    workspace.store.forget_setting("rules_kept")
    workspace.close()
    assert seen(store) == (250_000_000, "")
    (store / "rules" / "0001" / "files" / "norms" / "lang_son.toml").write_text("x = 1", "utf-8")
    assert seen(store)[0] == 250_000_000


def test_whoever_tries_rules_says_so(store: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = store / "rules" / "in-force" / "norms" / "lang_son.toml"
    file.write_text(file.read_text("utf-8").replace("250_000_000", "350_000_000"), "utf-8")
    words = ["ceiling", "--programme", "local", "--activity", "machinery", "--on", "5/3/2026", "--province", "20"]
    assert main(["--store", str(store), "--edited-rules", *words]) == 0
    assert "350.000.000" in capsys.readouterr().out
    assert genuine.ALLOWED not in os.environ
    assert seen(store)[0] == 250_000_000


def test_an_installed_program_uses_its_copy_of_edited_shipped_rules(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shipped = Path(shutil.copytree(paths.forms(), tmp_path / "forms"))
    monkeypatch.setattr(paths, "forms", lambda: shipped)
    monkeypatch.setattr(genuine, "is_installed_program", lambda: True)
    assert seen(store) == (250_000_000, "")
    file = shipped / "workflow.toml"
    genuine_text = file.read_text("utf-8")
    file.write_text(f"{genuine_text}\n# sửa\n", "utf-8", newline="")
    _, sentence = seen(store)
    assert (NAMED in sentence, "workflow.toml" in sentence) == (True, True)
    assert (installed.base(store) / "workflow.toml").read_text("utf-8") == genuine_text
    assert (installed.folder_in_force(store) / "workflow.toml").read_text("utf-8") == genuine_text
    file.write_text(genuine_text, "utf-8", newline="")
    assert seen(store)[0] == 250_000_000
    assert installed.base(store) == shipped


def test_the_files_of_an_update_are_on_the_disk_before_it_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits, synced = os.fsync, set()

    def noted(handle: int) -> None:
        synced.add(os.fstat(handle).st_ino)
        waits(handle)

    monkeypatch.setattr(os, "fsync", noted)
    update = installed.put_in_place(installed.lay_beside(tmp_path, b"{}", {"norms/x.toml": b"x = 1"}))
    assert {path.stat().st_ino for path in update.rglob("*") if path.is_file()} <= synced


class Killed(BaseException):
    """The end of the program in the middle of an act: nothing may catch it."""


def cut(store: Path, act: Callable[[Workspace], object], monkeypatch: pytest.MonkeyPatch, *, moved: bool) -> None:
    """Begin an act with rules and end before or after a folder of rules is renamed."""
    rename = placing.move

    def last(source: Path, target: Path) -> None:
        if moved:
            rename(source, target)
        raise Killed

    workspace = opening.open_workspace(store)
    with monkeypatch.context() as patch:
        patch.setattr(placing, "move", last)
        with pytest.raises(Killed):
            act(workspace)
    workspace.close()


def halves(store: Path) -> list[str]:
    return sorted(path.name for path in (store / "rules").iterdir() if "-0" in path.name)


@pytest.mark.parametrize("moved", [False, True])
def test_a_killed_intake_of_rules_is_finished_at_the_next_opening(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moved: bool
) -> None:
    raised = {"norms/lang_son.toml": CEILINGS.replace("250_000_000", "260_000_000")}
    cut(store, lambda unit: updates.pack_texts(unit, raised, tmp_path / "r.xlsx"), monkeypatch, moved=moved)
    assert seen(store) == (260_000_000, "")
    assert halves(store) == []
    assert seen(store) == (260_000_000, "")


@pytest.mark.parametrize("moved", [False, True])
def test_rules_whose_taking_back_was_killed_are_in_force(
    store: Path, monkeypatch: pytest.MonkeyPatch, moved: bool
) -> None:
    cut(store, updates.undo_update, monkeypatch, moved=moved)
    assert seen(store) == (250_000_000, "")
    assert halves(store) == []


def test_a_disk_that_refuses_the_last_move_takes_the_act_back(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_source: Path, target: Path) -> None:
        raise PermissionError(13, "held", str(target))

    workspace = opening.open_workspace(store)
    with monkeypatch.context() as patch:
        patch.setattr(placing, "move", refused)
        with pytest.raises(KnownError):
            updates.pack_texts(workspace, {"norms/lang_son.toml": CEILINGS + "\n# lại"}, tmp_path / "r.xlsx")
    workspace.close()
    assert seen(store) == (250_000_000, "")
    assert halves(store) == []


def test_a_planted_half_is_never_in_force(store: Path) -> None:
    for name in ("new-0002", "gone-0003", "new-0001"):
        planted = Path(shutil.copytree(store / "rules" / "0001", store / "rules" / name))
        file = planted / "files" / "norms" / "lang_son.toml"
        file.write_text(file.read_text("utf-8").replace("250_000_000", "950_000_000"), "utf-8")
    (store / "rules" / "new-0004").write_bytes(b"no folder")
    assert seen(store) == (250_000_000, "")
    assert halves(store) == []
    shutil.move(store / "rules" / "0001", store / "rules" / "gone-0001")
    file = store / "rules" / "gone-0001" / "files" / "norms" / "lang_son.toml"
    file.write_text(file.read_text("utf-8").replace("250_000_000", "950_000_000"), "utf-8")
    amount, sentence = seen(store)
    assert (amount, NAMED in sentence) == (250_000_000, True)

"""Guessing passphrases: waits that survive a restart and lost notes, and a sentence for each kind of failure."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kcdesk import paths
from kcdesk.errors import UserError
from kcdesk.services.maintenance import opening
from kcdesk.store.database import recovery_code
from kcdesk.store.safety import attempts
from tests.attacks.test_store_files import ANSWERS, SECRET

WAITS = [0, 0, 10, 30, 60, 120, 300, 900, 900]  # seconds after the first, second … wrong try


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("sealed") / "store"
    workspace, code = opening.create_workspace(folder, opening.NewStore(**ANSWERS, practice=False, passphrase=SECRET))
    workspace.close()
    return folder, code


@pytest.fixture
def store(sealed: tuple[Path, str], tmp_path: Path) -> Path:
    return Path(shutil.copytree(sealed[0], tmp_path / "store"))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that the test turns: its only entry is the time."""
    time = [1_800_000_000.0]
    monkeypatch.setattr(attempts, "now", lambda: time[0])
    return time


def refusal(folder: Path, secret: str) -> UserError:
    with pytest.raises(UserError) as caught:
        opening.open_workspace(folder, secret)
    assert caught.value.hint
    return caught.value


def test_each_wrong_try_waits_longer_but_never_for_ever(store: Path, clock: list[float]) -> None:
    for number, wait in enumerate(WAITS, start=1):
        assert refusal(store, f"sai {number}").code == "wrong_passphrase"
        assert attempts.seconds_left(store) == wait
        if wait:
            early = refusal(store, SECRET)  # also the right one has to wait
            assert (early.code, str(number) in early.message) == ("too_many_tries", True)
        clock[0] += wait
    opening.open_workspace(store, SECRET).close()
    assert refusal(store, "sai").code == "wrong_passphrase"
    assert attempts.seconds_left(store) == 0  # the right one has ended the count


@pytest.mark.parametrize("lost", ["beside", "machine"])
def test_a_lost_note_does_not_save_the_wait(store: Path, clock: list[float], lost: str) -> None:
    for number in range(3):
        refusal(store, f"sai {number}")
    if lost == "beside":
        (store / "tries.json").unlink()
    else:
        shutil.rmtree(paths.machine_folder())
    assert refusal(store, SECRET).code == "too_many_tries"
    assert clock


def test_a_copied_folder_waits_too(store: Path, tmp_path: Path, clock: list[float]) -> None:
    for number in range(3):
        refusal(store, f"sai {number}")
    elsewhere = Path(shutil.copytree(store, tmp_path / "elsewhere"))
    assert refusal(elsewhere, SECRET).code == "too_many_tries"
    assert clock


def test_a_killed_process_has_tried_all_the_same(store: Path) -> None:
    script = (
        "import os, sys\nfrom pathlib import Path\nfrom kcdesk.store.database import key\n"
        "from kcdesk.store.safety import attempts\nkey.unlock = lambda *_: os._exit(9)\n"
        "attempts.unlock(Path(sys.argv[1]), 'sai')\n"
    )
    for _ in range(3):
        ended = subprocess.run([sys.executable, "-c", script, str(store)], env=dict(os.environ), check=False)
        assert ended.returncode == 9
    assert refusal(store, SECRET).code == "too_many_tries"


def test_a_clock_that_goes_back_begins_the_wait_anew(store: Path, clock: list[float]) -> None:
    for number in range(3):
        refusal(store, f"sai {number}")
    clock[0] -= 86_400
    assert refusal(store, SECRET).code == "clock_back"
    assert attempts.seconds_left(store) == WAITS[2]
    clock[0] += WAITS[2]
    opening.open_workspace(store, SECRET).close()


@pytest.mark.parametrize(
    "note", [b"", b"[", b"[9]", b'["9", 1]', b"[true, 1]", b"[9, 1e400]", b"[-4, 1]", b"x" * 10**6]
)
def test_a_note_that_nobody_can_read_locks_nobody_out(store: Path, note: bytes) -> None:
    (store / "tries.json").write_bytes(note)
    opening.open_workspace(store, SECRET).close()
    assert not (store / "tries.json").exists()


def test_a_misspelt_recovery_code_names_its_group_and_costs_no_wait(store: Path, sealed: tuple[Path, str]) -> None:
    groups = sealed[1].split("-")
    wrong = "AAAA" if groups[3] != "AAAA" else "BBBB"
    for _ in range(5):
        refused = refusal(store, "-".join([*groups[:3], wrong, *groups[4:]]))
        assert refused.code == "wrong_code"
        assert "nhóm 4 có chữ gõ sai" in refused.message
    assert "đã gõ 28" in refusal(store, "-".join(groups[:7])).message
    assert "nhóm 1, 2 có chữ" in refusal(store, "-".join([groups[1], groups[0], *groups[2:]])).message
    other = recovery_code.format_code(recovery_code.new_code())
    assert "không phải mã của kho này" in refusal(store, other).message
    opening.open_workspace(store, sealed[1].lower().replace("-", " ")).close()


@given(st.integers(0, 31), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"))
def test_one_wrong_letter_is_always_found_in_its_group(place: int, letter: str) -> None:
    code = recovery_code.new_code()
    spoilt = code[:place] + letter + code[place + 1 :]
    assert recovery_code.wrong_groups(spoilt) == ([] if spoilt == code else [place // 4 + 1])


def test_the_header_of_another_store_is_told_from_damage(store: Path, tmp_path: Path) -> None:
    workspace, _ = opening.create_workspace(
        tmp_path / "other", opening.NewStore(**ANSWERS, practice=False, passphrase="năm con thuyền giấy")
    )
    workspace.close()
    own = (store / "key.json").read_bytes()
    shutil.copyfile(tmp_path / "other" / "key.json", store / "key.json")
    assert refusal(store, "năm con thuyền giấy").code == "foreign_key"
    (store / "key.json").write_bytes(own)
    content = bytearray((store / "kcdesk.db").read_bytes())
    content[50] ^= 1
    (store / "kcdesk.db").write_bytes(content)
    assert refusal(store, SECRET).code == "damaged_store"


def test_every_failure_has_its_own_sentence(store: Path, tmp_path: Path) -> None:
    spoilt = tmp_path / "spoilt"
    sentences = {refusal(store, "sai").message}
    for change in ("missing", "damaged"):
        shutil.copytree(store, spoilt)
        (spoilt / "key.json").unlink()
        if change == "damaged":
            (spoilt / "key.json").write_text(json.dumps({"version": 1}), encoding="utf-8")
        sentences.add(refusal(spoilt, SECRET).message)
        shutil.rmtree(spoilt)
    assert len(sentences) == 3
    assert not any(first in second for first, second in itertools.permutations(sentences, 2))

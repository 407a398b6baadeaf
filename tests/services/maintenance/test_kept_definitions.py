"""The definitions that a store keeps: a later start uses them, and never those that are old or not whole."""

import json
import os
import shutil
import subprocess
import sys

import pytest

from kcdesk import paths
from kcdesk.services.maintenance import opening
from tests.examples import one_of
from tests.services.samples import practice_answers
from tests.store_files import change, connection

PASSPHRASE = "một câu dễ nhớ"
PROGRAM = """
import json, sys
from pathlib import Path
from kcdesk import paths
paths.forms = lambda: Path(sys.argv[2])
from kcdesk.services.maintenance import opening
workspace = opening.open_workspace(Path(sys.argv[1]), sys.argv[3])
label = workspace.forms.current("proposal").label
have_read = "kcdesk.formdef.loading.folder_reading" in sys.modules
print(json.dumps([workspace.forms.were_kept, have_read, label, workspace.store.repairs]))
workspace.close()
"""


@pytest.fixture
def rules(tmp_path, monkeypatch):
    """A copy of the shipped definitions that was last written to long ago."""
    folder = tmp_path / "forms"
    shutil.copytree(paths.forms(), folder)
    for path in folder.rglob("*.toml"):
        os.utime(path, (1_700_000_000, 1_700_000_000))
    monkeypatch.setattr(paths, "forms", lambda: folder)
    return folder


@pytest.fixture
def store(tmp_path, rules):
    """An empty practice store under those definitions."""
    assert rules.is_dir()
    opening.create(tmp_path / "store", practice_answers())
    return tmp_path / "store"


def started(store, rules, passphrase="", **environment):
    """What a start sees: whether the forms were kept, whether files of them were read, a label, repairs."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, store, rules, passphrase],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **environment},
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def kept(store):
    """The definitions that lie in a store."""
    with connection(store) as second:
        return second.value("SELECT value FROM secret WHERE name = 'definitions'")


def relabel(rules, old, new, moment=1_700_000_001):
    """Change the label of the proposal, in letters of the same size, and give the file a time."""
    path = rules / "proposal.toml"
    before, after = (f'label = "{label}"'.encode() for label in (old, new))
    path.write_bytes(path.read_bytes().replace(before, after, 1))  # the ends of lines stay, and so does the size
    os.utime(path, (moment, moment))


def test_a_second_start_reads_no_files_of_definitions(store, rules):
    before = sorted(path.name for path in store.iterdir())
    assert started(store, rules) == [False, True, "Đề án khuyến công", []]
    assert started(store, rules) == [True, False, "Đề án khuyến công", []]
    assert sorted(path.name for path in store.iterdir()) == before, "they lie in the store, not beside it"


def test_a_changed_file_is_read_anew_and_the_new_ones_are_kept(store, rules):
    started(store, rules)
    relabel(rules, "Đề án khuyến công", "Đề xn khuyến công")
    assert started(store, rules) == [False, True, "Đề xn khuyến công", []]
    assert started(store, rules) == [True, False, "Đề xn khuyến công", []]
    shutil.copy(rules / "contract.toml", rules / "contract-2.toml")
    with_another = subprocess.run(
        [sys.executable, "-c", PROGRAM, store, rules, ""], capture_output=True, text=True, check=False
    )
    assert with_another.returncode != 0, "a file more is noticed, and its fault told"


def test_what_is_cut_or_altered_is_read_anew(store, rules):
    started(store, rules)
    whole = kept(store)
    ways = (
        "UPDATE secret SET value = substr(value, 1, 5000) WHERE name = 'definitions'",
        "UPDATE secret SET value = CAST(x'00' || value AS BLOB) WHERE name = 'definitions'",
        "UPDATE secret SET value = x'6e6f' WHERE name = 'definitions'",
        "DELETE FROM secret WHERE name = 'definitions'",
    )
    for spoilt in one_of(2, ways):
        change(store, spoilt)
        assert started(store, rules) == [False, True, "Đề án khuyến công", []]
        assert kept(store) == whole
    assert started(store, rules) == [True, False, "Đề án khuyến công", []]


def test_those_of_another_folder_are_not_taken(store, rules, tmp_path):
    started(store, rules)
    other = tmp_path / "other"
    shutil.copytree(rules, other)
    relabel(other, "Đề án khuyến công", "Đề xn khuyến công", 1_700_000_000)
    assert started(store, other) == [False, True, "Đề xn khuyến công", []]


def test_a_store_with_a_passphrase_keeps_them_encrypted(tmp_path, rules):
    opening.create(tmp_path / "real", practice_answers(practice=False, passphrase=PASSPHRASE))
    assert started(tmp_path / "real", rules, PASSPHRASE)[0] is False
    assert started(tmp_path / "real", rules, PASSPHRASE)[:2] == [True, False]
    assert not any(b"proposal@" in path.read_bytes() for path in (tmp_path / "real").iterdir() if path.is_file())


def test_rules_that_somebody_tries_are_neither_kept_nor_replaced_by_kept_ones(store, rules):
    started(store, rules)
    relabel(rules, "Đề án khuyến công", "Đề xn khuyến công", 1_700_000_000)
    tried = started(store, rules, KCDESK_EDITED_RULES="1")
    assert (tried[0], tried[2]) == (False, "Đề xn khuyến công")
    relabel(rules, "Đề xn khuyến công", "Đề án khuyến công", 1_700_000_000)
    assert started(store, rules)[:3] == [True, False, "Đề án khuyến công"]

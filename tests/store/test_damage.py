"""Damaged pages: torn indexes are made again, anything else is a sentence; no page can make the program fail."""

import random
import shutil
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO

import pytest

from kcdesk.cli.program import main
from kcdesk.errors import KcdeskError
from kcdesk.services.maintenance import opening
from kcdesk.services.records import changing
from kcdesk.store.safety.backup import STORE
from tests.services.samples import practice_answers
from tests.store_files import connection

PAGE = 4096
NAMES = ("Mộc Hồng", "Gốm Chăm", "Chè Thái")
REBUILT = "Chỉ mục tìm kiếm bị hỏng và đã được dựng lại từ hồ sơ; không mất dữ liệu."


@pytest.fixture(scope="module")
def sound(tmp_path_factory, forms):
    """The folder of a small sound store, the bytes of its file, and the root page of each of its tables and indexes."""
    folder = tmp_path_factory.mktemp("sound") / "store"
    opening.create(folder, practice_answers(), forms)
    workspace = opening.open_workspace(folder)
    for name in NAMES:
        changing.add(workspace, "beneficiary", {"name": f"Cơ sở {name}"})
    workspace.close()
    with connection(folder) as second:
        roots = dict(map(tuple, second.all("SELECT name, rootpage FROM sqlite_master WHERE rootpage > 0")))
    return folder, (folder / STORE).read_bytes(), roots


@pytest.fixture
def spoilt(sound, tmp_path):
    """Gives a copy of the store with other bytes from a place on."""
    folder, content, _ = sound

    def spoil(offset, filling):
        copy = tmp_path / f"at {offset}"
        shutil.copytree(folder, copy)
        (copy / STORE).write_bytes((content[:offset] + filling + content[offset + len(filling) :])[: len(content)])
        return copy

    return spoil


def run(folder, *arguments):
    """The exit code of a command and all that it printed."""
    printed = StringIO()
    with redirect_stdout(printed), redirect_stderr(printed):
        code = main(["--store", str(folder), *arguments])
    return code, printed.getvalue()


def indexes(roots):
    """The tables of the search index, and of the other indexes one of each sort."""
    return [*(name for name in roots if name.startswith("record_search_")), "record_recent", "list_beneficiary_sort"]


def test_a_torn_index_is_made_again_and_finds_everything(sound, spoilt):
    roots = sound[2]
    torn = indexes(roots)
    assert len(torn) == 6
    for name in torn:
        folder = spoilt((roots[name] - 1) * PAGE, bytes(PAGE))
        code, printed = run(folder, "check")
        assert (code, REBUILT in printed) == (1, True), name
        assert run(folder, "check")[0] == 0, name
        assert "Gốm Chăm" in run(folder, "list", "beneficiary", "--search", "gom cham")[1], name


def test_a_torn_search_index_is_made_again_at_the_opening(sound, spoilt):
    folder = spoilt((sound[2]["record_search_config"] - 1) * PAGE, bytes(PAGE))
    code, printed = run(folder, "list", "beneficiary", "--search", "gom cham")
    assert code == 0
    assert REBUILT in printed
    assert "Gốm Chăm" in printed
    assert run(folder, "check")[0] == 0
    (kept,) = (folder / "backups").iterdir()
    assert kept.name.startswith("khong-mo-duoc_")


def test_records_that_are_lost_are_told_and_the_store_stays_as_it_is(sound, spoilt):
    folder = spoilt((sound[2]["record"] - 1) * PAGE, bytes(PAGE))
    code, printed = run(folder, "check")
    assert code == 1
    assert "khôi phục từ bản sao lưu" in printed
    assert REBUILT not in printed


def test_no_page_makes_a_command_fail(sound, spoilt):
    """A sample of all pages: zeros or noise, on the edges of pages or across."""
    content = sound[1]
    chance = random.Random(13)
    commands = (["check"], ["list", "beneficiary", "--search", "mộc"], ["add", "task", "title=Việc"])
    for page in range(0, len(content) // PAGE, 31):
        shift, noise = chance.choice((0, 0, 370, 3000)), chance.random() < 0.5
        filling = chance.randbytes(PAGE) if noise else bytes(PAGE)
        folder = spoilt(page * PAGE + shift, filling)
        for command in commands:
            code, printed = run(folder, *command)
            assert code in (0, 1)
            assert printed.strip()
            assert "Traceback" not in printed


@pytest.mark.full_strength
def test_a_torn_index_of_a_locked_store_is_made_again(tmp_path, forms):
    folder, passphrase = tmp_path / "store", "mười hai con mèo"
    opening.create(folder, practice_answers(practice=False, passphrase=passphrase), forms)
    workspace = opening.open_workspace(folder, passphrase)
    changing.add(workspace, "beneficiary", {"name": "Cơ sở Mộc Hồng"})
    root = workspace.store.query("SELECT rootpage FROM sqlite_master WHERE name = 'record_search_config'")[0]
    workspace.close()
    file = folder / STORE
    content = bytearray(file.read_bytes())
    start = (root["rootpage"] - 1) * PAGE
    content[start : start + PAGE] = bytes(PAGE)
    file.write_bytes(content)

    try:
        workspace = opening.open_workspace(folder, passphrase)
    except KcdeskError as error:
        pytest.fail(error.sentence())
    assert workspace.store.repairs == (REBUILT,)
    assert [row.data["name"] for row in workspace.store.page("beneficiary", search="moc hong")] == ["Cơ sở Mộc Hồng"]
    assert workspace.store.check()[1:] == []
    workspace.close()

"""The copies of a store: shared pages, the proof of each, what is noticed, and a disk that gives out."""

from __future__ import annotations

import errno
import json
import os
import random
import shutil
from pathlib import Path

import pytest

from kcdesk import placing
from kcdesk.errors import KnownError, UserError
from kcdesk.formdef.loading.loader import Forms
from kcdesk.store.copies import kept_copies
from kcdesk.store.copies.kept_copies import Copy
from kcdesk.store.store import Store
from tests import store_files
from tests.examples import chosen
from tests.store.conftest import OFFICER, UNIT, edit

PAGE = 4096
BIG = random.Random(7).randbytes(1_500_000)  # an attachment that no compression makes smaller


@pytest.fixture(params=chosen(("locked",), ["practice", "locked"]))
def office(request: pytest.FixtureRequest, tmp_path: Path, forms: Forms) -> Store:
    """A store with a dossier and a large attachment."""
    practice = request.param == "practice"
    store, _ = Store.create(tmp_path / "store", forms, UNIT, OFFICER, practice, "" if practice else "bốn từ dễ nhớ")
    store.files.add(BIG, "a.jpg")
    with store.act("Thêm đề án") as act:
        act.insert("proposal", forms.current("proposal").reference, {"title": "Máy cưa"}, id="p1")
    yield store
    store.close()


def copies(store: Store) -> list[Copy]:
    return kept_copies.listed_copies(store.folder / "backups")


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def packs(store: Store) -> list[Path]:
    return sorted((store.folder / "backups" / "pages").glob("*.pack"), key=lambda path: path.stat().st_size)


def opened(copy: Path, forms: Forms, place: Path) -> Store:
    """A copy of a practice or locked store, restored into a new folder."""
    shutil.copytree(copy, place)
    kept_copies.unfold(copy, place)
    return Store.open(place, forms, "bốn từ dễ nhớ")


def test_a_copy_of_a_change_costs_the_change_and_the_attachments_lie_once(office: Store) -> None:
    office.backup()
    first = size(office.folder / "backups")
    assert first < 2 * (size(office.folder) - first)
    for number in range(5):
        edit(office, "p1", title=f"Máy cưa {number}")
        office.backup()
    assert size(office.folder / "backups") - first < 5 * 50 * PAGE
    assert [copy.is_sound for copy in copies(office)] == [True] * 6


def test_each_copy_is_the_store_of_its_time(office: Store, forms: Forms, tmp_path: Path) -> None:
    made = []
    for title in ("Một", "Hai", "Ba"):
        edit(office, "p1", title=title)
        made.append(office.backup())
    sha256 = office.files.add(BIG, "a.jpg")["sha256"]
    for number, title in enumerate(("Một", "Hai", "Ba")):
        with opened(made[number], forms, tmp_path / str(number)) as copy:
            assert copy.get("p1").data["title"] == title
            assert copy.files.read(sha256) == BIG
            assert copy.check() == []


def test_what_was_counted_stands_beside_the_copy(office: Store) -> None:
    office.backup(reason="import")
    (copy,) = copies(office)
    assert (copy.reason, copy.records, copy.problem, copy.is_sound) == ("import", 1, "", True)
    assert copy.last == office.get("p1").updated
    assert copy.size == sum((office.folder / name).stat().st_size for name in ("kcdesk.db", "files.db"))


def test_a_copy_is_made_while_others_write_and_read(office: Store, forms: Forms, tmp_path: Path) -> None:
    reader = office.reader()
    edit(office, "p1", title="Trước")
    made = office.backup()
    edit(office, "p1", title="Sau")
    assert reader.get("p1").data["title"] == "Sau"
    reader.close()
    with opened(made, forms, tmp_path / "copy") as copy:
        assert copy.get("p1").data["title"] == "Trước"


@pytest.mark.parametrize("spoil", ["changed", "missing", "short"])
def test_damage_to_the_shared_pages_is_noticed_and_mended_by_the_next_copy(
    office: Store, forms: Forms, tmp_path: Path, spoil: str
) -> None:
    made = office.backup()
    pack = packs(office)[-1]
    if spoil == "missing":
        pack.unlink()
    else:
        content = bytearray(pack.read_bytes())
        content[PAGE * 20 : PAGE * 30] = bytes(PAGE * 10) if spoil == "changed" else b""
        pack.write_bytes(content)
    proved = office.copies.prove(made)
    assert proved.problem
    assert not proved.is_sound
    edit(office, "p1", title="Sau khi hỏng")
    after = office.backup()
    assert [copy.is_sound for copy in copies(office)] == [True, False]
    with opened(after, forms, tmp_path / "copy") as copy:
        assert copy.check() == []
        assert copy.get("p1").data["title"] == "Sau khi hỏng"


def test_the_copy_of_a_damaged_store_stands_apart_and_removes_no_good_one(office: Store) -> None:
    good = office.backup()
    (root,) = office.query("SELECT rootpage FROM sqlite_master WHERE name = 'change'")
    with (office.folder / "kcdesk.db").open("r+b") as file:
        file.seek((root["rootpage"] - 1) * PAGE)
        file.write(b"\xff" * PAGE)
    for _ in range(6):
        with pytest.raises(KnownError) as refused:
            office.backup()
        assert refused.value.code == "bad_backup"
    left = copies(office)
    assert [copy.is_sound for copy in left if copy.folder == good] == [True]
    apart = [copy for copy in left if copy.folder != good]
    assert len(apart) == 4  # the first and the newest three
    assert all(copy.folder.name.startswith("hong_") and copy.problem for copy in apart)
    assert office.copies.prove(good).is_sound


def test_the_eleventh_copy_of_a_second_is_the_newest(store: Store) -> None:
    first = store.backup()
    for number in range(2, 12):
        shutil.copytree(first, first.with_name(f"{first.name}_{number}"))
    assert [copy.folder.name for copy in copies(store)][:3] == [f"{first.name}_{number}" for number in (11, 10, 9)]


class Failing:
    """Lets the disk give out after so many of its operations."""

    def __init__(self, patch: pytest.MonkeyPatch, steps: int, code: int) -> None:
        self.left, self.code = steps, code
        for name in ("create", "sync", "replace", "sync_folder", "open"):
            patch.setattr(placing.Disk, name, self._counted(getattr(placing.Disk, name)))

    def _counted(self, real: object) -> object:
        def act(*given: object) -> object:
            self.left -= 1
            if self.left < 0:
                raise OSError(self.code, os.strerror(self.code))
            return real(*given)  # type: ignore[operator]  # the operation of the disk

        return act


def test_a_disk_that_gives_out_at_any_step_is_a_sentence_and_leaves_nothing_half(store: Store, proposal: str) -> None:
    good, steps, is_done = store.backup(), 0, False
    while not is_done:
        edit(store, proposal, title=f"Lần {steps}")
        before, code = len(copies(store)), (errno.ENOSPC, errno.EIO)[steps % 2]
        with pytest.MonkeyPatch.context() as patch:
            failing = Failing(patch, steps, code)
            refusal = None
            try:
                store.backup()
            except KnownError as error:
                refusal = error.code
        is_done = failing.left >= 0
        assert refusal is None or not is_done
        assert refusal in (None, "disk_full" if code == errno.ENOSPC else refusal)
        there = copies(store)
        assert len(there) in (before, before + 1)
        assert not [copy for copy in there if copy.problem]
        assert not list((store.folder / "backups").glob("*.part"))
        steps += 1
    assert steps > 15
    assert copies(store)[0].is_sound
    assert store.copies.prove(good).is_sound
    assert store.check() == []


def test_a_copy_without_the_pages_beside_it_says_what_to_bring(office: Store, forms: Forms, tmp_path: Path) -> None:
    alone = Path(shutil.copytree(office.backup(), tmp_path / "alone"))
    with pytest.raises(UserError) as refused:
        Store.open(alone, forms, "bốn từ dễ nhớ")
    assert (refused.value.code, "«pages»" in refused.value.hint) == ("pages_missing", True)


@pytest.mark.parametrize(
    "content",
    [
        "[]",
        "{",
        '{"databases": {}}',
        '{"databases": {"kcdesk.db": {"size": 4096, "runs": [["../x", 0, 1]]}}}',
        '{"databases": {"kcdesk.db": {"size": 1e15, "runs": [["0123456789abcdef", 0, 1]]}}}',
    ],
)
def test_a_list_that_is_not_ours_is_no_copy_to_open_and_stops_the_removal_of_pages(office: Store, content: str) -> None:
    good = office.backup()
    planted = office.folder / "backups" / "2026-01-01_00-00-00+0700"
    planted.mkdir()
    (planted / "copy.json").write_text(content, encoding="utf-8")
    lost = office.folder / "backups" / "pages" / "0123456789abcdef.pack"
    lost.write_bytes(bytes(PAGE))
    edit(office, "p1", title="Sau")
    office.backup()
    assert lost.exists()
    assert office.copies.prove(good).is_sound
    with pytest.raises(UserError) as refused:
        kept_copies.unfold(planted, planted)
    assert refused.value.code == "pages_missing"


def test_copies_of_earlier_versions_and_strangers_files_are_left_and_read(
    store: Store, proposal: str, forms: Forms, tmp_path: Path
) -> None:
    whole = store.backup(tmp_path / "whole").rename(tmp_path / "2026-03-01_08-00-00+0700")
    (store.folder / "backups").mkdir()
    older = Path(shutil.copytree(whole, store.folder / "backups" / whole.name))
    (store.folder / "backups" / "ghi chú.txt").write_text("x", encoding="utf-8")
    (store.folder / "backups" / "pages").mkdir()
    (store.folder / "backups" / "pages" / "của tôi.pack").write_text("x", encoding="utf-8")
    store.backup()
    assert [copy.folder.name for copy in copies(store)][1:] == [older.name]
    assert store.copies.prove(older).is_sound
    assert (store.folder / "backups" / "ghi chú.txt").read_text(encoding="utf-8") == "x"
    assert (store.folder / "backups" / "pages" / "của tôi.pack").read_text(encoding="utf-8") == "x"
    with Store.open(older, forms) as copy:
        assert copy.get(proposal).data["title"] == "Máy cưa"


def test_no_copy_is_proved_while_another_is_written(store: Store) -> None:
    """Both unfold their copy in the same place: one would take away what the other checks, and be told of damage."""
    made = store.backup()
    with kept_copies.alone(store.folder / "backups"), pytest.raises(KnownError) as refused:
        store.copies.prove(made)
    assert refused.value.code == "copies_in_use"
    assert [copy.is_sound for copy in copies(store)] == [True]


def test_a_proof_counts_for_the_list_that_was_proved_only(store: Store) -> None:
    made = store.backup()
    content = json.loads((made / "copy.json").read_text(encoding="utf-8"))
    (made / "copy.json").write_text(json.dumps({**content, "reason": "time"}), encoding="utf-8")
    assert [copy.is_sound for copy in copies(store)] == [False]
    assert store.copies.prove(made).is_sound


def test_a_store_whose_file_was_written_anew_is_copied_whole(store: Store, proposal: str, forms: Forms) -> None:
    store.backup()
    with store_files.connection(store.folder) as second:
        second.execute("VACUUM")
    edit(store, proposal, title="Sau")
    with Store.open(store.backup(), forms) as copy:
        assert copy.check() == []
        assert copy.get(proposal).data["title"] == "Sau"

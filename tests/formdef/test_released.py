"""A released version of a form, a checklist, an outline or a paper never changes; what is new is noted by a command."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kcdesk import paths
from kcdesk.formdef.loading import released
from kcdesk.formdef.loading.definition_files import MANIFEST
from kcdesk.formdef.loading.loader import FormsError, load

Change = Callable[..., None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(paths.forms(), tmp_path / "forms")


@pytest.fixture
def change(folder: Path) -> Change:
    def replace(file: str, old: str, new: str) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return replace


def test_no_released_version_says_anything_else() -> None:
    assert released.changed(load()) == []


def test_the_manifest_knows_every_kind_of_definition_that_has_a_version() -> None:
    noted = released.hashes(load())
    assert all(noted.values())
    assert "proposal@1" in noted["form"]
    assert "machinery@1" in noted["checklist"]
    assert "machinery@1" in noted["outline"]
    assert "minutes_5a@1" in noted["document"]


@pytest.mark.parametrize(
    ("file", "old", "new", "called"),
    [
        ("office.toml", 'label = "Tên', 'label = "Tên gọi', "Mẫu “office@1”"),
        ("letter.toml", "required = true", "required = false", "Mẫu “letter@1”"),
        (
            "checklists/association.toml",
            "\n[[fact]]",
            "\nunverified = true\n\n[[fact]]",
            "Danh mục kiểm tra “association@1”",
        ),
        ("activities/machinery.toml", 'item = "', 'item = "Các ', "Đề cương “machinery@1”"),
        ("documents/minutes_5b.toml", 'label = "Biên bản', 'label = "Bản', "Mẫu giấy tờ “minutes_5b@1”"),
    ],
)
def test_a_change_of_a_released_version_is_told(
    folder: Path, change: Change, file: str, old: str, new: str, called: str
) -> None:
    change(file, old, new)
    assert released.changed(load(folder)) == [
        f"{called} đã phát hành nên không được sửa; hãy khôi phục như cũ và ghi thay đổi vào một phiên bản mới."
    ]


def test_a_change_of_a_part_is_told_of_every_version_that_has_it(folder: Path, change: Change) -> None:
    change("proposal/brand.toml", "required = true", "required = false")
    sentences = released.changed(load(folder))
    assert [sentence.partition(" đã")[0] for sentence in sentences] == [
        f"Mẫu “proposal@{version}”" for version in (1, 2, 3)
    ]


def test_a_shared_part_of_papers_belongs_to_each_of_them(folder: Path, change: Change) -> None:
    change("documents/parts/signatures.toml", 'type = "signatures"', 'type = "signatures"\nper_row = 1')
    sentences = released.changed(load(folder))
    assert any("“minutes_5a@1”" in sentence for sentence in sentences)
    assert all(sentence.startswith("Mẫu giấy tờ") for sentence in sentences)
    assert len(sentences) < len(released.hashes(load())["document"])


def test_a_released_version_that_is_gone_is_told(folder: Path) -> None:
    (folder / "documents" / "labels.toml").unlink()
    assert released.changed(load(folder)) == [
        "Mẫu giấy tờ “labels@1” đã phát hành nhưng không còn; hãy khôi phục tệp của nó."
    ]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("office.toml", "version = 1", "# a comment\nversion    = 1"),
        ("office.toml", "required = true", "required = true\nunverified = false"),
        ("office.toml", "version = 1", "version = 1\neffective_to = 2099-12-31"),
        ("office.toml", 'sort = "', 'filters = []\nsearch = ["-note"]\nsort = "'),
        ("documents/labels.toml", "version = 1", "version = 1\neffective_to = 2099-12-31"),
    ],
)
def test_what_does_not_change_a_version_is_free(folder: Path, change: Change, file: str, old: str, new: str) -> None:
    if "filters" in new:
        text = (folder / file).read_text(encoding="utf-8").splitlines()
        (folder / file).write_text("\n".join(line for line in text if not line.startswith("filters")), encoding="utf-8")
    change(file, old, new)
    assert released.changed(load(folder)) == []


# ---- the command of whoever releases


def new_version(folder: Path, change: Change) -> None:
    change("office.toml", "version = 1", "version = 1\neffective_to = 2026-12-31")
    later = 'extends = "office@1"\nversion = 2\neffective_from = 2027-01-01\nlabel = "Phòng"\n'
    (folder / "office-2.toml").write_text(later, encoding="utf-8")


def test_a_new_version_is_noted_once_and_the_old_ones_stay(folder: Path, change: Change) -> None:
    before = (folder / MANIFEST).read_text(encoding="utf-8")
    new_version(folder, change)
    assert released.release(folder) == ["Mẫu “office@2”"]
    after = (folder / MANIFEST).read_text(encoding="utf-8")
    assert set(before.splitlines()) < set(after.splitlines())
    assert len(after.splitlines()) == len(before.splitlines()) + 1
    assert released.release(folder) == []
    assert (folder / MANIFEST).read_text(encoding="utf-8") == after
    change("office-2.toml", "Phòng", "Sở")
    assert [sentence.split(" đã ")[0] for sentence in released.changed(load(folder))] == ["Mẫu “office@2”"]


def test_nothing_is_noted_while_a_released_version_is_changed(
    folder: Path, change: Change, capsys: pytest.CaptureFixture[str]
) -> None:
    before = (folder / MANIFEST).read_bytes()
    new_version(folder, change)
    change("staff.toml", 'label = "Ghi chú"', 'label = "Chú thích"')
    assert released.main([str(folder)]) == 1
    assert "Mẫu “staff@1” đã phát hành nên không được sửa" in capsys.readouterr().err
    assert (folder / MANIFEST).read_bytes() == before


def test_the_command_says_what_it_noted(folder: Path, change: Change, capsys: pytest.CaptureFixture[str]) -> None:
    assert released.main([str(folder)]) == 0
    assert capsys.readouterr().out == "Không có phiên bản mới.\n"
    new_version(folder, change)
    assert released.main([str(folder)]) == 0
    assert capsys.readouterr().out == "+ Mẫu “office@2”\n"


def test_a_folder_without_a_manifest_begins_one(folder: Path) -> None:
    (folder / MANIFEST).unlink()
    assert released.changed(load(folder)) == []
    assert "Mẫu “proposal@1”" in released.release(folder)
    assert (folder / MANIFEST).read_text(encoding="utf-8") == (paths.forms() / MANIFEST).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("[form]", "[from]", "released.toml: nhóm “from” không có (có phải ý là “form”)"),
        ("[form]", "form = 5\n[outlines]", "released.toml, form: phải là các dòng “tên@phiên bản” = “mã băm”"),
    ],
)
def test_a_bad_manifest_is_a_fault(folder: Path, change: Change, old: str, new: str, fault: str) -> None:
    change(MANIFEST, old, new)
    with pytest.raises(FormsError) as refused:
        released.changed(load(folder))
    assert fault in [str(one) for one in refused.value.faults]

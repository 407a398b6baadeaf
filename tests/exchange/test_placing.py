"""A file on a stick is the old one or the new one, never half of one."""

import pytest

from kcdesk.errors import KnownError
from kcdesk.exchange import placing


def unseen(_path):
    """Nothing to verify."""


def test_a_file_gets_its_name_when_it_is_whole(tmp_path):
    path = tmp_path / "gói.xlsx"

    digest = placing.place(path, lambda beside: beside.write_bytes(b"new"), unseen)

    assert path.read_bytes() == b"new"
    assert digest == placing.digest(path)
    assert list(tmp_path.iterdir()) == [path]


def test_what_fails_on_the_way_leaves_the_old_file_and_nothing_beside_it(tmp_path):
    path = tmp_path / "gói.xlsx"
    path.write_bytes(b"old")

    def fill(beside):
        beside.write_bytes(b"half")
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
        placing.place(path, lambda beside: beside.write_bytes(b"new"), refuse)

    assert refused.value.code == "not_verified"
    assert path.read_bytes() == b"old"


def test_a_full_disk_is_named(tmp_path):
    resource = pytest.importorskip("resource", reason="a limit on file sizes stands in for the full disk")
    path = tmp_path / "gói.xlsx"
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, before[1]))
    try:
        with pytest.raises(KnownError) as refused:
            placing.place(path, lambda beside: beside.write_bytes(bytes(5000)), unseen)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    assert refused.value.code == "disk_full"
    assert list(tmp_path.iterdir()) == []


def test_a_stick_that_is_gone_is_named(tmp_path):
    with pytest.raises(KnownError) as refused:
        placing.place(tmp_path / "E" / "gói.xlsx", lambda beside: beside.write_bytes(b"x"), unseen)

    assert refused.value.code == "no_folder"


def test_a_file_that_another_program_holds_is_named(tmp_path):
    def fill(_beside):
        raise PermissionError

    with pytest.raises(KnownError) as refused:
        placing.place(tmp_path / "gói.xlsx", fill, unseen)

    assert refused.value.code == "file_locked"


def test_a_folder_in_the_place_of_the_file_is_a_sentence(tmp_path):
    (tmp_path / "gói.xlsx").mkdir()

    with pytest.raises(KnownError) as refused:
        placing.place(tmp_path / "gói.xlsx", lambda beside: beside.write_bytes(b"x"), unseen)

    assert refused.value.code == "write_failed"

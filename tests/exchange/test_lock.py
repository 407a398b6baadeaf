"""Excel's password around the workbook: opened by the password alone, and damage is seen before it is tried."""

import io
import random

import pytest
from msoffcrypto.format.ooxml import OOXMLFile

from kcdesk.exchange.container import lock

PASSWORD = "Mật khẩu dài"


def lock_up(plain: bytes) -> bytes:
    locked = io.BytesIO()
    lock.lock(io.BytesIO(plain), PASSWORD, locked)
    return locked.getvalue()


def unlock(locked: bytes, password: str) -> bytes:
    opened = io.BytesIO()
    lock.unlock(io.BytesIO(locked), password, opened)
    return opened.getvalue()


@pytest.fixture(scope="module")
def plain(sent):
    return sent.path.read_bytes()


@pytest.fixture(scope="module")
def locked(plain):
    return lock_up(plain)


def test_the_password_opens_it(plain, locked):
    assert lock.is_container(io.BytesIO(locked))
    assert not lock.is_container(io.BytesIO(plain))
    assert unlock(locked, PASSWORD) == plain


@pytest.mark.parametrize("password", ["", "mật khẩu dài", "x" * 500])
def test_no_other_password_does(locked, password):
    with pytest.raises(lock.LockedError):
        unlock(locked, password)


def test_a_flipped_byte_anywhere_is_damage_with_or_without_the_password(locked):
    for place in [*range(1024), *range(1024, len(locked), 61), len(locked) - 1]:
        flipped = bytearray(locked)
        flipped[place] ^= random.Random(place).randrange(1, 256)
        assert lock.is_container(io.BytesIO(flipped))
        with pytest.raises(lock.BrokenLockError):
            unlock(bytes(flipped), "")


def test_a_truncated_one_is_damage(locked):
    for size in range(8, len(locked), 4099):
        with pytest.raises((lock.BrokenLockError, lock.NotLockedError)):
            unlock(locked[:size], PASSWORD)


def test_a_container_that_another_program_wrote_carries_no_checksum_and_opens(plain):
    other = io.BytesIO()
    OOXMLFile(io.BytesIO(plain)).encrypt(PASSWORD, other)

    assert unlock(other.getvalue(), PASSWORD) == plain
    with pytest.raises(lock.LockedError):
        unlock(other.getvalue(), "")


def test_its_damaged_content_is_noticed_too(plain):
    other = io.BytesIO()
    OOXMLFile(io.BytesIO(plain)).encrypt(PASSWORD, other)
    damaged = bytearray(other.getvalue())
    damaged[-2000] ^= 1

    with pytest.raises(lock.BrokenLockError):
        unlock(bytes(damaged), PASSWORD)


def test_an_old_binary_workbook_is_not_locked():
    with pytest.raises(lock.NotLockedError):
        unlock(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000), "")

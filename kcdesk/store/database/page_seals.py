"""Whether a key belongs to an encrypted database, told by the signatures that SQLCipher 4 keeps on every page.

A damaged first page and a wrong key look the same to SQLite; the other pages tell them apart.
"""

from __future__ import annotations

import hashlib
import hmac
from pathlib import Path

_PAGE, _SALT, _IV, _SIGNATURE = 4096, 16, 16, 64  # bytes
_SALT_MASK, _PASSES = 0x3A, 2  # how SQLCipher derives the key of its signatures
_TRIED = 64  # pages
_MANY_BYTES = 200  # different ones; a random page has nearly all 256


def is_locked_by(database: Path, key: bytes) -> bool:
    """Whether the key signed one of the first pages behind the first; also True where too little is left to tell."""
    with database.open("rb") as file:
        salt = file.read(_SALT)
        if len(salt) < _SALT or not any(salt):  # the beginning is torn off: nothing can be proved
            return True
        file.seek(_PAGE)
        pages = [file.read(_PAGE) for _ in range(_TRIED)]
    masked = bytes(byte ^ _SALT_MASK for byte in salt)
    secret = hashlib.pbkdf2_hmac("sha512", key, masked, _PASSES, len(key))
    whole = [(number, page) for number, page in enumerate(pages, start=2) if len(page) == _PAGE]
    return not whole or any(_is_signed(page, number, secret) for number, page in whole)


def looks_encrypted(database: Path) -> bool:
    """Whether the first page looks like random bytes, as every page of an encrypted database does."""
    with database.open("rb") as file:
        page = file.read(_PAGE)
    return len(page) == _PAGE and len(set(page)) > _MANY_BYTES


def _is_signed(page: bytes, number: int, secret: bytes) -> bool:
    reserve = _IV + _SIGNATURE
    signed = page[: _PAGE - reserve + _IV] + number.to_bytes(4, "little")
    signature = page[_PAGE - _SIGNATURE :]
    return hmac.compare_digest(hmac.digest(secret, signed, "sha512"), signature)

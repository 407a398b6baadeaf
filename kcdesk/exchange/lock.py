"""Excel's own password encryption around the whole workbook, so that Excel and LibreOffice ask for it.

Excel's format proves the encrypted content whole but not the container around it. `lock` therefore leaves a
checksum of the whole file in a place that every reader ignores: the class id of the container's storage
`\\x06DataSpaces`. A container saved by another program has no class id there and is judged by its content alone.
"""

from __future__ import annotations

import hashlib
import io
from typing import BinaryIO

from msoffcrypto.exceptions import InvalidKeyError
from msoffcrypto.format.ooxml import OOXMLFile

_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STORAGE = "\x06DataSpaces".encode("utf-16-le").ljust(64, b"\0")
_PAYLOAD = "EncryptedPackage".encode("utf-16-le")
_CLASS_ID = 80  # where the class id stands in a directory entry
_CHECKSUM_SIZE = 16


class LockedError(Exception):
    """The file asks for a password and the one given is not it (or none was given)."""


class BrokenLockError(Exception):
    """The encrypted container is damaged."""


class NotLockedError(Exception):
    """A container that holds no encrypted workbook: an old binary file of Office."""


def is_container(content: bytes) -> bool:
    """Whether this is a container of Office, encrypted or of the old binary kind, even with a damaged head."""
    return content.startswith(_MAGIC) or _STORAGE in content


def lock(workbook: BinaryIO, password: str) -> bytes:
    """The workbook encrypted with `password` (AES-256, readable by Office 2010 and later)."""
    locked = io.BytesIO()
    OOXMLFile(workbook).encrypt(password, locked)
    content = bytearray(locked.getvalue())
    place = content.index(_STORAGE) + _CLASS_ID
    content[place : place + _CHECKSUM_SIZE] = _checksum(content, place)
    return bytes(content)


def unlock(content: bytes, password: str) -> bytes:
    """The workbook inside; LockedError, BrokenLockError or NotLockedError say why not."""
    if _PAYLOAD not in content and _STORAGE not in content:
        raise NotLockedError
    _verify_container(content)
    try:
        return _decrypt(content, password)
    except LockedError:
        raise
    except Exception as error:  # the parsers below raise whatever the damage provokes
        raise BrokenLockError from error


def _decrypt(content: bytes, password: str) -> bytes:
    office = OOXMLFile(io.BytesIO(content))
    agile = office.type == "agile"
    if not password:
        raise LockedError
    try:
        office.load_key(password=password, verify_password=True)
    except InvalidKeyError as error:
        raise LockedError from error
    opened = io.BytesIO()
    office.decrypt(opened, verify_integrity=agile)
    return opened.getvalue()


def _verify_container(content: bytes) -> None:
    entry = content.find(_STORAGE)
    if entry < 0:
        raise BrokenLockError
    place = entry + _CLASS_ID
    found = content[place : place + _CHECKSUM_SIZE]
    if any(found) and found != _checksum(content, place):
        raise BrokenLockError


def _checksum(content: bytes | bytearray, place: int) -> bytes:
    view = memoryview(content)
    digest = hashlib.sha256(view[:place])
    digest.update(bytes(_CHECKSUM_SIZE))
    digest.update(view[place + _CHECKSUM_SIZE :])
    return digest.digest()[:_CHECKSUM_SIZE]

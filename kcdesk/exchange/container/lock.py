"""Password encryption of a whole workbook in Excel's own format, so that Excel and LibreOffice ask for the password.

Excel's format protects the encrypted content but not the container around it. Therefore `lock` writes a checksum of
the whole file to a place that every reader ignores: the class id of the container's storage `\\x06DataSpaces`. A
container saved by another program has no class id there; then only the content is checked.
"""

from __future__ import annotations

import hashlib
from os import SEEK_END
from shutil import copyfileobj
from typing import BinaryIO

from kcdesk.exchange.container.bounded_lock import UnsafeLockError, directory_names, refuse_unsafe_password
from kcdesk.temporary import private_files

_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STORAGE = "\x06DataSpaces".encode("utf-16-le").ljust(64, b"\0")
_PAYLOAD = "EncryptedPackage".encode("utf-16-le")
_CLASS_ID = 80  # offset of the class id in a directory entry
_CHECKSUM_SIZE = 16
_CHUNK = 1 << 20
_ENDS = 8 << 20  # bytes
_IN_MEMORY = 8 << 20
_SCANNED = 48 << 20  # bytes of a file that is searched as a whole, whatever its directory says


class LockedError(Exception):
    """The password is wrong or missing."""


class BrokenLockError(Exception):
    """The encrypted container is damaged."""


class NotLockedError(Exception):
    """The container holds no encrypted workbook: it is an old binary file of Office."""


def is_container(file: BinaryIO) -> bool:
    """Whether the file is a container of Office (encrypted, or an old binary file), even if its head is damaged.

    Without its head, only the ends of the file are searched: junk may have any length.
    """
    file.seek(0)
    return file.read(len(_MAGIC)) == _MAGIC or is_at_ends(file, _STORAGE)


def is_at_ends(file: BinaryIO, wanted: bytes) -> bool:
    """Whether some bytes stand near the beginning or the end of a file."""
    size = file.seek(0, SEEK_END)
    for start in {0, max(0, size - _ENDS)}:
        file.seek(start)
        if wanted in file.read(_ENDS):
            return True
    return False


def lock(workbook: BinaryIO, password: str, target: BinaryIO) -> None:
    """Write the workbook, encrypted with `password` (AES-256, readable by Office 2010 and later), to `target`."""
    with private_files.spool(_IN_MEMORY) as locked:  # a package with photos is large
        _encrypt(workbook, password, locked)
        place = _find(locked, _STORAGE) + _CLASS_ID
        checksum = _checksum(locked, place)
        locked.seek(place)
        locked.write(checksum)
        locked.seek(0)
        copyfileobj(locked, target, _CHUNK)


def _encrypt(workbook: BinaryIO, password: str, target: BinaryIO) -> None:
    """As `OOXMLFile.encrypt`, but directly into a file, which must be seekable."""
    from msoffcrypto.method.container.ecma376_encrypted import ECMA376Encrypted  # 60 ms that only a password costs
    from msoffcrypto.method.ecma376_agile import ECMA376Agile  # as above

    workbook.seek(0)
    info, secret = ECMA376Agile.generate_encryption_parameters(password)
    content = ECMA376Agile.encrypt_payload(workbook, info.encryptedKey, secret, info.keyData.saltValue)
    description = ECMA376Agile.get_encryption_information(info, content, secret)
    ECMA376Encrypted(content, description)._write_to(target)  # `write_to` would make all of it in memory


def unlock(file: BinaryIO, password: str, target: BinaryIO) -> None:
    """Decrypt the workbook into `target`; LockedError, BrokenLockError or NotLockedError if this is not possible."""
    is_large = file.seek(0, SEEK_END) > _SCANNED
    if is_large and _STORAGE not in directory_names(file):
        raise NotLockedError
    storage = _find(file, _STORAGE)
    if storage < 0 and _find(file, _PAYLOAD) < 0:
        raise NotLockedError
    _verify_container(file, storage)
    try:
        directory_names(file)
        _decrypt(file, password, target)
    except (LockedError, UnsafeLockError):
        raise
    except Exception as error:  # the parsers raise many kinds of errors on a damaged file
        raise BrokenLockError from error


def _decrypt(file: BinaryIO, password: str, target: BinaryIO) -> None:
    from msoffcrypto.exceptions import InvalidKeyError  # 60 ms that only a password costs
    from msoffcrypto.format.ooxml import OOXMLFile  # as above
    from olefile import OleFileIO  # 60 ms that only a password costs

    file.seek(0)
    with OleFileIO(file) as container:
        refuse_unsafe_password(container)
    file.seek(0)
    office = OOXMLFile(file)
    agile = office.type == "agile"
    if not password:
        raise LockedError
    try:
        office.load_key(password=password, verify_password=True)
    except InvalidKeyError as error:
        raise LockedError from error
    office.decrypt(target, verify_integrity=agile)


def _verify_container(file: BinaryIO, entry: int) -> None:
    if entry < 0:
        raise BrokenLockError
    place = entry + _CLASS_ID
    file.seek(place)
    checksum = file.read(_CHECKSUM_SIZE)
    if any(checksum) and checksum != _checksum(file, place):
        raise BrokenLockError


def _checksum(file: BinaryIO, place: int) -> bytes:
    """The checksum of the whole file, with the bytes of the checksum itself taken as zeros."""
    digest = hashlib.sha256()
    file.seek(0)
    left = place
    while left and (chunk := file.read(min(_CHUNK, left))):
        digest.update(chunk)
        left -= len(chunk)
    digest.update(bytes(_CHECKSUM_SIZE))
    file.seek(place + _CHECKSUM_SIZE)
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    return digest.digest()[:_CHECKSUM_SIZE]


def _find(file: BinaryIO, wanted: bytes) -> int:
    """The offset of the first occurrence of some bytes in a file, or -1; reads the file in pieces."""
    file.seek(0)
    start, held = 0, b""
    while chunk := file.read(_CHUNK):
        held += chunk
        place = held.find(wanted)
        if place >= 0:
            return start + place
        kept = held[-len(wanted) + 1 :]
        start += len(held) - len(kept)
        held = kept
    return -1

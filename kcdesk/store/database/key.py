"""The database key: 32 random bytes, kept in `key.json` encrypted by the passphrase and by a printed recovery code.

The encryption is AES key wrap (RFC 3394) with a key derived by scrypt: a wrong passphrase is detected, and a new
passphrase encrypts 32 bytes again instead of the whole store.
"""

from __future__ import annotations

import base64
import errno
import hashlib
import json
import secrets
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kcdesk.errors import UserError
from kcdesk.placing import Disk
from kcdesk.store.database import strength
from kcdesk.store.database.db import damaged, translated

FILE = "key.json"
_NEW = f"{FILE}.new"
_KEY_BYTES = 32
_WRAPPED_BYTES = _KEY_BYTES + 8
_LONGEST_FILE = 4096  # bytes
_MOST_MEMORY = 256 << 20  # bytes that scrypt may take for a header that somebody else may have written
_MOST_PASSES = 16
_CODE_RANDOM_BYTES = 19  # with one check byte: 20 bytes are 32 base32 characters
_MISREAD = str.maketrans("018", "OIB")  # base32 has no 0, 1 and 8: letters that look like them


def exists(folder: Path) -> bool:
    """Whether the store in `folder` has a key, so that it is encrypted."""
    return (folder / FILE).exists()


def create(folder: Path, passphrase: str) -> tuple[bytes, str]:
    """Make a new key; returns it and the recovery code, which is not kept. UserError `no_passphrase`.

    A key that is there is never overwritten (FileExistsError): without it nothing opens the store that it belongs to.
    """
    if not passphrase:
        raise UserError(
            "Kho dữ liệu thật cần có mật khẩu.", code="no_passphrase", hint="Hãy đặt mật khẩu.", field="passphrase"
        )
    if exists(folder):
        raise FileExistsError(folder / FILE)
    key, code = secrets.token_bytes(_KEY_BYTES), _new_code()
    costs = strength.current_strength()
    wrapped = {"passphrase": _wrap(key, passphrase, costs.passphrase), "recovery": _wrap(key, code, costs.recovery)}
    _write(folder, {"version": 1, **wrapped})
    return key, format_code(code)


def unlock(folder: Path, secret: str) -> bytes:
    """Decrypt the key by passphrase or recovery code; UserError `wrong_passphrase`."""
    header = _read(folder)
    key = _unwrap(header["passphrase"], secret)
    if key is None and _is_code(secret):
        key = _unwrap(header["recovery"], _plain_code(secret))
    if key is None:
        raise UserError(
            "Mật khẩu chưa đúng." if secret else "Kho dữ liệu này cần mật khẩu để mở.",
            code="wrong_passphrase",
            hint="Hãy gõ lại mật khẩu, hoặc mã khôi phục in khi lập kho.",
            field="passphrase",
        )
    return key


def is_recovery_code(folder: Path, secret: str) -> bool:
    """Whether `secret` is the recovery code of the store in `folder`."""
    return _is_code(secret) and _unwrap(_read(folder)["recovery"], _plain_code(secret)) is not None


def change_passphrase(folder: Path, key: bytes, passphrase: str) -> None:
    """Encrypt the key by another passphrase; the recovery code stays valid. UserError `no_passphrase`."""
    if not passphrase:
        raise UserError("Mật khẩu mới còn trống.", code="no_passphrase", field="passphrase")
    _write(folder, {**_read(folder), "passphrase": _wrap(key, passphrase, strength.current_strength().passphrase)})


def new_recovery_code(folder: Path, key: bytes) -> str:
    """Make and return a new recovery code; the old code becomes invalid."""
    code = _new_code()
    _write(folder, {**_read(folder), "recovery": _wrap(key, code, strength.current_strength().recovery)})
    return format_code(code)


def format_code(code: str) -> str:
    """Write a recovery code as it is printed: eight groups of four letters."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def _new_code() -> str:
    random = secrets.token_bytes(_CODE_RANDOM_BYTES)
    return base64.b32encode(random + hashlib.sha256(random).digest()[:1]).decode()


def _plain_code(typed: str) -> str:
    return "".join(typed.upper().split()).replace("-", "").translate(_MISREAD)


def _is_code(typed: str) -> bool:
    """Whether the text is a recovery code with a correct check byte."""
    try:
        content = base64.b32decode(_plain_code(typed))
    except ValueError:
        return False
    random, check = content[:_CODE_RANDOM_BYTES], content[_CODE_RANDOM_BYTES:]
    return check == hashlib.sha256(random).digest()[:1]


def _derive(secret: str, wrapped: dict[str, Any]) -> bytes:
    typed = unicodedata.normalize("NFC", secret).encode()
    n, r, p = wrapped["n"], wrapped["r"], wrapped["p"]
    if not all(type(cost) is int and cost > 0 for cost in (n, r, p)) or 128 * n * r > _MOST_MEMORY or p > _MOST_PASSES:
        raise ValueError("costs")
    salt = bytes.fromhex(wrapped["salt"])
    return hashlib.scrypt(typed, salt=salt, n=n, r=r, p=p, maxmem=2 * _MOST_MEMORY, dklen=_KEY_BYTES)


def _wrap(key: bytes, secret: str, cost: Mapping[str, int]) -> dict[str, Any]:
    from cryptography.hazmat.primitives.keywrap import aes_key_wrap  # only a passphrase pays for it

    wrapped: dict[str, Any] = {**cost, "salt": secrets.token_hex(16)}
    return {**wrapped, "key": aes_key_wrap(_derive(secret, wrapped), key).hex()}


def _unwrap(wrapped: dict[str, Any], secret: str) -> bytes | None:
    from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap  # only a passphrase pays for it

    try:
        locked = bytes.fromhex(wrapped["key"])
        if len(locked) != _WRAPPED_BYTES:
            raise ValueError("length")
        return aes_key_unwrap(_derive(secret, wrapped), locked)
    except InvalidUnwrap:
        return None
    except (KeyError, TypeError, ValueError):
        raise damaged() from None


def _read(folder: Path) -> dict[str, Any]:
    with translated():
        if (folder / FILE).stat().st_size > _LONGEST_FILE:
            raise damaged()
        content = (folder / FILE).read_text(encoding="utf-8")
    try:
        header = json.loads(content)
        return {name: header[name] for name in ("version", "passphrase", "recovery")}
    except (ValueError, KeyError, TypeError, RecursionError):
        raise damaged() from None


def _write(folder: Path, header: dict[str, Any]) -> None:
    """Put the file in its place whole, so that a power cut leaves the old file or the new file."""
    place(folder, json.dumps(header, indent=1).encode())


def place(folder: Path, content: bytes) -> None:
    """Write the file of a key: synced, read back and then renamed; KnownError if the disk refuses."""
    beside = folder / _NEW
    with translated():
        beside.touch(mode=0o600)
        with beside.open("wb") as file:
            file.write(content)
            Disk().sync(file)
        if beside.read_bytes() != content:
            raise OSError(errno.EIO, "not read back")
        beside.replace(folder / FILE)
        Disk().sync_folder(folder)


def discard_unplaced(folder: Path) -> None:
    """Remove a file of a key that was written and not renamed because the program was interrupted."""
    (folder / _NEW).unlink(missing_ok=True)

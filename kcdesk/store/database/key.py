"""The database key: 32 random bytes, kept in `key.json` encrypted by the passphrase and by a printed recovery code.

With the unit's consent it is sealed to the province's recovery key too (`sealed_key`). The encryption is AES key wrap
(RFC 3394) with a key derived by scrypt, so that a wrong passphrase is detected. Each key has a
random name, `id`: two headers with the same name open the same database. A header that was made before November 2026
has none.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kcdesk import placing
from kcdesk.bounded.json_text import parsed
from kcdesk.errors import KcdeskError, UserError
from kcdesk.store.database import recovery_code, strength
from kcdesk.store.database.db import translated
from kcdesk.store.database.sealed_key import SealedKey

FILE = "key.json"
_NEW = f"{FILE}{placing.NEW}"
_KEY_BYTES = 32
_WRAPPED_BYTES = _KEY_BYTES + 8
_LONGEST_FILE = 4096  # bytes
_MOST_MEMORY = 128 << 20  # bytes that scrypt may take for a header that somebody else may have written
_SEAL, _LENT = "province", "lent"  # a seal to the province's recovery key; the province has opened the store
_MOST_PASSES = 16
_MOST_WORK = 384 << 20  # bytes of all passes together: four times what this program asks for
_FROM_COPY = "Hãy chép tệp key.json của một bản sao lưu của kho này về chỗ cũ, hoặc khôi phục từ bản sao lưu."


def exists(folder: Path) -> bool:
    """Whether the store in `folder` has a key, so that it is encrypted."""
    return (folder / FILE).exists()


def create(folder: Path, passphrase: str, code: str = "") -> tuple[bytes, str]:
    """Make a new key; returns it and the recovery code, which is not kept. UserError `no_passphrase`.

    `code` is a recovery code that somebody has kept already; without it a new one is made.

    A key that is there is never overwritten (FileExistsError): without it nothing opens the store that it belongs to.
    """
    if not passphrase:
        raise UserError(
            "Kho dữ liệu thật cần có mật khẩu.", code="no_passphrase", hint="Hãy đặt mật khẩu.", field="passphrase"
        )
    if exists(folder):
        raise FileExistsError(folder / FILE)
    key, code = secrets.token_bytes(_KEY_BYTES), recovery_code.plain_code(code) or recovery_code.new_code()
    costs = strength.current_strength()
    wrapped = {"passphrase": _wrap(key, passphrase, costs.passphrase), "recovery": _wrap(key, code, costs.recovery)}
    _write(folder, {"version": 1, "id": secrets.token_hex(8), **wrapped})
    return key, recovery_code.format_code(code)


def unlock(folder: Path, secret: str) -> bytes:
    """Decrypt the key by passphrase or recovery code.

    UserError `wrong_passphrase`, `wrong_code`, `key_missing`, `key_damaged`.
    """
    header = _read(folder)
    key = _unwrap(header["passphrase"], secret)
    if key is None and recovery_code.is_code(secret):
        key = _unwrap(header["recovery"], recovery_code.plain_code(secret))
    if key is None:
        raise _wrong(secret)
    return key


def name_of(folder: Path) -> str:
    """The name of the key of the store or copy in `folder`; "" if it has none or cannot be read."""
    try:
        return str(_read(folder).get("id", ""))
    except KcdeskError:
        return ""


def _wrong_code(typed: str) -> UserError:
    return UserError(
        f"Mã khôi phục chưa đúng: {_fault_of_code(typed)}.",
        code="wrong_code",
        hint="Hãy so lại từng chữ với bản in mới nhất; mã cũ hết hiệu lực khi đã tạo mã mới.",
        field="passphrase",
    )


def _wrong(secret: str) -> UserError:
    if recovery_code.is_meant_as_code(secret):
        return _wrong_code(secret)
    return UserError(
        "Mật khẩu chưa đúng." if secret else "Kho dữ liệu này cần mật khẩu để mở.",
        code="wrong_passphrase",
        hint="Hãy gõ lại mật khẩu, hoặc mã khôi phục in khi lập kho.",
        field="passphrase",
    )


def _fault_of_code(typed: str) -> str:
    letters, groups = len(recovery_code.plain_code(typed)), recovery_code.wrong_groups(typed)
    if letters != recovery_code.LENGTH:
        return f"mã có {recovery_code.LENGTH} ký tự, đã gõ {letters}"
    if not groups:
        return "gõ đúng dạng nhưng không phải mã của kho này"
    return f"nhóm {', '.join(map(str, groups))} có chữ gõ sai"


def is_recovery_code(folder: Path, secret: str) -> bool:
    """Whether `secret` is the recovery code of the store in `folder`."""
    code = recovery_code.plain_code(secret)
    return recovery_code.is_code(secret) and _unwrap(_read(folder)["recovery"], code) is not None


def new_recovery_code(folder: Path, key: bytes) -> str:
    """Make and return a new recovery code; the old code becomes invalid."""
    code = recovery_code.new_code()
    _write(folder, {**_read(folder), "recovery": _wrap(key, code, strength.current_strength().recovery)})
    return recovery_code.format_code(code)


def seal_of(folder: Path) -> SealedKey | None:
    """The seal to the province's recovery key that lies with the key; None if there is none, or nobody can read it."""
    try:
        return SealedKey.from_json(_read(folder).get(_SEAL))
    except (KcdeskError, ValueError):
        return None


def keep_seal(folder: Path, seal: SealedKey | None) -> None:
    """Lay a seal with the key, or take it away."""
    header = {name: part for name, part in _read(folder).items() if name != _SEAL}
    _write(folder, header | ({_SEAL: seal.to_json()} if seal else {}))


def wrapped_anew(key: bytes) -> tuple[dict[str, Any], str]:
    """Wrap a key by a new code, which is told by another way than what is wrapped; both."""
    code = recovery_code.new_code()
    return _wrap(key, code, strength.current_strength().recovery), recovery_code.format_code(code)


def unwrapped(wrapped: dict[str, Any], code: str) -> bytes:
    """The key that `wrapped_anew` has wrapped; UserError `wrong_code`, `key_damaged`."""
    key = _unwrap(wrapped, recovery_code.plain_code(code)) if recovery_code.is_code(code) else None
    if key is None:
        raise _wrong_code(code)
    return key


def take_loan(folder: Path, wrapped: dict[str, Any]) -> None:
    """Let the code of the province open the store in place of the printed one, until the store has a new key."""
    _write(folder, {**_read(folder), "recovery": wrapped, _LENT: True})


def is_lent(folder: Path) -> bool:
    """Whether the province has opened the store, so that it must get a new key before anybody goes on with it."""
    return exists(folder) and _read(folder).get(_LENT) is True


def _is_bearable(n: int, r: int, p: int) -> bool:
    """Whether scrypt with these costs takes no more memory and time than somebody waits for."""
    return p <= _MOST_PASSES and 128 * n * r <= _MOST_MEMORY and 128 * n * r * p <= _MOST_WORK


def _derive(secret: str, wrapped: dict[str, Any]) -> bytes:
    typed = unicodedata.normalize("NFC", secret).encode()
    n, r, p = wrapped["n"], wrapped["r"], wrapped["p"]
    if not all(type(cost) is int and cost > 0 for cost in (n, r, p)) or not _is_bearable(n, r, p):
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
        raise _key_damaged() from None


def _read(folder: Path) -> dict[str, Any]:
    if not exists(folder):
        raise UserError(f"Kho này có mã hoá nhưng thiếu tệp khoá {FILE}.", code="key_missing", hint=_FROM_COPY)
    try:
        header = parsed(_content(folder))
        return {**header, **{name: header[name] for name in ("version", "passphrase", "recovery")}}
    except (ValueError, KeyError, TypeError):
        raise _key_damaged() from None


def _content(folder: Path) -> bytes:
    path = folder / FILE
    with translated():
        if not path.is_file() or path.stat().st_size > _LONGEST_FILE:  # a pipe or a device has no size and no end
            raise _key_damaged()
        return path.read_bytes()


def _key_damaged() -> UserError:
    what = f"Tệp khoá {FILE} của kho bị hỏng; chưa có gì bị thay đổi."
    return UserError(what, code="key_damaged", hint=_FROM_COPY)


def _write(folder: Path, header: dict[str, Any]) -> None:
    """Put the file in its place whole, so that a power cut leaves the old file or the new file."""
    place(folder, json.dumps(header, indent=1).encode())


def take_along(folder: Path, copy: Path) -> None:
    """Write the key of a store, if it has one, into a copy; UserError `key_damaged`, KnownError as for `place`."""
    if exists(folder):
        place(copy, _content(folder))


def place(folder: Path, content: bytes) -> None:
    """Write the file of a key: synced, read back and then renamed; KnownError if the disk refuses."""
    with translated():
        placing.keep_own(folder / FILE, content)


def discard_unplaced(folder: Path) -> None:
    """Remove a file of a key that was written and not renamed because the program was interrupted."""
    (folder / _NEW).unlink(missing_ok=True)

"""The database key once more, sealed to the recovery key of the province: only with the unit's consent.

The province's recovery key is a pair of X25519. A seal is made with a pair of its own: the secret that both share is
drawn out by HKDF over everything the seal is bound to (store, name of the database key, both public keys), and wraps
the database key as `key.json` does (RFC 3394). So a seal that was altered, or laid beside another store, opens nothing.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from typing import Any

from kcdesk.errors import UserError
from kcdesk.runtime.frozen import Value, asdict, names

_BYTES = 32
_WRAPPED_BYTES = _BYTES + 8
_PURPOSE = b"kcdesk sealed database key\n"


class SealedKey(Value, kw_only=True):
    """A sealed database key: its name, the id of the store, the key it is sealed to, that of the seal (base64), hex."""

    id: str
    store: str
    to: str
    sender: str
    wrapped: str

    def to_json(self) -> dict[str, str]:
        """The seal as it stands in `key.json` and in files."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: object) -> SealedKey:
        """Read what `to_json` returns; ValueError for anything else."""
        if not isinstance(values, Mapping) or values.keys() != set(names(cls)):
            raise ValueError("keys")
        if not all(isinstance(value, str) for value in values.values()):
            raise ValueError("values")
        return cls(**values)


def new_recovery_key() -> bytes:
    """Make the secret half of a recovery key."""
    return secrets.token_bytes(_BYTES)


def public_half(recovery_key: bytes) -> str:
    """The public half of a recovery key, as base64 text."""
    return _text(_private(recovery_key).public_key())


def sealed(key: bytes, name: str, store: str, to: str) -> SealedKey:
    """Seal a database key to a public recovery key; ValueError if that is none."""
    from cryptography.hazmat.primitives.keywrap import aes_key_wrap  # only a seal pays for it

    once = _private(secrets.token_bytes(_BYTES))
    bound = SealedKey(id=name, store=store, to=to, sender=_text(once.public_key()), wrapped="")
    wrapped = aes_key_wrap(_shared(once, to, bound), key).hex()
    return SealedKey(**{**bound.to_json(), "wrapped": wrapped})


def opened(seal: SealedKey, recovery_key: bytes) -> bytes:
    """The database key in a seal; UserError `sealed_key` if it is of another recovery key, or was altered."""
    from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap  # only a seal pays for it

    try:
        wrapped = bytes.fromhex(seal.wrapped)
        if len(wrapped) != _WRAPPED_BYTES or seal.to != public_half(recovery_key):
            raise ValueError("seal")
        return aes_key_unwrap(_shared(_private(recovery_key), seal.sender, seal), wrapped)
    except (InvalidUnwrap, ValueError):
        raise UserError(
            "Khoá kho trong tệp này không mở được bằng khoá khôi phục ở đây: tệp đã bị sửa, hoặc gửi cho nơi khác.",
            code="sealed_key",
            hint="Hãy xin đơn vị ghi lại tệp nhờ mở từ chính kho ấy.",
        ) from None


def _shared(own: Any, other: str, bound: SealedKey) -> bytes:
    """The key that only the two halves can compute, for this seal alone; ValueError if `other` is no public key."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey  # only a seal pays for it
    from cryptography.hazmat.primitives.hashes import SHA256  # as above
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF  # as above

    about = "\n".join((bound.id, bound.store, bound.to, bound.sender)).encode()
    secret = own.exchange(X25519PublicKey.from_public_bytes(base64.b64decode(other, validate=True)))
    return HKDF(algorithm=SHA256(), length=_BYTES, salt=None, info=_PURPOSE + about).derive(secret)


def _private(recovery_key: bytes) -> Any:
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey  # only a seal pays for it

    return X25519PrivateKey.from_private_bytes(recovery_key)


def _text(public: Any) -> str:
    return base64.b64encode(public.public_bytes_raw()).decode()

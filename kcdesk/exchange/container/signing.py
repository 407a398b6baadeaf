"""Ed25519 keys of stores: who made a package, and that nobody changed it since.

Every signature names its purpose, so that a signature over one thing never passes for another.
"""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SIGNATURE_SIZE = 64
_SECRET = "signing_key"
_GROUPS, _DIGITS = 6, 5  # thirty digits, read out over the phone: as hard to match as 99 bits


class Secrets(Protocol):
    """What keeps the key: the store, under its own encryption."""

    def secret(self, name: str) -> bytes:
        """The secret of that name, empty when there is none."""

    def set_secret(self, name: str, value: bytes) -> None:
        """Keep a secret."""


def signing_key(secrets: Secrets) -> Ed25519PrivateKey:
    """The store's own key, made on first use."""
    seed = secrets.secret(_SECRET)
    if not seed:
        key = new_key()
        keep(secrets, key)
        return key
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # 20 ms that no start needs

    return Ed25519PrivateKey.from_private_bytes(seed)


def new_key() -> Ed25519PrivateKey:
    """Another key, kept nowhere yet."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # 20 ms that no start needs

    return Ed25519PrivateKey.generate()


def keep(secrets: Secrets, key: Ed25519PrivateKey) -> None:
    """Sign with this key from now on."""
    secrets.set_secret(_SECRET, key.private_bytes_raw())


def public_key(key: Ed25519PrivateKey) -> str:
    """The public half as text (base64), as it stands in manifests and lists of known keys."""
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def sign(key: Ed25519PrivateKey, purpose: str, content: bytes) -> bytes:
    """The signature (64 bytes) of `content` for one purpose."""
    return key.sign(_message(purpose, content))


def verify(public: str, purpose: str, content: bytes, signature: bytes) -> bool:
    """Whether `signature` is that of the key's owner; a key that is none verifies nothing."""
    from cryptography.exceptions import InvalidSignature  # 20 ms that no start needs
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # only a passphrase pays for it

    try:
        raw = base64.b64decode(public, validate=True)
        Ed25519PublicKey.from_public_bytes(raw).verify(signature, _message(purpose, content))
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint(public: str) -> str:
    """The key as thirty digits in groups of five, for comparing by voice or by eye."""
    number = int.from_bytes(hashlib.sha256(public.encode()).digest()) % 10 ** (_GROUPS * _DIGITS)
    digits = f"{number:0{_GROUPS * _DIGITS}}"
    return " ".join(digits[start : start + _DIGITS] for start in range(0, len(digits), _DIGITS))


def _message(purpose: str, content: bytes) -> bytes:
    return f"kcdesk {purpose}\n".encode() + content

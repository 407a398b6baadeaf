"""Ed25519 signatures of stores: they prove who made a package and that nobody has changed it.

Every signature includes its purpose, so that a signature for one purpose is not valid for another.
"""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SIGNATURE_SIZE = 64
RENEWALS = "renewals"  # the setting with the renewals of the key of a store, oldest first
_SECRET = "signing_key"
_GROUPS, _DIGITS = 6, 5  # thirty digits, compared by telephone: as hard to forge as 99 bits


class ReadSecrets(Protocol):
    """What the key is read from: the store, with its own encryption."""

    def secret(self, name: str) -> bytes:
        """The secret with this name; empty if there is none."""


class Secrets(ReadSecrets, Protocol):
    """What also keeps the key."""

    def set_secret(self, name: str, value: bytes) -> None:
        """Keep a secret under a name."""


def signing_key(secrets: Secrets) -> Ed25519PrivateKey:
    """The signing key of the store, made at first use."""
    if seed := secrets.secret(_SECRET):
        return _key_of(seed)
    key = new_key()
    keep(secrets, key)
    return key


def _key_of(seed: bytes) -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # 20 ms that no start needs

    return Ed25519PrivateKey.from_private_bytes(seed)


def new_key() -> Ed25519PrivateKey:
    """Make a new key without keeping it."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # 20 ms that no start needs

    return Ed25519PrivateKey.generate()


def keep(secrets: Secrets, key: Ed25519PrivateKey) -> None:
    """Keep a key as the signing key of the store, replacing the old one."""
    secrets.set_secret(_SECRET, key.private_bytes_raw())


def kept_public_key(secrets: ReadSecrets) -> str:
    """The public key of the store; "" if it has none yet, and none is made."""
    seed = secrets.secret(_SECRET)
    return public_key(_key_of(seed)) if seed else ""


def public_key(key: Ed25519PrivateKey) -> str:
    """The public key as base64 text, as in manifests and lists of known keys."""
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def sign(key: Ed25519PrivateKey, purpose: str, content: bytes) -> bytes:
    """The signature (64 bytes) of `content` for a purpose."""
    return key.sign(_message(purpose, content))


def verify(public: str, purpose: str, content: bytes, signature: bytes) -> bool:
    """Whether `signature` was made with this key for this purpose; False if `public` is no key."""
    from cryptography.exceptions import InvalidSignature  # 20 ms that no start needs
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # only a passphrase pays for it

    try:
        raw = base64.b64decode(public, validate=True)
        Ed25519PublicKey.from_public_bytes(raw).verify(signature, _message(purpose, content))
    except (InvalidSignature, ValueError):
        return False
    return True


def fingerprint(public: str) -> str:
    """The key as thirty digits in groups of five, to be compared by telephone or on paper."""
    number = int.from_bytes(hashlib.sha256(public.encode()).digest()) % 10 ** (_GROUPS * _DIGITS)
    digits = f"{number:0{_GROUPS * _DIGITS}}"
    return " ".join(digits[start : start + _DIGITS] for start in range(0, len(digits), _DIGITS))


def _message(purpose: str, content: bytes) -> bytes:
    return f"kcdesk {purpose}\n".encode() + content

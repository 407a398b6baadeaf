"""Signatures as the tool minisign writes them: keys and signatures of Ed25519 as short lines of text.

A signature has two parts: one over the content, or over its BLAKE2b hash, one over the first and the trusted comment.
Format: https://jedisct1.github.io/minisign/
"""

from __future__ import annotations

import base64
import binascii
import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from kcdesk.runtime.frozen import Value

_PURE, _HASHED = b"Ed", b"ED"
_TRUSTED = "trusted comment: "
_UNTRUSTED = "untrusted comment: "
_KEY_SIZE, _SIGNATURE_SIZE, _GLOBAL_SIZE = 42, 74, 64  # bytes: algorithm 2, name of the key 8, then key or signature


class MinisignError(Exception):
    """The text is no key or no signature of minisign."""


class ForgedSignatureError(Exception):
    """The signature is not one of this key over this content."""


class PublicKey(Value):
    """A key; `name` are the eight bytes by which a signature names it."""

    name: bytes
    content: bytes


class DetachedSignature(Value):
    """A signature beside its content; `comment` is signed too."""

    key_name: bytes
    is_hashed: bool
    content: bytes
    comment: str
    over_all: bytes


def public_key(text: str) -> PublicKey:
    """Read the text of a public key; MinisignError."""
    lines = text.strip().splitlines()
    decoded = _decoded(lines[-1] if lines else "", _KEY_SIZE)
    if decoded[:2] != _PURE or len(lines) > 2:
        raise MinisignError
    return PublicKey(decoded[2:10], decoded[10:])


def detached_signature(text: str) -> DetachedSignature:
    """Read the text of a signature; MinisignError."""
    lines = text.strip().splitlines()
    if len(lines) != 4 or not lines[0].startswith(_UNTRUSTED) or not lines[2].startswith(_TRUSTED):
        raise MinisignError
    decoded = _decoded(lines[1], _SIGNATURE_SIZE)
    if decoded[:2] not in (_PURE, _HASHED):
        raise MinisignError
    return DetachedSignature(
        key_name=decoded[2:10],
        is_hashed=decoded[:2] == _HASHED,
        content=decoded[10:],
        comment=lines[2].removeprefix(_TRUSTED),
        over_all=_decoded(lines[3], _GLOBAL_SIZE),
    )


def refuse_forged(key: PublicKey, signature: DetachedSignature, content: bytes) -> None:
    """Check both parts of a signature; ForgedSignatureError."""
    signed = hashlib.blake2b(content).digest() if signature.is_hashed else content
    verifier = Ed25519PublicKey.from_public_bytes(key.content)
    try:
        verifier.verify(signature.content, signed)
        verifier.verify(signature.over_all, signature.content + signature.comment.encode())
    except InvalidSignature:
        raise ForgedSignatureError from None
    if key.name != signature.key_name:
        raise ForgedSignatureError


def _decoded(line: str, size: int) -> bytes:
    try:
        decoded = base64.b64decode(line, validate=True)
    except (binascii.Error, ValueError):
        raise MinisignError from None
    if len(decoded) != size:
        raise MinisignError
    return decoded

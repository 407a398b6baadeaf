"""Makes update files as a publisher does, signed in the form of minisign, whole or spoilt."""

import base64
import hashlib
import json
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kcdesk.exchange.updates.minisign import PublicKey, public_key

NAME = b"12345678"  # by which a signature names the key
SYSTEM = "linux-x86_64"


def _line(content: bytes) -> str:
    return base64.b64encode(content).decode()


def key_of(private: Ed25519PrivateKey) -> PublicKey:
    """The public half, read from the text that minisign would write."""
    raw = private.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return public_key(f"untrusted comment: minisign public key\n{_line(b'Ed' + NAME + raw)}\n")


def signature(private: Ed25519PrivateKey, content: bytes, name: bytes = NAME) -> str:
    """The text of a signature over the hash of the content."""
    over, comment = private.sign(hashlib.blake2b(content).digest()), "kcdesk"
    over_all = private.sign(over + comment.encode())
    return (
        f"untrusted comment: signature\n{_line(b'ED' + name + over)}\ntrusted comment: {comment}\n{_line(over_all)}\n"
    )


@dataclass
class UpdateMaker:
    """An update; every part can be changed before it is written."""

    private: Ed25519PrivateKey
    version: str = "0.2.0"
    values: dict[str, Any] = field(default_factory=dict)  # of update.json, instead of the usual ones
    files: dict[str, bytes] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)  # in the zip, instead of what was signed
    key_name: bytes = NAME

    def __post_init__(self) -> None:
        folder = f"kcdesk-{self.version}"
        self.files = self.files or {
            "kcdesk": f"program {self.version}".encode(),
            f"{folder}/modules.pyz": b"modules",
            f"{folder}/forms/proposal.toml": b"form",
        }

    def write(self, path: Path) -> Path:
        """Write the file."""
        listed = {
            name: {"sha256": hashlib.sha256(file).hexdigest(), "size": len(file)} for name, file in self.files.items()
        }
        usual = {"format": 1, "product": "kcdesk", "system": SYSTEM, "version": self.version, "released": "2026-12-01"}
        manifest = json.dumps({**usual, "notes": ["Nhanh hơn."], "files": listed, **self.values}).encode()
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
            parts = {
                "update.json": manifest,
                "update.json.minisig": signature(self.private, manifest, self.key_name).encode(),
            }
            parts |= {f"files/{name}": content for name, content in self.files.items()} | self.contents
            for name, content in parts.items():
                made.writestr(name, content)
        return path

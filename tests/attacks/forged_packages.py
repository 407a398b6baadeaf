"""Packages altered by hand: a genuine one is taken apart, changed in its JSON, XML or zip, and signed again.

The attacker has the signing key of a store: the unit itself, or who stole its laptop.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from struct import pack
from typing import Any

from kcdesk.exchange.container import parts, signing
from kcdesk.exchange.container.manifest import NAMESPACE
from kcdesk.exchange.container.xml_parts import add_element, root_element, written
from kcdesk.services.workspace import Workspace

_SEAL = pack("<HH", 0x636B, 64) + bytes(64)
Values = dict[str, Any]


def taken_apart(path: Path) -> tuple[Values, list[Values], dict[str, bytes]]:
    """The manifest, the records and the other parts of an unlocked package."""
    with zipfile.ZipFile(path) as archive:
        others = {name: archive.read(name) for name in archive.namelist()}
    return manifest_of(others.pop(parts.MANIFEST)), records_of(others.pop(parts.RECORDS)), others


def manifest_of(part: bytes) -> Values:
    from lxml import etree

    content: Values = json.loads(etree.fromstring(part).findtext(f"{{{NAMESPACE}}}manifest", ""))
    return content


def records_of(part: bytes) -> list[Values]:
    return [json.loads(line) for line in part.splitlines()]


def forged(
    source: Path,
    target: Path,
    sender: Workspace,
    *,
    records: Callable[[list[Values]], object] | None = None,
    manifest: Callable[[Values], object] | None = None,
    others: Callable[[dict[str, bytes]], object] | None = None,
    package: str = "",
) -> Path:
    """The package with its content changed in place by the functions, signed and sealed with the key of `sender`.

    Counts and hashes are made true; `package` is another id, so that it counts as another package.
    """
    said, lines, rest = taken_apart(source)
    for change, content in ((records, lines), (others, rest)):
        if change:
            change(content)  # type: ignore[operator]
    said["package"] = package or said["package"]
    said["counts"] = dict(Counter(line["kind"] for line in lines if not line["deleted"]))
    said["deleted"] = dict(Counter(line["kind"] for line in lines if line["deleted"]))
    rest[parts.RECORDS] = b"".join(canonical(line) + b"\n" for line in lines)
    said["parts"] = {name: hashlib.sha256(content).hexdigest() for name, content in rest.items()}
    if manifest:
        manifest(said)
    return put_together(target, rest, canonical(said), sender)


def put_together(target: Path, rest: dict[str, bytes], manifest: bytes, sender: Workspace) -> Path:
    """A sealed package of these parts."""
    key = signing.signing_key(sender.store)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in rest.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
        last = zipfile.ZipInfo(parts.MANIFEST, (1980, 1, 1, 0, 0, 0))
        last.extra = _SEAL
        archive.writestr(last, signed_part(manifest, sender))
    with target.open("r+b") as file:
        parts.seal(file, key)
    return target


def signed_part(manifest: bytes, sender: Workspace) -> bytes:
    """The XML part with a manifest, signed with the key of `sender`."""
    key = signing.signing_key(sender.store)
    root = root_element(NAMESPACE, "package")
    add_element(root, NAMESPACE, "manifest", manifest.decode())
    add_element(root, NAMESPACE, "key", signing.public_key(key))
    add_element(root, NAMESPACE, "signature", base64.b64encode(signing.sign(key, "manifest", manifest)).decode())
    return written(root)


def canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

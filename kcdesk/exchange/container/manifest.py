"""The manifest of a package: one signed JSON object in a custom XML part of the workbook.

The JSON is canonical (sorted keys, no spaces), so that the signed bytes are exactly the bytes in the file.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from types import GenericAlias
from typing import TYPE_CHECKING, Any, get_args, get_origin, get_type_hints

from kcdesk import moments, text
from kcdesk.bounded.json_text import parsed
from kcdesk.exchange.container import signing
from kcdesk.exchange.container.xml_parts import add_element, root_element, written
from kcdesk.runtime.frozen import Value, asdict, field, names
from kcdesk.store.handover.history_tips import HistoryTip
from kcdesk.store.handover.lineages import Lineage

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from lxml import etree

FORMAT = 3  # to be increased when an older program cannot read a package; 1 has no lineages, 2 no history
NAMESPACE = "urn:kcdesk:package"
_YOUNGER = frozenset(("lineages", "history"))  # names that older formats lack
_PURPOSE = "manifest"
_DEVICE = re.compile(r"[0-9A-Za-z_.]{1,64}")
_TOKEN = re.compile(r"[0-9a-f]{1,32}")
_TYPE = re.compile(r"[A-Z][0-9]{0,4}")
_SERIALS = range(1, 1_000_000_000)
_TIME = re.compile(r"[0-9]{14}-[0-9a-f]{4}|")


class ManifestError(Exception):
    """The part exists, but it is no manifest with a valid signature."""


class NewerFormatError(Exception):
    """The package was made by a newer version of the program."""


class Sender(Value, kw_only=True):
    """The unit, store, device and officer that made the package."""

    unit: str  # the unit's code
    name: str
    level: str
    province: str
    store: str
    device: str
    officer: str
    officer_title: str


class Receiver(Value, kw_only=True):
    """The unit that the package is for; the columns owned by its level are unlocked in the sheets."""

    unit: str
    name: str
    level: str = "province"


class Attachment(Value, kw_only=True):
    """One attached file; its content is in the part named by its hash."""

    sha256: str
    name: str
    size: int  # bytes


class DeviceUser(Value, kw_only=True):
    """The user of a device that has written to a record of the package."""

    unit: str
    name: str
    officer: str


class ReturnReason(Value, kw_only=True):
    """A reason why a record was returned: the path of the field ("" for the whole record) and a sentence."""

    path: str
    text: str


class Reply(Value, kw_only=True):
    """The answer of a receipt about one record; `result` is received, returned, approved or rejected."""

    record: str
    result: str
    reasons: tuple[ReturnReason, ...]


class DeviceSessions(Value, kw_only=True):
    """The sessions of a device, as pairs of a token and the time of the last write; `base` is its first device id."""

    base: str
    sessions: tuple[tuple[str, ...], ...]


class HistoryStatement(Value, kw_only=True):
    """Where the history of the sender ends; `earlier`: what it has now where packages sent before said it ended."""

    tip: HistoryTip
    earlier: dict[str, HistoryTip]  # by package


class Manifest(Value, kw_only=True):
    """What the receiver must know before it reads the records; kept as JSON by its field names."""

    format: int
    package: str  # UUIDv7
    previous: str  # the package sent to the same receiver before this one, "" for the first
    serial: int  # the running number of the packages from this store to this receiver, from 1
    type: str  # "C" official, "B1", "B2" … supplements, "R" a receipt
    period: str
    made_at: str  # ISO 8601 with offset
    program: str
    practice: bool
    sender: Sender
    receiver: Receiver
    base: dict[str, str]  # newest stamps confirmed by the receiver: the package holds all newer writes; {}: all writes
    vector: dict[str, str]  # the newest stamp of each device that the sender knew
    devices: dict[str, DeviceUser]  # the users of the devices
    answers: str  # the package that a receipt answers, else ""
    acknowledged: dict[str, str]  # the newest stamps of the receiver's devices that the maker of a receipt has
    replies: tuple[Reply, ...]
    forms: tuple[str, ...]  # references ("proposal@1") of the forms that the records follow
    counts: dict[str, int]  # records by kind, deleted ones left out
    deleted: dict[str, int]  # deleted records by kind
    totals: dict[str, int]  # sums in đồng by "kind/field" or "kind/table/column"
    left_out: dict[str, tuple[str, ...]]  # sensitive fields that are not in the package, by kind
    attachments: tuple[Attachment, ...]
    enclosed: tuple[Attachment, ...]  # files sent with a receipt beside the records: rules, letters
    parts: dict[str, str]  # SHA-256 of every other part of the file
    lineages: dict[str, DeviceSessions] = field(default_factory=dict)  # by device; they tell copies of a store
    history: tuple[HistoryStatement, ...] = ()  # one, or none in packages of format 2

    def to_json(self) -> bytes:
        """The canonical JSON that is signed; what older formats lack is left out if it is empty."""
        values = asdict(self)
        empty = {name for name in _YOUNGER if not values[name]}
        return canonical({name: value for name, value in values.items() if name not in empty})

    @classmethod
    def from_json(cls, content: bytes) -> Manifest:
        """What `to_json` gave; ManifestError, and ValueError if it is no JSON."""
        manifest: Manifest = _build(cls, parsed(content))
        return manifest

    def known_lineages(self) -> dict[str, Lineage]:
        """The lineages as a store compares them."""
        return {name: Lineage(base=part.base, sessions=part.sessions) for name, part in self.lineages.items()}


class SignedManifest(Value):
    """A manifest with a valid signature, and the public key of the signature."""

    manifest: Manifest
    key: str


def canonical(value: object) -> bytes:
    """Write a value as canonical JSON: sorted keys, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def write_part(manifest: Manifest, key: Ed25519PrivateKey) -> bytes:
    """The custom XML part with the manifest and its signature."""
    content = manifest.to_json()
    root = root_element(NAMESPACE, "package")
    add_element(root, NAMESPACE, "manifest", content.decode())
    add_element(root, NAMESPACE, "key", signing.public_key(key))
    add_element(root, NAMESPACE, "signature", base64.b64encode(signing.sign(key, _PURPOSE, content)).decode())
    return written(root)


def read_part(root: etree._Element) -> SignedManifest:
    """The manifest of a parsed part; ManifestError if it is not valid, NewerFormatError if its format is too new."""
    content = root.findtext(f"{{{NAMESPACE}}}manifest", "").encode()
    key = root.findtext(f"{{{NAMESPACE}}}key", "")
    try:
        values = parsed(content)
        signature = base64.b64decode(root.findtext(f"{{{NAMESPACE}}}signature", ""), validate=True)
    except ValueError as error:
        raise ManifestError from error
    if isinstance(values, dict) and isinstance(values.get("format"), int) and values["format"] > FORMAT:
        raise NewerFormatError
    if not signing.verify(key, _PURPOSE, content, signature):
        raise ManifestError
    manifest: Manifest = _build(Manifest, values)
    if not _TYPE.fullmatch(manifest.type) or manifest.serial not in _SERIALS or not _is_moment(manifest.made_at):
        raise ManifestError
    if not all(map(_is_lineage, manifest.lineages.items())) or len(manifest.history) > 1:
        raise ManifestError
    if any(map(text.hides, _texts(values | {"attachments": []}))) or any(map(_hides, _names(manifest))):
        raise ManifestError
    return SignedManifest(manifest, key)


def _is_lineage(named: tuple[str, DeviceSessions]) -> bool:
    name, part = named
    pairs = (_TOKEN.fullmatch(pair[0]) and _TIME.fullmatch(pair[1]) for pair in part.sessions if len(pair) == 2)
    is_whole = len(part.sessions) == sum(map(bool, pairs)) > 0
    return is_whole and bool(_DEVICE.fullmatch(name) and _DEVICE.fullmatch(part.base))


def _names(manifest: Manifest) -> Iterator[str]:
    """The names that stand in one line wherever they are shown."""
    yield from asdict(manifest.sender).values()
    yield from asdict(manifest.receiver).values()
    for user in manifest.devices.values():
        yield from asdict(user).values()


def _hides(name: str) -> bool:
    return text.hides(name, single_line=True)


def _texts(value: object) -> Iterator[str]:
    """Every text of a JSON value; names of attached files are not among the manifest's: they are shown as hostile."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _is_moment(moment: str) -> bool:
    try:
        return moments.has_zone(moment)
    except ValueError:
        return False


def _build(kind: Any, value: object) -> Any:
    """Convert `value` to the declared type; ManifestError if it has another structure."""
    if isinstance(kind, GenericAlias):
        return _build_many(get_origin(kind), get_args(kind), value)
    if kind in (str, int, bool):
        if type(value) is not kind:
            raise ManifestError
        return value
    hints = _hints(kind)
    if not isinstance(value, Mapping) or not _needed(kind) <= value.keys() <= hints.keys():
        raise ManifestError
    return kind(**{name: _build(hints[name], value[name]) for name in value})


@cache
def _needed(kind: type) -> frozenset[str]:
    """Return the names that every version of the format has."""
    return frozenset(names(kind)) - _YOUNGER


@cache
def _hints(kind: type) -> dict[str, Any]:
    """Return the declared types of a class; working them out takes longer than building an object."""
    return get_type_hints(kind)


def _build_many(origin: Any, kinds: tuple[Any, ...], value: object) -> Any:
    if origin is tuple and isinstance(value, list):
        return tuple(_build(kinds[0], item) for item in value)
    if origin is dict and isinstance(value, dict):
        return {name: _build(kinds[1], item) for name, item in value.items()}
    raise ManifestError

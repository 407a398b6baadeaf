"""Entering a package in the ledger of its sender: the file on the stick and the ledger are one, or neither is."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from kcdesk.exchange.package_file import Package, ledger_details
from kcdesk.store.handover.package_ledger import PackageEntry
from kcdesk.store.store import Store

_FAST = 1  # the first level of deflate: a third of the time, a tenth more bytes


@dataclass(slots=True)
class Sending:
    """What was put outside the transaction in which a package is sent: files on the stick, new files in the store."""

    paths: list[Path] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)


@contextmanager
def handing_over(store: Store) -> Iterator[Sending]:
    """One transaction for what is sent; the block notes the packages that it has placed.

    If it fails, they are taken off the stick again: nobody may receive a package that the ledger lacks.
    """
    sending = Sending()
    try:
        with store.together():
            yield sending
    except BaseException:
        for path in sending.paths:
            with suppress(OSError):
                path.unlink(missing_ok=True)
        for sha256 in sending.kept:
            store.files.forget(sha256)
        raise


def note_sent(store: Store, package: Package, sending: Sending) -> None:
    """Enter a sent package in the ledger and keep its records, so that an edited copy can be compared with them."""
    sending.paths.append(package.path)
    manifest = package.manifest
    content = zlib.compress(package.records, _FAST)
    is_new = not store.files.has(hashlib.sha256(content).hexdigest())  # an earlier package may have sent the same
    kept = store.files.add(content, f"{manifest.package}.jsonl.z")
    sending.kept += [kept["sha256"]] if is_new else []
    number = int(manifest.type[1:] or 0)
    store.packages.add(
        PackageEntry(
            id=manifest.package,
            direction="out",
            partner=manifest.receiver.unit,
            period=manifest.period,
            type=manifest.type,
            number=number,
            at=manifest.made_at,
            sha256=package.sha256,
            vector=manifest.vector,
            details={
                "records": kept["sha256"],
                "personal": package.personal,
                **ledger_details(manifest, package.key, package.path.name, package.sha256),
            },
        )
    )
    store.packages.carry(manifest.package, package.ids)
    store.pin_session()

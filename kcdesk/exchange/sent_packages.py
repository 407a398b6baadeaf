"""The records of packages as this store sent them, kept so that an edited copy or a later package can be compared."""

from __future__ import annotations

import zlib

from kcdesk.errors import UserError
from kcdesk.store.reader import Reader


def sent_records(store: Reader, package: str) -> bytes:
    """The records of a package as they were sent; UserError `not_found` if this store did not send it."""
    entry = store.packages.get(package)
    if entry is None or "records" not in entry.details:
        raise UserError("Kho này không lập gói đó.", code="not_found")
    return zlib.decompress(store.files.read(entry.details["records"]))

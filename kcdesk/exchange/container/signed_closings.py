"""The end of a store's history, signed with the key of its unit at each closing, and held against the history later.

Whoever has the passphrase and a tool for SQLite can compute the chain of the history and its anchors anew; what the
unit signed earlier then says otherwise. Copies carry the last signed end with them.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING

from kcdesk.errors import KnownError
from kcdesk.exchange.container import signing
from kcdesk.runtime.frozen import replace
from kcdesk.store.handover.history_tips import HistoryTip
from kcdesk.store.safety.closings import SignedEnd
from kcdesk.text import format_date

if TYPE_CHECKING:
    from kcdesk.store.reader import Reader
    from kcdesk.store.store import Store

_PURPOSE = "end of history"


def sign_end(store: Store) -> None:
    """Sign where the history ends, unless the last closing says so already; a disk that refuses keeps nobody here."""
    with suppress(KnownError):
        end = store.unsigned_end()
        if end is None:
            return
        key = signing.signing_key(store)
        signed = replace(end, key=signing.public_key(key))
        signature = signing.sign(key, _PURPOSE, signed.content)
        store.keep_closing(replace(signed, signature=base64.b64encode(signature).decode()))


def compare(store: Store) -> None:
    """Hold the history of a store that was just opened against the closing beside it; a loss is kept in the store."""
    for closing in store.closings_beside():
        if not (is_signed := _is_signed(store, closing)) or not _is_contained(store, closing):
            store.note_lost_closing(closing, is_signed=is_signed)


def closing_faults(store: Reader) -> Iterator[str]:
    """Yield a sentence for each closing that the unit has not signed, or after which the history was changed."""
    for day, closing in store.closings().items():
        on = format_date(date.fromisoformat(day))
        if not _is_signed(store, closing):
            yield f"Dấu chốt lịch sử lúc đóng kho ngày {on} không phải do khoá của đơn vị ký."
        elif not _is_contained(store, closing):
            yield f"Lịch sử tới lúc đóng kho ngày {on} nay khác điều khoá của đơn vị đã ký lúc ấy."


def _is_signed(store: Reader, closing: SignedEnd) -> bool:
    with suppress(ValueError):
        signature = base64.b64decode(closing.signature, validate=True)
        return closing.key in _own_keys(store) and signing.verify(closing.key, _PURPOSE, closing.content, signature)
    return False


def _is_contained(store: Reader, closing: SignedEnd) -> bool:
    tip = HistoryTip(acts=closing.acts, stamp=closing.stamp, lines=closing.lines, hash=closing.hash)
    return store.tips.at(tip.acts, tip.lines) == tip


def _own_keys(store: Reader) -> set[str]:
    """The public keys of this store: that of today, and those that it replaced, one after the other."""
    keys = {signing.kept_public_key(store)} - {""}
    if renewals := store.setting(signing.RENEWALS, []):
        from kcdesk.exchange.cards import read_renewals  # workbooks, which a start does not need

        keys |= {card.replaces for card in read_renewals(json.dumps(renewals).encode())}
    return keys

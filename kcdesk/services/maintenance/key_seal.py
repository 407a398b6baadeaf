"""The seal of a store's key that lies beside it, with which the province can open the store; put right at openings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from kcdesk.errors import UserError
from kcdesk.store.database import key
from kcdesk.store.database.sealed_key import SealedKey
from kcdesk.store.safety import rekeying
from kcdesk.store.store import Store

MENDED = "Khoá kho gửi ở tỉnh (trong key.json) không phải là điều kho này đã đồng ý; chương trình vừa ghi lại cho đúng."


def put_right(store: Store) -> Sequence[str]:
    """Let the seal that lies with the key be the one that was consented to; sentences about what was mended.

    The file of the key is beside the database, where anybody may write: only the store itself says what was agreed.
    """
    if store.is_damaged or not key.exists(store.folder):
        return ()
    kept = store.setting(rekeying.CONSENT)
    wanted = SealedKey.from_json(kept["seal"]) if kept else None
    lying = key.seal_of(store.folder)
    if lying == wanted:
        return ()
    key.keep_seal(store.folder, wanted)
    return (MENDED,) if lying else ()  # one that is missing was cut off, or lay with an older copy of the key


def can_ask(folder: Path) -> bool:
    """Whether the province can open the store in `folder`: its unit consented before."""
    return key.seal_of(folder) is not None


def is_lent(folder: Path) -> bool:
    """Whether the province has opened the store, so that it must get a new key before anybody goes on with it."""
    return key.is_lent(folder)


def refuse_lent(folder: Path) -> None:
    """Refuse to go on with a store that the province has opened and that has no new key yet; UserError `lent_store`."""
    if key.is_lent(folder):
        raise UserError(
            "Kho này vừa được tỉnh mở giúp nên phải đặt mật khẩu mới trước khi dùng tiếp.",
            code="lent_store",
            hint="Hãy chạy kcdesk recover với tệp tỉnh trả, hoặc kcdesk passphrase.",
        )

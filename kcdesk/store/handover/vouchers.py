"""What the province has signed about records: kept beside them, so that a unit between can pass it on as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kcdesk.store.database.db import Connection, canonical


@dataclass(frozen=True, slots=True)
class Voucher:
    """The signed words about one record; `key` is the public key that signed, `signature` base64."""

    key: str
    said: str
    signature: str


class Vouchers:
    """The vouchers that one store keeps, at most one for a record."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, ids: Iterable[str]) -> dict[str, Voucher]:
        """The vouchers of those of the records that have one."""
        sql = (
            "SELECT record.id, voucher.key, said, signature FROM json_each(?) AS named"
            " JOIN record ON record.id = named.value JOIN voucher ON voucher.record = record.seq"
        )
        return {id_: Voucher(*told) for id_, *told in map(tuple, self._connection.all(sql, [canonical(list(ids))]))}

    def put(self, vouchers: Mapping[str, Voucher]) -> None:
        """Keep vouchers by record, in place of what was kept."""
        for id_, voucher in vouchers.items():
            self._connection.execute(
                "INSERT OR REPLACE INTO voucher SELECT seq, ?, ?, ? FROM record WHERE id = ?",
                [voucher.key, voucher.said, voucher.signature, id_],
            )

"""Vouchers: statements about records that the province has signed, kept so that other units can pass them on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kcdesk.runtime.frozen import Value
from kcdesk.store.database.db import Connection, canonical


class Voucher(Value):
    """A signed statement about one record; `key` is the public key that signed it, `signature` is base64."""

    key: str
    statement: str
    signature: str

    def to_json(self) -> dict[str, str]:
        """The voucher as it stands in a package: {"key", "said", "signature"}."""
        return {"key": self.key, "said": self.statement, "signature": self.signature}

    @classmethod
    def from_json(cls, values: Mapping[str, str]) -> Voucher:
        """Read what `to_json` returns; KeyError or TypeError for anything else."""
        others = {name: value for name, value in values.items() if name != "said"}
        return cls(statement=values["said"], **others)


class Vouchers:
    """The vouchers of one store, at most one for each record."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, ids: Iterable[str]) -> dict[str, Voucher]:
        """The vouchers of the records that have one, by record."""
        sql = (
            "SELECT record.id, voucher.key, said, signature FROM json_each(?) AS named"
            " JOIN record ON record.id = named.value JOIN voucher ON voucher.record = record.seq"
        )
        rows = self._connection.all(sql, [canonical(list(ids))])
        return {id_: Voucher(*columns) for id_, *columns in map(tuple, rows)}

    def put(self, vouchers: Mapping[str, Voucher]) -> None:
        """Keep vouchers by record, replacing earlier ones."""
        for id_, voucher in vouchers.items():
            self._connection.execute(
                "INSERT OR REPLACE INTO voucher SELECT seq, ?, ?, ? FROM record WHERE id = ?",
                [voucher.key, voucher.statement, voucher.signature, id_],
            )

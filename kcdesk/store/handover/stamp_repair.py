"""Bringing back stamps that lie in the future: a laptop's clock once ran ahead, and its stamps come after all others.

Every such stamp gets another one, in the same order, just after the newest stamp that was right. Own stamps get the new
device id that the store takes: what the old id wrote from now on would look older than what other stores may have of
it. The history is never changed: it keeps what the clock showed, and an act of it says that stamps were brought back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kcdesk import moments
from kcdesk.runtime.frozen import Value
from kcdesk.store.clock import after, device_of, moment_of, time_of
from kcdesk.store.database.db import Connection, canonical
from kcdesk.store.handover.merge_state import KNOWLEDGE

_STAMP = re.compile(r"[0-9]{14}-[0-9a-f]{4}-[0-9a-z]{1,40}")
_COUNTERS = 0x10000  # stamps in one millisecond
_LATE_RECORDS = "SELECT DISTINCT record FROM touched WHERE stamp >= ? OR private >= ? ORDER BY record"
_NEWEST = "SELECT max(stamp) FROM (SELECT device, max(stamp) AS stamp FROM touched WHERE stamp < ? GROUP BY device)"


class BroughtBack(Value):
    """What was brought back: the records by `seq` and id, and the newest stamp that they have now."""

    records: tuple[tuple[int, str], ...]
    newest: str


def furthest(connection: Connection, limit: int) -> str:
    """The newest stamp beyond `limit` (milliseconds since 1970) in records, of any device; "" if there is none."""
    devices = connection.all("SELECT DISTINCT device FROM touched")
    stamps = (connection.value("SELECT max(stamp) FROM touched WHERE device = ?", list(row)) for row in devices)
    return max((stamp for stamp in stamps if time_of(stamp) > limit), default="")


def bring_back(connection: Connection, now: int, renewed: Mapping[str, str]) -> BroughtBack:
    """Bring back every stamp beyond `now`, within a transaction; `renewed` maps the old own device id to the new."""
    return _Repair(connection, now, renewed).run()


class _Repair:
    def __init__(self, connection: Connection, now: int, renewed: Mapping[str, str]) -> None:
        self._connection, self._now, self._renewed = connection, now, renewed
        self._late = after(now)
        self._places: dict[str, str] = {}

    def run(self) -> BroughtBack:
        seqs = [row[0] for row in self._connection.all(_LATE_RECORDS, [self._late, self._late])]
        self._places = self._ordered({stamp for seq in seqs for stamp in self._stamps_of(seq)})
        for seq in seqs:
            self._mend_record(seq)
        self._forget_vouchers()
        self._mend_intakes()
        self._mend_ledger()
        named = self._connection.all(
            "SELECT seq, id FROM record WHERE seq IN (SELECT value FROM json_each(?))", [canonical(seqs)]
        )
        return BroughtBack(tuple((row[0], row[1]) for row in named), max(self._places.values(), default=""))

    def _ordered(self, late: set[str]) -> dict[str, str]:
        """The places of the late stamps: in their order, just after the newest stamp that is right."""
        newest = self._connection.value(_NEWEST, [self._late]) or f"{self._now:014d}-0000-x"
        milliseconds, counter = time_of(newest), int(newest.split("-")[1], 16)
        places = {}
        for number, stamp in enumerate(sorted(late), start=counter + 1):
            device = self._renewed.get(device_of(stamp), device_of(stamp))
            place = f"{milliseconds + number // _COUNTERS:014d}-{number % _COUNTERS:04x}"
            places[stamp] = f"{place}-{device}"
        return places

    def _is_late(self, stamp: str) -> bool:
        return stamp >= self._late

    def _stamps_of(self, seq: int) -> Iterator[str]:
        """The late stamps of a record."""
        texts = [str(self._connection.value("SELECT stamps FROM record WHERE seq = ?", [seq]))]
        texts += [row[0] for row in self._connection.all("SELECT stamp FROM conflict WHERE record = ?", [seq])]
        for row in self._connection.all("SELECT stamp, private FROM touched WHERE record = ?", [seq]):
            texts += list(row)
        return (stamp for text in texts for stamp in _STAMP.findall(text) if self._is_late(stamp))

    def _mended(self, text: str) -> str:
        return _STAMP.sub(lambda match: self._places.get(match[0], match[0]), text)

    def _vector(self, seen: Mapping[str, str], written: Iterable[str]) -> dict[str, str]:
        """The newest stamps by device after the repair; `written` are those that stand in the record."""
        newest: dict[str, str] = {}
        for stamp in (*map(self._mended, filter(None, seen.values())), *(s for s in written if not self._is_late(s))):
            newest[device_of(stamp)] = max(stamp, newest.get(device_of(stamp), ""))
        return newest

    # -- the tables ------------------------------------------------------------------------------------------------

    def _mend_record(self, seq: int) -> None:
        connection = self._connection
        stamps, *shown = connection.first("SELECT stamps, created, updated, deleted FROM record WHERE seq = ?", [seq])
        waiting = connection.all("SELECT path, stamp FROM conflict WHERE record = ?", [seq])
        written = [*_STAMP.findall(stamps), *(row["stamp"] for row in waiting)]
        for path, stamp in map(tuple, waiting):
            connection.execute(
                "UPDATE conflict SET stamp = ? WHERE record = ? AND path = ? AND stamp = ?",
                [self._mended(stamp), seq, path, stamp],
            )
        newest = self._mend_touched(seq, written)
        mended = [self._moment(moment, newest) for moment in shown]
        sql = "UPDATE record SET stamps = ?, created = ?, updated = ?, deleted = ? WHERE seq = ?"
        connection.execute(sql, [self._mended(stamps), *mended, seq])
        for package, stamp in connection.all("SELECT package, stamp FROM carried WHERE record = ?", [seq]):
            sql = "UPDATE carried SET stamp = ? WHERE record = ? AND package = ?"
            connection.execute(sql, [self._mended(stamp), seq, package])

    def _mend_touched(self, seq: int, written: list[str]) -> str:
        rows = self._connection.all("SELECT device, stamp, private FROM touched WHERE record = ?", [seq])
        seen = self._vector({row["device"]: row["stamp"] for row in rows}, written)
        knowing = {row["device"]: row["private"] for row in rows if row["private"]}
        private = self._vector(knowing, [stamp for stamp in written if device_of(stamp) in knowing])
        self._connection.execute("DELETE FROM touched WHERE record = ?", [seq])
        for device, stamp in seen.items():
            known = min(private.get(device, ""), stamp)
            self._connection.execute(
                "INSERT INTO touched (device, record, stamp, private) VALUES (?, ?, ?, ?)", [device, seq, stamp, known]
            )
        return max(seen.values())

    def _moment(self, moment: str | None, newest: str) -> str | None:
        """A moment of a record; one that lies in the future becomes that of its newest write."""
        now = moments.of_milliseconds(self._now)
        is_late = moment is not None and moments.in_utc(moment) > now
        return moment_of(newest) if is_late else moment

    def _forget_vouchers(self) -> None:
        """Remove what was signed with a late stamp: nothing signed later would replace it. It comes again."""
        for seq, statement in self._connection.all("SELECT record, said FROM voucher"):
            if any(self._is_late(stamp) for stamp in _STAMP.findall(statement)):
                self._connection.execute("DELETE FROM voucher WHERE record = ?", [seq])

    def _mend_intakes(self) -> None:
        """Mend what is kept for the undoing of packages."""
        sql = "UPDATE intake_record SET before = ?, after = ? WHERE act = ? AND record = ?"
        for act, seq, *states in self._connection.all("SELECT act, record, before, after FROM intake_record"):
            if any(self._is_late(stamp) for state in states for stamp in _STAMP.findall(state or "")):
                self._connection.execute(sql, [*map(self._mended_state, states), act, seq])

    def _mended_state(self, kept: str | None) -> str | None:
        if kept is None:
            return None
        state: dict[str, Any] = json.loads(self._mended(kept))
        for name in ("seen", "private"):
            if name in state:
                state[name] = self._vector(state[name], ())
        return canonical(state)

    def _mend_ledger(self) -> None:
        """Remove late stamps from what other stores are known to have: they get these writes again."""
        for seq, vector in self._connection.all("SELECT seq, vector FROM package"):
            if (known := self._known(vector)) != vector:
                self._connection.execute("UPDATE package SET vector = ? WHERE seq = ?", [known, seq])
        kept = self._connection.value("SELECT value FROM setting WHERE name = ?", [KNOWLEDGE])
        if kept is not None:
            self._connection.execute("UPDATE setting SET value = ? WHERE name = ?", [self._known(kept), KNOWLEDGE])

    def _known(self, vector: str) -> str:
        known: dict[str, str] = json.loads(vector)
        return canonical({device: stamp for device, stamp in known.items() if not self._is_late(stamp)})

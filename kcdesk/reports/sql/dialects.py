"""What differs between the databases that run the queries of reports."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Protocol

from kcdesk import moments


class Dialect(Protocol):
    """The few expressions that SQLite, PostgreSQL and DuckDB write differently."""

    @property
    def computed_once(self) -> str:
        """The ending of an inner query whose columns are computed once for each line, however often they are named."""

    def parameter(self, name: str) -> str:
        """The place of a bound value."""

    def rounded(self, number: str) -> str:
        """A number that is not negative as a whole number, halves up."""

    def days_between(self, first: str, last: str) -> str:
        """The days from one ISO date to another."""

    def as_day(self, value: str) -> str:
        """A date column as ISO text."""

    def day_of_moment(self, value: str) -> str:
        """The day of a moment in the officer's time zone, as ISO text."""

    def real(self, number: str) -> str:
        """A number as a floating one, with which products and quotients are the same everywhere."""

    def quotient(self, dividend: str, divisor: str) -> str:
        """A quotient with decimals; NULL if the divisor is zero."""

    def entries(self, place: str) -> str:
        """The entries of a bound JSON list, as a list for IN."""


class SQLite:
    """SQLite, over the views of the store."""

    @property
    def computed_once(self) -> str:
        """A limit keeps SQLite from writing the inner query into the outer one."""
        return " LIMIT -1"

    def parameter(self, name: str) -> str:
        """A named parameter."""
        return f":{name}"

    def rounded(self, number: str) -> str:
        """CAST cuts the decimals off."""
        return f"CAST({number} + 0.5 AS INTEGER)"

    def days_between(self, first: str, last: str) -> str:
        """Whole days of the Julian calendar."""
        return f"CAST(julianday({last}) - julianday({first}) AS INTEGER)"

    def as_day(self, value: str) -> str:
        """Dates are ISO text."""
        return value

    def day_of_moment(self, value: str) -> str:
        """Moments are ISO text in UTC; a zone without summer time, as Vietnam's, is a shift of the clock."""
        shift = "localtime" if time.daylight else f"{-time.timezone:+d} seconds"
        return f"date({value}, '{shift}')"

    def real(self, number: str) -> str:
        """A product with a real number is one."""
        return f"({number} * 1.0)"

    def quotient(self, dividend: str, divisor: str) -> str:
        """Division of real numbers."""
        return f"({self.real(dividend)} / NULLIF({divisor}, 0))"

    def entries(self, place: str) -> str:
        """A query of the list's values."""
        return f"(SELECT value FROM json_each({place}))"


class PostgreSQL(SQLite):
    """PostgreSQL, over views of a published copy that have the values of the store; values are named as in SQLite."""

    @property
    def computed_once(self) -> str:
        """The server decides."""
        return ""

    def rounded(self, number: str) -> str:
        """CAST would round halves to even."""
        return f"CAST(FLOOR({number} + 0.5) AS BIGINT)"

    def days_between(self, first: str, last: str) -> str:
        """The difference of two dates is a number of days."""
        return f"(CAST({last} AS DATE) - CAST({first} AS DATE))"

    def day_of_moment(self, value: str) -> str:
        """The shift of this machine's zone, as the store has it; a zone with summer time is taken as it is now."""
        shift = int((moments.now().utcoffset() or timedelta()).total_seconds())
        return f"CAST(CAST(CAST(substr({value}, 1, 19) AS TIMESTAMP) + INTERVAL '{shift} seconds' AS DATE) AS TEXT)"

    def real(self, number: str) -> str:
        """A product of whole numbers with 1.0 would be a decimal number."""
        return f"CAST({number} AS DOUBLE PRECISION)"

    def entries(self, place: str) -> str:
        """A query of the list's values."""
        return f"(SELECT jsonb_array_elements_text(CAST({place} AS jsonb)))"


class DuckDB(PostgreSQL):
    """DuckDB, over views of published files."""

    def entries(self, place: str) -> str:
        """A query of the list's values."""
        return f"(SELECT unnest(from_json(CAST({place} AS JSON), '[\"VARCHAR\"]')))"

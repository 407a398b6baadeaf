"""A connection to a server that is named by its address."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from kcdesk.publishing.extra import extra_library
from kcdesk.publishing.postgresql_errors import connection_refusal
from kcdesk.publishing.targets import ServerTarget

_CONNECT_SECONDS = 10


@contextmanager
def server_connection(target: ServerTarget) -> Iterator[Any]:
    """A connection to the server; UserError and KnownError say why there is none."""
    psycopg: Any = extra_library("psycopg")
    conninfo: Any = extra_library("psycopg.conninfo")
    given = conninfo.conninfo_to_dict(target.address)
    usual = {"connect_timeout": _CONNECT_SECONDS, "application_name": "kcdesk"}
    try:
        connection = psycopg.connect(target.address, **{key: usual[key] for key in usual.keys() - given.keys()})
    except psycopg.Error as error:
        raise connection_refusal(error, target.shown) from None  # its text may repeat the whole address
    try:
        yield connection
    finally:
        connection.close()

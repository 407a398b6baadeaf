"""What reports are computed from: the store, or a published copy of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from kcdesk.formdef.forms import Forms
from kcdesk.store.identity import Identity


class ReportSource(Protocol):
    """The reading views of a store, its forms and its office."""

    forms: Forms
    identity: Identity

    def query(self, sql: str, parameters: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """The rows of a query over the views; values are named `:name`."""

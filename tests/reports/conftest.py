"""A store with made-up dossiers whose figures are reckoned in the tests themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from kcdesk.services.workspace import Workspace

Insert = Callable[..., str]


@pytest.fixture
def insert(workspace: Workspace) -> Insert:
    """Writes a record in any state, without the steps that lead to it; its id."""

    def write(kind: str, *, state: str = "final", parent: str | None = None, **values: Any) -> str:
        data = {"state": state, "revision": 1, **({"proposal": parent} if parent else {}), **values}
        with workspace.store.act("Nạp dữ liệu mẫu") as act:
            return act.insert(kind, workspace.forms.current(kind).reference, data, parent)

    return write

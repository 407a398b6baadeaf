"""Offices whose packages are altered."""

from __future__ import annotations

import pytest

from kcdesk.services.workspace import Workspace
from tests.services.exchange_support import Offices


@pytest.fixture
def trio(offices: Offices) -> tuple[Workspace, Workspace, Workspace]:
    """Two units and their province, who know each other."""
    units = offices.make("TT-A"), offices.make("TT-B"), offices.make("SCT", "province")
    offices.acquaint(*units)
    return units

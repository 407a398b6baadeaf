"""The shipped forms with their catalogue of places, loaded once."""

from __future__ import annotations

import pytest

from kcdesk.formdef.forms import Forms
from kcdesk.formdef.loading.loader import load


@pytest.fixture(scope="session")
def shipped_forms() -> Forms:
    return load()

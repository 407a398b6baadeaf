"""The sample definitions, loaded once."""

from __future__ import annotations

import pytest

from kcdesk.formdef.loading.loader import Forms, load
from tests.formdef import samples


@pytest.fixture(scope="session")
def forms(tmp_path_factory: pytest.TempPathFactory) -> Forms:
    return load(samples.write(tmp_path_factory.mktemp("forms")))

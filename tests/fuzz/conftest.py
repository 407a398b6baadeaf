"""How many packages are spoilt: 200 in every run, as many as wanted with `--fuzz N`."""

import pytest


def pytest_addoption(parser):
    parser.addoption("--fuzz", type=int, default=200, help="how many spoilt packages are tried (default 200)")


@pytest.fixture
def rounds(request):
    return request.config.getoption("--fuzz", default=200)

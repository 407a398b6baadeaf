"""A proposal whose money is in two contracts."""

import pytest

from tests.services import lives, samples


@pytest.fixture
def signed(workspace):
    """A running proposal of 4 triệu with contracts of 2,5 and 1,5 triệu: its id and theirs."""
    id_ = lives.write(workspace, "brand")
    lives.approve(workspace, id_)
    first = samples.contract(workspace, id_, basis="contract", value=2_500_000)
    second = samples.contract(workspace, id_, basis="contract", value=1_500_000, number="02/HĐ", signed_on="6/3/2018")
    lives.take(workspace, id_, "contract", "start")
    return id_, first, second

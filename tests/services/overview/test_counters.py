"""The counters of the window: the truth, or plainly the least that it can be."""

from kcdesk.services.overview import counters
from kcdesk.services.records import changing


def test_a_count_that_stopped_says_so(workspace):
    with workspace.store.act("Nhiều cơ sở") as act:
        for number in range(counters.MOST):
            act.insert("beneficiary", "beneficiary@1", {"name": f"Cơ sở {number}", "state": "draft"})
    assert counters.counted(counters.to_hand_over(workspace)) == "1.000"
    changing.add(workspace, "beneficiary", {"name": "Một cơ sở nữa"})
    assert counters.counted(counters.to_hand_over(workspace)) == "1.000+"
    assert counters.counted(1250) == "1.250"

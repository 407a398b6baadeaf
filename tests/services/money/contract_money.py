"""Money that moves in one contract, as it is after «Chốt»."""

from kcdesk.services.records import changing
from tests.services import lives
from tests.services.samples import begin


def pay(workspace, id_, amount, contract, kind="advance", **changes):
    """A payment of a contract with its day and voucher; its id."""
    return lives.pay(workspace, id_, kind, amount=amount, contract=contract, **changes)


def settle(workspace, id_, contract, amount):
    """The final accounts of a contract, or of the whole proposal without one; the id of the settlement."""
    settlement = begin(workspace, id_, "settlement")
    changing.set_values(workspace, settlement, {"contract": contract, "settled_support": amount})
    with workspace.store.act("Chốt") as act:
        act.update(settlement, {"state": "final"})
    return settlement

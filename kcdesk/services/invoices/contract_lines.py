"""The machines of the contract, else of the proposal, that the lines of an invoice are held against."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from kcdesk.formdef.record import Record
from kcdesk.runtime.frozen import Value
from kcdesk.services.records.copying import linked
from kcdesk.services.visits import site_lines
from kcdesk.services.workspace import Workspace
from kcdesk.text import tokens

ENOUGH = 0.6  # likeness from which two names are of one machine
_KIND_WORDS = frozenset(("may", "thiet", "bi", "he", "thong", "bo", "chiec", "cai", "va"))


class ContractLine(Value):
    """A machine of the contract; price and amount in đồng."""

    name: str
    model: str
    quantity: Decimal | None
    price: Decimal | None
    amount: Decimal | None

    def likeness(self, name: str) -> float:
        """How much a name on an invoice is that of this machine, 0 to 1."""
        return likeness(f"{self.name} {self.model}", name)


def likeness(own: str, other: str) -> float:
    """How much a name on an invoice is that of a machine, 0 to 1.

    The part of its telling words that the other has, or where both are told differently («Lò sấy bánh tráng bằng hơi
    nước», «Lò sấy bánh tráng LS-500») the part of all words that they share.
    """
    wanted, given = _telling(own), _telling(other)
    shared = len(wanted & given)
    return max(shared / len(wanted), 2 * shared / (len(wanted) + len(given))) if wanted else 0.0


def _telling(name: str) -> frozenset[str]:
    """The words of a name without those that many machines have in theirs."""
    words = frozenset(tokens(name))
    return words - _KIND_WORDS or words


def contract_lines(workspace: Workspace, record: Record) -> list[ContractLine]:
    """The machines that a record may prove by invoices."""
    if linked(workspace, record, "proposal") is None and linked(workspace, record, "contract") is None:
        return []
    return [_line(row) for row in site_lines.lines_behind(workspace, record, "machines")]


def line_of(lines: Sequence[ContractLine], name: str) -> ContractLine | None:
    """The machine that a line of an invoice is probably about."""
    scored = [(max(line.likeness(name), likeness(line.name, name)), line) for line in lines]
    best = max(scored, key=lambda pair: pair[0], default=(0.0, None))
    return best[1] if best[0] >= ENOUGH else None


def _line(row: dict[str, object]) -> ContractLine:
    quantity, amount, price = (_number(row.get(name)) for name in ("quantity", "amount", "unit_price"))
    if price is None and amount is not None and quantity:
        price = amount / quantity
    return ContractLine(str(row.get("name") or ""), str(row.get("model") or ""), quantity, price, amount)


def _number(stored: object) -> Decimal | None:
    return None if stored is None or stored == "" else Decimal(str(stored))

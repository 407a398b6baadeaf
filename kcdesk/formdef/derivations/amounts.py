"""Amounts in whole đồng that know their parts, and the operations on them.

An amount is an ordinary whole number for whoever computes with it; what asks «Vì sao có số này?» reads its tree. So
the code that computes a figure is also what describes it, and the two cannot differ.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Self

from kcdesk.formdef.derivations.arithmetic import OPERATIONS
from kcdesk.formdef.derivations.nodes import CellAddress, Derivation, LegalBasis
from kcdesk.formdef.model import Field
from kcdesk.formdef.record import Record
from kcdesk.formdef.types.number_types import number_in
from kcdesk.formdef.types.registry import type_of
from kcdesk.runtime.frozen import replace


class Amount(int):
    """A whole number with the tree of what it is made of."""

    derivation: Derivation

    def __new__(cls, derivation: Derivation) -> Self:
        """Take the value of the tree; a missing value counts as 0."""
        amount = super().__new__(cls, int(derivation.value or 0))
        amount.derivation = derivation
        return amount


def derivation_of(amount: int, label: str = "") -> Derivation:
    """The tree of an amount, under another label if one is given; of a plain number a leaf."""
    own = amount.derivation if isinstance(amount, Amount) else Derivation(label=label, value=Decimal(amount))
    return replace(own, label=label) if label else own


def cell_of(record: Record, path: str) -> Derivation:
    """A stored number as a leaf that knows where it stands; a value of another type counts as no number."""
    field = record.field(path)
    return Derivation(
        label=field.heading,
        value=number_in(type_of(field), record.value(path)),
        unit=unit_of(field),
        decimals=None,
        cell=CellAddress(record.id, record.kind, path),
    )


def amount_of(record: Record, path: str) -> Amount:
    """A stored amount, 0 where it is empty."""
    cell = cell_of(record, path)
    return Amount(replace(cell, value=cell.value or Decimal(0)))


def unit_of(field: Field) -> str:
    """The unit of a field, else that of its type."""
    return field.unit or type_of(field).unit


def total(label: str, amounts: Iterable[int], rule: LegalBasis | None = None) -> Amount:
    """Amounts added up; 0 for none."""
    return _computed(label, "sum", [derivation_of(amount) for amount in amounts], rule)


def difference(label: str, first: int, second: int, rule: LegalBasis | None = None) -> Amount:
    """The first amount less the second."""
    return _computed(label, "difference", [derivation_of(first), derivation_of(second)], rule)


def product(label: str, first: int, second: int, rule: LegalBasis | None = None) -> Amount:
    """Two amounts multiplied."""
    return _computed(label, "product", [derivation_of(first), derivation_of(second)], rule)


def least(label: str, amounts: Iterable[int], rule: LegalBasis | None = None) -> Amount:
    """The smallest of the amounts."""
    return _computed(label, "least", [derivation_of(amount) for amount in amounts], rule)


def at_least_zero(label: str, amount: int, rule: LegalBasis | None = None) -> Amount:
    """The amount, 0 instead of a negative one."""
    return _computed(label, "at_least_zero", [derivation_of(amount)], rule)


def percentage(label: str, percent: Decimal, whole: int, rule: LegalBasis | None = None) -> Amount:
    """A percentage of an amount, rounded down to whole đồng; the rule is that of the percentage."""
    part = Derivation(label="Tỷ lệ theo quy định", value=percent, unit="%", decimals=None, rule=rule)
    return _computed(label, "part_of", [part, derivation_of(whole)], rule)


def figure(label: str, value: int, unit: str = "đồng", rule: LegalBasis | None = None, note: str = "") -> Amount:
    """A number that stands in a rule, or is counted."""
    return Amount(Derivation(label=label, value=Decimal(value), unit=unit, rule=rule, note=note))


def _computed(label: str, operation: str, parts: list[Derivation], rule: LegalBasis | None) -> Amount:
    value = OPERATIONS[operation]([part.value for part in parts]) if parts else None
    return Amount(
        Derivation(label=label, value=value or Decimal(0), operation=operation, parts=tuple(parts), rule=rule)
    )

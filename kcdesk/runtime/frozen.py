"""Values: small classes that are only what their fields say, as `class Amount(Value)`; they cannot be changed.

They are structs of msgspec, not frozen data classes: such a class takes Python 15 microseconds, a data class 500, and a
start makes a hundred and fifty of them (decision 126). What changes stays a data class of the standard library.

A class may say `kw_only=True`, `order=True`, and `dict=True` where it has a `cached_property`.
"""

from __future__ import annotations

from abc import ABCMeta
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, TypeGuard, dataclass_transform

import msgspec
from msgspec import NODEFAULT, Struct, StructMeta, field
from msgspec.structs import FieldInfo, astuple

if TYPE_CHECKING:
    from dataclasses import replace  # mypy checks the names and types that are given
else:

    def replace(value: Any, /, **changes: Any) -> Any:
        """The same value with other fields; also of a data class that changes, for mypy sees no difference."""
        if isinstance(value, Struct):
            return msgspec.structs.replace(value, **changes)
        import dataclasses  # hardly ever needed, and slow to import

        return dataclasses.replace(value, **changes)


__all__ = [
    "NODEFAULT",
    "AbstractValue",
    "FieldInfo",
    "Value",
    "asdict",
    "astuple",
    "differing_fields",
    "field",
    "fields",
    "is_value",
    "names",
    "replace",
]


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
class Value(Struct, frozen=True):
    """The base class of all values: compared and hashed by its fields, without a dictionary of its own."""

    if TYPE_CHECKING:
        __dataclass_fields__: ClassVar[dict[str, Any]]  # lets mypy check `replace`


class _AbstractMeta(ABCMeta, StructMeta):
    """The class of classes that have both fields and abstract methods."""


class AbstractValue(Value, metaclass=_AbstractMeta):
    """A value with abstract methods."""


def names(value: Value | type[Value]) -> tuple[str, ...]:
    """The names of the fields, in their order."""
    return value.__struct_fields__


@cache
def fields(kind: type[Value]) -> tuple[FieldInfo, ...]:
    """The fields with types and defaults; a type that is imported for mypy alone is a NameError."""
    return msgspec.structs.fields(kind)


def differing_fields(value: Value) -> Iterator[FieldInfo]:
    """Yield the fields that are not what they are if nothing is given."""
    for item in fields(type(value)):
        default = item.default if item.default_factory is NODEFAULT else item.default_factory()
        if getattr(value, item.name) != default:
            yield item


def is_value(kind: object) -> TypeGuard[type[Value]]:
    """Whether it is a class of values."""
    return isinstance(kind, StructMeta) and issubclass(kind, Value)


def asdict(value: Value) -> dict[str, Any]:
    """The fields by name, with dictionaries in place of the values within; everything else is the same object."""
    return {name: _plain(getattr(value, name)) for name in value.__struct_fields__}


def _plain(item: Any) -> Any:
    if isinstance(item, Value):
        return asdict(item)
    if isinstance(item, dict):
        return {key: _plain(entry) for key, entry in item.items()}
    if isinstance(item, list | tuple):
        entries = map(_plain, item)
        return type(item)(*entries) if hasattr(item, "_fields") else type(item)(entries)
    return item

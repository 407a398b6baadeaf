"""The identity of a store: office, officer and device."""

from __future__ import annotations

import json

from kcdesk.runtime.frozen import Value, asdict

FORMER_NAMES = "former_unit_names"  # setting: earlier names of the office, for packages that are on their way


class Unit(Value):
    """An office that keeps or receives records; `province` and `parent` are codes."""

    name: str
    code: str
    level: str  # a name of forms/levels.toml
    province: str
    parent: str = ""


class Officer(Value):
    """The person who works with the store."""

    name: str
    title: str = ""


class Identity(Value):
    """The ids of the store and of its device, the office and the officer; `created` is UTC."""

    store_id: str
    device_id: str
    unit: Unit
    officer: Officer
    practice: bool
    created: str

    def to_json(self) -> str:
        """The JSON text that is kept in the store."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, content: str) -> Identity:
        """Read the JSON text of `to_json`."""
        values = json.loads(content)
        return cls(**{**values, "unit": Unit(**values["unit"]), "officer": Officer(**values["officer"])})

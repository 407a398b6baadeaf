"""Whose store this is."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Literal

Level = Literal["lower", "province"]


@dataclass(frozen=True, slots=True)
class Unit:
    """An office that keeps or receives records; `province` and `parent` are codes."""

    name: str
    code: str
    level: Level
    province: str
    parent: str = ""


@dataclass(frozen=True, slots=True)
class Officer:
    """Who works with the store."""

    name: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Identity:
    """The store, the device that it lies on, the office and the officer; `created` is UTC."""

    store_id: str
    device_id: str
    unit: Unit
    officer: Officer
    practice: bool
    created: str

    def to_json(self) -> str:
        """As it is kept in the store."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, content: str) -> Identity:
        """As it was kept."""
        values = json.loads(content)
        return cls(**{**values, "unit": Unit(**values["unit"]), "officer": Officer(**values["officer"])})

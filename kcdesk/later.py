"""Modules that are imported when something of them is first used, so that a start does not wait for all of them.

In a package that calls `import_later(__name__)`, `from package import module` gives a stand-in. It imports the module
when it is first asked for a name, once and under the locks of Python's import, in whatever thread that is.
`from package.module import name` imports at once, as ever.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType


class LaterModule:
    """Stands for a module that is imported at the first use; whatever is asked or set is asked or set there."""

    __slots__ = ("_module", "_name")
    _module: ModuleType | None
    _name: str

    def __init__(self, name: str) -> None:
        object.__setattr__(self, "_name", name)
        object.__setattr__(self, "_module", None)

    def __getattr__(self, name: str) -> object:
        return getattr(_imported(self), name)

    def __setattr__(self, name: str, value: object) -> None:
        setattr(_imported(self), name, value)

    def __delattr__(self, name: str) -> None:
        delattr(_imported(self), name)

    def __dir__(self) -> list[str]:
        return dir(_imported(self))

    def __repr__(self) -> str:
        return f"<module {self._name!r}, imported when first used>"


def _imported(later: LaterModule) -> ModuleType:
    module = later._module
    if module is None:
        module = import_module(later._name)
        object.__setattr__(later, "_module", module)
    return module


def import_later(package: str) -> None:
    """Have the modules of a package imported when they are first used.

    What is no module of it remains unknown to it: a wrong name is an ImportError as ever.
    """

    def module(name: str) -> object:
        full = f"{package}.{name}"
        if name.startswith("__") or find_spec(full) is None:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return LaterModule(full)

    setattr(sys.modules[package], "__getattr__", module)  # noqa: B010 - as the statement it would look like a method

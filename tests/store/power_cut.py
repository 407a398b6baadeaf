"""Ends the program at one of the operations that a test names."""

from __future__ import annotations

from typing import Any

import pytest


class PowerCut:
    """Lets so many `operations` (a class or module, and the name of its function) happen, then ends the program."""

    def __init__(self, patch: pytest.MonkeyPatch, steps: int, *operations: tuple[Any, str]) -> None:
        self.left = steps
        for owner, name in operations:
            patch.setattr(owner, name, self._counted(getattr(owner, name)))

    def _counted(self, real: Any) -> Any:
        def act(*given: Any, **more: Any) -> Any:
            self.left -= 1
            if self.left < 0:
                raise KeyboardInterrupt
            return real(*given, **more)

        return act

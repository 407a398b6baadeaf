"""Time and chance as the walk gives them: a clock that moves by acts, and random numbers from the seed.

Two walks of one seed then make the same records with the same moments, whatever the machine does beside them.
"""

from __future__ import annotations

import random
import secrets
import time
from datetime import UTC, datetime, tzinfo
from typing import Any

from kcdesk import moments
from kcdesk.ui.form.editors import answer_buttons, options
from kcdesk.ui.toolkit import decision_button

_BEGIN = datetime(2026, 12, 1, 2, 0, tzinfo=UTC)  # later than everything in the practice stores
_HOUR = 3600


class GivenTime:
    """The clock of one sitting; it stands still until somebody lets time pass."""

    def __init__(self, seed: int = 0, hours: float = 1) -> None:
        self.now = _BEGIN.timestamp() + hours * _HOUR
        self._chance = random.Random(seed)

    def pass_(self, seconds: float) -> None:
        """Let so much time pass."""
        self.now += seconds

    def changes(self) -> list[tuple[Any, str, Any]]:
        """What has to be replaced: the clocks of the system, and where random ids come from."""
        given = self

        class GivenDatetime(datetime):
            """A datetime whose now is given."""

            @classmethod
            def now(cls, tz: tzinfo | None = None) -> GivenDatetime:
                return cls.fromtimestamp(given.now, tz)

        return [
            (time, "time_ns", lambda: int(given.now * 1000) * 1_000_000),
            (secrets, "randbits", self._chance.getrandbits),
            (secrets, "token_hex", lambda size: self._chance.randbytes(size).hex()),
            (moments, "datetime", GivenDatetime),
            *((module, "monotonic", lambda: given.now) for module in (answer_buttons, options, decision_button)),
        ]

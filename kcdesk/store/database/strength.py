"""The strength of a store's safety: full, except in stores that a test throws away.

A store of a test exists for a second: it needs neither a strong passphrase nor protection against a power cut. Tests of
safety run at full strength. The installed program ignores the environment variable and always uses full strength.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from kcdesk.runtime.frozen import Value

VARIABLE = "KCDESK_STORES_ARE"  # of the environment
THROW_AWAY = "throw-away"


class Strength(Value):
    """The pragma `synchronous` of SQLite, and the costs of scrypt for a passphrase and for a recovery code."""

    synchronous: int
    passphrase: Mapping[str, int]
    recovery: Mapping[str, int]


# Every commit waits for the disk. A passphrase costs 32 MB of memory and three passes: what OWASP recommends, on a
# laptop with 4 GB. The recovery code has 152 random bits and needs no costly derivation.
FULL = Strength(2, {"n": 2**15, "r": 8, "p": 3}, {"n": 2**12, "r": 8, "p": 1})
_WEAK = Strength(0, {"n": 2**4, "r": 8, "p": 1}, {"n": 2**4, "r": 8, "p": 1})


def current_strength() -> Strength:
    """The strength with which every store is opened and locked."""
    is_installed = getattr(sys, "frozen", False)
    return _WEAK if os.environ.get(VARIABLE) == THROW_AWAY and not is_installed else FULL

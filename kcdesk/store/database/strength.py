"""How much time a store spends on its safety: all that is needed, except in the stores that a test throws away.

A store of a test lives for a second; nobody guesses its passphrase and no power cut can spoil it. Tests of safety
itself run at full strength, as the program always does: the environment is asked only where it runs from its sources.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass

VARIABLE = "KCDESK_STORES_ARE"  # of the environment
THROW_AWAY = "throw-away"


@dataclass(frozen=True, slots=True)
class Strength:
    """`synchronous` of SQLite, and what scrypt costs for a passphrase and for a recovery code."""

    synchronous: int
    passphrase: Mapping[str, int]
    recovery: Mapping[str, int]


# Every commit waits for the disk. A passphrase takes 32 MB of memory and three passes: the strength OWASP asks for, on
# a laptop with 4 GB. The recovery code holds 152 random bits: nothing to stretch.
FULL = Strength(2, {"n": 2**15, "r": 8, "p": 3}, {"n": 2**12, "r": 8, "p": 1})
_WEAK = Strength(0, {"n": 2**4, "r": 8, "p": 1}, {"n": 2**4, "r": 8, "p": 1})


def in_force() -> Strength:
    """What every store is opened and locked with."""
    is_installed = getattr(sys, "frozen", False)
    return _WEAK if os.environ.get(VARIABLE) == THROW_AWAY and not is_installed else FULL

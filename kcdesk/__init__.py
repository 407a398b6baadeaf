"""kcdesk: khuyến công on an officer's laptop, without a network."""

from datetime import date

__version__ = "0.1.0"
RELEASED = date(2026, 1, 1)  # no laptop that runs this version can rightly be set to an earlier day

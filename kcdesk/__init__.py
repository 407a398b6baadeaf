"""kcdesk: khuyến công on an officer's laptop, without a network."""

__version__ = "0.1.0"

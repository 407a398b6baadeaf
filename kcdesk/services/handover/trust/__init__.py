"""Trusted keys, and decisions that only the province may make."""

from kcdesk.later import import_later

import_later(__name__)

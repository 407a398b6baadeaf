"""Payments, settlements and year accounts."""

from kcdesk.later import import_later

import_later(__name__)

"""Totals of years before the program, and of offices without it."""

from kcdesk.later import import_later

import_later(__name__)

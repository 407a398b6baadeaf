"""Offices, officers and work hand-overs."""

from kcdesk.later import import_later

import_later(__name__)

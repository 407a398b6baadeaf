"""Offices, officers, and open work handed over."""

from kcdesk.later import import_later

import_later(__name__)

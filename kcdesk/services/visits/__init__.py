"""Visits of a site: what they take over, field mode, calendar, acceptance."""

from kcdesk.later import import_later

import_later(__name__)

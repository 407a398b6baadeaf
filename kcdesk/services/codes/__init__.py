"""Codes that come from a reader: citizen cards."""

from kcdesk.later import import_later

import_later(__name__)

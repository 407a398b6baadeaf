"""Codes that come to the window: typed by a reader into any field, or on photos of papers."""

from kcdesk.later import import_later

import_later(__name__)

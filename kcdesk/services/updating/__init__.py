"""Updating the built program from a signed file, going back to the version before, what is new. No Qt."""

from kcdesk.later import import_later

import_later(__name__)

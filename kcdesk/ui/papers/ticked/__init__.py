"""Sheets ticked by hand in the window: what was read beside its picture, to be agreed to."""

from kcdesk.later import import_later

import_later(__name__)

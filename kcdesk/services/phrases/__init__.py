"""Sentences offered while typing, and the list that an office makes of its own."""

from kcdesk.later import import_later

import_later(__name__)

"""Attached files shown inside the program."""

from kcdesk.later import import_later

import_later(__name__)

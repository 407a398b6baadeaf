"""Receive a whole folder of packages, and see which units have handed over for a period."""

from kcdesk.later import import_later

import_later(__name__)

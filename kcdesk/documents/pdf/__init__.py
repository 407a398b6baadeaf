"""Writing blocks as PDF."""

from kcdesk.later import import_later

import_later(__name__)

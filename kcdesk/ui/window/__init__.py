"""The main window around the pages; it imports no page."""

from kcdesk.later import import_later

import_later(__name__)

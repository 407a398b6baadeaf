"""Writing blocks as a Word file."""

from kcdesk.later import import_later

import_later(__name__)

"""What runs beside the pages of a window."""

from kcdesk.later import import_later

import_later(__name__)

"""Updates of the program in the window."""

from kcdesk.later import import_later

import_later(__name__)

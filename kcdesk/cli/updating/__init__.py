"""Commands of the program's own versions."""

from kcdesk.later import import_later

import_later(__name__)

"""Settings and rule updates."""

from kcdesk.later import import_later

import_later(__name__)

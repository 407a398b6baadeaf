"""Preview, printing and scans of papers."""

from kcdesk.later import import_later

import_later(__name__)

"""Papers printed from a record, and signed scans that come back."""

from kcdesk.later import import_later

import_later(__name__)

"""What the window shows at a glance: figures, counters, the rules panel, JSON of a record."""

from kcdesk.later import import_later

import_later(__name__)

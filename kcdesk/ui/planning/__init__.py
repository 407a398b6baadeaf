"""Overview, plans, reports and deadlines."""

from kcdesk.later import import_later

import_later(__name__)

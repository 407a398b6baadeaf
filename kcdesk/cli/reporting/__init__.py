"""Commands for reports and summaries."""

from kcdesk.later import import_later

import_later(__name__)

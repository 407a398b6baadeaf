"""Acts: how an open store writes."""

from kcdesk.later import import_later

import_later(__name__)

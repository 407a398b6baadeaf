"""The bar in which messages are shown."""

from kcdesk.later import import_later

import_later(__name__)

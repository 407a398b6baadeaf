"""Commands of legal instruments."""

from kcdesk.later import import_later

import_later(__name__)

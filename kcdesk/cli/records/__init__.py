"""Commands for records that are too many for one module: lists, views, tables."""

from kcdesk.later import import_later

import_later(__name__)

"""Use cases: each function is a single transaction and returns its `Changes`. No Qt."""

from kcdesk.later import import_later

import_later(__name__)

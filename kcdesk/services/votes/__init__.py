"""Typical products: entries, score boards, certificates."""

from kcdesk.later import import_later

import_later(__name__)

"""Packages sent and received, receipts, conflicts, keys."""

from kcdesk.later import import_later

import_later(__name__)

"""Backups, restoring and the integrity check."""

from kcdesk.later import import_later

import_later(__name__)

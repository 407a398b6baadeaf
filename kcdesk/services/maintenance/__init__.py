"""Making, opening, backing up, restoring and checking a store."""

from kcdesk.later import import_later

import_later(__name__)

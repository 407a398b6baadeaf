"""The command line of the recovery key."""

from kcdesk.later import import_later

import_later(__name__)

"""Rules that travel as a signed file."""

from kcdesk.later import import_later

import_later(__name__)

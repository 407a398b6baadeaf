"""What keeps a passer-by from reading: the locked screen, the wait after wrong passphrases."""

from kcdesk.later import import_later

import_later(__name__)

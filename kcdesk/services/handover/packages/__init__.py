"""Making, previewing and receiving packages."""

from kcdesk.later import import_later

import_later(__name__)

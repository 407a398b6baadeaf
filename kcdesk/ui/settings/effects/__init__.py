"""Which open dossiers a change of rules touches, in the window."""

from kcdesk.later import import_later

import_later(__name__)

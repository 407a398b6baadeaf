"""The sheets of a package made again from its records, to see that they show these."""

from kcdesk.later import import_later

import_later(__name__)

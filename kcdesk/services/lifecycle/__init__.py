"""The steps of a record's life: what may be done, what stands in the way, what is missing."""

from kcdesk.later import import_later

import_later(__name__)

"""Own questions to a list: conditions on any field, groups with sums, and named views."""

from kcdesk.later import import_later

import_later(__name__)

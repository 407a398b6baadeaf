"""The sheets of a package and of other workbooks."""

from kcdesk.later import import_later

import_later(__name__)

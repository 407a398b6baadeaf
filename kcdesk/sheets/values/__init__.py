"""What the cells of a foreign spreadsheet mean, and in which letters they are written."""

from kcdesk.later import import_later

import_later(__name__)

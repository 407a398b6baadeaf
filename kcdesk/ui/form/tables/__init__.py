"""What gives a wide table its room: widths, the frozen first column, the folded contents, the whole window."""

from kcdesk.later import import_later

import_later(__name__)

"""Lists of what may be typed, below the text that is being typed."""

from kcdesk.later import import_later

import_later(__name__)

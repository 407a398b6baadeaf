"""An office's own Word files in place of our layouts: what they may name, taking them in, filling them."""

from kcdesk.later import import_later

import_later(__name__)

"""Papers that are ticked by hand: where their boxes are, and what a picture of the page shows in them."""

from kcdesk.later import import_later

import_later(__name__)

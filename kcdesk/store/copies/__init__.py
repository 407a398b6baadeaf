"""Copies of the store that share their pages: made, listed, proved, thinned, unfolded."""

from kcdesk.later import import_later

import_later(__name__)

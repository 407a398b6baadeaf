"""The copies of the store in the window: by time, at close, the list of all."""

from kcdesk.later import import_later

import_later(__name__)

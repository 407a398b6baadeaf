"""Reports of the open store: which there are, their figures, the records behind a figure."""

from kcdesk.later import import_later

import_later(__name__)

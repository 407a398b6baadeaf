"""Help beside the work: the drawer of F1, its pages and pictures."""

from kcdesk.later import import_later

import_later(__name__)

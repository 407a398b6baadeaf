"""`kcdesk demo`: the practice journey with its papers, its package and pictures of the window."""

from kcdesk.later import import_later

import_later(__name__)

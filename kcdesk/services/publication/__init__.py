"""Publishing a store: explicit, named in its history, personal values only when asked."""

from kcdesk.later import import_later

import_later(__name__)

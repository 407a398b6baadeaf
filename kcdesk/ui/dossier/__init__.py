"""Lists and the dossier page."""

from kcdesk.later import import_later

import_later(__name__)

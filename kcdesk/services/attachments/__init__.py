"""Files, pictures and photos kept with a record."""

from kcdesk.later import import_later

import_later(__name__)

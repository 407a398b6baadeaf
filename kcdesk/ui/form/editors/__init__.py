"""One editor for each type of field."""

from kcdesk.later import import_later

import_later(__name__)

"""The calendar of visits, the visit page and field mode."""

from kcdesk.later import import_later

import_later(__name__)

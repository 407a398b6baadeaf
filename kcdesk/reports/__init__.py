"""Reports: definitions of figures (`forms/reports/`), the queries made from them, and the tables that come out."""

from kcdesk.later import import_later

import_later(__name__)

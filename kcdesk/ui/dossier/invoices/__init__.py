"""Electronic invoices that come into a dossier: chosen or dropped, shown, taken in row by row."""

from kcdesk.later import import_later

import_later(__name__)

"""Electronic invoices: read, their signature verified, compared with a dossier, taken in row by row."""

from kcdesk.later import import_later

import_later(__name__)

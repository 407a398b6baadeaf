"""The history of a dossier: beside it, and as a table to print."""

from kcdesk.later import import_later

import_later(__name__)

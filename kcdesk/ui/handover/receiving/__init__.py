"""A received file: opened, previewed, compared, received into the store."""

from kcdesk.later import import_later

import_later(__name__)
